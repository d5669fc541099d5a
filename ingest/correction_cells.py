"""The cells of a row of corrections as values: the paragraph that it is about, words as a span, slugs, who and why."""

from __future__ import annotations

import re

from ingest.document import Document, Paragraph, Span, nth_place
from ingest.editorial import agents_of
from ingest.metadata import SLUG
from ingest.spreadsheets import Row

NONE = "-"
YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


def paragraph_of(document: Document, row: Row) -> Paragraph:
    wanted = row.values["recommendation"].replace(".", "-")
    for paragraph in document.paragraphs:
        if paragraph.is_recommendation and paragraph.key == wanted:
            return paragraph
    problem = f"recommendation {row.values['recommendation']!r}"
    expected = "the number of a recommendation of this document"
    raise row.error(problem, expected, "recommendation")


def details(row: Row) -> tuple[str, tuple[str, ...]]:
    row.require(("reason", "agent"))
    return row.values["reason"], agents_of(row)


def slugs(row: Row, column: str) -> tuple[str, ...]:
    cell = row.values[column]
    slugs = () if cell == NONE else tuple(dict.fromkeys(re.split(r"[\s,;]+", cell)))
    if wrong := [slug for slug in slugs if not SLUG.fullmatch(slug)]:
        raise row.error(f"{column} {wrong[0]!r}", "the slugs of actors, or -", column)
    return slugs


def place(row: Row, column: str, text: str, within: Span | None = None) -> Span:
    """Where the words of a cell stand in a text: at their first place, or at the one that ``occurrence`` counts."""
    words = " ".join(row.values.get(column, "").split())
    bounds = within or Span(0, len(text))
    nth = row.values.get("occurrence", "") or "1"
    count = int(nth) if column == "words" and nth.isascii() and nth.isdigit() else 1
    start = nth_place(text, words, count, bounds.start, bounds.end)
    if start < 0:
        expected = "words of the directive" if within else "words of the text, letter for letter"
        raise row.error(f"{column} {words!r}", expected, column)
    return Span(start, start + len(words))
