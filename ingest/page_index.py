"""The index of pages: full text, lines of lists, and sets of who has what; one share a document, put together here.

Every paragraph has one number in the corpus, in the order of documents and of paragraphs in them, which is its row in
the full-text index as well; so has every directive. A set of numbers is kept as a compressed bitmap (Roaring, portable
format), so that a server counts any combination of filters by intersecting sets, whatever the size of the corpus.
`server/page_index.py` reads the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pyoxigraph import Literal, NamedNode
from pyroaring import BitMap

from ingest.dumps import BuildQueries, Nodes, Row
from ontology.terms import Names
from ontology.words import family, natural

SCHEMA = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, text TEXT NOT NULL,
  document TEXT, number INTEGER, line TEXT
);
CREATE VIRTUAL TABLE fts USING fts5 (
  label, text, content='entry', content_rowid='id', tokenize="unicode61 remove_diacritics 2"
);
CREATE TABLE word (word TEXT PRIMARY KEY, family TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE instead (words TEXT NOT NULL, instead TEXT NOT NULL);
CREATE TABLE record (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key NOT NULL, content TEXT NOT NULL);
CREATE TABLE fact (
  id INTEGER PRIMARY KEY, way TEXT NOT NULL, value TEXT NOT NULL, label TEXT, term TEXT, narrow INTEGER,
  members BLOB NOT NULL
);
"""
"""``entry`` has what search finds; of a paragraph also its document, its number and the rest of its line as JSON.

``instead`` has words that mean the same as others, which texts have.

``record`` has the other rows of lists as JSON, by kind and key: directives by number, links by the number of their
paragraph, things by class, articles, judgements and figures. ``fact`` has sets of numbers by way and value: the values
of filters, which have a label, and who points to what in which way, which have none.
"""
ENDING = """
CREATE INDEX entry_iri ON entry (iri);
CREATE INDEX word_family ON word (family);
CREATE INDEX record_key ON record (kind, key);
CREATE UNIQUE INDEX fact_value ON fact (way, value);
INSERT INTO fts (fts) VALUES ('optimize');
ANALYZE;
"""
SEARCH_COLUMNS = ("iri", "kind", "label", "text")
WIDER = " / "
"""Separates a wider thing from a narrower one in the order that a query returns."""
CONCERNING = frozenset(
    ["theme", "group", "meeting", "cites", "names", "addressed", "asked", "modality", "qualifier", "action"]
) | {"asked action"}
"""The ways of pointing that make a recommendation count in a list of things."""
ABOUT, STRONGEST, YEAR, CONSIDERS = "about", "strongest", "year", "considers"
"""Ways beside those of the queries: a recommendation that concerns a thing, a paragraph's strength, its year, and
whether a directive asks only to consider."""

Places = defaultdict[tuple[str, str], list[int]]
Values = list[list[str | int | None]]
Sets = dict[tuple[str, str], BitMap]


@dataclass(frozen=True, slots=True)
class IndexShare:
    """The rows of one part. Paragraphs are named by their place among its entries, directives by their place in it;
    both become numbers of the corpus. ``facts`` and ``points`` have places by filter or way and value."""

    entries: Values
    directives: Values
    values: Values
    facts: Places
    points: Places
    directive_points: Places
    links: Values
    judgements: Counter[tuple[str, ...]]
    things: Values
    articles: Values
    instead: list[tuple[str, str]]


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def _number(row: Row, name: str) -> int | None:
    return int(row[name].value) if name in row else None


def _printed_number(row: Row, name: str) -> int | str | None:
    """A number as it is printed, which may be "6 bis"."""
    return _number(row, name) if name not in row or row[name].value.isdecimal() else row[name].value


def entries(queries: BuildQueries, nodes: Nodes) -> list[list[str]]:
    """What search finds among these nodes: IRI, kind, label, text; paragraphs in the order of their numbers."""
    rows = (row for row in queries.rows("search-entries") if row["iri"] in nodes)
    return sorted(
        ([row[column].value for column in SEARCH_COLUMNS] for row in rows), key=lambda row: (row[1], natural(row[0]))
    )


def index_share(queries: BuildQueries, nodes: Nodes) -> IndexShare:
    """The share of the part that describes these nodes."""
    known = entries(queries, nodes)
    places = {entry[0]: place for place, entry in enumerate(known)}
    directives = queries.rows("index-directives")
    numbers = {row["directive"]: number for number, row in enumerate(directives)}
    of_directives: Places = defaultdict(list)
    for row in directives:
        of_directives[CONSIDERS, _text(row, "considerOnly")].append(numbers[row["directive"]])
    lines = queries.rows("index-lines")
    items: dict[str, str] = {}
    for row in queries.rows("index-items"):
        whole = row["paragraph"].value
        items[whole] = f"{items.get(whole, '')} ({_text(row, 'letter')}) {_text(row, 'words')}"
    by_iri = {row["paragraph"].value: row for row in lines}
    adopted = {row["paragraph"].value for row in lines if _text(row, "adopted") == "true"}
    paragraph_of = {row["directive"]: row["paragraph"].value for row in directives}
    points: Places = defaultdict(list)
    for row in queries.rows("index-pointers"):
        way, thing = row["way"].value, row["thing"].value
        from_directive = row["from"] in numbers
        paragraph = paragraph_of[row["from"]] if from_directive else row["from"].value
        if from_directive:
            of_directives[way, thing].append(numbers[row["from"]])
        else:
            points[way, thing].append(places[paragraph])
        if way in CONCERNING and paragraph in adopted:
            points[ABOUT, thing].append(places[paragraph])
    for row in lines:
        place = places[row["paragraph"].value]
        points[STRONGEST, _text(row, "strongest")].append(place)
        points[YEAR, _text(row, "start")[:4]].append(place)
        if row["paragraph"].value in adopted:
            points[ABOUT, row["document"].value].append(place)
    values, facts = _facts(queries.rows("recommendation-facts"), places, queries.names)
    return IndexShare(
        entries=[[*entry, *_line(by_iri.get(entry[0]), entry[3], items.get(entry[0], ""))] for entry in known],
        directives=[
            [
                row["directive"].value,
                places[row["paragraph"].value],
                _text(row, "text"),
                _text(row, "modality"),
                _number(row, "force"),
                _text(row, "considerOnly") == "true",
            ]
            for row in directives
        ],
        values=values,
        facts=facts,
        points=points,
        directive_points=of_directives,
        links=[
            [places[row["paragraph"].value], *(_text(row, name) for name in LINK_COLUMNS)]
            for row in queries.rows("index-links")
        ],
        judgements=Counter(
            tuple(_text(row, name) for name in JUDGEMENT_COLUMNS)
            for row in queries.rows("index-judgements")
            if row["link"] in nodes
        ),
        things=_rows(queries.rows("index-things"), "thing", THING_COLUMNS, nodes, queries.names),
        articles=_rows(queries.rows("index-articles"), "article", ARTICLE_COLUMNS, nodes, queries.names),
        instead=[
            (_text(row, "words"), _text(row, "instead"))
            for row in queries.rows("search-words")
            if row["concept"] in nodes
        ],
    )


LINK_COLUMNS = (
    "link", "other", "otherLabel", "reason", "confidence", "status", "agent", "agentLabel", "reviewer", "reviewerLabel",
    "reviewed",
)  # fmt: skip
JUDGEMENT_COLUMNS = ("relation", "relationLabel", "confidence", "status", "agent", "agentLabel")
THING_COLUMNS = ("thing", "class", "label", "name", "definition", "role", "wider", "kind", "force", "start")
ARTICLE_COLUMNS = (
    "article", "label", "number", "title", "summary", "instrument", "instrumentLabel", "instrumentTitle",
    "chapter", "chapterLabel", "chapterTitle", "final",
)  # fmt: skip
_NUMBERS = ("force", "number")


def _rows(rows: Iterable[Row], first: str, columns: Iterable[str], nodes: Nodes, names: Names) -> Values:
    """Rows about these nodes; a class is told by its name in the vocabulary."""
    table: Values = []
    for row in rows:
        if row[first] in nodes:
            values = [_printed_number(row, name) if name in _NUMBERS else _text(row, name) for name in columns]
            table.append([_without(value, names.pal("").value) for value in values])
    return table


def _without(value: str | int | None, beginning: str) -> str | int | None:
    return value.removeprefix(beginning) if isinstance(value, str) else value


def _line(row: Row | None, found: str, items: str) -> tuple[str | None, int | None, str | None]:
    """What lists show of a paragraph: document, number and the rest as JSON. Its words end with those of its items;
    they are left out where search finds the same."""
    if row is None:
        return None, None, None
    words = _text(row, "text") + items
    rest = [
        _text(row, "adopted") == "true",
        _text(row, "sectionLabel"),
        _text(row, "start")[:4],
        _number(row, "strongest"),
        _number(row, "directives"),
        _text(row, "onlyConsiders") == "true",
        None if words == found else words,
    ]
    return row["document"].value, _number(row, "number"), json.dumps(rest, ensure_ascii=False)


def _facts(rows: Iterable[Row], places: dict[str, int], names: Names) -> tuple[Values, Places]:
    """The values of filters (filter, slug, term, label, order, whether narrow), and who has them."""
    values: dict[tuple[str, str], list[str | int | None]] = {}
    facts: Places = defaultdict(list)
    for row in rows:
        name, value = _text(row, "filter"), row["value"]
        slug, order = slug_of(name, value, names), _text(row, "order")
        values[name, slug] = [name, slug, str(value), _text(row, "label"), order or _text(row, "label"), WIDER in order]
        facts[name, slug].append(places[_text(row, "recommendation")])
    return list(values.values()), facts


def slug_of(name: str, value: NamedNode | Literal, names: Names) -> str:
    """Returns a value as in URLs: ``sea``, ``som-wg-2015/III``, ``smuggling-protocol/article/16``, ``5``."""
    if not isinstance(value, NamedNode):
        return value.value
    path = names.path(value).split("/")
    if name == "section":
        return f"{path[2]}/{'/'.join(path[4:])}"
    return "/".join(path[2:]) if name.startswith(("article", "chapter", "instrument")) else path[-1]


class IndexWriter:
    """Writes the index of a corpus as a SQLite file, share after share; in memory are the sets, a few bytes a fact."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.executescript(SCHEMA)
        self._values: dict[tuple[str, str], list[str | int | None]] = {}
        self._facts: Sets = {}
        self._points: Sets = {}
        self._judgements: Counter[tuple[str, ...]] = Counter()
        self._things: dict[tuple[object, ...], list[str | int | None]] = {}
        self._articles: Values = []
        self._entries = 0
        self._directives = 0

    def add(self, share: IndexShare) -> None:
        """Counts a part in: its places become numbers of the corpus."""
        first, directive = self._entries + 1, self._directives + 1
        self._database.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ([first + at, *row] for at, row in enumerate(share.entries)),
        )
        self._database.executemany(
            "INSERT INTO fts (rowid, label, text) VALUES (?, ?, ?)",
            ([first + at, row[2], row[3]] for at, row in enumerate(share.entries)),
        )
        self._record(
            "directive",
            ((directive + at, [row[0], first + _at(row, 1), *row[2:]]) for at, row in enumerate(share.directives)),
        )
        self._record("link", ((first + _at(row), row[1:]) for row in share.links))
        self._judgements += share.judgements
        for thing in share.things:
            self._things.setdefault((thing[1], thing[0], thing[6]), thing)
        self._articles += share.articles
        for value in share.values:
            self._values[str(value[0]), str(value[1])] = value
        self._database.executemany("INSERT INTO instead VALUES (?, ?)", share.instead)
        _collect(self._facts, share.facts, first)
        _collect(self._points, share.points, first)
        _collect(self._points, share.directive_points, directive)
        self._entries += len(share.entries)
        self._directives += len(share.directives)

    def _record(self, kind: str, rows: Iterable[tuple[str | int, object]]) -> None:
        self._database.executemany(
            "INSERT INTO record (kind, key, content) VALUES (?, ?, ?)",
            ((kind, key, json.dumps(content, ensure_ascii=False)) for key, content in rows),
        )

    def _concerned(self) -> Iterator[list[str | int | None]]:
        """The articles that are summed up, and those of other treaties that some paragraph of the corpus points at."""
        pointed = {thing for way, thing in self._points if way in ("cites", "related")}
        wholes = {"/".join(thing.split("/")[:end]) for thing in pointed for end in range(len(thing.split("/")) + 1)}
        return (row for row in self._articles if row[4] or row[0] in wholes)

    def finish(self, figures: Mapping[str, int]) -> None:
        """Writes what is listed in an order of the whole corpus, all sets, and the figures of the build."""
        with closing(self._database) as database, database:
            things = sorted(self._things.values(), key=lambda row: (str(row[2]), str(row[0]), str(row[6])))
            self._record("thing", ((str(row[1]), row) for row in things))
            articles = sorted(self._concerned(), key=lambda row: (str(row[6]), natural(str(row[2]))))
            self._record("article", (("", row) for row in articles))
            order = (1, 2, 3, 4)
            judged = sorted(self._judgements.items(), key=lambda each: [each[0][column] for column in order])
            self._record("judgement", (("", [*judgement, links]) for judgement, links in judged))
            self._record("figure", figures.items())
            ordered = sorted(self._values.items(), key=lambda pair: _place(pair[1]))
            statement = "INSERT INTO fact (way, value, term, label, narrow, members) VALUES (?, ?, ?, ?, ?, ?)"
            database.executemany(
                statement, ([*value[:4], value[5], _packed(self._facts[key])] for key, value in ordered)
            )
            points = sorted(self._points.items())
            database.executemany(
                statement, ([way, thing, None, None, None, _packed(members)] for (way, thing), members in points)
            )
            self._write_words()
            database.executescript(ENDING)

    def _write_words(self) -> None:
        """All words of the full text, each with its family, so that a search finds all of it and nothing else."""
        self._database.execute("CREATE VIRTUAL TABLE temp.term USING fts5vocab(main, fts, row)")
        words = [word for (word,) in self._database.execute("SELECT term FROM temp.term")]
        self._database.executemany("INSERT INTO word VALUES (?, ?)", ((word, family(word)) for word in words))


def _at(row: list[str | int | None], column: int = 0) -> int:
    return cast(int, row[column])


def _collect(sets: Sets, places: Places, first: int) -> None:
    for key, members in places.items():
        sets.setdefault(key, BitMap()).update(first + place for place in members)


def _packed(members: BitMap) -> bytes:
    members.run_optimize()
    return members.serialize()


def _place(value: list[str | int | None]) -> tuple[object, ...]:
    """Where a value stands: by filter; articles and sections by what they are part of; then by its own order."""
    name, slug, order = str(value[0]), str(value[1]), str(value[4])
    whole = slug.split("/", maxsplit=1)[0] if name.startswith(("article", "chapter", "section")) else ""
    return name, whole, natural(order), slug
