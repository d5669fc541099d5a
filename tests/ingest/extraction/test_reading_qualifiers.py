"""Which words bound a directive and which do not, and from where to where they run (`qualifiers.txt`)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.document import Span
from ingest.extraction import Lexicon, extract_text
from ingest.extraction.directives import find_directives
from ingest.extraction.names import Naming
from ingest.extraction.qualifiers import find_qualifiers
from tests.ingest.extraction.marks import plain, sentences_of, with_marks


def as_marked(text: str) -> str:
    found = find_qualifiers(text, Span(0, len(text)))
    return with_marks(text, [(each.span, each.entity.removeprefix("id/qualifier/")) for each in found])


def test_qualifiers_of_the_closed_list_are_read_to_the_end_of_what_they_name() -> None:
    read = {marked: as_marked(plain(marked)) for marked in sentences_of("qualifiers.txt")}
    assert {marked: found for marked, found in read.items() if found != marked} == {}


def test_only_the_words_of_the_directive_are_read_and_places_count_in_the_whole_text() -> None:
    text = "Where relevant. States should, where appropriate, act. If necessary."
    start = text.index("States")
    (found,) = find_qualifiers(text, Span(start, text.index(" If")))
    assert (found.span.start, found.span.end) == (31, 48)
    assert found.span.cut(text) == "where appropriate"


def test_a_qualifier_of_a_lead_in_is_found_in_the_lead_in(lexicon: Lexicon) -> None:
    text = "In accordance with national law, States parties should, where appropriate, do the following:"
    found = extract_text(text, lexicon, "working-group")
    (directive,) = found.directives
    assert [each.span.cut(text) for each in directive.qualifiers] == [
        "In accordance with national law",
        "where appropriate",
    ]
    assert set(directive.qualifiers) <= set(found.mentions)


def test_words_that_bound_no_directive_are_no_mention(lexicon: Lexicon) -> None:
    # The second sentence describes ("could include"); nothing is asked there.
    text = "States parties should share information. Such information could include, where appropriate, names."
    found = extract_text(text, lexicon, "working-group")
    assert [each for each in found.mentions if each.kind == "qualifier"] == []


def test_the_citation_inside_a_qualifier_is_found_as_well(naming: Naming, paragraphs: Mapping[int, str]) -> None:
    found = extract_text(paragraphs[29], naming.lexicon, "working-group").mentions
    (treaties,) = (each for each in found if each.entity == "id/qualifier/in-accordance-with-international-law")
    inside = [each for each in found if each.cites]
    assert [each.entity for each in inside] == ["id/instrument/vccr"]
    assert treaties.span.start < inside[0].span.start < inside[0].span.end < treaties.span.end


@pytest.mark.parametrize(
    ("number", "narrow"),
    [
        (12, []),
        (17, ["if necessary", "when it is envisaged in national legislation"]),
        (21, ["where applicable"]),
        (29, ["where relevant"]),
        (31, ["as appropriate"]),
        (35, ["where appropriate"]),
        (43, []),
        (64, []),
        (68, ["where appropriate"]),
        (92, []),
    ],
)
def test_a_qualifier_bounds_the_directive_or_the_words_it_stands_beside(
    naming: Naming, paragraphs: Mapping[int, str], number: int, narrow: list[str]
) -> None:
    text = paragraphs[number]
    found = find_directives(text, naming.mentions(text), "working-group")
    assert [each.span.cut(text) for directive in found for each in directive.beside] == narrow


def test_a_qualifier_that_is_joined_to_another_bounds_what_that_bounds(naming: Naming) -> None:
    text = "States should offer help, including, where necessary and where appropriate, medical care and shelter."
    (directive,) = find_directives(text, naming.mentions(text), "working-group")
    assert [each.span.cut(text) for each in directive.beside] == ["where necessary", "where appropriate"]
