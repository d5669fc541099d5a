"""Syntax errors in words: why the engine refused a text, said for the person who wrote it.

What the engine says is not shown: its place is only where it gave up trying, and its list of what it would have taken
is long. The text is looked at again: signs, prefixes, the grammar, and then the rules about variables.
"""

from __future__ import annotations

from itertools import pairwise

from queries.scanner import ScanError, Token, place, scan
from server.sparql.grammar import find_fault
from server.sparql.outcomes import QueryMalformed

_DEEP = 1_000_000
_CAUSES = (
    ("Duplicated variable name", "SELECT gives two columns the same name"),
    ("overrides an existing variable", "SELECT gives an expression a name that a variable of the pattern has already"),
    ("variable that is unbound", "SELECT lists a variable that is neither in GROUP BY nor inside an aggregate"),
    ("not authorized with GROUP BY", "SELECT * cannot stand with GROUP BY or an aggregate: name the columns"),
)


def explain(text: str, message: str) -> QueryMalformed:
    """The error for a text that the engine refused with a message."""
    try:
        tokens = list(scan(text, _DEEP))
    except ScanError as problem:
        return QueryMalformed(problem.reason, *place(text, problem.offset))
    broken = _broken_iri(text, tokens)
    if broken is not None:
        reason = "The IRI that begins here holds a space or another sign that no IRI has"
        return QueryMalformed(reason, *place(text, broken))
    undeclared = _undeclared_prefix(tokens)
    if undeclared is not None:
        prefix, offset = undeclared
        reason = f"The prefix '{prefix}' is not declared: write PREFIX {prefix} <…> at the beginning"
        return QueryMalformed(reason, *place(text, offset))
    fault = find_fault(tokens, len(text.rstrip()))
    if fault is not None:
        return QueryMalformed(fault.reason, *place(text, fault.offset))
    for sign, reason in _CAUSES:
        if sign in message:
            return QueryMalformed(reason, *place(text, _first_word(tokens, "SELECT")))
    again = _bound_again(tokens)
    if again is not None:
        name, offset = again
        return QueryMalformed(f"{name} has a value already; BIND needs a new name", *place(text, offset))
    if "IRI" in message:
        return QueryMalformed("An IRI in the query is not valid")
    return QueryMalformed(
        "A rule of SPARQL is broken that is not about its grammar: look for an aggregate outside SELECT, HAVING and "
        "ORDER BY, or a blank node label used in two groups"
    )


def _broken_iri(text: str, tokens: list[Token]) -> int | None:
    """The offset of a ``<`` that was meant to open an IRI: a scheme stands right after it."""
    for this, following in pairwise(tokens):
        if this[1] == "<" and following[0] == "name" and following[2] == this[2] + 1:
            after = following[2] + len(following[1])
            if text[after : after + 2] == "//" or following[1].lower().startswith(("urn:", "mailto:")):
                return this[2]
    return None


def _undeclared_prefix(tokens: list[Token]) -> tuple[str, int] | None:
    declared: set[str] = set()
    declaring = False
    for kind, token, offset, _ in tokens:
        if kind == "name":
            prefix = token[: token.index(":") + 1]
            if declaring:
                declared.add(prefix)
            elif prefix not in declared:
                return prefix, offset
        declaring = kind == "word" and token.upper() == "PREFIX"
    return None


def _bound_again(tokens: list[Token]) -> tuple[str, int] | None:
    """A name that ``AS`` gives within a group, though it was used before."""
    seen: set[str] = set()
    before = ""
    for kind, token, offset, depth in tokens:
        if kind == "variable":
            if before == "AS" and token[1:] in seen and depth > 1:
                return token, offset
            seen.add(token[1:])
        before = token.upper()
    return None


def _first_word(tokens: list[Token], word: str) -> int:
    return next((offset for kind, token, offset, _ in tokens if kind == "word" and token.upper() == word), 0)
