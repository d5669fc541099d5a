"""Triples to bytes in each data format; the same triples give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from server.knowledge import Facts, gather
from server.linkeddata.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from server.linkeddata.grouping import Statements, order
from server.linkeddata.jsonld import json_ld, read_context
from server.linkeddata.rdfxml import rdf_xml
from server.linkeddata.turtle import turtle
from server.snapshot import Snapshot


def represent(triples: Iterable[Triple], chosen: Format, snapshot: Snapshot, first: Sequence[NamedNode] = ()) -> bytes:
    """The triples in a data format, ``first`` at the head. Raises `KeyError` for a format of another kind."""
    return written(gather(triples), chosen, snapshot, first)


def written(facts: Facts, chosen: Format, snapshot: Snapshot, first: Sequence[NamedNode] = ()) -> bytes:
    """The facts in a data format, as `represent` has them."""
    statements = order(facts, first)
    if chosen is N_TRIPLES:
        return n_triples(statements)
    if chosen is JSON_LD:
        return json_ld(statements, read_context(snapshot.base))
    write = {TURTLE: turtle, RDF_XML: rdf_xml}[chosen]
    return write(statements, snapshot.prefixes)


def n_triples(statements: Sequence[Statements]) -> bytes:
    """Sorted N-Triples. Blank nodes are numbered in the order of the statements."""
    labels: dict[BlankNode, BlankNode] = {}

    def shown(node: object) -> str:
        if isinstance(node, BlankNode):
            node = labels.setdefault(node, BlankNode(f"b{len(labels)}"))
        return str(node)

    lines = [
        f"{shown(found.subject)} <{iri}> {shown(value)} .\n"
        for found in statements
        for iri, values in found.properties
        for value in values
    ]
    return "".join(sorted(lines)).encode()
