"""Accessibility by the rules of axe-core on every kind of page: wide and narrow, in light colours and in dark ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.kinds import ADDRESSES, ONE_OF_EACH
from tests.browser.tools import package
from tests.browser.visitor import Visitor

KINDS = [name for name in ADDRESSES if name in ONE_OF_EACH or not name.startswith("question ")]
"""All but the questions, which are of one kind; some of them are among `ONE_OF_EACH`."""
COLOURS = ["color-contrast", "link-in-text-block"]
ROOM = ["color-contrast", "target-size", "scrollable-region-focusable"]


@pytest.fixture(scope="module")
def rules() -> str:
    """The program of axe-core."""
    return package("axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=KINDS)
def audited(request: pytest.FixtureRequest, reader: Visitor, rules: str) -> Visitor:
    """The reader with axe-core in the page, on one kind of page after the other."""
    reader.visit(ADDRESSES[request.param])
    reader.ask(rules)
    return reader


@pytest.fixture(autouse=True)
def _as_before(reader: Visitor) -> Iterator[None]:
    yield
    reader.page.emulate_media(media="screen", color_scheme="light")
    reader.width(1440)


def violations(audited: Visitor, only: list[str] | None = None) -> list[Any]:
    """What axe-core objects to: the rule, why, and the first elements."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = only
    found = audited.ask("(options) => axe.run(document, options)", options)
    return [
        (each["id"], each["nodes"][0].get("failureSummary"), [node["html"][:160] for node in each["nodes"][:4]])
        for each in found["violations"]
    ]


def test_axe_finds_nothing_in_light_colours(audited: Visitor) -> None:
    assert violations(audited) == []


def test_axe_finds_nothing_in_a_narrow_window(audited: Visitor) -> None:
    audited.width(360)
    assert violations(audited, ROOM) == []


def test_axe_finds_nothing_in_dark_colours(audited: Visitor) -> None:
    light = audited.ask("() => getComputedStyle(document.body).backgroundColor")
    audited.page.emulate_media(color_scheme="dark")
    assert audited.ask("() => getComputedStyle(document.body).backgroundColor") != light
    assert violations(audited, COLOURS) == []


def test_axe_finds_nothing_on_a_recommendation_with_every_part_unfolded(reader: Visitor, rules: str) -> None:
    reader.visit(ADDRESSES["recommendation that cites"])
    reader.ask("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    reader.ask(rules)
    assert violations(reader) == []


def test_axe_would_find_something(reader: Visitor, rules: str) -> None:
    reader.visit("/about")
    reader.ask("() => { document.querySelector('#search-top').labels[0].remove(); }")
    reader.ask("() => { const input = document.querySelector('#search-top'); input.placeholder = ''; }")
    reader.ask(rules)
    assert [rule for rule, *_ in violations(reader)] == ["label"]
