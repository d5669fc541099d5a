"""What the recommendations about a thing share: themes, articles and meetings, each with how many have it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyroaring import BitMap

from server.page_index import Value
from server.pages.kinds import Kind
from server.pages.selection import Selection
from server.pages.values import Link, View
from server.web.request import Exchange

MOST, LISTED_AT_MOST = 6, 200
BESIDE = (
    ("theme", "Themes they share", "suggested"),
    ("article cited", "Articles they cite", "text"),
    ("article related", "Related articles", "suggested"),
    ("meeting", "Adopted at", "text"),
)
"""Filters whose values are listed, with the heading and where the values come from."""


def shared_lists(kind: Kind, members: BitMap, own: Iterable[str], exchange: Exchange) -> tuple[View, ...]:
    """The lists of a thing of this kind whose recommendations are ``members``; ``own`` are the IRIs that are left out:
    the thing itself and what is wider or narrower."""
    if not kind.is_shared:
        return ()
    left_out = {f"<{iri}>" for iri in own}
    slug = next(iter(own), "").rpartition("/")[2]
    ways = [(name, slug) for name in kind.filters if slug]
    lists = (_list(name, heading, origin, members, left_out, ways, exchange) for name, heading, origin in BESIDE)
    return tuple(each for each in lists if each.first)


def _list(
    name: str,
    heading: str,
    origin: str,
    members: BitMap,
    left_out: set[str],
    ways: Sequence[tuple[str, str]],
    exchange: Exchange,
) -> View:
    values = exchange.snapshot.index.values(name).values()
    counted = [
        (value, count)
        for value in values
        if value.term not in left_out and (count := value.members.intersection_cardinality(members))
    ]
    if name == "theme":  # A wider theme has whatever its narrower ones have: the narrow ones tell more.
        counted = [(value, count) for value, count in counted if value.narrow]
    counted.sort(key=lambda pair: -pair[1])
    links = tuple(
        (
            Link(exchange.urls.of(value.term[1:-1]), value.label),
            Link(_both(name, value, value.members & members, ways, exchange), f"{count:,}"),
        )
        for value, count in counted[:LISTED_AT_MOST]
    )
    return View(heading=heading, origin=origin, first=links[:MOST], rest=links[MOST:LISTED_AT_MOST])


def _both(name: str, value: Value, both: BitMap, ways: Sequence[tuple[str, str]], exchange: Exchange) -> str:
    """The address of the list of the recommendations of a thing that have a value: that of the first way of listing
    them that lists just these, or nothing."""
    filter_, _, basis = name.partition(" ")
    for way, slug in ways:
        listed = exchange.snapshot.index.with_value(way, slug)
        if len(both) == listed.intersection_cardinality(value.members) and both.issubset(listed):
            alike = way == filter_
            chosen = {way: (slug,), filter_: (slug, value.slug) if alike else (value.slug,)}
            every = (filter_,) if alike else ()
            return Selection(chosen, basis or "both", every=every).href(exchange)
    return ""
