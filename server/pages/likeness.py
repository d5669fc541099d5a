"""What the index knows around one paragraph: its neighbours in the document, and the recommendations most like it."""

from __future__ import annotations

from collections.abc import Sequence

from pyroaring import BitMap

from server.counts import rows
from server.pages.listing import line_of
from server.pages.views import Line, Link
from server.web.exchange import Exchange

WEIGHTS = {"cites": 3, "related": 3, "theme": 2, "group": 1}
"""What a shared thing counts, by the way in which both point to it; as the query says that is behind the page."""
MOST = 5
"""How many are shown."""
Subject = tuple[str, str, str]
"""A way of pointing, the IRI of a thing and its label."""


def neighbours(iri: str, exchange: Exchange) -> tuple[Link | None, Link | None]:
    """The paragraph before one and the one behind it in its document; none of something that is no paragraph."""
    index = exchange.snapshot.index
    number = index.number(iri)
    if number is None:
        return None, None
    near = {row.id: row for row in rows.those_there(index.database, (number - 1, number, number + 1))}
    if number not in near:
        return None, None
    own = near[number].document
    before, after = (
        Link(exchange.urls.of(row.iri), row.label) if (row := near.get(at)) and row.document == own else None
        for at in (number - 1, number + 1)
    )
    return before, after


def most_alike(iri: str, subjects: Sequence[Subject], exchange: Exchange) -> tuple[tuple[Line, str], ...]:
    """The recommendations that share most of the subjects with a paragraph, each with the names of what they share."""
    index = exchange.snapshot.index
    members = [(WEIGHTS[way], label, index.pointing(way, [thing])) for way, thing, label in subjects]
    own = BitMap() if (number := index.number(iri)) is None else BitMap([number])
    everyone = BitMap.union(BitMap(), *(who for _, _, who in members)) & index.recommendations
    by_likeness = {0: everyone - own}
    for weight, _, who in members:
        further: dict[int, BitMap] = {}
        for likeness, found in by_likeness.items():
            for total, some in ((likeness + weight, found & who), (likeness, found - who)):
                if some:
                    further[total] = further.get(total, BitMap()) | some
        by_likeness = further
    best: list[int] = []
    for likeness in sorted(by_likeness, reverse=True):
        best += by_likeness[likeness][: MOST - len(best)] if len(best) < MOST else []
    return tuple(
        (
            line_of(row, exchange),
            "; ".join(dict.fromkeys(label for _, label, who in members if row.id in who)),
        )
        for row in rows.lines(index.database, best)
    )
