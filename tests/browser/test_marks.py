"""Marks in the words of a recommendation: told apart without colour, switched without scripts, reached by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.kinds import ADDRESSES
from tests.browser.visitor import Visitor

PAGE = ADDRESSES["recommendation with qualifiers"]
KINDS = ("citation", "actor", "group", "qualifier", "operative")
LOOK = """kind => {
  const style = getComputedStyle(document.querySelector(`.words .mark-${kind} > a`));
  return [style.textDecorationStyle, style.textDecorationThickness, style.fontStyle, style.fontWeight].join(" ");
}"""
"""How the words of a mark look, colour aside."""
SHOWN = """kind => {
  const mark = document.querySelector(`.words .mark-${kind}`);
  const styles = [mark, mark.querySelector("a")].map((each) => getComputedStyle(each));
  return styles.map((style) => [style.textDecorationLine, style.backgroundColor, style.fontStyle, style.fontWeight]);
}"""
STOPS = """() => [...document.querySelectorAll(".words a")].map((link) => link.tabIndex)"""


def test_no_two_kinds_of_marks_look_the_same_without_colour(reader: Visitor) -> None:
    reader.visit(PAGE)
    looks = {kind: reader.ask(LOOK, kind) for kind in KINDS}
    assert len(set(looks.values())) == len(KINDS), looks
    assert "italic" in looks["qualifier"]
    assert "double" in looks["qualifier"]


@pytest.mark.parametrize("kind", KINDS)
def test_marks_of_a_kind_are_switched_off_and_on_without_scripts(kind: str, plain_reader: Visitor) -> None:
    plain_reader.visit(PAGE)
    before = plain_reader.ask(SHOWN, kind)
    plain_reader.page.locator(f"#show-{kind}").uncheck()
    plain = plain_reader.ask(SHOWN, kind)
    assert {style[0] for style in plain} == {"none"}
    assert plain_reader.page.locator(f".words .mark-{kind} a").first.is_visible()
    plain_reader.page.locator(f"#show-{kind}").check()
    assert plain_reader.ask(SHOWN, kind) == before != plain


def test_directives_are_switched_off_with_their_tags_and_no_word_goes(plain_reader: Visitor) -> None:
    plain_reader.visit(PAGE)
    words = plain_reader.page.locator(".words").inner_text()
    tag = plain_reader.page.locator(".words .directive-tag")
    assert tag.is_visible()
    plain_reader.page.locator("#show-directive").uncheck()
    assert tag.is_hidden()
    ground = "() => getComputedStyle(document.querySelector('.words .mark-directive')).backgroundColor"
    assert plain_reader.ask(ground) == "rgba(0, 0, 0, 0)"
    assert plain_reader.page.locator(".words").inner_text() == words
    assert words.startswith("States parties should, where appropriate and consistent with")


def test_the_tag_of_a_directive_is_reached_and_opened_with_the_keyboard(reader: Visitor) -> None:
    reader.visit(PAGE)
    reader.page.locator("header.title a").last.focus()
    reader.page.keyboard.press("Tab")
    tag = reader.page.locator(".words .directive-tag")
    assert tag.evaluate("element => element === document.activeElement")
    assert tag.get_attribute("aria-label") == "Directive 1: should, strength 5 of 5"
    assert set(reader.ask(STOPS)) == {0}
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(f"**{PAGE}/directive/0")
    assert "Recommendation 29, directive 1" in reader.page.locator("h1").inner_text()


def test_a_click_on_a_qualifier_opens_its_page(plain_reader: Visitor) -> None:
    plain_reader.visit(PAGE)
    plain_reader.page.locator(".words a", has_text="with the approval of the individual concerned").click()
    plain_reader.page.wait_for_url("**/doc/qualifier/with-consent-of-the-individual")


def test_the_finding_of_a_qualifier_opens_its_evidence(plain_reader: Visitor) -> None:
    page = plain_reader.page
    plain_reader.visit(PAGE)
    page.locator("details.findings summary").click()
    page.locator("details.findings a.verbatim", has_text="where relevant").click()
    page.wait_for_url("**/mention/*")
    assert page.locator(".evidence mark").inner_text() == "where relevant"
    assert "Recommendation 29, directive 1" in page.locator("main").inner_text()


@pytest.mark.parametrize("pixels", [320])
def test_the_words_with_their_marks_fit_a_narrow_window(pixels: int, reader: Visitor) -> None:
    reader.width(pixels)
    try:
        reader.visit(PAGE)
        assert reader.ask("() => document.documentElement.scrollWidth <= innerWidth")
    finally:
        reader.width(1440)


def test_marks_stand_on_paper_without_their_switches(reader: Visitor) -> None:
    reader.visit(PAGE)
    reader.page.emulate_media(media="print")
    try:
        assert reader.page.locator(".switches").is_hidden()
        assert reader.page.locator(".words .directive-tag").is_visible()
        line = "() => getComputedStyle(document.querySelector('.words .mark-qualifier')).textDecorationStyle"
        assert reader.ask(line) == "double"
    finally:
        reader.page.emulate_media(media="screen")
