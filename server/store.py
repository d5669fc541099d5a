"""The store of our own questions: named queries of the catalogue, run over all graphs at once.

A page never holds SPARQL; it names a query and binds its parameters. `EmbeddedStore` runs them in the process, on the
event loop: they are bounded and short. Strangers' queries never come here (`server/sparql`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Protocol, cast

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

from queries.binding import Term, bind
from queries.catalogue import Catalogue
from server.knowledge import Known, known_by_patterns
from server.snapshot import Snapshot, SnapshotError

Row = dict[str, Term]
KEPT_ROWS = 20
KEPT_ANSWERS = 2_000


class Store(Protocol):
    """Answers named queries. Bindings name a query's variables; a name the catalogue lacks raises `KeyError`."""

    async def select(self, name: str, **bindings: Term) -> list[Row]:
        """The rows of a SELECT query; unbound variables are absent from a row."""

    async def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query, each once."""

    async def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query."""

    async def known(self, resource: NamedNode) -> Known:
        """What is known of a thing, for its description: the same from every store."""


class EmbeddedStore:
    """The store of a snapshot, in this process. It keeps the rows of small answers, for the snapshot never changes;
    whoever gets rows must not change them. ``counted`` hears the name of every question."""

    __slots__ = ("_base", "_catalogue", "_counted", "_kept", "_names", "_store")

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], None]) -> None:
        if snapshot.store is None:
            raise SnapshotError(f"{snapshot.folder} was opened without its store.")
        self._store = snapshot.store
        self._base = snapshot.base.iri
        self._names = snapshot.names
        self._catalogue = catalogue
        self._counted = counted
        self._kept: OrderedDict[tuple[object, ...], list[Row]] = OrderedDict()

    async def select(self, name: str, **bindings: Term) -> list[Row]:
        """The rows of a SELECT query, as in `Store`."""
        self._counted(name)
        key = (name, *bindings.items())
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return list(kept)
        found = cast(QuerySolutions, self._run(name, bindings))
        columns = [(variable.value, index) for index, variable in enumerate(found.variables)]
        rows = [
            bindings
            | {column: cast(Term, value) for column, index in columns if (value := solution[index]) is not None}
            for solution in found
        ]
        if len(rows) <= KEPT_ROWS:
            self._kept[key] = rows
            if len(self._kept) > KEPT_ANSWERS:
                self._kept.popitem(last=False)
        return list(rows)

    async def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query, as in `Store`."""
        self._counted(name)
        return list(dict.fromkeys(cast(Iterable[Triple], self._run(name, bindings))))

    async def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query, as in `Store`."""
        self._counted(name)
        return bool(self._run(name, bindings))

    async def known(self, resource: NamedNode) -> Known:
        """What is known of a thing, as in `Store`."""
        return known_by_patterns(self._store, self._names, resource)

    def _run(self, name: str, bindings: dict[str, Term]) -> QuerySolutions | QueryBoolean | QueryTriples:
        text = bind(self._catalogue[name].text, bindings)
        return self._store.query(text, base_iri=self._base, use_default_graph_as_union=True)
