"""Everything can be done with the keyboard: the tab key reaches all that can be used, and one sees where one is."""

from __future__ import annotations

import pytest

from tests.browser.kinds import ADDRESSES, WITH_CONTROLS
from tests.browser.visitor import Visitor

USABLE = """() => {
  const radios = new Set();
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility())
    .filter((element) => !element.closest("details:not([open]) > :not(summary)"))
    .filter((element) => {
      if (element.type !== "radio") return true;
      const first = !radios.has(element.name);
      radios.add(element.name);
      return first;
    });
  window.seen = [];
  document.addEventListener("focusin", (event) => {
    const style = getComputedStyle(event.target);
    const box = event.target.getBoundingClientRect();
    window.seen.push({
      element: event.target,
      outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    });
  });
  window.stops = stops;
  return stops.length;
}"""
"""Notes where the tab key ought to go, and from then on where it goes; gives how many places there are."""

MISSED = """() => {
  const told = (element) => element.outerHTML.slice(0, 120);
  const radios = (element) => element.type === "radio" ? element.name : element;
  const reached = new Set(window.seen.map((each) => radios(each.element)));
  return {
    unreached: window.stops.filter((element) => !reached.has(radios(element))).map(told),
    without_outline: window.seen.filter((each) => !each.outlined && !each.element.shadowRoot).map((each) => told(each.element)),
    out_of_sight: window.seen.filter((each) => !each.inside).map((each) => told(each.element)),
    out_of_order: window.stops.filter((element) => element.tabIndex > 0).map(told),
  };
}"""


@pytest.mark.parametrize("name", WITH_CONTROLS)
def test_the_tab_key_reaches_everything_in_sight_and_with_an_outline(name: str, reader: Visitor) -> None:
    reader.visit(ADDRESSES[name])
    reader.shorten()
    places = reader.ask(USABLE)
    assert places > 10
    for _ in range(places + 5):
        reader.page.keyboard.press("Tab")
    missed = reader.ask(MISSED)
    assert {what: found[:5] for what, found in missed.items() if found} == {}


def test_the_first_stop_is_a_link_to_the_content_which_works(reader: Visitor) -> None:
    reader.visit(ADDRESSES["article"])
    reader.page.keyboard.press("Tab")
    skip = reader.page.locator(".skip")
    assert skip.evaluate("element => element === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    reader.page.keyboard.press("Enter")
    assert reader.ask("() => document.activeElement.id") == "main"
    reader.page.keyboard.press("Tab")
    assert reader.ask("() => document.querySelector('main').contains(document.activeElement)")


def test_a_slash_goes_to_the_search_and_escape_puts_its_suggestions_away(reader: Visitor) -> None:
    reader.visit("/about")
    reader.page.keyboard.press("/")
    reader.page.keyboard.insert_text("consular a")  # at once, so that one list of suggestions comes and stays
    suggestion = reader.page.locator(".suggestions a").first
    suggestion.wait_for()
    reader.page.keyboard.press("ArrowDown")
    assert suggestion.evaluate("element => element === document.activeElement")
    reader.page.keyboard.press("Escape")
    assert reader.page.locator(".suggestions").first.is_hidden()
    assert reader.ask("() => document.activeElement.id") == "search-top"
    reader.visit("/")
    reader.page.keyboard.press("/")
    assert reader.ask("() => document.activeElement.id") == "search-home"


def test_a_suggestion_is_opened_with_the_enter_key(reader: Visitor) -> None:
    reader.visit("/")
    reader.page.locator("#search-home").focus()
    reader.page.keyboard.insert_text("unodc")
    reader.page.locator(".hero .suggestions a").first.wait_for()
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/doc/actor/unodc")


def test_marks_in_the_words_are_switched_off_with_the_space_key(reader: Visitor) -> None:
    reader.visit(ADDRESSES["recommendation that cites"])
    mark = reader.page.locator(".words .mark-actor").first
    look = "element => { const s = getComputedStyle(element); return s.textDecorationLine + s.borderBottomStyle + s.backgroundColor; }"
    shown = mark.evaluate(look)
    reader.page.locator("#show-actor").focus()
    reader.page.keyboard.press("Space")
    assert mark.evaluate(look) != shown
