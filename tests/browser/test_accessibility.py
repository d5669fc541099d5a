"""Accessibility by the rules of axe-core on one page of each kind: wide and narrow, in light colours and in dark ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.kinds import ADDRESSES, LOOKED_AT
from tests.browser.tools import package
from tests.browser.visitor import Visitor

COLOURS = ["color-contrast", "link-in-text-block"]
ROOM = ["color-contrast", "target-size", "scrollable-region-focusable"]


@pytest.fixture(scope="module")
def rules() -> str:
    """The program of axe-core."""
    return package("axe-core/axe.min.js").read_text(encoding="utf-8")


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


@pytest.mark.parametrize("name", LOOKED_AT)
def test_axe_finds_nothing(name: str, reader: Visitor, rules: str) -> None:
    reader.visit(ADDRESSES[name])
    reader.ask(rules)
    found = {"light": violations(reader)}
    light = reader.ask("() => getComputedStyle(document.body).backgroundColor")
    reader.page.emulate_media(color_scheme="dark")
    assert reader.ask("() => getComputedStyle(document.body).backgroundColor") != light
    found["dark"] = violations(reader, COLOURS)
    reader.page.emulate_media(color_scheme="light")
    reader.width(360)
    found["narrow"] = violations(reader, ROOM)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


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
