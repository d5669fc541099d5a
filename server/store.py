"""The store of our own questions: named queries of the catalogue, run over all graphs at once.

A page never holds SPARQL; it names a query and binds its parameters. `EmbeddedStore` runs them in the process, on the
event loop: they are bounded and short. Strangers' queries never come here (`server/sparql`).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Protocol, cast

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

from queries.catalogue import Catalogue
from server.knowledge import Known, known_by_patterns
from server.remote.text import RESERVED, filled_text
from server.snapshot import Snapshot, SnapshotError

Term = NamedNode | Literal | BlankNode
Row = dict[str, Term]
KEPT_ROWS = 20
KEPT_ANSWERS = 2_000
_MARK = "urn:palermo:parameter:"
_MARKED = re.compile(f"<{_MARK}([0-9]+)>")


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

    __slots__ = ("_base", "_catalogue", "_counted", "_forms", "_kept", "_names", "_store")

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], None]) -> None:
        if snapshot.store is None:
            raise SnapshotError(f"{snapshot.folder} was opened without its store.")
        self._store = snapshot.store
        self._base = snapshot.base.iri
        self._names = snapshot.names
        self._catalogue = catalogue
        self._counted = counted
        self._kept: OrderedDict[tuple[object, ...], list[Row]] = OrderedDict()
        self._forms: dict[tuple[str, ...], tuple[str, ...]] = {}

    async def select(self, name: str, **bindings: Term) -> list[Row]:
        """The rows of a SELECT query, as in `Store`."""
        self._counted(name)
        key = (name, *bindings.items())
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return list(kept)
        found = cast(QuerySolutions, self._run(name, bindings))
        names = [(variable.value, index) for index, variable in enumerate(found.variables)]
        columns = [(name, index) for name, index in names if not name.startswith(RESERVED)]
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
        return self._store.query(self._filled(name, bindings), use_default_graph_as_union=True)

    def _filled(self, name: str, bindings: dict[str, Term]) -> str:
        """The text of a query with these values in it. Where they go is found once for a query."""
        form = (name, *bindings)
        pieces = self._forms.get(form)
        if pieces is None:
            marks = {variable: NamedNode(f"{_MARK}{number}") for number, variable in enumerate(bindings)}
            pieces = tuple(_MARKED.split(filled_text(self._catalogue[name].text, self._base, marks)))
            self._forms[form] = pieces
        values = [str(value) for value in bindings.values()]
        return "".join([values[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces)])
