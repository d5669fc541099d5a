"""What the tests of extraction share: the real lexicon, and the real document's paragraphs by number."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.document import Document
from ingest.extraction import Lexicon
from ingest.extraction.meanings import with_meanings
from ingest.extraction.names import Naming
from ingest.reading import read_document
from ingest.reference import lexicon as read_reference_lexicon
from ontology.layout import ROOT
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names


@pytest.fixture(scope="session")
def corpus_lexicon() -> Lexicon:
    """The spellings that hold in every document."""
    return read_reference_lexicon(Names(Base(DEFAULT_BASE)))


@pytest.fixture(scope="session")
def lexicon(corpus_lexicon: Lexicon, document: Document) -> Lexicon:
    """The spellings with what short names mean in the real document."""
    return with_meanings(corpus_lexicon, document.metadata.means)


@pytest.fixture(scope="session")
def naming(lexicon: Lexicon) -> Naming:
    return Naming(lexicon)


@pytest.fixture(scope="session")
def document() -> Document:
    return read_document(ROOT / "ingest" / "sources" / "som-wg-2015.toml")


@pytest.fixture(scope="session")
def paragraphs(document: Document) -> Mapping[int, str]:
    return {paragraph.number: paragraph.text for paragraph in document.paragraphs}
