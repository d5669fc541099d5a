"""Sentences with what was found in them: ``[UNODC|unodc] should help`` marks the word UNODC with what it names. Marks may
hold marks, and a mark may be of words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.document import Span

_MARK = re.compile(r"\[|(?:\|[^\[\]|]*)?\]")


def plain(marked: str) -> str:
    """The sentence without its marks."""
    return _MARK.sub("", marked)


def with_marks(text: str, found: Iterable[tuple[Span, str]]) -> str:
    """A sentence with marks around what was found, each with its name; no two may overlap in part."""
    ends = [(span.end, 0, -span.start, f"|{name}]" if name else "]") for span, name in found]
    begins = [(span.start, 1, -span.end, "[") for span, _ in found]
    pieces, position = "", 0
    for place, _, _, mark in sorted(ends + begins):
        pieces += text[position:place] + mark
        position = place
    return pieces + text[position:]
