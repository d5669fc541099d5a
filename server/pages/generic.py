"""Anything as the graph has it: the page of what has no page of its own kind, with statements about it and links to it,
and the explorer, which goes from a thing to what is linked to it, as a page and as JSON for its picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from server.linkeddata.description import Resource
from server.pages.home import dataset_structured
from server.pages.page import Page, Questions
from server.pages.values import Link, View, fitting, flag, grouped, language, local_name, node, text, things
from server.store import Row
from server.web.answers import Answer, json_answer
from server.web.errors import BadRequest, NotFound
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


JUDGED_WAYS = ("related to", "theme", "repeats", "goes further than", "is weaker than", "follows up")
"""Ways that were judged to hold; all others were read in the text or in the treaties."""
HEADINGS = {
    ("cites", False): "Cited by",
    ("related to", True): "It is related to",
    ("related to", False): "Related to it",
    ("theme", True): "Its themes",
    ("theme", False): "With this theme",
    ("group", True): "Groups that it names",
    ("group", False): "Recommendations that name it",
    ("part of", True): "It is part of",
    ("part of", False): "Its parts",
    ("addresses", True): "Whom it addresses",
    ("addresses", False): "Recommendations addressed to it",
    ("goes further than", False): "Recommendations that go further",
    ("is weaker than", False): "Recommendations that are weaker",
    ("repeats", False): "Repeated by",
    ("follows up", False): "Followed up by",
}
"""Headings for a way of being linked, from the thing or to it."""
STEP = 40
"""How many links one step shows; the page of the thing has all of them."""


def explore_href(path: str, exchange: Exchange) -> str:
    """The page of the explorer that begins at a thing."""
    return exchange.urls.path("explore", query={"of": path})


def _thing(path: str, exchange: Exchange) -> NamedNode:
    try:
        return NamedNode(exchange.snapshot.base.iri + path)
    except ValueError as error:
        raise BadRequest("The parameter “of” is the path of a thing, such as id/actor/unodc.") from error


def neighbours_json(path: str, exchange: Exchange) -> Answer:
    """A thing, named by its path below the base, with its links: ``{"of", "nodes", "edges", "more"}``.

    Raises `BadRequest` for a path that names nothing of ours could have, `NotFound` where nothing is linked to it.
    """
    about = _thing(path, exchange)
    rows = exchange.store.select("neighbours", thing=about)
    if not rows:
        raise NotFound(f"Nothing in the graph is linked to “{path}”.")
    nodes = {about.value: _node(about, text(rows[0], "thingLabel"), exchange)}
    edges = []
    for row in _in_order(rows)[:STEP]:
        other, way = node(row, "other"), text(row, "way")
        nodes[other.value] = _node(other, text(row, "otherLabel"), exchange)
        source, target = (path, nodes[other.value]["id"]) if flag(row, "out") else (nodes[other.value]["id"], path)
        edges.append({"source": source, "target": target, "label": way, "judged": way in JUDGED_WAYS})
    return json_answer({"of": path, "nodes": list(nodes.values()), "edges": edges, "more": len(rows) > STEP})


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows by way; what a directive has, its recommendation has as well."""
    told = (row for row in rows if "/directive/" not in text(row, "other"))
    return sorted(told, key=lambda row: (text(row, "way"), text(row, "other")))


def _node(thing: NamedNode, label: str, exchange: Exchange) -> dict[str, str]:
    path = thing.value.removeprefix(exchange.snapshot.base.iri)
    steps = path.split("/")
    kind = "recommendation" if steps[1:2] == ["document"] else steps[1] if len(steps) > 1 else "other"
    return {
        "id": path,
        "label": fitting(label),
        "name": label,
        "kind": kind,
        "href": exchange.urls.of(thing),
        "more": exchange.urls.path("neighbours.json", query={"of": path}),
    }


def explore_page(path: str, exchange: Exchange) -> Page:
    """What is linked to a thing, in words, and a place for the picture; without a path the instrument that is cited
    most. Raises `NotFound` for what is neither linked to anything nor described."""
    ask, index = Questions(exchange), exchange.snapshot.index
    cited = sorted(index.values("instrument cited").values(), key=lambda value: -len(value.members))
    chosen = path or next((f"id/instrument/{value.slug}" for value in cited), "")
    thing = _thing(chosen, exchange)
    rows = _in_order(ask.rows("neighbours", thing=thing))
    described = [] if rows else exchange.store.select("thing", thing=thing)
    name = text(rows[0], "thingLabel") if rows else next((text(row, "label") for row in described), "")
    if not name:
        raise NotFound(f"Nothing in the graph is linked to “{chosen}”.")
    ways: dict[tuple[str, bool], list[Link]] = {}
    for row in rows:
        other = node(row, "other")
        on = explore_href(other.value.removeprefix(exchange.snapshot.base.iri), exchange)
        to = Link(on, text(row, "otherLabel"), exchange.urls.of(other))
        ways.setdefault((text(row, "way"), flag(row, "out")), []).append(to)
    about = Link(exchange.urls.of(thing.value), name)
    return ask.page(
        "explore.html",
        "explore",
        f"Explorer: {about.label}",
        "What is linked to a recommendation, an article, an actor or a theme, step by step.",
        indexed=not path,
        about=about,
        graph=exchange.urls.path("neighbours.json", query={"of": chosen}),
        ways=tuple(
            View(
                words=HEADINGS.get((way, out), f"It {way}" if out else f"What {way} it"),
                judged=way in JUDGED_WAYS,
                others=tuple(others),
            )
            for (way, out), others in ways.items()
        ),
    )
