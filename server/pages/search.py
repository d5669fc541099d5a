"""Search: one list of recommendations, articles, actors, themes and the rest, from the snapshot's full-text index."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import ClassVar

from server.pages.framing import frame
from server.pages.index import RANKED, cut, opened
from server.pages.search_terms import expressions
from server.pages.views import Frame, Link
from server.web.exchange import Exchange

SHOWN = 60
KINDS = {
    "paragraph": "Recommendations",
    "article": "Articles",
    "chapter": "Chapters",
    "instrument": "Instruments",
    "actor": "Actors",
    "tool": "Tools",
    "theme": "Themes",
    "group": "Affected groups",
    "section": "Sections",
    "meeting": "Meetings",
    "modality": "Operative phrases",
    "qualifier": "Qualifiers",
    "resolution": "Resolutions",
}
_OPEN = "\x02"
_MATCHING = "SELECT rowid FROM fts WHERE fts MATCH ? LIMIT ?"
_BEST = "SELECT rowid FROM fts WHERE fts MATCH ? AND rowid <= ? ORDER BY bm25(fts, 8.0, 1.0) LIMIT ?"
_SHOWN = """
SELECT fts.rowid, entry.iri, entry.kind, entry.label,
       snippet(fts, 0, char(2), char(3), '…', 40) AS name, snippet(fts, 1, char(2), char(3), '…', 32) AS words
FROM fts CROSS JOIN entry ON entry.id = fts.rowid
WHERE fts MATCH ? AND fts.rowid BETWEEN ? AND ? AND +fts.rowid IN ({})
"""
"""The plus keeps SQLite from asking once for each number, which opens the lists of a frequent word each time."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a link, its kind, and a snippet as pieces of which every second one matched."""

    link: Link
    kind: str
    snippet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """What was sought and found, by kind. ``relaxed`` says how: by words ``near`` it, or by ``some`` of them."""

    template: ClassVar[str] = "search.html"

    frame: Frame
    sought: str
    groups: tuple[tuple[str, tuple[Hit, ...]], ...]
    total: int
    relaxed: str
    more: bool


async def search_page(sought: str, exchange: Exchange) -> SearchView:
    """The view of a search. An empty one shows the form."""
    hits, relaxed = find(sought, exchange, SHOWN + 1)
    shown = hits[:SHOWN]
    groups = tuple(
        (heading, found)
        for kind, heading in KINDS.items()
        if (found := tuple(hit for hit in shown if hit.kind == kind))
    )
    first = {hit.kind: place for place, hit in reversed(list(enumerate(shown)))}
    heading_of = {heading: kind for kind, heading in KINDS.items()}
    return SearchView(
        frame=frame(
            exchange,
            "search",
            f"Search: {sought}" if sought else "Search",
            "Search recommendations, articles, actors, themes and tools.",
            sought=sought,
            indexed=False,
        ),
        sought=sought,
        groups=tuple(sorted(groups, key=lambda group: first[heading_of[group[0]]])),
        total=len(shown),
        relaxed=relaxed,
        more=len(hits) > SHOWN,
    )


def find(sought: str, exchange: Exchange, limit: int, *, unfinished: bool = False) -> tuple[list[Hit], str]:
    """What a search finds, best first, and how the search was relaxed because nothing has all its words."""
    with opened(exchange.snapshot.search_path) as index:
        for expression, relaxed in expressions(sought, index, unfinished=unfinished):
            rows = _best(expression, index, limit)
            if rows:
                return [_hit(row, exchange) for row in rows], relaxed
    return [], ""


def _best(expression: str, index: sqlite3.Connection, limit: int) -> list[tuple[str, str, str, str, str]]:
    """The best matches. Of very many only the first are compared, among them all that no document brings."""
    some = index.execute(_MATCHING, (expression, RANKED)).fetchall()
    if not some:
        return []
    best = [number for (number,) in index.execute(_BEST, (expression, some[-1][0], limit))]
    shown = index.execute(_SHOWN.format(", ".join("?" * len(best))), (expression, min(best), max(best), *best))
    rows = {number: row for number, *row in shown}
    return [tuple(rows[number]) for number in best]


def _hit(row: tuple[str, str, str, str, str], exchange: Exchange) -> Hit:
    iri, kind, label, name, words = row
    snippet = words if _OPEN in words or _OPEN not in name else name
    return Hit(Link(exchange.urls.of(iri), label), kind, cut(snippet))
