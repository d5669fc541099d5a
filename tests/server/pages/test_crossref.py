"""The cross-reference table: every article a row, cited and related apart, every cell the list it counts."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from tests.server.pages.tree import Element, Visit


def row_of(page: Element, instrument: int, article: str) -> Element:
    return next(row for row in rows_of(page)[instrument] if row.one("span", "matrix-number").text == article)


def rows_of(page: Element) -> list[list[Element]]:
    """The rows of articles of each table, without the heading of the final clauses."""
    tables = page.all("table", "matrix")
    return [[row for row in table.all("tr") if row.all("span", "matrix-number")] for table in tables]


def test_the_table_has_25_and_41_rows_and_those_without_any_are_marked(visit: Visit) -> None:
    page = visit("/crossref")
    assert [len(rows) for rows in rows_of(page)[:2]] == [25, 41]
    protocol = page.all("table", "matrix")[0]
    assert protocol.all("tr", "untouched")
    assert all(not row.all("b") and not row.all("i") for row in protocol.all("tr", "untouched"))


def test_final_clauses_stand_apart_and_are_no_gaps(visit: Visit) -> None:
    # Articles 20 to 25 of the Protocol, 35 to 41 of the Convention.
    for table, numbers in zip(visit("/crossref").all("table", "matrix"), (range(20, 26), range(35, 42)), strict=False):
        final = table.all("tbody")[-1]
        assert final.all("tr")[0].text.startswith("Final clauses")
        assert [int(row.one("span", "matrix-number").text) for row in final.all("tr")[1:]] == list(numbers)
        assert final.all("tr", "untouched") == []


def test_a_chapter_has_a_row_of_its_own_and_counts_for_no_article(visit: Visit) -> None:
    # 19 "Taking into account chapter II of the Protocol": no citation of articles 7 to 9.
    page = visit("/crossref?basis=cited")
    chapters = page.all("table", "matrix")[0].all("tbody")[0]
    assert chapters.all("tr")[0].text.startswith("Chapters as a whole")
    (row,) = chapters.all("tr")[1:]
    assert row.one("th").text.startswith("Chapter II: ")
    link = row.one("td", "total").one("a")
    assert visit(link.attributes["href"]).one("div", "found").numbers() == [19]
    for article in ("7", "9"):
        assert not row_of(page, 0, article).all("b")


def test_what_asks_only_to_consider_or_is_not_on_the_scale_has_columns_of_its_own(visit: Visit) -> None:
    page = visit("/crossref?by=strength")
    assert "both columns have it" in page.one("main").text, "89 and 90: recommended, and only to be considered"
    heads = [head.text for head in page.all("table", "matrix")[0].one("thead").all("th")]
    assert heads[1:4] == ["5", "4", "3"]
    assert heads[-4:-1] == ["only to consider", "recommended (not on the scale)", "requested (not on the scale)"]


def test_columns_are_the_six_sections_with_recommendations(visit: Visit) -> None:
    heads = visit("/crossref").all("table", "matrix")[0].one("thead").all("th")
    assert [head.text for head in heads] == ["Article", "II", "III", "IV", "V", "VI", "VII", "All"]


def test_of_the_protocol_article_16_is_cited_in_section_iii_and_article_6_in_iv_and_v(visit: Visit) -> None:
    page = visit("/crossref?basis=cited")
    for article, cited in (("16", ["", "1", "", "", "", "", "1"]), ("6", ["", "", "1", "1", "", "", "2"])):
        cells = row_of(page, 0, article).all("td")
        assert [cell.all("b")[0].text if cell.all("b") else "" for cell in cells] == cited


def test_only_cited_shows_8_articles_and_no_editors_link(visit: Visit) -> None:
    page = visit("/crossref?basis=cited")
    with_any = [row for rows in rows_of(page) for row in rows if row.all("b")]
    assert [row.one("span", "matrix-number").text for row in with_any] == ["6", "8", "10", "16", "18", "20", "32", "37"]
    assert not page.one("main").all("i")


@pytest.mark.parametrize("by", ["section", "theme", "meeting", "addressee", "strength"])
@pytest.mark.parametrize("basis", ["cited", "related", "both"])
def test_a_cell_opens_exactly_the_recommendations_it_counts(by: str, basis: str, visit: Visit) -> None:
    for article in ("6", "16"):
        for cell in row_of(visit(f"/crossref?by={by}&basis={basis}"), 0, article).all("td"):
            for link in cell.all("a"):
                named = {
                    int(number)
                    for number in link.attributes["title"].replace(",", " ").replace(";", " ").split()
                    if number.isdigit()
                }
                assert set(visit(link.attributes["href"]).one("div", "found").numbers()) == named


def test_csv_says_who_cites_and_who_is_related_in_every_column(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/crossref.csv?by=meeting").text)))
    # A row of the Protocol for chapter II, which 19 cites, and for each article.
    assert [row["instrument"] for row in rows[:67]] == ["Smuggling of Migrants Protocol"] * 26 + [
        "Organized Crime Convention"
    ] * 41
    assert (rows[0]["article"], rows[0]["all: cited"]) == ("Chapter II", "19")
    sixteen = next(row for row in rows if row["article"] == "16" and row["title"].startswith("Protection"))
    assert sixteen["all: cited"] == "24"
    related = sixteen["all: related (suggested)"].split()
    assert {"16", "17"} <= set(related)
    assert "6" not in related


def test_the_view_of_one_meeting_names_its_recommendations(visit: Visit) -> None:
    """Of 2012, 33 and 53 cite article 6 and 24 article 16; nothing of 2012 cites article 18 (79 is of 2013)."""
    page = visit("/doc/meeting/som-wg-2012").one("main")
    (href,) = {
        link.attributes["href"] for link in page.all("a") if link.text == "the same with the recommendations named"
    }
    table = visit(href)
    cells = {article: row_of(table, 0, article).all("td")[0] for article in ("6", "16", "18")}
    assert [each.one("a").text for each in cells["6"].all("b")] == ["33", "53"]
    assert [each.one("a").text for each in cells["16"].all("b")] == ["24"]
    assert cells["18"].all("b") == []
    assert cells["16"].one("b").one("a").attributes["href"] == "/doc/document/som-wg-2015/paragraph/24"
