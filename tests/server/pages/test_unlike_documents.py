"""A corpus of two invented documents of another body and other kinds, without the document this project began with.

Every link of every page is followed. What is true of that document only must stand nowhere; what these documents say of
themselves must be on their pages and in their data.
"""

from __future__ import annotations

import json
import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from starlette.testclient import TestClient

from ontology.namespaces import Base
from tests.server.pages.conftest import opener
from tests.server.pages.tree import Element, Visit, tree

REPORT = "document/harbour-group-2024"
NOTE = "document/nota-costas-2023"
BODY = "Conference on Safe Harbours"


@pytest.mark.parametrize(
    "question", ["everything-about-a-recommendation", "which-recommendations-are-most-like-this-one"]
)
def test_a_question_about_a_recommendation_begins_with_one_of_this_corpus(
    question: str, unlike_client: TestClient
) -> None:
    answer = unlike_client.get(f"/queries/{question}.json")
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"]
    page = tree(unlike_client.get(f"/queries/{question}", headers={"Accept": "text/html"}).text)
    chosen = [each.attributes["value"] for each in page.one("main").all("option") if "selected" in each.attributes]
    assert [value.startswith(f"id/{REPORT}/paragraph/") for value in chosen] == [True]


def triples(client: TestClient, path: str) -> set[tuple[str, str]]:
    """Predicates and objects of a thing, by IRI, or by value and language."""
    body = client.get(f"/doc/{path}.nt").content
    said = set()
    for quad in parse(body, RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.endswith(f"/id/{path}"):
            object_ = quad.object
            value = (
                f"{object_.value}@{object_.language}" if isinstance(object_, Literal) else getattr(object_, "value", "")
            )
            said.add((re.split("[#/]", quad.predicate.value)[-1], value))
    return said


def test_a_report_says_its_own_body_kind_and_symbol_and_a_note_no_meeting(
    unlike_client: TestClient, base: Base
) -> None:
    said = triples(unlike_client, REPORT)
    assert ("publisher", f"{base.iri}id/actor/conference-on-safe-harbours") in said
    assert ("kind", f"{base.iri}id/kind/report") in said
    assert ("symbol", "CSH/WG.4/2024/3@None") in said
    assert not {value for name, value in said if name == "type" and value.endswith("/Note")}
    assert not {value for name, value in said if name == "agendaSymbol"}
    assert not {name for name, _ in triples(unlike_client, NOTE)} & {"consolidates", "adoptedAt"}


def test_files_for_reference_managers_name_its_publisher_and_language(unlike_client: TestClient) -> None:
    (item,) = unlike_client.get(f"/cite/{REPORT}/paragraph/7.csl.json").json()
    assert BODY in json.dumps(item)
    assert item["issued"] == {"date-parts": [[2024, 3, 18]]}
    assert item["language"] == "en"
    (item,) = unlike_client.get(f"/cite/{NOTE}/paragraph/4.csl.json").json()
    assert item["language"] == "es"
    assert "LA  - es" in unlike_client.get(f"/cite/{NOTE}/paragraph/4.ris").text


def test_words_of_the_spanish_note_are_marked_as_spanish(visit_unlike: Visit, unlike_client: TestClient) -> None:
    words = "Ocho Estados indicaron que habían firmado acuerdos con sus vecinos."
    assert ("text", f"{words}@es") in triples(unlike_client, f"{NOTE}/paragraph/4")
    for path in (f"/doc/{NOTE}", f"/doc/{NOTE}/paragraph/4", f"/doc/{NOTE}/section/II"):
        page = visit_unlike(path)
        around = [each for each in page.one("main").walk() if words in each.text]
        holding = [each for each in around if not any(other.parent is each for other in around)]
        assert holding, path
        assert all(language_of(each) == "es" for each in holding), path
        assert page.one("html").attributes["lang"] == "en"
    known = json.loads(visit_unlike(f"/doc/{NOTE}/paragraph/4").one("script", type="application/ld+json").raw)
    assert known["inLanguage"] == "es"


def language_of(element: Element | None) -> str:
    """The language that an element is marked with, by itself or by what is around it."""
    while element is not None and "lang" not in element.attributes:
        element = element.parent
    return element.attributes["lang"] if element else ""


def test_numbers_are_shown_as_they_are_printed_and_an_annex_without_a_title_is_named_once(visit_unlike: Visit) -> None:
    page = visit_unlike("/doc/document/review-of-azuria-2024")
    contents = page.one("nav", "sheet-contents").all("a")
    assert [each.text.strip() for each in contents][-2:] == ["Annex", "Composition of the delegation"]
    assert [one.text for one in page.all("a", "sheet-number")] == [
        *(f"{number}." for number in range(1, 8)), "7.1.", "7.2.", "7.3.", "8.", "1.", "2.",
    ]  # fmt: skip
    assert len(visit_unlike("/recommendations").one("main").numbers()) == 7 + 5 + 5  # none of the note
    listed = visit_unlike("/recommendations?document=review-of-azuria-2024").one("main")
    assert [each.text.split()[-1] for each in listed.all("a", "line-number")] == ["7", "7.1", "7.2", "7.3", "8"]


def test_a_footnote_stands_with_the_paragraph_that_has_its_mark_and_what_it_leaves_open_is_said(
    visit_unlike: Visit,
) -> None:
    page = visit_unlike("/doc/document/review-of-azuria-2024/paragraph/1")
    (note,) = page.one("ul", "notes").all("li")
    assert note.one("a").attributes["href"].endswith("/document/review-of-azuria-2024/footnote/1")
    whole = visit_unlike("/doc/document/review-of-azuria-2024")
    assert [one.attributes["href"] for one in whole.one("p", "sheet-footnote").all("a")][1:] == ["#paragraph-1"]


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("kind=document&q=safety of ferries", "res-78-901"),
        ("kind=document&q=accidents seldom reported", "res-78-901"),
        ("kind=document&q=Head of delegation", "review-of-azuria-2024"),
        ("kind=document&q=CSH/RG/12/1 programme", "review-of-azuria-2024"),
        ("q=minors", "harbour-group-2024/paragraph/5"),  # it names children
    ],
)
def test_a_document_is_found_by_its_title_by_words_that_no_paragraph_has_and_by_others_for_the_same(
    visit_unlike: Visit, query: str, document: str
) -> None:
    assert f"/doc/document/{document}" in visit_unlike(f"/search?{query}").one("main").hrefs


def test_what_language_models_should_know_names_only_an_article_that_this_corpus_cites(
    unlike_client: TestClient,
) -> None:
    text = unlike_client.get("/llms.txt").text
    assert "Questions worth asking" in text
    assert "id/instrument/smuggling-protocol/" not in text


def test_home_shows_no_treaty_of_which_nothing_concerns_an_article_and_hints_are_of_this_corpus(
    visit_unlike: Visit,
) -> None:
    assert not visit_unlike("/").one("main").all("section", "coverage")
    for address in ("/", "/search"):
        page = visit_unlike(address).one("main").text
        assert "16(5)" not in page
        (hint,) = re.findall(r"“(para \d+)”", page)
        assert visit_unlike(f"/search?q={hint}").one("ul", "lead").all("a")


def test_pages_know_a_document_without_recommendations(note_client: TestClient) -> None:
    visit = opener(note_client)
    for address in ("/", "/about"):
        page = visit(address)
        assert f"/doc/{NOTE}" in page.one("main").hrefs
        assert "0 documents" not in page.text
        assert "language models read" not in page.text
        assert "was suggested by" not in page.text
    assert "The text" in visit("/").all("nav", "wide")[0].text
    (description,) = [each for each in visit("/").all("meta") if each.attributes.get("name") == "description"]
    assert description.attributes["content"] == (
        "The 0 recommendations of the Secretaría de la Conferencia sobre Puertos Seguros."
    )


def test_a_graph_of_judgements_is_by_those_who_judged_and_by_the_project_where_nobody_did(
    unlike_client: TestClient, base: Base
) -> None:
    for slug, agent in (("harbour-group-2024", "palermo-editors"), ("nota-costas-2023", "palermo")):
        said = triples(unlike_client, f"activity/judgement-{slug}")
        assert {value for name, value in said if name == "wasAssociatedWith"} == {f"{base.iri}id/agent/{agent}"}


@pytest.mark.parametrize(
    ("paragraph", "did"),
    [
        (7, "(adds “recruiters”): Recruiters of seafarers are companies."),
        (
            9,
            "(removes what rules read in “Working Group”): It is only said who took note. What rules read: it names "
            "actor/harbour-group.",
        ),
    ],
)
def test_a_page_says_who_corrected_what_in_its_words_and_in_those_of_its_items(
    visit_unlike: Visit, paragraph: int, did: str
) -> None:
    page = " ".join(visit_unlike(f"/doc/document/harbour-group-2024/paragraph/{paragraph}").text.split())
    assert did in page
    assert re.search(rf"Corrected by A language model, not reviewed by a person {re.escape(did)}", page)
    assert ("What rules read: it" in page) is ("removes" in did), "what is added was not read"
    assert page.count("Corrected by") == (1 if paragraph == 7 else 2), "9 asks nothing, too"
    assert "What it cites In the text Corrected by" not in page, "neither is a citation"
