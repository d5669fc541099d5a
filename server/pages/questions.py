"""The questions of one page: named queries, asked of the store and remembered, so that the page can show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from queries.binding import bind
from queries.catalogue import Query
from server.store import Row
from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A query behind a page: its title, what a row is, its text as anybody can run it, and a link that opens it."""

    name: str
    title: str
    row: str
    text: str
    href: str


class Questions:
    """Asks named queries for one page. ``asked`` is in the order of asking, each query once."""

    __slots__ = ("_asked", "exchange")

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._asked: dict[str, AskedQuery] = {}

    async def rows(self, name: str, **bindings: NamedNode | Literal) -> list[Row]:
        """The rows of a query. Raises `KeyError` for a name that is not in the catalogue."""
        query = self.exchange.services.catalogue[name]
        self._asked.setdefault(name, self._shown(query, bindings))
        return await self.exchange.store.select(name, **bindings)

    async def first(self, name: str, **bindings: NamedNode | Literal) -> Row:
        """The first row of a query, or an empty one."""
        found = await self.rows(name, **bindings)
        return found[0] if found else {}

    def remember(self, query: Query, bindings: Mapping[str, NamedNode | Literal]) -> None:
        """Has the page show a query whose answer was at hand already."""
        self._asked.setdefault(query.name, self._shown(query, bindings))

    @property
    def asked(self) -> tuple[AskedQuery, ...]:
        """The queries behind the page."""
        return tuple(self._asked.values())

    def _shown(self, query: Query, bindings: Mapping[str, NamedNode | Literal]) -> AskedQuery:
        text = bound_text(query, bindings, self.exchange)
        return AskedQuery(query.name, query.title, query.row, text, editor_href(text, self.exchange))


def bound_text(query: Query, bindings: Mapping[str, NamedNode | Literal], exchange: Exchange) -> str:
    """The query as it ran and as anybody can run it: prefixes absolute, values of its parameters in their places."""
    return bind(query.absolute(exchange.snapshot.base), bindings).rstrip() + "\n"


def editor_href(text: str, exchange: Exchange) -> str:
    """The address of the query page with this query in its field, not yet run."""
    return exchange.urls.path("editor", query={"query": text})
