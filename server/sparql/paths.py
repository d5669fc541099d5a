"""Paths that the engine answers wrongly, as unions and subqueries that it answers rightly (SPARQL 1.1 Query §18.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, product

from ontology.terms import term
from queries.scanner import Token
from server.sparql.expressions import Edit, Fault, Property, Span, closing, edited
from server.sparql.grammar import find_statements
from server.sparql.outcomes import QueryFailed

_MOST_PATHS = 60
_NESTED_PATH = (
    "The engine of this endpoint counts a path with alternatives, (p|q), only once where both lead to the same, and "
    "this one has a list or [] in it or beside it, so that it cannot be taken apart here. Write the alternatives as "
    "{ … p … } UNION { … q … }, or use SELECT DISTINCT."
)
_NEGATED = (
    "The engine of this endpoint counts a negated property, !p, only once between two ends that are known. Write a "
    "variable for the property, and FILTER(?property NOT IN (p)), or use SELECT DISTINCT."
)
_LONELY = (
    "The engine of this endpoint cannot take a path without a step, p* or p?, from a term to a blank node. Write a "
    "variable instead of the blank node."
)
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def may_need_rewriting(tokens: Sequence[Token]) -> bool:
    """Whether there may be such a path, judged by the signs alone: quick, and sometimes true of what is no path."""
    return any(kind == "symbol" and token in "|!" for kind, token, _, _ in tokens) or _may_be_empty(tokens)


def rewrite_paths(text: str, tokens: Sequence[Token], words: Collection[str], *, empty: bool = True) -> str:
    """The query without paths that the engine answers wrongly; without ``empty`` those of no step are left, which it
    answers rightly where their ends are in the data. Raises `QueryFailed` where one cannot be taken apart."""
    signs = {token for kind, token, _, _ in tokens if kind == "symbol"}
    counts = bool(signs & {"|", "!"}) and _counts(tokens, words)
    empty = empty and _may_be_empty(tokens)
    return _with_unions(text, tokens, counts=counts, empty=empty) if counts or empty else text


def ends_without_step(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The first tokens of constants that are ends of paths that may have no step."""
    ends: list[Token] = []
    for subject, properties in _statements(text, tokens) if _may_be_empty(tokens) else ():
        for path, objects in properties:
            if any(empty for _, empty in _Path(tokens, path, counts=False).alternatives()):
                ends += [tokens[span.start] for span in (subject, *objects) if tokens[span.start][0] != "variable"]
    return ends


def _counts(tokens: Sequence[Token], words: Collection[str]) -> bool:
    """Whether it matters to the result how often a solution is there."""
    if not _AGGREGATES.isdisjoint(words):
        return True
    form = next(place for place, token in enumerate(tokens) if token[0] == "word" and token[1].upper() in _FORMS)
    cut = {depth for kind, token, _, depth in tokens if kind == "word" and token.upper() in ("LIMIT", "OFFSET")}
    if tokens[form][1].upper() == "SELECT":
        return tokens[form + 1][1].upper() not in ("DISTINCT", "REDUCED") or any(cut)
    template = tokens[form + 1 : closing(tokens, form + 1)] if tokens[form + 1][1] == "{" else ()
    made = any(kind == "blank" or token in ("[", "(") for kind, token, _, _ in template)
    return bool(cut) or (tokens[form][1].upper() == "CONSTRUCT" and made)


def _with_unions(text: str, tokens: Sequence[Token], *, counts: bool, empty: bool) -> str:
    """Each statement with a path that the engine answers wrongly as a union of patterns without."""
    edits: list[Edit] = []
    for subject, properties in _statements(text, tokens):
        told: list[str] = []
        united = False
        for path, objects in properties:
            ways = [(way, empty and none) for way, none in _Path(tokens, path, counts=counts).alternatives()]
            for value in objects:
                patterns = _patterns(text, tokens, subject, ways, value, counts=counts)
                united = united or len(patterns) > 1 or patterns[0].startswith("{")
                told.append(
                    " UNION ".join(f"{{ {each} }}" for each in patterns) if patterns[1:] else f"{patterns[0]} ."
                )
                if counts and any(tokens[place][1] == "|" for span in (subject, value) for place in range(*span)):
                    raise QueryFailed(_NESTED_PATH)
        if united:
            if tokens[subject.start][1] in ("[", "("):
                raise QueryFailed(_NESTED_PATH)
            last = properties[-1][1][-1]
            edits.append((tokens[subject.start][2], _end(tokens, last), " ".join(told).removesuffix(" .")))
    blanks = [token for kind, token, _, _ in tokens if kind == "blank"]
    if edits and len(blanks) > len(set(blanks)):  # What shares a blank node must not be taken apart.
        raise QueryFailed(_NESTED_PATH)
    return edited(text, edits)


def _patterns(
    text: str,
    tokens: Sequence[Token],
    subject: Span,
    ways: Sequence[tuple[str, bool]],
    value: Span,
    *,
    counts: bool,
) -> list[str]:
    """The patterns whose union a statement is: itself, where the engine answers it rightly."""
    ends = [_source(text, tokens, span) for span in (subject, value)]
    open_ = [end for end in ends if end[0] in "?$"]
    blank = [end for end in ends if end[0] in "[(" or end.startswith("_:")]
    if len(ways) > 1 and (blank or len(ways) > _MOST_PATHS):
        raise QueryFailed(_NESTED_PATH)
    patterns: list[str] = []
    for way, empty in ways:
        if counts and "!" in way and not empty:
            patterns.append(_with_filters(ends, way, open_, subject.start))
            continue
        pattern = f"{ends[0]} {way} {ends[1]}"
        if not empty or len(open_) == 2 or (blank and (open_ or not _is_alone(blank[0]))):
            patterns.append(pattern)
        elif blank:
            raise QueryFailed(_LONELY)
        elif open_:
            (fixed,) = set(ends) - set(open_)
            patterns += [f"VALUES {open_[0]} {{ {fixed} }}", f"{pattern} FILTER(!SAMETERM({open_[0]}, {fixed}))"]
        else:
            patterns += [f"FILTER(SAMETERM({', '.join(ends)}))", f"{pattern} FILTER(!SAMETERM({', '.join(ends)}))"]
    return patterns


def _with_filters(ends: Sequence[str], way: str, open_: Sequence[str], number: int) -> str:
    """A path with negated sets as a subquery, which gives the ends as often as there are statements between them.
    Raises `QueryFailed` where no end is a variable."""
    chain = list(_chain(ends[0], way, ends[1], [number]))
    if not any("NOT IN" in step for step in chain):
        return f"{ends[0]} {way} {ends[1]}"
    if not open_ or any(end[0] in "[(" or end.startswith("_:") for end in ends):
        raise QueryFailed(_NEGATED)
    return f"{{ SELECT {' '.join(dict.fromkeys(open_))} {{ {' '.join(chain)} }} }}"


def _chain(start: str, way: str, end: str, number: list[int]) -> Iterator[str]:
    """The statements of a path without alternatives, step by step, with variables of our own between them."""
    steps = _steps(way)
    if len(steps) > 1:
        between = [start, *(_own(number) for _ in steps[1:]), end]
        for step, (before, after) in zip(steps, pairwise(between), strict=True):
            yield from _chain(before, step, after, number)
    elif way.startswith("(") and way.endswith(")") and _is_wrapped(way):
        yield from _chain(start, way[1:-1], end, number)
    elif way.startswith("^") and not way.endswith(("*", "+", "?")):
        yield from _chain(end, way[1:], start, number)
    elif way.startswith("!"):
        members = [member.strip() for member in way[1:].strip("()").split("|")]
        if members[0].startswith("^"):
            start, end = end, start
        not_in = ", ".join(str(term("rdf:type")) if each == "a" else each for each in (m.lstrip("^") for m in members))
        name = _own(number)
        yield f"{start} {name} {end} FILTER({name} NOT IN ({not_in}))"
    else:
        yield f"{start} {way} {end} ."


def _is_wrapped(way: str) -> bool:
    """Whether the bracket that a path begins with is closed at its end."""
    depth, inside = 0, False
    for place, each in enumerate(way):
        inside = (inside or each == "<") and each != ">"
        depth += 0 if inside else (each == "(") - (each == ")")
        if not depth:
            return place == len(way) - 1
    return False


def _own(number: list[int]) -> str:
    number[0] += 1
    return f"?path_{number[0]}_"


def _steps(way: str) -> list[str]:
    """A path cut at the slashes outside of brackets and IRIs."""
    parts, depth, inside = [""], 0, False
    for each in way:
        inside = (inside or each == "<") and each != ">"
        depth += 0 if inside else (each == "(") - (each == ")")
        if each == "/" and not depth and not inside:
            parts.append("")
        else:
            parts[-1] += each
    return parts


def _is_alone(blank: str) -> bool:
    """Whether a blank node is in no other statement of its own."""
    return blank.startswith("_:") or not blank.strip("[] \t\r\n")


def _may_be_empty(tokens: Sequence[Token]) -> bool:
    """Whether a path may have no step, judged by the signs alone: quick, and sometimes true of what is no path."""
    return any(
        sign in ("*", "?") and (kind in ("iri", "name") or before in (")", "a", "*", "+", "?"))
        for (kind, before, _, _), (_, sign, _, _) in pairwise(tokens)
    )


def _statements(text: str, tokens: Sequence[Token]) -> list[tuple[Span, list[Property]]]:
    """The statements of a query; none where it is no query, which the engine will say."""
    try:
        return find_statements(tokens, len(text))
    except (Fault, RecursionError):
        return []


def _end(tokens: Sequence[Token], span: Span) -> int:
    _, token, start, _ = tokens[span.end - 1]
    return start + len(token)


def _source(text: str, tokens: Sequence[Token], span: Span) -> str:
    return text[tokens[span.start][2] : _end(tokens, span)]


class _Path:
    """A path (SPARQL 1.1 Query §19.8, rules 88 to 96), taken apart at its alternatives where it ``counts`` how often a
    solution comes. What is below ``*``, ``+`` or ``?`` stays as it is: those have no duplicates."""

    def __init__(self, tokens: Sequence[Token], span: Span, *, counts: bool) -> None:
        self._tokens = [token[1] for token in tokens[span.start : span.end]]
        self._place = 0
        self._counts = counts

    def alternatives(self) -> list[tuple[str, bool]]:
        """Paths that together have the solutions of this one, each with whether it may be of no step and is not made
        of several: then it leads from every term to itself."""
        start = self._place
        ways = self._sequence()
        while self._take("|"):
            ways += self._sequence()
        return ways if self._counts else self._as_it_is(start, empty=any(empty for _, empty in ways))

    def _as_it_is(self, start: int, *, empty: bool) -> list[tuple[str, bool]]:
        return [("".join(self._tokens[start : self._place]), empty)]

    def _sequence(self) -> list[tuple[str, bool]]:
        steps = [self._step()]
        while self._take("/"):
            steps.append(self._step())
        if len(steps) == 1:
            return steps[0]
        return [("/".join(way for way, _ in ways), False) for ways in product(*steps)]

    def _step(self) -> list[tuple[str, bool]]:
        inverse, start = self._take("^"), self._place
        ways = self._primary()
        sign = next((sign for sign in "*+?" if self._take(sign)), "")
        if sign:
            ways = self._as_it_is(start, empty=sign != "+" or any(empty for _, empty in ways))
        return [(f"^({way})", empty) for way, empty in ways] if inverse else ways

    def _primary(self) -> list[tuple[str, bool]]:
        if self._take("!"):
            return [(way, False) for way in self._negated()]
        if self._take("("):
            ways = self.alternatives()
            self._take(")")
            return [(f"({way})", empty) for way, empty in ways]
        self._place += 1
        return [(self._tokens[self._place - 1], False)]

    def _negated(self) -> list[str]:
        """A negated set that holds properties in both directions, as two sets."""
        start = self._place
        depth = 0
        while self._place == start or depth:
            depth += (self._tokens[self._place] == "(") - (self._tokens[self._place] == ")")
            self._place += 1 + (self._tokens[self._place] == "^" and not depth)
        members = "".join(self._tokens[start : self._place]).strip("()").split("|")
        there = [member for member in members if not member.startswith("^")]
        back = [member for member in members if member.startswith("^")]
        sets = [f"!({'|'.join(group)})" for group in (there, back) if group]
        return sets if len(sets) > 1 else ["!" + "".join(self._tokens[start : self._place])]

    def _take(self, sign: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place] == sign:
            self._place += 1
            return True
        return False
