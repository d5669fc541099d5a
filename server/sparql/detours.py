"""Detours around faults of the engine (pyoxigraph 0.5.13): a query as it has to be asked for the right answer.

Each detour is a rewriting that SPARQL 1.1 gives the same solutions, in forms that the engine answers rightly, or a
refusal that names the fault and the way round; a wrong answer would be worse. What users read is in
`docs/conformance.md`, the reports for the engine's makers are in `docs/engine-reports.md`, and
`tests/server/sparql/test_detours.py` fails for each detour that a newer engine no longer needs.

- ``ORDER BY ?x`` over numbers beside texts aborts or sorts wrongly: it is sorted by kind and datatype first, which
  changes no order that SPARQL defines (§15.1).
- ``GRAPH ?g`` around a subquery, VALUES, MINUS or another GRAPH forgets ``?g``, or compares it (§18.6): it becomes a
  union over the graphs of the data set.
- ``GROUP_CONCAT`` over numbers and IRIs gives nothing: it joins their texts (``STR``), as other engines do.
- ``REPLACE`` reads replacements in another way: a constant one is written as the engine reads it (`patterns`).
- ``(p|q)`` in a path loses duplicates: it becomes a union of patterns (§18.4, Alternative).
- ``p*`` and ``p?`` from a term give nothing where no statement of the graph has it, instead of the term itself: the
  term is one part of a union, what else the path leads to the other (§18.4, ZeroOrMorePath).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, product

from queries.scanner import Token, scan
from server.sparql.expressions import Fault, Property, Span
from server.sparql.grammar import find_statements
from server.sparql.outcomes import QueryFailed
from server.sparql.patterns import replacements

_DEEP = 1_000
_MOST_GRAPHS, _MOST_PATHS, _MOST_TEXT = 30, 60, 2_000_000
_NO_GRAPH = "urn:x-arq:NoGraph"
_ENDS_ORDER = frozenset({"LIMIT", "OFFSET", "VALUES"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_KIND = "IF(!BOUND({0}),0,IF(isBlank({0}),1,IF(isIRI({0}),2,IF(isNumeric({0}),3,4))))"
_DATATYPE = 'COALESCE(IF(isLiteral({0})&&!isNumeric({0}),STR(DATATYPE({0})),""),"")'
_TOO_MANY_GRAPHS = (
    "The engine of this endpoint loses the name of the graph where GRAPH with a variable stands around a subquery, "
    "VALUES, MINUS, a path that may have no step, or another GRAPH, and there are too many graphs to ask one by one. "
    "Put GRAPH inside the subquery, or VALUES outside of GRAPH."
)
_WORDS, _SIGNS = frozenset({"GRAPH", "GROUP_CONCAT", "ORDER", "REPLACE"}), frozenset({"|", "!", "*", "?"})
_NESTED_PATH = (
    "The engine of this endpoint counts a path with alternatives, (p|q), only once where both lead to the same, and "
    "this one has a list or [] in it or beside it, so that it cannot be taken apart here. Write the alternatives as "
    "{ … p … } UNION { … q … }, or use SELECT DISTINCT."
)
_LONELY = (
    "The engine of this endpoint cannot take a path without a step, p* or p?, from a term to a blank node. Write a "
    "variable instead of the blank node."
)
Edit = tuple[int, int, str]


def detour(text: str, tokens: Sequence[Token], graphs: Collection[str]) -> str:
    """The query as the engine has to be asked, with the same solutions; a text that is no query as it is. ``graphs``
    are the named graphs of the data set. Raises `QueryFailed` where there is no such form."""
    words = {token.upper() for kind, token, _, _ in tokens if kind == "word"}
    signs = {token for kind, token, _, _ in tokens if kind == "symbol"}
    if not (words & _WORDS or signs & _SIGNS) or not _is_query(text, tokens):
        return text
    counts = bool(signs & {"|", "!"}) and _counts(tokens, words)
    if counts or _may_be_empty(tokens):
        text = _with_unions(text, tokens, counts=counts)
        tokens = list(scan(text, _DEEP))
    if "GRAPH" in words and _forgotten_graph(tokens) is not None:
        text = _without_graphs_around(text, sorted(graphs))
        tokens = list(scan(text, _DEEP))
    return _edited(text, [*_texts_to_join(tokens), *_kinds_to_sort(tokens), *replacements(tokens)])


def _is_query(text: str, tokens: Sequence[Token]) -> bool:
    try:
        find_statements(tokens, len(text))
    except (Fault, RecursionError):
        return False
    return True


def _may_be_empty(tokens: Sequence[Token]) -> bool:
    """Whether a path may have no step, judged by the signs alone: quick, and sometimes true of what is no path."""
    return any(
        sign in ("*", "?") and (kind in ("iri", "name") or before in (")", "a", "*", "+", "?"))
        for (kind, before, _, _), (_, sign, _, _) in pairwise(tokens)
    )


def _edited(text: str, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (text[position:start], new)
        position = end
    return "".join([*pieces, text[position:]])


def _statements(text: str, tokens: Sequence[Token]) -> list[tuple[Span, list[Property]]]:
    """The statements of a query; none where it is no query, which the engine will say."""
    try:
        return find_statements(tokens, len(text))
    except (Fault, RecursionError):
        return []


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """Where the bracket that a token opens is closed."""
    depth = tokens[opening][3] - 1
    return next((place for place in range(opening + 1, len(tokens)) if tokens[place][3] == depth), len(tokens) - 1)


def _kinds_to_sort(tokens: Sequence[Token]) -> Iterator[Edit]:
    """Two more keys before each variable in an ORDER BY."""
    for index, (_, token, _, depth) in enumerate(tokens[:-1]):
        if token.upper() != "ORDER" or tokens[index + 1][1].upper() != "BY":
            continue
        for place in range(index + 2, len(tokens)):
            kind, word, start, now = tokens[place]
            if now < depth or (now == depth and kind == "word" and word.upper() in _ENDS_ORDER):
                break
            if kind == "variable" and now == depth:
                yield start, start, f"({_KIND.format(word)}) ({_DATATYPE.format(word)}) "
            elif kind == "word" and word.upper() in ("ASC", "DESC") and _is_variable_alone(tokens, place + 1):
                name = tokens[place + 2][1]
                yield start, start, f"{word}({_KIND.format(name)}) {word}({_DATATYPE.format(name)}) "


def _is_variable_alone(tokens: Sequence[Token], opening: int) -> bool:
    """Whether a bracket holds a variable and nothing else."""
    held = tokens[opening : opening + 3]
    return len(held) == 3 and held[1][0] == "variable" and held[2][1] == ")"


def _texts_to_join(tokens: Sequence[Token]) -> Iterator[Edit]:
    """``STR`` around what a GROUP_CONCAT joins."""
    for index, (kind, token, _, _) in enumerate(tokens[:-3]):
        if kind != "word" or token.upper() != "GROUP_CONCAT" or tokens[index + 1][1] != "(":
            continue
        first = index + 2 + (tokens[index + 2][1].upper() == "DISTINCT")
        depth, last = tokens[index + 1][3], _closing(tokens, index + 1)
        parted = (place for place in range(first, last) if tokens[place][1] == ";" and tokens[place][3] == depth)
        end = tokens[next(parted, last)][2]
        yield tokens[first][2], tokens[first][2], "STR("
        yield end, end, ")"


def _without_graphs_around(text: str, graphs: Sequence[str]) -> str:
    """Each GRAPH with a variable around what makes the engine forget it, the innermost first, as a union."""
    while True:
        tokens = list(scan(text, _DEEP))
        found = _forgotten_graph(tokens)
        if found is None:
            return text
        index, last = found
        if len(graphs) > _MOST_GRAPHS or len(text) > _MOST_TEXT // max(1, len(graphs)):
            raise QueryFailed(_TOO_MANY_GRAPHS)
        variable = tokens[index + 1][1]
        start, end = tokens[index][2], tokens[last][2] + 1
        group = text[tokens[index + 2][2] : end]
        each = [f"{{ VALUES {variable} {{ <{graph}> }} GRAPH <{graph}> {group} }}" for graph in graphs]
        each = each or [f"{{ VALUES {variable} {{ }} GRAPH <{_NO_GRAPH}> {group} }}"]
        text = f"{text[:start]}{{ {' UNION '.join(each)} }}{text[end:]}"


def _forgotten_graph(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The last GRAPH with a variable around a subquery, VALUES, MINUS or GRAPH, which has none inside it."""
    for index in range(len(tokens) - 3, -1, -1):
        kind, token = tokens[index][:2]
        if kind == "word" and token.upper() == "GRAPH" and tokens[index + 1][0] == "variable":
            last = _closing(tokens, index + 2)
            inside = {tokens[place][1].upper() for place in range(index + 3, last) if tokens[place][0] == "word"}
            if inside & {"SELECT", "VALUES", "MINUS", "GRAPH"}:
                return index, last
    return None


def _counts(tokens: Sequence[Token], words: Collection[str]) -> bool:
    """Whether it matters to the result how often a solution is there."""
    if not _AGGREGATES.isdisjoint(words):
        return True
    form = next(place for place, token in enumerate(tokens) if token[0] == "word" and token[1].upper() in _FORMS)
    cut = {depth for kind, token, _, depth in tokens if kind == "word" and token.upper() in ("LIMIT", "OFFSET")}
    if tokens[form][1].upper() == "SELECT":
        return tokens[form + 1][1].upper() not in ("DISTINCT", "REDUCED") or any(cut)
    template = tokens[form + 1 : _closing(tokens, form + 1)] if tokens[form + 1][1] == "{" else ()
    made = any(kind == "blank" or token in ("[", "(") for kind, token, _, _ in template)
    return bool(cut) or (tokens[form][1].upper() == "CONSTRUCT" and made)


_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def _with_unions(text: str, tokens: Sequence[Token], *, counts: bool) -> str:
    """Each statement with a path that the engine answers wrongly as a union of patterns without."""
    edits: list[Edit] = []
    for subject, properties in _statements(text, tokens):
        told: list[str] = []
        united = False
        for path, objects in properties:
            ways = _Path(tokens, path, counts=counts).alternatives()
            for value in objects:
                patterns = _patterns(text, tokens, subject, ways, value)
                united = united or len(patterns) > 1
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
    return _edited(text, edits)


def _patterns(
    text: str, tokens: Sequence[Token], subject: Span, ways: Sequence[tuple[str, bool]], value: Span
) -> list[str]:
    """The patterns whose union a statement is: itself, where the engine answers it rightly."""
    ends = [_source(text, tokens, span) for span in (subject, value)]
    open_ = [end for end in ends if end[0] in "?$"]
    blank = [end for end in ends if end[0] in "[(" or end.startswith("_:")]
    if len(ways) > 1 and (blank or len(ways) > _MOST_PATHS):
        raise QueryFailed(_NESTED_PATH)
    patterns: list[str] = []
    for way, empty in ways:
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


def _is_alone(blank: str) -> bool:
    """Whether a blank node is in no other statement of its own."""
    return blank.startswith("_:") or not blank.strip("[] \t\r\n")


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
