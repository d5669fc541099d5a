"""What a reader is told about a query: why the engine refused it, in words and at the token that is wrong, and what one
that is right by the letter probably means otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from pyoxigraph import NamedNode

from ontology.terms import term
from queries.grammar import DEEP, read_if_query, read_query
from queries.parsed_query import ParsedQuery
from queries.prologue import Prologue, read_prologue
from queries.scanner import ScanError, Token, place, scan
from server.snapshot import Snapshot
from server.sparql.outcomes import QueryMalformed
from server.sparql.serializing import Table

_MOST_HINTS = 5
_DEEP = 1_000_000
_CAUSES = (
    ("Duplicated variable name", "SELECT gives two columns the same name"),
    ("overrides an existing variable", "SELECT gives an expression a name that a variable of the pattern has already"),
    ("not authorized with GROUP BY", "SELECT * cannot stand with GROUP BY or an aggregate: name the columns"),
)


def explain(text: str, message: str) -> QueryMalformed:
    """The error for a text that the engine refused with a message."""
    for reason, offset in _reasons(text, message):
        return QueryMalformed(reason, place(text, offset))
    if "IRI" in message:
        return QueryMalformed("An IRI in the query is not valid")
    return QueryMalformed(
        "A rule of SPARQL is broken that is not about its grammar: look for an aggregate outside SELECT, HAVING and "
        "ORDER BY, or a blank node label used in two groups"
    )


def _reasons(text: str, message: str) -> Iterator[tuple[str, int]]:
    """What is wrong, with its offset, the surest first."""
    try:
        tokens = list(scan(text, _DEEP))
        yield from _broken_iris(text, tokens)
        yield from _undeclared_prefixes(tokens)
        query = read_query(text, tokens)
    except ScanError as problem:
        yield problem.reason, problem.offset
        return
    yield from _ungrouped(query)
    outermost = query.levels[-1]
    for kind, token, offset, depth in tokens:
        if outermost.form != "SELECT" and kind == "word" and not depth and token.upper() in ("GROUP", "HAVING"):
            yield (
                f"The engine of this endpoint groups only what SELECT asks: put it in a subquery of {outermost.form}",
                offset,
            )
    for sign, reason in _CAUSES:
        if sign in message:
            yield reason, next((token[2] for token in tokens if token[0] == "word" and token[1].upper() == "SELECT"), 0)
    yield from _bound_again(tokens)


def _broken_iris(text: str, tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """A ``<`` that opens an IRI by the look of it: a scheme follows directly."""
    for this, (kind, scheme, start, _) in pairwise(tokens):
        if this[1] == "<" and kind == "name" and start == this[2] + 1:
            after = start + len(scheme)
            if text[after : after + 2] == "//" or scheme.lower().startswith(("urn:", "mailto:")):
                yield "The IRI that begins here holds a space or another sign that no IRI has", this[2]


def _undeclared_prefixes(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    declared: set[str] = set()
    declaring = False
    for kind, token, offset, _ in tokens:
        if kind == "name":
            prefix = token[: token.index(":") + 1]
            if declaring:
                declared.add(prefix)
            elif prefix not in declared:
                yield f"The prefix '{prefix}' is not declared: write PREFIX {prefix} <…> at the beginning", offset
        declaring = kind == "word" and token.upper() == "PREFIX"


def _ungrouped(query: ParsedQuery) -> Iterator[tuple[str, int]]:
    """Variables of a SELECT that groups which may not stand there as they do (§11.4)."""
    for level in sorted(query.levels, key=lambda level: level.clause):
        if level.form != "SELECT" or not level.groups:
            continue
        for column in level.columns:
            if column.name in level.keys:
                reason = f"GROUP BY does not know ?{column.name}, a name that SELECT gives: write GROUP BY (… AS "
                yield (
                    f"{reason}?{column.name}), and only ?{column.name} in SELECT",
                    query.offset(column.expression.end + 1),
                )
        given = {column.name: column.expression.end for column in level.columns}
        for variable in query.values(level.clause):
            name = query.tokens[variable][1]
            if name[1:] not in level.keys and given.get(name[1:], variable) >= variable:
                reason = f"{name} is neither in GROUP BY nor inside an aggregate"
                yield (
                    f"{reason}: add it to GROUP BY, or ask for one of its values with SAMPLE({name})",
                    query.offset(variable),
                )


def _bound_again(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """A name that ``AS`` gives within a group, though it was used before."""
    seen: set[str] = set()
    before = ""
    for kind, token, offset, depth in tokens:
        if kind == "variable":
            if before == "AS" and token[1:] in seen and depth > 1:
                yield f"{token} has a value already; BIND needs a new name", offset
            seen.add(token[1:])
        before = token.upper()


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
    hints = [*(_aliases(query) if query else ()), *_unknown(tokens, read_prologue(tokens, base), terms)][:_MOST_HINTS]
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
