"""Syntax errors in words: what the engine could not read, said for the person who wrote it.

The engine reports how far it came and a list of what it would have taken; the place is kept and the list dropped. The
usual causes are looked for in the text: a prefix that is not declared, a variable that a grouping loses, a bad IRI.
"""

from __future__ import annotations

from server.sparql.outcomes import QueryMalformed
from server.sparql.scanner import ScanError, Token, place, scan

WELL_KNOWN_HINT = "declare it with PREFIX {prefix} <…> at the beginning"
_DEEP = 1_000_000
_CAUSES = (
    ("Duplicated variable name", "SELECT gives the same name to two columns"),
    ("variable that is unbound", "SELECT lists a variable that is neither in GROUP BY nor inside an aggregate"),
    ("IRI parsing failed", "This IRI is not valid"),
    ("already", "A variable gets a second value here: BIND and AS need a name that is new at this point"),
    ("aggregate", "An aggregate such as COUNT stands where none can"),
    ("blank node", "One blank node label stands in two graph patterns"),
)


def explain(text: str, message: str, where: tuple[int, int] | None) -> QueryMalformed:
    """The error for a text the engine refused with a message, at a line and column from 1 when it said so."""
    try:
        tokens = list(scan(text, _DEEP))
    except ScanError as problem:
        return QueryMalformed(problem.reason, *place(text, problem.offset))
    undeclared = _undeclared_prefix(tokens)
    if undeclared is not None:
        prefix, offset = undeclared
        reason = f"The prefix '{prefix}' is not declared: {WELL_KNOWN_HINT.format(prefix=prefix)}"
        return QueryMalformed(reason, *place(text, offset))
    if where is None:
        return QueryMalformed("The text does not follow the grammar of SPARQL 1.1")
    for sign, reason in _CAUSES:
        if sign in message:
            return QueryMalformed(reason, *where)
    return QueryMalformed(_unexpected(text, tokens, where), *where)


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


def _unexpected(text: str, tokens: list[Token], where: tuple[int, int]) -> str:
    """What stands at the place, and what stood before it."""
    before: Token | None = None
    for token in tokens:
        at = place(text, token[2])
        if at >= where:
            after = f" after '{before[1][:40]}'" if before else ""
            return f"'{token[1][:40]}' cannot stand here{after}"
        end = place(text, token[2] + len(token[1]))
        if at < where < end:
            return f"'{token[1][:40]}' cannot be read"
        before = token
    after = f" after '{before[1][:40]}'" if before else ""
    return f"The query ends too early{after}"
