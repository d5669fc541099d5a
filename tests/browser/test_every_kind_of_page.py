"""What holds on every kind of page as a browser shows it: each is opened once and looked at in every way."""

from __future__ import annotations

import pytest

from tests.browser.kinds import ADDRESSES, ERRORS, WALKED
from tests.browser.visitor import Visitor

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


@pytest.mark.parametrize("name", WALKED)
def test_a_page_complains_of_nothing_has_a_head_and_fits_every_window_and_paper(name: str, reader: Visitor) -> None:
    reader.width(1440)
    answer = reader.visit(ADDRESSES[name])
    expected = ERRORS[name][1] if name in ERRORS else 200
    assert answer.status == expected
    wrong: dict[str, object] = {
        "complaints": [said for said in reader.complaints if f"status of {expected}" not in said],
        "other hosts": list(reader.strangers),
    }
    head = reader.ask(HEAD)
    assert head.pop("canonical").startswith(reader.base)
    assert head == {"headings": 1, "heading": True, "title": True, "language": "en", "description": True}
    for width in (1440, 768, 640, 390, 360):  # 640: a window of 1280 at 200 percent
        reader.width(width)
        wrong[f"sideways at {width}"] = reader.ask(SIDEWAYS)
        wrong[f"tables at {width}"] = reader.ask(WIDE)
    reader.width(1280)
    reader.ask(LARGE)
    wrong["sideways with letters twice as large"] = reader.ask(SIDEWAYS)
    reader.ask(USUAL)
    reader.page.emulate_media(media="print")
    reader.width(PAPER)
    try:
        wrong["pressed on paper"] = reader.ask(SEEN, NOT_ON_PAPER)
        wrong["cut on paper"] = reader.ask(CUT)
        assert reader.page.locator("h1").is_visible()
        assert reader.ask("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        reader.page.emulate_media(media="screen")
    assert {what: seen for what, seen in wrong.items() if seen} == {}
