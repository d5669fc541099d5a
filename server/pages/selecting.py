"""A selection of recommendations: read from an address, applied to facts, and written as an address or as a query."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from queries.catalogue import Query
from server.pages.facts import Facts
from server.web.errors import BadRequest
from server.web.exchange import Exchange

FILTERS = {
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
BASES = {"both": "cited or related", "cited": "cited in the text", "related": "related by editors"}
SORTS = {"number": "by number", "strength": "strongest first", "relevance": "best match first"}
_MOST_VALUES, _MOST_COMBINATIONS = 100, 1_000
_BLOCK = re.compile(r"^  # filter: (.+?)\n(.*?)^  # end\n", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"^# The page of recommendations.*?(?=^PREFIX)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen values by filter (one of them is enough within a filter, all filters must hold), a basis for articles and
    instruments, words, and an order."""

    chosen: Mapping[str, tuple[str, ...]]
    basis: str
    words: str
    sort: str

    def names(self, name: str) -> tuple[str, ...]:
        """The names under which facts hold a filter: articles and instruments are told apart by basis."""
        if name not in ("article", "instrument"):
            return (name,)
        return tuple(f"{name} {way}" for way in (("cited", "related") if self.basis == "both" else (self.basis,)))

    def toggled(self, name: str, slug: str) -> Selection:
        """The selection with a value added, or taken away where it was chosen."""
        values = self.chosen.get(name, ())
        changed = tuple(value for value in values if value != slug) if slug in values else (*values, slug)
        return replace(self, chosen={**self.chosen, name: changed})

    def without_words(self) -> Selection:
        """The selection without its words."""
        return replace(self, words="", sort="number" if self.sort == "relevance" else self.sort)

    def pairs(self) -> list[tuple[str, str]]:
        """The selection as the pairs of a query string; what is the default is left out."""
        pairs = [(name, value) for name in FILTERS for value in self.chosen.get(name, ())]
        pairs += [("basis", self.basis)] * (self.basis != "both") + [("q", self.words)] * bool(self.words)
        return pairs + [("sort", self.sort)] * (self.sort != "number")

    def href(self, exchange: Exchange, path: str = "recommendations") -> str:
        """The address of the selection."""
        pairs = self.pairs()
        return exchange.urls.path(path) + (f"?{urlencode(pairs)}" if pairs else "")


def read_selection(given: Callable[[str], Sequence[str]]) -> Selection:
    """The selection in an address; ``given`` returns all values of a name. Raises `BadRequest` for a bad choice."""
    basis, sort = (next(iter(given(name)), "") for name in ("basis", "sort"))
    words = " ".join(next(iter(given("q")), "").split())
    for value, known, what in ((basis, BASES, "basis"), (sort, SORTS, "sort")):
        if value and value not in known:
            raise BadRequest(f"“{what}” is one of {', '.join(known)}.")
    chosen = {name: tuple(dict.fromkeys(filter(None, given(name)))) for name in FILTERS}
    sizes = [len(values) for values in chosen.values() if values]
    if sum(sizes) > _MOST_VALUES or math.prod(sizes) > _MOST_COMBINATIONS:
        raise BadRequest("These are more values at once than a selection, or its query, can hold; choose fewer.")
    return Selection(chosen, basis or "both", words[:500], sort or "number")


def passing(selection: Selection, facts: Facts, found: Iterable[str] | None, leaving_out: str = "") -> frozenset[str]:
    """The recommendations that pass every filter but one that is left out. ``found`` are those that have the words."""
    remaining = frozenset(facts.lines) if found is None else frozenset(facts.lines) & frozenset(found)
    for name in FILTERS:
        values = selection.chosen.get(name, ())
        if values and name != leaving_out:
            remaining &= having(selection, facts, name, values)
    return remaining


def having(selection: Selection, facts: Facts, name: str, values: Iterable[str]) -> frozenset[str]:
    """The recommendations with one of the values of a filter."""
    pairs = itertools.product(selection.names(name), values)
    return frozenset().union(*(facts.with_value(known, value) for known, value in pairs))


def as_query(
    selection: Selection, facts: Facts, query: Query, exchange: Exchange, found: Iterable[str] | None = None
) -> str:
    """The selection as a query: the blocks of ``selection.rq`` that are in use, and the values in a last line.

    SPARQL has no full-text search, so words become the recommendations that were ``found`` to have them.
    """
    in_use: dict[str, list[str]] = {}
    for name in FILTERS:
        known = (_term(facts, name, slug) for slug in selection.chosen.get(name, ()))
        terms = [term for term in known if term]
        if terms:
            in_use[name] = terms
    if found is not None:
        in_use["recommendation"] = [str(NamedNode(iri)) for iri in found]
    told_apart = () if selection.basis == "both" else ("article", "instrument")
    blocks = {f"{name} {selection.basis}" if name in told_apart else name for name in in_use}
    body = _BLOCK.sub(lambda found: found[2] if found[1] in blocks else "", query.absolute(exchange.snapshot.base))
    text = _NOTE.sub("", body).rstrip()
    if not in_use:
        return text + "\n"
    rows = "\n".join(f"  ({' '.join(row)})" for row in itertools.product(*in_use.values()))
    return f"{text}\nVALUES ({' '.join(f'?{name}' for name in in_use)}) {{\n{rows}\n}}\n"


def _term(facts: Facts, name: str, slug: str) -> str:
    for known in (name, f"{name} cited", f"{name} related"):
        if slug in facts.values.get(known, {}):
            return facts.values[known][slug].term
    return ""
