"""The site over a corpus of several documents: what leads to the one document leads to the list of all instead."""

from __future__ import annotations

from tests.server.pages.tree import Element, Visit


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
