"""A document may have any name, such as that of a step of the paths below it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.describing.annotations import AnnotationDescriber
from ingest.document import Document
from ingest.extraction import Lexicon, extract
from ontology.namespaces import DEFAULT_BASE, Base, paragraph_and_item
from ontology.terms import Names

NAMES = Names(Base(DEFAULT_BASE))


@pytest.fixture(scope="module", params=["item", "paragraph", "directive"])
def document(document: Document, request: pytest.FixtureRequest) -> Document:
    """Two paragraphs of the shipped document under another name."""
    some = tuple(one for one in document.paragraphs if one.number in (24, 90))
    return replace(document, metadata=replace(document.metadata, slug=request.param), paragraphs=some)


def test_what_an_item_mentions_is_said_of_its_paragraph(document: Document, corpus_lexicon: Lexicon) -> None:
    quads = list(AnnotationDescriber(document, extract(document, corpus_lexicon).findings, NAMES).quads())
    named = {quad.subject for quad in quads if quad.predicate in map(NAMES.pal, ("mentions", "cites", "affects"))}
    assert all(NAMES.path(node).startswith(f"{document.path}/") for node in named)
    assert NAMES.node(document.paragraph_path(90)) in named  # In its item (a).
    assert NAMES.node(document.item_path(90, "a")) not in named


@pytest.mark.parametrize("name", ["som-wg-2015", "item", "paragraph"])
@pytest.mark.parametrize("base", ["", DEFAULT_BASE, "https://example.org/item/"])
def test_the_paragraph_and_item_of_a_path_are_told_by_their_place_in_it(base: str, name: str) -> None:
    whole = f"{base}id/document/{name}"
    assert paragraph_and_item(f"{whole}/paragraph/annex-3/item/b") == (f"{whole}/paragraph/annex-3", "b")
    assert paragraph_and_item(f"{whole}/paragraph/3/item/b/directive/0") == (f"{whole}/paragraph/3", "b")
    assert paragraph_and_item(f"{whole}/paragraph/3/directive/0") == (f"{whole}/paragraph/3", "")
    assert paragraph_and_item(f"{whole}/text/3") == (f"{whole}/text/3", "")
