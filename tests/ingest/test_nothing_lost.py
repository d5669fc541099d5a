"""Every word of a source stands in its document, in order; what is left over is a short list of marks with names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ingest.document import Document
from ingest.reading import read_document
from ontology.layout import ROOT

REAL = ROOT / "ingest" / "sources" / "som-wg-2015.toml"
FIXTURES = ROOT / "tests" / "fixtures" / "documents"
CULTURAL = FIXTURES / "cultural-objects-wg-2020.toml"
FISHING = FIXTURES / "fishing-vessels-wg-2023.toml"

WITHOUT_WORDS = {"heading sign", "bold mark", "italic mark", "escape", "line break", "page rule", "byte order mark"}
BETWEEN_PAGES = {"page number", "running header"}


def source_of(path: Path) -> str:
    return path.with_suffix(".md").read_bytes().decode("utf-8")


def without(text: str, ranges: list[tuple[int, int]]) -> str:
    kept, position = [], 0
    for start, end in sorted(ranges):
        kept.append(text[position:start])
        position = max(position, end)
    return "".join([*kept, text[position:]])


def flow(document: Document) -> list[tuple[int, str]]:
    """What is printed in masthead, sections, paragraphs and items, with its place in reading order."""
    parts = [(document.masthead.order, document.masthead.text)]
    for section in document.sections:
        number = f"{section.printed}. " if section.printed else ""
        parts.append((section.order, number + section.heading))
    for paragraph in document.paragraphs:
        parts.append((paragraph.order, f"{paragraph.number}. {paragraph.text}"))
        parts += [(item.order, f"({item.letter}) {item.text}") for item in paragraph.items]
    return sorted(parts)


def test_the_words_of_the_real_source_are_the_words_of_its_document_in_reading_order() -> None:
    document, source = read_document(REAL), source_of(REAL)
    left = without(source, [(mark.source.start, mark.source.end) for mark in document.furniture])
    notes = [(note.order, f"{note.mark} {note.text}") for note in document.footnotes]
    words = " ".join(text for _, text in sorted([*flow(document), *notes])).split()
    assert words == left.split()


def test_the_furniture_of_the_real_source_is_its_markdown_marks_and_nothing_else() -> None:
    counted = Counter((mark.kind, mark.marks) for mark in read_document(REAL).furniture)
    assert counted == {
        ("heading sign", "#"): 1,
        ("heading sign", "##"): 10,
        ("heading sign", "###"): 7,
        ("bold mark", "**"): 38,
        ("page rule", "---"): 2,
        ("escape", "\\"): 2,
    }


@pytest.mark.parametrize("path", [CULTURAL, FISHING], ids=lambda path: path.stem)
def test_the_words_outside_footnotes_are_those_of_the_document_in_reading_order(path: Path) -> None:
    document, source = read_document(path), source_of(path)
    aside = [(mark.source.start, mark.source.end) for mark in document.furniture]
    aside += [(note.source.start, note.source.end) for note in document.footnotes]
    # A word that is split at its hyphen by the end of a line is one word again; no other word changes.
    left = without(source, aside).replace("capacity-\nbuilding", "capacity-building")
    assert " ".join(text for _, text in flow(document)).split() == left.split()


@pytest.mark.parametrize("path", [REAL, CULTURAL], ids=lambda path: path.stem)
def test_the_words_of_a_footnote_are_those_at_its_place_in_the_source(path: Path) -> None:
    document, source = read_document(path), source_of(path)
    assert document.footnotes
    for note in document.footnotes:
        inside = [
            (mark.source.start - note.source.start, mark.source.end - note.source.start)
            for mark in document.furniture
            if note.source.start <= mark.source.start < note.source.end
        ]
        left = without(source[note.source.start : note.source.end], inside)
        assert f"{note.mark} {note.text}".split() == left.split()


@pytest.mark.parametrize("path", [REAL, CULTURAL, FISHING], ids=lambda path: path.stem)
def test_furniture_is_what_stands_at_its_place_and_holds_no_words(path: Path) -> None:
    source = source_of(path)
    for mark in read_document(path).furniture:
        assert source[mark.source.start : mark.source.end].strip() == mark.marks
        assert mark.kind in WITHOUT_WORDS | BETWEEN_PAGES
        assert mark.kind in BETWEEN_PAGES or not any(sign.isalnum() for sign in mark.marks)
        assert source.count("\n", 0, mark.source.start) + 1 == mark.source.first_line
