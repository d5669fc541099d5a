"""Results that are not tables of the engine: graphs in the RDF formats, and rows for an HTML table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from server.linkeddata.grouping import group
from server.linkeddata.jsonld import Context, json_ld
from server.sparql.tally import as_xml

FORMATS = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML}
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


def write_graph(triples: Sequence[Triple], form: str, prefixes: Mapping[str, str], context: Context) -> bytes:
    """The graph in a format: turtle with the prefixes it uses, ntriples, rdfxml, or jsonld,
    compacted with the context."""
    if form == "jsonld":
        return json_ld(group(triples), context)
    written = serialize(triples, format=FORMATS[form], prefixes=_used(triples, prefixes)) or b""
    return as_xml(written) if form == "rdfxml" else written


def _used(triples: Sequence[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those prefixes whose namespace an IRI of the graph is in."""
    iris = {
        node.value
        for triple in triples
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, NamedNode)
    }
    iris.update(triple.object.datatype.value for triple in triples if isinstance(triple.object, Literal))
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {name: namespace for name, namespace in prefixes.items() if namespace in namespaces}


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
