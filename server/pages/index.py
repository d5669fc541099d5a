"""The snapshot's full-text index as a list of names: what exists at an address, and everything of one kind."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pyroaring import BitMap

from ontology.ordering import natural
from server.pages.search_terms import expression

RANKED = 5_000
"""How many paragraphs with the same words are put in order of relevance; the others follow by number."""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The index, read-only; it never changes after it was published."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        yield connection


def existing(path: Path, iris: Sequence[str]) -> dict[str, str]:
    """Labels of those IRIs that the index knows, in the order given."""
    marks = ", ".join("?" * len(iris))
    with opened(path) as index:
        found = dict(index.execute(f"SELECT iri, label FROM entry WHERE iri IN ({marks})", tuple(iris)).fetchall())
    return {iri: found[iri] for iri in iris if iri in found}


def of_same_kind(path: Path, iri: str) -> list[tuple[str, str]]:
    """IRIs and labels of everything of the kind of one IRI, numbers in their order; nothing for an unknown one."""
    with opened(path) as index:
        rows = index.execute(
            "SELECT iri, label FROM entry WHERE kind = (SELECT kind FROM entry WHERE iri = ? LIMIT 1)", (iri,)
        ).fetchall()
    return sorted(rows, key=lambda row: natural(row[0]))


def matching(index: sqlite3.Connection, sought: str) -> BitMap:
    """The numbers of all entries that have the words; none has no words."""
    wanted = expression(sought, index)
    if not wanted:
        return BitMap()
    rows = index.execute("SELECT rowid FROM fts WHERE fts MATCH ?", (wanted,))
    return BitMap(array("I", (number for (number,) in rows)))


def ranked(index: sqlite3.Connection, sought: str, chosen: BitMap) -> list[int]:
    """The chosen of the entries that have the words, the best first; of very many only the first are compared."""
    if not chosen:
        return []
    last = chosen[min(len(chosen), RANKED) - 1]
    rows = index.execute(
        "SELECT rowid FROM fts WHERE fts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY bm25(fts, 8.0, 1.0), rowid",
        (expression(sought, index), chosen[0], last),
    )
    return [number for (number,) in rows if number in chosen] + list(chosen[RANKED:])


def snippets(index: sqlite3.Connection, sought: str, chosen: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The words of entries around what matched, cut at the matches."""
    if not chosen:
        return {}
    # The plus keeps SQLite from asking once for each number, which opens the lists of a frequent word each time.
    statement = (
        "SELECT rowid, snippet(fts, 1, char(2), char(3), '…', 40) FROM fts "
        f"WHERE fts MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN ({', '.join('?' * len(chosen))})"
    )
    rows = index.execute(statement, (expression(sought, index), min(chosen), max(chosen), *chosen))
    return {number: cut(words) for number, words in rows}


def cut(snippet: str) -> tuple[str, ...]:
    """A snippet cut at its marks: plain, matched, plain, matched, plain …"""
    return tuple(re.split("[\x02\x03]", snippet))


def labelled(path: Path) -> list[tuple[str, str]]:
    """IRIs and labels of everything in the index."""
    with opened(path) as index:
        return list(index.execute("SELECT iri, label FROM entry ORDER BY id").fetchall())
