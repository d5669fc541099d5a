"""The questions: each in words, with a form for what varies, its answer as a table, and the query itself; and the query
page: a text area and a button, examples, errors in words, and the result as a table with labels beside IRIs, counts as
bars, and two things with a count for each pair of them as a matrix."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pyoxigraph import Literal, NamedNode
from pyroaring import BitMap

from ontology.namespaces import shorten
from queries.catalogue import Parameter, Query
from server.pages.exports import Citing, Sheet, onward
from server.pages.page import Page, Questions, bound_text, given_of, named_href
from server.pages.search import of_same_kind
from server.pages.selection import MOST_ITEMS, Selection
from server.pages.tables import Cell, ResultTable, as_csv, pivot, projection, result_table, term_cell, with_bar
from server.pages.values import Link, View, item_of, line_rows, standing, text
from server.sparql.endpoint import QueryView as Asked
from server.sparql.endpoint import limits_in_words
from server.sparql.explanations import aggregated
from server.sparql.serializing import Table
from server.store import Row
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange, Urls

JUDGED = re.compile(r"\bpal:(theme|relatesTo|restates|sharpens|softens|followsUp|EditorialLink)\b")
"""Names in a query by which it rests on what was suggested."""
FILES = ((".xlsx", "Excel"), (".docx", "Word"), (".csv", "CSV"), (".json", "JSON"), (".rq", "The query"))


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its parameters filled in, and its rows."""

    query: Query
    columns: Sequence[str]
    rows: Sequence[Row]
    bindings: Mapping[str, NamedNode | Literal]


def queries_page(exchange: Exchange) -> Page:
    """The list of questions."""
    groups: dict[str, list[Query]] = {}
    for query in exchange.services.catalogue.questions:
        if not all(parameter.default or _example(parameter, exchange) for parameter in query.parameters):
            continue  # It is about a recommendation, and there is none.
        groups.setdefault(query.fields.get("theme", ""), []).append(query)
    return Questions(exchange).page(
        "queries.html",
        "queries",
        "Questions this graph answers",
        "Questions of legal researchers, each with its answer, a form where it varies, and the query behind it.",
        groups=groups,
        prefixes=sorted(exchange.snapshot.prefixes.items()),
        editor=exchange.urls.sparql(),
    )


def named_question(name: str, exchange: Exchange) -> Query:
    """The question with a name. Raises `NotFound` for an unknown one."""
    question = next((query for query in exchange.services.catalogue.questions if query.name == name), None)
    if question is None:
        raise NotFound(f"There is no question called “{name}”.")
    return question


def answer(name: str, values: Mapping[str, str], exchange: Exchange) -> Answered:
    """The answer to a question. Raises `NotFound` for an unknown name, `BadRequest` for a value that does not fit."""
    query = named_question(name, exchange)
    bindings = bound(query, values, exchange)
    rows = exchange.store.select(query.name, **bindings)
    return Answered(query, projection(query.text), rows, bindings)


def bound(query: Query, values: Mapping[str, str], exchange: Exchange) -> dict[str, NamedNode | Literal]:
    """The values of a question's parameters. Raises `BadRequest` for a value that does not fit."""
    return {parameter.name: _bound(parameter, values, exchange) for parameter in query.parameters}


def _bound(parameter: Parameter, values: Mapping[str, str], exchange: Exchange) -> NamedNode | Literal:
    value = values.get(parameter.name, "").strip() or parameter.default or _example(parameter, exchange)
    if not value:
        raise BadRequest(f"The parameter “{parameter.name}” is needed: {parameter.label}.")
    try:
        return parameter.term(value, exchange.snapshot.base)
    except ValueError as error:
        raise BadRequest(
            f"“{value}” does not fit the parameter “{parameter.name}”, which is {parameter.kind}."
        ) from error


def _example(parameter: Parameter, exchange: Exchange) -> str:
    """What a question begins with whose parameter has no default: a recommendation is the first that cites something,
    or the first of all."""
    index = exchange.snapshot.index
    if parameter.name != "recommendation" or not index.recommendations:
        return ""
    citing = index.recommendations & index.pointing("cites", index.targets("cites"))
    return line_rows((citing or index.recommendations)[:1], exchange)[0].iri


def query_page(answered: Answered, exchange: Exchange) -> Page:
    """The view of a question and its answer."""
    urls, query = exchange.urls, answered.query
    values = given_of(answered.bindings, exchange)
    text = bound_text(query, answered.bindings, exchange)
    path = f"queries/{query.name}"
    shown = [column for column in answered.columns if column not in answered.bindings]
    return Questions(exchange).page(
        "query.html",
        path,
        query.title,
        query.question or query.title,
        crumbs=[Link(urls.path("queries"), "Questions")],
        query=query,
        fields=tuple(_field(parameter, values[parameter.name], exchange) for parameter in query.parameters),
        path=path,
        values=values,
        files=FILES,
        table=result_table(
            shown, answered.rows, urls, exchange.snapshot.prefixes, bars=query.fields.get("show") == "bars"
        ),
        matrix=pivot(shown, answered.rows, urls, exchange.snapshot.prefixes)
        if query.fields.get("show") == "matrix"
        else None,
        total=len(answered.rows),
        judged=rests_on_judgement(query),
        text=text,
        editor=named_href(query, answered.bindings, exchange),
        beside=_beside(query, urls),
        onward=_onward(answered, exchange),
        permalink=urls.absolute(urls.path(path, query=values or None)),
    )


def _beside(query: Query, urls: Urls) -> Link | None:
    """The page that shows the same in another way, from the field ``beside``: an address and what is there."""
    address, _, words = query.fields.get("beside", "").partition(" ")
    path, _, given = address.partition("?")
    return Link(urls.path(path, query=dict(parse_qsl(given)) or None), words) if address else None


def named_text(name: str, values: Mapping[str, str], exchange: Exchange) -> str:
    """The text of a query of the catalogue, with the values that are given for its parameters, all or none. Raises
    `NotFound` for an unknown name, `BadRequest` for a value that does not fit."""
    query = exchange.services.catalogue.queries.get(name)
    if query is None:
        raise NotFound(f"There is no query called “{name}”.")
    if not any(values.get(parameter.name) for parameter in query.parameters):
        return query.absolute(exchange.snapshot.base)
    return bound_text(query, bound(query, values, exchange), exchange)


def answer_sheet(answered: Answered, exchange: Exchange) -> Sheet:
    """The answer as the page shows it, a row a recommendation where it is about them, each with a citation."""
    query, urls = answered.query, exchange.urls
    shown = [column for column in answered.columns if column not in answered.bindings]
    table = result_table(shown, answered.rows, urls, exchange.snapshot.prefixes)
    rows: list[list[str | int]] = [
        [int(cell.words) if cell.number and cell.words.isdecimal() else cell.words for cell in row]
        for row in table.rows
    ]
    heads = [*table.columns]
    if table.notes:
        heads.append(table.notes_head)
        for row, chips in zip(rows, table.notes, strict=True):
            row.append("; ".join(" · ".join(cell.words for cell in chip) for chip in chips))
    if numbers := _recommendations(answered, exchange):
        cite = Citing(list(numbers), "", exchange)
        cited = {urls.of(line.iri): cite(line) for line in line_rows(numbers, exchange)}
        heads.append("Citation")
        for cells, row in zip(table.rows, rows, strict=True):
            row.append(next((cited[cell.href] for cell in cells if cell.href in cited), ""))
    values = given_of(answered.bindings, exchange)
    address = urls.absolute(urls.path(f"queries/{query.name}", query=values or None))
    whose = f"What is judged in it: {standing(exchange.snapshot.index.reviewed)}." if rests_on_judgement(query) else ""
    return Sheet(query.title, heads, rows, [*filter(None, [query.question, whose]), address])


def rests_on_judgement(query: Query) -> bool:
    """Whether a question asks for themes, related provisions or relations between recommendations."""
    return JUDGED.search(re.sub(r"(?m)^\s*#.*$", "", query.text)) is not None


def answer_csv(answered: Answered, exchange: Exchange) -> str:
    """The answer as CSV, which says whose the suggestions in it are where it has no column for their review."""
    unsaid = rests_on_judgement(answered.query) and "reviewStatus" not in answered.columns
    return as_csv(answered.columns, answered.rows, standing(exchange.snapshot.index.reviewed) if unsaid else "")


def _recommendations(answered: Answered, exchange: Exchange) -> BitMap:
    """The recommendations of an answer."""
    index = exchange.snapshot.index
    iris = {row["recommendation"].value for row in answered.rows if "recommendation" in row}
    return BitMap(index.number(iri) or 0 for iri in iris) & index.recommendations


def _onward(answered: Answered, exchange: Exchange) -> View | None:
    """The recommendations of an answer as a list and as files; nowhere where it has none, or more than a list can be of
    those chosen one by one."""
    lines = line_rows(_recommendations(answered, exchange)[: MOST_ITEMS + 1], exchange)
    if len(lines) > MOST_ITEMS:
        return None
    return onward(Selection({}, items=tuple(item_of(line.iri) for line in lines)), len(lines), exchange)


def _field(parameter: Parameter, value: str, exchange: Exchange) -> View:
    choices: tuple[tuple[str, str], ...] = ()
    if parameter.kind == "iri":
        base = exchange.snapshot.base.iri
        alike = of_same_kind(exchange.snapshot.index.database, value if "://" in value else base + value)
        choices = tuple((iri.removeprefix(base), label) for iri, label in alike)
    return View(name=parameter.name, label=parameter.label, value=value, kind=parameter.kind, choices=choices)


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
