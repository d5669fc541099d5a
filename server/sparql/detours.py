"""Detours around faults of the engine (pyoxigraph 0.5.13): a query as it has to be asked for the right answer.

Each detour is a rewriting that SPARQL 1.1 gives the same solutions, in forms that the engine answers rightly, or a
refusal that names the fault and the way round; a wrong answer would be worse. What users read is in
`docs/conformance.md`, the reports for the engine's makers are in `docs/engine-reports.md`, and
`tests/server/sparql/test_detours.py` fails for each detour that a newer engine no longer needs.

- ``ORDER BY ?x`` over numbers beside texts aborts or sorts wrongly: it is sorted by kind and datatype first, which
  changes no order that SPARQL defines (§15.1).
- ``GRAPH ?g`` around a subquery, VALUES or another GRAPH forgets ``?g``: it becomes a union over the graphs (§18.6).
- ``GROUP_CONCAT`` over numbers and IRIs gives nothing: it joins their texts (``STR``), as other engines do.
- ``(p|q)`` in a path loses duplicates: it becomes a union of patterns (§18.4, Alternative).
- ``p*`` and ``p?`` from a term that is in no statement give nothing instead of the term: refused (`zero_length_ends`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, product

from queries.scanner import Token, scan
from server.sparql.expressions import Fault, Property, Span
from server.sparql.grammar import find_statements
from server.sparql.outcomes import QueryFailed

_DEEP = 1_000
_MOST_GRAPHS, _MOST_PATHS, _MOST_TEXT = 30, 60, 2_000_000
_ENDS_ORDER = frozenset({"LIMIT", "OFFSET", "VALUES"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_KIND = "IF(!BOUND({0}),0,IF(isBlank({0}),1,IF(isIRI({0}),2,IF(isNumeric({0}),3,4))))"
_DATATYPE = 'COALESCE(IF(isLiteral({0})&&!isNumeric({0}),STR(DATATYPE({0})),""),"")'
_TOO_MANY_GRAPHS = (
    "The engine of this endpoint loses the name of the graph where GRAPH with a variable stands around a subquery, "
    "VALUES or another GRAPH, and there are too many graphs to ask one by one. Put GRAPH inside the subquery, or "
    "VALUES outside of GRAPH."
)
DETOURED = frozenset({"GRAPH", "GROUP_CONCAT", "ORDER", "|", "!"})
"""Words and signs without one of which no detour is needed."""
_NESTED_PATH = (
    "The engine of this endpoint counts a path with alternatives, (p|q), only once where both lead to the same, and "
    "this one has a list or [] beside it, so that it cannot be taken apart here. Write the alternatives as "
    "{ … p … } UNION { … q … }, or use SELECT DISTINCT."
)
Edit = tuple[int, int, str]


def detour(text: str, tokens: Sequence[Token], graphs: Collection[str]) -> str:
    """The query as the engine has to be asked, with the same solutions; a text that is no query as it is. ``graphs``
    are the published graphs. Raises `QueryFailed` where there is no such form."""
    words = {token.upper() for kind, token, _, _ in tokens if kind == "word"}
    around = "GRAPH" in words and _forgotten_graph(tokens) is not None
    ways = any(kind == "symbol" and token in ("|", "!") for kind, token, _, _ in tokens) and _counts(tokens, words)
    if not (around or ways or words & {"GROUP_CONCAT", "ORDER"}) or not _is_query(text, tokens):
        return text
    if around:
        text = _without_graphs_around(text, sorted(graphs))
    if ways:
        text = _without_alternatives(text)
    tokens = list(scan(text, _DEEP)) if around or ways else tokens
    return _edited(text, [*_texts_to_join(tokens), *_kinds_to_sort(tokens)])


def _is_query(text: str, tokens: Sequence[Token]) -> bool:
    try:
        find_statements(tokens, len(text))
    except (Fault, RecursionError):
        return False
    return True


def may_have_no_length(tokens: Sequence[Token]) -> bool:
    """Whether a path may have no length, judged by the signs alone: quick, and sometimes true of what is no path."""
    return any(
        sign in ("*", "?") and (kind in ("iri", "name") or before in (")", "a"))
        for (kind, before, _, _), (_, sign, _, _) in pairwise(tokens)
    )


def zero_length_ends(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The constants at the ends of paths that may have no length, ``p*`` and ``p?``: terms that must be in the data."""
    ends: list[Token] = []
    for subject, properties in _statements(text, tokens):
        for path, objects in properties:
            if any(tokens[place][1] in ("*", "?") for place in range(*path)):
                ends += [tokens[span.start] for span in (subject, *objects) if tokens[span.start][0] in ("iri", "name")]
    return ends


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
        text = f"{text[:start]}{{ {' UNION '.join(each)} }}{text[end:]}"


def _forgotten_graph(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The last GRAPH with a variable around a subquery, VALUES or GRAPH, which has none inside it."""
    for index in range(len(tokens) - 3, -1, -1):
        kind, token = tokens[index][:2]
        if kind == "word" and token.upper() == "GRAPH" and tokens[index + 1][0] == "variable":
            last = _closing(tokens, index + 2)
            inside = {tokens[place][1].upper() for place in range(index + 3, last) if tokens[place][0] == "word"}
            if inside & {"SELECT", "VALUES", "GRAPH"}:
                return index, last
    return None


def _counts(tokens: Sequence[Token], words: Collection[str]) -> bool:
    """Whether it matters to the result how often a solution is there."""
    form = next((token.upper() for kind, token, _, _ in tokens if kind == "word" and token.upper() in _FORMS), "")
    distinct = form == "SELECT" and next(
        (tokens[place + 1][1].upper() for place, token in enumerate(tokens) if token[1].upper() == "SELECT"), ""
    ) in ("DISTINCT", "REDUCED")
    return bool(_AGGREGATES & set(words)) or (form == "SELECT" and not distinct)


_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def _without_alternatives(text: str) -> str:
    """Each statement with alternatives in a path as a union of statements without."""
    tokens = list(scan(text, _DEEP))
    edits: list[Edit] = []
    for subject, properties in _statements(text, tokens):
        paths = [_Path(tokens, path).alternatives() for path, _ in properties]
        if all(len(ways) == 1 for ways in paths):
            continue
        parts: list[str] = []
        for (_, objects), ways in zip(properties, paths, strict=True):
            for value in objects:
                simple = all(tokens[span.start][0] not in ("symbol", "blank") for span in (subject, value))
                if (len(ways) > 1 and not simple) or len(ways) > _MOST_PATHS or tokens[subject.start][1] in "[(":
                    raise QueryFailed(_NESTED_PATH)
                told = [f"{_source(text, tokens, subject)} {way} {_source(text, tokens, value)}" for way in ways]
                parts.append(told[0] + " ." if len(ways) == 1 else " UNION ".join(f"{{ {each} }}" for each in told))
        last = properties[-1][1][-1]
        whole = " ".join(parts).removesuffix(" .")
        edits.append((tokens[subject.start][2], _end(tokens, last), whole))
    return _edited(text, edits)


def _end(tokens: Sequence[Token], span: Span) -> int:
    _, token, start, _ = tokens[span.end - 1]
    return start + len(token)


def _source(text: str, tokens: Sequence[Token], span: Span) -> str:
    return text[tokens[span.start][2] : _end(tokens, span)]


class _Path:
    """A path (SPARQL 1.1 Query §19.8, rules 88 to 96), taken apart at its alternatives. What is below ``*``, ``+`` or
    ``?`` stays as it is: those have no duplicates."""

    def __init__(self, tokens: Sequence[Token], span: Span) -> None:
        self._tokens = [token[1] for token in tokens[span.start : span.end]]
        self._place = 0

    def alternatives(self) -> list[str]:
        """Paths without alternatives that together have the solutions of this one."""
        ways = self._sequence()
        while self._take("|"):
            ways += self._sequence()
        return ways

    def _sequence(self) -> list[str]:
        steps = [self._step()]
        while self._take("/"):
            steps.append(self._step())
        return ["/".join(way) for way in product(*steps)]

    def _step(self) -> list[str]:
        inverse, start = self._take("^"), self._place
        ways = self._primary()
        if any(self._take(sign) for sign in "*+?"):
            ways = ["".join(self._tokens[start : self._place])]
        return [f"^({way})" if inverse else way for way in ways]

    def _primary(self) -> list[str]:
        if self._take("!"):
            return self._negated()
        if self._take("("):
            ways = self.alternatives()
            self._take(")")
            return [f"({way})" for way in ways]
        self._place += 1
        return [self._tokens[self._place - 1]]

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
