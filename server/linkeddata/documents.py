"""A document in one of its formats, with the links that every document has (RFC 8288, RFC 8574)."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from server.knowledge import Facts
from server.linkeddata.formats import NEGOTIATED, Format
from server.linkeddata.representations import written
from server.web.errors import NotAcceptable, NotFound
from server.web.exchange import Exchange
from server.web.negotiation import choose
from server.web.responses import Answer, Link

OFFERS = (*(known.media_type for known in NEGOTIATED), "application/json")
_BY_TYPE = {known.media_type: known for known in NEGOTIATED}


def negotiate(exchange: Exchange) -> Format:
    """The format that the request accepts best. Raises `NotAcceptable` with the list of all."""
    chosen = choose(exchange.accept, OFFERS)
    if chosen is None:
        names = ", ".join(known.media_type for known in NEGOTIATED)
        raise NotAcceptable(f"This document has the formats {names}; the request accepts none of them.", offers=OFFERS)
    return _BY_TYPE.get(chosen) or _BY_TYPE["application/ld+json"]


def links_of(path: str, exchange: Exchange, *, topic: str = "", licence: str = "") -> tuple[Link, ...]:
    """The links of the document at a path below the base: its formats, its canonical and citable address, the shapes
    and the data set it belongs to, its licence; of an older version also the current one."""
    urls = exchange.urls
    links = [Link(urls.path(path) + known.suffix, "alternate", known.media_type) for known in NEGOTIATED]
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


def data_answer(
    facts: Facts,
    chosen: Format,
    exchange: Exchange,
    path: str,
    *,
    negotiated: bool,
    links: tuple[Link, ...],
    first: Sequence[NamedNode] = (),
) -> Answer:
    """The facts as the document at a path, in a data format."""
    return document_answer(
        written(facts, chosen, exchange.snapshot, first), chosen, exchange, path, negotiated=negotiated, links=links
    )


def document_answer(
    body: bytes, chosen: Format, exchange: Exchange, path: str, *, negotiated: bool, links: tuple[Link, ...]
) -> Answer:
    """A document's bytes; a negotiated answer names the address of its format (RFC 9110 §8.7)."""
    return Answer(
        body,
        chosen.content_type,
        negotiated=negotiated,
        content_location=exchange.urls.path(path) + chosen.suffix if negotiated else None,
        links=links,
    )


def unknown(path: str) -> NotFound:
    """The error for an address that no data stand behind."""
    return NotFound(f"The data know nothing at /{path}.")
