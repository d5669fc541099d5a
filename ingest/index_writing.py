"""Puts the shares of all parts together as the index of pages: full text, lines of lists, and sets of who has what.

Every paragraph has one number in the corpus, in the order of documents and of paragraphs in them, which is its row in
the full-text index as well; so has every directive. A set of numbers is kept as a compressed bitmap (Roaring, portable
format), so that a server counts any combination of filters by intersecting sets, whatever the size of the corpus.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from pyroaring import BitMap

from ingest.index_shares import IndexShare, Places
from ingest.parts import PartCache
from ontology.ordering import natural
from ontology.words import family

SCHEMA = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE fts USING fts5 (
  label, text, content='entry', content_rowid='id', tokenize="unicode61 remove_diacritics 2"
);
CREATE TABLE word (word TEXT PRIMARY KEY, family TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE line (
  id INTEGER PRIMARY KEY, document TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL,
  adopted INTEGER NOT NULL,
  section TEXT NOT NULL, year TEXT NOT NULL, force INTEGER, directives INTEGER NOT NULL, considers INTEGER NOT NULL,
  text TEXT
);
CREATE TABLE directive (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL, modality TEXT NOT NULL,
  force INTEGER, considers INTEGER NOT NULL
);
CREATE TABLE link (
  line INTEGER NOT NULL, iri TEXT NOT NULL, other TEXT NOT NULL, other_label TEXT NOT NULL, reason TEXT NOT NULL,
  confidence TEXT NOT NULL, status TEXT NOT NULL, agent TEXT NOT NULL, agent_label TEXT NOT NULL
);
CREATE TABLE judgement (
  relation TEXT NOT NULL, relation_label TEXT NOT NULL, confidence TEXT NOT NULL, status TEXT NOT NULL,
  agent TEXT NOT NULL, agent_label TEXT NOT NULL, links INTEGER NOT NULL,
  PRIMARY KEY (relation, confidence, status, agent)
) WITHOUT ROWID;
CREATE TABLE value (
  id INTEGER PRIMARY KEY, filter TEXT NOT NULL, slug TEXT NOT NULL, term TEXT NOT NULL, label TEXT NOT NULL,
  narrow INTEGER NOT NULL, members BLOB NOT NULL
);
CREATE TABLE point (
  way TEXT NOT NULL, thing TEXT NOT NULL, members BLOB NOT NULL, PRIMARY KEY (way, thing)
) WITHOUT ROWID;
CREATE TABLE thing (
  iri TEXT NOT NULL, class TEXT NOT NULL, label TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
  role TEXT NOT NULL, wider TEXT NOT NULL, kind TEXT NOT NULL, force INTEGER, start TEXT NOT NULL,
  PRIMARY KEY (class, iri, wider)
) WITHOUT ROWID;
CREATE TABLE article (
  iri TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL,
  instrument TEXT NOT NULL, instrument_label TEXT NOT NULL, instrument_title TEXT NOT NULL,
  chapter TEXT NOT NULL, chapter_label TEXT NOT NULL, chapter_title TEXT NOT NULL
);
CREATE TABLE figure (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
ENDING = """
CREATE INDEX link_line ON link (line);
CREATE INDEX entry_iri ON entry (iri);
CREATE INDEX word_family ON word (family);
CREATE INDEX value_slug ON value (filter, slug);
INSERT INTO fts (fts) VALUES ('optimize');
ANALYZE;
"""
Sets = dict[tuple[str, str], BitMap]


class IndexWriter:
    """Takes part after part; in memory are the sets, a few bytes for each fact."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._values: dict[tuple[str, str], list[str | int | None]] = {}
        self._facts: Sets = {}
        self._points: Sets = {}
        self._entries = 0
        self._directives = 0

    def add(self, share: IndexShare) -> None:
        """Counts a part in: its places become numbers of the corpus."""
        line, directive, write = self._entries + 1, self._directives + 1, self._database.executemany
        texts = [entry[3] for entry in share["entries"]]
        write(f"INSERT INTO entry VALUES ({_marks(5)})", ([line + at, *row] for at, row in enumerate(share["entries"])))
        write(
            "INSERT INTO fts (rowid, label, text) VALUES (?, ?, ?)",
            ([line + at, row[2], row[3]] for at, row in enumerate(share["entries"])),
        )
        write(
            f"INSERT INTO line VALUES ({_marks(11)})",
            ([line + _at(row), *row[1:-1], None if row[-1] == texts[_at(row)] else row[-1]] for row in share["lines"]),
        )
        write(
            f"INSERT INTO directive VALUES ({_marks(7)})",
            ([directive + at, row[0], line + _at(row, 1), *row[2:]] for at, row in enumerate(share["directives"])),
        )
        write(f"INSERT INTO link VALUES ({_marks(9)})", ([line + _at(row), *row[1:]] for row in share["links"]))
        write(
            f"INSERT INTO judgement VALUES ({_marks(7)}) ON CONFLICT DO UPDATE SET links = links + excluded.links",
            share["judgements"],
        )
        write(f"INSERT OR IGNORE INTO thing VALUES ({_marks(10)})", share["things"])
        write(f"INSERT INTO article VALUES ({_marks(11)})", share["articles"])
        for value in share["values"]:
            self._values[str(value[0]), str(value[1])] = value
        _collect(self._facts, share["facts"], line)
        _collect(self._points, share["points"], line)
        _collect(self._points, share["directive_points"], directive)
        self._entries += len(share["entries"])
        self._directives += len(share["directives"])

    def finish(self, figures: Mapping[str, int]) -> None:
        """Writes values in the order in which they are listed, all sets, and the figures of the build."""
        ordered = sorted(self._values.items(), key=lambda pair: _place(pair[1]))
        self._database.executemany(
            f"INSERT INTO value VALUES ({_marks(7)})",
            (
                [number, *value[:4], value[5], _packed(self._facts[key])]
                for number, (key, value) in enumerate(ordered, start=1)
            ),
        )
        points = ([way, thing, _packed(members)] for (way, thing), members in sorted(self._points.items()))
        self._database.executemany(f"INSERT INTO point VALUES ({_marks(3)})", points)
        self._database.executemany(f"INSERT INTO figure VALUES ({_marks(2)})", figures.items())


def _marks(number: int) -> str:
    return ", ".join("?" * number)


def _at(row: list[str | int | None], column: int = 0) -> int:
    return cast(int, row[column])


def _collect(sets: Sets, places: Places, first: int) -> None:
    for name, found in places.items():
        for value, chosen in found.items():
            sets.setdefault((name, value), BitMap()).update(first + place for place in chosen)


def _packed(members: BitMap) -> bytes:
    members.run_optimize()
    return members.serialize()


def _write_words(database: sqlite3.Connection) -> None:
    """All words of the full text, each with its family, so that a search finds the whole family and nothing else."""
    database.execute("CREATE VIRTUAL TABLE temp.term USING fts5vocab(main, fts, row)")
    words = [word for (word,) in database.execute("SELECT term FROM temp.term")]
    database.executemany("INSERT INTO word VALUES (?, ?)", ((word, family(word)) for word in words))


def _place(value: list[str | int | None]) -> tuple[object, ...]:
    """Where a value stands: by filter; articles and sections by what they are part of; then by its own order."""
    name, slug, order = str(value[0]), str(value[1]), str(value[4])
    whole = slug.split("/", maxsplit=1)[0] if name.startswith(("article", "section")) else ""
    return name, whole, natural(order), slug


def write_index(path: Path, cache: PartCache, parts: Iterable[str], figures: Mapping[str, int]) -> None:
    """Writes the index of a corpus with these parts as a SQLite file."""
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        writer = IndexWriter(database)
        for key in parts:
            writer.add(cast(IndexShare, json.loads(cache.read(key, "index.json"))))
        writer.finish(figures)
        _write_words(database)
        database.executescript(ENDING)
    database.close()
