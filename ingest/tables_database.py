"""The tables as one SQLite file with keys, for Datasette and whatever speaks SQL.

Datasette finds out by itself what it shows: the foreign keys, a column ``name`` or ``title`` as label of a row, and the
full-text index. A cell of the CSV with several actors becomes rows of ``directive_actors``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Table = Iterable[Mapping[str, str]]
SCHEMA = """
CREATE TABLE actors (entity TEXT PRIMARY KEY, name TEXT, kind TEXT, acronym TEXT, definition TEXT);
CREATE TABLE provisions (provision TEXT PRIMARY KEY, name TEXT, title TEXT, number TEXT,
  whole TEXT REFERENCES provisions (provision), summary TEXT);
CREATE TABLE recommendations (recommendation TEXT PRIMARY KEY, name TEXT, document TEXT, number INTEGER, section TEXT,
  heading TEXT, sectionHeading TEXT, meeting TEXT, text TEXT);
CREATE TABLE directives (directive TEXT PRIMARY KEY, name TEXT,
  recommendation TEXT REFERENCES recommendations (recommendation), modality TEXT, force INTEGER, considerOnly INTEGER,
  qualifiers TEXT, actions TEXT, askedActions TEXT, text TEXT);
CREATE TABLE directive_actors (directive TEXT REFERENCES directives (directive), role TEXT,
  actor TEXT REFERENCES actors (entity), PRIMARY KEY (directive, role, actor));
CREATE TABLE mentions (source TEXT, start INTEGER, "end" INTEGER, words TEXT, entity TEXT, cites INTEGER,
  recommendation TEXT REFERENCES recommendations (recommendation), actor TEXT REFERENCES actors (entity),
  provision TEXT REFERENCES provisions (provision), PRIMARY KEY (source, start, "end", entity));
CREATE TABLE links (recommendation TEXT REFERENCES recommendations (recommendation), relation TEXT, target TEXT,
  reason TEXT, confidence TEXT, agent TEXT, reviewStatus TEXT, reviewedBy TEXT, reviewedOn TEXT,
  provision TEXT REFERENCES provisions (provision),
  other TEXT REFERENCES recommendations (recommendation));
CREATE VIRTUAL TABLE recommendations_fts USING fts5 (text, content="recommendations");
"""
INDEXES = (("mentions", "entity"), ("mentions", "recommendation"), ("links", "recommendation"), ("links", "provision"))


def write_database(path: Path, tables: Mapping[str, Table]) -> None:
    """Writes the file; ``tables`` has the rows of each CSV table by name, in its order."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.executescript(SCHEMA)
            _fill(connection, tables)
            connection.execute("INSERT INTO recommendations_fts (recommendations_fts) VALUES ('rebuild')")
            for table, column in INDEXES:
                connection.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
        connection.execute("VACUUM")
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> None:
    actors = _insert(connection, "actors", tables["actors"], "entity")
    provisions = list(tables["provisions"])
    known = {row["provision"] for row in provisions}
    wholes = (
        {**row, "name": row["label"], "whole": row["whole"] if row["whole"] in known else ""} for row in provisions
    )
    _insert(connection, "provisions", wholes, "provision")
    recommendations = _insert(
        connection,
        "recommendations",
        (
            {**row, "name": _short(row["recommendation"]), "document": _document(row)}
            for row in tables["recommendations"]
        ),
        "recommendation",
    )
    directives = list(tables["directives"])
    named = ({**row, "name": _short(row["directive"])} for row in directives)
    _insert(connection, "directives", named, "directive")
    _insert(connection, "directive_actors", _roles(directives, actors))
    mentions = (
        {
            **row,
            "recommendation": _if_in(recommendations, row["source"].partition("/item/")[0]),
            "actor": _if_in(actors, row["entity"]),
            "provision": _if_in(known, row["entity"]),
        }
        for row in tables["mentions"]
    )
    _insert(connection, "mentions", mentions)
    links = (
        {**row, "provision": _if_in(known, row["target"]), "other": _if_in(recommendations, row["target"])}
        for row in tables["links"]
    )
    _insert(connection, "links", links)


def _insert(connection: sqlite3.Connection, table: str, rows: Table, key: str = "") -> set[str]:
    """Inserts rows, an empty cell as NULL, truth as 0 and 1; returns the keys."""
    columns = [str(column[1]) for column in connection.execute(f"PRAGMA table_info({table})")]
    keys: set[str] = set()

    def values() -> Iterator[list[str | int | None]]:
        for row in rows:
            keys.add(row.get(key, ""))
            yield [_value(row.get(column, "")) for column in columns]

    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values())
    return keys


def _value(cell: str) -> str | int | None:
    return {"": None, "true": 1, "false": 0}.get(cell, cell)


def _if_in(known: set[str], iri: str) -> str:
    return iri if iri in known else ""


def _short(iri: str) -> str:
    """How a row is named: ``som-wg-2015, paragraph 24``."""
    document, _, rest = iri.partition("/id/document/")[2].partition("/")
    return f"{document}, {rest.replace('/', ' ')}"


def _document(row: Mapping[str, str]) -> str:
    before, _, rest = row["recommendation"].partition("/id/document/")
    return f"{before}/id/document/{rest.partition('/')[0]}"


def _roles(directives: Table, actors: set[str]) -> Iterator[dict[str, str]]:
    for row in directives:
        for role, column in (("addressee", "addressees"), ("asked", "askedActors")):
            for actor in row[column].split():
                if actor in actors:
                    yield {"directive": row["directive"], "role": role, "actor": actor}
