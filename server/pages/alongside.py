"""What stands beside a thing: themes, articles and meetings that the same recommendations have, most frequent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from server.pages.views import Link
from server.web.exchange import Exchange

MOST = 6
BESIDE = (
    ("theme", "Themes they share", "editors"),
    ("article cited", "Articles they cite", "text"),
    ("article related", "Articles they concern", "editors"),
    ("meeting", "Adopted at", "text"),
)
"""Filters whose values are listed, with the heading and where the values come from."""
LISTED = ("theme", "group", "tool", "actor", "meeting")
"""Kinds of things whose pages have these lists."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One list: values with how many of the recommendations have each, and how many more values there are."""

    heading: str
    origin: str
    found: tuple[tuple[Link, int], ...]
    more: int


def beside(kind: str, members: BitMap, own: Iterable[str], exchange: Exchange) -> tuple[Beside, ...]:
    """The lists of a thing of this kind whose recommendations are ``members``; ``own`` are the IRIs that are left out:
    the thing itself and what is wider or narrower."""
    if kind not in LISTED:
        return ()
    left_out = {f"<{iri}>" for iri in own}
    lists = (_list(name, heading, origin, members, left_out, exchange) for name, heading, origin in BESIDE)
    return tuple(each for each in lists if each.found)


def _list(name: str, heading: str, origin: str, members: BitMap, left_out: set[str], exchange: Exchange) -> Beside:
    values = exchange.snapshot.index.values(name).values()
    counted = [
        (value, count)
        for value in values
        if value.term not in left_out and (count := value.members.intersection_cardinality(members))
    ]
    if name == "theme":  # A wider theme has whatever its narrower ones have: the narrow ones tell more.
        counted = [(value, count) for value, count in counted if value.narrow]
    counted.sort(key=lambda pair: -pair[1])
    shown = counted[:MOST]
    links = tuple((Link(exchange.urls.of(value.term[1:-1]), value.label), count) for value, count in shown)
    return Beside(heading, origin, links, len(counted) - len(shown))
