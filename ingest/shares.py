"""The share of one part in what readers get ready-made: rows of tables and of the index, dumps in every format.

Shares are made with the part, next to its quads, and put together when a snapshot is published: a table or a dump of a
large corpus is never in memory as a whole.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence

from pyoxigraph import Quad, RdfFormat, serialize

from ingest.index_shares import Nodes, index_share
from ingest.statistics import checksums
from ingest.tables import CSV_TABLES, BuildQueries, Row

DUMPS = {"trig": RdfFormat.TRIG, "ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}
"""The formats of dumps that are made part by part, by the ending of their files."""


def _own_rows(queries: BuildQueries, name: str, nodes: Nodes) -> tuple[list[str], Iterator[Row]]:
    """The rows of a query whose first column is one of these nodes."""
    columns, rows = queries.columns_and_rows(name)
    return columns, (row for row in rows if row.get(columns[0]) in nodes)


def csv_share(queries: BuildQueries, name: str, nodes: Nodes) -> tuple[str, str]:
    """The header row of a table and its rows about these nodes, as CSV (RFC 4180), IRIs in full."""
    columns, rows = _own_rows(queries, name, nodes)
    header, body = io.StringIO(), io.StringIO()
    csv.writer(header).writerow(columns)
    csv.writer(body).writerows([[row[column].value if column in row else "" for column in columns] for row in rows])
    return header.getvalue(), body.getvalue()


def shares(ordered: Sequence[Quad], queries: BuildQueries, nodes: Nodes) -> dict[str, bytes]:
    """The files of a part beside its quads, by name. ``nodes`` are those that it describes."""
    triples = sorted({quad.triple for quad in ordered}, key=str)
    prefixes = queries.names.base.prefixes()
    files = {
        "tables.json": json.dumps({name: csv_share(queries, name, nodes) for name in CSV_TABLES}).encode(),
        "index.json": json.dumps(index_share(queries, nodes)).encode(),
        "objects.bin": checksums(ordered),
    }
    for ending, form in DUMPS.items():
        written = serialize(triples if ending == "ttl" else ordered, format=form, prefixes=prefixes)
        assert written is not None
        files[f"dump.{ending}"] = written
    return files
