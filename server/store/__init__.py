"""The store of our own questions: named queries of the catalogue, run over all graphs at once.

A page never holds SPARQL; it names a query and binds its parameters. `embedded` runs them in the process, `remote` asks
a SPARQL 1.1 engine elsewhere; both answer the same. Strangers' queries never come here (`server/sparql`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Triple

from ontology.namespaces import Base
from ontology.terms import Term
from queries.binding import Bound, bind
from queries.catalogue import Catalogue
from server.cache import Cache
from server.store.known import Facts, Known

Row = dict[str, Term]
Results = QuerySolutions | QueryBoolean
T = TypeVar("T")
KEPT_ROWS = 20_000
"""How many rows of answers to our own questions a store keeps; an answer with more than a quarter is not kept."""


def is_unread(problem: Exception) -> bool:
    """Whether an error of the engine says that its files cannot be read, or are damaged; it has no type for that while
    rows come."""
    return isinstance(problem, OSError) or str(problem).startswith(("Corruption:", "IO error:"))


@lru_cache(maxsize=1)
def read_into_memory(files: tuple[Path, ...]) -> pyoxigraph.Store:
    """A store in memory with what N-Quads files say; it answers about five times as fast as one on disk. Blank nodes
    have the labels of the files, so that the same result is the same bytes from every process. The last store is kept:
    a process may have it before it needs it (`server.starting`)."""
    store = pyoxigraph.Store()
    for path in files:
        for quad in pyoxigraph.parse(path=str(path), format=RdfFormat.N_QUADS):
            store.add(quad)  # as fast as loading in bulk, with a tenth less memory and no holes in it
    return store


class Store(ABC):
    """Answers named queries on one version, and keeps the rows of answers, because a version never changes; callers
    must not change the rows. Bindings name a query's variables; a name the catalogue lacks raises `KeyError`.
    ``counted`` is called with the name of every query."""

    def __init__(self, base: Base, catalogue: Catalogue, counted: Callable[[str], None]) -> None:
        self._base = base
        self._catalogue = catalogue
        self._counted = counted
        self._kept: Cache[tuple[object, ...], list[Row]] = Cache(KEPT_ROWS, lambda _, rows: 1 + len(rows))

    def select(self, name: str, **bindings: Bound) -> list[Row]:
        """The rows of a SELECT query; unbound variables are absent from a row."""
        self._counted(name)
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
        self._counted(name)
        return self._triples(name, self._text(name, bindings))

    def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query."""
        self._counted(name)
        return self._ask(name, self._text(name, bindings), bool)

    def _text(self, name: str, bindings: Mapping[str, Bound]) -> str:
        return bind(self._catalogue[name].absolute(self._base), bindings)

    @abstractmethod
    def _ask(self, name: str, text: str, read: Callable[[Results], T]) -> T:
        """What a reader makes of the result of a SELECT or ASK query."""

    @abstractmethod
    def _triples(self, name: str, text: str) -> list[Triple]:
        """The triples of a CONSTRUCT query, each once."""

    @abstractmethod
    def known(self, resource: NamedNode, page: int = 1) -> Known:
        """What is known of a thing, with one page of what points at it: the same from every store."""

    @abstractmethod
    def placed(self, facts: Facts) -> dict[NamedNode | None, Facts]:
        """Returns the facts by named graph; under None those in the default graph."""

    @abstractmethod
    def exists(self, resource: NamedNode) -> bool:
        """Whether a thing is the subject or object of any statement."""
