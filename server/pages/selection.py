"""A selection of recommendations: its filters and their values, read from an address, applied to the index, and
written as an address or a query."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from pyroaring import BitMap

from ontology.terms import Term, boolean, integer
from ontology.words import natural
from queries.catalogue import Query, bind
from server.cache import kept_with
from server.page_index import Index, Value
from server.pages.citing import known_style
from server.pages.values import Link, View
from server.web.errors import BadRequest
from server.web.request import Exchange

FILTERS = {
    "document": "Document",
    "section": "Section",
    "meeting": "Meeting",
    "theme": "Theme",
    "strength": "Strength of a directive",
    "consider": "Only to consider, or to act",
    "addressee": "Addressed",
    "asked": "To be asked by the addressee",
    "actor": "Actor or tool named",
    "group": "Affected group",
    "action": "Action",
    "qualifier": "Qualifying phrase",
    "instrument": "Instrument",
    "article": "Article",
    "chapter": "Chapter as a whole",
    "modality": "Operative phrase",
}
PARAMETERS = (*FILTERS, "all", "basis", "q", "sort", "whole", "page", "of", "style")
"""The names in the address of a selection."""
BY_BASIS = ("article", "chapter", "instrument")
"""Filters that tell what the text cites from what is related to it."""
_PLACES = {
    "meeting": ("meeting",),
    "theme": ("theme",),
    "addressee": ("actor",),
    "asked": ("actor",),
    "actor": ("actor", "tool"),
    "group": ("group",),
    "action": ("action",),
    "qualifier": ("qualifier",),
    "instrument": ("instrument",),
    "article": ("instrument",),
    "chapter": ("instrument",),
    "modality": ("modality",),
}
_SCALE: dict[str, dict[str, Literal]] = {
    "strength": {str(force): integer(force) for force in range(1, 6)},
    "consider": {"true": boolean(True), "false": boolean(False)},
}


def value_of(name: str, slug: str, exchange: Exchange) -> tuple[str, Value]:
    """A value of a filter, with what stands for it in addresses; that of a section may leave out the only document
    that has it. The value may be one that no recommendation has. Raises `BadRequest` for one that there is not."""
    index = exchange.snapshot.index
    names = tuple(f"{name} {way}" for way in ("cited", "related")) if name in BY_BASIS else (name,)
    for known in names:
        if slug in index.values(known):
            return slug, index.values(known)[slug]
    if name == "section" and slug:
        ends = [value for other, value in index.values(name).items() if other.partition("/")[2] == slug]
        if len(ends) == 1:
            return ends[0].slug, ends[0]
    if slug in _SCALE.get(name, {}):
        return slug, Value(slug, slug, str(_SCALE[name][slug]), False, BitMap())
    for place in _PLACES.get(name, ()):
        iri = f"{exchange.snapshot.base.iri}id/{place}/{slug}"
        label = index.known(iri)
        if label is not None and (place != "instrument" or _part_of_treaty(slug) == name):
            return slug, Value(slug, label, str(NamedNode(iri)), False, BitMap())
    raise BadRequest(f"“{name}” has no value “{slug[:100]}”.")


def _part_of_treaty(slug: str) -> str:
    return next((part for part in ("article", "chapter") if f"/{part}/" in slug), "instrument")


def members(index: Index, names: tuple[str, ...], slug: str) -> BitMap:
    """The recommendations that have a value under one of the names of a filter."""
    first, *others = (index.with_value(name, slug) for name in names)
    return BitMap.union(first, *others) if others else first


def listed(index: Index, names: tuple[str, ...]) -> Mapping[str, Value]:
    """The values of a filter under all its names, in the order in which they are listed."""
    return index.values(names[0]) if len(names) == 1 else _listed_together(index, names)


@kept_with
def _listed_together(index: Index, names: tuple[str, ...]) -> Mapping[str, Value]:
    values = {
        slug: replace(value, members=members(index, names, slug))
        for name in names
        for slug, value in index.values(name).items()
    }
    return dict(sorted(values.items(), key=lambda pair: natural(pair[0] if "/" in pair[0] else pair[1].label)))


BASES = {"both": "cited or related", "cited": "cited in the text", "related": "related (suggested)"}
SORTS = {"number": "by number", "strength": "strongest first", "relevance": "best match first"}
_MOST_VALUES, _MOST_COMBINATIONS = 100, 1_000
MOST_ITEMS = 100
SIDE_BY_SIDE = 6
"""How many things or recommendations at most stand beside each other."""
_BLOCK = re.compile(r"^  # filter: (.+?)\n(.*?)^  # end\n", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"^# The page of recommendations.*?(?=^PREFIX)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen values by filter, a basis for articles and instruments, words, an order, and a page of the list.

    All filters must hold. Within a filter one of its values is enough, unless the filter is named in ``every``: then a
    recommendation must have all of them. ``whole`` names the filters whose long lists of values are shown whole.
    ``items`` are recommendations chosen one by one (``NAME/24``), a basket, and ``numbers``
    are theirs in the index: then no other is in the list. ``style`` is that of citations in files.
    """

    chosen: Mapping[str, tuple[str, ...]]
    basis: str = "both"
    words: str = ""
    sort: str = "number"
    every: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    page: int = 1
    items: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    style: str = ""

    def names(self, name: str) -> tuple[str, ...]:
        """The names under which the index holds a filter: articles and instruments are told apart by basis."""
        if name not in BY_BASIS:
            return (name,)
        return tuple(f"{name} {way}" for way in (("cited", "related") if self.basis == "both" else (self.basis,)))

    def toggled(self, name: str, slug: str) -> Selection:
        """The selection with a value added, or taken away where it was chosen."""
        values = self.chosen.get(name, ())
        changed = tuple(value for value in values if value != slug) if slug in values else (*values, slug)
        return replace(self, chosen={**self.chosen, name: changed}, page=1)

    def without_item(self, item: str) -> Selection:
        """The selection without one of those chosen one by one."""
        left = [pair for pair in zip(self.items, self.numbers, strict=True) if pair[0] != item]
        return replace(self, items=tuple(name for name, _ in left), numbers=tuple(at for _, at in left), page=1)

    def without_words(self) -> Selection:
        """The selection without its words."""
        return replace(self, words="", sort="number" if self.sort == "relevance" else self.sort, page=1)

    def needs_every(self, name: str) -> bool:
        """Whether all of several values of a filter must hold."""
        return name in self.every and len(self.chosen.get(name, ())) > 1

    def pairs(self, page: int = 0) -> list[tuple[str, str]]:
        """The selection, or another page of it, as the pairs of a query string; what is the default is left out."""
        chosen, page = self.chosen, page or self.page
        pairs = [(name, value) for name in FILTERS if name in chosen for value in chosen[name]]
        if self.every:
            pairs += [("all", name) for name in FILTERS if self.needs_every(name)]
        pairs += [("of", item) for item in self.items]
        if self.basis != "both":
            pairs.append(("basis", self.basis))
        if self.words:
            pairs.append(("q", self.words))
        if self.sort != "number":
            pairs.append(("sort", self.sort))
        pairs += [("whole", name) for name in self.whole]
        if self.style:
            pairs.append(("style", self.style))
        if page > 1:
            pairs.append(("page", str(page)))
        return pairs

    def href(self, exchange: Exchange, path: str = "recommendations", *, page: int = 0, as_one: bool = False) -> str:
        """The address of the selection, of another page of it, or of all its pages as one list."""
        pairs = (replace(self, page=1, whole=()) if as_one else self).pairs(page)
        return exchange.urls.path(path, pairs)


def read_selection(values_of: Callable[[str], Sequence[str]], exchange: Exchange) -> Selection:
    """The selection in an address; ``values_of`` returns all values of a name. Raises `BadRequest` for a bad choice."""
    basis, sort, page, style = (next(iter(values_of(name)), "") for name in ("basis", "sort", "page", "style"))
    words = " ".join(next(iter(values_of("q")), "").split())
    every, whole = tuple(filter(None, values_of("all"))), tuple(dict.fromkeys(filter(None, values_of("whole"))))
    choices = [(basis, BASES, "basis"), (sort, SORTS, "sort"), *((name, FILTERS, "all") for name in every)]
    if style:
        known_style(style)
    for value, known, what in (*choices, *((name, FILTERS, "whole") for name in whole)):
        if value and value not in known:
            raise BadRequest(f"“{what}” is one of {', '.join(known)}.")
    if page and not (page.isascii() and page.isdigit() and 0 < int(page[:10]) < 1_000_000):
        raise BadRequest("“page” is a number from 1 on.")
    chosen = {name: tuple(dict.fromkeys(filter(None, values_of(name)))) for name in FILTERS}
    sizes = [len(values) for values in chosen.values() if values]
    if sum(sizes) > _MOST_VALUES or math.prod(sizes) > _MOST_COMBINATIONS:
        raise BadRequest("These are more values at once than a selection, or its query, can hold; choose fewer.")
    items = tuple(dict.fromkeys(filter(None, values_of("of"))))
    if len(items) > MOST_ITEMS:
        raise BadRequest(f"A list chosen one by one has at most {MOST_ITEMS} recommendations.")
    numbers = tuple(number_of(item, exchange) for item in items)
    known_values = {
        name: tuple(dict.fromkeys(value_of(name, slug, exchange)[0] for slug in slugs))
        for name, slugs in chosen.items()
    }
    return Selection(
        known_values,
        basis or "both",
        words[:500],
        sort or "number",
        every,
        whole,
        int(page or 1),
        items,
        numbers,
        "" if style == exchange.services.settings.citation_style else style,
    )


def number_of(item: str, exchange: Exchange) -> int:
    """The number in the index of a recommendation chosen by itself, ``NAME/24``. Raises `BadRequest` for what is
    none."""
    document, _, paragraph = item.rpartition("/")
    index = exchange.snapshot.index
    number = index.number(f"{exchange.snapshot.base.iri}id/document/{document}/paragraph/{paragraph}")
    if number is None or number not in index.recommendations:
        example = f"{next(iter(index.values('document')), 'DOCUMENT')}/24"
        raise BadRequest(f"“of” has no recommendation “{item[:100]}”; one is written as {example}.")
    return number


def passing(selection: Selection, index: Index, matching: BitMap | None, leaving_out: str = "") -> BitMap:
    """The recommendations that pass every filter but one that is left out. ``matching`` have the words."""
    remaining = index.recommendations if matching is None else index.recommendations & matching
    if selection.items:
        remaining = remaining & BitMap(selection.numbers)
    for name in FILTERS:
        values = selection.chosen.get(name, ())
        if values and name != leaving_out:
            remaining = remaining & having(selection, index, name, values)
    return remaining


def having(selection: Selection, index: Index, name: str, values: Iterable[str]) -> BitMap:
    """The recommendations with one of the values of a filter, or with all of them where the selection needs that."""
    first, *others = (members(index, selection.names(name), value) for value in values)
    together = BitMap.intersection if selection.needs_every(name) else BitMap.union
    return together(first, *others) if others else first


def as_query(selection: Selection, query: Query, exchange: Exchange, iris: Iterable[str] | None = None) -> str:
    """The selection as a query: the blocks of ``selection.rq`` that are in use, with their values bound.

    SPARQL has no full-text search, so words become the recommendations that have them, ``iris``.
    """
    values: dict[str, Term | Sequence[Term]] = {}
    variables: dict[str, list[str]] = {}
    for name in FILTERS:
        terms = [_term(value_of(name, slug, exchange)[1].term) for slug in selection.chosen.get(name, ())]
        if selection.needs_every(name):
            variables[name] = [f"{name}{number}" for number in range(1, len(terms) + 1)]
            values |= dict(zip(variables[name], terms, strict=True))
        elif terms:
            variables[name], values[name] = [name], terms if len(terms) > 1 else terms[0]
    if selection.items:
        chosen = (item.rpartition("/") for item in selection.items)
        nodes = [exchange.snapshot.names.node(f"id/document/{name}/paragraph/{number}") for name, _, number in chosen]
        values["recommendation"] = nodes if iris is None else [node for node in nodes if node.value in set(iris)]
    elif iris is not None:
        values["recommendation"] = [NamedNode(iri) for iri in iris]

    def block(match: re.Match[str]) -> str:
        name, _, way = match[1].partition(" ")
        if way != ("" if selection.basis == "both" or name not in BY_BASIS else selection.basis):
            return ""
        return "".join(re.sub(rf"\?{name}\b", f"?{variable}", match[2]) for variable in variables.get(name, ()))

    text = _NOTE.sub("", _BLOCK.sub(block, query.absolute(exchange.snapshot.base)))
    return bind(text.rstrip() + "\n", values)


def _term(written: str) -> Term:
    """The term that stands in SPARQL."""
    return cast(Term, next(iter(parse(f"<s:> <p:> {written} .", RdfFormat.N_TRIPLES))).object)


LONG, FREQUENT, WHOLE = 80, 20, 1_000
"""A list of more values than the first is cut to the most frequent ones; asked for whole, it ends somewhere as well."""
SINGLE = ("document", "section", "meeting")
"""Filters of which a recommendation has one value."""
Counted = list[tuple[Value, int]]


def facet(name: str, selection: Selection, matched: BitMap | None, exchange: Exchange) -> View:
    """The filter with this name. Its counts follow all other filters, and its own where all chosen values must hold.

    ``origin`` says where its values come from. ``several`` offers to ask for all chosen values, which ``every`` says is
    done; ``more`` leads to the whole list where it is cut.
    """
    index, picked, every = exchange.snapshot.index, selection.chosen.get(name, ()), selection.needs_every(name)
    others = passing(selection, index, matched, leaving_out="" if every else name)
    names = selection.names(name)
    known = listed(index, names)
    counted = [(value, value.members.intersection_cardinality(others)) for value in known.values()]
    counted += [(value_of(name, slug, exchange)[1], 0) for slug in picked if slug not in known]
    counted = [(value, count) for value, count in counted if count or value.slug in picked]
    whole = name in selection.whole
    shown = _most_frequent(counted, WHOLE if whole else FREQUENT, picked) if whole or len(counted) > LONG else counted
    more = replace(selection, whole=(*selection.whole, name)).href(exchange)
    alone = name == "document" and index.documents == 1 and not picked
    return View(
        name=name,
        label=FILTERS[name],
        origin=_origin(name),
        choices=()
        if alone
        else tuple(
            View(slug=v.slug, label=label_of(name, v), count=n, chosen=v.slug in picked, narrow=v.narrow)
            for v, n in shown
        ),
        open=bool(picked) or name in ("section", "theme"),
        several=bool(picked) and name not in SINGLE,
        every=name in selection.every,
        more=Link(more, f"All {len(counted):,}") if len(shown) < len(counted) and not whole else None,
    )


def _most_frequent(counted: Counted, most: int, picked: Collection[str]) -> Counted:
    """The values with most recommendations and those that are chosen, in the order in which they are listed."""
    places = sorted(range(len(counted)), key=lambda place: -counted[place][1])[:most]
    kept = {*places, *(place for place, (value, _) in enumerate(counted) if value.slug in picked)}
    return [counted[place] for place in sorted(kept)]


def _origin(name: str) -> str:
    if name in SINGLE:
        return "text"
    return "suggested" if name == "theme" else "mixed" if name in BY_BASIS else "rules"


def label_of(name: str, value: Value) -> str:
    """The words for a value beside its box."""
    if name == "strength":
        return f"{value.slug} of 5"
    return f"{value.slug.rpartition('/')[2]}. {value.label}" if name == "section" else value.label
