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

import csv
import json
import re
import sqlite3
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import zstandard

from ontology.csvw import described, metadata
from ontology.formats import CSVW
from ontology.layout import TABLES
from ontology.namespaces import paragraph_and_item

LISTS = frozenset({"addressees", "askedActors", "qualifiers", "actions", "askedActions"})
"""The columns that hold several values with a space between them."""
DOCUMENT = re.compile(r"(/id/document/[^/]*).*")
VALUES: Mapping[str, int | None] = {"": None, "true": 1, "false": 0}
"""What cells of a CSV table are in the SQLite file, where they are no text or number."""
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


TABLES_OF_DATABASE = """
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
ROWS_OF_DATABASE = """
BEGIN;
INSERT OR IGNORE INTO actors SELECT entity, name, kind, acronym, definition FROM csv_actors;
INSERT OR IGNORE INTO provisions
  SELECT part.provision, part.label, part.title, part.number, whole.provision, part.summary
  FROM csv_provisions AS part LEFT JOIN csv_provisions AS whole ON whole.provision = part.whole;
INSERT OR IGNORE INTO recommendations
  SELECT recommendation, name_of(recommendation), document_of(recommendation), number, section, heading,
    sectionHeading, meeting, text FROM csv_recommendations;
INSERT OR IGNORE INTO directives
  SELECT directive, name_of(directive), recommendation, modality, force, considerOnly, qualifiers, actions,
    askedActions, text FROM csv_directives;
INSERT OR IGNORE INTO directive_actors
  SELECT directive, role, entity FROM (
    SELECT csv_directives.rowid AS at, directive, 'addressee' AS role, key, value
    FROM csv_directives, json_each(split(addressees))
    UNION ALL SELECT csv_directives.rowid, directive, 'asked', key, value
    FROM csv_directives, json_each(split(askedActors))
  ) JOIN actors ON entity = value ORDER BY at, role, key;
INSERT OR IGNORE INTO mentions
  SELECT source, start, "end", words, csv_mentions.entity, cites, recommendation, actors.entity, provision
  FROM csv_mentions LEFT JOIN recommendations ON recommendation = paragraph_of(source)
    LEFT JOIN actors ON actors.entity = csv_mentions.entity LEFT JOIN provisions ON provision = csv_mentions.entity;
INSERT OR IGNORE INTO links
  SELECT csv_links.recommendation, relation, target, reason, confidence, agent, reviewStatus, reviewedBy, reviewedOn,
    provision, recommendations.recommendation
  FROM csv_links LEFT JOIN provisions ON provision = target
    LEFT JOIN recommendations ON recommendations.recommendation = target;
INSERT INTO recommendations_fts (recommendations_fts) VALUES ('rebuild');
CREATE INDEX mentions_entity ON mentions (entity);
CREATE INDEX mentions_recommendation ON mentions (recommendation);
CREATE INDEX links_recommendation ON links (recommendation);
CREATE INDEX links_provision ON links (provision);
COMMIT;
VACUUM;
"""
"""Rows of the CSV tables become those of the file; what points to no row of another table is NULL."""


def write_database(path: Path) -> None:
    """Writes the file from the CSV tables that stand beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("name_of", 1, _name_of)
        connection.create_function("document_of", 1, lambda iri: DOCUMENT.sub(r"\1", iri))
        connection.create_function("paragraph_of", 1, lambda iri: paragraph_and_item(iri)[0])
        connection.create_function("split", 1, lambda cell: json.dumps((cell or "").split()))
        connection.executescript(TABLES_OF_DATABASE)
        for name in TABLES:
            _load(connection, path.with_name(f"{name}.csv"))
        connection.executescript(ROWS_OF_DATABASE)


def _load(connection: sqlite3.Connection, table: Path) -> None:
    """Holds a CSV table ready under its name: an empty cell as NULL, truth as 0 and 1."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = [f'"{column}"' for column in next(rows)]
        connection.execute(f"CREATE TEMP TABLE csv_{table.stem} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        cells = ([VALUES.get(cell, cell) for cell in row] for row in rows)
        connection.executemany(f"INSERT INTO csv_{table.stem} VALUES ({marks})", cells)
    connection.commit()


def _name_of(iri: str) -> str:
    """How a row is named: ``som-wg-2015, paragraph 24``."""
    document, _, rest = iri.partition("/id/document/")[2].partition("/")
    return f"{document}, {rest.replace('/', ' ')}"


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


class _Long(int):
    """A number of 64 bits."""


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Row], full: Collection[str] = ()) -> None:
    """Writes a table; ``columns`` gives the kind of each, "text", "number" or "truth". An empty cell is null; those in
    ``full`` have none, which spares readers a type that holds nulls."""
    schema: list[dict[int, object]] = [{4: "schema", 5: len(columns)}]
    for name, kind in columns.items():
        field = {1: KINDS[kind], 3: REQUIRED if name in full else OPTIONAL, 4: name}
        schema.append(field | ({6: UTF8} if kind == "text" else {}))
    groups: list[dict[int, object]] = []
    total, remaining = 0, iter(rows)
    with path.open("wb") as file:
        file.write(MAGIC)
        while batch := list(islice(remaining, ROWS)):
            chunks, size = [], 0
            for place, (name, kind) in enumerate(columns.items()):
                at, values = file.tell(), [row[place] for row in batch]
                page, about = _column(name, KINDS[kind], values, at, full=name in full)
                file.write(page)
                chunks.append({2: _Long(at), 3: about})
                size += about[6]
            total += len(batch)
            groups.append({1: chunks, 2: _Long(size), 3: _Long(len(batch))})
        footer = _thrift({1: 2, 2: schema, 3: _Long(total), 4: groups, 6: "palermo"})[1]
        file.write(footer + struct.pack("<I", len(footer)) + MAGIC)


def _column(name: str, kind: int, values: Sequence[str], at: int, *, full: bool) -> tuple[bytes, dict[int, Any]]:
    """The one page of a column in a row group, and what the footer says of it."""
    body = _plain(kind, [value for value in values if value != ""])
    if not full:
        run = _varint((len(values) + 7) // 8 << 1 | 1) + _bits([value != "" for value in values])
        body = struct.pack("<I", len(run)) + run + body
    packed = zstandard.ZstdCompressor().compress(body)
    head = _thrift({1: DATA_PAGE, 2: len(body), 3: len(packed), 5: {1: len(values), 2: PLAIN, 3: RLE, 4: RLE}})[1]
    sizes = {5: _Long(len(values)), 6: _Long(len(head) + len(body)), 7: _Long(len(head) + len(packed)), 9: _Long(at)}
    return head + packed, {1: kind, 2: [PLAIN, RLE], 3: [name], 4: ZSTD, **sizes}


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


def _thrift(value: object) -> tuple[int, bytes]:
    """A value in the compact protocol, behind its type: a struct is a mapping of its fields by their numbers, which are
    written as the difference from the previous one; no number is negative."""
    if isinstance(value, dict):
        out, before = b"", 0
        for number, field in value.items():
            kind, coded = _thrift(field)
            out += bytes([(number - before) << 4 | kind]) + coded
            before = number
        return STRUCT, out + b"\0"
    if isinstance(value, list):
        items, size = [_thrift(item) for item in value], len(value)
        kind = items[0][0] if items else STRUCT
        head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
        return LIST, head + b"".join(coded for _, coded in items)
    if isinstance(value, str):
        return BINARY, _varint(len(value.encode())) + value.encode()
    assert isinstance(value, int)
    return I64 if isinstance(value, _Long) else I32, _varint(value << 1)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
