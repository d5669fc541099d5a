"""What changed from version to version, as a feed: Atom for people's readers, for programs a Linked Data Event Stream
whose members are activities of ActivityStreams (Create, Update, Delete).

Events are numbered from the oldest and never change, so that a page that is full never changes either. A stream begins
with its first page; a reader of Atom gets the last, with a link to the one before (RFC 5005 §4).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pyoxigraph import Literal, NamedNode

from ontology.formats import ATOM
from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import date_time, english, term
from server.history import Event
from server.linkeddata.collections import collection, pages_of, view
from server.linkeddata.description import licence_of_data
from server.linkeddata.representing import About, Data
from server.store.known import state
from server.web.errors import BadRequest
from server.web.request import Exchange

PATH, LABEL, PAGE = "events", "What changed in the data", 200
LINK = "/link/"
"""Stands in the names of editorial links."""
_WAYS = {"create": "as:Create", "update": "as:Update", "delete": "as:Delete"}
WORDS = {"create": "New", "update": "Changed", "delete": "Gone"}


def pages(exchange: Exchange) -> int:
    """How many pages of events there are."""
    first, last = exchange.snapshot.history.numbers
    return pages_of(last - first + 1, PAGE) if last else 1


def page_of(number: int, exchange: Exchange) -> list[Event]:
    """The events of one page, the oldest first. Raises `BadRequest` for a page that there is not."""
    if number > pages(exchange):
        raise BadRequest(f"There are {pages(exchange)} pages of changes.")
    first = exchange.snapshot.history.numbers[0] + (number - 1) * PAGE
    return exchange.snapshot.history.events(first, first + PAGE - 1)


async def event_stream(number: int, exchange: Exchange) -> Data:
    """One page of the stream."""
    urls, events, last = exchange.urls, page_of(number, exchange), pages(exchange)
    address = urls.canonical(PATH)
    members = [(_iri(event, address), _title(event, exchange), term(_WAYS[event.way]).value) for event in events]
    low, high = exchange.snapshot.history.numbers
    total, licence = high - low + 1 if high else 0, await licence_of_data(exchange.store)
    made = collection(address, LABEL, members, total, number, last, exchange, licence=licence, at=urls.path(PATH))
    stream, here = NamedNode(address), NamedNode(view(address, number))
    state(made.facts, stream, "rdf:type", term("ldes:EventStream"))
    state(made.facts, stream, "ldes:timestampPath", term("as:published"))
    state(made.facts, stream, "ldes:versionOfPath", term("as:object"))
    state(made.facts, stream, "tree:view", here)
    state(made.facts, here, "rdf:type", term("tree:Node"))
    for event in events:
        node = NamedNode(_iri(event, address))
        state(made.facts, stream, "tree:member", node)
        state(made.facts, node, "as:object", NamedNode(event.iri))
        state(made.facts, node, "as:published", date_time(event.moment))
        state(made.facts, node, "dcat:version", Literal(event.version))
    if number < last and events:
        relation = NamedNode(f"{here.value}#later")
        state(made.facts, here, "tree:relation", relation)
        state(made.facts, relation, "rdf:type", term("tree:GreaterThanOrEqualToRelation"))
        state(made.facts, relation, "rdfs:label", english("Later changes"))
        state(made.facts, relation, "tree:node", NamedNode(view(address, number + 1)))
        state(made.facts, relation, "tree:path", term("as:published"))
        state(made.facts, relation, "tree:value", date_time(events[-1].moment))
    return made


async def atom(number: int, exchange: Exchange) -> tuple[bytes, About]:
    """One page as an Atom feed (RFC 4287), the newest first."""
    urls, events, last = exchange.urls, page_of(number, exchange), pages(exchange)
    own, address = urls.canonical(PATH + ATOM.suffix), urls.canonical(PATH)
    links = [("self", own if number == last else view(own, number)), ("alternate", address), ("current", own)]
    links += [("prev-archive", view(own, number - 1))] if number > 1 else []
    entries = "".join(_entry(event, address, exchange) for event in reversed(events))
    licence = await licence_of_data(exchange.store)
    updated = date_time(events[-1].moment if events else exchange.snapshot.built).value
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="{CATALOGUE_IRIS["atom"]}">\n'
        f"<id>{escape(address)}</id>\n<title>Palermo: {LABEL.lower()}</title>\n<updated>{updated}</updated>\n"
        f"<author><name>The Palermo project</name></author>\n{_links(links)}{entries}</feed>\n"
    )
    return body.encode(), About(licence=licence, formats=(ATOM,))


def _entry(event: Event, address: str, exchange: Exchange) -> str:
    moment, urls = date_time(event.moment).value, exchange.urls
    to = urls.absolute(urls.of(event.iri)) if event.way != "delete" else ""
    links = _links([("alternate", to)]) if to else ""
    judged = " A judgement, not part of the text: its page says who suggested and who reviewed it."
    return (
        f"<entry><id>{escape(_iri(event, address))}</id><title>{escape(_title(event, exchange))}</title>"
        f"<updated>{moment}</updated>{links}<summary>{WORDS[event.way]} in version {event.version}."
        f"{judged * (LINK in event.iri)}</summary></entry>\n"
    )


def _links(links: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<link rel="{rel}" href="{escape(href)}"/>\n' for rel, href in links)


def _title(event: Event, exchange: Exchange) -> str:
    return f"{WORDS[event.way]}: {event.iri.removeprefix(exchange.snapshot.base.iri)}"


def _iri(event: Event, address: str) -> str:
    return f"{address}#event-{event.number}"
