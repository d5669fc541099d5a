"""Things, their documents and whole graphs: `/id/…` redirects (303) to `/doc/…`, which answers in the format that is
asked for; `/graph/…`, `/ontology`, `/shapes`, `/dataset` and `/validation` are documents themselves and answer 200.

A thing is not its document (Cool URIs for the Semantic Web): the first is what is talked about, the second is what is
sent, has formats, a date and a licence. `/doc/….ttl` is the same document in one format, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from starlette.requests import Request
from starlette.responses import Response

from ontology.formats import AKOMA_NTOSO, DOCUMENTS, HTML, TEXT, Format, format_named, split_suffix
from ontology.terms import term
from server.linkeddata.description import Resource, describe, identify, licence_of_data
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import write_facts
from server.store.known import Facts, gather
from server.web.answers import Answer, Link, redirect
from server.web.errors import BadRequest, NotAcceptable, NotFound
from server.web.negotiation import choose
from server.web.request import Exchange, Here, respond_once

Name = Annotated[str, Path(description="Path of a thing below /id/, such as actor/unodc.")]
GraphName = Annotated[str, Path(description="Path of a named graph below /graph/, such as reference.")]
FormatName = Annotated[str | None, Query(alias="format", description="ttl, jsonld, nt, rdf, html, txt or akn.")]
ResourcePage = Callable[[Resource, Exchange], Awaitable[str]]
WholeText = Callable[[str, Exchange], Awaitable[bytes]]
"""Makes the Akoma Ntoso of a document by its IRI."""
OFFERS = (*(known.media_type for known in DOCUMENTS), "application/json")
GRAPH_OF = {"ontology": "graph/ontology", "shapes": "graph/shapes", "dataset": "graph/catalogue"}
REPORT = "validation"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?")
_BY_TYPE = {known.media_type: known for known in DOCUMENTS}


def resources_router(page: ResourcePage, whole_text: WholeText) -> APIRouter:
    """The routes of things, documents and graphs; ``page`` makes the HTML of a resource, ``whole_text`` the Akoma Ntoso
    of a document."""
    router, resources = APIRouter(), _Resources(page, whole_text)
    tags: list[str | Enum] = ["linked data"]
    router.get("/id/{name:path}", response_model=None, summary="A thing", tags=tags, status_code=303)(thing)
    router.get("/doc/{name:path}", response_model=None, summary="The document about a thing", tags=tags)(
        resources.document
    )
    router.get("/graph/{name:path}", response_model=None, summary="A named graph", tags=tags)(resources.named_graph)
    for path in (*GRAPH_OF, REPORT):
        for route in (f"/{path}", f"/{path}.{{suffix}}"):
            router.get(route, response_model=None, summary=f"The document {path}", tags=tags)(resources.whole_document)
    return router


async def thing(request: Request, name: Name, exchange: Here) -> Response:
    """Redirects to the document about a thing. The same for every reader, so it can be stored."""

    async def make() -> Answer:
        iri = await _existing(name, exchange)
        if iri is not None:
            return redirect(303, exchange.urls.doc(iri))
        stem, chosen = split_suffix(name)
        of_format = await _existing(stem, exchange) if chosen else None
        if chosen is None or of_format is None:
            raise _unknown(f"id/{name}")
        return redirect(303, exchange.urls.doc(of_format, chosen.suffix))

    return await respond_once(request, "", make)


class _Resources:
    def __init__(self, page: ResourcePage, whole_text: WholeText) -> None:
        self._page = page
        self._whole_text = whole_text

    async def document(self, request: Request, name: Name, exchange: Here, format_name: FormatName = None) -> Response:
        """The document about a thing, in the format named by its suffix, by ``format``, or else by `Accept`."""
        stem, chosen = split_suffix(name)
        iri = _iri(stem, exchange)
        if iri is None:
            raise _unknown(f"doc/{name}")
        if chosen is None and format_name is not None:
            chosen = format_named(format_name)
            if chosen is None:
                raise BadRequest("The parameter format is one of ttl, jsonld, nt, rdf, html, txt, akn.")
        negotiated = chosen is None
        if chosen is None:
            chosen = await self._negotiated(iri, stem, exchange)

        async def make() -> Answer:
            if chosen is TEXT:
                return await _text(iri, stem, exchange)
            if chosen is AKOMA_NTOSO:
                body = await self._whole_text(iri.value, exchange)
                links = links_of(f"doc/{stem}", exchange, topic=iri.value)
                return _answer(body, chosen, f"doc/{stem}", exchange, links, negotiated)
            return await self._document(iri, f"doc/{stem}", chosen, exchange, negotiated)

        return await respond_once(request, f"{chosen.suffix} {negotiated}", make)

    async def named_graph(self, request: Request, name: GraphName, exchange: Here) -> Response:
        """All statements of a named graph."""
        return await self._graph_document(f"graph/{name}", request, exchange)

    async def whole_document(self, request: Request, exchange: Here) -> Response:
        """The vocabulary, the shapes, the catalogue or the validation report."""
        return await self._graph_document(exchange.path.removeprefix("/"), request, exchange)

    async def _negotiated(self, iri: NamedNode, stem: str, exchange: Exchange) -> Format:
        try:
            if (
                _is_whole_text(stem)
                and choose(exchange.accept, (*OFFERS, AKOMA_NTOSO.media_type)) == AKOMA_NTOSO.media_type
            ):
                return AKOMA_NTOSO
            return negotiate(exchange)
        except NotAcceptable:
            if not await exchange.store.exists(iri):
                raise _unknown(f"doc/{stem}") from None
            raise

    async def _document(
        self, iri: NamedNode, path: str, chosen: Format, exchange: Exchange, negotiated: bool
    ) -> Answer:
        if chosen is HTML:
            named = await identify(iri, exchange)
            if named is None:
                raise _unknown(path)
            resource, licence = named
            body = (await self._page(resource, exchange)).encode()
        else:
            described = await describe(iri, exchange)
            if described is None:
                raise _unknown(path)
            licence = described.licence
            body = _written(described.facts, chosen, exchange, (iri, described.document))
        links = links_of(path, exchange, topic=iri.value, licence=licence)
        return _answer(body, chosen, path, exchange, links, negotiated)

    async def _graph_document(self, path: str, request: Request, exchange: Exchange) -> Response:
        stem, given = split_suffix(path)
        if given in (TEXT, AKOMA_NTOSO) or (stem != REPORT and _graph(stem, exchange) is None):
            raise _unknown(path)
        chosen = given or negotiate(exchange)

        async def make() -> Answer:
            triples = await _statements(stem, exchange)
            iri = exchange.snapshot.names.node(stem)
            if chosen is HTML:
                body = (await self._page(Resource(iri, stem, _label(iri, triples), ()), exchange)).encode()
            else:
                body = _written(gather(triples), chosen, exchange, (iri,))
            links = links_of(stem, exchange, licence=await licence_of_data(exchange.store))
            return _answer(body, chosen, stem, exchange, links, given is None)

        return await respond_once(request, f"{chosen.suffix} {given is None}", make)


def negotiate(exchange: Exchange) -> Format:
    """The format that the request accepts best. Raises `NotAcceptable` with the list of all."""
    chosen = choose(exchange.accept, OFFERS)
    if chosen is None:
        names = ", ".join(known.media_type for known in DOCUMENTS)
        raise NotAcceptable(f"This document has the formats {names}; the request accepts none of them.", offers=OFFERS)
    return _BY_TYPE.get(chosen) or _BY_TYPE["application/ld+json"]


def links_of(path: str, exchange: Exchange, *, topic: str = "", licence: str = "") -> tuple[Link, ...]:
    """The links of the document at a path below the base (RFC 8288, RFC 8574): its formats, its canonical and citable
    address, the shapes and the data set it belongs to, its licence; of an older version also the current one."""
    urls = exchange.urls
    formats = (*DOCUMENTS, AKOMA_NTOSO) if _is_whole_text(path.removeprefix("doc/")) else DOCUMENTS
    links = [Link(urls.path(path) + known.suffix, "alternate", known.media_type) for known in formats]
    links += [
        Link(urls.canonical(path), "canonical"),
        Link(topic or urls.canonical(path), "cite-as"),
        Link(urls.path("shapes"), "describedby"),
        Link(urls.path("dataset"), "collection"),
    ]
    if licence:
        links.append(Link(licence, "license"))
    if exchange.pinned:
        links.append(Link(urls.canonical(path), "latest-version"))
        links.append(Link(urls.canonical(path), "original"))
    else:
        links.append(Link(urls.version(exchange.snapshot.version, path), "memento"))
    return tuple(links)


def _answer(
    body: bytes, chosen: Format, path: str, exchange: Exchange, links: tuple[Link, ...], negotiated: bool
) -> Answer:
    """A document's bytes; a negotiated response names the address of its format (RFC 9110 §8.7)."""
    location = exchange.urls.path(path) + chosen.suffix if negotiated else None
    return Answer(body, chosen.content_type, negotiated=negotiated, content_location=location, links=links)


def _written(facts: Facts, chosen: Format, exchange: Exchange, first: Sequence[NamedNode]) -> bytes:
    snapshot = exchange.snapshot
    return write_facts(facts, chosen, snapshot.prefixes, read_context(snapshot.base), first)


async def _text(iri: NamedNode, stem: str, exchange: Exchange) -> Answer:
    """The exact words, in which the offsets of annotations count."""
    rows = await exchange.store.select("resource-text", resource=iri)
    if not rows:
        raise _unknown(f"doc/{stem}.txt")
    links = (Link(iri.value, "cite-as"), Link(exchange.urls.doc(iri), "describedby"))
    return Answer(rows[0]["text"].value.encode(), TEXT.content_type, links=links)


async def _statements(stem: str, exchange: Exchange) -> list[Triple]:
    if stem == REPORT:
        report = (exchange.snapshot.folder / "validation.ttl").read_bytes()
        return [quad.triple for quad in parse(report, RdfFormat.TURTLE, base_iri=exchange.snapshot.base.iri)]
    graph = _graph(stem, exchange)
    if graph is None:
        raise _unknown(stem)
    rows = await exchange.store.select("graph-statements", graph=graph)
    return [_triple(row["subject"], row["property"], row["value"]) for row in rows]


def _graph(stem: str, exchange: Exchange) -> NamedNode | None:
    wanted = exchange.snapshot.base.iri + GRAPH_OF.get(stem, stem)
    return next((graph for graph in exchange.snapshot.graphs if graph.value == wanted), None)


def _triple(subject: object, predicate: object, value: NamedNode | BlankNode | Literal) -> Triple:
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
        return Triple(subject, predicate, value)
    raise TypeError(f"{subject} {predicate} is not how a statement begins.")


def _label(iri: NamedNode, triples: list[Triple]) -> str:
    label = term("rdfs:label")
    labels = (triple.object for triple in triples if triple.subject == iri and triple.predicate == label)
    return min((value.value for value in labels if isinstance(value, Literal)), default=iri.value)


async def _existing(name: str, exchange: Exchange) -> NamedNode | None:
    iri = _iri(name, exchange)
    return iri if iri is not None and await exchange.store.exists(iri) else None


def _iri(name: str, exchange: Exchange) -> NamedNode | None:
    """The IRI of a thing; None where the name could not be one of ours."""
    return NamedNode(f"{exchange.snapshot.base.iri}id/{name}") if _NAME.fullmatch(name) and "//" not in name else None


def _is_whole_text(stem: str) -> bool:
    """Whether the path of a thing names a whole document: only these have Akoma Ntoso."""
    return stem.startswith("document/") and stem.count("/") == 1


def _unknown(path: str) -> NotFound:
    """The error for an address that no data stand behind."""
    return NotFound(f"The data know nothing at /{path}.")
