"""What a reader searches for, as expressions of the full-text index: every word with its family, and forgiving where
nothing has all words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from difflib import get_close_matches

from ontology.words import family, normalized

WORD = re.compile(r"[^\W_]+", re.UNICODE)
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
"""What lawyers write for words of these documents."""
MOST = 20
"""How many different words and phrases are searched for; further ones are not read."""
NEAR = 3
LIKENESS = 0.65
"""How like a word of the index must be to one that is not in it, of 1 (`difflib.SequenceMatcher.ratio`)."""
TRIED, COMPARED = 4, 5_000
"""How many unknown words get words like them, each compared with how many that begin alike: a search stays short."""
_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\W_]+)')
_BESIDE = "SELECT word FROM word WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ? LIMIT ?"


def expression(terms: str, index: sqlite3.Connection, *, unfinished: bool = False) -> str:
    """All of the terms as an expression of FTS5 (SQLite FTS5 §3), or nothing where there are none.

    A word stands for the words of its family (`ontology.words`), and for those that begin with it where the index lacks
    it or the last one is ``unfinished``. Words in double quotes stand together as written. Signs are left out, so that
    no expression is ever malformed.
    """
    return " AND ".join(_parts(terms, index, unfinished=unfinished))


def expressions(terms: str, index: sqlite3.Connection, *, unfinished: bool = False) -> Iterator[tuple[str, str]]:
    """Expressions, strictest first, each with how it was relaxed: not, ``instead``, ``near`` or ``some``.

    A word that the index lacks gives way to words like it.
    """
    parts = _parts(terms, index, unfinished=unfinished)
    if not parts:
        return
    yield " AND ".join(parts), ""
    instead = replaced(terms, index)
    if instead != terms:
        yield " AND ".join(_parts(instead, index, unfinished=unfinished)), "instead"
    near = _known_or_near(parts, index)
    if all(near) and near != parts:
        yield " AND ".join(near), "near"
    if any(near) and len(near) > 1:
        yield " OR ".join(filter(None, near)), "some"


def replaced(terms: str, index: sqlite3.Connection) -> str:
    """The terms with the names of themes, groups and treaties instead of other words for the same."""
    known = {normalized(words): normalized(instead) for words, instead in index.execute("SELECT * FROM instead")}
    lowered = " ".join(normalized(terms).split())
    longest = sorted(known, key=len, reverse=True)
    found = re.sub(rf"\b(?:{'|'.join(map(re.escape, longest))})\b", lambda match: known[match[0]], lowered)
    return found if longest and found != lowered else terms


def _parts(terms: str, index: sqlite3.Connection, *, unfinished: bool) -> list[str]:
    parts = []
    for phrase, word in list(dict.fromkeys(_PHRASE_OR_WORD.findall(terms)))[:MOST]:
        words = [normalized(each) for each in WORD.findall(phrase)]
        if words:
            parts.append(f'"{" ".join(words)}"')
        elif word:
            short = normalized(word)
            parts.append(_family(SHORT_FORMS.get(short, short), index))
    if parts and unfinished and not terms.rstrip().endswith('"'):
        begun = normalized(WORD.findall(terms)[-1])
        parts[-1] = f'({parts[-1]} OR "{begun}"*)'
    return parts


def _family(word: str, index: sqlite3.Connection) -> str:
    return _members(family(word), index) or f'"{word}"*'


def _members(name: str, index: sqlite3.Connection) -> str:
    words = [f'"{word}"' for (word,) in index.execute("SELECT word FROM word WHERE family = ?", (name,))]
    return words[0] if len(words) == 1 else f"({' OR '.join(words)})" if words else ""


def _known_or_near(parts: list[str], index: sqlite3.Connection) -> list[str]:
    """Each part itself where something has it; else words like it; nothing where no word is like it."""
    known, tried = [], 0
    for part in parts:
        if index.execute("SELECT 1 FROM fts WHERE fts MATCH ? LIMIT 1", (part,)).fetchone():
            known.append(part)
        else:
            known.append(_near(part.strip('("').partition('"')[0], index) if tried < TRIED else "")
            tried += 1
    return known


def _near(word: str, index: sqlite3.Connection) -> str:
    bounds = (word[0], word[0] + "\uffff", max(len(word) - 4, 2), len(word) + 2, COMPARED)
    like = get_close_matches(word, [other for (other,) in index.execute(_BESIDE, bounds)], NEAR, LIKENESS)
    families = dict.fromkeys(family(other) for other in like)
    return f"({' OR '.join(_members(name, index) for name in families)})" if families else ""
