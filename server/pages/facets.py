"""One filter beside the list of recommendations: its values with how many recommendations each would leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from pyroaring import BitMap

from server.counts.index import Value
from server.pages.facts import BY_BASIS, FILTERS, listed, members, value_of
from server.pages.selecting import Selection, passing
from server.pages.views import Link
from server.web.exchange import Exchange

LONG, FREQUENT, WHOLE = 80, 20, 1_000
"""A list of more values than the first is cut to the most frequent ones; asked for whole, it ends somewhere as well."""
SINGLE = ("document", "section", "meeting")
"""Filters of which a recommendation has one value."""
Counted = list[tuple[Value, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter with how many recommendations it would leave, and whether it is chosen."""

    slug: str
    label: str
    count: int
    chosen: bool
    narrow: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter. ``origin`` says where its values come from: ``text``, ``rules`` or ``editors``. ``several`` offers to
    ask for all chosen values, which ``every`` says is done; ``more`` leads to the whole list where it is cut."""

    name: str
    label: str
    origin: str
    choices: tuple[Choice, ...]
    open: bool
    several: bool
    every: bool
    more: Link | None


def facet(name: str, selection: Selection, matched: BitMap | None, exchange: Exchange) -> Facet:
    """The filter with this name. Its counts follow all other filters, and its own where all chosen values must hold."""
    index, picked, every = exchange.snapshot.index, selection.chosen.get(name, ()), selection.needs_every(name)
    others = passing(selection, index, matched, leaving_out="" if every else name)
    names = selection.names(name)
    known = dict(listed(index, names)) | {slug: value_of(name, slug, exchange)[1] for slug in picked}
    counted = [(value, members(index, names, value.slug).intersection_cardinality(others)) for value in known.values()]
    counted = [(value, count) for value, count in counted if count or value.slug in picked]
    whole = name in selection.whole
    shown = _most_frequent(counted, WHOLE if whole else FREQUENT, picked) if whole or len(counted) > LONG else counted
    more = replace(selection, whole=(*selection.whole, name)).href(exchange)
    alone = name == "document" and index.documents == 1 and not picked
    return Facet(
        name,
        FILTERS[name],
        _origin(name),
        () if alone else tuple(Choice(v.slug, label_of(name, v), n, v.slug in picked, v.narrow) for v, n in shown),
        bool(picked) or name in ("section", "theme"),
        bool(picked) and name not in SINGLE,
        name in selection.every,
        Link(more, f"All {len(counted):,}") if len(shown) < len(counted) and not whole else None,
    )


def _most_frequent(counted: Counted, most: int, picked: Collection[str]) -> Counted:
    """The values with most recommendations and those that are chosen, in the order in which they are listed."""
    places = sorted(range(len(counted)), key=lambda place: -counted[place][1])[:most]
    kept = {*places, *(place for place, (value, _) in enumerate(counted) if value.slug in picked)}
    return [counted[place] for place in sorted(kept)]


def _origin(name: str) -> str:
    if name in SINGLE:
        return "text"
    return "editors" if name == "theme" else "mixed" if name in BY_BASIS else "rules"


def label_of(name: str, value: Value) -> str:
    """The words for a value beside its box."""
    if name == "strength":
        return f"{value.slug} of 5"
    return f"{value.slug.rpartition('/')[2]}. {value.label}" if name == "section" else value.label
