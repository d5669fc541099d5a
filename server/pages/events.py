"""What changed from version to version, as a page and as a feed: Atom for people's readers, for programs a Linked Data
Event Stream whose members are activities of ActivityStreams (Create, Update, Delete).

Events are numbered from the oldest and never change, so that a page that is full never changes either. A stream begins
with its first page; a reader of Atom gets the last, with a link to the one before (RFC 5005 §4).
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from ontology.formats import ATOM
from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import date_time, english, term
from ontology.words import in_words
from server.history import Event
from server.linkeddata.collections import collection, pages_of, view
from server.linkeddata.description import licence_of
from server.linkeddata.representing import Data
from server.pages.page import Page, Questions, turned
from server.pages.values import Link, View
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


def event_stream(number: int, exchange: Exchange) -> Data:
    """One page of the stream."""
    urls, events, last = exchange.urls, page_of(number, exchange), pages(exchange)
    address = urls.canonical(PATH)
    members = [(iri_of(event, address), title_of(event, exchange), term(_WAYS[event.way]).value) for event in events]
    low, high = exchange.snapshot.history.numbers
    total, licence = high - low + 1 if high else 0, licence_of(PATH, exchange)
    made = collection(address, LABEL, members, total, number, last, exchange, licence=licence, at=urls.path(PATH))
    stream, here = NamedNode(address), NamedNode(view(address, number))
    state(made.facts, stream, "rdf:type", term("ldes:EventStream"))
    state(made.facts, stream, "ldes:timestampPath", term("as:published"))
    state(made.facts, stream, "ldes:versionOfPath", term("as:object"))
    state(made.facts, stream, "tree:view", here)
    state(made.facts, here, "rdf:type", term("tree:Node"))
    for event in events:
        node = NamedNode(iri_of(event, address))
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


def title_of(event: Event, exchange: Exchange) -> str:
    """What happened to what."""
    return f"{WORDS[event.way]}: {event.iri.removeprefix(exchange.snapshot.base.iri)}"


def iri_of(event: Event, address: str) -> str:
    """The IRI of an event in the stream at an address."""
    return f"{address}#event-{event.number}"


def events_page(number: int, exchange: Exchange) -> Page:
    """One page of the changes, counted from the oldest; its events are shown the newest first."""
    urls, last = exchange.urls, pages(exchange)
    groups: dict[str, tuple[str, list[View]]] = {}
    for event in reversed(page_of(number, exchange)):
        path = event.iri.removeprefix(exchange.snapshot.base.iri)
        link = Link(urls.of(event.iri) if event.way != "delete" else "", path.removeprefix("id/"))
        day = in_words(event.moment.date())
        groups.setdefault(event.version, (day, []))[1].append(
            View(number=event.number, words=WORDS[event.way], link=link)
        )
    return Questions(exchange).page(
        "events.html",
        PATH,
        LABEL,
        "What is new, changed and gone in the data, from version to version.",
        groups=tuple((version, day, tuple(events)) for version, (day, events) in groups.items()),
        feed=urls.path(PATH + ATOM.suffix),
        **turned(number, last, lambda to: urls.path(PATH, {"page": str(to)})),
    )


def events_feed(number: int, exchange: Exchange) -> Page:
    """One page of the changes as an Atom feed (RFC 4287), the newest first."""
    urls, events, last = exchange.urls, page_of(number, exchange), pages(exchange)
    own, address = urls.canonical(PATH + ATOM.suffix), urls.canonical(PATH)
    links = [("self", own if number == last else view(own, number)), ("alternate", address), ("current", own)]
    links += [("prev-archive", view(own, number - 1))] if number > 1 else []
    return Page(
        "events.atom",
        {
            "namespace": CATALOGUE_IRIS["atom"],
            "label": LABEL,
            "address": address,
            "updated": date_time(events[-1].moment if events else exchange.snapshot.built).value,
            "links": links,
            "events": [
                View(
                    id=iri_of(event, address),
                    title=title_of(event, exchange),
                    moment=date_time(event.moment).value,
                    href=urls.absolute(urls.of(event.iri)) if event.way != "delete" else "",
                    words=WORDS[event.way],
                    version=event.version,
                    judged=LINK in event.iri,
                )
                for event in reversed(events)
            ],
        },
    )
