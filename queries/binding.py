"""Binds values into the text of a query: the one way in which a parameter of ours gets its value.

Each use of a bound variable becomes the value itself, because an engine plans a constant better than a variable of
which it learns the value only when it runs. ``SELECT ?actor ?way { ?directive pal:addressee ?actor … }`` with
``<id/actor/unodc>`` for ``?actor`` becomes ``SELECT (<id/actor/unodc> AS ?actor) ?way { ?directive pal:addressee
<id/actor/unodc> … }``: the columns of the result stay. Several values for one variable become a ``VALUES`` at the top
of the outermost group, and its uses stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ontology.terms import Term
from queries.scanner import Token, scan

Bound = Term | tuple[Term, ...]
"""The value of a parameter, or several to choose from."""
_DEEP = 1_000
_ENDS = {
    "SELECT": frozenset({"WHERE", "FROM"}),
    "GROUP": frozenset({"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}),
    "ORDER": frozenset({"LIMIT", "OFFSET", "VALUES"}),
}
"""The words that end each clause, beside a bracket."""


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
    opening = next(start for _, token, start, depth in scan(bound, _DEEP) if token == "{" and depth == 1)
    return f"{bound[: opening + 1]}\n{''.join(several)}{bound[opening + 1 :].removeprefix(chr(10))}"


@dataclass(slots=True)
class _Clause:
    """A SELECT, GROUP BY or ORDER BY that is being read: which, where its words begin and end, how many brackets are
    around it, whether it is the outermost; how much stays in it, and the bound variables that stand alone in it."""

    word: str
    start: int
    end: int
    depth: int
    outermost: bool
    kept: int = 0
    bound: list[tuple[int, int, str]] = field(default_factory=list)

    def is_ended_by(self, word: str, token: str, depth: int) -> bool:
        """Whether the clause is over where this token stands."""
        if depth < self.depth or (depth == self.depth and word in _ENDS[self.word]):
            return True
        return self.word == "SELECT" and token == "{" and depth == self.depth + 1

    def edits(self, text: str) -> Iterator[tuple[int, int, str, str, str]]:
        """What becomes of its bound variables: a column of the result keeps its name, a constant groups and orders
        nothing, and a clause that loses all it has gets something that says the same, or goes."""
        for number, (start, end, name) in enumerate(self.bound):
            if self.word == "SELECT" and self.outermost:
                yield start, end, "(", name, f" AS ?{name})"
            elif self.kept or number or self.word == "ORDER":
                yield start - text[start - 1].isspace(), end, "", "", ""
            else:
                yield start, end, f"(1 AS ?bound_{self.word.lower()})", "", ""
        if self.word == "ORDER" and self.bound and not self.kept:
            yield self.start, self.end, "", "", ""


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
    end: Token = ("end", "", len(text), -1)
    tokens = [*scan(text, _DEEP), end]
    clauses: list[_Clause] = []
    outermost = True
    for index, (kind, token, start, depth) in enumerate(tokens):
        word = token.upper() if kind == "word" else ""
        while clauses and clauses[-1].is_ended_by(word, token, depth):
            yield from clauses.pop().edits(text)
        if word in ("GROUP", "ORDER") and tokens[index + 1][1].upper() == "BY":
            clauses.append(_Clause(word, start, tokens[index + 1][2] + len("BY"), depth, outermost=False))
        elif word == "SELECT":
            clauses.append(_Clause(word, start, start + len(word), depth, outermost))
            outermost = False
        elif kind == "variable" and token[1:] in names:
            if clauses and clauses[-1].depth == depth:
                clauses[-1].bound.append((start, start + len(token), token[1:]))
            else:
                yield start, start + len(token), "", token[1:], ""
        elif clauses and clauses[-1].depth == depth:
            clauses[-1].kept += kind != "word"
