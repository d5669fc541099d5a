"""A new issue of a document: each row of its tables keeps which words it was about, whatever program wrote the table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ingest.adding.drafting import keep_judgements
from ingest.corrections import correct
from ingest.document import Document
from ingest.extraction import Lexicon, extract

COLUMNS, ROW = ("recommendation", "change", "reason", "agent"), ("5", "asks nothing", "It reports.", "jane-doe")


@pytest.fixture
def issues(document: Document) -> tuple[Document, Document]:
    first = replace(document.paragraphs[4], text="States should train officials.")
    texts = (first, replace(first, text="States should train officials and guards."))
    before, after = (replace(document, paragraphs=(text,)) for text in texts)
    return before, after


@pytest.mark.parametrize(
    ("name", "separator"), [("directives.csv", ","), ("Directives.CSV", ";"), ("directives.tsv", "\t")]
)
def test_a_correction_of_words_that_changed_is_not_applied(
    tmp_path: Path, issues: tuple[Document, Document], name: str, separator: str, corpus_lexicon: Lexicon
) -> None:
    (tmp_path / name).write_text(f"{separator.join(COLUMNS)}\n{separator.join(ROW)}\n", encoding="utf-8")
    before, after = issues
    (said,) = keep_judgements(tmp_path, before, after)
    assert said.startswith("Recommendations: 1 with other words, 0 new, 0 gone.")
    for document, applied in ((before, 1), (after, 0)):
        read = extract(document, corpus_lexicon)
        found = correct(document, read.findings, tmp_path)
        assert (len(found.corrections), len(found.changed)) == (applied, 1 - applied)


def test_a_workbook_that_cannot_keep_the_words_is_named(tmp_path: Path, issues: tuple[Document, Document]) -> None:
    book = openpyxl.Workbook()
    for row in (COLUMNS, ROW):
        book.worksheets[0].append(row)
    book.save(tmp_path / "directives.xlsx")
    _, said = keep_judgements(tmp_path, *issues)
    assert said.startswith("directives.xlsx cannot keep which words were judged")
