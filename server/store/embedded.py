"""The store of a snapshot, in this process: our queries are bounded and short, and run in the threads of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

from queries.catalogue import Catalogue
from server.integrity import SnapshotError
from server.snapshot import Snapshot
from server.store import Results, Store, T, is_unread
from server.store.known import Facts, Known, Patterns, placed_by_patterns


class EmbeddedStore(Store):
    """A `Store` on a snapshot."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], None]) -> None:
        super().__init__(snapshot.base, catalogue, counted)
        if snapshot.store is None:
            raise SnapshotError(f"{snapshot.folder} was opened without its store.")
        self._store = snapshot.store
        self._names = snapshot.names

    async def _ask(self, name: str, text: str, read: Callable[[Results], T]) -> T:  # noqa: ARG002
        with _reading():
            return read(cast(Results, self._run(text)))

    async def _triples(self, name: str, text: str) -> list[Triple]:  # noqa: ARG002
        with _reading():
            return list(dict.fromkeys(cast(Iterable[Triple], self._run(text))))

    async def known(self, resource: NamedNode, page: int = 1) -> Known:
        """What is known of a thing, with one page of what points at it."""
        with _reading():
            return await Patterns(self._store, self._names).known(resource, self._names, page)

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

    def _run(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
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
