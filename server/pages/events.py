"""The page of what changed in the data from version to version, which is also a feed and a stream of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ontology.dates import in_words
from ontology.formats import ATOM
from server.linkeddata.events import LABEL, PATH, WORDS, page_of, pages
from server.pages.page import Page, Questions
from server.pages.values import Link
from server.web.request import Exchange


@dataclass(frozen=True, slots=True)
class EventView:
    """One change: its number, what happened in a word, and the thing it happened to."""

    number: int
    words: str
    link: Link


async def events_page(number: int, exchange: Exchange) -> Page:
    """One page of the changes, counted from the oldest; its events are shown the newest first."""
    urls, last = exchange.urls, pages(exchange)
    groups: dict[str, tuple[str, list[EventView]]] = {}
    for event in reversed(page_of(number, exchange)):
        path = event.iri.removeprefix(exchange.snapshot.base.iri)
        link = Link(urls.of(event.iri) if event.way != "delete" else "", path.removeprefix("id/"))
        day = in_words(event.moment.date())
        groups.setdefault(event.version, (day, []))[1].append(EventView(event.number, WORDS[event.way], link))

    def at(to: int) -> Mapping[str, str]:
        return {"page": str(to)}

    return Questions(exchange).page(
        "events.html",
        PATH,
        LABEL,
        "What is new, changed and gone in the data, from version to version.",
        groups=tuple((version, day, tuple(events)) for version, (day, events) in groups.items()),
        feed=urls.path(PATH + ATOM.suffix),
        previous=urls.path(PATH, at(number - 1)) if number > 1 else "",
        following=urls.path(PATH, at(number + 1)) if number < last else "",
    )
