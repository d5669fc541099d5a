"""Results that are not tables of the engine: the triples of a graph, and rows for an HTML table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)

_GRAPH_HEAD = ("subject", "predicate", "object")


def distinct_triples(triples: Iterable[Triple]) -> list[Triple]:
    """The triples without repetitions, in one order: blank nodes are renamed in the order in which they come, so that
    the same query gives the same bytes."""
    names: dict[BlankNode, BlankNode] = {}

    def named(node: Any) -> Any:
        if isinstance(node, BlankNode):
            return names.setdefault(node, BlankNode(f"b{len(names)}"))
        return node

    found = dict.fromkeys(Triple(named(triple.subject), triple.predicate, named(triple.object)) for triple in triples)
    return sorted(found, key=lambda triple: (str(triple.subject), triple.predicate.value, str(triple.object)))


def table_reply(results: QuerySolutions | QueryBoolean | QueryTriples, rows: int) -> tuple[dict[str, Any], bytes]:
    """The first rows of any result, as `rows.read_rows` reads them, with a head that says whether there are more."""
    if isinstance(results, QueryBoolean):
        return {"outcome": "ok", "boolean": bool(results), "head": [], "rows": 0, "truncated": False}, b"[]"
    found: list[list[Any]]
    if isinstance(results, QuerySolutions):
        head = [variable.value for variable in results.variables]
        found = [[_plain(term) for term in solution] for solution in islice(results, rows + 1)]
    else:
        head = list(_GRAPH_HEAD)
        triples = distinct_triples(islice(results, rows + 1))
        found = [[_plain(node) for node in (t.subject, t.predicate, t.object)] for t in triples]
    truncated = len(found) > rows
    del found[rows:]
    told = {"outcome": "ok", "head": head, "rows": len(found), "truncated": truncated}
    return told, json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(term: Any) -> list[str | None] | None:
    if isinstance(term, NamedNode):
        return ["u", term.value]
    if isinstance(term, Literal):
        return ["l", term.value, term.language, None if term.language else term.datatype.value]
    if isinstance(term, BlankNode):
        return ["b", term.value]
    return None
