"""A lexicon out of Turtle, and where its spellings stand in a text."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from ingest.extraction.lexicon import Entry, Lexicon, read_lexicon
from ontology.namespaces import Base
from ontology.terms import Names

TURTLE = """
@prefix pal: <ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<id/actor/interpol> a pal:Organization, pal:Actor ; skos:prefLabel "International Criminal Police Organization"@en ;
    skos:altLabel "INTERPOL"@en ; pal:acronym "INTERPOL"@en .
<id/tool/interpol-databases> a pal:Tool ; skos:prefLabel "INTERPOL databases"@en ; pal:maintainedBy <id/actor/interpol> .
<id/instrument/untoc> a pal:Instrument ; skos:prefLabel "Organized Crime Convention"@en ;
    skos:hiddenLabel "the Convention"@en ; dcterms:title "United Nations Convention"@en .
<id/resolution/cop-5-3> a pal:Resolution ; skos:prefLabel "resolution 5/3"@en .
<id/group/women> a pal:AffectedGroup ; skos:prefLabel "women"@en .
<id/theme/sea> a pal:Theme ; skos:prefLabel "sea"@en .
"""


@pytest.fixture
def small() -> Lexicon:
    names = Names(Base("https://example.org/base/"))
    quads = parse(TURTLE.encode(), RdfFormat.TURTLE, base_iri=names.base.iri)
    return read_lexicon((quad.triple for quad in quads), names)


def test_labels_acronyms_and_titles_of_instruments_are_spellings(small: Lexicon) -> None:
    assert set(small.entries) == {
        Entry("International Criminal Police Organization", "id/actor/interpol", "actor"),
        Entry("INTERPOL", "id/actor/interpol", "actor"),
        Entry("INTERPOL databases", "id/tool/interpol-databases", "tool"),
        Entry("Organized Crime Convention", "id/instrument/untoc", "instrument"),
        Entry("United Nations Convention", "id/instrument/untoc", "instrument"),
        Entry("women", "id/group/women", "group"),
    }


def test_hidden_labels_and_numbers_mean_nothing_in_every_document(small: Lexicon) -> None:
    assert small.shorthands == ()
    assert small.resolutions == {}
    assert small.databases == {"id/actor/interpol": "id/tool/interpol-databases"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INTERPOL databases", ["INTERPOL databases", "INTERPOL"]),
        ("Women met", ["Women"]),
        ("the Women met", []),
        ("womenfolk, all-women, women-led, women’s", ["women"]),
        ("interpol", []),
        ("women, Women. Women", ["women", "Women"]),
    ],
)
def test_spellings_are_found_as_whole_words_in_their_case(small: Lexicon, text: str, expected: list[str]) -> None:
    assert [span.cut(text) for span, _ in small.occurrences(text)] == expected


def test_the_real_lexicon_knows_every_kind(lexicon: Lexicon) -> None:
    assert {entry.kind for entry in lexicon.entries} == {"actor", "tool", "instrument", "group"}
    assert {shorthand.noun for shorthand in lexicon.shorthands} == {"Convention", "Protocol"}
    assert lexicon.bodies == {"resolution": "cop"}
    assert lexicon.databases == {"id/actor/interpol": "id/tool/interpol-databases"}
