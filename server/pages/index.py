"""The snapshot's full-text index as a list of names: what exists at an address, and everything of one kind."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

WORD = re.compile(r"\w+", re.UNICODE)
PARAGRAPHS = """
SELECT entry.iri, snippet(fts, 1, char(2), char(3), '…', 40)
FROM fts JOIN entry ON entry.id = fts.rowid
WHERE fts MATCH ? AND entry.kind = 'paragraph' ORDER BY bm25(fts, 8.0, 1.0)
"""


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


def natural(words: str) -> tuple[tuple[int, str], ...]:
    """A sort key that counts: article 9 before article 10."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", words))


def words_found(path: Path, sought: str) -> dict[str, tuple[str, ...]]:
    """The paragraphs that have all of the words, best first, each with a snippet cut at its matches."""
    words = [f'"{word}"' for word in WORD.findall(sought)]
    if not words:
        return {}
    words[-1] += "*"
    with opened(path) as index:
        rows = index.execute(PARAGRAPHS, (" ".join(words),)).fetchall()
    return {iri: cut(snippet) for iri, snippet in rows}


def cut(snippet: str) -> tuple[str, ...]:
    """A snippet cut at its marks: plain, matched, plain, matched, plain …"""
    return tuple(re.split("[\x02\x03]", snippet))


def labelled(path: Path) -> list[tuple[str, str]]:
    """IRIs and labels of everything in the index."""
    with opened(path) as index:
        return list(index.execute("SELECT iri, label FROM entry ORDER BY id").fetchall())
