"""What holds on every kind of page as a browser shows it. Each page is opened once, and all tests look at it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.browser.kinds import ADDRESSES, ERRORS
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


@pytest.fixture(scope="module", params=ADDRESSES)
def shown(request: pytest.FixtureRequest, reader: Visitor) -> Visitor:
    """The reader, on one kind of page after the other."""
    reader.width(1440)
    answer = reader.visit(ADDRESSES[request.param])
    expected = ERRORS[request.param][1] if request.param in ERRORS else 200
    assert answer.status == expected
    reader.complaints[:] = [said for said in reader.complaints if f"status of {expected}" not in said]
    return reader


@pytest.fixture(autouse=True)
def _as_before(shown: Visitor) -> Iterator[None]:
    yield
    shown.page.emulate_media(media="screen", color_scheme="light")
    shown.width(1440)


def test_no_table_is_wider_than_its_box(shown: Visitor) -> None:
    for width in (390, 768, 1440):
        shown.width(width)
        assert shown.ask(WIDE) == [], width


def test_it_opens_without_a_complaint_and_asks_no_other_host(shown: Visitor) -> None:
    assert shown.complaints == []
    assert shown.strangers == []


def test_its_head_names_it_and_it_has_one_heading(shown: Visitor, live_server: str) -> None:
    page = shown.page
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert re.search(r"Palermo", page.title())
    assert page.locator("html").get_attribute("lang") == "en"
    assert (page.locator("link[rel=canonical]").get_attribute("href") or "").startswith(live_server)
    assert page.locator("meta[name=description]").get_attribute("content")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_it_fits_the_width_of_the_window(shown: Visitor, width: int) -> None:
    shown.width(width)
    assert shown.ask(SIDEWAYS) == []


def test_it_fits_at_200_percent_in_a_window_of_1280(shown: Visitor) -> None:
    shown.width(640)
    assert shown.ask(SIDEWAYS) == []


def test_it_fits_when_only_the_letters_are_twice_as_large(shown: Visitor) -> None:
    shown.width(1280)
    shown.ask("() => { document.documentElement.style.fontSize = '200%'; }")
    try:
        assert shown.ask(SIDEWAYS) == []
    finally:
        shown.ask("() => { document.documentElement.removeAttribute('style'); }")


def test_on_paper_there_is_the_text_whole_and_nothing_to_press(shown: Visitor) -> None:
    shown.page.emulate_media(media="print")
    shown.width(PAPER)
    assert shown.ask(SEEN, "nav, button, input, select, textarea, .skip, .search, .behind, .formats") == []
    assert shown.page.locator("h1").is_visible()
    assert shown.ask(CUT) == []
    assert shown.ask("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
