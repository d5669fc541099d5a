"""What readers and pages need ready-made: the answers of build-time queries, the search index and the dumps."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, serialize

from ingest.publishing import sha256
from ontology.terms import Names
from queries.catalogue import Catalogue

CHECKSUMS = "SHA256SUMS"
CSV_TABLES = ("recommendations", "directives", "mentions", "links", "provisions", "actors")
SEARCH_SCHEMA = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE fts USING fts5 (
  label, text, content='entry', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2"
);
"""
Row = dict[str, NamedNode | Literal]


class BuildQueries:
    """Runs the named queries of the catalogue on a store that is being published."""

    def __init__(self, store: Store, names: Names, catalogue: Catalogue) -> None:
        self.store = store
        self.names = names
        self.catalogue = catalogue

    def columns_and_rows(self, name: str) -> tuple[list[str], list[Row]]:
        """The variables of a query in order, and its rows; an unbound variable is absent from its row."""
        solutions = self.store.query(
            self.catalogue[name].text, base_iri=self.names.base.iri, use_default_graph_as_union=True
        )
        assert isinstance(solutions, QuerySolutions)
        columns = [variable.value for variable in solutions.variables]
        rows: list[Row] = []
        for solution in solutions:
            values = {column: solution[column] for column in columns}
            rows.append({name: value for name, value in values.items() if isinstance(value, NamedNode | Literal)})
        return columns, rows

    def rows(self, name: str) -> list[Row]:
        """The rows of a query."""
        return self.columns_and_rows(name)[1]


def write_search_index(path: Path, queries: BuildQueries) -> int:
    """Writes the SQLite full-text index; returns how many entries it has."""
    rows = queries.rows("search-entries")
    with sqlite3.connect(path) as database:
        database.executescript(SEARCH_SCHEMA)
        database.executemany(
            "INSERT INTO entry (iri, kind, label, text) VALUES (?, ?, ?, ?)",
            [tuple(row[column].value for column in ("iri", "kind", "label", "text")) for row in rows],
        )
        database.execute("INSERT INTO fts (rowid, label, text) SELECT id, label, text FROM entry")
        database.execute("INSERT INTO fts (fts) VALUES ('optimize')")
    database.close()
    return len(rows)


def csv_table(queries: BuildQueries, name: str) -> str:
    """The answer of a query as CSV (RFC 4180), IRIs in full, with a header row."""
    columns, rows = queries.columns_and_rows(name)
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(columns)
    writer.writerows([[row[column].value if column in row else "" for column in columns] for row in rows])
    return output.getvalue()


def write_dumps(folder: Path, queries: BuildQueries) -> None:
    """Writes the whole graph as N-Quads, TriG, Turtle and JSON-LD, and the tables as CSV, alone and as one archive.

    ``SHA256SUMS`` beside them is what ``sha256sum --check`` reads.
    """
    folder.mkdir()
    store, prefixes = queries.store, queries.names.base.prefixes()
    quads = sorted(store, key=str)
    (folder / "palermo.nq").write_text("".join(f"{quad} .\n" for quad in quads), encoding="utf-8")
    serialize(quads, str(folder / "palermo.trig"), RdfFormat.TRIG, prefixes=prefixes)
    serialize(quads, str(folder / "palermo.jsonld"), RdfFormat.JSON_LD, prefixes=prefixes)
    triples = sorted({Triple(quad.subject, quad.predicate, quad.object) for quad in quads}, key=str)
    serialize(triples, str(folder / "palermo.ttl"), RdfFormat.TURTLE, prefixes=prefixes)
    with zipfile.ZipFile(folder / "palermo-tables.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in CSV_TABLES:
            text = csv_table(queries, name)
            (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
            archive.writestr(
                zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0)), text, compress_type=zipfile.ZIP_DEFLATED
            )
    sums = "".join(f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
