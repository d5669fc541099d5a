"""Extraction of the whole document: what holds for every finding, and that long texts take no more than their share."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ingest.document import Document
from ingest.extraction import Extraction, Lexicon, extract
from ingest.extraction.citations import find_citations
from ingest.extraction.directives import find_directives
from ingest.extraction.names import Naming
from ingest.extraction.resolutions import resolution_mentions


@pytest.fixture(scope="module")
def extraction(document: Document, lexicon: Lexicon) -> Extraction:
    return extract(document, lexicon)


def test_every_paragraph_item_and_footnote_has_findings_at_its_path(document: Document, extraction: Extraction) -> None:
    paths = {document.paragraph_path(each.number) for each in document.paragraphs}
    items = {document.item_path(each.number, item.letter) for each in document.paragraphs for item in each.items}
    assert set(extraction.findings) == paths | items | {f"{document.path}/footnote/1"}
    assert extraction.unresolved == ()


def test_every_recommendation_has_a_directive_and_no_other_text_has(document: Document, extraction: Extraction) -> None:
    recommendations = {document.paragraph_path(each.number) for each in document.paragraphs if each.is_recommendation}
    assert len(recommendations) == 88
    assert {path for path, found in extraction.findings.items() if found.directives} == recommendations


def test_no_two_mentions_share_a_span_and_no_two_directives_a_beginning(extraction: Extraction) -> None:
    for found in extraction.findings.values():
        spans = [mention.span for mention in found.mentions]
        beginnings = [directive.span.start for directive in found.directives]
        assert len(set(spans)) == len(spans)
        assert spans == sorted(spans)
        assert len(set(beginnings)) == len(beginnings)


def test_every_span_cuts_words_without_space_at_their_ends(document: Document, extraction: Extraction) -> None:
    for paragraph in document.paragraphs:
        found = extraction.findings[document.paragraph_path(paragraph.number)]
        spans = [mention.span for mention in found.mentions]
        spans += [span for each in found.directives for span in (each.span, each.operative)]
        for span in spans:
            words = span.cut(paragraph.text)
            assert words == words.strip() != ""
        for each in found.directives:
            is_second_of_84 = paragraph.number == 84 and each is found.directives[1]
            assert each.operative.start < each.operative.end <= each.span.end
            assert each.span.start <= each.operative.start or is_second_of_84
            assert not each.span.cut(paragraph.text).endswith((".", ":"))


def test_an_unresolved_citation_is_reported_in_words(document: Document, lexicon: Lexicon) -> None:
    first = replace(document.paragraphs[4], text="States should apply article 18.")
    found = extract(replace(document, paragraphs=(first,)), lexicon)
    assert [str(each) for each in found.unresolved] == [
        "id/document/som-wg-2015/paragraph/5, characters 20 to 30: nothing says which is meant by “article 18”"
    ]


NOISE = [
    "States parties should and ",
    "The Working Group requested, ",
    "article 6, paragraph 1 and ",
    "paragraph 1 of article ",
    "subparagraph (a) of ",
    "articles 1, 2 and 3 to 9, ",
    "international, regional and ",
    "should, a, b, ",
    "consider , and, ",
    "in accordance with ",
    "resolutions 5/3, ",
    "that which who may ",
    "request technical assistance, including ",
    "States parties, UNODC, ",
    "also also ",
    "((((",
    ", ",
    " ",
    "a",
]


@pytest.mark.parametrize("words", NOISE)
def test_noise_takes_time_in_proportion_to_its_length(naming: Naming, lexicon: Lexicon, words: str) -> None:
    def seconds(length: int) -> float:
        text = (words * (length // len(words) + 1))[:length]
        start = time.process_time()
        names = naming.mentions(text)
        find_citations(text, names)
        list(resolution_mentions(text, lexicon))
        find_directives(text, names, "working-group")
        return time.process_time() - start

    # What else the machine does may disturb one measurement, not three in a row.
    assert any(seconds(4_000) < 12 * seconds(1_000) + 0.025 for _ in range(3))
