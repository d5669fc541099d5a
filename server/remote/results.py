"""Answers of an engine as values: SPARQL 1.1 Query Results JSON and N-Triples, read with suspicion.

Engines differ within the standards' reach and a little beyond: Virtuoso calls a literal ``typed-literal``, writes true
as ``1``, and answers ASK with a table of one number. What ends too early is no JSON; of triples, the number tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ontology.terms import term
from server.remote.failures import StoreBroken
from server.remote.text import RESERVED

Term = NamedNode | Literal | BlankNode
Row = dict[str, Term]
_BOOLEAN = term("xsd:boolean").value
_TRUTH = {"0": "false", "1": "true"}
_ASKED = "__ASK_RETVAL"
_UNREADABLE = "Its answer cannot be read, or ends too early."


@dataclass(frozen=True, slots=True)
class Rows:
    """The columns and rows of a SELECT query, or the truth of an ASK query."""

    head: tuple[str, ...]
    rows: list[Row]
    boolean: bool | None


def read_rows(body: bytes) -> Rows:
    """Rows from JSON. Raises `StoreBroken` for anything that is not a whole result."""
    try:
        found = json.loads(body)
        if "boolean" in found:
            return Rows((), [], found["boolean"] is True)
        head = tuple(name for name in found["head"]["vars"] if not name.startswith(RESERVED))
        bindings = found["results"]["bindings"]
        if found["head"]["vars"] == [_ASKED]:
            return Rows((), [], any(row[_ASKED]["value"] != "0" for row in bindings))
        names: dict[str, BlankNode] = {}
        return Rows(head, [{name: _term(row[name], names) for name in head if name in row} for row in bindings], None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise StoreBroken(_UNREADABLE) from problem


def _term(given: Mapping[str, Any], names: dict[str, BlankNode]) -> Term:
    kind, value = given["type"], given["value"]
    if kind == "uri":
        return NamedNode(value)
    if kind == "bnode":
        return names.setdefault(value, BlankNode(f"b{len(names)}"))
    if language := given.get("xml:lang"):
        return Literal(value, language=language)
    datatype = given.get("datatype")
    if datatype == _BOOLEAN:
        value = _TRUTH.get(value, value)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)


def read_triples(body: bytes) -> list[Triple]:
    """Triples from N-Triples, each once. Raises `StoreBroken` when they cannot be read."""
    if body and not body.endswith(b"\n"):
        raise StoreBroken(_UNREADABLE)
    try:
        found = [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError) as problem:
        raise StoreBroken(_UNREADABLE) from problem
    return list(dict.fromkeys(_with_truth(triple) for triple in found))


def _with_truth(triple: Triple) -> Triple:
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value == _BOOLEAN and value.value in _TRUTH:
        return Triple(triple.subject, triple.predicate, Literal(_TRUTH[value.value], datatype=value.datatype))
    return triple


def written(rows: Rows) -> bytes:
    """The rows as plain JSON of the standard, from which the formats of the endpoint are made."""
    if rows.boolean is not None:
        return json.dumps({"head": {}, "boolean": rows.boolean}).encode()
    bindings = [{name: _plain(value) for name, value in row.items()} for row in rows.rows]
    return json.dumps({"head": {"vars": list(rows.head)}, "results": {"bindings": bindings}}).encode()


def _plain(value: Term) -> dict[str, str]:
    if isinstance(value, NamedNode):
        return {"type": "uri", "value": value.value}
    if isinstance(value, BlankNode):
        return {"type": "bnode", "value": value.value}
    if value.language:
        return {"type": "literal", "value": value.value, "xml:lang": value.language}
    return {"type": "literal", "value": value.value, "datatype": value.datatype.value}
