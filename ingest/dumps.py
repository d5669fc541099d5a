"""The graph as files for download: one share of each file a document, made side by side and put together.

A dump of a large corpus is never in memory as a whole: N-Quads are merged from sorted blocks, Turtle, TriG, JSON-LD and
the tables are joined from the shares of documents.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, serialize

from ingest.table_files import write_database, write_metadata, write_parquet
from ontology.layout import TABLES
from ontology.namespaces import Base
from ontology.terms import Names
from queries.catalogue import Catalogue, bind

CHECKSUMS = "SHA256SUMS"
COLUMN_KINDS = dict.fromkeys(("number", "force", "start", "end"), "number") | {
    "considerOnly": "truth",
    "cites": "truth",
}
"""The columns that hold no text."""
OF_THINGS = {
    "actors": "entity",
    "provisions": "provision",
    "index-things": "thing",
    "index-articles": "article",
    "search-words": "concept",
}
"""The queries about things that no document contains, with the variable of the thing."""
DUMPS = {"trig": RdfFormat.TRIG, "ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}
"""The formats of dumps that are joined from shares, by the ending of their files."""
_WEB = ("http://", "https://")
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the same archive in every build."""
Row = dict[str, NamedNode | Literal]
Nodes = Collection[NamedNode | BlankNode]


class BuildQueries:
    """Runs the queries of `queries/tables/` on a store that is being published; where ``things`` are given, those about
    things that no document contains return only rows about these."""

    def __init__(
        self, store: Store, names: Names, catalogue: Catalogue, things: tuple[NamedNode, ...] | None = None
    ) -> None:
        self.store = store
        self.names = names
        self.catalogue = catalogue
        self.things = things

    def columns_and_rows(self, name: str) -> tuple[list[str], list[Row]]:
        """The variables of a query in order, and its rows; an unbound variable is absent from its row."""
        text = self.catalogue[name].absolute(self.names.base)
        if self.things is not None and name in OF_THINGS:
            text = bind(text, {OF_THINGS[name]: self.things})
        solutions = self.store.query(
            text,
            base_iri=self.names.base.iri,
            use_default_graph_as_union=True,
        )
        assert isinstance(solutions, QuerySolutions)
        columns = [variable.value for variable in solutions.variables]
        rows = [
            {column: value for column, value in zip(columns, solution, strict=True) if value is not None}
            for solution in solutions
        ]
        return columns, cast(list[Row], rows)

    def rows(self, name: str) -> list[Row]:
        """The rows of a query."""
        return self.columns_and_rows(name)[1]


def write_share(folder: Path, at: int, ordered: Sequence[Quad], queries: BuildQueries, nodes: Nodes) -> None:
    """Writes the share of a part in each dump and table; ``nodes`` are those that it describes."""
    triples = list(dict.fromkeys(quad.triple for quad in ordered))
    prefixes = queries.names.base.prefixes()
    for ending, form in DUMPS.items():
        serialize(triples if ending == "ttl" else ordered, str(share(folder, at, ending)), form, prefixes=prefixes)
    tables = {name: _table(queries, name, nodes) for name in TABLES}
    share(folder, at, "tables").write_text(json.dumps(tables), encoding="utf-8")


def share(folder: Path, at: int, ending: str) -> Path:
    """The file with the share of the part at a place, the shared part first."""
    return folder / f"{at:06}.{ending}"


def _table(queries: BuildQueries, name: str, nodes: Nodes) -> tuple[str, str]:
    """The header row of a table and its rows about these nodes, as CSV (RFC 4180), IRIs in full."""
    columns, rows = queries.columns_and_rows(name)
    header, body = io.StringIO(), io.StringIO()
    csv.writer(header).writerow(columns)
    csv.writer(body).writerows(
        [row[column].value if column in row else "" for column in columns]
        for row in rows
        if row.get(columns[0]) in nodes
    )
    return header.getvalue(), body.getvalue()


def write_nquads(path: Path, blocks: Mapping[str, Path], others: Iterable[bytes]) -> None:
    """Writes sorted N-Quads, each line once, by code point.

    Almost every line of a document begins with its own IRI, ``<…/document/slug/``: ``blocks`` has those, sorted in a
    file, by that beginning. ``others`` are all lines that belong to no block, in any order.
    """
    lines, at = sorted(set(others)), 0
    with path.open("wb") as file:
        for beginning, own in sorted(blocks.items()):
            first, end = (bisect_left(lines, beginning.encode() + after) for after in (b"", b"\xff"))
            file.writelines(lines[at:first])
            with own.open("rb") as block:
                if first == end:
                    shutil.copyfileobj(block, file)
                else:  # other documents speak about nodes of this one
                    file.writelines(line for line, _ in groupby(merge(block, lines[first:end])))
            at = end
        file.writelines(lines[at:])


def write_dumps(
    folder: Path, graph: Path, shares: Path, parts: Sequence[int], base: Base, checksum: Callable[[Path], str]
) -> None:
    """Writes the whole graph as N-Quads, TriG, Turtle and JSON-LD, and the tables as CSV, alone and as one archive.

    ``graph`` is the sorted N-Quads file, which the dump shares its bytes with where the file system can.
    ``SHA256SUMS`` beside them is what ``sha256sum --check`` reads; ``checksum`` gives that of a file.
    """
    folder.mkdir()
    try:
        os.link(graph, folder / "palermo.nq")
    except OSError:
        shutil.copyfile(graph, folder / "palermo.nq")
    for ending in DUMPS:
        contents = (share(shares, at, ending).read_bytes() for at in parts)
        with (folder / f"palermo.{ending}").open("wb") as file:
            file.writelines(_joined_arrays(contents) if ending == "jsonld" else _joined_turtle(contents, base))
    _write_tables(folder, shares, parts)
    for name in TABLES:
        _write_parquet(folder / f"{name}.csv")
    write_database(folder / "palermo.db")
    lines = [f"{checksum(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _joined_turtle(contents: Iterable[bytes], base: Base) -> Iterator[bytes]:
    """Turtle or TriG, its prefixes once."""
    yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(base.prefixes().items())).encode()
    for content in contents:
        start = 0
        while content.startswith(b"@prefix ", start):
            start = content.index(b"\n", start) + 1
        yield content[start:]


def _joined_arrays(contents: Iterable[bytes]) -> Iterator[bytes]:
    """JSON arrays as one."""
    opening = b"["
    for content in contents:
        inside = content.strip().removeprefix(b"[").removesuffix(b"]")
        if inside:
            yield opening + inside
            opening = b","
    yield b"]" if opening == b"," else b"[]"


def _rows(table: Path) -> Iterator[dict[str, str]]:
    """The rows of a table that is written as CSV."""
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write_parquet(table: Path) -> None:
    """Writes a table that is written as CSV as Parquet, and its metadata; what each column holds is told by what stands
    in it."""
    with table.open(encoding="utf-8", newline="") as file:
        kinds = {column: COLUMN_KINDS.get(column, "text") for column in next(csv.reader(file))}
    full, links, words = set(kinds), set[str](), set[str]()
    for row in _rows(table):
        for column, value in row.items():
            if value:
                (links if value.startswith(_WEB) else words).add(column)
        full -= {column for column in full if row[column] == ""}
        for column, kind in kinds.items():
            if kind == "number" and row[column] and not row[column].isdecimal():
                kinds[column] = "text"
    write_parquet(table.with_suffix(".parquet"), kinds, (list(row.values()) for row in _rows(table)), full)
    write_metadata(table, kinds, full, links - words)


def _write_tables(folder: Path, shares: Path, parts: Sequence[int]) -> None:
    with zipfile.ZipFile(folder / "palermo-tables.zip", "w", zipfile.ZIP_DEFLATED) as archive, ExitStack() as stack:
        files = {name: stack.enter_context((folder / f"{name}.csv").open("wb")) for name in TABLES}
        for position, at in enumerate(parts):
            tables = json.loads(share(shares, at, "tables").read_bytes())
            for name, file in files.items():
                header, body = tables[name]
                file.write((header + body if position == 0 else body).encode())
        for name, file in files.items():
            file.flush()
            entry = zipfile.ZipInfo(f"{name}.csv", EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as packed, (folder / f"{name}.csv").open("rb") as table:
                shutil.copyfileobj(table, packed)
