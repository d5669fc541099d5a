"""Lists of recommendations from the index: their order, their lines, and how strong their directives are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from pyroaring import BitMap

from server import page_index
from server.page_index import Index, LineRow
from server.pages.values import STRONGEST, Line, Link, View
from server.web.request import Exchange

SHOWN = 100
"""How many recommendations a page about something shows; it leads to the list of all."""


def strongest_first(chosen: BitMap, index: Index) -> list[int]:
    """The chosen by the strength of their strongest directive: first those that ask to act, then those that ask only to
    consider, and last those that are not on the scale."""
    considering = only_considering(index)
    classes = [chosen & index.pointing("strongest", [str(force)]) for force in range(STRONGEST, 0, -1)]
    return [
        *(number for members in classes for number in members - considering),
        *(number for members in classes for number in members & considering),
        *(chosen & index.pointing("strongest", [""])),
    ]


def only_considering(index: Index) -> BitMap:
    """The recommendations all of whose directives ask only to consider: a class of their own."""
    return index.with_value("consider", "true") - index.with_value("consider", "false")


def line_rows(numbers: Iterable[int], exchange: Exchange) -> list[LineRow]:
    """What the index holds of paragraphs, in the order given."""
    return list(page_index.lines(exchange.snapshot.index, numbers))


def of_several(iri: str, exchange: Exchange) -> str:
    """The short name of the document that a thing is part of, where the corpus has several, or nothing."""
    document, _, below = iri.partition(f"{exchange.snapshot.base.iri}id/document/")[2].partition("/")
    return document if below and exchange.snapshot.index.documents > 1 else ""


def item_of(iri: str) -> str:
    """What stands for a recommendation in a list of those chosen one by one: ``NAME/24``."""
    return iri.partition("/id/document/")[2].replace("/paragraph/", "/")


def line_of(row: LineRow, exchange: Exchange, notes: Sequence[Link] = ()) -> Line:
    """A paragraph as one line of a list."""
    return Line(
        exchange.urls.of(row.iri),
        row.number,
        row.label,
        row.text,
        row.year,
        row.force,
        tuple(notes),
        row.directives,
        bool(row.considers),
        of_several(row.iri, exchange),
        item_of(row.iri) if row.adopted else "",
        id=row.id,
    )


def noted(
    shown: Iterable[int], things: Mapping[str, str], ways: Sequence[str], exchange: Exchange
) -> dict[int, list[Link]]:
    """To which of the things, given with their labels, each paragraph or directive points in one of the ways."""
    numbers, notes = BitMap(shown), dict[int, list[Link]]()
    for iri, label in things.items():
        pointing = BitMap.union(BitMap(), *(exchange.snapshot.index.pointing(way, [iri]) for way in ways))
        for number in numbers & pointing:
            notes.setdefault(number, []).append(Link(exchange.urls.of(iri), label))
    return notes


def distribution(directives: BitMap, exchange: Exchange) -> View:
    """How many of the directives have each modality, as bars from the strongest down: first what asks to act, then what
    asks only to consider, last what is not on the scale. ``share`` is that of the longest bar, in per cent; ``median``
    counts only directives that ask to act and have a place on the scale."""
    index = exchange.snapshot.index
    considering = index.pointing("considers", ["true"])
    counted = [
        (modality, considers, number)
        for considers, some in ((False, directives - considering), (True, directives & considering))
        for modality in page_index.things(index, "Modality")
        if (number := index.pointing("modality", [modality.iri]).intersection_cardinality(some))
    ]
    counted.sort(key=lambda bar: (bar[0].force is None, bar[1], -(bar[0].force or 0), bar[0].label))
    most = max((number for _, _, number in counted), default=1)
    return View(
        bars=[
            View(
                modality=Link(exchange.urls.of(modality.iri), modality.label),
                force=modality.force,
                considers=considers,
                directives=number,
                share=round(100 * number / most),
            )
            for modality, considers, number in counted
        ],
        total=sum(number for _, _, number in counted),
        median=median(sorted((m.force, number) for m, considers, number in counted if m.force and not considers)),
    )


def median(scaled: Sequence[tuple[int, int]]) -> str:
    """The median of ordinal values, sorted and with how often each occurs: one of them, or two with "to" between where
    the middle lies between them."""
    total = sum(times for _, times in scaled)
    if not total:
        return ""
    low, high = (_at(scaled, place) for place in ((total - 1) // 2, total // 2))
    return str(low) if low == high else f"{low} to {high}"


def _at(scaled: Sequence[tuple[int, int]], place: int) -> int:
    """The value at a place of the sorted values, counted from 0."""
    ends = itertools.accumulate(times for _, times in scaled)
    return next(value for (value, _), end in zip(scaled, ends, strict=True) if place < end)
