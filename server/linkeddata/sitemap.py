"""The sitemap: every document once (sitemaps.org), in parts of one source document each where there are several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from ontology.namespaces import CATALOGUE_IRIS
from server.web.errors import NotFound
from server.web.exchange import Exchange, Here
from server.web.responses import Answer, respond

_XML = "application/xml"
Part = tuple[NamedNode, ...]
"""The graphs of one source document, or those that all share."""


def add_routes(router: APIRouter) -> None:
    """Adds the sitemap and its parts."""
    for path, handler, summary in (
        ("/sitemap.xml", sitemap, "Every document, for crawlers"),
        ("/sitemap-{number}.xml", sitemap_part, "A part of a large sitemap"),
    ):
        router.get(path, response_model=None, summary=summary, tags=["catalogue"])(handler)


async def sitemap(request: Request, exchange: Here) -> Response:
    """All documents, or an index of parts where the corpus holds more than one source document."""
    parts = _parts(exchange)
    if len(parts) <= 2:
        return respond(request, Answer(await _listed([graph for part in parts for graph in part], exchange), _XML))
    urls = exchange.urls
    entries = "".join(
        f"<sitemap><loc>{escape(urls.absolute(urls.path(f'sitemap-{number}.xml')))}</loc></sitemap>\n"
        for number in range(1, len(parts) + 1)
    )
    return respond(request, Answer(_xml("sitemapindex", entries), _XML))


async def sitemap_part(request: Request, number: int, exchange: Here) -> Response:
    """One part, counted from 1: what all documents share, then the source documents in the order of their names."""
    parts = _parts(exchange)
    if not 1 <= number <= len(parts):
        raise NotFound("There is no such part of the sitemap.")
    return respond(request, Answer(await _listed(parts[number - 1], exchange), _XML))


def _parts(exchange: Exchange) -> Sequence[Part]:
    """The graphs by what they are about: ``graph/reference`` is shared, ``graph/document/x`` belongs to x."""
    prefix = exchange.snapshot.names.node("graph/").value

    def owner(graph: NamedNode) -> str:
        return graph.value.removeprefix(prefix).partition("/")[2]

    return [tuple(found) for _, found in groupby(sorted(exchange.snapshot.graphs, key=owner), owner)]


async def _listed(graphs: Iterable[NamedNode], exchange: Exchange) -> bytes:
    things: set[str] = set()
    for graph in graphs:
        rows = await exchange.store.select("graph-things", graph=graph)
        things.update(row["thing"].value for row in rows)
    urls, modified = exchange.urls, exchange.snapshot.built.date().isoformat()
    entries = "".join(
        f"<url><loc>{escape(urls.absolute(urls.doc(thing)))}</loc><lastmod>{modified}</lastmod></url>\n"
        for thing in sorted(things)
    )
    return _xml("urlset", entries)


def _xml(root: str, entries: str) -> bytes:
    space = CATALOGUE_IRIS["sitemap"]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">\n{entries}</{root}>\n'.encode()
