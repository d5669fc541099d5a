"""What a SELECT that groups knows of its variables (SPARQL 1.1 Query §11.4, §16.1.2, §18.2.4.1).

The engine (pyoxigraph 0.5.13) does not know a name that SELECT has given to an aggregate when a later expression of the
same SELECT uses it, and takes a variable that is not grouped for unbound in HAVING and ORDER BY, where SPARQL has a
sample of the group. Both are written out: the expression again, and SAMPLE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.scanner import Token
from server.sparql.expressions import AGGREGATES, Edit, closing, edited

_TAILS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")
_CHANGES = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})
_LONGEST = 2_000
"""So long may an expression become that is written again; others are left to be refused."""


class Grouped(NamedTuple):
    """One SELECT that groups: where its clauses stand among the tokens, and the names that GROUP BY gives."""

    depth: int
    select: Sequence[int]
    after: Sequence[int]
    """HAVING and ORDER BY."""
    keys: frozenset[str]


class Expression(NamedTuple):
    """An expression of SELECT: its first token, the one after its last, and its name."""

    start: int
    end: int
    name: str


def grouped_selects(tokens: Sequence[Token]) -> Iterator[Grouped]:
    """Each SELECT that has GROUP BY or an aggregate."""
    for index, (kind, token, _, depth) in enumerate(tokens):
        if kind != "word" or token.upper() != "SELECT":
            continue
        opening = next(
            (at for at in range(index, len(tokens)) if tokens[at][1] == "{" and tokens[at][3] == depth + 1), 0
        )
        if not opening:
            return
        clauses: dict[str, list[int]] = {}
        clause = ""
        for place in range(closing(tokens, opening) + 1, len(tokens)):
            word = tokens[place][1].upper() if tokens[place][0] == "word" and tokens[place][3] == depth else ""
            if tokens[place][3] < depth or word == "VALUES":
                break
            clause = word if word in _TAILS else clause
            clauses.setdefault(clause, []).append(place)
        select, after = range(index + 1, opening), [*clauses.get("HAVING", ()), *clauses.get("ORDER", ())]
        if "GROUP" in clauses or any(_is_aggregate(tokens, place) for place in (*select, *after)):
            yield Grouped(depth, select, after, frozenset(_keys(tokens, clauses.get("GROUP", ()), depth)))


def regroupings(text: str, tokens: Sequence[Token]) -> Iterator[Edit]:
    """What has to be written otherwise for the engine."""
    words = {token.upper() for kind, token, _, _ in tokens if kind == "word"}
    if "GROUP" not in words and words.isdisjoint(AGGREGATES):
        return
    for level in grouped_selects(tokens):
        known: dict[str, str] = {}
        names = {each.name for each in _expressions(tokens, level)}
        for start, end, name in _expressions(tokens, level):
            edits = [
                (offset, offset + len(token), f"({known[token[1:]]})")
                for _, token, offset, _ in (tokens[place] for place in _free(tokens, range(start, end)))
                if token[1:] in known
            ]
            yield from edits
            first, last = tokens[start][2], tokens[end][2]
            whole = edited(text[:last], edits)[first:].strip()
            if not _CHANGES & {tokens[place][1].upper() for place in range(start, end)} and len(whole) < _LONGEST:
                known[name] = whole
        for place in _free(tokens, level.after):
            _, token, offset, _ = tokens[place]
            if token[1:] not in level.keys | names:
                yield offset, offset + len(token), f"SAMPLE({token})"


def ungrouped(tokens: Sequence[Token]) -> tuple[str, int] | None:
    """The first variable of a SELECT that may not stand there as it does: why, and its offset (§11.4)."""
    for level in grouped_selects(tokens):
        expressions = list(_expressions(tokens, level))
        for _, end, name in expressions:
            if name in level.keys:
                reason = f"GROUP BY does not know ?{name}, a name that SELECT gives: write GROUP BY (… AS ?{name})"
                return f"{reason}, and only ?{name} in SELECT", tokens[end + 1][2]
        for place in _free(tokens, level.select):
            _, token, offset, _ = tokens[place]
            if token[1:] not in level.keys.union(name for _, end, name in expressions if end < place):
                reason = f"{token} is neither in GROUP BY nor inside an aggregate"
                return f"{reason}: add it to GROUP BY, or ask for one of its values with SAMPLE({token})", offset
    return None


def _keys(tokens: Sequence[Token], places: Sequence[int], depth: int) -> Iterator[str]:
    for place in places:
        kind, token, _, now = tokens[place]
        if kind == "variable" and (now == depth or tokens[place - 1][1].upper() == "AS"):
            yield token[1:]


def _is_aggregate(tokens: Sequence[Token], place: int) -> bool:
    return tokens[place][0] == "word" and tokens[place][1].upper() in AGGREGATES


def _expressions(tokens: Sequence[Token], level: Grouped) -> Iterator[Expression]:
    start = 0
    for place in level.select:
        kind, token, _, now = tokens[place]
        if token == "(" and now == level.depth + 1:
            start = place + 1
        elif kind == "word" and token.upper() == "AS" and now == level.depth + 1 and start:
            yield Expression(start, place, tokens[place + 1][1][1:])


def _free(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[int]:
    """Where variables stand for a value of the group: not inside aggregates, BOUND and patterns, nor as a new name."""
    until = -1
    for place in places:
        kind, token = tokens[place][:2]
        if place <= until:
            continue
        if token == "{":
            until = closing(tokens, place)
        elif (_is_aggregate(tokens, place) or token.upper() == "BOUND") and place + 1 < len(tokens):
            until = closing(tokens, place + 1)
        elif kind == "variable" and tokens[place - 1][1].upper() != "AS":
            yield place
