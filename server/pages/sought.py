"""What a reader seeks, as expressions of the full-text index: written out, and forgiving where nothing is found."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from server.pages.index import WORD

SHORT_FORMS = {
    "art": "article",
    "arts": "article",
    "conv": "convention",
    "para": "paragraph",
    "paras": "paragraph",
    "rec": "recommendation",
    "recs": "recommendation",
    "res": "resolution",
}
"""What lawyers write for words of this document."""
NEAR = 3
LIKENESS = 0.65
"""How like a word of the index must be to one that is not in it, of 1 (`difflib.SequenceMatcher.ratio`)."""
TRIED, COMPARED = 4, 5_000
"""How many unknown words get words like them, each compared with how many that begin alike: a search stays short."""
_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|(\w+)')
_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.term USING fts5vocab(main, fts, row)"
_BESIDE = "SELECT term FROM term WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ? LIMIT ?"


def expressions(sought: str, index: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Expressions for FTS5 (SQLite FTS5 §3), strictest first, each with how it was relaxed: not, ``near`` or ``some``.

    Words in double quotes stand together; the last word may be unfinished. A word that the index lacks gives way to
    words like it. Whatever else is in ``sought`` is left out, so that no expression is ever malformed.
    """
    parts = _parts(sought)
    if not parts:
        return
    exact = [f'"{part}"' for part in parts]
    exact[-1] += "*"
    yield " ".join(exact), ""
    near = _known_or_near(exact, index)
    if all(near) and near != exact:
        yield " AND ".join(near), "near"
    if any(near) and len(near) > 1:
        yield " OR ".join(filter(None, near)), "some"


def _parts(sought: str) -> Sequence[str]:
    found = (WORD.findall(phrase or word) for phrase, word in _PHRASE_OR_WORD.findall(sought))
    return [" ".join(SHORT_FORMS.get(word.casefold(), word) for word in words) for words in found if words]


def _known_or_near(parts: Sequence[str], index: sqlite3.Connection) -> list[str]:
    """Each part itself where something has it; else words like it; nothing where no word is like it."""
    found, tried = [], 0
    for part in parts:
        if index.execute("SELECT 1 FROM fts WHERE fts MATCH ? LIMIT 1", (part,)).fetchone():
            found.append(part)
        else:
            found.append(_near(part.strip('"*').casefold(), index) if tried < TRIED else "")
            tried += 1
    return found


def _near(word: str, index: sqlite3.Connection) -> str:
    index.execute(_TERMS)
    bounds = (word[0], word[0] + "\uffff", max(len(word) - 4, 2), len(word) + 2, COMPARED)
    like = get_close_matches(word, [term for (term,) in index.execute(_BESIDE, bounds)], NEAR, LIKENESS)
    return "(" + " OR ".join(f'"{each}"*' for each in like) + ")" if like else ""
