"""Pages of a corpus of several documents: lists in pages, the document as a filter and as columns, and limits told."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import rdflib
from starlette.testclient import TestClient

from server.pages import exports, recommendations, selection
from tests.server.pages.tree import Element, Visit

FIRST, SECOND = "coast-wg-00001", "coast-wg-00002"


def total(page: Element) -> int:
    """How many recommendations the page says that there are in the list."""
    return int(page.one("p", role="status").one("strong").text.replace(",", ""))


def exported(client: TestClient, query: str) -> list[dict[str, str]]:
    """The rows of a selection as CSV."""
    return list(csv.DictReader(io.StringIO(client.get(f"/recommendations.csv?{query}").text)))


def test_pages_of_the_list_follow_each_other_and_hold_all_of_it(visit_corpus: Visit, corpus_client: TestClient) -> None:
    path, lines, pages = "/recommendations", list[tuple[str, str]](), 0
    while path:
        page = visit_corpus(path)
        lines += [(each.attributes["href"], each.text) for each in page.one("div", "found").all("a", "line-number")]
        following = page.all("a", rel="next nofollow")
        path = following[0].attributes["href"] if following else ""
        pages += 1
    rows = exported(corpus_client, "")
    assert pages == 3
    assert len(set(lines)) == len(lines) == len(rows) == total(visit_corpus("/recommendations")) > 200
    assert [href.rpartition("/doc/")[2] for href, _ in lines] == [row["iri"].rpartition("/id/")[2] for row in rows]


def test_a_page_that_there_is_not_is_told(corpus_client: TestClient) -> None:
    answer = corpus_client.get("/recommendations?page=4", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "This list has 3 pages." in answer.text
    assert corpus_client.get("/recommendations?page=x").status_code == 400
    assert corpus_client.get("/meetings?page=2").status_code == 400
    assert corpus_client.get("/crossref?page=9").status_code == 400


def test_the_document_is_a_filter_whose_counts_add_up(visit_corpus: Visit) -> None:
    page = visit_corpus("/recommendations")
    boxes = {box.attributes["value"]: box for box in page.all("input", type="checkbox", name="document")}
    assert set(boxes) == {"som-wg-2015", FIRST, SECOND}
    counts = {slug: int(box.parent.one("span", "count").text) for slug, box in boxes.items() if box.parent}
    assert counts["som-wg-2015"] == 88
    assert sum(counts.values()) == total(page)
    assert visit_corpus("/recommendations?document=som-wg-2015").one("div", "found").numbers() == list(range(5, 93))


def test_a_section_is_that_of_one_document(visit_corpus: Visit, corpus_client: TestClient) -> None:
    assert visit_corpus("/recommendations?section=som-wg-2015/VI").one("div", "found").numbers() == [82, 83, 84]
    answer = corpus_client.get("/recommendations?section=II", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "“section” has no value “II”" in answer.text


def test_lines_name_their_document_in_a_corpus_only(visit: Visit, visit_corpus: Visit) -> None:
    path = "/doc/actor/unodc"
    assert FIRST in visit_corpus(path).section("direct").all("li", "line")[0].text
    assert "som-wg-2015" not in visit(path).section("direct").all("li", "line")[0].text


def test_documents_are_listed_with_their_recommendations(visit_corpus: Visit) -> None:
    rows = visit_corpus("/documents").one("tbody").all("tr")
    found = {row.all("a")[0].attributes["href"]: row.one("td", "number").text for row in rows}
    assert found["/doc/document/som-wg-2015"] == "88"
    assert set(found) == {f"/doc/document/{slug}" for slug in ("som-wg-2015", FIRST, SECOND)}


def test_documents_are_columns_whose_cells_add_up_and_open_their_list(visit_corpus: Visit) -> None:
    page = visit_corpus("/crossref?by=document&basis=cited")
    table = page.all("table", "matrix")[0]
    assert [head.text for head in table.one("thead").all("th")][1:] == [FIRST, SECOND, "som-wg-2015", "All"]
    row = next(row for row in table.all("tr") if [each.text for each in row.all("span", "matrix-number")] == ["6"])
    numbers = [int(cell.all("b")[0].text) if cell.all("b") else 0 for cell in row.all("td")]
    assert numbers[2] == 2
    assert sum(numbers[:3]) == numbers[3]
    for cell, number in zip(row.all("td"), numbers, strict=True):
        for link in cell.all("a"):
            assert total(visit_corpus(link.attributes["href"])) == number


def test_the_table_of_one_document_is_that_of_the_document_alone(visit: Visit, visit_corpus: Visit) -> None:
    alone, inside = visit("/crossref?basis=cited"), visit_corpus("/crossref?basis=cited&document=som-wg-2015")
    for one, other in zip(alone.all("table", "matrix"), inside.all("table", "matrix"), strict=True):
        assert one.text == other.text


def test_the_table_of_a_corpus_names_recommendations_with_their_document(corpus_client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(corpus_client.get("/crossref.csv?by=strength").text)))
    sixteen = next(row for row in rows if row["article"] == "16" and row["title"].startswith("Protection"))
    assert "som-wg-2015/24" in sixteen["all: cited"].split()


def test_a_long_list_of_values_is_cut_to_the_most_frequent_and_can_be_had_whole(
    visit_corpus: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "LONG", 10)
    whole = {
        box.attributes["value"]: int(box.parent.one("span", "count").text)
        for box in visit_corpus("/recommendations?whole=theme&sort=strength").all("input", name="theme")
        if box.parent
    }
    page = visit_corpus("/recommendations?sort=strength")
    shown = [box.attributes["value"] for box in page.all("input", name="theme")]
    assert len(shown) == selection.FREQUENT < len(whole)
    assert min(whole[slug] for slug in shown) >= max(number for slug, number in whole.items() if slug not in shown)
    (more,) = [
        link.attributes["href"] for link in page.all("a") if link.text == f"All {len(whole)} of the filter “Theme”"
    ]
    assert parse_qs(urlsplit(more).query)["whole"] == ["theme"]


def test_a_long_list_is_sent_in_pieces_and_is_the_same(
    corpus_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix in ("csv", "ris"):
        at_once = corpus_client.get(f"/recommendations.{suffix}?sort=strength")
        monkeypatch.setattr(exports, "AT_ONCE", 10)
        monkeypatch.setattr(exports, "PIECE", 7)
        in_pieces = corpus_client.get(f"/recommendations.{suffix}?sort=strength&theme=")
        assert in_pieces.text == at_once.text
        assert in_pieces.headers["content-disposition"] == at_once.headers["content-disposition"]
        assert "content-length" not in in_pieces.headers
        again = corpus_client.get(
            f"/recommendations.{suffix}?sort=strength&theme=", headers={"If-None-Match": in_pieces.headers["etag"]}
        )
        assert again.status_code == 304
        monkeypatch.undo()


def test_a_list_that_is_too_long_for_a_query_says_so(visit_corpus: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommendations, "LISTED_IN_QUERY", 50)
    page = visit_corpus("/recommendations?q=States&page=2")
    assert "SPARQL has no full-text search" in page.text


def test_a_recommendation_in_one_document_has_its_neighbours_there(visit_corpus: Visit) -> None:
    first = visit_corpus("/doc/document/som-wg-2015/paragraph/1")
    assert not first.all("a", rel="prev")
    assert first.one("a", rel="next").attributes["href"] == "/doc/document/som-wg-2015/paragraph/2"
    assert not visit_corpus("/doc/document/som-wg-2015/paragraph/92").all("a", rel="next")


def test_a_page_of_the_list_has_the_same_members_as_the_data_it_links_to(
    visit_corpus: Visit, corpus_client: TestClient
) -> None:
    path = "/recommendations?page=2"
    shown = {
        each.attributes["href"].rpartition("/doc/")[2]
        for each in visit_corpus(path).one("div", "found").all("a", "line-number")
    }
    links = corpus_client.get(path, headers={"accept": "text/html"}).headers["link"].split(", <")
    (there,) = (link for link in links if 'rel="alternate"; type="text/turtle"' in link)
    graph = rdflib.Graph().parse(data=corpus_client.get(there.strip("<").partition(">")[0]).content, format="turtle")
    members = set(graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/hydra/core#member")))
    assert {str(member).rpartition("/id/")[2] for member in members} == shown
    assert len(shown) == 100


def test_the_cross_reference_of_several_documents_counts_one_recommendation_as_one(corpus_client: TestClient) -> None:
    table = corpus_client.get("/crossref?by=meeting", headers={"Accept": "text/html"}).text
    assert {"1 recommendation", "2 recommendations"} <= set(re.findall(r"[0-9]+ recommendations?\b", table))
    assert not re.search(r"\b1 recommendations", table)


def first_way(page: Element) -> str:
    """Where the first entry of the navigation leads."""
    return page.one("nav", "wide", **{"aria-label": "Main"}).all("a")[0].attributes["href"]


def test_one_document_is_a_step_away(visit: Visit) -> None:
    page = visit("/")
    assert first_way(page) == "/doc/document/som-wg-2015"
    assert "The 88 recommendations of the Working Group on the Smuggling of Migrants, with the articles" in page.text


def test_several_documents_are_a_list(visit_corpus: Visit) -> None:
    page = visit_corpus("/")
    assert first_way(page) == "/documents"
    assert "recommendations of 3 documents, with the articles" in page.text
    listed = visit_corpus("/documents").hrefs
    documents = {f"/doc/document/{slug}" for slug in ("som-wg-2015", "coast-wg-00001", "coast-wg-00002")}
    assert documents <= listed
    for path in documents:
        assert first_way(visit_corpus(path)) == "/documents"


def test_the_limits_name_how_many_documents_there_are(visit: Visit, visit_corpus: Visit) -> None:
    assert "What is not in this document is not here." in visit("/about").text
    assert "these 3 documents" in visit_corpus("/about").text
