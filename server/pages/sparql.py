"""The query page: a text area and a button, examples, errors in words, and the result as a table with labels beside
IRIs, counts as bars, and two things with a count for each pair of them as a matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from server.pages.page import Page, Questions
from server.pages.tables import Cell, ResultTable, term_cell, with_bar
from server.pages.values import Link, View, text
from server.sparql.endpoint import QueryView as Asked
from server.sparql.endpoint import limits_in_words
from server.sparql.explanations import aggregated
from server.sparql.serializing import Table
from server.web.request import Exchange

FORMATS = {
    "SELECT": (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML")),
    "ASK": (("json", "JSON"), ("xml", "XML")),
    "CONSTRUCT": (("turtle", "Turtle"), ("jsonld", "JSON-LD"), ("ntriples", "N-Triples"), ("rdfxml", "RDF/XML")),
}
START = """SELECT ?recommendation ?text
WHERE {
  ?recommendation a pal:Recommendation ;
    pal:cites/pal:partOf* smp:16 ;
    pal:text ?text .
}
"""


def sparql_page(asked: Asked, exchange: Exchange, starting: str = "") -> Page:
    """The view of the query page; ``starting`` is a query to have in the field that was not run."""
    urls, snapshot = exchange.urls, exchange.snapshot
    table = asked.table
    shown = result_of(table, asked.query, exchange) if table and table.boolean is None else None
    query = asked.query or starting or prefixed_start(exchange)
    return Questions(exchange).page(
        "sparql.html",
        "sparql",
        "Query the graph",
        "A SPARQL endpoint with an editor: ask the graph your own question.",
        scripts=["vendor/editor.js"],
        indexed=not asked.query,
        query=query,
        action=urls.sparql(),
        examples=exchange.services.catalogue.questions,
        asked=asked,
        result=table,
        table=shown,
        matrix=crossed(shown, table, asked.query) if table and shown else None,
        terms=vocabulary_beside(exchange),
        downloads=FORMATS.get("CONSTRUCT" if table.form == "DESCRIBE" else table.form, ()) if table else (),
        permalink=urls.absolute(urls.sparql(asked.query)) if asked.query else "",
        prefixes=snapshot.prefixes,
        limits=limits_in_words(exchange.services.settings),
    )


def prefixed_start(exchange: Exchange) -> str:
    """A first query for an empty field, with the prefixes it needs."""
    prefixes = exchange.snapshot.prefixes
    return "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in ("pal", "smp")) + "\n" + START


LOOKED_UP = 200
"""How many IRIs that search does not know are looked up for their labels, all with one query."""
WIDEST, LONGEST = 40, 200
"""The largest matrix that is drawn."""


def vocabulary_beside(exchange: Exchange) -> Mapping[str, Mapping[str, Link]]:
    """The classes and properties of the vocabulary by kind and IRI, each by its prefixed name with its label."""
    terms: dict[str, dict[str, Link]] = {"class": {}, "property": {}}
    for row in exchange.store.select("vocabulary-terms"):
        iri = text(row, "term")
        name = shorten(iri, exchange.snapshot.prefixes)
        terms[text(row, "kind")][iri] = Link(exchange.urls.of(iri), name, text(row, "label"))
    return terms


def result_of(table: Table, query: str, exchange: Exchange) -> ResultTable:
    """The result with the label of each thing beside its name, and bars where its last column counts."""
    urls, prefixes = exchange.urls, exchange.snapshot.prefixes
    labels = _labels({value for row in table.rows for value in row if isinstance(value, NamedNode)}, exchange)
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


def crossed(result: ResultTable, table: Table, query: str) -> View | None:
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
    return View(down=table.head[0], across=table.head[1], columns=tuple(across), rows=rows)


def _counts(table: Table, query: str) -> bool:
    """Whether the last column is an aggregate with a number that is not negative in every row."""
    if len(table.head) < 2 or len(table.rows) < 2:
        return False
    return table.head[-1] in aggregated(query) and all(_is_count(row[-1]) for row in table.rows)


def _is_count(value: object) -> bool:
    try:
        return float(getattr(value, "value", "")) >= 0
    except ValueError:
        return False


def _labels(things: Collection[NamedNode], exchange: Exchange) -> Mapping[str, str]:
    labels = {text(row, "term"): text(row, "label") for row in exchange.store.select("vocabulary-terms")}
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
        named = exchange.store.select("labels", resource=asked)
        labels |= {text(row, "resource"): text(row, "label") for row in named}
    return labels
