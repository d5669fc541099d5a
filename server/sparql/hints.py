"""Hints: what a query that is right by the letter probably means otherwise, said beside its result."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from pyoxigraph import NamedNode

from ontology.terms import term
from queries.grammar import DEEP
from queries.parsed_query import ParsedQuery
from queries.prologue import Prologue, read_prologue
from queries.scanner import Token, scan
from server.snapshot import Snapshot
from server.sparql.detours import read_if_query
from server.sparql.serializing import Table

_MOST = 5


@lru_cache(maxsize=2)
def terms_in_use(snapshot: Snapshot) -> frozenset[str]:
    """The terms of our vocabulary, but for inverses, which no statement has, and what the catalogue counts."""
    if snapshot.store is None:
        return frozenset()
    find = snapshot.store.quads_for_pattern
    ours = {quad.subject for quad in find(None, term("rdfs:isDefinedBy"), None, snapshot.names.graph("ontology"))}
    ours -= {quad.subject for quad in find(None, term("owl:inverseOf"), None, None)}
    counted = [quad.object for name in ("void:property", "void:class") for quad in find(None, term(name), None, None)]
    return frozenset(node.value for node in (*ours, *counted) if isinstance(node, NamedNode))


def hints_of(text: str, base: str, terms: Collection[str], table: Table | None) -> tuple[str, ...]:
    """What a query that was checked probably means otherwise: names that HAVING does not know, properties and classes
    that are in no statement though others of their namespace are, aggregates without a value in any row. ``terms`` are
    those in use."""
    tokens = list(scan(text, DEEP))
    query = read_if_query(text, tokens)
    hints = [*(_aliases(query) if query else ()), *_unknown(tokens, read_prologue(tokens, base), terms)][:_MOST]
    empty = empty_aggregates(_aggregated(query), table.head, table.rows) if query and table else ""
    return (*hints, empty) if empty else tuple(hints)


def empty_aggregates(aggregates: Collection[str], head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The hint for columns of aggregates without a value in any row; empty when there are none."""
    empty = [
        f"?{name}"
        for place, name in enumerate(head)
        if name in aggregates and rows and all(row[place] is None for row in rows)
    ]
    return (
        f"{', '.join(empty)} is empty in every row: an aggregate over values that cannot be added or compared is an "
        f"error for SPARQL. SUM and AVG need numbers; STR(?x) makes a text of any value."
        if empty
        else ""
    )


def aggregated(text: str) -> frozenset[str]:
    """Returns the variables that SELECT binds to expressions with an aggregate; none in a text that is no query."""
    query = read_if_query(text)
    return _aggregated(query) if query else frozenset()


def _aggregated(query: ParsedQuery) -> frozenset[str]:
    return frozenset(column.name for level in query.levels for column in level.columns if column.is_aggregate)


def _aliases(query: ParsedQuery) -> Iterator[str]:
    """HAVING is worked out before the names that SELECT gives (SPARQL 1.1 Query §18.2.4.1)."""
    names = _aggregated(query)
    having = [query.tokens[place][1] for level in query.levels for span in level.having for place in range(*span)]
    for name in dict.fromkeys(token for token in having if token[0] in "?$" and token[1:] in names):
        yield f"HAVING does not know {name}, a name that SELECT gives: repeat the aggregate there."


def _unknown(tokens: Sequence[Token], prologue: Prologue, terms: Collection[str]) -> list[str]:
    spaces = {_namespace(term) for term in terms}
    hints: dict[str, str] = {}
    declared = False
    for token in tokens:
        kind, written, _, _ = token
        iri = prologue.iri(token) if kind == "name" else written[1:-1] if kind == "iri" else ""
        space = _namespace(iri)
        if not declared and iri not in terms and iri != space and space in spaces:
            local = iri[len(space) :]
            alike = difflib.get_close_matches(
                local, [term[len(space) :] for term in terms if _namespace(term) == space], 1
            )
            meant = f"; did you mean {written.replace(local, alike[0])}?" if alike else "."
            hints[iri] = f"{written} is not in the vocabulary{meant}"
        declared = (kind == "word" and written.upper() in ("PREFIX", "BASE")) or (declared and kind == "name")
    return list(hints.values())


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
