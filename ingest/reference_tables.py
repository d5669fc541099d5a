"""Actors and instruments as triples, one line of a table each: ``ontology/reference/actors.csv``, ``instruments.csv``.

The tables are read as spreadsheets write them (`spreadsheets`); a lawyer describes somebody by adding a line.
Classes and properties that follow from these by the vocabulary are written out by the build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ingest.errors import SourceError
from ingest.metadata import SLUG
from ingest.spreadsheets import Row, check_folder, read_rows, table_path
from ontology.layout import ROOT
from ontology.terms import Names, english, term

FOLDER = Path("ontology/reference")
LINK = re.compile(r"https?://\S+")
Value = NamedNode | Literal


class Column(NamedTuple):
    """What a cell of a column says: the property, how its text becomes a value, and whether every row has one."""

    predicate: str
    value: str = "text"
    required: bool = False


class Table(NamedTuple):
    """A table: the classes of its rows, that of each kind of row, and its columns beside slug and kind."""

    classes: tuple[str, ...]
    kinds: Mapping[str, str]
    columns: Mapping[str, Column]


TABLES = {
    "actors": Table(
        ("pal:Actor", "foaf:Agent"),
        {
            "organization": "Organization",
            "body": "Body",
            "states": "StateGroup",
            "stakeholders": "StakeholderGroup",
        },
        {
            "label": Column("rdfs:label"),
            "name": Column("skos:prefLabel", required=True),
            "spellings": Column("skos:altLabel", "spellings"),
            "acronym": Column("pal:acronym"),
            "broader": Column("skos:broader", "actor"),
            "serves_as": Column("pal:servesAs", "actor"),
            "definition": Column("skos:definition", required=True),
            "role": Column("pal:role", required=True),
        },
    ),
    "instruments": Table(
        ("pal:Instrument",),
        {"convention": "Convention", "protocol": "Protocol"},
        {
            "label": Column("rdfs:label"),
            "name": Column("skos:prefLabel", required=True),
            "spellings": Column("skos:altLabel", "spellings"),
            "acronym": Column("pal:acronym"),
            "title": Column("dcterms:title", required=True),
            "definition": Column("skos:definition", required=True),
            "adopted": Column("pal:adopted", "day"),
            "adoption": Column("pal:adoption"),
            "entry_into_force": Column("pal:entryIntoForce", "day"),
            "treaty_series": Column("pal:treatySeries", "plain"),
            "official_text": Column("pal:officialText", "link"),
            "supplements": Column("pal:supplements", "instrument"),
            "source": Column("dcterms:source", required=True),
        },
    ),
}
"""A table is named after what it holds; its first column is that word without the *s*."""
OTHER_TABLES = ("provisions",)


def describe_tables(root: Path, names: Names) -> Iterator[Triple]:
    """The triples of both tables. Raises `SourceError` with file, line and column for an invalid row."""
    check_folder(root / FOLDER, (*TABLES, *OTHER_TABLES))
    for name, table in TABLES.items():
        path = table_path(root / FOLDER, name)
        for row in _rows(path, name) if path else ():
            yield from _triples(path or Path(), name.removesuffix("s"), table, row, names)


@cache
def instrument_labels() -> Mapping[str, str]:
    """What people call each described instrument, by its slug."""
    path = table_path(ROOT / FOLDER, "instruments")
    rows = (row.values for row in _rows(path, "instruments")) if path else ()
    return {cells["instrument"]: cells.get("label") or cells["name"] for cells in rows}


def _rows(path: Path, name: str) -> Iterator[Row]:
    slug, columns = name.removesuffix("s"), TABLES[name].columns
    required = (slug, "kind", *(each for each, column in columns.items() if column.required))
    seen: set[str] = set()
    for row in read_rows(path, required, tuple(columns)):
        for column in required:
            if not row.values[column]:
                raise SourceError(path, row.line, f"an empty {column!r}", "a value", column=column)
        if not SLUG.fullmatch(row.values[slug]):
            example = "a name in lower-case letters, such as narcotic-drugs-commission"
            raise SourceError(path, row.line, f"{slug} {row.values[slug]!r}", example, column=slug)
        if row.values[slug] in seen:
            raise SourceError(path, row.line, f"{slug} {row.values[slug]!r} a second time", "one row for each")
        seen.add(row.values[slug])
        yield row


def _triples(path: Path, slug: str, table: Table, row: Row, names: Names) -> Iterator[Triple]:
    node, cells = names.node(f"id/{slug}/{row.values[slug]}"), row.values
    kind = table.kinds.get(cells["kind"].lower())
    if kind is None:
        raise SourceError(path, row.line, f"kind {cells['kind']!r}", f"one of {', '.join(table.kinds)}", column="kind")
    for class_name in (f"pal:{kind}", *table.classes):
        yield Triple(node, term("rdf:type"), _term(class_name, names))
    cells = cells | {"label": cells.get("label") or cells["name"]}
    for name, column in table.columns.items():
        for value in _values(path, row.line, name, cells.get(name, ""), column.value, names):
            yield Triple(node, _term(column.predicate, names), value)


def _term(prefixed: str, names: Names) -> NamedNode:
    return names.pal(prefixed.removeprefix("pal:")) if prefixed.startswith("pal:") else term(prefixed)


def _values(path: Path, line: int, name: str, cell: str, kind: str, names: Names) -> list[Value]:
    """The values of a cell: none of an empty one, several of spellings, which stand apart by semicolons."""
    if not cell:
        return []
    if kind == "spellings":
        return [english(part.strip()) for part in cell.split(";") if part.strip()]
    read, example = _READERS.get(kind, (_slug_reader(kind), "the name of a row"))
    value = read(cell, names)
    if value is None:
        raise SourceError(path, line, f"{name} {cell!r}", example, column=name)
    return [value]


def _day(cell: str, _: Names) -> Literal | None:
    try:
        return Literal(date.fromisoformat(cell).isoformat(), datatype=term("xsd:date"))
    except ValueError:
        return None


def _slug_reader(kind: str) -> Callable[[str, Names], Value | None]:
    return lambda cell, names: names.node(f"id/{kind}/{cell}") if SLUG.fullmatch(cell) else None


_READERS: Mapping[str, tuple[Callable[[str, Names], Value | None], str]] = {
    "text": (lambda cell, _: english(cell), ""),
    "plain": (lambda cell, _: Literal(cell), ""),
    "day": (_day, "a day such as 2003-10-31"),
    "link": (lambda cell, _: NamedNode(cell) if LINK.fullmatch(cell) else None, "an address that begins with https://"),
}
