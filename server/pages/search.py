"""Search: recommendations, articles, actors, themes and the rest, from the snapshot's full-text index."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Sequence

from pyroaring import BitMap

from ontology.namespaces import shorten
from ontology.words import natural
from server.pages.page import Page, Questions
from server.pages.provision import examples
from server.pages.search_terms import expression, expressions, named, replaced, together
from server.pages.values import Link, View, of_several, text
from server.web.answers import Answer, json_answer
from server.web.errors import BadRequest
from server.web.request import Exchange

SHOWN, MOST = 60, 400
KINDS = {
    "document": "Documents",
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
    "qualifier": "Qualifying phrases",
    "action": "Actions",
    "resolution": "Resolutions",
}
_OPEN = "\x02"
_MATCHING = "SELECT rowid FROM fts WHERE fts MATCH ? LIMIT ?"
_BEST = "SELECT rowid FROM fts WHERE fts MATCH ? AND rowid <= ? ORDER BY bm25(fts, 8.0, 1.0) LIMIT ?"
_OF_KINDS = """
SELECT entry.iri, entry.label FROM fts CROSS JOIN entry ON entry.id = fts.rowid
WHERE fts MATCH ? AND fts.rowid <= ? AND entry.kind IN ({}) ORDER BY bm25(fts, 8.0, 1.0) LIMIT ?
"""
_SHOWN = """
SELECT fts.rowid, entry.iri, entry.kind, entry.label,
       snippet(fts, 0, char(2), char(3), '…', 40) AS name, snippet(fts, 1, char(2), char(3), '…', 32) AS words
FROM fts CROSS JOIN entry ON entry.id = fts.rowid
WHERE fts MATCH ? AND fts.rowid BETWEEN ? AND ? AND +fts.rowid IN ({})
"""
"""The plus keeps SQLite from asking once for each number, which opens the lists of a frequent word each time."""


def search_page(terms: str, kind: str, exchange: Exchange) -> Page:
    """The view of a search, of one kind of thing or of all. An empty one shows the form. Raises `BadRequest` for an
    unknown kind."""
    if kind and kind not in KINDS:
        raise BadRequest(f"“kind” is one of {', '.join(KINDS)}.")
    lead = named(terms, exchange) if terms and not kind else []
    hits, relaxed = find(terms, exchange, MOST + 1)
    leading = {to.href for to in lead}
    hits = [hit for hit in hits if hit.link.href not in leading]
    counts = {name: sum(hit.kind == name for hit in hits) for name in KINDS}
    shown = [hit for hit in hits if not kind or hit.kind == kind][:SHOWN]
    groups = {name: tuple(hit for hit in shown if hit.kind == name) for name in KINDS}
    instead = replaced(terms, exchange.snapshot.index) if relaxed in ("instead", "also") else ""
    return Questions(exchange).page(
        "search.html",
        "search",
        f"Search: {terms}" if terms else "Search",
        "Search recommendations, articles, actors, themes and tools.",
        search_terms=terms,
        hints=() if terms else examples(exchange),
        indexed=False,
        terms=terms,
        lead=lead,
        instead=instead,
        groups=tuple((KINDS[name], groups[name]) for name in dict.fromkeys(hit.kind for hit in shown)),
        total=len(shown) + len(lead),
        relaxed=relaxed,
        more=len(hits) > len(shown),
        kind=kind,
        kinds=KINDS,
        counts={name: count for name, count in counts.items() if count},
    )


def find(terms: str, exchange: Exchange, limit: int, *, unfinished: bool = False) -> tuple[list[View], str]:
    """What a search finds, best first, and how the search was relaxed because nothing has all its words.

    Where no recommendation has words for which there are others of the same meaning, those are searched instead; where
    the words are several, ``also``.
    """
    index = exchange.snapshot.index
    rows: list[tuple[str, str, str, str, str]] = []
    also = ""
    for match, relaxed in expressions(terms, index, unfinished=unfinished):
        if rows and relaxed != "instead":
            break
        more = _best(match, index.database, limit)
        rows += [row for row in more if row not in rows]
        found = any(kind == "paragraph" for _, kind, *_ in rows)
        if found and not relaxed and together(terms, index) != terms:
            also = "also"
        elif found or (rows and replaced(terms, index) == terms):
            return [_hit(row, exchange) for row in rows[:limit]], also or relaxed
    return [_hit(row, exchange) for row in rows[:limit]], ""


def _best(expression: str, index: sqlite3.Connection, limit: int) -> list[tuple[str, str, str, str, str]]:
    """The best matches. Of very many only the first are compared, among them all that no document brings."""
    some = index.execute(_MATCHING, (expression, RANKED)).fetchall()
    if not some:
        return []
    best = [number for (number,) in index.execute(_BEST, (expression, some[-1][0], limit))]
    shown = index.execute(_SHOWN.format(", ".join("?" * len(best))), (expression, min(best), max(best), *best))
    rows = {number: row for number, *row in shown}
    return [tuple(rows[number]) for number in best]


def entries(
    terms: str, exchange: Exchange, kinds: Sequence[str], limit: int, *, unfinished: bool = False
) -> list[tuple[str, str]]:
    """IRIs and labels of the things of some kinds that a search finds, best first."""
    statement = _OF_KINDS.format(", ".join("?" * len(kinds)))
    index, database = exchange.snapshot.index, exchange.snapshot.index.database
    for match, _ in expressions(terms, index, unfinished=unfinished):
        matching = database.execute(_MATCHING, (match, RANKED)).fetchall()
        if matching and (rows := database.execute(statement, (match, matching[-1][0], *kinds, limit)).fetchall()):
            return rows
    return []


def _hit(row: tuple[str, str, str, str, str], exchange: Exchange) -> View:
    """One thing found: a link, its kind, and a snippet as pieces of which every second one matched."""
    iri, kind, label, name, words = row
    snippet = words if _OPEN in words or _OPEN not in name else name
    link = Link(exchange.urls.of(iri), label, of_several(iri, exchange))
    return View(link=link, kind=kind, snippet=cut(snippet))


RANKED = 5_000
"""How many paragraphs with the same words are put in order of relevance; the others follow by number."""


def of_same_kind(index: sqlite3.Connection, iri: str) -> list[tuple[str, str]]:
    """IRIs and labels of everything of the kind of one IRI, numbers in their order; nothing for an unknown one."""
    rows = index.execute(
        "SELECT iri, label FROM entry WHERE kind = (SELECT kind FROM entry WHERE iri = ? LIMIT 1)", (iri,)
    ).fetchall()
    return sorted(rows, key=lambda row: natural(row[0]))


def matching(index: sqlite3.Connection, terms: str) -> BitMap:
    """The numbers of all entries that have the words; none has no words."""
    wanted = expression(terms, index)
    if not wanted:
        return BitMap()
    rows = index.execute("SELECT rowid FROM fts WHERE fts MATCH ?", (wanted,))
    return BitMap(array("I", (number for (number,) in rows)))


def ranked(index: sqlite3.Connection, terms: str, chosen: BitMap) -> list[int]:
    """The chosen of the entries that have the words, the best first; of very many only the first are compared."""
    if not chosen:
        return []
    last = chosen[min(len(chosen), RANKED) - 1]
    rows = index.execute(
        "SELECT rowid FROM fts WHERE fts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY bm25(fts, 8.0, 1.0), rowid",
        (expression(terms, index), chosen[0], last),
    )
    return [number for (number,) in rows if number in chosen] + list(chosen[RANKED:])


def snippets(index: sqlite3.Connection, terms: str, chosen: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The words of entries around what matched, cut at the matches."""
    if not chosen:
        return {}
    # The plus keeps SQLite from asking once for each number, which opens the lists of a frequent word each time.
    statement = (
        "SELECT rowid, snippet(fts, 1, char(2), char(3), '…', 40) FROM fts "
        f"WHERE fts MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN ({', '.join('?' * len(chosen))})"
    )
    rows = index.execute(statement, (expression(terms, index), min(chosen), max(chosen), *chosen))
    return {number: cut(words) for number, words in rows}


def cut(snippet: str) -> tuple[str, ...]:
    """A snippet cut at its marks: plain, matched, plain, matched, plain …"""
    return tuple(re.split("[\x02\x03]", snippet))


SUGGESTED = 8


def names_json(exchange: Exchange) -> Answer:
    """Prefixed names with their labels as completions of CodeMirror: terms of the vocabulary that statements have (no
    inverses), then things."""
    prefixes = exchange.snapshot.prefixes
    rows = exchange.store.select("vocabulary-terms")
    inverses = {text(row, "term") for row in exchange.store.select("inverse-terms")}
    terms = {text(row, "term"): (text(row, "label"), text(row, "kind")) for row in rows}
    entries = exchange.snapshot.index.database.execute("SELECT iri, label FROM entry ORDER BY id")
    things = {iri: (label, "constant") for iri, label in entries}
    groups = []
    for iri, (label, kind) in (terms | things).items():
        name = shorten(iri, prefixes)
        if name != iri and "/" not in name and iri not in inverses:
            groups.append({"label": name, "detail": label, "type": kind})
    groups += [
        {"label": f"{prefix}:", "detail": namespace, "type": "namespace"} for prefix, namespace in prefixes.items()
    ]
    return json_answer(groups)


def suggestions(terms: str, exchange: Exchange) -> Answer:
    """The best results of a search: address, name and kind of each."""
    if not terms:
        return json_answer([])
    lead = {to.href: to for to in named(terms, exchange)}
    links = [_suggestion(to, _kind(to.href)) for to in lead.values()]
    hits, _ = find(terms, exchange, SUGGESTED, unfinished=True)
    links += [_suggestion(hit.link, KINDS[hit.kind].removesuffix("s")) for hit in hits if hit.link.href not in lead]
    return json_answer(links[:SUGGESTED])


def _suggestion(to: Link, kind: str) -> dict[str, str]:
    return {"href": to.href, "label": f"{to.label}: {to.note}" if to.note else to.label, "kind": kind}


def _kind(href: str) -> str:
    """What a page is about, by its address."""
    if "/instrument/" in href:
        return "Article"
    return "Recommendation" if "/paragraph/" in href else "Document"


OPENSEARCH = "application/opensearchdescription+xml"


def opensearch(exchange: Exchange) -> Page:
    """The description of the search for browsers."""
    return Page("opensearch.xml", {"address": exchange.urls.canonical("search?q={searchTerms}")})
