"""What programs follow from a document: all links of it, of its descriptions and of its files as one document,
``/linkset/PATH`` (FAIR Signposting, level 2; RFC 9264), the links of the pages that stand for the whole data set, and
the versions of a document over time (RFC 7089): its TimeGate leads to the one that was current at a moment, its TimeMap
lists all that are kept. ``/v/VERSION/…`` are the mementos themselves; a query string, which chooses from a list, is
kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from ontology.formats import ATOM, DATA, HTML
from server.linkeddata.description import identify, licence_of
from server.linkeddata.representing import LINK_FORMAT, LINKSET, About, links_of
from server.linkeddata.resources import DocumentPath, topic_of, unknown
from server.web.answers import TEXT, Answer, Freshness, Link, html, moment_of, see_other
from server.web.errors import BadRequest, NotAcceptable
from server.web.front import Route, routes_of
from server.web.negotiation import choose
from server.web.request import Exchange, query_of
from server.web.sending import Response, respond, respond_once

TEXT_LINKSET = "application/linkset"
Links = list[tuple[str, Link]]
"""Links with the absolute address that each starts from."""


def signposts_routes() -> tuple[Route, ...]:
    """The routes of this module."""
    return (
        *routes_of(
            "versions",
            ("/timegate/{path:path}", timegate, "The version of a document at a time (Accept-Datetime)"),
            ("/timemap/{path:path}", timemap, "All versions of a document that are kept"),
        ),
        *routes_of("catalogue", ("/linkset/{path:path}", linkset, "All links of a document (RFC 9264)")),
    )


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
        yield here, link._replace(href=href)
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


def timegate(path: DocumentPath, exchange: Exchange) -> Response:
    """Sends to the version that was current at the time of `Accept-Datetime`, or is current (RFC 7089 §4.5)."""
    field, versions = exchange.request.headers.get("accept-datetime"), _versions(path, exchange)
    path += query_of(exchange)
    first, last, chosen, urls = versions[0], versions[-1], versions[-1], exchange.urls
    if field is not None:
        moment = moment_of(field)
        if moment is None:
            raise BadRequest("Accept-Datetime is a date as in HTTP: Sun, 29 Nov 2026 12:00:00 GMT (RFC 7089 §2.1.1.2).")
        chosen = max((pair for pair in versions if pair[1] <= moment), key=lambda pair: pair[1], default=first)
    ends = {"first last": first} if first == last else {"first": first, "last": last}
    links = (
        Link(urls.canonical(path), "original"),
        Link(urls.canonical(f"timemap/{path}"), "timemap", LINK_FORMAT),
        *(_memento(path, *version, exchange, f"{end} memento") for end, version in ends.items()),
    )
    at = urls.absolute(urls.version(chosen[0], path))
    answer = Answer(
        f"See {at}\n".encode(),
        TEXT,
        status=302,
        location=at,
        links=links,
        headers=(("vary", "Accept-Datetime"),),
        freshness=Freshness.NEVER,
    )
    return respond(exchange, answer)


def timemap(path: DocumentPath, exchange: Exchange) -> Response:
    """Lists the versions of a document, the oldest first (RFC 7089 §5)."""
    versions, urls = _versions(path, exchange), exchange.urls
    path += query_of(exchange)
    own = urls.canonical(f"timemap/{path}")
    first, last = (format_datetime(versions[at][1], usegmt=True) for at in (0, -1))
    lines = [
        str(Link(urls.canonical(path), "original")),
        f'{Link(own, "self", LINK_FORMAT)}; from="{first}"; until="{last}"',
        str(Link(urls.canonical(f"timegate/{path}"), "timegate")),
        *(str(_memento(path, version, built, exchange)) for version, built in versions),
    ]
    return respond(exchange, Answer((",\n".join(lines) + "\n").encode(), LINK_FORMAT))


def _versions(path: str, exchange: Exchange) -> list[tuple[str, datetime]]:
    """The versions that have a document, with their times, the oldest first. Raises `NotFound` where none has it."""
    snapshots, topic = exchange.services.snapshots, topic_of(path, exchange) if path else None
    if topic is not None and not exchange.store.exists(topic):
        raise unknown(path)
    created = datetime.min.replace(tzinfo=UTC)
    if topic is not None and path.startswith("doc/"):
        created = exchange.snapshot.history.dates(topic.value)[0]
    versions = [(version, snapshots.built(version)) for version in snapshots.versions()]
    present = [(version, built) for version, built in versions[::-1] if built >= created]
    return sorted(present, key=lambda pair: pair[1]) or [(exchange.snapshot.version, exchange.snapshot.built)]


def _memento(path: str, version: str, built: datetime, exchange: Exchange, rel: str = "memento") -> Link:
    at = exchange.urls.absolute(exchange.urls.version(version, path))
    return Link(at, rel, datetime=format_datetime(built, usegmt=True))
