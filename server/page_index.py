"""The opened index of pages: values of filters and who has them, as sets of numbers, and the rows of lists.

The cost of a page depends on the rows that it shows, that of a count is one intersection of compressed sets for each
value; neither grows with the corpus. The file, which `ingest/page_index.py` wrote, never changes after it was
published; sets that were read once stay, a few bytes a fact.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from random import randint
from threading import local
from typing import Any, NamedTuple, TypeVar

from pyroaring import BitMap

from server.cache import kept_with

R = TypeVar("R")
KEPT = 5_000
"""How many sets of things, and rows of each kind, are kept once read; the sets of filters are all kept."""
AT_ONCE = 500
"""How many rows are fetched with one statement."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a filter: what stands in addresses for it, its name, its term as SPARQL writes it, and who has it.
    One that is ``narrow`` counts in its wider one as well."""

    slug: str
    label: str
    term: str
    narrow: bool
    members: BitMap


class Opened:
    """A file of a snapshot, which threads share: each opens it when it first needs it, read-only and never to change,
    whatever characters its folder has in its name."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._opened = local()

    @property
    def database(self) -> sqlite3.Connection:
        """The file as this thread has it."""
        database: sqlite3.Connection | None = getattr(self._opened, "database", None)
        if database is None:
            database = self._opened.database = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        return database


class Index(Opened):
    """The index in a file, which threads share. Numbers of paragraphs run through the corpus, by document and then by
    paragraph; so do numbers of directives. A recommendation is a paragraph that a meeting adopted. ``values`` gives
    the values of a filter by slug, in the order in which they are listed; none of an unknown one."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._point = lru_cache(maxsize=KEPT)(self._read_point)
        self.values = cache(self._read_values)
        self.kept = defaultdict[str, dict[int, list[Any]]](dict)

    @cached_property
    def recommendations(self) -> BitMap:
        """All recommendations."""
        return BitMap.union(BitMap(), *(value.members for value in self.values("document").values()))

    @cached_property
    def documents(self) -> int:
        """How many documents have recommendations."""
        return len(self.values("document"))

    def _read_values(self, name: str) -> Mapping[str, Value]:
        rows = self.database.execute(
            "SELECT value, label, term, narrow, members FROM fact WHERE way = ? AND label IS NOT NULL ORDER BY id",
            (name,),
        )
        return {
            slug: Value(slug, label, term, bool(narrow), BitMap.deserialize(members))
            for slug, label, term, narrow, members in rows
        }

    def with_value(self, name: str, slug: str) -> BitMap:
        """The recommendations that have a value of a filter."""
        value = self.values(name).get(slug)
        return value.members if value else BitMap()

    def pointing(self, way: str, things: Iterable[str]) -> BitMap:
        """The paragraphs, or the directives, that point to one of these things in a way; see `queries/tables`. What is
        returned is not to be changed."""
        sets = [self._point(way, thing) for thing in things]
        return sets[0] if len(sets) == 1 else BitMap.union(BitMap(), *sets)

    def _read_point(self, way: str, thing: str) -> BitMap:
        statement = "SELECT members FROM fact WHERE way = ? AND value = ?"
        row = self.database.execute(statement, (way, thing)).fetchone()
        return BitMap.deserialize(row[0]) if row else BitMap()

    def targets(self, way: str) -> list[str]:
        """All things that are pointed to in a way."""
        statement = "SELECT value FROM fact WHERE way = ? AND label IS NULL"
        return [thing for (thing,) in self.database.execute(statement, (way,))]

    @cached_property
    def figures(self) -> Mapping[str, int]:
        """The figures of the build by name."""
        return {name: json.loads(number) for name, number in _records(self.database, "figure")}

    @cached_property
    def reviewed(self) -> tuple[int, int]:
        """How many editorial links a named person has reviewed, and how many there are."""
        rows = judgements(self.database)
        return sum(row.links for row in rows if row.status == "reviewed"), sum(row.links for row in rows)

    def known(self, iri: str) -> str | None:
        """The label of a thing that search knows, or None."""
        row = self.database.execute("SELECT label FROM entry WHERE iri = ?", (iri,)).fetchone()
        return str(row[0]) if row else None

    def number(self, iri: str) -> int | None:
        """The number of a thing that search knows, or None."""
        row = self.database.execute("SELECT id FROM entry WHERE iri = ?", (iri,)).fetchone()
        return int(row[0]) if row else None

    def read_somewhere(self) -> None:
        """Reads a row, another one each time. Raises `sqlite3.DatabaseError` where the file cannot be read."""
        last = self.database.execute("SELECT max(id) FROM entry").fetchone()[0] or 0
        self.database.execute("SELECT text FROM entry WHERE id >= ? LIMIT 1", (randint(0, last),)).fetchone()


class LineRow(NamedTuple):
    """A paragraph as lists show it; ``document`` is the IRI of its document, ``year`` that of its meeting."""

    id: int
    iri: str
    document: str
    label: str
    number: int | str
    adopted: bool
    section: str
    year: str
    force: int | None
    directives: int
    considers: bool
    text: str


@dataclass(frozen=True, slots=True)
class DirectiveRow:
    """A directive as lists show it; ``line`` is the number of its paragraph, ``modality`` an IRI."""

    id: int
    iri: str
    line: int
    text: str
    modality: str
    force: int | None
    considers: bool


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An editorial link of a paragraph to a provision or theme, once for each agent and reviewer; days are ISO."""

    line: int
    iri: str
    other: str
    other_label: str
    reason: str
    confidence: str
    status: str
    agent: str
    agent_label: str
    reviewer: str
    reviewer_label: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """How many editorial links have one relation, confidence and review status, and who made them."""

    relation: str
    relation_label: str
    confidence: str
    status: str
    agent: str
    agent_label: str
    links: int


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A thing of a kind, once for each wider one. ``start`` is a date in ISO form, or empty."""

    iri: str
    class_: str
    label: str
    name: str
    definition: str
    role: str
    wider: str
    kind: str
    force: int | None
    start: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article with its instrument and its chapter, whose fields are empty where there is none.

    ``final`` is "true" for a final clause of the treaty.
    """

    iri: str
    label: str
    number: int | str
    title: str
    summary: str
    instrument: str
    instrument_label: str
    instrument_title: str
    chapter: str
    chapter_label: str
    chapter_title: str
    final: str = ""

    @property
    def is_final(self) -> bool:
        """Whether it is one of the clauses that close the treaty: that nothing concerns it is no gap."""
        return self.final == "true"


_LINES = (
    "SELECT id, iri, document, label, number, text, line FROM entry WHERE line IS NOT NULL AND id IN ({}) ORDER BY id"
)

_RECORDS = "SELECT key, content FROM record WHERE kind = '{}' AND key IN ({{}})"


def _batches(database: sqlite3.Connection, statement: str, ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    wanted = list(ids)
    for start in range(0, len(wanted), AT_ONCE):
        chosen = wanted[start : start + AT_ONCE]
        yield from database.execute(statement.format(", ".join("?" * len(chosen))), chosen)


def _records(database: sqlite3.Connection, kind: str) -> Iterator[tuple[str, str]]:
    """Key and content of all records of a kind, in their order."""
    yield from database.execute("SELECT key, content FROM record WHERE kind = ? ORDER BY id", (kind,))


def _line(row: tuple[object, ...]) -> LineRow:
    *beginning, text, line = row
    *middle, own_text = json.loads(str(line))
    *places, label, number = beginning
    printed = str(label).partition(" ")[2]
    values = [*places, label, number if printed == str(number) else printed, *middle]
    values.append(text if own_text is None else own_text)
    return LineRow(*values)


def _rows(
    cached: dict[int, list[R]], ids: Iterable[int], read: Callable[[list[int]], Iterable[tuple[int, R]]]
) -> list[R]:
    """The rows with these numbers, in the order of the numbers; those that were read before are not read again."""
    wanted = list(ids)
    found = {number: rows for number in wanted if (rows := cached.get(number)) is not None}
    unread = [number for number in wanted if number not in found]
    if unread:
        fresh: dict[int, list[R]] = {number: [] for number in unread}
        for number, row in read(unread):
            fresh[number].append(row)
        if len(cached) >= KEPT:
            cached.clear()
        cached.update(fresh)
        found |= fresh
    return [row for number in wanted for row in found[number]]


def lines(index: Index, ids: Iterable[int]) -> Iterator[LineRow]:
    """The paragraphs among what has these numbers, in the order given."""

    def read(unread: list[int]) -> Iterator[tuple[int, LineRow]]:
        return ((row.id, row) for row in map(_line, _batches(index.database, _LINES, unread)))

    wanted = list(ids)
    for start in range(0, len(wanted), AT_ONCE):
        yield from _rows(index.kept["line"], wanted[start : start + AT_ONCE], read)


def names(index: Index, ids: Iterable[int], *, in_corpus: bool = False) -> dict[int, tuple[str, str]]:
    """The IRI of each of these paragraphs and its number in its document, in a corpus behind the short name of that."""
    rows = _batches(index.database, "SELECT id, iri, document, number FROM entry WHERE id IN ({}) ORDER BY id", ids)
    return {at: (iri, f"{of.rpartition('/')[2]}/{name}" if in_corpus else str(name)) for at, iri, of, name in rows}


def directives(index: Index, ids: Iterable[int]) -> list[DirectiveRow]:
    """The directives with these numbers, in the order given."""
    return _records_of(index, "directive", ids, DirectiveRow)


def links(index: Index, ids: Iterable[int], wanted: Callable[[str], object] = bool) -> list[LinkRow]:
    """The links of the paragraphs with these numbers to those provisions and themes that are wanted by their IRI."""
    rows = (row for row in _records_of(index, "link", ids, LinkRow) if wanted(row.other))
    return sorted(rows, key=lambda row: (row.line, row.other, row.iri))


def _records_of(index: Index, kind: str, ids: Iterable[int], row: Callable[..., R]) -> list[R]:
    """The records of a kind with these numbers as rows, in the order of the numbers."""
    statement = _RECORDS.format(kind)

    def read(unread: list[int]) -> Iterator[tuple[int, R]]:
        return ((key, row(key, *json.loads(content))) for key, content in _batches(index.database, statement, unread))

    return _rows(index.kept[kind], ids, read)


def judgements(database: sqlite3.Connection) -> list[JudgementRow]:
    """How many editorial links there are of each sort."""
    return [JudgementRow(*json.loads(content)) for _, content in _records(database, "judgement")]


@kept_with
def things(index: Index, class_: str) -> tuple[ThingRow, ...]:
    """All things of a class, named as in the vocabulary, by label."""
    statement = "SELECT content FROM record WHERE kind = 'thing' AND key = ? ORDER BY id"
    return tuple(ThingRow(*json.loads(content)) for (content,) in index.database.execute(statement, (class_,)))


def number_of_things(index: Index, class_: str) -> int:
    """How many things of a class there are."""
    return len({thing.iri for thing in things(index, class_)})


def documents(index: Index) -> list[str]:
    """The IRIs of all documents, those without recommendations as well."""
    return list(dict.fromkeys(thing.iri for thing in things(index, "Document")))


@kept_with
def treaties(index: Index) -> Mapping[str, Sequence[ArticleRow]]:
    """The articles of each instrument that has any, by number."""
    of: dict[str, list[ArticleRow]] = {}
    for _, content in _records(index.database, "article"):
        article = ArticleRow(*json.loads(content))
        of.setdefault(article.instrument, []).append(article)
    return of
