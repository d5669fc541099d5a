"""What the index holds of single paragraphs, directives, links, things and articles: rows for lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

AT_ONCE = 500
"""How many rows are fetched with one statement."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A paragraph as lists show it; ``document`` is the IRI of its document, ``year`` that of its meeting."""

    id: int
    iri: str
    document: str
    label: str
    number: int
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
    """An editorial link of a paragraph to a provision, as one agent judged it."""

    line: int
    iri: str
    other: str
    other_label: str
    reason: str
    confidence: str
    status: str
    agent: str
    agent_label: str


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
    """An article with its instrument and its chapter, whose fields are empty where there is none."""

    iri: str
    label: str
    number: int
    title: str
    summary: str
    instrument: str
    instrument_label: str
    instrument_title: str
    chapter: str
    chapter_label: str
    chapter_title: str


_LINES = """
SELECT line.id, entry.iri, document, line.label, number, adopted, section, year, force, directives, considers,
  COALESCE(line.text, entry.text)
FROM line JOIN entry ON entry.id = line.id WHERE line.id IN ({}) ORDER BY line.id
"""


def _batches(database: sqlite3.Connection, statement: str, ids: Iterable[int]) -> Iterator[tuple[object, ...]]:
    wanted = list(ids)
    for start in range(0, len(wanted), AT_ONCE):
        chosen = wanted[start : start + AT_ONCE]
        yield from database.execute(statement.format(", ".join("?" * len(chosen))), chosen)


def lines(database: sqlite3.Connection, ids: Iterable[int]) -> Iterator[LineRow]:
    """The paragraphs with these numbers, in the order given."""
    wanted = list(ids)
    for start in range(0, len(wanted), AT_ONCE):
        chosen = wanted[start : start + AT_ONCE]
        found = {}
        for row in _batches(database, _LINES, chosen):
            line = LineRow(*row)  # type: ignore[arg-type]
            found[line.id] = line
        yield from (found[number] for number in chosen)


def those_there(database: sqlite3.Connection, ids: Iterable[int]) -> list[LineRow]:
    """The paragraphs among what has these numbers, in order."""
    return [LineRow(*row) for row in _batches(database, _LINES, ids)]  # type: ignore[arg-type]


def numbers(database: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    """What number each of these paragraphs has in its document."""
    return dict(_batches(database, "SELECT id, number FROM line WHERE id IN ({})", ids))  # type: ignore[arg-type]


def names(database: sqlite3.Connection, *, in_corpus: bool) -> dict[int, str]:
    """The number of every paragraph in its document, in a corpus behind the short name of the document."""
    statement = "SELECT id, document, number FROM line"
    if not in_corpus:
        return {number: str(name) for number, _, name in database.execute(statement)}
    return {number: f"{of.rpartition('/')[2]}/{name}" for number, of, name in database.execute(statement)}


def directives(database: sqlite3.Connection, ids: Iterable[int]) -> list[DirectiveRow]:
    """The directives with these numbers, in their order."""
    statement = "SELECT id, iri, line, text, modality, force, considers FROM directive WHERE id IN ({}) ORDER BY id"
    return [DirectiveRow(*row) for row in _batches(database, statement, ids)]  # type: ignore[arg-type]


def links(database: sqlite3.Connection, ids: Iterable[int], others: Sequence[str]) -> list[LinkRow]:
    """The links of the paragraphs with these numbers to some provisions."""
    wanted = frozenset(others)
    rows = _batches(database, "SELECT * FROM link WHERE line IN ({}) ORDER BY line, other, iri", ids)
    return [row for row in (LinkRow(*each) for each in rows) if row.other in wanted]  # type: ignore[arg-type]


def judgements(database: sqlite3.Connection) -> list[JudgementRow]:
    """How many editorial links there are of each sort."""
    statement = "SELECT * FROM judgement ORDER BY relation_label, confidence, status, agent"
    return [JudgementRow(*row) for row in database.execute(statement)]


def things(database: sqlite3.Connection, class_: str) -> list[ThingRow]:
    """All things of a class, named as in the vocabulary, by label."""
    statement = "SELECT * FROM thing WHERE class = ? ORDER BY label, iri, wider"
    return [ThingRow(*row) for row in database.execute(statement, (class_,))]


def number_of_things(database: sqlite3.Connection, class_: str) -> int:
    """How many things of a class there are."""
    (number,) = database.execute("SELECT COUNT(DISTINCT iri) FROM thing WHERE class = ?", (class_,)).fetchone()
    return int(number)


def articles(database: sqlite3.Connection) -> list[ArticleRow]:
    """All articles, by instrument and number."""
    return [ArticleRow(*row) for row in database.execute("SELECT * FROM article ORDER BY instrument_label, number")]
