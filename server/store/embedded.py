"""The store of a snapshot, open in this process: our queries are bounded and short, and run in the threads of pages.

Not so those on a large store that is read from disk. At a damaged block the engine never ends a query, but collects the
same error until memory is full, so such a query is evaluated in a process that can be ended. Patterns end at an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from queries.catalogue import Catalogue
from server.cache import Cache
from server.integrity import SnapshotError
from server.snapshot import Snapshot
from server.store import Results, Store, T, is_unread
from server.store.known import Facts, Known, Patterns, placed_by_patterns
from server.web.threads import in_loop

_AWAY_SECONDS, _MOST_AWAY = 30.0, 1_000  # for which a question that found no end is not asked again, and how many
Evaluate = Callable[[str, str], Coroutine[Any, Any, bytes]]
"""Has a query evaluated in another process; the result in a format, ``json`` or ``ntriples``. Raises `OSError` where it
was ended."""


class EmbeddedStore(Store):
    """A `Store` on a snapshot."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], None]) -> None:
        super().__init__(snapshot.base, catalogue, counted)
        if snapshot.store is None:
            raise SnapshotError(f"{snapshot.folder} was opened without its store.")
        self._store = snapshot.store
        self._names = snapshot.names

    def _ask(self, name: str, text: str, read: Callable[[Results], T]) -> T:  # noqa: ARG002
        with _reading():
            return read(cast(Results, self._run(text)))

    def _triples(self, name: str, text: str) -> list[Triple]:  # noqa: ARG002
        with _reading():
            return list(dict.fromkeys(cast(Iterable[Triple], self._run(text))))

    def known(self, resource: NamedNode, page: int = 1) -> Known:
        """What is known of a thing, with one page of what points at it."""
        with _reading():
            return Patterns(self._store, self._names).known(resource, self._names, page)

    def placed(self, facts: Facts) -> dict[NamedNode | None, Facts]:
        """Returns the facts by named graph."""
        with _reading():
            return placed_by_patterns(self._store, facts)

    def exists(self, resource: NamedNode) -> bool:
        """Whether a thing is the subject or object of any statement."""
        patterns = ((resource, None), (None, resource))
        with _reading():
            return any(
                next(self._store.quads_for_pattern(subject, None, value, None), None) for subject, value in patterns
            )

    def _run(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        return self._store.query(text, base_iri=self._base.iri, use_default_graph_as_union=True)


class DiskStore(EmbeddedStore):
    """A `Store` on a snapshot whose queries another process evaluates."""

    def __init__(
        self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], None], evaluate: Evaluate
    ) -> None:
        super().__init__(snapshot, catalogue, counted)
        self._evaluate = evaluate
        self._files = snapshot.files
        self._away: Cache[str, tuple[float, str]] = Cache(_MOST_AWAY)

    def _ask(self, name: str, text: str, read: Callable[[Results], T]) -> T:  # noqa: ARG002
        return read(parse_query_results(self._result(text, "json"), format=QueryResultsFormat.JSON))

    def _triples(self, name: str, text: str) -> list[Triple]:  # noqa: ARG002
        return [quad.triple for quad in parse(self._result(text, "ntriples"), format=RdfFormat.N_TRIPLES)]

    def _result(self, text: str, form: str) -> bytes:
        until, why = self._away.get(text) or (0.0, "")
        if time.monotonic() < until:
            raise OSError(why)
        try:
            return in_loop(self._evaluate(text, form))
        except OSError as problem:
            self._away.put(text, (time.monotonic() + _AWAY_SECONDS, str(problem)))
            self._files.doubt()
            raise


@contextmanager
def _reading() -> Iterator[None]:
    """Raises an `OSError` for files of the store that cannot be read, whatever the engine says."""
    try:
        yield
    except RuntimeError as problem:
        if is_unread(problem):
            raise OSError(str(problem)) from problem
        raise
