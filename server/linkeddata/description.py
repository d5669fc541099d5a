"""The description of one thing: what is said about it and its fragments, what points at it, the names of both ends,
and where all of that came from. Pages and data formats show the same description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ontology.terms import english, term
from server.snapshot import Snapshot
from server.store import Row, Store
from server.web.exchange import Exchange

INCOMING = 200
"""How many incoming links a description shows; `queries/resources/resource-links-in.rq` asks for one more."""
COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing that has a page: its IRI, its path below the base, its name and its types."""

    iri: NamedNode
    path: str
    label: str
    types: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """Everything a document says. ``triples`` are all of it, each once; ``incoming`` how many links lead to the
    thing, which may be more than are shown; ``licence`` is that of the data set."""

    resource: Resource
    document: NamedNode
    triples: tuple[Triple, ...]
    incoming: int
    licence: str


async def describe(iri: NamedNode, exchange: Exchange) -> Description | None:
    """The description of a thing; None when the data do not know it."""
    store, snapshot = exchange.store, exchange.snapshot
    outward = await _said(iri, store)
    inward = await store.select("resource-links-in", resource=iri)
    if not outward and not inward and not await store.ask("resource-exists", resource=iri):
        return None
    shown, total = await _bounded(inward, iri, store)
    resource = _resource(iri, outward, snapshot)
    document = NamedNode(exchange.urls.canonical(exchange.urls.document_path(iri)))
    graphs = sorted({row["graph"] for row in outward if isinstance(row["graph"], NamedNode)}, key=str)
    licence = await licence_of_data(store)
    about = list(_document(resource, document, snapshot, graphs, licence))
    if total > len(shown):
        about.append(Triple(document, term("rdfs:comment"), english(_cut(len(shown), total))))
    for graph in graphs:
        rows = await store.select("graph-origin", graph=graph)
        about += [Triple(graph, _node(row["property"]), row["value"]) for row in rows]
    triples = dict.fromkeys([*_outward(outward), *_inward(shown, iri), *about])
    return Description(resource, document, tuple(triples), total, licence)


async def licence_of_data(store: Store) -> str:
    """The IRI of the licence of the data set, empty when it has none."""
    return next((row["licence"].value for row in await store.select("dataset-licence")), "")


async def _said(iri: NamedNode, store: Store) -> list[Row]:
    """What is said of a thing, and of its fragments as far as it leads to them."""
    rows: list[Row] = []
    waiting, known = [iri], {iri}
    inside = iri.value + "#"
    while waiting:
        found = await store.select("resource-statements", resource=waiting.pop())
        rows += found
        for row in found:
            value = row["value"]
            if isinstance(value, NamedNode) and value.value.startswith(inside) and value not in known:
                known.add(value)
                waiting.append(value)
    return rows


async def _bounded(inward: list[Row], iri: NamedNode, store: Store) -> tuple[list[Row], int]:
    """The incoming rows to show, and how many links there are."""
    links = list(dict.fromkeys((row["subject"], row["property"]) for row in inward))
    if len(links) <= INCOMING:
        return inward, len(links)
    kept = set(links[:INCOMING])
    counted = await store.select("resource-links-in-count", resource=iri)
    return [row for row in inward if (row["subject"], row["property"]) in kept], int(counted[0]["count"].value)


def _resource(iri: NamedNode, outward: Iterable[Row], snapshot: Snapshot) -> Resource:
    label, type_ = term("rdfs:label"), term("rdf:type")
    labels, types = [], []
    for row in outward:
        if row["resource"] == iri and row["property"] == label:
            labels.append(row["value"].value)
        elif row["resource"] == iri and row["property"] == type_:
            types.append(_node(row["value"]))
    path = snapshot.names.path(iri)
    return Resource(iri, path, min(labels, default=path), tuple(sorted(set(types), key=str)))


def _outward(rows: Iterable[Row]) -> Iterator[Triple]:
    for row in rows:
        value = row["value"]
        yield Triple(_node(row["resource"]), _node(row["property"]), value)
        if isinstance(value, NamedNode):
            yield from _names(value, row)


def _inward(rows: Iterable[Row], iri: NamedNode) -> Iterator[Triple]:
    for row in rows:
        subject = _node(row["subject"])
        yield Triple(subject, _node(row["property"]), iri)
        yield from _names(subject, row)


def _names(node: NamedNode, row: Row) -> Iterator[Triple]:
    if "label" in row:
        yield Triple(node, term("rdfs:label"), row["label"])
    if "type" in row:
        yield Triple(node, term("rdf:type"), row["type"])


def _document(
    resource: Resource, document: NamedNode, snapshot: Snapshot, graphs: Iterable[NamedNode], licence: str
) -> Iterator[Triple]:
    yield Triple(document, term("rdf:type"), term("foaf:Document"))
    yield Triple(document, term("rdfs:label"), english(f"Description of: {resource.label}"))
    yield Triple(document, term("foaf:primaryTopic"), resource.iri)
    yield Triple(document, term("void:inDataset"), snapshot.names.node("dataset"))
    built = Literal(snapshot.built.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=term("xsd:dateTime"))
    yield Triple(document, term("dcterms:modified"), built)
    if licence:
        yield Triple(document, term("dcterms:license"), NamedNode(licence))
    for graph in graphs:
        yield Triple(document, term("prov:wasDerivedFrom"), graph)


def _cut(shown: int, total: int) -> str:
    known = f"{total:,}" if total < COUNTED else f"{COUNTED:,} or more"
    return f"This document shows {shown} of {known} links that lead to its subject. The SPARQL endpoint has them all."


def _node(found: object) -> NamedNode:
    if not isinstance(found, NamedNode):
        raise TypeError(f"{found} is not an IRI; published data have no blank nodes.")
    return found
