"""Recommendations side by side, or those of several themes, actors, groups, meetings, articles or documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode
from pyroaring import BitMap

from server.pages.exports import Onward, onward
from server.pages.lines import line_of, line_rows
from server.pages.marks import Directive, Piece, directive_marks, marked, mention_marks, read_directives
from server.pages.page import Page, Questions, frame, page
from server.pages.recommendations import matches
from server.pages.selection import FILTERS, Selection, having, label_of, passing, value_of
from server.pages.values import STRONGEST, Line, Link, link, node, text
from server.web.errors import BadRequest
from server.web.request import Exchange

MOST = 6
"""How many columns stand side by side."""
LONGEST = 100
"""How many recommendations a column lists."""
WAYS = (("cited", "Cites"), ("theme", "Themes"), ("group", "Groups named"))


@dataclass(frozen=True, slots=True)
class Fact:
    """What a recommendation has under one heading; each says whether all the others have it as well."""

    heading: str
    things: tuple[tuple[Link, bool], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A recommendation with its marked words, what it asks, and what it cites and is about."""

    head: Link
    year: str
    document: str
    language: str
    pieces: tuple[Piece, ...]
    directives: tuple[Directive, ...]
    facts: tuple[Fact, ...]
    without: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The recommendations of one value: which, how many of each strength, and which only this one has."""

    head: Link
    total: int
    strengths: tuple[tuple[int | None, int], ...]
    lines: tuple[tuple[Line, bool], ...]
    onward: Onward | None


async def compare_page(selection: Selection, exchange: Exchange) -> Page:
    """The comparison that an address names: ``of=NAME/24&of=NAME/27``, or several values of one filter. Raises
    `BadRequest` for more than fit beside each other."""
    ask, name = Questions(exchange), _compared(selection)
    if len(selection.items) > MOST or (name and len(selection.chosen[name]) > MOST):
        raise BadRequest(f"Up to {MOST} stand side by side; choose fewer.")
    columns = await _columns(selection, ask) if selection.items else ()
    listings = _listings(selection, name, exchange) if name and not selection.items else ()
    total = len(passing(selection, exchange.snapshot.index, matches(selection, exchange.snapshot.index)))
    heads = [column.head.label for column in columns] or [listing.head.label for listing in listings]
    return page(
        "compare.html",
        frame=frame(
            exchange,
            "compare",
            f"Compare: {', '.join(heads)}" if heads else "Compare",
            "Recommendations side by side, with what they share and in what they differ.",
            behind=ask.asked,
            indexed=False,
        ),
        columns=columns,
        listings=listings,
        filter=FILTERS.get(name, ""),
        onward=onward(selection, total, exchange) if heads else None,
        address=exchange.urls.absolute(selection.href(exchange, "compare")),
    )


def _compared(selection: Selection) -> str:
    """The filter whose values are compared: the first with several."""
    return next((name for name in FILTERS if len(selection.chosen.get(name, ())) > 1), "")


async def _columns(selection: Selection, ask: Questions) -> tuple[Column, ...]:
    exchange = ask.exchange
    rows = line_rows(selection.numbers, exchange)
    subjects = {row.iri: await ask.rows("paragraph-subjects", paragraph=NamedNode(row.iri)) for row in rows}
    directives = {row.iri: await ask.rows("paragraph-directives", paragraph=NamedNode(row.iri)) for row in rows}
    columns = []
    for row, item in zip(rows, selection.items, strict=True):
        about = NamedNode(row.iri)
        mentions = await ask.rows("paragraph-mentions", paragraph=about)
        own = [mention for mention in mentions if node(mention, "source") == about]
        asked = read_directives(directives[row.iri], exchange.urls)
        first = await ask.first("paragraph", paragraph=about)
        others = [{text(each, "subject") for each in subjects[other]} for other in subjects if other != row.iri]
        facts = []
        for way, heading in WAYS:
            found = {
                link(each, "subject", "label", exchange.urls): all(text(each, "subject") in other for other in others)
                for each in subjects[row.iri]
                if text(each, "way") == way
            }
            facts.append(Fact(heading, tuple(found.items())))
        line = line_of(row, exchange)
        words = text(first, "text")
        columns.append(
            Column(
                Link(line.href, line.label),
                line.year,
                line.document,
                getattr(first["text"], "language", "") or "",
                marked(words, [*directive_marks(asked), *mention_marks(own, exchange.urls)]),
                asked,
                tuple(fact for fact in facts if fact.things),
                selection.without_item(item).href(exchange, "compare") if len(selection.items) > 1 else "",
            )
        )
    return tuple(columns)


def _listings(selection: Selection, name: str, exchange: Exchange) -> tuple[Listing, ...]:
    index, values = exchange.snapshot.index, selection.chosen[name]
    rest = passing(selection, index, matches(selection, index), leaving_out=name)
    alone = {value: replace(selection, chosen={**selection.chosen, name: (value,)}) for value in values}
    members = {value: rest & having(alone[value], index, name, (value,)) for value in values}
    return tuple(_listing(name, value, alone[value], members, exchange) for value in values)


def _listing(name: str, value: str, selection: Selection, members: dict[str, BitMap], exchange: Exchange) -> Listing:
    own = members[value]
    others: Sequence[BitMap] = [found for other, found in members.items() if other != value]
    shared = BitMap.union(BitMap(), *others)
    label = label_of(name, value_of(name, value, exchange)[1])
    return Listing(
        Link(selection.href(exchange), label),
        len(own),
        _strengths(own, exchange),
        tuple((line_of(row, exchange), row.id not in shared) for row in line_rows(own[:LONGEST], exchange)),
        onward(selection, len(own), exchange),
    )


def _strengths(numbers: BitMap, exchange: Exchange) -> tuple[tuple[int | None, int], ...]:
    """How many of the recommendations have each strength, that of their strongest directive."""
    index = exchange.snapshot.index
    classes = [*((force, str(force)) for force in range(STRONGEST, 0, -1)), (None, "")]
    counts = ((force, len(numbers & index.pointing("strongest", [name]))) for force, name in classes)
    return tuple((force, count) for force, count in counts if count)
