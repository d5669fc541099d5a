"""Which themes occur together: server-made SVG, a triangle with dots where recommendations have both."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from server.pages.listing import line_rows
from server.pages.selecting import Selection
from server.pages.views import Link
from server.web.exchange import Exchange

CELL = 24
"""The side of a cell; a cell that is a link must not be smaller (WCAG 2.2, target size)."""
NAME_WIDTH = 250
"""Room for the last name, which begins at the right end of the triangle."""
NAMED = 20
"""Up to how many recommendations of one document are named by their numbers."""
DOTS = 4
"""How many dots a cell has room for; its title says all."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two themes that occur together: a cell with its dots, in user units, and a link.

    The link leads to the only recommendation that has both, or to the list of those that have both.
    """

    x: int
    y: int
    dots: tuple[tuple[float, float], ...]
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Name:
    """A theme at the end of its row, which is also the head of its column. ``first`` begins a wider theme."""

    x: int
    y: int
    link: Link
    first: bool


@dataclass(frozen=True, slots=True)
class Together:
    """The picture; ``summary`` is its text alternative."""

    width: int
    height: int
    cell: int
    names: tuple[Name, ...]
    pairs: tuple[Pair, ...]
    summary: str


def together(themes: Sequence[tuple[str, Link, bool]], exchange: Exchange) -> Together | None:
    """The picture of themes, given with their IRIs in the order of their wider ones; None where no two are together."""
    index = exchange.snapshot.index
    members = [index.pointing("theme", [iri]) & index.recommendations for iri, _, _ in themes]
    found = {
        (column, down): both
        for column, down in itertools.combinations(range(len(themes)), 2)
        if (both := members[column] & members[down])
    }
    if not found:
        return None
    pairs = tuple(_pair(place, both, themes, exchange) for place, both in found.items())
    names = tuple(Name(at * CELL, at * CELL, each, first) for at, (_, each, first) in enumerate(themes))
    size = len(themes) * CELL
    return Together(size + NAME_WIDTH, size, CELL, names, pairs, _summary(themes, found))


def _pair(place: tuple[int, int], both: BitMap, themes: Sequence[tuple[str, Link, bool]], exchange: Exchange) -> Pair:
    column, down = place
    x, y, step = column * CELL, down * CELL, CELL / 4
    slugs = tuple(themes[at][0].rpartition("/")[2] for at in place)
    href = Selection({"theme": slugs}, every=("theme",)).href(exchange)
    said = f"{len(both):,} recommendations"
    if exchange.snapshot.index.documents == 1 and len(both) <= NAMED:
        rows = line_rows(both, exchange)
        said = f"recommendation{'s' * (len(rows) > 1)} {', '.join(str(row.number) for row in rows)}"
        href = exchange.urls.of(rows[0].iri) if len(rows) == 1 else href
    dots = tuple(
        (x + step + (at % 2) * 2 * step, y + step + (at // 2) * 2 * step) for at in range(min(len(both), DOTS))
    )
    return Pair(x, y, dots, href, f"{themes[column][1].label} and {themes[down][1].label}: {said}")


def _summary(themes: Sequence[tuple[str, Link, bool]], found: Mapping[tuple[int, int], BitMap]) -> str:
    most = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:3]
    said = "; ".join(
        f"{themes[column][1].label} with {themes[down][1].label}, {len(both):,} recommendation{'s' * (len(both) > 1)}"
        for (column, down), both in most
    )
    return f"{len(found)} pairs of themes occur together. Most often: {said}."
