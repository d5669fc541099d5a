"""What the tests of extraction share: names in the real document, and its paragraphs by number."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.document import Document
from ingest.extraction import Lexicon
from ingest.extraction.meanings import with_meanings
from ingest.extraction.names import Naming


@pytest.fixture(scope="session")
def lexicon(corpus_lexicon: Lexicon, document: Document) -> Lexicon:
    """The spellings with what short names mean in the real document."""
    return with_meanings(corpus_lexicon, document.metadata.means)


@pytest.fixture(scope="session")
def naming(lexicon: Lexicon) -> Naming:
    return Naming(lexicon)


@pytest.fixture(scope="session")
def paragraphs(document: Document) -> Mapping[int, str]:
    return {paragraph.number: paragraph.text for paragraph in document.paragraphs}
