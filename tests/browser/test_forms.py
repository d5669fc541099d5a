"""Every form does what it says, with scripts, and its address says what was asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from queries.catalogue import read_catalogue
from tests.browser.visitor import Visitor

QUESTIONS = read_catalogue().folder("questions")


def numbers(reader: Visitor, inside: str) -> list[int]:
    """The numbers of the recommendations listed inside an element."""
    return [int(text.split()[-1]) for text in reader.page.locator(f"{inside} .line-number").all_inner_texts()]


def test_search_finds_while_one_types_and_the_as_one_with_enter(reader: Visitor) -> None:
    reader.visit("/search")
    reader.page.locator("#search-page").press_sequentially("consul")
    expect(reader.page.locator("main .suggestions a", has_text="Consular").first).to_be_visible()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/search?q=consul")
    assert reader.page.locator("#search-page").input_value() == "consul"
    assert "Recommendation 29" in reader.page.locator("main").inner_text()


def test_two_filters_and_words_together_narrow_the_list(reader: Visitor) -> None:
    reader.visit("/recommendations?meeting=som-wg-2012")
    first = numbers(reader, ".found")
    reader.page.locator("#facet-q").fill("technical assistance")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**q=technical*")
    second = numbers(reader, ".found")
    assert "meeting=som-wg-2012" in reader.path()
    assert set(second) < set(first)
    assert reader.page.locator(".found mark").count() >= len(second)


def test_recommendations_are_sorted_as_chosen(reader: Visitor) -> None:
    reader.visit("/recommendations")
    choices = reader.page.locator("#sort option").evaluate_all("all => all.map((each) => each.value)")
    reader.visit("/recommendations?theme=return")
    reader.page.locator("#sort").select_option(choices[1])
    reader.page.wait_for_url(f"**sort={choices[1]}*")
    assert "theme=return" in reader.path()


@pytest.mark.parametrize("by", ["section", "strength"])
def test_the_cross_reference_follows_its_choice_and_its_cells_open_their_list(by: str, reader: Visitor) -> None:
    reader.visit("/crossref?by=section&basis=cited" if by != "section" else "/crossref?by=theme&basis=cited")
    reader.page.locator("#by").select_option(by)
    reader.page.wait_for_url(re.compile(rf"[?&]by={by}(&|$)"))
    assert "basis=cited" in reader.path()
    cell = reader.page.locator(".matrix td:not(.total) a").first
    promised = sum(int(count) for count in cell.locator("b, i").all_inner_texts())
    assert promised
    cell.click()
    reader.page.wait_for_url("**/recommendations?*")
    assert len(numbers(reader, ".found")) == promised


@pytest.mark.parametrize("name", [query.name for query in QUESTIONS if query.parameters][::5])
def test_a_question_is_answered_for_another_value(name: str, reader: Visitor) -> None:
    reader.visit(f"/queries/{name}")
    field = reader.page.locator(".parameters select, .parameters input").first
    if field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(index=1)
    chosen = field.input_value()
    reader.page.locator(".parameters button").first.click()
    reader.page.wait_for_url(f"**/queries/{name}?*")
    assert reader.page.locator(".parameters select, .parameters input").first.input_value() == chosen
    assert reader.page.locator(".result, .matrix, .empty").count() >= 1
    assert reader.complaints == []
