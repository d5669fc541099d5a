"""Which words bound a directive and which do not, and from where to where they run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.document import Span
from ingest.extraction import Lexicon, extract_text
from ingest.extraction.directives import find_directives
from ingest.extraction.names import Naming
from ingest.extraction.qualifiers import find_qualifiers
from tests.ingest.extraction.marks import plain, with_marks

CASES = [
    ("should, as appropriate, strengthen", ["where-appropriate"]),
    ("Where appropriate, States should", ["where-appropriate"]),
    ("where necessary and appropriate", ["where-necessary", "where-appropriate"]),
    ("including legislation, if necessary, to protect", ["where-necessary"]),
    ("and, where applicable, their options", ["where-applicable"]),
    ("and, where relevant, the authorities", ["where-relevant"]),
    ("to legal assistance when it is envisaged in national legislation", ["where-envisaged-in-national-law"]),
    ("where permitted by domestic law", ["where-envisaged-in-national-law"]),
    ("in accordance with national law", ["in-accordance-with-national-law"]),
    ("consistent with their domestic legislation", ["in-accordance-with-national-law"]),
    ("to the extent permitted by their national law", ["in-accordance-with-national-law"]),
    ("in a manner consistent with their respective domestic, legal and administrative systems",
     ["consistent-with-domestic-systems"]),
    ("subject to the fundamental principles of its domestic legal system", ["consistent-with-domestic-systems"]),
    ("to Member States, upon request, to support", ["upon-request"]),
    ("assist States, upon their request", ["upon-request"]),
    ("support Member States, at their request, in doing so", ["upon-request"]),
    ("with the approval of the individual concerned", ["with-consent-of-the-individual"]),
    ("with the informed consent of the person concerned", ["with-consent-of-the-individual"]),
    ("in accordance with the international law of the sea", ["in-accordance-with-international-law"]),
    ("where appropriate and consistent with their obligations under the Vienna Convention on Consular Relations and other treaties",
     ["where-appropriate", "in-accordance-with-international-law"]),
    ("in accordance with international law and domestic legislation",
     ["in-accordance-with-international-law", "in-accordance-with-national-law"]),
    ("on the basis of the principles of national sovereignty, solidarity and the fair sharing of responsibility",
     ["national-sovereignty-and-solidarity"]),
    ("should use, to the fullest extent possible, formal", ["to-the-fullest-extent-possible"]),
    # not qualifiers
    ("their rights under domestic law", []),
    ("In accordance with article 8 of the Smuggling of Migrants Protocol, States", []),
    ("commensurate with the needs, within a reasonable time, at all times, without delay, inter alia", []),
    ("while ensuring the full respect of rights, giving due regard to them, taking into account", []),
    ("provide appropriate and necessary measures; relevant and applicable tools", []),
    ("developed at the request of the Bali Process, and requests for cooperation", []),
    ("incorporating the provisions into their national legislation", []),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[words[:50] for words, _ in CASES])
def test_qualifiers_are_read_from_the_closed_list(words: str, expected: list[str]) -> None:
    found = find_qualifiers(words, Span(0, len(words)))
    assert [each.entity for each in found] == [f"id/qualifier/{slug}" for slug in expected]


WORDS = [
    "assets, [as appropriate], and",
    "[where it is appropriate] to do so",
    "[where necessary] and [appropriate], to",
    "[as and when required], to",
    "help, [in accordance with their domestic law], the",
    "[in accordance with domestic law and administrative procedures] and with partners",
    "[in accordance with the domestic law of the requested State] and in time",
    "[subject to the laws of the country concerned], to",
    "[in accordance with and subject to national law], to",
    "in accordance with article 10 of the Protocol and [consistent with domestic law], share",
    "[in accordance with international law] and [domestic legislation], to",
    "[in accordance with national and [international law]], to",
    "[subject to the fundamental principles of its domestic legal system], to",
    "[consistent with their obligations under the Vienna Convention on Consular Relations and other relevant "
    "treaties], notify",
    "[consistent with their obligations under the Protocol] and provide access to assistance",
    "[consistent with their obligations under international law] to protect refugees",
    "assist States, [upon the request of the State concerned], to",
    "and, [with the approval of the individual concerned], to",
    "[on the basis of the principles of national sovereignty, solidarity and the fair sharing of responsibility] and "
    "to",
    "[to the extent permitted by national law], share",
]


@pytest.mark.parametrize("marked", WORDS)
def test_the_words_of_a_qualifier_run_to_the_end_of_what_it_names(marked: str) -> None:
    text = plain(marked)
    assert with_marks(text, [(each.span, "") for each in find_qualifiers(text, Span(0, len(text)))]) == marked


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
