"""Paths that the engine answers wrongly, as unions and subqueries that it answers rightly (SPARQL 1.1 Query §18.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, pairwise, product
from math import prod

from ontology.terms import term
from queries.parsed_query import AGGREGATES, ParsedQuery, Path, Span
from queries.scanner import Edit, Token
from server.sparql.outcomes import QueryFailed

_MOST_PATHS, _MOST_PATTERNS = 60, 2_000  # of one path, and of a query
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
_REPEATED = frozenset({"*", "+", "?"})


def paths_rewritten(query: ParsedQuery, *, empty: bool = True) -> list[Edit]:
    """Each statement with a path that the engine answers wrongly as a union of patterns without; unless ``empty``,
    those of no step are left, which it answers rightly where their ends are in the data. Raises `QueryFailed` where one
    cannot be taken apart."""
    counts = _counts(query)
    edits: list[Edit] = []
    made = 0
    for subject, properties in query.statements:
        told: list[str] = []
        united = False
        for path, objects in properties:
            ways = _alternatives(path) if counts else [path]
            for value in objects:
                patterns = _patterns(query, subject, ways, value, counts=counts, empty=empty)
                made += len(patterns) - 1
                if made > _MOST_PATTERNS:
                    raise QueryFailed(_NESTED_PATH)
                united = united or len(patterns) > 1 or patterns[0].startswith("{")
                told.append(
                    " UNION ".join(f"{{ {each} }}" for each in patterns) if patterns[1:] else f"{patterns[0]} ."
                )
                if counts and any(query.tokens[place][1] == "|" for span in (subject, value) for place in range(*span)):
                    raise QueryFailed(_NESTED_PATH)
        if united:
            if query.tokens[subject.start][1] in ("[", "("):
                raise QueryFailed(_NESTED_PATH)
            last = properties[-1].objects[-1]
            edits.append((query.offset(subject.start), query.end(last), " ".join(told).removesuffix(" .")))
    blanks = [token for kind, token, _, _ in query.tokens if kind == "blank"]
    if edits and len(blanks) > len(set(blanks)):  # What shares a blank node must not be taken apart.
        raise QueryFailed(_NESTED_PATH)
    return edits


def ends_without_step(query: ParsedQuery) -> list[Token]:
    """The first tokens of constants that are ends of paths that may have no step."""
    ends = [
        query.tokens[end.start]
        for subject, properties in query.statements
        for path, objects in properties
        if _may_have_no_step(path)
        for end in (subject, *objects)
    ]
    return [token for token in ends if token[0] != "variable"]


def _counts(query: ParsedQuery) -> bool:
    """Whether it matters to the result how often a solution is there."""
    if any(call.name in AGGREGATES for call in query.calls):
        return True
    outermost = query.levels[-1]
    clause = query.tokens[slice(*outermost.clause)]
    cut = {depth for kind, token, _, depth in query.tokens if kind == "word" and token.upper() in ("LIMIT", "OFFSET")}
    if outermost.form == "SELECT":
        return clause[0][1].upper() not in ("DISTINCT", "REDUCED") or any(cut)
    made = any(kind == "blank" or token in ("[", "(") for kind, token, _, _ in clause)
    return bool(cut) or (outermost.form == "CONSTRUCT" and made)


def _alternatives(path: Path) -> list[Path]:
    """Paths that together have the solutions of this one, each as often. What is repeated stays as it is: it has no
    duplicates. Raises `QueryFailed` for too many."""
    if path.sign == "|":
        return [way for part in path.parts for way in _alternatives(part)]
    if path.sign == "/":
        steps = [_alternatives(part) for part in path.parts]
        if prod(map(len, steps)) > _MOST_PATHS:
            raise QueryFailed(_NESTED_PATH)
        return [Path("/", ways) for ways in product(*steps)]
    if path.sign == "^":
        return [Path("^", (way,)) for way in _alternatives(path.parts[0])]
    back = [part for part in path.parts if part.sign == "^"]
    if path.sign == "!" and 0 < len(back) < len(path.parts):
        return [Path("!", tuple(part for part in path.parts if part not in back)), Path("!", tuple(back))]
    return [path]


def _may_have_no_step(path: Path) -> bool:
    """Whether a path may be of no step and is not made of several: then it leads from every term to itself."""
    return path.sign in ("*", "?") or (path.sign in ("+", "^", "|") and any(map(_may_have_no_step, path.parts)))


def _negates(path: Path) -> bool:
    """Whether a step of the path, one that is not repeated, is a negated set."""
    return path.sign == "!" or (path.sign not in _REPEATED and any(map(_negates, path.parts)))


def _patterns(
    query: ParsedQuery, subject: Span, ways: Sequence[Path], value: Span, *, counts: bool, empty: bool
) -> list[str]:
    """The patterns whose union a statement is: itself, where the engine answers it rightly."""
    ends = [query.source(subject), query.source(value)]
    open_ = [end for end in ends if end[0] in "?$"]
    blank = [end for end in ends if end[0] in "[(" or end.startswith("_:")]
    if len(ways) > 1 and (blank or len(ways) > _MOST_PATHS):
        raise QueryFailed(_NESTED_PATH)
    patterns: list[str] = []
    for way in ways:
        pattern = f"{ends[0]} {way} {ends[1]}"
        none = empty and _may_have_no_step(way)
        if counts and _negates(way) and not none:
            if blank or not open_:
                raise QueryFailed(_NEGATED)
            names = (f"?path_{number}_" for number in count(1))
            steps = " ".join(_steps(ends[0], way, ends[1], names))
            patterns.append(f"{{ SELECT {' '.join(dict.fromkeys(open_))} {{ {steps} }} }}")
        elif not none or len(open_) == 2 or (blank and (open_ or not _is_alone(blank[0]))):
            patterns.append(pattern)
        elif blank:
            raise QueryFailed(_LONELY)
        elif open_:
            (fixed,) = set(ends) - set(open_)
            patterns += [f"VALUES {open_[0]} {{ {fixed} }}", f"{pattern} FILTER(!SAMETERM({open_[0]}, {fixed}))"]
        else:
            patterns += [f"FILTER(SAMETERM({', '.join(ends)}))", f"{pattern} FILTER(!SAMETERM({', '.join(ends)}))"]
    return patterns


def _steps(start: str, path: Path, end: str, names: Iterator[str]) -> Iterator[str]:
    """The statements of a path without alternatives, step by step, with variables of our own between them and for
    properties that a negated set does not have: they lead from end to end as often as there are such steps."""
    if path.sign == "/":
        between = [start, *(next(names) for _ in path.parts[1:]), end]
        for part, (before, after) in zip(path.parts, pairwise(between), strict=True):
            yield from _steps(before, part, after, names)
    elif path.sign == "^":
        yield from _steps(end, path.parts[0], start, names)
    elif path.sign == "!":
        back = path.parts[:1] and path.parts[0].sign == "^"
        members = [part.parts[0] if back else part for part in path.parts]
        properties = [str(term("rdf:type")) if member.property == "a" else member.property for member in members]
        name = next(names)
        ends = f"{end} {name} {start}" if back else f"{start} {name} {end}"
        yield f"{ends} FILTER({name} NOT IN ({', '.join(properties)}))"
    else:
        yield f"{start} {path} {end} ."


def _is_alone(blank: str) -> bool:
    """Whether a blank node is in no other statement of its own."""
    return blank.startswith("_:") or not blank.strip("[] \t\r\n")
