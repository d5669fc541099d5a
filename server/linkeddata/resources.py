"""Things and their documents: `/id/…` sends to `/doc/…` (303), which answers in the format that is asked for.

A thing is not its document (Cool URIs for the Semantic Web): the first is what is talked about, the second is what is
sent, has formats, a date and a licence. `/doc/….ttl` is the same document in one format, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.routing import APIRoute
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from server.linkeddata.description import describe, identify
from server.linkeddata.documents import data_answer, document_answer, links_of, negotiate, unknown
from server.linkeddata.formats import HTML, TEXT, Format, format_named, split_suffix
from server.web.errors import BadRequest, NotAcceptable
from server.web.exchange import Exchange, Here, exchange_of
from server.web.responses import Answer, Link, redirect, respond

Name = Annotated[str, Path(description="Path of a thing below /id/, such as actor/unodc.")]
FormatName = Annotated[str | None, Query(alias="format", description="ttl, jsonld, nt, rdf, html or txt.")]
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?")


class DocumentRoute(APIRoute):
    """The route of `document`, which is given its parameters without what FastAPI would do for it: that costs a tenth
    of a document."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint with its parameters read."""

        async def handle(request: Request) -> Response:
            given = request.query_params.get("format")
            response: Response = await self.endpoint(request, request.path_params["name"], exchange_of(request), given)
            return response

        return handle


def add_routes(router: APIRouter) -> None:
    """Adds `/id/…` and `/doc/…`."""
    router.get("/id/{name:path}", response_model=None, summary="A thing", tags=["linked data"], status_code=303)(thing)
    router.add_api_route(
        "/doc/{name:path}",
        document,
        response_model=None,
        summary="The document about a thing",
        tags=["linked data"],
        route_class_override=DocumentRoute,
    )


async def thing(request: Request, name: Name, exchange: Here) -> Response:
    """Sends to the document about a thing. The same for every reader, so it can be kept."""
    whole = await _known(name, exchange)
    if whole is not None:
        return respond(request, redirect(303, exchange.urls.doc(whole)))
    stem, chosen = split_suffix(name)
    of_format = await _known(stem, exchange) if chosen else None
    if chosen is None or of_format is None:
        raise unknown(f"id/{name}")
    return respond(request, redirect(303, exchange.urls.doc(of_format, chosen.suffix)))


async def document(request: Request, name: Name, exchange: Here, format_name: FormatName = None) -> Response:
    """The document about a thing, in the format named by its suffix or else by `Accept`."""
    stem, chosen = split_suffix(name)
    if chosen is not None and _iri(stem, exchange) is None:
        raise unknown(f"doc/{name}")
    if chosen is None and format_name is not None:
        chosen = format_named(format_name)
        if chosen is None:
            raise BadRequest("The parameter format is one of ttl, jsonld, nt, rdf, html, txt.")
    return respond(request, await _answer(stem, chosen, exchange))


async def _answer(stem: str, given: Format | None, exchange: Exchange) -> Answer:
    iri = _iri(stem, exchange)
    if given is TEXT:
        return await _text(iri, stem, exchange)
    path = f"doc/{stem}"
    try:
        chosen = given or negotiate(exchange)
    except NotAcceptable:
        if await _known(stem, exchange) is None:
            raise unknown(path) from None
        raise
    if chosen is HTML:
        return await _page(iri, path, exchange, negotiated=given is None)
    described = await describe(iri, exchange) if iri is not None else None
    if iri is None or described is None:
        raise unknown(path)
    links = links_of(path, exchange, topic=iri.value, licence=described.licence)
    first = (iri, described.document)
    return data_answer(described.facts, chosen, exchange, path, negotiated=given is None, links=links, first=first)


async def _page(iri: NamedNode | None, path: str, exchange: Exchange, *, negotiated: bool) -> Answer:
    known = await identify(iri, exchange) if iri is not None else None
    if known is None:
        raise unknown(path)
    resource, licence = known
    page = await exchange.services.resource_page(resource, exchange)
    links = links_of(path, exchange, topic=resource.iri.value, licence=licence)
    return document_answer(page.encode(), HTML, exchange, path, negotiated=negotiated, links=links)


async def _text(iri: NamedNode | None, stem: str, exchange: Exchange) -> Answer:
    """The exact words, in which the offsets of annotations count."""
    rows = await exchange.store.select("resource-text", resource=iri) if iri is not None else []
    if iri is None or not rows:
        raise unknown(f"doc/{stem}.txt")
    links = (Link(iri.value, "cite-as"), Link(exchange.urls.doc(iri), "describedby"))
    return Answer(rows[0]["text"].value.encode(), TEXT.content_type, links=links)


async def _known(name: str, exchange: Exchange) -> NamedNode | None:
    iri = _iri(name, exchange)
    return iri if iri is not None and await exchange.store.ask("resource-exists", resource=iri) else None


def _iri(name: str, exchange: Exchange) -> NamedNode | None:
    """The IRI of a thing; None where the name could not be one of ours."""
    return exchange.snapshot.names.node(f"id/{name}") if _NAME.fullmatch(name) and "//" not in name else None
