"""Search: what it finds, forgives and marks, which is the family of a word and nothing else; what scripts complete."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from ontology.namespaces import Base
from ontology.words import family, normalized
from server.snapshot import Snapshot
from tests.server.pages.tree import Element, Visit

LIST = "/recommendations"
SOURCE = Path("ingest/sources/som-wg-2015.md")
TEXT = SOURCE.read_text(encoding="utf-8").partition("\n5. ")[2]
WORDS = sorted({normalized(word) for word in re.findall(r"[^\W\d_]+", TEXT)})
"""Every word of the recommendations and their headings."""
PROTOCOL, CONVENTION = "/doc/instrument/smuggling-protocol", "/doc/instrument/untoc/article"
DOCUMENT = "/doc/document/som-wg-2015"


def search(visit: Visit, words: str) -> Element:
    """What is found."""
    return visit(f"/search?{urlencode({'q': words})}").one("main")


def numbers(client: TestClient, words: str) -> list[str]:
    lines = client.get(f"{LIST}.csv", params={"q": words}).text.splitlines()[1:]
    return [line.partition(",")[0] for line in lines if re.match(r"\d+,http", line)]


@pytest.mark.parametrize("words", ["witness", "witnesses", "Witness", "witn"])
def test_witness_is_found_where_witnesses_are_spoken_of(words: str, client: TestClient, visit: Visit) -> None:
    assert numbers(client, words) == ["34", "35"]
    marks = {mark.text.casefold() for mark in visit(f"{LIST}?q={words}").all("mark")}
    assert "witness" in marks
    assert marks <= {"witness", "witnesses"}
    suggested = [hit["label"] for hit in client.get("/suggest.json", params={"q": words}).json()]
    assert "in accordance with national law" not in suggested
    assert {"Recommendation 34", "Recommendation 35"} <= set(suggested)


FAMILIES = (
    *("witness witnesses witnessed witnessing", "smuggle smuggled smuggling", "law laws", "urge urged urges"),
    *("party parties", "protect protection protecting protective", "authority authorities"),
    "criminalize criminalization",
)
STRANGERS = (
    *("witness with", "acts action", "act actor", "being because", "inform informal", "access accession"),
    *("response responsibility", "transit transition", "author authority", "businesses busy"),
)


@pytest.mark.parametrize("words", [*FAMILIES, *STRANGERS])
def test_forms_of_a_word_are_one_family_and_words_of_different_families_are_told_apart(words: str) -> None:
    assert len({family(word) for word in words.split()}) == (1 if words in FAMILIES else 2)


def test_every_word_of_the_corpus_has_only_words_in_its_family_that_begin_as_it_does(snapshot: Snapshot) -> None:
    """Judged without the stemmer: words of a family share four letters, or all but the ending of an inflection."""
    families: dict[str, list[str]] = {}
    for word, name in snapshot.index.database.execute("SELECT word, family FROM word"):
        families.setdefault(name, []).append(word)
    assert {word for words in families.values() for word in words} >= {word for word in WORDS if len(word) > 1}
    for words in families.values():
        for word in words:
            for other in words:
                shared = min(4, len(word.rstrip("desy")), len(other.rstrip("desy"))) or 1
                assert word[:shared] == other[:shared], f"{word}: {other}"


def test_what_a_search_marks_is_of_the_family_of_the_word(visit: Visit) -> None:
    for word in WORDS[::40]:
        for mark in visit(f"{LIST}?q={word}").all("mark"):
            assert family(normalized(mark.text)) == family(word), f"“{word}” marks “{mark.text}”"
    assert {mark.text.lower() for mark in search(visit, "hotlines").all("mark")} == {"hotlines"}


def test_the_best_match_comes_first_and_not_the_first_number(client: TestClient) -> None:
    """Each of these says the word once, so the shorter the recommendation, the better it matches (Okapi BM25)."""
    answer = client.get(f"{LIST}.csv", params={"q": '"return"', "sort": "relevance"}).text
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert all(len(re.findall(r"\breturn\b", row["text"])) == 1 for row in rows)
    lengths = [len(re.findall(r"[^\W_]+", row["text"])) for row in rows]
    assert lengths == sorted(lengths)
    assert [int(row["number"]) for row in rows] != sorted(int(row["number"]) for row in rows)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        *((words, f"{DOCUMENT}/paragraph/18") for words in (
            "hotlin", "HOTLINES", "hotlines migrants", "“hotlines”", "hotlines)", 'hotlines"')),
        ("article 16 protocol", f"{PROTOCOL}/article/16"),
        ("rec 24", f"{DOCUMENT}/paragraph/24"),
        ("consullar asistance", "/doc/theme/consular-assistance"),
        ("smugling by sea", "/doc/theme/sea"),
        ("organised crime convention", "/doc/instrument/untoc"),
    ],
)  # fmt: skip
def test_search_forgives_parts_cases_signs_short_forms_and_misspellings(words: str, found: str, visit: Visit) -> None:
    assert found in search(visit, words).hrefs


@pytest.mark.parametrize(
    "words",
    ["***", '"', "NOT", "AND OR", "", "article (16", "États-ünd", "\U0001f600", '"a', "NEAR(a b)", "label:x", "x" * 400],
)  # fmt: skip
def test_search_answers_whatever_is_asked(words: str, client: TestClient) -> None:
    assert client.get("/search", params={"q": words}, headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    ("words", "first"),
    [
        *((words, [f"{DOCUMENT}/paragraph/35"]) for words in ("para 35", "rec. 35", "paragraph 35", "§ 35")),
        ("Recommendation 7", [f"{DOCUMENT}/paragraph/7"]),
        ("para. 90 (d)", [f"{DOCUMENT}/paragraph/90/item/d", f"{DOCUMENT}/paragraph/90"]),
        ("paras. 34–36, 40 and 43", [f"{DOCUMENT}/paragraph/{number}" for number in (34, 35, 36, 40, 43)]),
        ("chapter II", [f"{PROTOCOL}/chapter/2"]),
        ("chap. 4 of the Protocol", [f"{PROTOCOL}/chapter/4"]),
        ("art. 16", [f"{PROTOCOL}/article/16", f"{CONVENTION}/16"]),
        ("art. 16(5)", [f"{PROTOCOL}/article/16/paragraph/5", f"{CONVENTION}/16/paragraph/5"]),
        ("article 16 paragraph 5", [f"{PROTOCOL}/article/16/paragraph/5", f"{CONVENTION}/16/paragraph/5"]),
        *((words, [f"{PROTOCOL}/article/16/paragraph/5"]) for words in (
            "16(5) of the Protocol", "protocol 16(5)", "art. 16(5) SMP")),
        ("article 6 paragraph 1 of the Smuggling of Migrants Protocol", [f"{PROTOCOL}/article/6/paragraph/1"]),
        *((words, [f"{CONVENTION}/27"]) for words in (
            "UNTOC 27", "untoc art 27", "article 27 of the Palermo Convention")),
        ("TIP Protocol, article 6", ["/doc/instrument/trafficking-protocol/article/6"]),
        ("article 18, Organized Crime Convention", [f"{CONVENTION}/18"]),
        ("CTOC/COP/WG.7/2015/1", [DOCUMENT]),
        ("ctoc/cop/wg.7/2015/1", [DOCUMENT]),
    ],
)  # fmt: skip
def test_a_citation_leads_with_what_it_names(words: str, first: list[str], visit: Visit, client: TestClient) -> None:
    lead = search(visit, words).section("lead")
    assert [link.attributes["href"] for link in lead.all("a")][: len(first)] == first
    assert client.get("/suggest.json", params={"q": words}).json()[0]["href"] == first[0]


@pytest.mark.parametrize("words", ["witness", "16", "return of migrants", "2015", "protocol", "12 victims", "para"])
def test_words_that_cite_nothing_lead_to_nothing(words: str, visit: Visit) -> None:
    assert not search(visit, words).all("ul", "lead")


@pytest.mark.parametrize(("words", "number"), [("refoulement", 21), ("readmission", 79), ("deportation", 21)])
def test_a_word_that_no_text_has_gives_way_to_one_that_means_the_same(words: str, number: int, visit: Visit) -> None:
    page = search(visit, words)
    assert "these have return" in page.text
    assert {"/recommendations?q=return&sort=relevance", f"{DOCUMENT}/paragraph/{number}"} <= page.hrefs


def test_words_for_one_idea_are_sought_together_and_its_name_as_well(visit: Visit) -> None:
    """Of the recommendations only 81 has "People Smuggling", in the name of the Bali Process; 7 has "young people"."""
    page = search(visit, "people smuggling")
    assert "Also searched: smuggled migrants, which means the same" in page.text
    found = [link.attributes["href"] for link in page.all("a")]
    assert found.index(f"{DOCUMENT}/paragraph/81") < found.index("/doc/group/smuggled-migrants")
    assert "/doc/group/families" not in found, "People are there, and smuggled, but that is another matter."


def test_search_lists_kinds_stands_by_quotes_and_is_narrowed_to_a_kind(visit: Visit) -> None:
    headings = {heading.text.rsplit(" ", 1)[0] for heading in search(visit, "consular").all("h2")}
    assert {"Recommendations", "Articles", "Actors", "Themes"} <= headings
    assert search(visit, "crime transnational").all("ul", "hits")
    assert not search(visit, '"crime transnational"').all("ul", "hits")
    themes = visit("/search?q=return&kind=theme").one("main")
    assert {href.split("/")[2] for href in themes.one("ul", "hits").hrefs} == {"theme"}


@pytest.mark.parametrize("name", ["Return", "Prevention", "Technical assistance"])
def test_what_bears_the_name_comes_before_recommendations_that_speak_of_it(name: str, client: TestClient) -> None:
    suggested = [hit["label"] for hit in client.get("/suggest.json", params={"q": name.lower()}).json()]
    spoken = [place for place, label in enumerate(suggested) if label.startswith("Recommendation ")]
    assert spoken
    assert suggested.index(name) < spoken[0]


def test_suggestions_are_addresses_names_and_kinds_and_browsers_learn_to_search(client: TestClient, base: Base) -> None:
    assert {"href": "/doc/actor/unodc", "label": "UNODC", "kind": "Actor"} in client.get("/suggest.json?q=unod").json()
    answer = client.get("/opensearch.xml")
    assert answer.headers["content-type"] == "application/opensearchdescription+xml"
    assert f"{base.iri}search?q={{searchTerms}}" in answer.text


def test_completions_are_prefixed_names_of_this_graph(client: TestClient) -> None:
    names = {entry["label"]: entry for entry in json.loads(client.get("/names.json").text)}
    assert (names["pal:cites"]["type"], names["pal:Recommendation"]["type"]) == ("property", "class")
    assert names["actor:unodc"]["detail"] == "UNODC"
    assert "rec:24" in names
