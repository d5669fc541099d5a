"""Detours around faults of the engine (pyoxigraph 0.5.13): a query as it has to be asked for the right answer.

Each detour is a rewriting that SPARQL 1.1 gives the same solutions, in forms that the engine answers rightly, or a
refusal that names the fault and the way round; a wrong answer would be worse. What users read is in
`docs/conformance.md`, the reports for the engine's makers are in `docs/engine-reports.md`, and
`tests/server/sparql/test_detours.py` fails for each detour that a newer engine no longer needs.

- ``ORDER BY ?x`` over numbers beside texts aborts or sorts wrongly: it is sorted by kind and datatype first, which
  changes no order that SPARQL defines (§15.1).
- ``GRAPH ?g`` around a subquery, VALUES, MINUS or another GRAPH, or an OPTIONAL with ``?g`` in it, forgets ``?g`` or
  knows it too early (§18.6): it becomes a union over the graphs of the data set.
- ``GRAPH <name>`` of a graph that the data set does not have gives what VALUES and subqueries in it give: it is joined
  with nothing (§18.6).
- ``GROUP_CONCAT`` over numbers and IRIs gives nothing: it joins their texts (``STR``), as other engines do.
- ``REPLACE`` takes ``$1x`` for a group named ``1x``, and a backslash for itself, where XPath has group 1 before an x
  (XPath Functions §5.6.4): a constant replacement is written as the engine reads it.
- ``REGEX`` and ``REPLACE`` with a pattern that is none in the dialect of Rust's `regex` (a back-reference, a bracket
  too few) are an error in every row, which FILTER takes for no match: a worker tries constant ones before.
- ``(p|q)`` in a path loses duplicates: it becomes a union of patterns (§18.4, Alternative).
- ``!p`` between two known ends counts once for all properties: it becomes a variable with a filter, in a subquery.
- ``p*`` and ``p?`` from a term give nothing where no statement of the graph has it, instead of the term itself: the
  term is one part of a union, what else the path leads to the other (§18.4, ZeroOrMorePath).
- A name that SELECT gave to an aggregate is unknown to a later expression, and an ungrouped variable of HAVING and
  ORDER BY unbound: the expression is written again, and SAMPLE around the variable (§16.1.2, §18.2.4.1).
- ``MINUS`` in EXISTS takes away what it shares no variable with: refused, unless it surely shares one (§18.5, Minus).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import count, pairwise, product
from math import prod
from typing import cast

from pyoxigraph import Literal, RdfFormat, parse

from ontology.terms import term
from queries.grammar import read_if_query
from queries.parsed_query import AGGREGATES, ParsedQuery, Path, Pattern, Span
from queries.scanner import Edit, Token, edited, resolve_codepoints
from server.sparql.outcomes import QueryFailed

_MOST_GRAPHS, _MOST_TEXT = 30, 2_000_000
_NO_GRAPH = "urn:x-arq:NoGraph"
_KIND = "IF(!BOUND({0}),0,IF(isBlank({0}),1,IF(isIRI({0}),2,IF(isNumeric({0}),3,4))))"
_DATATYPE = 'COALESCE(IF(isLiteral({0})&&!isNumeric({0}),STR(DATATYPE({0})),""),"")'
_TOO_MANY_GRAPHS = (
    "The engine of this endpoint loses the name of the graph where GRAPH with a variable stands around a subquery, "
    "VALUES, MINUS, a path that may have no step, or another GRAPH, and there are too many graphs to ask one by one. "
    "Put GRAPH inside the subquery, or VALUES outside of GRAPH."
)
_TAKES_TOO_MUCH = (
    "In EXISTS the engine of this endpoint lets a MINUS take solutions away with which it shares no variable, which by "
    "SPARQL 1.1 (§18.5) takes nothing away. Have a triple before the MINUS and one inside it share a variable, or "
    "write FILTER NOT EXISTS in the place of MINUS."
)
_TOO_OFTEN = (
    "Names of aggregates stand so often in other expressions of SELECT, or one in another so many times, that the "
    "query cannot be written as the engine of this endpoint needs it. Put the aggregates into a subquery."
)
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
_CHANGES = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})
_LONGEST, _MOST_WRITTEN = 2_000, 100_000
"""So long may an expression become that is written again; others are left to be refused. So much is written in all."""
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\((?!\?))", re.DOTALL)
_STEP = re.compile(r"\\([$\\])|\$([0-9]+)|([\\$])|([^\\$]+)")
_WRONG_REPLACEMENT = (
    "In the replacement of a REPLACE a dollar sign is followed by the number of a group, and is written \\\\$ itself; "
    "a backslash is written \\\\\\\\."
)
SIGNS = frozenset({"EXISTS", "GRAPH", "GROUP", "ORDER", "REPLACE", "|", "!", "?", "p*", *AGGREGATES})
"""The words and signs (``p*`` is a star after a property) without one of which no query needs a detour."""
Resolve = Callable[[Token], str]


def detour(query: ParsedQuery, graphs: Collection[str], resolve: Resolve | None = None, *, empty: bool = True) -> str:
    """The query as the engine has to be asked, with the same solutions. ``graphs`` are the named graphs of the data
    set, ``resolve`` gives the IRI of a token; without ``empty`` paths of no step are left as they are. Raises
    `QueryFailed` where there is no such form."""
    for place, group, around in query.minuses_in_exists:
        if not _bound(query, group) & _bound(query, Span(around, place)):
            raise QueryFailed(_TAKES_TOO_MUCH)
    query = _changed(query, _regrouped(query))
    query = _changed(query, _paths_rewritten(query, empty=empty))
    absent = () if resolve is None else _absent_graphs(query, graphs, resolve)
    query = _changed(query, [*_texts_to_join(query), *_kinds_to_sort(query), *_replacements(query), *absent])
    return edited(query.text, _forgotten_graphs(query, sorted(graphs)))


def _changed(query: ParsedQuery, edits: Iterable[Edit]) -> ParsedQuery:
    """The query with these changes, read again. Raises `QueryFailed` where they nest too deeply."""
    changes = list(edits)
    changed = read_if_query(edited(query.text, changes)) if changes else query
    if changed is None:
        raise QueryFailed(_TOO_OFTEN)
    return changed


def _regrouped(query: ParsedQuery) -> Iterator[Edit]:
    """Names of aggregates as their expressions, and samples of what is not grouped, where the engine knows neither.
    Raises `QueryFailed` where that gets too long."""
    written = 0
    for level in query.levels:
        if level.form != "SELECT" or not level.groups:
            continue
        known: dict[str, str] = {}
        names = level.keys | {column.name for column in level.columns}
        for column in level.columns:
            edits: list[Edit] = []
            for place in query.values(column.expression):
                _, token, offset, _ = query.tokens[place]
                if token[1:] in known:
                    edits.append((offset, offset + len(token), f"({known[token[1:]]})"))
                    written += len(known[token[1:]])
            if written > _MOST_WRITTEN:
                raise QueryFailed(_TOO_OFTEN)
            yield from edits
            whole = edited(query.source(column.expression), edits, query.offset(column.expression.start))
            if not _CHANGES & query.words(column.expression) and len(whole) < _LONGEST:
                known[column.name] = whole
        for condition in (*level.having, *level.order):
            for place in query.values(condition):
                _, token, offset, _ = query.tokens[place]
                if token[1:] not in names:
                    yield offset, offset + len(token), f"SAMPLE({token})"


def _kinds_to_sort(query: ParsedQuery) -> Iterator[Edit]:
    """Two more keys before each variable in an ORDER BY."""
    for start, end in (condition for level in query.levels for condition in level.order):
        tokens = [token[1] for token in query.tokens[start:end] if token[1] not in ("(", ")")]
        *direction, name = tokens
        if len(tokens) <= 2 and name[0] in "?$" and all(word.upper() in ("ASC", "DESC") for word in direction):
            word = "".join(direction)
            offset = query.offset(start)
            yield offset, offset, f"{word}({_KIND.format(name)}) {word}({_DATATYPE.format(name)}) "


def _texts_to_join(query: ParsedQuery) -> Iterator[Edit]:
    """``STR`` around what a GROUP_CONCAT joins."""
    for call in query.calls:
        if call.name == "GROUP_CONCAT":
            start, end = query.offset(call.arguments[0].start), query.end(call.arguments[0])
            yield start, start, "STR("
            yield end, end, ")"


def _absent_graphs(query: ParsedQuery, graphs: Collection[str], resolve: Resolve) -> Iterator[Edit]:
    """No solution around each GRAPH with a name that the data set does not have."""
    for graph in query.graphs:
        name = query.tokens[graph.place + 1]
        if name[0] != "variable" and resolve(name) not in graphs:
            start, end = query.offset(graph.place), query.end(graph.group)
            yield start, start, "{ VALUES () { } "
            yield end, end, " }"


def _forgotten_graphs(query: ParsedQuery, graphs: Sequence[str]) -> list[Edit]:
    """Each GRAPH with a variable that the engine forgets, as a union over the graphs, the innermost first."""
    edits: list[Edit] = []
    written = 0
    for graph in sorted(query.graphs, reverse=True):
        variable, start, end = query.tokens[graph.place + 1][1], query.offset(graph.place), query.end(graph.group)
        if not _is_forgotten(query, graph):
            continue
        inside: list[Edit] = []
        while edits and edits[-1][0] < end:
            inside.append(edits.pop())
        group = edited(query.source(graph.group), inside, query.offset(graph.group.start))
        written += len(group) * len(graphs)
        if len(graphs) > _MOST_GRAPHS or written > _MOST_TEXT:
            raise QueryFailed(_TOO_MANY_GRAPHS)
        each = [f"{{ VALUES {variable} {{ <{name}> }} GRAPH <{name}> {group} }}" for name in graphs]
        each = each or [f"{{ VALUES {variable} {{ }} GRAPH <{_NO_GRAPH}> {group} }}"]
        edits.append((start, end, f"{{ {' UNION '.join(each)} }}"))
    return edits


def _is_forgotten(query: ParsedQuery, graph: Pattern) -> bool:
    """Whether a GRAPH with a variable is around a subquery, VALUES, MINUS or GRAPH, or has it in an OPTIONAL."""
    kind, variable = query.tokens[graph.place + 1][:2]
    inside = query.words(graph.group)
    return kind == "variable" and (
        not inside.isdisjoint(("SELECT", "VALUES", "MINUS", "GRAPH"))
        or ("OPTIONAL" in inside and _is_in_statement(query, graph.group, variable[1:]))
    )


def _is_in_statement(query: ParsedQuery, group: Span, name: str) -> bool:
    """Whether a group has a variable outside of expressions."""
    brackets = 0
    for kind, token, _, _ in query.tokens[slice(*group)]:
        brackets += (token == "(") - (token == ")")
        if kind == "variable" and token[1:] == name and not brackets:
            return True
    return False


def _bound(query: ParsedQuery, group: Span) -> set[str]:
    """The variables that each solution of a group has, or of its beginning: those that stand in its own triples."""
    depth = query.tokens[group.start][3]
    return {
        token[1:]
        for (_, before, _, _), (kind, token, _, now) in pairwise(query.tokens[slice(*group)])
        if kind == "variable" and now == depth and before.upper() != "VALUES"
    }


def constant_patterns(query: ParsedQuery) -> Iterator[str]:
    """The pattern, with its flags, of each REGEX and REPLACE where both are constant: as they stand in the query."""
    for call in query.calls:
        if call.name in ("REGEX", "REPLACE"):
            flags = call.arguments[3 if call.name == "REPLACE" else 2 :]
            given = [_constant(query, argument) for argument in (call.arguments[1], *flags)]
            if all(given):
                yield ", ".join(given)


def _replacements(query: ParsedQuery) -> Iterator[Edit]:
    """Where constant replacements stand, and how the engine has to be given them. Raises `QueryFailed` for one that is
    none."""
    for call in query.calls:
        if call.name != "REPLACE":
            continue
        pattern, replacement, *flags = (_constant(query, argument) for argument in call.arguments[1:])
        if not replacement or (flags and (not flags[0] or "q" in flags[0])):
            continue
        given = _decoded(replacement)
        groups = sum(1 for match in _GROUP.finditer(_decoded(pattern)) if match[1]) if pattern else 9
        if "$" in given or "\\" in given:
            start = query.offset(call.arguments[2].start)
            yield start, start + len(replacement), resolve_codepoints(str(Literal("".join(_pieces(given, groups)))))


def _constant(query: ParsedQuery, argument: Span) -> str:
    """An argument that is a string and nothing else; empty for another."""
    kind, token = query.tokens[argument.start][:2]
    return token if kind == "string" and argument.end == argument.start + 1 else ""


def _decoded(token: str) -> str:
    """The value of a string, which Turtle writes as SPARQL does."""
    return cast(Literal, next(parse(f"[] <a:> {token} .", format=RdfFormat.TURTLE)).object).value


def _pieces(replacement: str, groups: int) -> Iterator[str]:
    """The parts of a replacement as the engine has them: ``$$`` for a dollar sign, ``${1}`` for a group."""
    for escaped, digits, wrong, plain in (match.groups() for match in _STEP.finditer(replacement)):
        if wrong:
            raise QueryFailed(_WRONG_REPLACEMENT)
        if digits:
            number = next((digits[:end] for end in range(len(digits), 1, -1) if int(digits[:end]) <= groups), digits[0])
            yield (f"${{{number}}}" if int(number) <= groups else "") + digits[len(number) :]
        else:
            yield "$$" if escaped == "$" else escaped or plain


def _paths_rewritten(query: ParsedQuery, *, empty: bool = True) -> list[Edit]:
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
        if path.may_have_no_step()
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


def _patterns(
    query: ParsedQuery, subject: Span, ways: Sequence[Path], value: Span, *, counts: bool, empty: bool
) -> list[str]:
    """The patterns whose union a statement is: itself, where the engine answers it rightly."""
    ends = [query.source(subject), query.source(value)]
    open_ = [end for end in ends if end[0] in "?$"]
    blank = [end for end in ends if end[0] in "[(" or end.startswith("_:")]
    stated = [end for end in blank if end[0] != "_" and end.strip("[] \t\r\n")]  # each has statements of its own
    if len(ways) > 1 and (blank or len(ways) > _MOST_PATHS):
        raise QueryFailed(_NESTED_PATH)
    patterns: list[str] = []
    for way in ways:
        pattern = f"{ends[0]} {way} {ends[1]}"
        none = empty and way.may_have_no_step()
        if counts and way.negates() and not none:
            if blank or not open_:
                raise QueryFailed(_NEGATED)
            names = (f"?path_{number}_" for number in count(1))
            steps = " ".join(_steps(ends[0], way, ends[1], names))
            patterns.append(f"{{ SELECT {' '.join(dict.fromkeys(open_))} {{ {steps} }} }}")
        elif not none or len(open_) == 2 or (blank and (open_ or blank[0] in stated)):
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
