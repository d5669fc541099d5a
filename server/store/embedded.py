"""The store of a snapshot, in this process: our queries are bounded and short, and run in the threads of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import cast

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

from ontology.terms import Term
from queries.binding import Bound, bind
from queries.catalogue import Catalogue
from server.cache import Cache
from server.integrity import SnapshotError
from server.snapshot import Snapshot
from server.store import KEPT_ROWS, Row, is_unread, size_of_answer
from server.store.known import Facts, Known, known_by_patterns, placed_by_patterns


class EmbeddedStore:
    """A `Store` on a snapshot. It keeps the rows of answers, for the snapshot never changes; whoever gets rows
    must not change them. ``counted`` hears the name of every question."""

    __slots__ = ("_base", "_catalogue", "_counted", "_kept", "_names", "_store")

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], None]) -> None:
        if snapshot.store is None:
            raise SnapshotError(f"{snapshot.folder} was opened without its store.")
        self._store = snapshot.store
        self._base = snapshot.base
        self._names = snapshot.names
        self._catalogue = catalogue
        self._counted = counted
        self._kept: Cache[tuple[object, ...], list[Row]] = Cache(KEPT_ROWS, size_of_answer)

    async def select(self, name: str, **bindings: Bound) -> list[Row]:
        """The rows of a SELECT query."""
        self._counted(name)
        key = (name, *bindings.items())
        kept = self._kept.get(key)
        if kept is not None:
            return list(kept)
        with _reading():
            solutions = cast(QuerySolutions, self._run(name, bindings))
            columns = [(variable.value, index) for index, variable in enumerate(solutions.variables)]
            single = {name: value for name, value in bindings.items() if not isinstance(value, tuple)}
            rows: list[Row] = [
                single
                | {column: cast(Term, value) for column, index in columns if (value := solution[index]) is not None}
                for solution in solutions
            ]
        self._kept.put(key, rows)
        return list(rows)

    async def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query, each once."""
        self._counted(name)
        with _reading():
            return list(dict.fromkeys(cast(Iterable[Triple], self._run(name, bindings))))

    async def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query."""
        self._counted(name)
        with _reading():
            return bool(self._run(name, bindings))

    async def known(self, resource: NamedNode, page: int = 1) -> Known:
        """What is known of a thing, with one page of what points at it."""
        with _reading():
            return known_by_patterns(self._store, self._names, resource, page)

    async def placed(self, facts: Facts) -> dict[NamedNode | None, Facts]:
        """Returns the facts by named graph."""
        with _reading():
            return placed_by_patterns(self._store, facts)

    async def exists(self, resource: NamedNode) -> bool:
        """Whether a thing is the subject or object of any statement."""
        patterns = ((resource, None), (None, resource))
        with _reading():
            return any(
                next(self._store.quads_for_pattern(subject, None, value, None), None) for subject, value in patterns
            )

    def _run(self, name: str, bindings: Mapping[str, Bound]) -> QuerySolutions | QueryBoolean | QueryTriples:
        text = bind(self._catalogue[name].absolute(self._base), bindings)
        return self._store.query(text, base_iri=self._base.iri, use_default_graph_as_union=True)


@contextmanager
def _reading() -> Iterator[None]:
    """Raises an `OSError` for files of the store that cannot be read, whatever the engine says."""
    try:
        yield
    except RuntimeError as problem:
        if is_unread(problem):
            raise OSError(str(problem)) from problem
        raise
