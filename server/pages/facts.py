"""What recommendations can be told apart by: filters and their values, from the index of the snapshot."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode
from pyroaring import BitMap

from ontology.ordering import natural
from ontology.terms import boolean, integer
from server.counts.index import Index, Value
from server.web.errors import BadRequest
from server.web.exchange import Exchange

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
    "qualifier": "Qualifier",
    "instrument": "Instrument",
    "article": "Article",
    "modality": "Operative phrase",
}
BY_BASIS = ("article", "instrument")
"""Filters that tell what the text cites from what editors relate."""
_PLACES = {
    "meeting": ("meeting",),
    "theme": ("theme",),
    "addressee": ("actor",),
    "asked": ("actor",),
    "actor": ("actor", "tool"),
    "group": ("group",),
    "qualifier": ("qualifier",),
    "instrument": ("instrument",),
    "article": ("instrument",),
    "modality": ("modality",),
}
_SCALE: dict[str, dict[str, Literal]] = {
    "strength": {str(force): integer(force) for force in range(1, 6)},
    "consider": {"true": boolean(True), "false": boolean(False)},
}


def value_of(name: str, slug: str, exchange: Exchange) -> tuple[str, Value]:
    """A value of a filter, with what stands for it in addresses; that of a section may leave out the only document
    that has it. Nobody may have the value. Raises `BadRequest` for one that there is not."""
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
        if label is not None and (place != "instrument" or ("/article/" in slug) == (name == "article")):
            return slug, Value(slug, label, str(NamedNode(iri)), False, BitMap())
    raise BadRequest(f"“{name}” has no value “{slug[:100]}”.")


def members(index: Index, names: tuple[str, ...], slug: str) -> BitMap:
    """The recommendations that have a value under one of the names of a filter."""
    first, *others = (index.with_value(name, slug) for name in names)
    return BitMap.union(first, *others) if others else first


def listed(index: Index, names: tuple[str, ...]) -> Mapping[str, Value]:
    """The values of a filter under all its names, in the order in which they are listed."""
    if len(names) == 1:
        return index.values(names[0])
    found = {slug: value for name in names for slug, value in index.values(name).items()}
    return dict(sorted(found.items(), key=lambda pair: natural(pair[0] if "/" in pair[0] else pair[1].label)))
