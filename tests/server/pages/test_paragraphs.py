"""Pages of recommendations: the words, what is marked in them, what they ask, cite and concern."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.cases import case
from tests.server.pages.tree import Element, Visit

DOCUMENT = "/doc/document/som-wg-2015"
GOLD = Path(__file__).parents[2] / "gold" / "som-wg-2015" / "mentions.tsv"


def paragraph(visit: Visit, number: int) -> Element:
    return visit(f"{DOCUMENT}/paragraph/{number}")


def test_marks_change_no_character_of_the_words_of_the_source(visit: Visit) -> None:
    source = Path("ingest/sources/som-wg-2015.md").read_text(encoding="utf-8")
    paragraphs = dict(re.findall(r"^(\d+)\. (.+)$", source, re.MULTILINE))
    for number in (5, 17, 24, 35, 46, 84, 91):
        words = paragraph(visit, number).one("blockquote", "words").all("p")[0].raw
        assert words == paragraphs[str(number)].replace("\f", " ")


def test_a_citation_is_marked_and_leads_to_the_paragraph_of_the_article(visit: Visit) -> None:
    cited = list(paragraph(visit, 24).one("blockquote").all("span", "mark-citation"))
    assert [mark.text for mark in cited] == [
        "Vienna Convention on Consular Relations",
        "article 16, paragraph 5, of the Smuggling of Migrants Protocol",
    ]
    article, protocol = cited[1].all("a")
    assert article.attributes["href"] == "/doc/instrument/smuggling-protocol/article/16/paragraph/5"
    assert protocol.attributes["href"] == "/doc/instrument/smuggling-protocol"


SECOND_OF_12 = len(
    "States parties should, as appropriate, strengthen the security of their identity and travel documents and their "
    "capacity to detect fraudulent documents. "
)
FIVE, TWO, OFF = "strength 5 of 5", "strength 2 of 5", "not on the scale"
DIRECTIVES = {
    11: [(0, "should", FIVE, "States parties"), (201, "should", FIVE, "Nobody named")],
    12: [(0, "should", FIVE, "States parties"), (SECOND_OF_12, "may wish to consider", TWO, "States parties")],
    80: [(0, "requested", OFF, "UNODC")],  # its own organ
}
"""Where each begins, its operative words, how strong it is, and whom it addresses."""


@pytest.mark.parametrize("number", DIRECTIVES)
def test_a_directive_says_how_strongly_it_asks_whom_and_begins_with_a_tag_that_leads_to_it(
    number: int, visit: Visit
) -> None:
    page, expected = paragraph(visit, number), DIRECTIVES[number]
    entries = page.one("ol", "directives").all("li")
    found = [tuple(entry.one("span", kind).text for kind in ("operative", "strength", "who")) for entry in entries]
    assert found == [said[1:] for said in expected]
    tags = page.one("blockquote").all("a", "directive-tag")
    for place, (tag, (start, _, strength, _)) in enumerate(zip(tags, expected, strict=True), 1):
        assert tag.attributes["href"] == f"{DOCUMENT}/paragraph/{number}/directive/{start}"
        assert tag.attributes["aria-label"].startswith(f"Directive {place}: ")
        assert tag.attributes["aria-label"].endswith(f", {strength}")
        assert len(tag.all("rect", "on")) == {FIVE: 5, TWO: 2, OFF: 0}[strength]
    assert [("asks only to consider" in entry.text) for entry in entries] == [
        "consider" in said[1] for said in expected
    ]


def test_every_qualifier_is_marked_where_readers_found_it_and_leads_to_its_page(visit: Visit) -> None:
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["kind"] == "qualifier"
        ]
    for number in range(1, 93):
        read = [row for row in rows if row["paragraph"] == str(number)]
        page = paragraph(visit, number)
        marks = page.one("blockquote").all("span", "mark-qualifier")
        hrefs = [mark.all("a")[0].attributes["href"] for mark in marks]
        with case(number):
            assert [mark.text for mark in marks] == [row["words"] for row in read]
            assert hrefs == [row["entity"].replace("id/", "/doc/") for row in read]
            assert bool(page.all(id="show-qualifier")) == bool(read)


def test_a_treaty_inside_a_qualifier_has_its_own_link_and_the_other_words_that_of_the_qualifier(visit: Visit) -> None:
    marks = paragraph(visit, 29).one("blockquote").all("span", "mark-qualifier")
    links = [(link.text, link.attributes["href"]) for link in marks[1].all("a")]
    assert links == [
        ("consistent with their obligations under the", "/doc/qualifier/in-accordance-with-international-law"),
        ("Vienna Convention on Consular Relations", "/doc/instrument/vccr"),
        ("and other relevant treaties", "/doc/qualifier/in-accordance-with-international-law"),
    ]


def test_what_is_cited_and_what_is_related_are_apart_and_in_a_picture(visit: Visit) -> None:
    page = paragraph(visit, 24)
    cited = page.section("cited").hrefs
    assert cited == {"/doc/instrument/smuggling-protocol/article/16/paragraph/5", "/doc/instrument/vccr"}
    related = {entry.all("a")[0].attributes["href"] for entry in page.section("related").one("ul", "related").all("li")}
    assert related
    assert not cited & related
    picture = page.one("figure", "picture").one("svg")
    assert picture.attributes["role"] == "group"
    assert "Article 16, paragraph 5" in picture.attributes["aria-label"]


def test_every_related_provision_has_a_reason_a_confidence_and_a_review_status(visit: Visit) -> None:
    for entry in paragraph(visit, 24).section("related").one("ul", "related").all("li"):
        said = entry.one("div", "judgement")
        assert len(said.all("p")[0].text.split()) > 4
        assert any(f"{level} confidence" in said.text for level in ("high", "medium"))
        assert "unreviewed" in said.text


def test_items_of_recommendation_90_are_listed_with_their_letters(visit: Visit) -> None:
    items = paragraph(visit, 90).one("ol", "items").all("li")
    assert [item.text for item in items][:2] == [
        "(a) Smuggling of vulnerable migrants, such as children, including unaccompanied children;",
        "(b) Practical measures to prevent the smuggling of migrants, such as visa on arrival, public information "
        "campaigns and training sessions on fraudulent documents;",
    ]
    assert len(items) == 5
    above = visit(f"{DOCUMENT}/paragraph/90/item/a").one("nav", "crumbs").all("a")[1:]
    assert [link.text for link in above] == ["Section VII", "Section VII, part B", "Recommendation 90"]


def test_every_name_and_qualifier_found_in_the_words_leads_to_the_page_of_its_place(visit: Visit) -> None:
    found = paragraph(visit, 51).one("details", "findings")
    words = {link.text: link.attributes["href"] for link in found.all("a", "verbatim")}
    assert words["directory of competent national authorities"].startswith(f"{DOCUMENT}/paragraph/51/mention/")
    entries = paragraph(visit, 46).one("details", "findings").all("li")
    (entry,) = (each for each in entries if each.text == "upon request is a qualifying phrase: upon request")
    start = "The Working Group on the Smuggling of Migrants requested the Secretariat to continue providing technical "
    start += "assistance to Member States, "
    place = f"{len(start)}-{len(start) + len('upon request')}"
    assert entry.hrefs == {f"{DOCUMENT}/paragraph/46/mention/{place}", "/doc/qualifier/upon-request"}


def test_the_explorer_is_offered_by_its_address_and_answers_one_step(visit: Visit, client: TestClient) -> None:
    place = visit(f"{DOCUMENT}/paragraph/24").all("div", "explorer")
    address = "/neighbours.json?of=id%2Fdocument%2Fsom-wg-2015%2Fparagraph%2F24"
    assert [each.attributes["data-graph"] for each in place] in ([address], [])
    step = client.get(address).json()
    found = {(edge["source"], edge["label"], edge["target"]): edge["judged"] for edge in step["edges"]}
    own, protocol = "id/document/som-wg-2015/paragraph/24", "id/instrument/smuggling-protocol/article/16/paragraph/5"
    assert found[own, "cites", protocol] is False
    assert found[own, "theme", "id/theme/consular-assistance"] is True
    assert {node["id"] for node in step["nodes"]} >= {own, protocol}
