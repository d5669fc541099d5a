"""The store of our own questions: named queries of the catalogue, run over all graphs at once. A page never holds
SPARQL; it names a query and binds its parameters. Strangers' queries never come here (`server/sparql`).

The store of a snapshot is open in this process: our queries are bounded and short, and run in the threads of pages.

Not so those on a large store that is read from disk. At a damaged block the engine never ends a query, but collects the
same error until memory is full, so such a query is evaluated in a process that can be ended. Patterns end at an error.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from prometheus_client import Counter
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

from ontology.namespaces import Base
from ontology.terms import Names, Term
from queries.catalogue import Bound, Catalogue, bind
from server.cache import Cache
from server.integrity import SnapshotError
from server.snapshot import Snapshot
from server.store import Row, is_unread
from server.store.known import Facts, Known, Patterns, Queries
from server.web.threads import in_loop

Results = QuerySolutions | QueryBoolean
T = TypeVar("T")
KEPT_ROWS = 20_000
"""How many rows of answers to our own questions a store keeps; an answer with more than a quarter is not kept."""
_AWAY_SECONDS, _MOST_AWAY = 30.0, 1_000  # for which a question that found no end is not asked again, and how many
Evaluate = Callable[[str, str], Coroutine[Any, Any, bytes]]
"""Has a query evaluated in another process; the result in a format, ``json`` or ``ntriples``. Raises `OSError` where it
was ended."""


class Store(ABC):
    """Answers named queries on one version, and keeps the rows of answers, because a version never changes; callers
    must not change the rows. Bindings name a query's variables; a name the catalogue lacks raises `KeyError`.
    ``counted`` has a counter for each name of a query."""

    def __init__(self, base: Base, catalogue: Catalogue, counted: Callable[[str], Counter]) -> None:
        self._base = base
        self._catalogue = catalogue
        self._counted = counted
        self._kept: Cache[tuple[object, ...], list[Row]] = Cache(KEPT_ROWS, lambda _, rows: 1 + len(rows))

    def select(self, name: str, **bindings: Bound) -> list[Row]:
        """The rows of a SELECT query; unbound variables are absent from a row."""
        self._counted(name).inc()
        key = (name, *bindings.items())
        rows = self._kept.get(key)
        if rows is None:
            single = {name: value for name, value in bindings.items() if not isinstance(value, tuple)}

            def rows_of(results: Results) -> list[Row]:
                solutions = cast(QuerySolutions, results)
                columns = [(variable.value, index) for index, variable in enumerate(solutions.variables)]
                return [
                    single
                    | {column: cast(Term, value) for column, index in columns if (value := solution[index]) is not None}
                    for solution in solutions
                ]

            rows = self._ask(name, self._text(name, bindings), rows_of)
            self._kept.put(key, rows)
        return list(rows)

    def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query, each once."""
        self._counted(name).inc()
        return self._triples(name, self._text(name, bindings))

    def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query."""
        self._counted(name).inc()
        return self._ask(name, self._text(name, bindings), bool)

    def _text(self, name: str, bindings: Mapping[str, Bound]) -> str:
        return bind(self._catalogue[name].absolute(self._base), bindings)

    @abstractmethod
    def _ask(self, name: str, text: str, read: Callable[[Results], T]) -> T:
        """What a reader makes of the result of a SELECT or ASK query."""

    @abstractmethod
    def _triples(self, name: str, text: str) -> list[Triple]:
        """The triples of a CONSTRUCT query, each once."""

    def known(self, resource: NamedNode, page: int = 1) -> Known:
        """What is known of a thing, with one page of what points at it: the same from every store."""
        return Queries(self).known(resource, Names(self._base), page)

    def placed(self, facts: Facts) -> dict[NamedNode | None, Facts]:
        """Returns the facts by named graph; under None those in the default graph."""
        return Queries(self).placed(facts)

    def exists(self, resource: NamedNode) -> bool:
        """Whether a thing is the subject or object of any statement."""
        return self.ask("resource-exists", resource=resource)


class EmbeddedStore(Store):
    """A `Store` on a snapshot."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], Counter]) -> None:
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
            return Patterns(self._store, self._names).placed(facts)

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
        self, snapshot: Snapshot, catalogue: Catalogue, counted: Callable[[str], Counter], evaluate: Evaluate
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
