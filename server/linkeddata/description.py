"""The description of one thing: what is said about it and its fragments, what points at it, the names of both ends,
and where all of that came from. Pages and data formats show the same description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ontology.terms import english, term
from server.snapshot import Snapshot
from server.store import Store
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
    """Everything a document says.

    ``triples`` are all of it, some more than once; ``incoming`` counts the links that lead to the thing, which may be
    more than are shown; ``licence`` is that of the data set.
    """

    resource: Resource
    document: NamedNode
    triples: tuple[Triple, ...]
    incoming: int
    licence: str


async def describe(iri: NamedNode, exchange: Exchange) -> Description | None:
    """The description of a thing; None when the data do not know it."""
    store, snapshot = exchange.store, exchange.snapshot
    said = await _said(iri, store)
    links = await store.construct("resource-links-in", resource=iri)
    if not said and not links and not await store.ask("resource-exists", resource=iri):
        return None
    shown, total = await _bounded(links, iri, store)
    resource = _resource(iri, said, snapshot)
    document = NamedNode(exchange.urls.canonical(exchange.urls.document_path(iri)))
    graphs = [row["graph"] for row in await store.select("resource-graphs", resource=iri)]
    licence = await licence_of_data(store)
    about = list(_document(resource, document, snapshot, licence))
    if total > INCOMING:
        about.append(Triple(document, term("rdfs:comment"), english(_cut(total))))
    for graph in graphs:
        about.append(Triple(document, term("prov:wasDerivedFrom"), graph))
        rows = await store.select("graph-origin", graph=graph)
        about += [Triple(_node(graph), _node(row["property"]), row["value"]) for row in rows]
    return Description(resource, document, (*said, *shown, *about), total, licence)


async def identify(iri: NamedNode, exchange: Exchange) -> tuple[Resource, str] | None:
    """What a page needs of a thing, in one question: its name and types, and the licence of the data."""
    rows = await exchange.store.select("resource-name", resource=iri)
    if not rows:
        return None
    labels = [row["label"].value for row in rows if isinstance(row.get("label"), Literal)]
    types = {type_ for row in rows if isinstance(type_ := row.get("type"), NamedNode)}
    path = exchange.snapshot.names.path(iri)
    resource = Resource(iri, path, min(labels, default=path), tuple(sorted(types, key=str)))
    return resource, rows[0]["licence"].value if "licence" in rows[0] else ""


async def licence_of_data(store: Store) -> str:
    """The IRI of the licence of the data set, empty when it has none."""
    return next((row["licence"].value for row in await store.select("dataset-licence")), "")


async def _said(iri: NamedNode, store: Store) -> list[Triple]:
    """What is said of a thing, and of its fragments as far as it leads to them, with the names of all values."""
    triples: list[Triple] = []
    waiting, known = [iri], {iri}
    inside = iri.value + "#"
    while waiting:
        found = await store.construct("resource-statements", resource=waiting.pop())
        triples += found
        for triple in found:
            value = triple.object
            if isinstance(value, NamedNode) and value.value.startswith(inside) and value not in known:
                known.add(value)
                waiting.append(value)
    return triples


async def _bounded(links: list[Triple], iri: NamedNode, store: Store) -> tuple[list[Triple], int]:
    """The incoming statements to show, with names, and how many links there are."""
    leading = [triple for triple in links if triple.object == iri]
    if len(leading) <= INCOMING:
        return links, len(leading)
    dropped = set(leading[INCOMING:])
    counted = await store.select("resource-links-in-count", resource=iri)
    return [triple for triple in links if triple not in dropped], int(counted[0]["count"].value)


def _resource(iri: NamedNode, said: Iterable[Triple], snapshot: Snapshot) -> Resource:
    label, type_ = term("rdfs:label"), term("rdf:type")
    labels, types = [], []
    for subject, predicate, value in said:
        if subject == iri and predicate == label and isinstance(value, Literal):
            labels.append(value.value)
        elif subject == iri and predicate == type_ and isinstance(value, NamedNode):
            types.append(value)
    path = snapshot.names.path(iri)
    return Resource(iri, path, min(labels, default=path), tuple(sorted(types, key=str)))


def _document(resource: Resource, document: NamedNode, snapshot: Snapshot, licence: str) -> Iterator[Triple]:
    yield Triple(document, term("rdf:type"), term("foaf:Document"))
    yield Triple(document, term("rdfs:label"), english(f"Description of: {resource.label}"))
    yield Triple(document, term("foaf:primaryTopic"), resource.iri)
    yield Triple(document, term("void:inDataset"), snapshot.names.node("dataset"))
    built = Literal(snapshot.built.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=term("xsd:dateTime"))
    yield Triple(document, term("dcterms:modified"), built)
    if licence:
        yield Triple(document, term("dcterms:license"), NamedNode(licence))


def _cut(total: int) -> str:
    known = f"{total:,}" if total < COUNTED else f"{COUNTED:,} or more"
    return (
        f"This document shows {INCOMING} of {known} links that lead to its subject. The SPARQL endpoint has them all."
    )


def _node(found: object) -> NamedNode:
    if not isinstance(found, NamedNode):
        raise TypeError(f"{found} is not an IRI; published data have no blank nodes.")
    return found
