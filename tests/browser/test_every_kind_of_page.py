"""What holds on every kind of page as a browser shows it: each is opened once and looked at in every way.

It complains of nothing, fits every window and paper, weighs little, says the same without scripts, and axe-core finds nothing
in it: in a wide window in light colours, and in a narrow one in dark ones; with ``EVERY=1`` in a wide one too.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.kinds import ADDRESSES, ERRORS, LOOKED_AT, WALKED, WITH_CONTROLS
from tests.browser.tools import package
from tests.browser.visitor import EVERY, Visitor
from tests.processes import PATIENCE

PAPER = 658
"""CSS pixels between the margins of A4: 210 mm less twice 18 mm, at 96 to the inch."""

SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const clips = (element) => element && element !== root
    && (getComputedStyle(element).overflowX !== "visible" || clips(element.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !clips(element.parentElement))
    .map((element) => `${element.tagName.toLowerCase()}.${element.className} ${element.getBoundingClientRect().right}`)
    .slice(0, 5);
}"""
"""What reaches beyond the right edge of the window, when the page can be scrolled sideways."""

CUT = """() => [...document.querySelectorAll("main, main *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    return element.checkVisibility() && !element.closest(".unseen, .matrix-title, svg")
      && ((style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1)
        || (style.overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1));
  })
  .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)"""
"""What shows only a part of its text, the rest of which a reader of paper cannot scroll to."""

WIDE = """() => [...document.querySelectorAll("main table")]
  .filter((table) => table.checkVisibility())
  .filter((table) => table.getBoundingClientRect().width > (table.closest(".scroll") ?? table.parentElement).clientWidth + 1)
  .map((table) => `table.${table.className}`)"""
"""Tables of which a part lies beside the box they stand in; those that became cards fit."""

SEEN = """(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => element.checkVisibility())
  .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)"""
"""Which of some elements can be seen."""
HEAD = """() => {
  const heading = document.querySelectorAll("h1");
  const content = (selector, name) => document.querySelector(selector)?.getAttribute(name) ?? "";
  return {
    headings: heading.length,
    heading: heading[0]?.innerText.trim() !== "",
    title: document.title.includes("Palermo"),
    language: document.documentElement.lang,
    description: content("meta[name=description]", "content") !== "",
    canonical: content("link[rel=canonical]", "href"),
  };
}"""
"""What a page says of itself."""
LARGE, USUAL = "document.documentElement.style.fontSize = '200%'", "document.documentElement.removeAttribute('style')"
NOT_ON_PAPER = "nav, button:not(th .sorter), input, select, textarea, .skip, .search, .behind, .formats"
GROUND = "() => getComputedStyle(document.body).backgroundColor"
COLOURS, ROOM = ["color-contrast", "link-in-text-block"], ["target-size", "scrollable-region-focusable"]
BYTES = 100_000
"""What a page may weigh on the wire, with its stylesheets, scripts and picture, compressed as the browser gets them."""
NOT_COUNTED = re.compile(r"\.woff2|vendor/editor\.|/icon\.svg")
"""Fonts, the editor and the icon, which the browser keeps."""
Weigh = Callable[[], dict[str, float]]


@pytest.fixture(scope="module")
def rules() -> str:
    """The program of axe-core."""
    return package("axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def weigh(reader: Visitor) -> Weigh:
    """The bytes of each response that the page which is open needed; what came from memory weighs as when it came."""
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("Network.enable")
    paths: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def finished(event: dict[str, Any]) -> None:
        path = paths.get(event["requestId"], "")
        sizes[path] = max(event["encodedDataLength"], sizes.get(path, 0))

    session.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", finished)

    def weighed() -> dict[str, float]:
        ends = time.monotonic() + PATIENCE
        while not sizes.keys() >= set(paths.values()) and time.monotonic() < ends:
            reader.page.wait_for_timeout(10)  # The end of a response is told after the page has its load event.
        counted = {path: sizes[path] for path in paths.values() if not NOT_COUNTED.search(path)}
        paths.clear()
        return counted

    return weighed


@pytest.fixture(autouse=True)
def _as_before(reader: Visitor) -> Iterator[None]:
    yield
    reader.page.emulate_media(media="screen", color_scheme="light")
    reader.width(1440)


def violations(audited: Visitor, only: list[str] | None = None) -> list[Any]:
    """What axe-core objects to: the rule, why, and the first elements."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
    found = audited.ask("(options) => axe.run(document, options)", options)
    return [
        (each["id"], each["nodes"][0].get("failureSummary"), [node["html"][:160] for node in each["nodes"][:4]])
        for each in found["violations"]
    ]


def words(visiting: Visitor) -> list[str]:
    """The words of a page; the explorer and buttons to copy are for scripts only."""
    visiting.ask("() => document.querySelectorAll('.explorer, button.copy').forEach((one) => one.remove())")
    return [word for word in visiting.page.locator("main").inner_text().split() if word.isalpha()]


@pytest.mark.parametrize("name", WALKED)
def test_a_page_is_right_in_every_window_on_paper_and_without_scripts(
    name: str, reader: Visitor, plain_reader: Visitor, weigh: Weigh, rules: str
) -> None:
    weigh()
    answer = reader.visit(ADDRESSES[name])
    expected = ERRORS[name][1] if name in ERRORS else 200
    assert answer.status == expected
    wrong: dict[str, object] = {
        "complaints": [said for said in reader.complaints if f"status of {expected}" not in said],
        "other hosts": list(reader.strangers),
    }
    counted = weigh()
    assert len(counted) >= 3
    assert min(counted.values()) > 0
    if sum(counted.values()) >= BYTES:
        wrong["too heavy"] = counted
    head = reader.ask(HEAD)
    assert head.pop("canonical").startswith(reader.base)
    assert head == {"headings": 1, "heading": True, "title": True, "language": "en", "description": True}
    for width in (1440, 768, 640, 360):  # 640: a window of 1280 at 200 percent
        reader.width(width)
        wrong[f"sideways at {width}"] = reader.ask(SIDEWAYS)
        wrong[f"tables at {width}"] = reader.ask(WIDE)
    reader.width(1280)
    reader.ask(LARGE)
    wrong["sideways with letters twice as large"] = reader.ask(SIDEWAYS)
    reader.ask(USUAL)
    reader.page.emulate_media(media="print")
    reader.width(PAPER)
    wrong["pressed on paper"] = reader.ask(SEEN, NOT_ON_PAPER)
    wrong["cut on paper"] = reader.ask(CUT)
    assert reader.page.locator("h1").is_visible()
    assert reader.ask(GROUND) == "rgb(255, 255, 255)"
    reader.page.emulate_media(media="screen")
    reader.width(1440)
    if name in WITH_CONTROLS:
        plain_reader.visit(ADDRESSES[name])
        assert plain_reader.complaints == [] or "status of" in plain_reader.complaints[0]
        plain = words(plain_reader)
        assert len(plain) > 10
        if "query" not in name and "result" not in name:
            assert words(reader) == plain
    if name in LOOKED_AT:
        reader.shorten()
        reader.ask(rules)
        wrong["axe in light colours"] = violations(reader)
        light = reader.ask(GROUND)
        reader.page.emulate_media(color_scheme="dark")
        assert reader.ask(GROUND) != light
        if EVERY:
            wrong["axe in dark colours"] = violations(reader, COLOURS)
        reader.width(360)
        wrong["axe in dark colours in a narrow window"] = violations(reader, COLOURS + ROOM)
    assert {what: seen for what, seen in wrong.items() if seen} == {}


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


def test_the_editor_is_fetched_on_the_query_page_only(reader: Visitor) -> None:
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(request.url))
    reader.visit("/about")
    assert not [url for url in fetched if "editor" in url]
    reader.visit("/sparql")
    assert [url for url in fetched if "vendor/editor.js" in url]
