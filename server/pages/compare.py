"""Recommendations side by side, or those of several themes, actors, groups, meetings, articles or documents: under each
heading what each of them has, what tells them apart, and what all have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode
from pyroaring import BitMap

from server.pages.exports import SUGGESTED, Listed, files_of
from server.pages.judged import basis_of, in_words, is_judged, judgements_behind, judgements_of, with_reviews
from server.pages.marks import read_directives, with_directives, with_findings
from server.pages.page import Page, Questions
from server.pages.recommendations import matches
from server.pages.selection import FILTERS, SIDE_BY_SIDE, Selection, having, label_of, passing, value_of
from server.pages.values import (
    STRONGEST,
    Link,
    View,
    grouped,
    language,
    lines_of,
    only_considering,
    standing,
    text,
    things,
)
from server.web.errors import BadRequest
from server.web.request import Exchange

LONGEST = 100
"""How many recommendations a column lists."""
WAYS = (("cited", "Cites", "text"), ("theme", "Themes", "suggested"), ("group", "Groups named", "rules"))
"""Ways in which a recommendation points to things, with their heading and where they come from."""


def compare_page(selection: Selection, exchange: Exchange) -> Page:
    """The comparison that an address names: ``of=NAME/24&of=NAME/27``, or several values of one filter. Raises
    `BadRequest` for more than fit beside each other."""
    ask, name = Questions(exchange), _compared(selection)
    if len(selection.items) > SIDE_BY_SIDE or (name and len(selection.chosen[name]) > SIDE_BY_SIDE):
        raise BadRequest(f"Up to {SIDE_BY_SIDE} stand side by side; choose fewer.")
    columns, listings, differing = _side_by_side(selection, name, ask)
    total = sum(listing.total for listing in listings) or len(columns)
    heads = [column.head.label for column in columns] or [listing.head.label for listing in listings]
    return ask.page(
        "compare.html",
        "compare",
        f"Compare: {', '.join(heads)}" if heads else "Compare",
        "Recommendations side by side, with what they share and in what they differ.",
        indexed=False,
        columns=columns,
        listings=listings,
        differing=differing,
        filter=FILTERS.get(name, ""),
        judged=bool(listings) and is_judged(selection),
        list_of_all=selection.href(exchange) if heads else "",
        files=files_of(selection.href(exchange, "compare"), total),
        address=exchange.urls.absolute(selection.href(exchange, "compare")),
    )


def compared(selection: Selection, exchange: Exchange) -> tuple[str, list[Listed]]:
    """A comparison as it stands in a file: its title, and its recommendations with what tells them apart."""
    name = _compared(selection)
    columns, listings, differing = _side_by_side(selection, name, Questions(exchange))
    if columns:
        listed = [Listed(column.line, "", _facts(at, column, differing, exchange)) for at, column in enumerate(columns)]
        return f"Compare: {', '.join(column.head.label for column in columns)}", listed
    kept = []
    for listing in listings:
        for row in listing.rows:
            facts = [("only here", "yes" if row.alone else "no"), *[(SUGGESTED, row.whose)] * is_judged(selection)]
            kept.append(Listed(row.line, listing.head.label, tuple(facts), row.whose))
    basis = basis_of(name, selection.basis, exchange.snapshot.index)
    return f"Compare: {', '.join(listing.head.label for listing in listings)}{basis}", kept


def _side_by_side(selection: Selection, name: str, ask: Questions) -> tuple[list[View], list[View], list[View]]:
    """Recommendations as columns, or else a list of those that have each value, and what tells them apart."""
    if selection.items:
        return _columns(selection, ask)
    if not name:
        return [], [], []
    sets = _members(selection, name, ask.exchange)
    listings = [_listing(at, sets, selection, name, ask) for at in range(len(sets))]
    return [], listings, differences(of_sets(sets, {name: selection.chosen[name]}, ask.exchange))


def _asks(column: View) -> str:
    """What a recommendation asks its addressees to do, and how strongly, in one line."""
    return "; ".join(
        f"{directive.operative or directive.modality.label}"
        f" ({f'{directive.force} of {STRONGEST}' if directive.force else 'not on the scale'}"
        f"{', only to consider' if directive.consider_only else ''})"
        f": {' and '.join(actor.label for actor in directive.addressees) or 'nobody named'}"
        for directive in column.directives
    )


def _facts(at: int, column: View, differing: Sequence[View], exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """The values in one column of the page, for files."""
    share = f" ({standing(exchange.snapshot.index.reviewed)})"
    named = (
        (
            f"{each.heading.lower()}{share * (each.origin == 'suggested')}",
            "; ".join(
                f"{to.label} ({to.note})" if to.note else to.label for to in (its.link for its in each.cells[at])
            ),
        )
        for each in differing
        if each.heading not in ("Strength", "Operative words", "Addressees")
    )
    apart = ", ".join(each.heading.lower() for each in differing if not each.same)
    return (("asks", _asks(column)), *named, ("differs in", apart))


def _compared(selection: Selection) -> str:
    """The filter whose values are compared: the first with several."""
    return next((name for name in FILTERS if len(selection.chosen.get(name, ())) > 1), "")


def _columns(selection: Selection, ask: Questions) -> tuple[list[View], list[View], list[View]]:
    """The recommendations side by side, each with its marked words and what it asks, and what tells them apart."""
    exchange, urls = ask.exchange, ask.exchange.urls
    lines = lines_of(selection.numbers, exchange)
    columns, subjects = [], []
    for line, item in zip(lines, selection.items, strict=True):
        about = NamedNode(line.iri)
        subjects.append(grouped(ask.rows("paragraph-subjects", paragraph=about), "way"))
        directives = read_directives(ask.rows("paragraph-directives", paragraph=about), urls)
        own = grouped(ask.rows("paragraph-mentions", paragraph=about), "source")[line.iri]
        first = ask.first("paragraph", paragraph=about)
        columns.append(
            View(
                head=Link(line.href, line.label),
                line=line,
                language=language(first, "text"),
                pieces=with_findings(text(first, "text"), directives, own, urls),
                directives=directives,
                without=selection.without_item(item).href(exchange, "compare") if len(selection.items) > 1 else "",
            )
        )
    judged = judgements_of(selection.numbers, exchange)
    reviews = [
        {each.about.href: each.standing for _, each in judged.get(line.id, ()) if each.reviewers} for line in lines
    ]
    headed = of_directives([column.directives for column in columns])
    for way, heading, origin in WAYS:
        pointed = [things(of[way], "subject", "label", urls) for of in subjects]
        cells = [
            [_thing(to._replace(note=review.get(to.href, ""))) for to in links]
            for links, review in zip(pointed, reviews, strict=True)
        ]
        headed.append((heading, origin, cells))
    return columns, [], differences(headed) if len(columns) > 1 else []


def _members(selection: Selection, name: str, exchange: Exchange) -> list[tuple[BitMap, Selection]]:
    """The recommendations of each value, with the selection that lists them."""
    index = exchange.snapshot.index
    rest = passing(selection, index, matches(selection, index), leaving_out=name)
    alone = {value: replace(selection, chosen={**selection.chosen, name: (value,)}) for value in selection.chosen[name]}
    return [(rest & having(own, index, name, (value,)), own) for value, own in alone.items()]


def _listing(
    at: int, sets: Sequence[tuple[BitMap, Selection]], selection: Selection, name: str, ask: Questions
) -> View:
    """The recommendations of the value at a place: which, whose judgement put them there, and which only this one has
    (``alone``)."""
    exchange, (own, alone) = ask.exchange, sets[at]
    shared = BitMap.union(BitMap(), *(members for other, (members, _) in enumerate(sets) if other != at))
    behind = judgements_behind(alone, own[:LONGEST], exchange)
    lines = with_reviews(lines_of(own[:LONGEST], exchange), behind)
    pieces = with_directives(lines, ask)
    value = value_of(name, selection.chosen[name][at], exchange)[1]
    return View(
        head=Link(alone.href(exchange), label_of(name, value)),
        total=len(own),
        rows=[
            View(
                line=each, pieces=pieces[each.iri], alone=each.id not in shared, whose=in_words(behind.get(each.id, ()))
            )
            for each in lines
        ],
    )


ASPECTS = (
    ("modality", "Operative words", "rules"),
    ("addressee", "Addressees", "rules"),
    ("asked", "Who is to be asked", "rules"),
    ("action", "Actions", "rules"),
    ("qualifier", "Qualifying phrases", "rules"),
    ("instrument cited", "Instruments cited", "text"),
    ("article cited", "Articles cited", "text"),
    ("article related", "Related articles", "suggested"),
    ("theme", "Themes", "suggested"),
    ("group", "Groups named", "rules"),
)
"""What the index knows of recommendations, with a heading and where it comes from."""


_PARTS: tuple[tuple[str, Callable[[View], Sequence[Link]]], ...] = (
    ("Operative words", lambda each: [Link(each.modality.href, each.operative or each.modality.label)]),
    ("Addressees", lambda each: each.addressees),
    ("Who is to be asked", lambda each: each.asked),
    ("Actions", lambda each: each.actions),
    ("Who is asked is to", lambda each: each.asked_actions),
    ("Qualifying phrases", lambda each: each.qualifiers),
)
"""What a directive has, with the heading under which it is compared."""


Rows = list[tuple[str, str, Sequence[Sequence[View]]]]
"""Headings, where what stands under them comes from, and what each has."""


def _thing(link: Link, count: int = 0) -> View:
    """Something that one of them has, and whether all have it, which `differences` finds out; of a set, how many of its
    recommendations have it."""
    return View(link=link, count=count, shared=False, is_strength=False, force=None, considers=False)


def _strength(force: int | None, *, considers: bool, count: int = 0, href: str = "") -> View:
    """A strength, which has no words; ``force`` is None where it is not on the scale."""
    return View(link=Link(href, ""), count=count, shared=False, is_strength=True, force=force, considers=considers)


def differences(headed: Rows) -> list[View]:
    """What differs, and then what is the same in each; headings under which nobody has anything are left out."""
    made = []
    for heading, origin, cells in headed:
        counts = [{_key(thing): thing.count for thing in cell} for cell in cells]
        having = Counter(key for count in counts for key in count)
        for thing in (thing for cell in cells for thing in cell):
            thing.shared = having[_key(thing)] == len(cells)
        if having:
            same = all(each == counts[0] for each in counts)
            made.append(View(heading=heading, origin=origin, cells=cells, same=same))
    return sorted(made, key=lambda each: each.same)


def _key(thing: View) -> tuple[str, int | None, bool]:
    return (thing.link.label, thing.force, thing.considers)


def of_directives(asked: Sequence[Sequence[View]]) -> Rows:
    """What the directives of each recommendation have: strength, operative words, addressees, actions, qualifiers."""
    rows: Rows = [("Strength", "rules", [_strengths_of(each) for each in asked])]
    for heading, links_of in _PARTS:
        cells = [dict.fromkeys(link for each in directives for link in links_of(each)) for directives in asked]
        rows.append((heading, "rules", [[_thing(link) for link in cell] for cell in cells]))
    return rows


def _strengths_of(directives: Sequence[View]) -> list[View]:
    strengths = dict.fromkeys((each.force, each.consider_only) for each in directives)
    return [_strength(force, considers=considers) for force, considers in strengths]


def of_sets(
    sets: Sequence[tuple[BitMap, Selection]], compared: Mapping[str, Collection[str]], exchange: Exchange
) -> Rows:
    """What the recommendations of each set have, the most frequent first; each has the selection that lists it.
    ``compared`` are the values by which they are told apart, which are not listed again."""
    rows: Rows = [("Strength", "rules", [strengths(own, selection, exchange) for own, selection in sets])]
    for name, heading, origin in ASPECTS:
        passed_over = compared.get(name.partition(" ")[0], ())
        cells = [_having(name, passed_over, own, selection, exchange) for own, selection in sets]
        rows.append((heading, origin, cells))
    return rows


def _having(
    name: str, passed_over: Collection[str], own: BitMap, selection: Selection, exchange: Exchange
) -> list[View]:
    """The values of a filter that recommendations of a set have, each with the list of those."""
    filter_, _, basis = name.partition(" ")
    things = []
    for value in exchange.snapshot.index.values(name).values():
        # Of actions the narrow values are told, verbs; of the others the wide ones.
        is_listed = value.narrow == (name == "action") and value.slug not in passed_over
        if is_listed and (count := value.members.intersection_cardinality(own)):
            chosen = {**selection.chosen, filter_: (*selection.chosen.get(filter_, ()), value.slug)}
            every = (*selection.every, filter_)[: len(selection.every) + (len(chosen[filter_]) > 1)]
            narrowed = replace(selection, chosen=chosen, basis=basis or selection.basis, every=every)
            things.append(_thing(Link(narrowed.href(exchange), label_of(filter_, value)), count))
    return sorted(things, key=lambda each: -each.count)


def strengths(own: BitMap, selection: Selection, exchange: Exchange) -> list[View]:
    """How many recommendations of a set have each strength, that of their strongest directive; those all of whose
    directives ask only to consider are counted apart. A strength leads to a list where filters tell just those."""
    index = exchange.snapshot.index
    considering = only_considering(index)
    levels = []
    for considers in (False, True):
        for force in range(STRONGEST, 0, -1):
            some = index.pointing("strongest", [str(force)]) & own
            some = some & considering if considers else some - considering
            filters = {"strength": str(force), "consider": str(considers).lower()}
            listed = BitMap.intersection(own, *(index.with_value(name, slug) for name, slug in filters.items()))
            chosen = {**selection.chosen, **{name: (slug,) for name, slug in filters.items()}}
            href = replace(selection, chosen=chosen).href(exchange) if listed == some else ""
            if some:
                levels.append(_strength(force, considers=considers, count=len(some), href=href))
    if beside := own & index.pointing("strongest", [""]):
        levels.append(_strength(None, considers=False, count=len(beside)))
    return levels
