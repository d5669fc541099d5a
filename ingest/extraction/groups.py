"""Affected groups: whose situation a text names, and when a word that could name a group does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon

MIGRANTS = "id/group/migrants"
SMUGGLED_MIGRANTS = "id/group/smuggled-migrants"

_PART_OF_THE_CRIME = re.compile(r"\b(?:smuggl\w*(?:\s+of)?|vulnerable)\s+$", re.IGNORECASE)
"""Before "migrants": the words name the crime (smuggling of migrants, to smuggle migrants) or a narrower group."""
_SMUGGLED = re.compile(
    r"\bmigrants\s+(?:(?:being\s+|already\s+)?smuggled|(?:who|that)\s+(?:are|were|have\s+been|had\s+been|"
    r"are\s+being)\s+(?:smuggled|the\s+objects?\s+of\s+(?:the\s+|such\s+)?smuggling))\b"
)
_LOOK_BACK = 40


def group_mentions(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """The groups that a text names, overlaps still to be settled by length."""
    for span, entry in lexicon.occurrences(text):
        if entry.kind == "group" and _names_people(text, span, entry.entity):
            yield Mention(span, entry.entity, "group")
    for found in _SMUGGLED.finditer(text):
        yield Mention(Span(*found.span()), SMUGGLED_MIGRANTS, "group")


def _names_people(text: str, span: Span, entity: str) -> bool:
    before = text[max(0, span.start - _LOOK_BACK) : span.start]
    if entity == MIGRANTS:
        return _PART_OF_THE_CRIME.search(before) is None
    return True
