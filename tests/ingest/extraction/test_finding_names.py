"""Actors, tools and groups by their names (`names.txt`)."""

from __future__ import annotations

from ingest.extraction.names import Naming
from tests.ingest.extraction.marks import plain, sentences_of, with_marks

MARKS = {"actor": "", "tool": " (t)", "group": " (g)", "instrument": " (i)"}


def named(naming: Naming, text: str) -> str:
    mentions = naming.mentions(text)
    return with_marks(text, [(each.span, each.entity.rsplit("/", 1)[1] + MARKS[each.kind]) for each in mentions])


def test_names_are_found_in_every_form(naming: Naming) -> None:
    read = {marked: named(naming, plain(marked)) for marked in sentences_of("names.txt")}
    assert {marked: found for marked, found in read.items() if found != marked} == {}
