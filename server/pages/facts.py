"""What recommendations can be told apart by, read once a snapshot: for each filter who has which value."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.pages.index import natural
from server.pages.questions import Questions
from server.pages.values import node, text
from server.pages.views import Line, line
from server.store import Row
from server.web.exchange import Exchange

NARROW = " / "
"""Stands between a wider theme and a narrower one where the query gives their order."""
KEPT = 2
"""Snapshots whose facts are kept: the current one and the one before it."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter: what stands in addresses for it, its name, and its term as SPARQL writes it. A theme that
    is ``narrow`` counts in its wider one as well."""

    slug: str
    label: str
    term: str
    order: tuple[tuple[int, str], ...]
    narrow: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Lines by the IRI of their recommendation, values by filter and slug, and who has them."""

    lines: Mapping[str, Line]
    sections: Mapping[str, str]
    values: Mapping[str, Mapping[str, Value]]
    having: Mapping[str, Mapping[str, frozenset[str]]]

    def with_value(self, name: str, slug: str) -> frozenset[str]:
        """The recommendations that have a value of a filter."""
        return self.having.get(name, {}).get(slug, frozenset())


class FactsCache:
    """Facts by version and kind of address. A version never changes, so nothing here ever gets stale."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Facts] = OrderedDict()

    async def facts(self, ask: Questions) -> Facts:
        """The facts of the snapshot that a page asks; the page shows the queries either way."""
        exchange = ask.exchange
        key = exchange.snapshot.version + exchange.urls.home()
        if key in self._kept:
            for name in ("recommendation-lines", "recommendation-facts"):
                ask.remember(exchange.services.catalogue[name], {})
            return self._kept[key]
        rows, facts = await ask.rows("recommendation-lines"), await ask.rows("recommendation-facts")
        self._kept[key] = _read(rows, facts, exchange)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]


def _read(rows: list[Row], facts: list[Row], exchange: Exchange) -> Facts:
    values: dict[str, dict[str, Value]] = {}
    having: dict[str, dict[str, set[str]]] = {}
    for row in facts:
        name = text(row, "filter")
        slug = slug_of(row, name, exchange)
        if name not in values or slug not in values[name]:
            order = natural(text(row, "order") or text(row, "label"))
            values.setdefault(name, {})[slug] = Value(
                slug, text(row, "label"), str(row["value"]), order, NARROW in text(row, "order")
            )
        having.setdefault(name, {}).setdefault(slug, set()).add(text(row, "recommendation"))
    return Facts(
        {text(row, "recommendation"): line(row, exchange.urls) for row in rows},
        {text(row, "recommendation"): text(row, "sectionLabel") for row in rows},
        {name: dict(sorted(found.items(), key=lambda pair: pair[1].order)) for name, found in values.items()},
        {name: {slug: frozenset(who) for slug, who in found.items()} for name, found in having.items()},
    )


def slug_of(row: Row, name: str, exchange: Exchange) -> str:
    """What stands for a value in an address: ``III``, ``sea``, ``smuggling-protocol/article/16``, ``5``, ``true``."""
    value = row["value"]
    if not isinstance(value, NamedNode):
        return value.value
    path = exchange.snapshot.names.path(node(row, "value")).split("/")
    return "/".join(path[2:]) if name.startswith(("article", "instrument")) else path[-1]
