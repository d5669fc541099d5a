"""The query page: it shows that it works and can be stopped; labels, sorting, pictures and a shared address of a result."""

from __future__ import annotations

from urllib.parse import quote_plus

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

PAIRS = (
    "SELECT ?who ?how (COUNT(*) AS ?directives) WHERE { ?d pal:addressee ?who ; pal:modality ?how } "
    "GROUP BY ?who ?how ORDER BY ?who ?how"
)


def ask(reader: Visitor, query: str) -> str:
    """Opens the result of a query and returns its address."""
    base = reader.base.rstrip("/")
    path = f"/sparql?query={quote_plus(f'PREFIX pal: <{base}/ontology#> {query}')}"
    reader.visit(path)
    return base + path


def test_a_result_has_labels_a_matrix_bars_sorted_columns_and_an_address_to_copy(reader: Visitor) -> None:
    reader.width(1440)
    address = ask(reader, PAIRS)
    page = reader.page
    matrix = page.locator("table.matrix")
    states = matrix.locator("tbody tr", has=page.get_by_role("link", name="States parties", exact=True)).first
    heads = matrix.locator("thead th").all_inner_texts()
    assert states.locator("td").nth(heads.index("should") - 1).inner_text() == "35"
    table = page.locator("table.result")
    row = table.locator("tbody tr", has_text="modality:should").filter(has_text="actor:states-parties").first
    assert "States parties" in row.locator("td").first.locator(".note").inner_text()
    assert row.locator("svg.meter rect").get_attribute("width") == "100"
    table.locator(".sorter", has_text="directives").click()
    table.locator(".sorter", has_text="directives").click()
    numbers = [int(words) for words in table.locator("tbody td.number").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    assert table.locator("th[aria-sort=descending]").inner_text().startswith("directives")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("[aria-labelledby=result] .copy").first
    button.click()
    expect(button).to_have_text("Copied")
    assert reader.ask("navigator.clipboard.readText()") == address
    assert reader.complaints == []


def test_a_name_that_is_misspelt_is_said_and_the_vocabulary_stands_beside_it(reader: Visitor) -> None:
    ask(reader, "SELECT ?d WHERE { ?d pal:adressee ?who }")
    page = reader.page
    assert "pal:adressee is not in the vocabulary; did you mean pal:addressee?" in page.locator("main").inner_text()
    terms = page.locator("details.terms")
    assert terms.get_attribute("open") is not None
    assert terms.get_by_role("link", name="pal:addressee", exact=True).is_visible()
    assert terms.get_by_role("link", name="pal:Recommendation", exact=True).is_visible()


def test_a_running_query_says_so_and_can_be_stopped(reader: Visitor) -> None:
    reader.visit("/")
    reader.page.locator(".navigation a", has_text="Query").click()
    page = reader.page
    page.locator(".editor-host .cm-content").wait_for()
    page.route("**/sparql?*", lambda _: None)  # An answer that never comes.
    page.get_by_role("button", name="Run").click()
    working = page.locator(".working")
    working.wait_for()
    assert "running" in working.inner_text()
    working.get_by_role("button", name="Stop").click()
    working.wait_for(state="detached")
    page.unroute("**/sparql?*")
    assert page.get_by_role("button", name="Run").is_enabled()
    assert page.locator(".editor-host .cm-content").is_visible()
