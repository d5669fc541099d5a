"""Search marks the family of a word and nothing else."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from ontology.words import family, normalized
from server.snapshot import Snapshot
from tests.server.pages.tree import Visit

LIST = "/recommendations"
SOURCE = Path("ingest/sources/som-wg-2015.md")
TEXT = SOURCE.read_text(encoding="utf-8").partition("\n5. ")[2]
WORDS = sorted({normalized(word) for word in re.findall(r"[^\W\d_]+", TEXT)})
"""Every word of the recommendations and their headings."""


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


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("witness", "with"),
        ("acts", "action"),
        ("act", "actor"),
        ("being", "because"),
        ("inform", "informal"),
        ("access", "accession"),
        ("response", "responsibility"),
        ("transit", "transition"),
        ("author", "authority"),
        ("businesses", "busy"),
    ],
)
def test_words_of_different_families_are_told_apart(one: str, another: str) -> None:
    assert family(one) != family(another)


@pytest.mark.parametrize(
    "words",
    [
        ("witness", "witnesses", "witnessed", "witnessing"),
        ("smuggle", "smuggled", "smuggling"),
        ("law", "laws"),
        ("urge", "urged", "urges"),
        ("party", "parties"),
        ("protect", "protection", "protecting", "protective"),
        ("authority", "authorities"),
        ("criminalize", "criminalization"),
    ],
)
def test_forms_of_a_word_are_one_family(words: tuple[str, ...]) -> None:
    assert len({family(word) for word in words}) == 1


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
        page = visit(f"{LIST}?q={word}")
        for mark in page.all("mark"):
            assert family(normalized(mark.text)) == family(word), f"“{word}” marks “{mark.text}”"


def test_the_best_match_comes_first_and_not_the_first_number(client: TestClient) -> None:
    """Each of these says the word once, so the shorter the recommendation, the better it matches (Okapi BM25)."""
    answer = client.get(f"{LIST}.csv", params={"q": '"return"', "sort": "relevance"}).text
    rows = list(csv.DictReader(io.StringIO(answer)))
    assert all(len(re.findall(r"\breturn\b", row["text"])) == 1 for row in rows)
    lengths = [len(re.findall(r"[^\W_]+", row["text"])) for row in rows]
    assert lengths == sorted(lengths)
    assert [int(row["number"]) for row in rows] != sorted(int(row["number"]) for row in rows)


PROTOCOL, CONVENTION = "/doc/instrument/smuggling-protocol/article", "/doc/instrument/untoc/article"
DOCUMENT = "/doc/document/som-wg-2015"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("para 35", [f"{DOCUMENT}/paragraph/35"]),
        ("rec. 35", [f"{DOCUMENT}/paragraph/35"]),
        ("paragraph 35", [f"{DOCUMENT}/paragraph/35"]),
        ("Recommendation 7", [f"{DOCUMENT}/paragraph/7"]),
        ("§ 35", [f"{DOCUMENT}/paragraph/35"]),
        ("para. 90 (d)", [f"{DOCUMENT}/paragraph/90/item/d", f"{DOCUMENT}/paragraph/90"]),
        ("paras. 34–36, 40 and 43", [f"{DOCUMENT}/paragraph/{number}" for number in (34, 35, 36, 40, 43)]),
        ("chapter II", [f"{PROTOCOL.removesuffix('article')}chapter/2"]),
        ("chap. 4 of the Protocol", [f"{PROTOCOL.removesuffix('article')}chapter/4"]),
        ("art. 16", [f"{PROTOCOL}/16", f"{CONVENTION}/16"]),
        ("art. 16(5)", [f"{PROTOCOL}/16/paragraph/5", f"{CONVENTION}/16/paragraph/5"]),
        ("16(5) of the Protocol", [f"{PROTOCOL}/16/paragraph/5"]),
        ("protocol 16(5)", [f"{PROTOCOL}/16/paragraph/5"]),
        ("article 16 paragraph 5", [f"{PROTOCOL}/16/paragraph/5", f"{CONVENTION}/16/paragraph/5"]),
        ("article 6 paragraph 1 of the Smuggling of Migrants Protocol", [f"{PROTOCOL}/6/paragraph/1"]),
        ("UNTOC 27", [f"{CONVENTION}/27"]),
        ("untoc art 27", [f"{CONVENTION}/27"]),
        ("art. 16(5) SMP", [f"{PROTOCOL}/16/paragraph/5"]),
        ("article 27 of the Palermo Convention", [f"{CONVENTION}/27"]),
        ("TIP Protocol, article 6", ["/doc/instrument/trafficking-protocol/article/6"]),
        ("article 18, Organized Crime Convention", [f"{CONVENTION}/18"]),
        ("CTOC/COP/WG.7/2015/1", [DOCUMENT]),
        ("ctoc/cop/wg.7/2015/1", [DOCUMENT]),
    ],
)
def test_a_citation_leads_with_what_it_names(words: str, first: list[str], visit: Visit, client: TestClient) -> None:
    lead = visit(f"/search?{urlencode({'q': words})}").section("lead")
    assert [link.attributes["href"] for link in lead.all("a")][: len(first)] == first
    assert client.get("/suggest.json", params={"q": words}).json()[0]["href"] == first[0]


@pytest.mark.parametrize("words", ["witness", "16", "return of migrants", "2015", "protocol", "12 victims", "para"])
def test_words_that_cite_nothing_lead_to_nothing(words: str, visit: Visit) -> None:
    assert not visit(f"/search?{urlencode({'q': words})}").all("ul", "lead")


def test_an_article_is_found_with_its_title(visit: Visit) -> None:
    lead = visit("/search?q=art.+16(5)").section("lead")
    assert "Protection and assistance measures" in lead.text


@pytest.mark.parametrize(
    ("words", "instead", "number"),
    [("refoulement", "return", 21), ("readmission", "return", 79), ("deportation", "return", 21)],
)
def test_a_word_that_no_text_has_gives_way_to_one_that_means_the_same(
    words: str, instead: str, number: int, visit: Visit
) -> None:
    page = visit(f"/search?q={words}").one("main")
    assert f"these have {instead}" in page.text
    assert f"/recommendations?q={instead}&sort=relevance" in {link.attributes["href"] for link in page.all("a")}
    assert f"{DOCUMENT}/paragraph/{number}" in {link.attributes["href"] for link in page.all("a")}


def test_words_for_one_idea_are_sought_together_and_its_name_as_well(visit: Visit) -> None:
    """Of the recommendations only 81 has "People Smuggling", in the name of the Bali Process; 7 has "young people"."""
    page = visit("/search?q=people+smuggling").one("main")
    assert "Also searched: smuggled migrants, which means the same" in page.text
    found = [link.attributes["href"] for link in page.all("a")]
    assert found.index(f"{DOCUMENT}/paragraph/81") < found.index("/doc/group/smuggled-migrants")
    assert "/doc/group/families" not in found, "People are there, and smuggled, but that is another matter."


def test_a_search_is_narrowed_to_a_kind_and_handed_over_to_the_list(visit: Visit) -> None:
    whole = visit("/search?q=return").one("main")
    assert "/recommendations?q=return&sort=relevance" in {link.attributes["href"] for link in whole.all("a")}
    themes = visit("/search?q=return&kind=theme").one("main")
    assert {link.attributes["href"].split("/")[2] for link in themes.one("ul", "hits").all("a")} == {"theme"}


def test_where_nothing_is_found_there_are_ways_on(visit: Visit) -> None:
    hrefs = {link.attributes["href"] for link in visit("/search?q=zebra").one("main").all("a")}
    assert {"/recommendations", "/articles", "/themes"} <= hrefs


@pytest.mark.parametrize("name", ["Return", "Prevention", "Technical assistance"])
def test_what_bears_the_name_comes_before_recommendations_that_speak_of_it(name: str, client: TestClient) -> None:
    suggested = [hit["label"] for hit in client.get("/suggest.json", params={"q": name.lower()}).json()]
    spoken = [place for place, label in enumerate(suggested) if label.startswith("Recommendation ")]
    assert spoken
    assert suggested.index(name) < spoken[0]
