"""The query editor: colours, completion from this graph, errors at their line, the result, and what to take away."""

from __future__ import annotations

import csv
import io

import httpx2
import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

CONTENT = ".editor-host .cm-content"


@pytest.fixture
def editor(reader: Visitor) -> Visitor:
    """The query page with an empty editor."""
    reader.visit("/sparql")
    reader.page.locator(CONTENT).wait_for()
    write(reader, "")
    return reader


def write(editor: Visitor, query: str) -> None:
    """Puts a query in place of what the editor has, as a reader does who pastes one."""
    editor.page.locator(CONTENT).click()
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.press("Delete")
    if query:
        editor.page.keyboard.insert_text(query)


def run(editor: Visitor) -> None:
    """Runs the query with the keyboard and waits for the answer's page."""
    with editor.page.expect_navigation():
        editor.page.keyboard.press("Control+Enter")
    editor.page.locator(CONTENT).wait_for()


def offers(editor: Visitor, name: str) -> None:
    """Waits for a completion, until the list takes keys: CodeMirror takes none within 75 ms, nor while it fetches more."""
    expect(editor.page.locator(".cm-tooltip-autocomplete li", has_text=name).first).to_be_visible()
    expect(editor.page.locator(".cm-tooltip-autocomplete-disabled")).to_have_count(0)
    editor.page.wait_for_timeout(200)


def accept(editor: Visitor) -> None:
    """Takes the completion that is chosen."""
    editor.page.keyboard.press("Enter")
    expect(editor.page.locator(".cm-tooltip-autocomplete")).to_have_count(0)


def test_the_text_area_becomes_an_editor_with_colours_and_a_name(editor: Visitor) -> None:
    assert editor.page.locator("#query").is_hidden()
    write(editor, 'SELECT ?a WHERE { ?a a "word" }')
    spans = editor.page.locator(f"{CONTENT} .cm-line span")
    colours = spans.evaluate_all("all => new Set(all.map((each) => getComputedStyle(each).color)).size")
    assert colours >= 3
    assert editor.page.locator(CONTENT).get_attribute("aria-label") == "Your query"
    assert editor.complaints == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("pal:cit", "pal:cites"), ("theme:ret", "theme:return"), ("modality:may-w", "modality:may-wish")],
)
def test_completion_offers_the_terms_of_this_graph(typed: str, offered: str, editor: Visitor) -> None:
    editor.page.locator(CONTENT).click()
    editor.page.keyboard.type(f"SELECT * WHERE {{ ?a ?b {typed}", delay=5)
    offers(editor, offered)
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("ArrowUp")
    accept(editor)
    assert offered.partition(":")[0] + ":" in editor.page.locator("#query").input_value()


def test_completion_offers_the_variables_of_the_query(editor: Visitor) -> None:
    editor.page.locator(CONTENT).click()
    editor.page.keyboard.type("SELECT ?recommendation WHERE { ?rec", delay=5)
    editor.page.locator(".cm-tooltip-autocomplete li").get_by_text("?recommendation", exact=True).wait_for()


def test_an_error_is_marked_at_its_line_and_said_in_words(editor: Visitor) -> None:
    write(editor, "SELECT ?a\nWHERE {\n  ?a ?b\n}")
    run(editor)
    assert "Line 4" in editor.page.locator("[role=alert]").inner_text()
    marked = editor.page.locator(".cm-problem-line")
    assert marked.count() == 1
    assert marked.inner_text() == "}"
    write(editor, "ASK {}")
    assert editor.page.locator(".cm-problem-line").count() == 0


def test_what_is_completed_has_its_prefix_and_the_result_links_to_our_pages(editor: Visitor) -> None:
    editor.page.keyboard.type("SELECT ?r WHERE { ?r pal:cit", delay=5)
    offers(editor, "pal:cites")
    accept(editor)
    query = editor.page.locator("#query").input_value()
    assert query.startswith("PREFIX pal: <")
    assert "?r pal:cites" in query
    editor.page.keyboard.type(" ?provision")
    run(editor)
    links = editor.page.locator(".result tbody a")
    assert links.count() >= 1
    assert (links.first.get_attribute("href") or "").startswith("/doc/document/som-wg-2015/paragraph/")
    assert "row" in editor.page.locator("[role=status]").last.inner_text()


def test_the_address_of_a_result_gives_the_same_result_again(editor: Visitor) -> None:
    write(editor, "SELECT ?n WHERE { VALUES ?n { 1 2 3 } }")
    run(editor)
    address = editor.page.locator("[aria-labelledby=result] code").last.inner_text()
    first = editor.page.locator(".result").inner_text()
    editor.page.goto(address)
    assert editor.page.locator(".result").inner_text() == first
    assert editor.page.locator("#query").input_value() == "SELECT ?n WHERE { VALUES ?n { 1 2 3 } }"


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        ("SELECT ?n WHERE { VALUES ?n { 1 2 } }", {"csv": "text/csv", "tsv": "text/tab-separated-values", "json": "application/sparql-results+json", "xml": "application/sparql-results+xml"}),
        ("CONSTRUCT WHERE { <http://www.w3.org/ns/oa#> ?p ?o }", {"turtle": "text/turtle", "jsonld": "application/ld+json", "ntriples": "application/n-triples", "rdfxml": "application/rdf+xml"}),
    ],
)  # fmt: skip
def test_a_result_is_taken_away_in_every_format(query: str, formats: dict[str, str], editor: Visitor) -> None:
    write(editor, query)
    run(editor)
    buttons = editor.page.locator("button[name=format]")
    assert buttons.evaluate_all("all => all.map((each) => each.value)") == list(formats)
    action = editor.ask("() => document.querySelector('.query-form').action")
    for name, media_type in formats.items():
        answer = httpx2.get(action, params={"query": query, "format": name}, headers={"Accept": "text/html"})
        assert answer.headers["content-type"].partition(";")[0] == media_type
        if name == "csv":
            assert list(csv.reader(io.StringIO(answer.text))) == [["n"], ["1"], ["2"]]


def test_a_file_is_what_the_button_gives(editor: Visitor) -> None:
    write(editor, "SELECT ?n WHERE { VALUES ?n { 1 2 } }")
    run(editor)
    with editor.page.expect_download() as download:
        editor.page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_a_long_result_says_that_it_is_cut(editor: Visitor) -> None:
    write(editor, "SELECT ?a ?b ?c WHERE { ?a ?b ?c }")
    run(editor)
    assert "there are more" in editor.page.locator("[aria-labelledby=result] [role=status]").inner_text()
    assert editor.page.locator(".result tbody tr").count() == 1_000


def test_examples_stand_beside_the_editor_and_open_in_it(editor: Visitor) -> None:
    with editor.page.expect_navigation():
        editor.page.locator(".examples a").first.click()
    editor.page.locator(CONTENT).wait_for()
    assert editor.page.locator("#query").input_value().startswith("#")
    editor.page.locator(CONTENT).click()
    run(editor)
    assert editor.page.locator(".result tbody tr").count() > 0


def test_the_tab_key_leaves_the_editor(editor: Visitor) -> None:
    write(editor, "ASK {}")
    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Tab")
    assert editor.ask("() => document.activeElement.textContent") == "Run"
