"""Marks in a text: spans that rules recognised, some inside others, as a tree that a template can write.

A mark cuts the text at its first character and after its last one, in code points. Marks nest; where two cross, the
later one is cut at the end of the earlier. Of several marks around the same words the narrowest gives them its link,
since a link cannot stand in a link. A directive is no narrow mark: its words keep the links of what stands in them, and
a tag before its first word leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Words from ``start`` up to ``end``, of one kind, with what they mean in words and where that leads.

    ``force`` is the strength of a directive.
    """

    start: int
    end: int
    kind: str
    title: str
    href: str = ""
    force: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of marked text: plain words (no ``kind``), or a mark around further pieces."""

    text: str = ""
    kind: str = ""
    title: str = ""
    href: str = ""
    pieces: tuple[Piece, ...] = ()
    force: int | None = None


def marked(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """The text as a tree of pieces. Marks outside the text or without words are left out."""
    usable = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    ordered = sorted(usable, key=lambda mark: (mark.start, -mark.end))
    return _between(text, 0, len(text), ordered)


def _between(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    rest = list(marks)
    while rest:
        mark = rest.pop(0)
        begins, ends = max(mark.start, start), min(mark.end, end)
        if begins >= ends:
            continue
        if begins > start:
            pieces.append(Piece(text[start:begins]))
        inside = [other for other in rest if other.start < ends]
        rest = [other for other in rest if other.end > ends]
        within = _between(text, begins, ends, inside)
        pieces.append(Piece("", mark.kind, mark.title, mark.href, within, mark.force))
        start = ends
    if start < end:
        pieces.append(Piece(text[start:end]))
    return tuple(pieces)


def kinds(pieces: Iterable[Piece]) -> frozenset[str]:
    """The kinds of marks that stand in a text."""
    found: set[str] = set()
    for piece in pieces:
        if piece.kind:
            found.add(piece.kind)
        found |= kinds(piece.pieces)
    return frozenset(found)
