"""A query that was read: its tokens, and where the parts stand that are rewritten, hinted at or explained.

`grammar` makes it, in one walk over the tokens. A place is the number of a token; a span begins with a token and ends
before another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from queries.scanner import Token

AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})


class Span(NamedTuple):
    """The places of the first of some tokens, and of the one after the last."""

    start: int
    end: int


class Path(NamedTuple):
    """A path (SPARQL 1.1 Query §19.8, rules 88 to 96): a property, or what a ``sign`` makes of other paths. The sign is
    empty, ``|``, ``/``, ``^``, ``!`` or one that repeats: ``*``, ``+`` or ``?``."""

    sign: str
    parts: tuple[Path, ...] = ()
    property: str = ""

    def may_have_no_step(self) -> bool:
        """Whether it may be of no step and is not made of several: then it leads from every term to itself."""
        return self.sign in ("*", "?") or (self.sign in ("+", "^", "|") and any(map(Path.may_have_no_step, self.parts)))

    def negates(self) -> bool:
        """Whether one of its steps that is not repeated is a negated set."""
        return self.sign == "!" or (self.sign not in ("*", "+", "?") and any(map(Path.negates, self.parts)))

    def __str__(self) -> str:
        inner = [str(part) for part in self.parts]
        if self.sign == "/":
            return "/".join(inner)
        if self.sign == "|":
            return f"({'|'.join(inner)})"
        if self.sign in ("^", "!"):
            return f"{self.sign}({'|'.join(inner)})"
        if self.sign:
            return f"({inner[0]}){self.sign}" if self.parts[0].sign else inner[0] + self.sign
        return self.property


class Property(NamedTuple):
    """A path, or a variable as one, and its objects."""

    path: Path
    objects: list[Span]


class Statement(NamedTuple):
    """A subject with its properties. What is nested in a subject or object is no statement of its own."""

    subject: Span
    properties: list[Property]


class Call(NamedTuple):
    """A function or an aggregate, its name in capitals, with its arguments."""

    name: str
    arguments: list[Span]


class Pattern(NamedTuple):
    """A GRAPH or a MINUS: the place of that word, its group, and the place where the group around it opens."""

    place: int
    group: Span
    around: int


class Column(NamedTuple):
    """An expression of SELECT with its name, and whether it has an aggregate."""

    expression: Span
    name: str
    is_aggregate: bool


@dataclass(slots=True)
class Level:
    """A query or a subquery: its form, the clause after that word, the expressions in it, the names that GROUP BY
    gives, the conditions of HAVING and ORDER BY, whether it groups, by GROUP BY or an aggregate, and where the clauses
    GROUP BY and ORDER BY stand, if it has them."""

    form: str
    clause: Span
    columns: list[Column]
    keys: set[str] = field(default_factory=set)
    having: list[Span] = field(default_factory=list)
    order: list[Span] = field(default_factory=list)
    groups: bool = False
    group_by: Span | None = None
    order_by: Span | None = None


@dataclass(slots=True)
class ParsedQuery:
    """The parts of a query, each kind in the order in which they end. ``inner`` are the places of all that stands in
    aggregates and in BOUND."""

    text: str
    tokens: Sequence[Token]
    levels: list[Level] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    graphs: list[Pattern] = field(default_factory=list)
    minuses_in_exists: list[Pattern] = field(default_factory=list)
    inner: set[int] = field(default_factory=set)

    def source(self, span: Span) -> str:
        """The text of some tokens, with what is between them."""
        return self.text[self.offset(span.start) : self.end(span)]

    def offset(self, place: int) -> int:
        """Where a token begins in the text."""
        return self.tokens[place][2]

    def end(self, span: Span) -> int:
        """Where some tokens end in the text."""
        _, token, start, _ = self.tokens[span.end - 1]
        return start + len(token)

    def words(self, span: Span) -> set[str]:
        """The bare words among some tokens, in capitals."""
        return {token.upper() for kind, token, _, _ in self.tokens[slice(*span)] if kind == "word"}

    def values(self, span: Span) -> Iterator[int]:
        """Where variables stand for a value of their group: not inside aggregates, BOUND and patterns, nor as a new
        name."""
        groups = 0
        for place in range(*span):
            kind, token = self.tokens[place][:2]
            groups += (token == "{") - (token == "}")
            named = self.tokens[place - 1][1].upper() == "AS"
            if kind == "variable" and not groups and not named and place not in self.inner:
                yield place
