"""Which themes occur together: server-made SVG, a triangle with a dot for every recommendation that has both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.values import number, text
from server.pages.views import Link, link
from server.store import Row
from server.web.urls import Urls

CELL = 24
"""The side of a cell; a cell that is a link must not be smaller (WCAG 2.2, target size)."""
NAME_WIDTH = 250
"""Room for the last name, which begins at the right end of the triangle."""
DOTS = 4
"""How many dots a cell has room for; its title says all."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two themes that occur together: a cell with its dots, in user units, and a link.

    The link leads to the recommendation that has both; where there are several, to the first theme, which lists them.
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


def together(themes: Sequence[tuple[str, Link, bool]], rows: Iterable[Row], urls: Urls) -> Together | None:
    """The picture of themes, given with their IRIs in the order of their wider ones. None where no two occur together.

    ``rows`` have ``theme``, ``other`` and a ``recommendation`` with its ``label`` and ``number``.
    """
    place = {iri: at for at, (iri, _, _) in enumerate(themes)}
    found: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        both = sorted(place[iri] for iri in (text(row, "theme"), text(row, "other")) if iri in place)
        if len(both) == 2:
            found.setdefault((both[0], both[1]), []).append(row)
    if not found:
        return None
    pairs = tuple(_pair(place, both, themes, urls) for place, both in sorted(found.items()))
    names = tuple(Name(at * CELL, at * CELL, each, first) for at, (_, each, first) in enumerate(themes))
    size = len(themes) * CELL
    return Together(size + NAME_WIDTH, size, CELL, names, pairs, _summary(themes, found))


def _pair(place: tuple[int, int], rows: Sequence[Row], themes: Sequence[tuple[str, Link, bool]], urls: Urls) -> Pair:
    column, down = place
    x, y, step = column * CELL, down * CELL, CELL / 4
    first, second = themes[column][1], themes[down][1]
    numbers = ", ".join(str(number(row, "number")) for row in rows)
    href = link(rows[0], "recommendation", "label", urls).href if len(rows) == 1 else first.href
    dots = tuple((x + step + (at % 2) * 2 * step, y + step + (at // 2) * 2 * step) for at, _ in enumerate(rows[:DOTS]))
    return Pair(x, y, dots, href, f"{first.label} and {second.label}: recommendation{'s' * (len(rows) > 1)} {numbers}")


def _summary(themes: Sequence[tuple[str, Link, bool]], found: dict[tuple[int, int], list[Row]]) -> str:
    most = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:3]
    said = "; ".join(
        f"{themes[column][1].label} with {themes[down][1].label}, {len(rows)} recommendation{'s' * (len(rows) > 1)}"
        for (column, down), rows in most
    )
    return f"{len(found)} pairs of themes occur together. Most often: {said}."
