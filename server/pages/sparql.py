"""The query page: a text area and a button, examples, the result as a table with links, and errors in words."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.page import Page, Questions
from server.pages.results import crossed, result_of, vocabulary_beside
from server.pages.values import Link
from server.sparql.description import limits_in_words
from server.sparql.endpoint import QueryView as Asked
from server.web.errors import PalermoError
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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a query, and where: line and column count from 1, 0 where unknown."""

    title: str
    detail: str
    line: int
    column: int
    source: str


async def sparql_page(asked: Asked, exchange: Exchange, starting: str = "") -> Page:
    """The view of the query page; ``starting`` is a query to have in the field that was not run."""
    urls, snapshot = exchange.urls, exchange.snapshot
    table = asked.table
    shown = await result_of(table, asked.query, exchange) if table and table.boolean is None else None
    query = asked.query or starting or prefixed_start(exchange)
    form = (asked.form or (table.form if table else "")) or ""
    return Questions(exchange).page(
        "sparql.html",
        "sparql",
        "Query the graph",
        "A SPARQL endpoint with an editor: ask the graph your own question.",
        scripts=["vendor/editor.js"],
        indexed=not asked.query,
        query=query,
        action=urls.sparql(),
        examples=tuple(
            Link(urls.path("editor", query={"question": query_.name}), query_.title)
            for query_ in exchange.services.catalogue.folder("questions")
        ),
        names=urls.path("names.json"),
        table=shown,
        matrix=crossed(shown, table, asked.query) if table and shown else None,
        terms=await vocabulary_beside(exchange),
        ontology=urls.path("ontology"),
        form=form,
        answer={True: "Yes", False: "No", None: ""}[table.boolean if table else None],
        count=len(table.rows) if table else 0,
        truncated=bool(table and table.truncated),
        shown=exchange.services.settings.table_rows,
        milliseconds=(f"{table.milliseconds:.0f}" if table.milliseconds >= 10 else f"{table.milliseconds:.1f}")
        if table
        else "",
        problem=_problem(asked.problem, asked.query) if asked.problem else None,
        downloads=FORMATS.get("CONSTRUCT" if form == "DESCRIBE" else form, ()) if table else (),
        permalink=urls.absolute(urls.sparql(asked.query)) if asked.query else "",
        prefixes=tuple(snapshot.prefixes.items()),
        description=urls.path("data"),
        hints=asked.hints,
        limits=limits_in_words(exchange.services.settings),
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )


def prefixed_start(exchange: Exchange) -> str:
    """A first query for an empty field, with the prefixes it needs."""
    prefixes = exchange.snapshot.prefixes
    return "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in ("pal", "smp")) + "\n" + START


def _problem(error: PalermoError, query: str) -> Problem:
    line, column = error.extra.get("line"), error.extra.get("column")
    at = line if isinstance(line, int) else 0
    lines = query.splitlines()
    return Problem(
        error.title,
        error.detail,
        at,
        column if isinstance(column, int) else 0,
        lines[at - 1] if 0 < at <= len(lines) else "",
    )
