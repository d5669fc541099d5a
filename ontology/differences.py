"""Compares two versions statement by statement, and reads the subjects of sorted N-Quads.

A graph as sorted N-Quads, which a snapshot has (``graph.nq``), is compared in one pass and without holding either. The
build dates its things by it, and pages show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

_OBJECT = re.compile(r"<[^>]*> <[^>]*> <([^>]*)> ")
_GRAPH = re.compile(r"<([^>]*)> \.$")


class Way(StrEnum):
    """What happened to a statement, a paragraph or some words."""

    SAME = "same"
    CHANGED = "changed"
    RENUMBERED = "renumbered"
    ADDED = "added"
    REMOVED = "removed"


def statement_changes(before: Path, after: Path) -> Iterator[tuple[Way, str]]:
    """The lines that only one of two files of sorted N-Quads has: removed from ``before`` or added in ``after``."""
    with before.open(encoding="utf-8") as earlier, after.open(encoding="utf-8") as later:
        old, new = next(earlier, None), next(later, None)
        while old is not None or new is not None:
            if old == new:
                old, new = next(earlier, None), next(later, None)
            elif new is None or (old is not None and old < new):
                yield Way.REMOVED, old or ""
                old = next(earlier, None)
            else:
                yield Way.ADDED, new
                new = next(later, None)


def subject_of(line: str) -> str:
    """Returns the subject of a line of N-Quads without its fragment; empty for a blank node."""
    return line[1 : line.index(">")].partition("#")[0] if line.startswith("<") else ""


def touched(line: str, things: str) -> set[str]:
    """What a line of N-Quads changes when it comes or goes: what it speaks of, the graph it is in, and what it points
    at, where that begins with ``things``."""
    changed = {subject_of(line)}
    graph, value = _GRAPH.search(line.rstrip()), _OBJECT.match(line)
    if graph:
        changed.add(graph[1])
    if value and value[1].startswith(things):
        changed.add(value[1].partition("#")[0])
    return changed - {""}
