"""Pages of recommendations: the words, what is marked in them, what they ask, cite and concern."""

from __future__ import annotations

import csv
import re
from pathlib import Path

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


def test_recommendation_12_asks_two_things_with_different_strength(visit: Visit) -> None:
    first, second = paragraph(visit, 12).one("ol", "directives").all("li")
    assert first.one("span", "operative").text == "should"
    assert first.one("span", "strength").text == "strength 5 of 5"
    assert first.one("span", "who").text == "States parties"
    assert "consider" in second.one("span", "operative").text
    assert second.one("span", "strength").text == "strength 2 of 5"
    assert "asks only to consider" in second.text


def test_a_directive_that_addresses_nobody_says_so(visit: Visit) -> None:
    directives = paragraph(visit, 11).one("ol", "directives").all("li")
    assert [directive.one("span", "who").text for directive in directives] == ["States parties", "Nobody named"]


def test_a_request_to_its_own_organ_is_not_on_the_scale(visit: Visit) -> None:
    (directive,) = paragraph(visit, 80).one("ol", "directives").all("li")
    assert directive.one("span", "strength").text == "not on the scale"
    assert directive.one("span", "who").text == "UNODC"


def test_the_words_of_a_directive_begin_after_the_comma_that_follows_its_operative_words(visit: Visit) -> None:
    (directive,) = paragraph(visit, 29).one("ol", "directives").all("li")
    assert directive.one("span", "verbatim").text.startswith("where appropriate and consistent with")


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


def test_a_directive_begins_with_a_link_to_it_that_says_how_strong_it_is(visit: Visit) -> None:
    tags = paragraph(visit, 12).one("blockquote").all("a", "directive-tag")
    second = len(
        "States parties should, as appropriate, strengthen the security of their identity and travel documents "
    )
    second += len("and their capacity to detect fraudulent documents. ")
    assert [(tag.attributes["href"], tag.attributes["aria-label"]) for tag in tags] == [
        (f"{DOCUMENT}/paragraph/12/directive/0", "Directive 1: should, strength 5 of 5"),
        (f"{DOCUMENT}/paragraph/12/directive/{second}", "Directive 2: may wish, strength 2 of 5"),
    ]
    assert [len(tag.all("rect", "on")) for tag in tags] == [5, 2]


def test_the_tag_of_a_directive_off_the_scale_says_so(visit: Visit) -> None:
    (tag,) = paragraph(visit, 80).one("blockquote").all("a", "directive-tag")
    assert tag.attributes["aria-label"] == "Directive 1: requested, not on the scale"
    assert not tag.all("rect", "on")


def test_what_is_cited_and_what_is_related_are_apart(visit: Visit) -> None:
    page = paragraph(visit, 24)
    cited = page.section("cited").hrefs
    assert cited == {"/doc/instrument/smuggling-protocol/article/16/paragraph/5", "/doc/instrument/vccr"}
    related = {entry.all("a")[0].attributes["href"] for entry in page.section("related").one("ul", "related").all("li")}
    assert related
    assert not cited & related
    assert "In the text" in page.section("cited").text
    assert "Suggested by a language model, not reviewed" in page.section("related").text


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


def test_the_picture_has_a_text_alternative(visit: Visit) -> None:
    picture = paragraph(visit, 24).one("figure", "picture").one("svg")
    assert picture.attributes["role"] == "group"
    assert "Article 16, paragraph 5" in picture.attributes["aria-label"]


def test_an_item_knows_its_paragraph_its_part_and_its_section(visit: Visit) -> None:
    page = visit(f"{DOCUMENT}/paragraph/90/item/a")
    assert [link.text for link in page.one("nav", "crumbs").all("a")][1:] == [
        "Section VII",
        "Section VII, part B",
        "Recommendation 90",
    ]


def test_every_name_found_in_the_words_leads_to_the_page_of_its_place(visit: Visit) -> None:
    found = visit(f"{DOCUMENT}/paragraph/51").one("details", "findings")
    words = {link.text: link.attributes["href"] for link in found.all("a", "verbatim")}
    assert words["directory of competent national authorities"].startswith(f"{DOCUMENT}/paragraph/51/mention/")


def test_every_qualifier_found_in_the_words_leads_to_the_page_of_its_place(visit: Visit) -> None:
    found = visit(f"{DOCUMENT}/paragraph/46").one("details", "findings").all("li")
    (entry,) = (each for each in found if each.text.startswith("upon request"))
    assert entry.text == "upon request is a qualifying phrase: upon request"
    start = "The Working Group on the Smuggling of Migrants requested the Secretariat to continue providing technical "
    start += "assistance to Member States, "
    place = f"{len(start)}-{len(start) + len('upon request')}"
    assert [link.attributes["href"] for link in entry.all("a")] == [
        f"{DOCUMENT}/paragraph/46/mention/{place}",
        "/doc/qualifier/upon-request",
    ]


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


def test_the_explorer_says_what_it_cannot_find(client: TestClient) -> None:
    assert client.get("/neighbours.json?of=id/actor/nobody").status_code == 404
    assert client.get("/neighbours.json?of=a b").status_code == 400
    assert client.get("/explore?of=id/actor/nobody").status_code == 404
