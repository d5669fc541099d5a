"""The tables as files beside their CSV: metadata as CSV on the Web requires (W3C Recommendation 17 December 2015), one
SQLite file with keys, and Parquet.

Beside ``NAME.csv`` stands ``NAME.csv-metadata.json``, where a reader looks by itself (Model for Tabular Data §5.3).
Datasette finds out by itself what it shows of the SQLite file: the foreign keys, a column ``name`` or ``title`` as
label of a row, and the full-text index. A cell of the CSV with several actors becomes rows of ``directive_actors``.
Parquet has flat columns of text, whole numbers and truth values, plain pages in zstd: written here and not by a
library, because the smallest that writes it is larger than all of this program's. The footer is
Thrift's compact protocol; names and numbers are those of `parquet.thrift` of Parquet 2.10.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import zstandard

from ontology.csvw import described, metadata
from ontology.formats import CSVW
from ontology.namespaces import paragraph_and_item

LISTS = frozenset({"addressees", "askedActors", "qualifiers", "actions", "askedActions"})
"""The columns that hold several values with a space between them."""
KEYS = {
    "recommendations": ["recommendation"],
    "directives": ["directive"],
    "provisions": ["provision"],
    "actors": ["entity"],
}


def write_metadata(table: Path, kinds: Mapping[str, str], full: Collection[str], links: Collection[str]) -> None:
    """Writes the metadata of a table that is written as CSV: its columns in order with the kind of each, those without
    an empty cell, and those that hold IRIs."""
    datatypes = {"number": "integer", "truth": "boolean"}
    columns = []
    for name, kind in kinds.items():
        datatype = "anyURI" if name in links else datatypes.get(kind, "string")
        column = {"name": name, "titles": name, "required": name in full, **described(name), "datatype": datatype}
        columns.append(column | ({"separator": " "} if name in LISTS else {}))
    key = {"primaryKey": KEYS[table.stem]} if table.stem in KEYS else {}
    path = table.with_name(table.name.removesuffix(".csv") + CSVW.suffix)
    path.write_text(metadata(table.name, f"The table {table.stem}", columns, key), encoding="utf-8")


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
            "recommendation": _if_in(recommendations, paragraph_and_item(row["source"])[0]),
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


Row = Sequence[str]
BOOLEAN, INT64, BYTE_ARRAY = 0, 2, 6
"""Physical types."""
I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
"""Types of the compact protocol."""
UTF8, REQUIRED, OPTIONAL, PLAIN, RLE, ZSTD, DATA_PAGE = 0, 0, 1, 0, 3, 6, 0
MAGIC = b"PAR1"
ROWS = 50_000
"""Rows of a row group, which is in memory as a whole."""
KINDS: Mapping[str, int] = {"text": BYTE_ARRAY, "number": INT64, "truth": BOOLEAN}


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Row], full: Collection[str] = ()) -> None:
    """Writes a table; ``columns`` gives the kind of each, "text", "number" or "truth". An empty cell is null; those in
    ``full`` have none, which spares readers a type that holds nulls."""
    groups: list[bytes] = []
    total, remaining = 0, iter(rows)
    with path.open("wb") as file:
        file.write(MAGIC)
        while batch := list(islice(remaining, ROWS)):
            chunks, size = [], 0
            for place, (name, kind) in enumerate(columns.items()):
                chunk, length = _column(
                    name, KINDS[kind], [row[place] for row in batch], file.tell(), full=name in full
                )
                file.write(chunk[0])
                chunks.append(chunk[1])
                size += length
            total += len(batch)
            groups.append(_struct((1, LIST, _list(STRUCT, chunks)), (2, I64, _int(size)), (3, I64, _int(len(batch)))))
        footer = _struct(
            (1, I32, _int(2)),
            (2, LIST, _list(STRUCT, _schema(columns, full))),
            (3, I64, _int(total)),
            (4, LIST, _list(STRUCT, groups)),
            (6, BINARY, _text("palermo")),
        )
        file.write(footer + struct.pack("<I", len(footer)) + MAGIC)


def _schema(columns: Mapping[str, str], full: Collection[str]) -> list[bytes]:
    root = _struct((4, BINARY, _text("schema")), (5, I32, _int(len(columns))))
    fields = [root]
    for name, kind in columns.items():
        said = [
            (1, I32, _int(KINDS[kind])),
            (3, I32, _int(REQUIRED if name in full else OPTIONAL)),
            (4, BINARY, _text(name)),
        ]
        fields.append(_struct(*said, *([(6, I32, _int(UTF8))] if kind == "text" else [])))
    return fields


def _column(name: str, kind: int, values: Sequence[str], at: int, *, full: bool) -> tuple[tuple[bytes, bytes], int]:
    """The one page of a column in a row group, its entry in the footer, and its length before compression."""
    body = _plain(kind, [value for value in values if value != ""])
    if not full:
        run = _varint((len(values) + 7) // 8 << 1 | 1) + _bits([value != "" for value in values])
        body = struct.pack("<I", len(run)) + run + body
    packed = zstandard.ZstdCompressor().compress(body)
    about = _struct((1, I32, _int(len(values))), (2, I32, _int(PLAIN)), (3, I32, _int(RLE)), (4, I32, _int(RLE)))
    head = _struct(
        (1, I32, _int(DATA_PAGE)), (2, I32, _int(len(body))), (3, I32, _int(len(packed))), (5, STRUCT, about)
    )
    length = len(head) + len(body)
    said = _struct(
        (1, I32, _int(kind)),
        (2, LIST, _list(I32, [_int(PLAIN), _int(RLE)])),
        (3, LIST, _list(BINARY, [_text(name)])),
        (4, I32, _int(ZSTD)),
        (5, I64, _int(len(values))),
        (6, I64, _int(length)),
        (7, I64, _int(len(head) + len(packed))),
        (9, I64, _int(at)),
    )
    return (head + packed, _struct((2, I64, _int(at)), (3, STRUCT, said))), length


def _plain(kind: int, values: Sequence[str]) -> bytes:
    if kind == INT64:
        return b"".join(struct.pack("<q", int(value)) for value in values)
    if kind == BOOLEAN:
        return _bits([value == "true" for value in values])
    return b"".join(struct.pack("<I", len(coded)) + coded for coded in (value.encode() for value in values))


def _bits(flags: Sequence[bool]) -> bytes:
    """Flags as bits, the least significant first."""
    number = sum(1 << place for place, flag in enumerate(flags) if flag)
    return number.to_bytes((len(flags) + 7) // 8, "little")


# ---- The compact protocol ----


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _int(number: int) -> bytes:
    return _varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _text(text: str) -> bytes:
    coded = text.encode()
    return _varint(len(coded)) + coded


def _list(kind: int, items: Sequence[bytes]) -> bytes:
    size = len(items)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return head + b"".join(items)


def _struct(*fields: tuple[int, int, bytes]) -> bytes:
    """The fields in order of their numbers, each number as the difference from the previous one."""
    out, before = bytearray(), 0
    for number, kind, value in fields:
        out += bytes([(number - before) << 4 | kind]) + value
        before = number
    return bytes(out) + b"\x00"
