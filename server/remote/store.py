"""The store of our own questions when it is an engine elsewhere: `server.store.Store` over HTTP."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pyoxigraph import NamedNode, Triple

from ontology.versions import Version
from queries.catalogue import Catalogue
from server.knowledge import Known, known_by_queries
from server.remote.engine import Engine
from server.remote.failures import NotAnswered, ResultCut, StoreBroken
from server.remote.results import Row, Term
from server.remote.text import RemoteText, remote_text
from server.snapshot import Snapshot

KEPT_ROWS = 20
KEPT_ANSWERS = 2_000
_log = logging.getLogger("palermo.remote")
_Answer = TypeVar("_Answer")


class RemoteStore:
    """One version in an engine. It keeps the rows of small answers, for a version never changes; whoever gets rows must
    not change them. ``counted`` hears the name of every question. Raises the errors of `server.remote.failures`."""

    __slots__ = ("_catalogue", "_counted", "_engine", "_graphs", "_kept", "_version")

    def __init__(
        self, snapshot: Snapshot, catalogue: Catalogue, engine: Engine, counted: Callable[[str], None]
    ) -> None:
        self._counted = counted
        self._engine = engine
        self._catalogue = catalogue
        self._version = Version(snapshot.base, snapshot.version)
        self._graphs = frozenset(graph.value for graph in snapshot.graphs)
        self._kept: OrderedDict[tuple[object, ...], list[Row]] = OrderedDict()

    async def select(self, name: str, **bindings: Term) -> list[Row]:
        """The rows of a SELECT query, as in `server.store.Store`."""
        self._counted(name)
        key = (name, *bindings.items())
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return list(kept)
        found = await self._ask(name, bindings, self._engine.rows)
        rows = [row | bindings for row in found.rows]
        if len(rows) <= KEPT_ROWS:
            self._kept[key] = rows
            if len(self._kept) > KEPT_ANSWERS:
                self._kept.popitem(last=False)
        return list(rows)

    async def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query, as in `server.store.Store`."""
        self._counted(name)
        return await self._ask(name, bindings, self._engine.triples)

    async def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query, as in `server.store.Store`."""
        self._counted(name)
        return bool((await self._ask(name, bindings, self._engine.rows)).boolean)

    async def known(self, resource: NamedNode) -> Known:
        """What is known of a thing, as in `server.store.Store`."""
        return await known_by_queries(self, resource)

    async def _ask(
        self, name: str, bindings: dict[str, Term], read: Callable[[RemoteText], Awaitable[_Answer]]
    ) -> _Answer:
        await self._engine.stand_on(self._version)
        query = remote_text(self._catalogue[name].text, self._version, self._graphs, bindings)
        try:
            return await read(query)
        except NotAnswered as problem:
            _log.error("question refused by the store", extra={"query": name, "reason": str(problem)})
            raise StoreBroken(f"It does not understand the question '{name}'.") from problem
        except ResultCut as cut:
            _log.error("result cut by the store", extra={"query": name, "rows": cut.rows})
            raise StoreBroken(f"It ends results at {cut.rows:,} rows.") from cut
