"""Why the engine refused a query, in words and at the token that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from queries.grammar import read_query
from queries.parsed_query import ParsedQuery
from queries.scanner import ScanError, Token, place, scan
from server.sparql.outcomes import QueryMalformed

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
