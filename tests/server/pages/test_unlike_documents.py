"""A corpus of two invented documents of another body and other kinds, without the document this project began with.

Every link of every page is followed. What is true of that document only must stand nowhere; what these documents say of
themselves must be on their pages and in their data.
"""

from __future__ import annotations

import collections
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urldefrag

import pytest
from lxml import etree
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.layout import ROOT
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from tests.server.pages.conftest import opener
from tests.server.pages.tree import Element, Visit, tree

REPORT = "document/harbour-group-2024"
NOTE = "document/nota-costas-2023"
BODY = "Conference on Safe Harbours"
OF_THE_FIRST_DOCUMENT = re.compile(
    r"som-wg-20|[Cc]onsolidated recommendations|25 August 2015|Note by the Secretariat|CTOC/COP/WG\.7"
    r"|\b88 recommendations|\b92 (?:numbered )?paragraphs"
)
"""What is true of the first document only: its name, title, date, kind, symbol and numbers."""
REFERENCE = re.compile(
    r"^/(?:doc/(?:meeting|resolution|activity|actor/working-group)|graph/queries|sparql$|graph/reference|dumps/|static/|meetings|resolutions|names|explore\?of=id%2F(?:meeting|resolution)%2F)"
)
"""What describes the world, not the documents of a corpus, and so names that document's meetings and theirs."""
PREFIX_REC = re.compile(r"id/document/som-wg-2015/paragraph/(?![\w-])")
"""The published prefix `rec:` stands for the paragraphs of the first document, whatever the corpus."""
FOLLOWED = re.compile(
    r"^/(?!editor\?|static/|recommendations\.[a-z.]+\?|doc/instrument/.*/paragraph/"
    r"|doc/(?!document/).*\.(?:ttl|jsonld|nt|nq|trig|rdf)$|(?:doc|graph)/.*\.(?:nt|nq|trig|rdf)$|graph/.*\.jsonld$"
    r"|doc/instrument/[^/]+/article/\d*[1-9]$)"
)
"""Not each query in the editor, nor each format or each of a treaty's articles: other tests ask for these."""


@dataclass(slots=True)
class Walk:
    """The answers of all addresses that links lead to, by address, and where each was first met."""

    client: TestClient
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def follow(self, *starts: str) -> None:
        """Asks these addresses and all that their pages lead to; of lists with filters, only those linked elsewhere."""
        waiting = collections.deque((start, "nowhere") for start in starts)
        known = set(starts)
        while waiting:
            address, found_on = waiting.popleft()
            answer = self.client.get(address, headers={"Accept": "text/html, */*;q=0.5"}, follow_redirects=True)
            if answer.status_code != 200:
                self.failed.append(f"{address}, linked on {found_on}: {answer.status_code}")
                continue
            if not answer.headers["content-type"].startswith("text/html"):
                self.files[address] = answer.text
                continue
            self.pages[address] = answer.text
            if "?" not in address and not address.startswith("/v/"):
                fresh = dict.fromkeys(leads_to(answer.text))
                waiting += [(link, address) for link in fresh if link not in known]
                known |= set(fresh)


def leads_to(page: str) -> list[str]:
    """The addresses on this site that a page names and that are to be asked, without fragments."""
    named = etree.fromstring(page, etree.HTMLParser()).xpath("//@href | //@src | //@data-source")
    assert isinstance(named, list)
    return [urldefrag(str(address)).url for address in named if FOLLOWED.match(str(address))]


@pytest.fixture(scope="module")
def walk(unlike_client: TestClient) -> Walk:
    """The whole site of the two documents."""
    walked = Walk(unlike_client)
    walked.follow("/", "/llms.txt", "/dataset.ttl", "/opensearch.xml")
    return walked


def test_every_address_answers(walk: Walk) -> None:
    assert walk.failed == []
    assert {f"/doc/{path}" for path in (REPORT, f"{REPORT}/paragraph/7", f"{REPORT}/section/II/B", NOTE)} <= set(
        walk.pages
    )
    assert {f"/doc/{REPORT}/paragraph/7.ttl", f"/cite/{NOTE}.bib", "/recommendations.csv"} <= set(walk.files)


def test_nothing_says_what_is_true_of_another_document_only(walk: Walk) -> None:
    said = [
        f"{address}: {found[0]}"
        for address, text in (walk.pages | walk.files).items()
        if not REFERENCE.search(address) and (found := OF_THE_FIRST_DOCUMENT.search(PREFIX_REC.sub("", text)))
    ]
    assert sorted(said) == []


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


def test_the_report_says_its_own_body_kind_and_symbol(unlike_client: TestClient, base: Base) -> None:
    said = triples(unlike_client, REPORT)
    assert ("publisher", f"{base.iri}id/actor/conference-on-safe-harbours") in said
    assert ("kind", f"{base.iri}id/kind/report") in said
    assert ("symbol", "CSH/WG.4/2024/3@None") in said
    assert not {value for name, value in said if name == "type" and value.endswith("/Note")}
    assert not {value for name, value in said if name == "agendaSymbol"}


def test_pages_of_the_report_name_its_kind_body_and_date(visit_unlike: Visit) -> None:
    text = visit_unlike(f"/doc/{REPORT}").one("main").text
    for words in ("Report", BODY, "18 March 2024", "CSH/WG.4/2024/3"):
        assert words in text
    assert "Vienna" not in text
    citation = visit_unlike(f"/doc/{REPORT}/paragraph/7").one("p", "citation").text
    assert citation.startswith(f"{BODY}, Working Group on Trafficking through Harbours, “Report on the meeting")
    assert "18 March 2024, CSH/WG.4/2024/3, para. 7, " in citation
    assert "note by" not in citation


def test_files_for_reference_managers_name_its_publisher_and_language(unlike_client: TestClient) -> None:
    (item,) = unlike_client.get(f"/cite/{REPORT}/paragraph/7.csl.json").json()
    assert BODY in json.dumps(item)
    assert item["issued"] == {"date-parts": [[2024, 3, 18]]}
    assert item["language"] == "en"
    (item,) = unlike_client.get(f"/cite/{NOTE}/paragraph/4.csl.json").json()
    assert item["language"] == "es"
    assert "LA  - es" in unlike_client.get(f"/cite/{NOTE}/paragraph/4.ris").text


def test_a_meeting_is_that_of_the_body_that_met(visit_unlike: Visit, unlike_client: TestClient) -> None:
    assert "Geneva" in visit_unlike("/doc/meeting/harbour-group-2024").one("main").text
    assert not [name for name, _ in triples(unlike_client, NOTE) if name in ("consolidates", "adoptedAt")]


def test_the_protocol_of_the_report_is_the_one_that_it_means(visit_unlike: Visit) -> None:
    cited = visit_unlike(f"/doc/{REPORT}/paragraph/4").one("main")
    leads = {link.attributes["href"] for link in cited.all("a")}
    assert "/doc/instrument/trafficking-protocol" in leads
    assert "/doc/instrument/smuggling-protocol" not in leads


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


def test_the_note_has_no_recommendation_and_its_lines_are_paragraphs(visit_unlike: Visit) -> None:
    page = visit_unlike(f"/doc/{NOTE}/paragraph/5")
    assert page.one("h1").text.startswith("Paragraph 5")
    assert "Cooperación entre autoridades costeras" in page.text
    assert len(visit_unlike("/recommendations").one("main").numbers()) == 7 + 5 + 5


def test_the_resolution_shows_its_preamble_and_its_paragraphs_are_recommendations_of_no_meeting(
    visit_unlike: Visit,
) -> None:
    page = visit_unlike("/doc/document/res-78-901")
    assert "Noting with concern that accidents on ferries are seldom reported," in page.text
    assert "Resolution" in page.text
    assert visit_unlike("/doc/document/res-78-901/paragraph/4").one("h1").text.startswith("Recommendation 4")


def test_numbers_with_a_point_are_shown_as_they_are_printed(visit_unlike: Visit) -> None:
    page = visit_unlike("/doc/document/review-of-azuria-2024")
    assert [one.text for one in page.all("a", "sheet-number")] == [
        *(f"{number}." for number in range(1, 8)), "7.1.", "7.2.", "7.3.", "8.", "1.", "2.",
    ]  # fmt: skip
    assert "Year | Visits" in page.text
    listed = visit_unlike("/recommendations?document=review-of-azuria-2024").one("main")
    assert [each.text.split()[-1] for each in listed.all("a", "line-number")] == ["7", "7.1", "7.2", "7.3", "8"]
    assert (
        visit_unlike("/doc/document/review-of-azuria-2024/paragraph/7-2")
        .one("h1")
        .text.startswith("Recommendation 7.2")
    )


def test_a_footnote_stands_with_the_paragraph_that_has_its_mark_and_what_it_leaves_open_is_said(
    visit_unlike: Visit,
) -> None:
    page = visit_unlike("/doc/document/review-of-azuria-2024/paragraph/1")
    (note,) = page.one("ul", "notes").all("li")
    assert " ".join(note.text.split()) == "1 The programme is in document CSH/RG/12/1; see also resolution 10/4."
    assert note.one("a").attributes["href"].endswith("/document/review-of-azuria-2024/footnote/1")
    assert "Not resolved: resolution 10/4" in page.text
    whole = visit_unlike("/doc/document/review-of-azuria-2024")
    assert [one.attributes["href"] for one in whole.one("p", "sheet-footnote").all("a")][1:] == ["#paragraph-1"]


def test_an_annex_without_a_title_is_named_once(visit_unlike: Visit) -> None:
    contents = visit_unlike("/doc/document/review-of-azuria-2024").one("nav", "sheet-contents")
    assert [each.text.strip() for each in contents.all("a")][-2:] == ["Annex", "Composition of the delegation"]


@pytest.mark.parametrize(
    ("words", "document"),
    [
        ("safety of ferries", "res-78-901"),
        ("accidents seldom reported", "res-78-901"),
        ("Head of delegation", "review-of-azuria-2024"),
        ("CSH/RG/12/1 programme", "review-of-azuria-2024"),
    ],
)
def test_a_document_is_found_by_its_title_and_by_words_that_no_paragraph_has(
    visit_unlike: Visit, words: str, document: str
) -> None:
    page = visit_unlike(f"/search?kind=document&q={quote(words)}").one("main")
    assert f"/doc/document/{document}" in {link.attributes["href"] for link in page.all("a")}


def test_a_search_takes_other_words_for_the_same_from_the_reference_data(visit_unlike: Visit) -> None:
    page = visit_unlike("/search?q=minors").one("main")
    assert "these have children" in page.text
    assert "/doc/document/harbour-group-2024/paragraph/5" in {link.attributes["href"] for link in page.all("a")}


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


def test_the_source_text_of_a_document_is_served(visit_unlike: Visit) -> None:
    page = visit_unlike("/doc/document/res-78-901")
    assert "res-78-901.md" in page.text


@pytest.fixture(scope="module")
def note_client(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[TestClient]:
    """A client of the application on one document, which has no recommendation."""
    root = tmp_path_factory.mktemp("note")
    (root / "sources").mkdir()
    for ending in ("md", "toml"):
        shutil.copy(ROOT / f"tests/fixtures/corpus/sources/nota-costas-2023.{ending}", root / "sources")
    build(BuildSettings(base, root / "sources", root / "editorial", snapshots=root / "snapshots"), lambda _: None)
    settings = Settings(base=base.iri, snapshots=root / "snapshots", log_format="text")
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened


def test_every_address_answers_where_no_document_has_a_recommendation(note_client: TestClient) -> None:
    walked = Walk(note_client)
    walked.follow("/", "/dataset.ttl")
    assert walked.failed == []
    assert f"/doc/{NOTE}/paragraph/4" in walked.pages
    assert "/actions.xlsx" in walked.files


def test_pages_know_a_document_without_recommendations(note_client: TestClient) -> None:
    visit = opener(note_client)
    for address in ("/", "/about"):
        page = visit(address)
        assert f"/doc/{NOTE}" in {link.attributes["href"] for link in page.one("main").all("a")}
        assert "0 documents" not in page.text
        assert "language models read" not in page.text
        assert "was suggested by" not in page.text
    assert "The text" in visit("/").all("nav", "wide")[0].text
    (description,) = [each for each in visit("/").all("meta") if each.attributes.get("name") == "description"]
    assert description.attributes["content"] == (
        "The 0 recommendations of the Secretaría de la Conferencia sobre Puertos Seguros."
    )


def test_who_said_that_a_recommendation_asks_nothing_stands_on_its_page(visit_unlike: Visit) -> None:
    page = visit_unlike("/doc/document/harbour-group-2024/paragraph/9").text
    assert "Corrected by" in page
    assert "(asks nothing): It only takes note of an offer." in " ".join(page.split())
    assert "What it asks" not in page


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
