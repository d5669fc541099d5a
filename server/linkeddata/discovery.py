"""What tells programs and crawlers what there is: VoID's well-known address, the JSON-LD context, dumps, `robots.txt`
and the sitemap (sitemaps.org), in parts of one source document each where there are several."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Annotated
from xml.sax.saxutils import escape

from pydantic import Field
from pyoxigraph import Literal, NamedNode

from ontology.formats import CSV, CSVW, DATA, JSON_LD, SOURCES, TURTLE, format_of_file, split_suffix
from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import date_time, english, term
from server.linkeddata.jsonld import read_context
from server.linkeddata.representing import LINKSET, About, Data, write
from server.store.known import Facts, state
from server.web.answers import TEXT, Answer, Link, see_other
from server.web.errors import NotFound
from server.web.front import Route, routes_of
from server.web.negotiation import choose
from server.web.request import Exchange
from server.web.sending import Response, respond, respond_file, respond_once

DumpName = Annotated[str, Field(description="Name of a file, such as palermo.nq.")]
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FILTERED = ("crossref?", "crossref.", "recommendations?", "recommendations.", "queries/*?", "queries/*.")
_XML = "application/xml"
SOURCE_TYPES = {known.suffix: known.content_type for known in SOURCES}
Part = tuple[NamedNode, ...]
"""The graphs of one source document, or those that all share."""
_COMPUTING = ("sparql", "reconcile", "editor", "search", *_FILTERED, "cite/", "v/", "metrics", "health/")


def discovery_routes() -> tuple[Route, ...]:
    """The routes of this module."""
    return routes_of(
        "catalogue",
        ("/.well-known/void", void, "Where the description of the data set is"),
        ("/context.jsonld", context, "The JSON-LD context"),
        ("/robots.txt", robots, "What crawlers may read"),
        ("/dumps/{name}", dump, "A file for download"),
        ("/sources/{name}", source, "The text of a document as it is read, or its file as it came"),
        ("/versions", versions, "All versions that are still served"),
        ("/versions.{suffix}", versions_data, "The same as RDF"),
        ("/sitemap.xml", sitemap, "Every document, for crawlers"),
        ("/sitemap-{number}.xml", sitemap_part, "A part of a large sitemap"),
    )


def void(exchange: Exchange) -> Response:
    """Sends to the description of the data set (VoID §7.2)."""
    return respond(exchange, see_other(exchange.urls.path("dataset")))


def context(exchange: Exchange) -> Response:
    """The JSON-LD context of this build, with absolute namespaces."""
    document = read_context(exchange.snapshot.base).document
    body = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    return respond(exchange, Answer(body, JSON_LD.content_type))


def dump(name: DumpName, exchange: Exchange) -> Response:
    """A dump, made at build time; its tag is its checksum."""
    listed = exchange.snapshot.manifest["files"].get(f"dumps/{name}")
    if listed is None or not _FILE_NAME.fullmatch(name):
        raise NotFound("There is no such file; /dataset lists all of them.")
    if not (exchange.snapshot.folder / "dumps" / name).is_file():
        raise NotFound("This server holds no downloads; they are beside the snapshot that it was copied from.")
    known = format_of_file(name)
    media_type = known.content_type if known else TEXT
    urls, metadata = exchange.urls, name.removesuffix(CSV.suffix) + CSVW.suffix
    links = [
        Link(urls.path("dataset"), "collection"),
        Link(urls.path("dataset.ttl"), "describedby", TURTLE.media_type),
        Link(urls.path("linkset/dataset"), "linkset", LINKSET),
    ]
    if known is CSV and f"dumps/{metadata}" in exchange.snapshot.manifest["files"]:
        links.append(Link(urls.path(f"dumps/{metadata}"), "describedby", CSVW.media_type))
    return respond_file(exchange, f"dumps/{name}", media_type, tuple(links))


def source(name: DumpName, exchange: Exchange) -> Response:
    """A source file. HTML is sent as plain text: it comes from elsewhere and is no page of this site."""
    listed = exchange.snapshot.manifest["files"].get(f"sources/{name}")
    path = exchange.snapshot.folder / "sources" / name
    if listed is None or not _FILE_NAME.fullmatch(name) or not path.is_file():
        raise NotFound("There is no such file; the page of each document names its own.")
    media_type = SOURCE_TYPES.get(path.suffix.lower(), TEXT)
    return respond_file(exchange, f"sources/{name}", media_type)


def versions(exchange: Exchange) -> Response:
    """All versions, newest first, with where their data are described and downloaded: as JSON, or for who prefers that,
    as RDF, at an address of its own."""
    urls, snapshots = exchange.urls, exchange.services.snapshots
    data = {known.media_type: known for known in DATA}
    chosen = data.get(choose(exchange.accept, ("application/json", *data)) or "")
    if chosen:
        return respond(exchange, replace(see_other(urls.path(f"versions{chosen.suffix}")), negotiated=True))
    links = tuple(Link(urls.path(f"versions{known.suffix}"), "alternate", known.media_type) for known in DATA)
    listed = [
        {"version": version, "dataset": urls.absolute(urls.version(version, "dataset"))}
        for version in snapshots.versions()
    ]
    body = json.dumps({"current": snapshots.current.version, "versions": listed}, indent=1).encode() + b"\n"
    return respond(exchange, Answer(body, "application/json", negotiated=True, links=links))


def versions_data(exchange: Exchange) -> Response:
    """All versions as RDF: each is a version of the data set."""
    stem, format_ = split_suffix(exchange.path.removeprefix("/"))
    if stem != "versions" or format_ not in DATA:
        raise NotFound("The versions are listed at /versions, as JSON and as RDF.")
    urls, snapshots, names = exchange.urls, exchange.services.snapshots, exchange.snapshot.names
    dataset, document = names.node("dataset"), names.node("versions")
    facts: Facts = {}
    state(facts, document, "rdf:type", term("foaf:Document"))
    state(facts, document, "rdfs:label", english("Versions"))
    state(facts, document, "foaf:primaryTopic", dataset)
    for name in snapshots.versions():
        version = NamedNode(urls.absolute(urls.version(name, "dataset")))
        state(facts, dataset, "dcat:hasVersion", version)
        state(facts, version, "rdf:type", term("dcat:Dataset"))
        state(facts, version, "rdfs:label", english(f"Version {name}"))
        state(facts, version, "dcat:version", Literal(name))
        state(facts, version, "dcterms:issued", date_time(snapshots.built(name)))
        state(facts, version, "dcat:isVersionOf", dataset)
    body = write(Data(facts, (document, dataset), About(), names.graph("catalogue")), format_, exchange)
    return respond(exchange, Answer(body, format_.content_type))


def robots(exchange: Exchange) -> Response:
    """Lets crawlers read documents and keeps them from whatever computes."""
    urls = exchange.urls
    refused = "".join(f"Disallow: {urls.path()}{path}\n" for path in _COMPUTING)
    sitemap_at = urls.absolute(urls.path("sitemap.xml"))
    return respond(exchange, Answer(f"User-agent: *\n{refused}\nSitemap: {sitemap_at}\n".encode(), TEXT))


def sitemap(exchange: Exchange) -> Response:
    """All documents, or an index of parts where the corpus holds more than one source document."""
    parts = _parts(exchange)
    if len(parts) <= 2:
        return _respond_listed([graph for part in parts for graph in part], exchange)
    urls = exchange.urls
    entries = "".join(
        f"<sitemap><loc>{escape(urls.absolute(urls.path(f'sitemap-{number}.xml')))}</loc></sitemap>\n"
        for number in range(1, len(parts) + 1)
    )
    return respond(exchange, Answer(_xml("sitemapindex", entries), _XML))


def sitemap_part(number: int, exchange: Exchange) -> Response:
    """One part, counted from 1: what all documents share, then the source documents in the order of their names."""
    parts = _parts(exchange)
    if not 1 <= number <= len(parts):
        raise NotFound("There is no such part of the sitemap.")
    return _respond_listed(parts[number - 1], exchange)


def _respond_listed(graphs: Iterable[NamedNode], exchange: Exchange) -> Response:
    return respond_once(exchange, "", lambda: Answer(_listed(graphs, exchange), _XML))


def _parts(exchange: Exchange) -> Sequence[Part]:
    """The graphs by what they are about: ``graph/reference`` is shared, ``graph/document/x`` belongs to x."""
    prefix = exchange.snapshot.names.node("graph/").value

    def owner(graph: NamedNode) -> str:
        return graph.value.removeprefix(prefix).partition("/")[2]

    return [tuple(graphs) for _, graphs in groupby(sorted(exchange.snapshot.graphs, key=owner), owner)]


def _listed(graphs: Iterable[NamedNode], exchange: Exchange) -> bytes:
    things: set[str] = set()
    for graph in graphs:
        rows = exchange.store.select("graph-things", graph=graph)
        things.update(row["thing"].value for row in rows)
    urls, history = exchange.urls, exchange.snapshot.history
    changed = ((thing, history.changed.get(thing, history.since).date()) for thing in sorted(things))
    entries = "".join(
        f"<url><loc>{escape(urls.absolute(urls.doc(thing)))}</loc><lastmod>{day}</lastmod></url>\n"
        for thing, day in changed
    )
    return _xml("urlset", entries)


def _xml(root: str, entries: str) -> bytes:
    space = CATALOGUE_IRIS["sitemap"]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">\n{entries}</{root}>\n'.encode()
