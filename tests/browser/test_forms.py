"""Every form does what it says, with scripts, and its address says what was asked."""

from __future__ import annotations

import csv
import io
import re

import httpx2
import pytest
from playwright.sync_api import expect

from queries.catalogue import read_catalogue
from tests.browser.visitor import Visitor, unfold

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


def test_search_forgives_what_cannot_be_a_query(reader: Visitor) -> None:
    for typed in ('"', "AND OR", "article (16", "*", "États-ünd", "<script>alert(1)</script>"):
        reader.visit("/")
        reader.page.locator("#search-home").fill(typed)
        reader.page.keyboard.press("Enter")
        reader.page.wait_for_url("**/search?q=*")
        assert reader.page.locator("h1").inner_text().startswith("Search")
        assert reader.complaints == []


def test_a_filter_applies_as_soon_as_it_is_ticked_and_its_count_was_right(reader: Visitor) -> None:
    reader.visit("/recommendations")
    page = reader.page
    unfold(reader, "Theme")
    choice = page.locator("li", has=page.locator("input[value=return]"))
    promised = int(choice.locator(".count").inner_text())
    choice.locator("input").check()
    page.wait_for_url("**/recommendations?theme=return")
    assert len(numbers(reader, ".found")) == promised
    page.locator(".chips a", has_text="Return").click()
    page.wait_for_url("**/recommendations")
    assert len(numbers(reader, ".found")) == 88


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
    orders = []
    for choice in choices:
        reader.visit(f"/recommendations?sort={choice}")
        orders.append(numbers(reader, ".found"))
    assert orders[0] == sorted(orders[0])
    assert {tuple(sorted(order)) for order in orders} == {tuple(orders[0])}
    reader.visit("/recommendations?theme=return")
    reader.page.locator("#sort").select_option(choices[1])
    reader.page.wait_for_url(f"**sort={choices[1]}*")
    assert "theme=return" in reader.path()


def test_the_list_is_exported_as_it_is_shown(reader: Visitor, live_server: str) -> None:
    reader.visit("/recommendations?theme=return")
    listed = numbers(reader, ".found")
    for name in ("CSV", "JSON-LD", "RIS"):
        link = reader.page.locator("#found .meta a", has_text=name).get_attribute("href")
        answer = httpx2.get(live_server.rstrip("/") + (link or ""))
        assert answer.status_code == 200
        if name == "CSV":
            rows = list(csv.DictReader(io.StringIO(answer.text)))
            assert [int(row["number"]) for row in rows] == listed
        elif name == "RIS":
            assert answer.text.count("TY  -") == len(listed)


def test_the_list_opens_as_a_query_that_finds_the_same(reader: Visitor) -> None:
    reader.visit("/recommendations?theme=return&meeting=som-wg-2013")
    listed = numbers(reader, ".found")
    reader.page.locator("#found .meta a", has_text="SPARQL").click()
    reader.page.locator(".editor-host").wait_for()
    reader.page.get_by_role("button", name="Run").click()
    expect(reader.page.locator(".result tbody tr")).to_have_count(len(listed))


@pytest.mark.parametrize("by", ["section", "theme", "meeting", "addressee", "strength"])
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


@pytest.mark.parametrize("name", [query.name for query in QUESTIONS if query.parameters])
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


def test_a_value_that_does_not_fit_is_explained(reader: Visitor) -> None:
    query = next(query for query in QUESTIONS if any(each.kind == "iri" for each in query.parameters))
    parameter = next(each for each in query.parameters if each.kind == "iri")
    answer = reader.visit(f"/queries/{query.name}?{parameter.name}=%3C%3E+x")
    assert answer.status == 400
    assert parameter.name in reader.page.locator("main").inner_text()
