"""What tells things apart that stand side by side: under each heading what each of them has, and what all have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from server.pages.lines import only_considering
from server.pages.marks import Directive
from server.pages.selection import Selection, label_of
from server.pages.values import STRONGEST, Link
from server.web.request import Exchange

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
IN_DETAIL = ("action",)
"""Aspects of which the narrow values are told, verbs; of the others the wide ones."""


_PARTS: tuple[tuple[str, Callable[[Directive], Sequence[Link]]], ...] = (
    ("Operative words", lambda each: [Link(each.modality.href, each.operative or each.modality.label)]),
    ("Addressees", lambda each: each.addressees),
    ("Who is to be asked", lambda each: each.asked),
    ("Actions", lambda each: each.actions),
    ("Who is asked is to", lambda each: each.asked_actions),
    ("Qualifying phrases", lambda each: each.qualifiers),
)
"""What a directive has, with the heading under which it is compared."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that one of them has, and whether all have it; of a set, how many of its recommendations have it. A
    strength has no words: ``force`` is None where it is not on the scale."""

    link: Link
    count: int = 0
    shared: bool = False
    is_strength: bool = False
    force: int | None = None
    considers: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A heading with what each has under it; ``same`` when each has the same."""

    heading: str
    origin: str
    cells: tuple[tuple[Thing, ...], ...]
    same: bool


Rows = list[tuple[str, str, Sequence[Sequence[Thing]]]]
"""Headings, where what stands under them comes from, and what each has."""


def differences(headed: Rows) -> tuple[Difference, ...]:
    """What differs, and then what is the same; headings under which nobody has anything are left out."""
    made = [_difference(heading, origin, cells) for heading, origin, cells in headed if any(cells)]
    return tuple(sorted(made, key=lambda each: each.same))


def _difference(heading: str, origin: str, cells: Sequence[Sequence[Thing]]) -> Difference:
    having = Counter(key for cell in cells for key in {_key(thing) for thing in cell})
    told = tuple(tuple(replace(each, shared=having[_key(each)] == len(cells)) for each in cell) for cell in cells)
    counts = [{_key(thing): thing.count for thing in cell} for cell in cells]
    return Difference(heading, origin, told, all(each == counts[0] for each in counts))


def _key(thing: Thing) -> tuple[str, int | None, bool]:
    return (thing.link.label, thing.force, thing.considers)


def of_directives(asked: Sequence[Sequence[Directive]]) -> Rows:
    """What the directives of each recommendation have: strength, operative words, addressees, actions, qualifiers."""
    rows: Rows = [("Strength", "rules", [_strengths_of(each) for each in asked])]
    for heading, links_of in _PARTS:
        cells = [dict.fromkeys(link for each in directives for link in links_of(each)) for directives in asked]
        rows.append((heading, "rules", [[Thing(link) for link in cell] for cell in cells]))
    return rows


def _strengths_of(directives: Sequence[Directive]) -> list[Thing]:
    strengths = dict.fromkeys((each.force, each.consider_only) for each in directives)
    return [Thing(Link("", ""), 0, False, True, force, considers) for force, considers in strengths]


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
) -> list[Thing]:
    """The values of a filter that recommendations of a set have, each with the list of those."""
    filter_, _, basis = name.partition(" ")
    things = []
    for value in exchange.snapshot.index.values(name).values():
        told = value.narrow == (name in IN_DETAIL) and value.slug not in passed_over
        if told and (count := value.members.intersection_cardinality(own)):
            chosen = {**selection.chosen, filter_: (*selection.chosen.get(filter_, ()), value.slug)}
            every = (*selection.every, filter_)[: len(selection.every) + (len(chosen[filter_]) > 1)]
            narrowed = replace(selection, chosen=chosen, basis=basis or selection.basis, every=every)
            things.append(Thing(Link(narrowed.href(exchange), label_of(filter_, value)), count))
    return sorted(things, key=lambda each: -each.count)


def strengths(own: BitMap, selection: Selection, exchange: Exchange) -> list[Thing]:
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
                levels.append(Thing(Link(href, ""), len(some), False, True, force, considers))
    if beside := own & index.pointing("strongest", [""]):
        levels.append(Thing(Link("", ""), len(beside), False, True))
    return levels
