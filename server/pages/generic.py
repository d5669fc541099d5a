"""The page of anything without a page of its own kind: statements about it and links to it, with their graphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import shorten
from server.linkeddata.description import Resource
from server.pages.home import dataset_structured
from server.pages.page import Page, Questions
from server.pages.values import Link, View, link, local_name, node, text
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
        statements=_grouped(rows_outside, urls),
        incoming=_incoming([row for row in incoming if not text(row, "subject").startswith(inside)], urls),
        parts=_parts(parts, urls),
        cut=len(incoming) >= INCOMING,
    )


def _grouped(rows: Sequence[Row], urls: Urls) -> tuple[tuple[Link, tuple[View, ...]], ...]:
    grouped: dict[str, tuple[Link, dict[str, View]]] = {}
    for row in rows:
        values = grouped.setdefault(text(row, "property"), (property_link(row, urls), {}))[1]
        values.setdefault(str(row["value"]), _value(row, urls))
    return tuple((name, tuple(values.values())) for name, values in grouped.values())


def _value(row: Row, urls: Urls) -> View:
    value = row["value"]
    made_by = Link("", "")
    if "graph" in row:
        graph = node(row, "graph")
        made_by = Link(urls.of(graph), graph.value.removeprefix(urls.base.iri))
    if isinstance(value, NamedNode):
        return View(
            href=urls.of(value),
            words=text(row, "valueLabel") or shorten(value.value, urls.base.prefixes()),
            language="",
            graph=made_by,
        )
    language = (value.language or "") if isinstance(value, Literal) else ""
    return View(href="", words=value.value, language=language, graph=made_by)


def _parts(rows: Sequence[Row], urls: Urls) -> tuple[View, ...]:
    parts: dict[str, dict[Link, dict[Link, None]]] = {}
    labels = {text(row, "part"): text(row, "partLabel") for row in rows}
    for row in rows:
        name = property_link(row, urls)
        value = _value(row, urls)
        if value.words != labels[text(row, "part")]:
            parts.setdefault(text(row, "part"), {}).setdefault(name, {})[Link(value.href, value.words)] = None
    return tuple(
        View(
            anchor=iri.partition("#")[2],
            label=labels[iri] or iri.partition("#")[2],
            statements=tuple((name, tuple(values)) for name, values in statements.items()),
        )
        for iri, statements in parts.items()
    )


def _incoming(rows: Sequence[Row], urls: Urls) -> tuple[tuple[Link, tuple[Link, ...]], ...]:
    grouped: dict[str, tuple[Link, list[Link]]] = {}
    for row in rows:
        if isinstance(row["subject"], NamedNode):
            links = grouped.setdefault(text(row, "property"), (property_link(row, urls), []))[1]
            links.append(link(row, "subject", "subjectLabel", urls))
    return tuple((name, tuple(dict.fromkeys(links))) for name, links in grouped.values())


def property_link(row: Row, urls: Urls) -> Link:
    """A property as a link to its definition, named by its label or else by the last part of its IRI."""
    property_ = node(row, "property")
    words = text(row, "propertyLabel") or WORDS.get(shorten(property_.value, urls.base.prefixes()), "")
    return Link(urls.of(property_), words or _spaced(local_name(property_.value)), property_.value)


def _spaced(name: str) -> str:
    """A name of another vocabulary as words: ``distinctSubjects`` is "distinct subjects", ``uriSpace`` "uri space"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
