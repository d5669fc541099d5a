"""The result of a visitor's query as a page shows it: labels beside IRIs, counts as bars, and two things with a count
for each pair of them as a matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from queries.scanner import ScanError, scan
from server.pages.tables import Cell, ResultTable, term_cell, with_bar
from server.pages.values import Link, text
from server.sparql.hints import aggregated
from server.sparql.questions import Table
from server.web.request import Exchange

LOOKED_UP = 200
"""How many IRIs that search does not know are looked up for their labels, all with one query."""
WIDEST, LONGEST = 40, 200
"""The largest matrix that is drawn."""
_DEEP = 1_000


@dataclass(frozen=True, slots=True)
class Terms:
    """The vocabulary beside the query: classes and properties, each by its prefixed name with its label."""

    classes: tuple[Link, ...]
    properties: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A matrix: the things across, and for each thing down the cells in their order."""

    down: str
    across: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, tuple[Cell, ...]], ...]


async def vocabulary_beside(exchange: Exchange) -> Terms:
    """The classes and properties of the vocabulary."""
    terms: dict[str, dict[str, Link]] = {"class": {}, "property": {}}
    for row in await exchange.store.select("vocabulary-terms"):
        iri = text(row, "term")
        name = shorten(iri, exchange.snapshot.prefixes)
        terms[text(row, "kind")][iri] = Link(exchange.urls.of(iri), name, text(row, "label"))
    return Terms(tuple(terms["class"].values()), tuple(terms["property"].values()))


async def result_of(table: Table, query: str, exchange: Exchange) -> ResultTable:
    """The result with the label of each thing beside its name, and bars where its last column counts."""
    urls, prefixes = exchange.urls, exchange.snapshot.prefixes
    labels = await _labels({value for row in table.rows for value in row if isinstance(value, NamedNode)}, exchange)
    cells = [
        tuple(
            term_cell(value, urls, prefixes, note=labels.get(value.value, "") if isinstance(value, NamedNode) else "")
            for value in row
        )
        for row in table.rows
    ]
    if _counts(table, query):
        cells = [with_bar(row, cells) for row in cells]
    return ResultTable(table.head, tuple(cells))


def crossed(result: ResultTable, table: Table, query: str) -> Crossed | None:
    """The result as a matrix, where it is two things and a count for each pair of them."""
    if len(table.head) != 3 or not _counts(table, query):
        return None
    pairs = {(row[0], row[1]): row[2] for row in result.rows}
    down, across = (list(dict.fromkeys(row[place] for row in result.rows)) for place in (0, 1))
    if len(pairs) < len(result.rows) or not 2 <= len(across) <= WIDEST or not 2 <= len(down) <= LONGEST:
        return None
    if any(cell.number for cell in across):
        return None
    rows = tuple((head, tuple(pairs.get((head, column), Cell("")) for column in across)) for head in down)
    return Crossed(table.head[0], table.head[1], tuple(across), rows)


def _counts(table: Table, query: str) -> bool:
    """Whether the last column is an aggregate with a number that is not negative in every row."""
    if len(table.head) < 2 or len(table.rows) < 2:
        return False
    try:
        counted = table.head[-1] in aggregated(list(scan(query, _DEEP)))
    except ScanError:
        return False
    return counted and all(_is_count(row[-1]) for row in table.rows)


def _is_count(value: object) -> bool:
    try:
        return float(getattr(value, "value", "")) >= 0
    except ValueError:
        return False


async def _labels(things: Collection[NamedNode], exchange: Exchange) -> Mapping[str, str]:
    labels = {text(row, "term"): text(row, "label") for row in await exchange.store.select("vocabulary-terms")}
    index, base = exchange.snapshot.index, exchange.snapshot.base.iri
    unknown: list[NamedNode] = []
    for thing in things:
        label = index.known(thing.value)
        if label is not None:
            labels[thing.value] = label
        elif thing.value not in labels and thing.value.startswith(base):
            unknown.append(thing)
    if unknown:
        asked = tuple(sorted(unknown, key=str)[:LOOKED_UP])
        named = await exchange.store.select("labels", resource=asked)
        labels |= {text(row, "resource"): text(row, "label") for row in named}
    return labels
