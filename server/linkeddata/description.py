"""The description of one thing: what is said about it, its fragments and its parts, what points at it, the names of
both ends, and where all of that came from. Every data format shows the same description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode

from ontology.formats import AKOMA_NTOSO, ANNOTATIONS, TEXT
from ontology.terms import Term, date_time, english, term
from server.linkeddata.annotations import annotations_in
from server.linkeddata.representing import About, Data, add_views, pages_of, view_links
from server.snapshot import Snapshot
from server.store.embedded import Store
from server.store.known import INCOMING, LABEL, TYPE, Facts, state
from server.web.answers import Link
from server.web.errors import BadRequest
from server.web.request import Exchange

WITH_WORDS = ("graph/document/", "graph/annotation/", "recommendations", "validation", "dataset")
"""How the paths of documents begin that are about no thing and hold words of a source document, or stand for the data
set, which does."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing that has a page: its IRI, its path below the base, its name and its types."""

    iri: NamedNode
    path: str
    label: str
    types: tuple[NamedNode, ...]


def describe(iri: NamedNode, exchange: Exchange, page: int = 1) -> Data | None:
    """The description of a thing, with a page of what points at it; None when the data do not know it. Raises
    `BadRequest` for a page that there is not."""
    store, snapshot, urls = exchange.store, exchange.snapshot, exchange.urls
    known = store.known(iri, page)
    if not known.facts and not store.exists(iri):
        return None
    pages = pages_of(known.links, INCOMING)
    if page > pages:
        raise BadRequest(f"This description has {pages} page{'s' * (pages > 1)}.")
    facts, own = known.facts, known.facts.get(iri, {})
    resource = _resource(iri, own.get(LABEL, ()), own.get(TYPE, ()), snapshot)
    document = NamedNode(urls.canonical(urls.document_path(iri)))
    links = view_links(urls.path(urls.document_path(iri)), page, pages) if pages > 1 else ()
    about = _about(resource, _licence_of_data(store), snapshot, links)
    _add_document(facts, document, resource, about, snapshot)
    if pages > 1:
        add_views(document.value, page, pages, facts)
        state(facts, document, "rdfs:comment", english(_parted(known.links, page, pages)))
    if known.graphs:
        state(facts, document, "prov:wasDerivedFrom", *known.graphs)
    for graph in known.graphs:
        origin = facts.setdefault(graph, {})
        for row in store.select("graph-origin", graph=graph):
            origin.setdefault(row["property"].value, set()).add(row["value"])
    for annotation in annotations_in(facts):
        properties = facts[annotation]
        state(facts, annotation, "dcterms:creator", *properties.get(term("prov:wasAttributedTo").value, ()))
        properties[term("dcterms:created").value] = {date_time(snapshot.history.dates(annotation.value)[0])}
    return Data(facts, (iri, document), about)


def modified_of(iri: NamedNode, snapshot: Snapshot) -> datetime:
    """When what is said of a thing last changed, in UTC."""
    return snapshot.history.dates(iri.value)[1]


def _about(resource: Resource, licence: str, snapshot: Snapshot, links: tuple[Link, ...] = ()) -> About:
    """What the responses about a thing say beside their bytes, with the licence of the data: none where they hold the
    words of a source document."""
    pal, oa = snapshot.names.pal, term("oa:Annotation")
    words = any(pal(name) in resource.types for name in ("Part", "Document", "Expression", "Directive"))
    text = any(pal(name) in resource.types for name in ("Part", "Directive"))
    whole = (AKOMA_NTOSO,) if is_whole_text(resource.path.removeprefix("id/")) else ()
    formats = (*((ANNOTATIONS,) if text or oa in resource.types else ()), *((TEXT,) if text else ()), *whole)
    return About(resource.iri.value, "" if words else licence, links, modified_of(resource.iri, snapshot), formats)


def is_whole_text(stem: str) -> bool:
    """Whether the path of a thing names a whole document: only these have Akoma Ntoso."""
    return stem.startswith("document/") and stem.count("/") == 1


def identify(iri: NamedNode, exchange: Exchange) -> tuple[Resource, About] | None:
    """What a page needs of a thing, in one question: its name and types, and what responses about it say."""
    rows = exchange.store.select("resource-name", resource=iri)
    if not rows:
        return None
    labels, types = ([row[name] for row in rows if name in row] for name in ("label", "type"))
    resource = _resource(iri, labels, types, exchange.snapshot)
    licence = rows[0]["licence"].value if "licence" in rows[0] else ""
    return resource, _about(resource, licence, exchange.snapshot)


def licence_of(path: str, exchange: Exchange) -> str:
    """The licence of a document that is about no thing, by its path: none where it holds the words of a source
    document, or where the data set has none."""
    return "" if path.startswith(WITH_WORDS) else _licence_of_data(exchange.store)


def _licence_of_data(store: Store) -> str:
    return next((row["licence"].value for row in store.select("dataset-licence")), "")


def _resource(iri: NamedNode, labels: Iterable[Term], types: Iterable[Term], snapshot: Snapshot) -> Resource:
    path = snapshot.names.path(iri)
    label = min((value.value for value in labels if isinstance(value, Literal)), default=path)
    named = {value for value in types if isinstance(value, NamedNode)}
    return Resource(iri, path, label, tuple(sorted(named, key=str)))


def _add_document(facts: Facts, document: NamedNode, resource: Resource, about: About, snapshot: Snapshot) -> None:
    """Adds what is said of the document itself, which may be what is described."""
    properties: dict[str, Term] = {
        TYPE: term("foaf:Document"),
        term("void:inDataset").value: snapshot.names.node("dataset"),
        term("dcterms:modified").value: date_time(about.modified or snapshot.built),
    }
    if document != resource.iri:
        properties[LABEL] = english(f"Description of: {resource.label}")
        properties[term("foaf:primaryTopic").value] = resource.iri
    if about.licence:
        properties[term("dcterms:license").value] = NamedNode(about.licence)
    said = facts.setdefault(document, {})
    for property_, value in properties.items():
        said.setdefault(property_, set()).add(value)


def _parted(total: int, page: int, pages: int) -> str:
    first = (page - 1) * INCOMING + 1
    last = min(page * INCOMING, total)
    return (
        f"This document shows links {first:,} to {last:,} of {total:,} that lead to its subject; its other "
        f"{pages - 1} pages show the others."
    )
