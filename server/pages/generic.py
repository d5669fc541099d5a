"""The page of anything without a page of its own kind: statements about it and links to it, with their graphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from server.linkeddata.description import Resource
from server.pages.home import dataset_structured
from server.pages.page import Page, Questions
from server.pages.values import Link, View, grouped, language, local_name, node, text, things
from server.store import Row
from server.web.request import Exchange, Urls

WORDS = {
    "rdf:type": "kind",
    "rdfs:label": "name",
    "rdfs:comment": "reason",
    "rdfs:seeAlso": "see also",
    "oa:hasTarget": "about",
    "oa:hasBody": "leads to",
    "oa:hasSource": "text it cuts",
    "oa:hasSelector": "place in the text",
    "oa:motivatedBy": "purpose",
    "prov:wasAttributedTo": "made by",
    "prov:wasGeneratedBy": "made in",
    "prov:wasDerivedFrom": "made from",
    "prov:wasAssociatedWith": "carried out by",
    "prov:actedOnBehalfOf": "acts for",
    "prov:startedAtTime": "began at",
    "prov:endedAtTime": "ended at",
    "prov:used": "used",
    "prov:wasInformedBy": "took over what was made in",
    "schema:softwareVersion": "version",
    "skos:prefLabel": "full name",
    "skos:altLabel": "also called",
    "skos:definition": "meaning",
    "skos:inScheme": "in the scheme",
}
"""Words for properties of other vocabularies, whose own labels are not in this graph."""
INCOMING = 200
"""How many incoming links the query asks for."""


def generic_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of any resource."""
    urls, ask = exchange.urls, Questions(exchange)
    rows = ask.rows("resource-outgoing", resource=resource.iri)
    incoming = ask.rows("resource-incoming", resource=resource.iri)
    inside = resource.iri.value + "#"
    rows_outside = [row for row in rows if not text(row, "value").startswith(inside)]
    has_parts = len(rows_outside) < len(rows)
    parts = ask.rows("resource-parts", resource=resource.iri) if has_parts else []
    return ask.resource_page(
        "generic.html",
        resource,
        resource.label,
        f"What the graph says about {resource.label}.",
        structured=dataset_structured(exchange) if resource.path == "dataset" else None,
        kinds=tuple(Link(urls.of(kind), shorten(kind.value, urls.base.prefixes())) for kind in resource.types),
        statements=_statements(rows_outside, urls),
        incoming=_incoming([row for row in incoming if not text(row, "subject").startswith(inside)], urls),
        parts=_parts(parts, urls),
        cut=len(incoming) >= INCOMING,
    )


def _statements(rows: Sequence[Row], urls: Urls, name: str | None = None) -> list[tuple[Link, list[View]]]:
    """Each property with its values, each once, with the first graph that says it; a name is told apart."""
    statements: dict[Link, dict[str, View]] = {}
    for row in rows:
        value = _value(row, urls)
        if value.words != name:
            statements.setdefault(property_link(row, urls), {}).setdefault(str(row["value"]), value)
    return [(property_, list(values.values())) for property_, values in statements.items()]


def _value(row: Row, urls: Urls) -> View:
    value, href, words, graph = row["value"], "", "", text(row, "graph")
    if isinstance(value, NamedNode):
        href, words = urls.of(value), text(row, "valueLabel") or shorten(value.value, urls.base.prefixes())
    made_by = Link(urls.of(graph), graph.removeprefix(urls.base.iri)) if graph else Link("", "")
    return View(href=href, words=words or value.value, language=language(row, "value"), graph=made_by)


def _parts(rows: Sequence[Row], urls: Urls) -> list[View]:
    parts = [
        View(
            anchor=iri.partition("#")[2],
            label=text(own[-1], "partLabel") or iri.partition("#")[2],
            statements=_statements(own, urls, text(own[-1], "partLabel")),
        )
        for iri, own in grouped(rows, "part").items()
    ]
    return [part for part in parts if part.statements]


def _incoming(rows: Sequence[Row], urls: Urls) -> list[tuple[Link, tuple[Link, ...]]]:
    named = [row for row in rows if isinstance(row["subject"], NamedNode)]
    groups = grouped(named, "property").values()
    return [(property_link(own[0], urls), things(own, "subject", "subjectLabel", urls)) for own in groups]


def property_link(row: Row, urls: Urls) -> Link:
    """A property as a link to its definition, named by its label or else by the last part of its IRI."""
    property_ = node(row, "property")
    words = text(row, "propertyLabel") or WORDS.get(shorten(property_.value, urls.base.prefixes()), "")
    return Link(urls.of(property_), words or _spaced(local_name(property_.value)), property_.value)


def _spaced(name: str) -> str:
    """A name of another vocabulary as words: ``distinctSubjects`` is "distinct subjects", ``uriSpace`` "uri space"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
