"""Candidates for a name or a citation. Sure is only what alone has exactly that name, or alone is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from server.pages.references import cited
from server.pages.search import entries
from server.reconciliation.things import TYPES, Names, Register, Thing, comparable, values, written
from server.web.request import Exchange

EXACT, SEVERAL, SIMILAR = 100.0, 90.0, 80.0
"""The score of the only thing of a name; of each of several; and the most that a similar name is worth."""
DISAGREES = 0.5
"""What of its score a thing keeps whose properties are not those that are asked for."""
FOUND = 25
"""How many things of a search are compared with a name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a thing should have: of some values of a property, by prefixed name, one (``any``), ``all`` or ``none``. A
    ``required`` one excludes what does not have it; any other lowers its score."""

    property: str
    values: tuple[str, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a batch."""

    text: str
    types: tuple[str, ...] = ()
    limit: int = 5
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant, how likely on a scale to 100, and whether there is no doubt."""

    thing: Thing
    score: float
    match: bool = False


async def candidates(query: Query, register: Register, exchange: Exchange) -> list[Candidate]:
    """What a query may mean, likeliest first; where there is no doubt, that alone."""
    names = await register.names(exchange)
    exact, sure = await exactly(query, register, exchange)
    exact = [thing for thing in exact if await _fits(thing, query, exchange)]
    agreeing = {thing.id for thing in exact if await _agrees(thing, query.conditions, exchange)}
    if sure and len(agreeing) == 1:
        return [Candidate(thing, EXACT, match=True) for thing in exact if thing.id in agreeing]
    ranked = [Candidate(thing, SEVERAL * (1 if thing.id in agreeing else DISAGREES)) for thing in exact]
    taken = {thing.id for thing in exact}
    for thing in similar(query.text, query.types, names, exchange):
        if thing.id not in taken and await _fits(thing, query, exchange):
            agrees = await _agrees(thing, query.conditions, exchange)
            score = SIMILAR * likeness(query.text, thing) * (1 if agrees else DISAGREES)
            ranked.append(Candidate(thing, round(score, 1)))
    return sorted(ranked, key=lambda candidate: -candidate.score)[: query.limit]


async def exactly(query: Query, register: Register, exchange: Exchange) -> tuple[list[Thing], bool]:
    """What has the name, the identifier or the place that is asked for, and whether there can be no other."""
    names = await register.names(exchange)
    itself = await register.thing(query.text, exchange) if "/" in query.text else None
    if itself is not None:
        return [itself] if itself.is_a(query.types) else [], True
    called = [thing for thing in names.called(query.text) if thing.is_a(query.types)]
    if called:
        return called, True
    start = f"{exchange.snapshot.base.iri}id/"
    places = await cited(query.text, exchange, everywhere=True)
    things = [
        names.things.get(id_) or Thing(id_, to.label, meaning=to.title)
        for id_, to in ((to.iri.removeprefix(start), to) for to in places)
    ]
    return [thing for thing in things if thing.is_a(query.types)], all(to.sure for to in places)


def similar(
    words: str, types: Sequence[str], names: Names, exchange: Exchange, *, unfinished: bool = False
) -> list[Thing]:
    """The things of these types that a search for the words finds."""
    start = f"{exchange.snapshot.base.iri}id/"
    wanted = {name for of in types or TYPES for name in (of, *TYPES[of].narrower)} - ({"Paragraph"} - set(types))
    kinds = [TYPES[name].kind for name in TYPES if name in wanted and TYPES[name].kind]
    things = []
    if kinds:
        for iri, label in entries(words, exchange, kinds, FOUND, unfinished=unfinished):
            id_ = iri.removeprefix(start)
            things.append(names.things.get(id_) or Thing(id_, label))
    if "Document" in wanted:
        things += names.documents_with(words)
    return things


def likeness(words: str, thing: Thing) -> float:
    """How like the likest of its names is, to 1."""
    matcher = SequenceMatcher(b=comparable(words), autojunk=False)
    best = 0.0
    for name in (thing.label, *thing.names):
        matcher.set_seq1(comparable(name))
        best = max(best, matcher.ratio())
    return best


def begins(words: str, thing: Thing) -> int:
    """2 where a name of the thing begins with the words, 1 where a word of a name does, else 0."""
    sought = comparable(words)
    names = [comparable(name) for name in (thing.label, *thing.names)]
    return 2 if any(name.startswith(sought) for name in names) else int(any(f" {sought}" in name for name in names))


async def _fits(thing: Thing, query: Query, exchange: Exchange) -> bool:
    return await _agrees(thing, [each for each in query.conditions if each.required], exchange)


async def _agrees(thing: Thing, conditions: Sequence[Condition], exchange: Exchange) -> bool:
    """Whether a thing has the values that are asked for."""
    if not conditions:
        return True
    known = await values(thing, exchange)
    base = exchange.snapshot.base.iri
    for condition in conditions:
        has = {
            comparable(str(each))
            for value, label in known.get(condition.property, ())
            for each in (value.value, *written(value, label, base).values())
        }
        wanted = {comparable(each.removeprefix(f"{base}id/")) for each in condition.values}
        met = {"all": wanted <= has, "none": has.isdisjoint(wanted)}
        if not met.get(condition.quantifier, not has.isdisjoint(wanted)):
            return False
    return True
