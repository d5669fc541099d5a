"""Results as bytes: tables and graphs in every format, counted in rows and bytes while they grow, and rows for pages.

The engine writes tables itself, many times faster than rows could be walked through here, so rows are counted in what
it writes. Each format has a byte sequence that stands between rows and cannot stand inside a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from json.encoder import encode_basestring
from typing import IO, Any, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from ontology.formats import BY_KEY
from ontology.namespaces import WELL_KNOWN
from ontology.terms import Term
from server.linkeddata.jsonld import Context
from server.linkeddata.writing import as_xml, write_triples

TABLE_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
Reply = tuple[dict[str, Any], bytes]
"""The header of a reply from a worker, and the bytes of the result."""
_GRAPH_HEAD = ("subject", "predicate", "object")
_TEXT = WELL_KNOWN["xsd"] + "string"


@dataclass(slots=True)
class Result:
    """A whole result as bytes. ``seconds`` is the engine's time. The last three are for the format ``html``."""

    body: bytes
    rows: int
    seconds: float
    head: tuple[str, ...] = ()
    boolean: bool | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows for a page; ``truncated`` if there are more rows. Graphs have three columns."""

    form: str
    head: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    boolean: bool | None
    truncated: bool
    milliseconds: float


class Overflow(Exception):  # noqa: N818 (it names what happened, and never leaves the worker)
    """The result exceeds a limit; ``unit`` is rows or bytes."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
PARTWISE = {"json": b'}},{"', "xml": b"<result>", "tsv": b"\n"}
"""The formats whose rows are counted while they are written, and by what."""


def _json_rows(whole: bytes) -> int:
    """Inside a value a quote follows a backslash, so ``}},{"`` only stands between rows. A row without any binding is
    ``{}``, which a value may hold as well; where there is one, values are emptied before counting."""
    rows = whole[whole.find(b'"bindings":[') + len(b'"bindings":[') : -3]
    if b"{}" in rows:
        return 1 + _STRING.sub(b'""', rows).count(b"},{")
    return 1 + rows.count(b'}},{"') if rows else 0


def _csv_rows(whole: bytes) -> int:
    """Line ends outside quotes, without the header's: of the parts that quotes cut, every second is outside."""
    return sum(part.count(b"\r\n") for part in whole.split(b'"')[::2]) - 1


_COUNTERS: dict[str, Callable[[bytes], int]] = {
    "json": _json_rows,
    "xml": lambda whole: whole.count(b"<result>"),
    "csv": _csv_rows,
    "tsv": lambda whole: whole.count(b"\n") - 1,
}


class Tally:
    """A file the engine writes a result into. Raises `Overflow` out of `write` as soon as a limit is passed for sure,
    and out of `close` when the exact number of rows is over it."""

    __slots__ = ("_chunks", "_form", "_most_bytes", "_most_rows", "_seen", "_size")

    def __init__(self, form: str, most_rows: int, most_bytes: int) -> None:
        self._form = form
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._chunks: list[bytes] = []
        self._size = 0
        self._seen = 0

    def write(self, written: bytes) -> int:
        """Takes a part of the result."""
        self._chunks.append(written)
        self._size += len(written)
        if self._size > self._most_bytes:
            raise Overflow("bytes")
        if self._form in PARTWISE:
            self._seen += written.count(PARTWISE[self._form])
            if self._seen > self._most_rows + 1:
                raise Overflow("rows")
        return len(written)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> tuple[bytes, int]:
        """The whole result and its number of rows. Raises `Overflow` when there are too many."""
        whole = b"".join(self._chunks)
        rows = _COUNTERS[self._form](whole)
        if rows > self._most_rows:
            raise Overflow("rows")
        return whole, rows


def distinct_triples(triples: Iterable[Triple]) -> list[Triple]:
    """The triples without repetitions, in one order: blank nodes are renamed in the order in which they come, so that
    the same query gives the same bytes."""
    names: dict[BlankNode, BlankNode] = {}

    def named(node: Any) -> Any:
        if isinstance(node, BlankNode):
            return names.setdefault(node, BlankNode(f"b{len(names)}"))
        return node

    unique = dict.fromkeys(Triple(named(triple.subject), triple.predicate, named(triple.object)) for triple in triples)
    return sorted(unique, key=lambda triple: (str(triple.subject), triple.predicate.value, str(triple.object)))


def write_results(results: QuerySolutions | QueryBoolean, form: str, rows: int, size: int) -> Reply:
    """Rows, or a truth value, in a format. Raises `Overflow` for more than so many rows or bytes, and `ValueError` for
    what XML cannot hold."""
    if isinstance(results, QueryBoolean):
        return {"outcome": "ok", "rows": 1}, results.serialize(format=TABLE_FORMATS[form]) or b""
    tally = Tally(form, rows, size)
    results.serialize(cast(IO[bytes], tally), format=TABLE_FORMATS[form])
    body, count = tally.close()
    return {"outcome": "ok", "rows": count}, as_xml(body) if form == "xml" else body


def write_reply(
    results: QuerySolutions | QueryBoolean | Iterable[Triple],
    form: str,
    rows: int,
    size: int,
    prefixes: Mapping[str, str],
    context: Context,
) -> Reply:
    """Any result in a format, of a graph each triple once. Raises as `write_results`."""
    if form == "html":
        return table_reply(results, rows)
    if isinstance(results, QuerySolutions | QueryBoolean):
        return write_results(results, form, rows, size)
    graph = distinct_triples(islice(results, rows + 1))
    if len(graph) > rows:
        raise Overflow("rows")
    body = write_triples(graph, BY_KEY[form], prefixes, context)
    if len(body) > size:
        raise Overflow("bytes")
    return {"outcome": "ok", "rows": len(graph)}, body


def table_reply(results: QuerySolutions | QueryBoolean | Iterable[Triple], rows: int) -> Reply:
    """Serializes the first rows of any result for `read_rows`, with a header that tells whether there are more."""
    if isinstance(results, QueryBoolean):
        return {"outcome": "ok", "boolean": bool(results), "head": [], "rows": 0, "truncated": False}, b""
    found: Iterable[Iterable[Any]]
    if isinstance(results, QuerySolutions):
        head, found = [variable.value for variable in results.variables], islice(results, rows + 1)
    else:
        head, found = list(_GRAPH_HEAD), distinct_triples(islice(results, rows + 1))
    written = [
        json_row((name, json_term(term)) for name, term in zip(head, row, strict=True) if term is not None)
        for row in found
    ]
    told = {"outcome": "ok", "head": head, "rows": len(written[:rows]), "truncated": len(written) > rows}
    return told, json_table(head, written[:rows])


def json_term(term: object) -> str:
    """A term as a value of a result in JSON (SPARQL 1.1 Query Results JSON Format §3.2.2). Raises `ValueError` for one
    that has none there."""
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{encode_basestring(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{encode_basestring(term.value)}}}'
    if not isinstance(term, Literal) or term.direction is not None:
        raise ValueError(term)
    value, datatype = encode_basestring(term.value), term.datatype.value
    if term.language is not None:
        return f'{{"type":"literal","value":{value},"xml:lang":"{term.language}"}}'
    if datatype == _TEXT:
        return f'{{"type":"literal","value":{value}}}'
    return f'{{"type":"literal","value":{value},"datatype":{encode_basestring(datatype)}}}'


def json_row(values: Iterable[tuple[str, str]]) -> str:
    """A row, given the names that have a value in it with those values."""
    return "{" + ",".join([f'"{name}":{value}' for name, value in values]) + "}"


def json_table(names: Iterable[str], rows: Iterable[str]) -> bytes:
    """A result of rows, as the engine writes it."""
    head = ",".join([f'"{name}"' for name in names])
    return f'{{"head":{{"vars":[{head}]}},"results":{{"bindings":[{",".join(rows)}]}}}}'.encode()


def read_rows(body: bytes) -> tuple[tuple[Term | None, ...], ...]:
    """The rows that `table_reply` wrote, as terms; None where a variable is unbound."""
    solutions = cast(QuerySolutions, parse_query_results(body, format=QueryResultsFormat.JSON)) if body else ()
    return tuple(tuple(cast(Iterable[Term | None], solution)) for solution in solutions)


def table_of(result: Result, form: str) -> Table:
    """The result of a form of query, in the format ``html``, as rows."""
    rows = read_rows(result.body)
    return Table(form, result.head, rows, result.boolean, result.truncated, result.seconds * 1000)
