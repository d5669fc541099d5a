"""Recommendations side by side, or those of several themes, actors, groups, meetings, articles or documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode
from pyroaring import BitMap

from server.pages.exports import Listed, Onward, files_of, onward
from server.pages.lines import line_of, line_rows, only_considering
from server.pages.marks import (
    Directive,
    Piece,
    directive_marks,
    marked,
    mention_marks,
    read_directives,
    with_directives,
    without_doubles,
)
from server.pages.page import Page, Questions, frame, page
from server.pages.recommendations import matches
from server.pages.selection import FILTERS, SIDE_BY_SIDE, Selection, having, label_of, passing, value_of
from server.pages.values import STRONGEST, Line, Link, link, node, text
from server.web.errors import BadRequest
from server.web.request import Exchange

LONGEST = 100
"""How many recommendations a column lists."""
WAYS = (("cited", "Cites", "text"), ("theme", "Themes", "suggested"), ("group", "Groups named", "rules"))
"""Ways of pointing, with their heading and where they come from."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a recommendation has under one heading; each says whether all the others have it as well."""

    heading: str
    origin: str
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
    strengths: tuple[tuple[int | None, bool, int], ...]
    lines: tuple[tuple[Line, tuple[Piece, ...], bool], ...]
    onward: Onward | None


async def compare_page(selection: Selection, exchange: Exchange) -> Page:
    """The comparison that an address names: ``of=NAME/24&of=NAME/27``, or several values of one filter. Raises
    `BadRequest` for more than fit beside each other."""
    ask, name = Questions(exchange), _compared(selection)
    if len(selection.items) > SIDE_BY_SIDE or (name and len(selection.chosen[name]) > SIDE_BY_SIDE):
        raise BadRequest(f"Up to {SIDE_BY_SIDE} stand side by side; choose fewer.")
    columns = await _columns(selection, ask) if selection.items else ()
    listings = await _listings(selection, name, ask) if name and not selection.items else ()
    total = sum(listing.total for listing in listings) or len(columns)
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
        list_of_all=selection.href(exchange) if heads else "",
        takes_up=exchange.urls.path("takes-up"),
        files=files_of(lambda path: selection.href(exchange, path), "compare", total),
        address=exchange.urls.absolute(selection.href(exchange, "compare")),
    )


async def compared(selection: Selection, exchange: Exchange) -> tuple[str, list[Listed]]:
    """A comparison as it stands in a file: its title, and its recommendations with what tells them apart."""
    name = _compared(selection)
    if selection.items:
        columns = await _columns(selection, Questions(exchange))
        listed = [
            Listed(number, "", _facts(column, exchange))
            for number, column in zip(selection.numbers, columns, strict=True)
        ]
        return f"Compare: {', '.join(column.head.label for column in columns)}", listed
    listings = await _listings(selection, name, Questions(exchange)) if name else ()
    kept = [
        Listed(line.id, listing.head.label, (("only here", "yes" if alone else "no"),))
        for listing in listings
        for line, _, alone in listing.lines
    ]
    return f"Compare: {', '.join(listing.head.label for listing in listings)}", kept


def _facts(column: Column, exchange: Exchange) -> tuple[tuple[str, str], ...]:
    asks = "; ".join(
        f"{directive.operative or directive.modality.label}"
        f" ({f'{directive.force} of {STRONGEST}' if directive.force else 'not on the scale'}"
        f"{', only to consider' if directive.consider_only else ''})"
        f": {' and '.join(actor.label for actor in directive.addressees) or 'nobody named'}"
        for directive in column.directives
    )
    done, all_ = exchange.snapshot.index.reviewed
    standing = f" (suggested by a language model, {f'{done} of {all_} reviewed' if done else 'not reviewed'})"
    return (
        ("asks", asks),
        *(
            (
                f"{fact.heading.lower()}{standing * (fact.origin == 'suggested')}",
                "; ".join(to.label for to, _ in fact.things),
            )
            for fact in column.facts
        ),
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
        for way, heading, origin in WAYS:
            found = {
                link(each, "subject", "label", exchange.urls): all(text(each, "subject") in other for other in others)
                for each in subjects[row.iri]
                if text(each, "way") == way
            }
            facts.append(Fact(heading, origin, tuple(found.items())))
        line = line_of(row, exchange)
        words = text(first, "text")
        columns.append(
            Column(
                Link(line.href, line.label),
                line.year,
                line.document,
                getattr(first["text"], "language", "") or "",
                marked(words, without_doubles([*directive_marks(asked), *mention_marks(own, exchange.urls)])),
                asked,
                tuple(fact for fact in facts if fact.things),
                selection.without_item(item).href(exchange, "compare") if len(selection.items) > 1 else "",
            )
        )
    return tuple(columns)


async def _listings(selection: Selection, name: str, ask: Questions) -> tuple[Listing, ...]:
    exchange, values = ask.exchange, selection.chosen[name]
    index = exchange.snapshot.index
    rest = passing(selection, index, matches(selection, index), leaving_out=name)
    alone = {value: replace(selection, chosen={**selection.chosen, name: (value,)}) for value in values}
    members = {value: rest & having(alone[value], index, name, (value,)) for value in values}
    return tuple([await _listing(name, value, alone[value], members, ask) for value in values])


async def _listing(name: str, value: str, selection: Selection, members: dict[str, BitMap], ask: Questions) -> Listing:
    exchange, own = ask.exchange, members[value]
    others: Sequence[BitMap] = [found for other, found in members.items() if other != value]
    shared = BitMap.union(BitMap(), *others)
    rows = line_rows(own[:LONGEST], exchange)
    pieces = await with_directives(rows, ask)
    label = label_of(name, value_of(name, value, exchange)[1])
    return Listing(
        Link(selection.href(exchange), label),
        len(own),
        _strengths(own, exchange),
        tuple((line_of(row, exchange), pieces[row.iri], row.id not in shared) for row in rows),
        onward(selection, len(own), exchange),
    )


def _strengths(numbers: BitMap, exchange: Exchange) -> tuple[tuple[int | None, bool, int], ...]:
    """How many of the recommendations have each strength, that of their strongest directive; those all of whose
    directives ask only to consider are counted apart."""
    index = exchange.snapshot.index
    considering = only_considering(index)
    classes = [(force, considers) for considers in (False, True) for force in range(STRONGEST, 0, -1)]
    counts: list[tuple[int | None, bool, int]] = [
        (force, considers, len(index.pointing("strongest", [str(force)]) & some))
        for force, considers in classes
        for some in ((numbers & considering) if considers else (numbers - considering),)
    ]
    counts.append((None, False, len(numbers & index.pointing("strongest", [""]))))
    return tuple(each for each in counts if each[2])
