"""Lists of recommendations from the index: which come first, and their lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyroaring import BitMap

from server.counts import rows
from server.counts.index import Index
from server.counts.rows import LineRow
from server.pages.views import STRONGEST, Line, Link
from server.web.exchange import Exchange

SHOWN = 100
"""How many recommendations a page about something shows; it leads to the list of all."""


def strongest_first(chosen: BitMap, index: Index) -> list[int]:
    """The chosen by the strength of their strongest directive, those without any last."""
    found: list[int] = []
    for force in (*map(str, range(STRONGEST, 0, -1)), ""):
        found += chosen & index.pointing("strongest", [force])
    return found


def line_rows(numbers: Iterable[int], exchange: Exchange) -> list[LineRow]:
    """What the index holds of paragraphs, in the order given."""
    return list(rows.lines(exchange.snapshot.index.database, numbers))


def document_name(row: LineRow, exchange: Exchange) -> str:
    """The short name of a line's document where the corpus has several, or nothing."""
    return row.document.rpartition("/")[2] if exchange.snapshot.index.documents > 1 else ""


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
        document_name(row, exchange),
    )


def noted(
    shown: Iterable[int], things: Iterable[tuple[str, str]], ways: Sequence[str], exchange: Exchange
) -> dict[int, list[Link]]:
    """To which of the things, given with their labels, each paragraph or directive points in one of the ways."""
    numbers, found = BitMap(shown), dict[int, list[Link]]()
    for iri, label in things:
        pointing = BitMap.union(BitMap(), *(exchange.snapshot.index.pointing(way, [iri]) for way in ways))
        for number in numbers & pointing:
            found.setdefault(number, []).append(Link(exchange.urls.of(iri), label))
    return found


def modality_counts(directives: BitMap, exchange: Exchange) -> list[tuple[Link, int | None, int]]:
    """How many of the directives have each modality, with its strength; modalities that none has are left out."""
    index = exchange.snapshot.index
    return [
        (Link(exchange.urls.of(thing.iri), thing.label), thing.force, count)
        for thing in rows.things(index.database, "Modality")
        if (count := index.pointing("modality", [thing.iri]).intersection_cardinality(directives))
    ]
