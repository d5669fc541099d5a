"""Which provisions, treaties and resolutions a text cites, with the words that cite them (`citations.txt`); what nothing resolves
is reported."""

from __future__ import annotations

import re

import pytest

from ingest.document import Span
from ingest.extraction import Lexicon, extract_text
from ingest.extraction.citations import find_citations
from ingest.extraction.names import Naming
from ingest.extraction.provisions import roman
from tests.ingest.extraction.marks import plain, sentences_of, slug, with_marks

SMP = "smuggling-protocol"


def cited(naming: Naming, text: str) -> list[tuple[Span, str]]:
    found = find_citations(text, naming.mentions(text))
    marks = sorted([*found.provisions, *(mention for mention in found.names if mention.cites)])
    return [(mention.span, mention.entity.removeprefix("id/instrument/")) for mention in marks]


def as_marked(lexicon: Lexicon, text: str) -> str:
    """The text with what it cites, by path, where the path is not what the words say."""
    cites = [each for each in extract_text(text, lexicon, "working-group").mentions if each.cites]
    paths = [(each.span, re.sub("^id/(instrument|resolution)/", "", each.entity)) for each in cites]
    return with_marks(text, [(span, path if path != slug(span.cut(text)) else "") for span, path in paths])


def test_a_sentence_cites_what_its_marks_say_as_precisely_as_it_does(lexicon: Lexicon) -> None:
    read = {marked: as_marked(lexicon, plain(marked)) for marked in sentences_of("citations.txt")}
    assert {marked: found for marked, found in read.items() if found != marked} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("articles 7 to 9 of the Protocol", {"articles 7": "7", "articles 7 to 9": "8", "9 of the Protocol": "9"}),
        ("articles 2, 6–9 of the Protocol",
         {"articles 2": "2", "6": "6", "6–9": "7", "–9": "8", "9 of the Protocol": "9"}),
        (
            "article 6 (1) (a)–(c) of the Protocol",
            {
                "article 6 (1) (a)": "6/paragraph/1/letter/a",
                "article 6 (1) (a)–(c)": "6/paragraph/1/letter/b",
                "(c) of the Protocol": "6/paragraph/1/letter/c",
            },
        ),
    ],
)  # fmt: skip
def test_what_stands_between_the_ends_of_a_range_is_cited_by_its_words(
    naming: Naming, text: str, expected: dict[str, str]
) -> None:
    found = [(span.cut(text), path) for span, path in cited(naming, text)]
    assert found == [(words, f"{SMP}/article/{path}") for words, path in expected.items()]


@pytest.mark.parametrize(
    ("text", "unresolved"),
    [
        ("in accordance with article 18, States", ["article 18"]),
        ("the Protocol and article 9 of the Convention on the Safety of Ferries", ["article 9"]),
        ("the Protocol and article 2 of their criminal codes", ["article 2"]),
        ("paragraph 2 of that article", ["paragraph 2 of that article"]),
        ("the Protocol, carried out by article 240 CP", ["article 240"]),
        ("the Protocol, carried out by the court (art. 5-1 CP)", ["art. 5"]),
        ("articles 1 to 41 of the Convention", ["articles 1 to 41"]),
        ("the Protocol and chapter II, paragraph 3 (e), of the annex to it", ["chapter II"]),
        ("article 12A (2) of the Convention", []),
        ("article 6 bis of their criminal codes", ["article 6 bis"]),
        ("article 18 of the Convention", []),
        ("article 6 of the Protocol, article 7 of the Universal Declaration of Ports, article 8 of the Convention",
         ["article 7"]),
        ("article 6 of the Protocol, article 7 and article 9 of the Ferry Charter", ["article 7", "article 9"]),
        ("the Protocol. Article 9 (Ships), of the Declaration on Ferries", ["Article 9"]),
        ("the Protocol. Article I of,the Ferry Declaration", ["Article I"]),
    ],
)  # fmt: skip
def test_a_provision_of_nothing_named_is_reported_and_not_guessed(
    naming: Naming, text: str, unresolved: list[str]
) -> None:
    assert [span.cut(text) for span in find_citations(text, naming.mentions(text)).unresolved] == unresolved


@pytest.mark.parametrize(
    ("numeral", "value"), [("I", 1), ("II", 2), ("IV", 4), ("VI", 6), ("IX", 9), ("XIV", 14), ("XL", 40)]
)
def test_roman_numerals_have_their_values(numeral: str, value: int) -> None:
    assert roman(numeral) == value
