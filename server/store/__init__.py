"""The store of our own questions: named queries of the catalogue, run over all graphs at once.

A page never holds SPARQL; it names a query and binds its parameters. `embedded` runs them in the process, `remote` asks
a SPARQL 1.1 engine elsewhere; both answer the same. Strangers' queries never come here (`server/sparql`).
"""

from __future__ import annotations

from collections.abc import Sized
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from ontology.terms import Term
from queries.binding import Bound
from server.store.known import Facts, Known

Row = dict[str, Term]
KEPT_ROWS = 20_000
"""How many rows of answers to our own questions a store keeps; an answer with more than a quarter is not kept."""


def size_of_answer(_: object, rows: Sized) -> int:
    """How much room an answer takes among those that are kept."""
    return 1 + len(rows)


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


class Store(Protocol):
    """Answers named queries. Bindings name a query's variables; a name the catalogue lacks raises `KeyError`."""

    async def select(self, name: str, **bindings: Bound) -> list[Row]:
        """The rows of a SELECT query; unbound variables are absent from a row."""

    async def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query, each once."""

    async def ask(self, name: str, **bindings: Term) -> bool:
        """The answer of an ASK query."""

    async def known(self, resource: NamedNode, page: int = 1) -> Known:
        """What is known of a thing, for a page of its description: the same from every store."""

    async def placed(self, facts: Facts) -> dict[NamedNode | None, Facts]:
        """Returns the facts by named graph; under None those in the default graph."""

    async def exists(self, resource: NamedNode) -> bool:
        """Whether a thing is the subject or object of any statement."""
