"""The description of one thing: what is said about it and its fragments, what points at it, the names of both ends,
and where all of that came from. Pages and data formats show the same description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from ontology.terms import english, term
from server.snapshot import Snapshot
from server.store import Store
from server.store.known import INCOMING, Facts, Value
from server.web.request import Exchange

COUNTED = 100_000
_TYPE, _LABEL = term("rdf:type").value, term("rdfs:label").value
_DERIVED = term("prov:wasDerivedFrom").value


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

    ``incoming`` counts the links that lead to the thing, which may be more than are shown; ``licence`` is that of the
    data set.
    """

    resource: Resource
    document: NamedNode
    facts: Facts
    incoming: int
    licence: str


async def describe(iri: NamedNode, exchange: Exchange) -> Description | None:
    """The description of a thing; None when the data do not know it."""
    store, snapshot = exchange.store, exchange.snapshot
    known = await store.known(iri)
    if not known.facts and not await store.exists(iri):
        return None
    total = known.links if known.links <= INCOMING else await _counted(iri, store)
    resource = _resource(iri, known.facts.get(iri, {}), snapshot)
    document = NamedNode(exchange.urls.canonical(exchange.urls.document_path(iri)))
    licence = await licence_of_data(store)
    _add_document(known.facts, document, resource, snapshot, licence)
    about = known.facts[document]
    if total > INCOMING:
        about[term("rdfs:comment").value] = {english(_cut(total))}
    if known.graphs:
        about[_DERIVED] = set(known.graphs)
    for graph in known.graphs:
        origin = known.facts.setdefault(graph, {})
        for row in await store.select("graph-origin", graph=graph):
            origin.setdefault(row["property"].value, set()).add(row["value"])
    return Description(resource, document, known.facts, total, licence)


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


async def _counted(iri: NamedNode, store: Store) -> int:
    """How many links lead to a thing that has more than are shown."""
    rows = await store.select("resource-links-in-count", resource=iri)
    return int(rows[0]["count"].value)


def _resource(iri: NamedNode, said: Mapping[str, set[Value]], snapshot: Snapshot) -> Resource:
    labels = [value.value for value in said.get(_LABEL, ()) if isinstance(value, Literal)]
    types = [value for value in said.get(_TYPE, ()) if isinstance(value, NamedNode)]
    path = snapshot.names.path(iri)
    return Resource(iri, path, min(labels, default=path), tuple(sorted(types, key=str)))


def _add_document(facts: Facts, document: NamedNode, resource: Resource, snapshot: Snapshot, licence: str) -> None:
    """Adds what is said of the document itself."""
    built = Literal(snapshot.built.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=term("xsd:dateTime"))
    said: dict[str, Value] = {
        _TYPE: term("foaf:Document"),
        _LABEL: english(f"Description of: {resource.label}"),
        term("foaf:primaryTopic").value: resource.iri,
        term("void:inDataset").value: snapshot.names.node("dataset"),
        term("dcterms:modified").value: built,
    }
    if licence:
        said[term("dcterms:license").value] = NamedNode(licence)
    about = facts.setdefault(document, {})
    for property_, value in said.items():
        about.setdefault(property_, set()).add(value)


def _cut(total: int) -> str:
    known = f"{total:,}" if total < COUNTED else f"{COUNTED:,} or more"
    return (
        f"This document shows {INCOMING} of {known} links that lead to its subject. The SPARQL endpoint has them all."
    )
