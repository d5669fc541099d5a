"""Signposts for programs (FAIR Signposting, level 2): all links of a document, of its descriptions and of its files as
one document, ``/linkset/PATH`` (RFC 9264), and the links of the pages that stand for the whole data set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from ontology.formats import ATOM, DATA, HTML
from server.linkeddata.description import identify, licence_of
from server.linkeddata.representing import LINKSET, About, links_of
from server.linkeddata.resources import DocumentPath, topic_of, unknown
from server.web.answers import Answer, Link, html, see_other
from server.web.errors import NotAcceptable
from server.web.front import Route, routes_of
from server.web.negotiation import choose
from server.web.request import Exchange
from server.web.sending import Response, respond, respond_once

TEXT_LINKSET = "application/linkset"
Links = list[tuple[str, Link]]
"""Links with the absolute address that each starts from."""


def signposts_routes() -> tuple[Route, ...]:
    """The route of sets of links."""
    return routes_of("catalogue", ("/linkset/{path:path}", linkset, "All links of a document (RFC 9264)"))


def respond_landing(exchange: Exchange, page: Callable[[], str]) -> Response:
    """A page that stands for the data set; who prefers data is sent to the description of that."""
    chosen = choose(exchange.accept, (HTML.media_type, *(known.media_type for known in DATA)))
    if chosen is not None and chosen != HTML.media_type:
        return respond(exchange, replace(see_other(exchange.urls.path("dataset")), negotiated=True))

    return respond_once(exchange, "", lambda: replace(html(page(), links=_landing_links(exchange)), negotiated=True))


def _landing_links(exchange: Exchange) -> tuple[Link, ...]:
    """The links of a page that stands for the data set: those of its description, but for that document's own."""
    own = {"alternate", "canonical", "memento", "timegate", "timemap", "latest-version", "original"}
    links = links_of("dataset", exchange, About(), lambda suffix: exchange.urls.path(f"dataset{suffix}"), HTML)
    return tuple(link for link in links if link.rel not in own)


def linkset(path: DocumentPath, exchange: Exchange) -> Response:
    """The links of a document, of what describes it and of its files, as JSON or in the form of a Link field."""
    chosen = choose(exchange.accept, (LINKSET, TEXT_LINKSET))
    if chosen is None:
        raise NotAcceptable(f"A set of links is {LINKSET} or {TEXT_LINKSET}.", offers=(LINKSET, TEXT_LINKSET))

    def make() -> Answer:
        about, urls = _about(path, exchange), exchange.urls
        links = links_of(path, exchange, about, lambda suffix: urls.path(path + suffix), HTML)
        anchored = list(_anchored(path, links, exchange))
        lines = (f'{link}; anchor="{at}"' for at, link in anchored)
        body = _as_json(anchored) if chosen == LINKSET else ",\n".join(lines) + "\n"
        return Answer(body.encode(), chosen, negotiated=True, modified=about.modified)

    return respond_once(exchange, chosen, make)


def _anchored(path: str, links: tuple[Link, ...], exchange: Exchange) -> Iterator[tuple[str, Link]]:
    """Each link with what it starts from: the document, and back from its descriptions and files."""
    here = exchange.urls.absolute(exchange.urls.path(path))
    back = {"describedby": "describes", "item": "collection"}
    for link in links:
        href = exchange.urls.absolute(link.href) if link.href.startswith("/") else link.href
        yield here, Link(href, link.rel, link.type, link.title, link.profile, link.datetime)
        if link.rel in back:
            yield href, Link(here, back[link.rel], HTML.media_type)


def _as_json(links: Links) -> str:
    """The links by where they start from and by relation (RFC 9264 §4.2); what RFC 8288 does not name is a list."""
    contexts: dict[str, dict[str, list[dict[str, object]]]] = {}
    for at, link in links:
        attributes = {"href": link.href, "type": link.type, "title": link.title}
        target: dict[str, object] = {name: value for name, value in attributes.items() if value}
        target |= {name: [value] for name, value in (("profile", link.profile), ("datetime", link.datetime)) if value}
        contexts.setdefault(at, {}).setdefault(link.rel, []).append(target)
    return json.dumps({"linkset": [{"anchor": at, **rels} for at, rels in contexts.items()]}, indent=1) + "\n"


def _about(path: str, exchange: Exchange) -> About:
    """What the responses of a document say beside their bytes. Raises `NotFound` where no document is there."""
    iri = topic_of(path, exchange)
    if iri is None:
        return About(licence=licence_of(path, exchange), formats=(ATOM,) if path == "events" else ())
    named = identify(iri, exchange)
    if named is None:
        raise unknown(path)
    return named[1]
