"""Sentences with what was found in them: ``[UNODC|unodc] should help`` marks the word UNODC with what it names. Marks may
hold marks, a mark may be of words alone, and words in braces belong together. Tables of them lie beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ingest.document import Span

_MARK = re.compile(r"[{}\[]|(?:\|[^\[\]|]*)?\]")


def sentences_of(name: str) -> list[str]:
    """The lines of a table beside this file that are no remarks."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def slug(words: str) -> str:
    """The last part of the path of a thing that nobody has described."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def plain(marked: str) -> str:
    """The sentence without its marks."""
    return _MARK.sub("", marked)


def with_marks(text: str, found: Iterable[tuple[Span, str]], together: Iterable[Span] = ()) -> str:
    """A sentence with marks around what was found, each with its name, and braces; no two may overlap in part."""
    found, together = list(found), list(together)
    ends = [(span.end, 0, -span.start, f"|{name}]" if name else "]") for span, name in found]
    ends += [(span.end, 0, -span.start, "}") for span in together]
    begins = [(span.start, 1, -span.end, "[") for span, _ in found]
    begins += [(span.start, 1, -span.end, "{") for span in together]
    pieces, position = "", 0
    for place, _, _, mark in sorted(ends + begins):
        pieces += text[position:place] + mark
        position = place
    return pieces + text[position:]
