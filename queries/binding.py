"""Binds values into the text of a query: the one way in which a parameter of ours gets its value.

Each use of a bound variable becomes the value itself, because an engine plans a constant better than a variable of
which it learns the value only when it runs. ``SELECT ?actor ?way { ?directive pal:addressee ?actor … }`` with
``<id/actor/unodc>`` for ``?actor`` becomes ``SELECT (<id/actor/unodc> AS ?actor) ?way { ?directive pal:addressee
<id/actor/unodc> … }``: the columns of the result stay. Several values for one variable become a ``VALUES`` at the top
of the outermost group, and its uses stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from ontology.terms import Term
from queries.grammar import DEEP, read_query
from queries.parsed_query import ParsedQuery, Span
from queries.scanner import scan

Bound = Term | tuple[Term, ...]
"""The value of a parameter, or several to choose from."""


def bind(text: str, values: Mapping[str, Term | Sequence[Term]]) -> str:
    """The query with a value, or several to choose from, for each of these variables (names without ``?``).

    Raises `ScanError` for a text that no query can have.
    """
    one = {name: str(value) for name, value in values.items() if isinstance(value, Term)}
    pieces = _pieces(text, tuple(one))
    bound = "".join([one[piece] if place % 2 else piece for place, piece in enumerate(pieces)])
    several = [
        f"  VALUES ?{name} {{ {' '.join(map(str, value))} }}\n"
        for name, value in values.items()
        if not isinstance(value, Term)
    ]
    if not several:
        return bound
    opening = next(start for _, token, start, depth in scan(bound, DEEP) if token == "{" and depth == 1)
    return f"{bound[: opening + 1]}\n{''.join(several)}{bound[opening + 1 :].removeprefix(chr(10))}"


@lru_cache(maxsize=500)
def _pieces(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The text cut where values go: every second piece is the name of a variable."""
    pieces: list[str] = []
    position, before = 0, ""
    for start, end, left, name, right in sorted(_edits(text, names)):
        before += text[position:start] + left
        if name:
            pieces += (before, name)
            before = ""
        before += right
        position = end
    return (*pieces, before + text[position:])


def _edits(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int, str, str, str]]:
    """Yields the start and end of each change with its replacement: a text, the value of a name (if any), a text."""
    query = read_query(text)
    bound = {place for place, token in enumerate(query.tokens) if token[0] == "variable" and token[1][1:] in names}
    selects = [level for level in query.levels if level.form == "SELECT"]
    outermost = min(selects, key=lambda level: level.clause, default=None)
    for level in selects:
        select = Span(level.clause.start - 1, level.clause.end)
        for word, clause in (("SELECT", select), ("GROUP", level.group_by), ("ORDER", level.order_by)):
            alone = _alone(query, clause, bound) if clause else []
            bound -= set(alone)
            if clause and alone:
                yield from _edits_of_clause(query, word, clause, alone, word == "SELECT" and level is outermost)
    for place in bound:
        _, token, start, _ = query.tokens[place]
        yield start, start + len(token), "", token[1:], ""


def _edits_of_clause(
    query: ParsedQuery, word: str, clause: Span, alone: Sequence[int], keeps: bool
) -> Iterator[tuple[int, int, str, str, str]]:
    """What becomes of bound variables that stand alone in a clause: a column of the result keeps its name, a constant
    groups and orders nothing, and a clause that loses all it has gets something that says the same, or goes."""
    depth = query.tokens[clause.start][3]
    others = (token for place, token in enumerate(query.tokens[slice(*clause)], clause.start) if place not in alone)
    kept = any(kind != "word" and now == depth for kind, _, _, now in others)
    for number, place in enumerate(alone):
        _, token, start, _ = query.tokens[place]
        end = start + len(token)
        if keeps:
            yield start, end, "(", token[1:], f" AS ?{token[1:]})"
        elif kept or number or word == "ORDER":
            yield start - query.text[start - 1].isspace(), end, "", "", ""
        else:
            yield start, end, f"(1 AS ?bound_{word.lower()})", "", ""
    if word == "ORDER" and not kept:
        yield query.offset(clause.start), query.offset(clause.start + 1) + len("BY"), "", "", ""


def _alone(query: ParsedQuery, clause: Span, bound: Collection[int]) -> list[int]:
    """The bound variables that stand in a clause and in no brackets there."""
    depth = query.tokens[clause.start][3]
    return [place for place in range(*clause) if place in bound and query.tokens[place][3] == depth]
