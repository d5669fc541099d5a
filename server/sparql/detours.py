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
- ``REPLACE`` reads replacements in another way: a constant one is written as the engine reads it (`patterns`).
- ``(p|q)`` in a path loses duplicates: it becomes a union of patterns (§18.4, Alternative).
- ``!p`` between two known ends counts once for all properties: it becomes a variable with a filter, in a subquery.
- ``p*`` and ``p?`` from a term give nothing where no statement of the graph has it, instead of the term itself: the
  term is one part of a union, what else the path leads to the other (§18.4, ZeroOrMorePath).
- A name that SELECT gave to an aggregate is unknown to a later expression, and an ungrouped variable of HAVING and
  ORDER BY unbound: the expression is written again, and SAMPLE around the variable (`grouping`, §16.1.2, §18.2.4.1).
- ``MINUS`` in EXISTS takes away what it shares no variable with: refused, unless it surely shares one (§18.5, Minus).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from queries.scanner import Token, scan
from server.sparql.expressions import Edit, Fault, closing, edited
from server.sparql.grammar import find_statements
from server.sparql.grouping import regroupings
from server.sparql.outcomes import QueryFailed
from server.sparql.paths import may_need_rewriting, rewrite_paths
from server.sparql.patterns import replacements

_DEEP = 1_000
_MOST_GRAPHS, _MOST_TEXT = 30, 2_000_000
_NO_GRAPH = "urn:x-arq:NoGraph"
_ENDS_ORDER = frozenset({"LIMIT", "OFFSET", "VALUES"})
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
_WORDS = frozenset({"GRAPH", "GROUP_CONCAT", "ORDER", "REPLACE"})
_BOTH = frozenset({"EXISTS", "MINUS"})


Resolve = Callable[[Token], str]


def detour(
    text: str,
    tokens: Sequence[Token],
    graphs: Collection[str],
    resolve: Resolve | None = None,
    *,
    empty: bool = True,
) -> str:
    """The query as the engine has to be asked, with the same solutions; a text that is no query as it is. ``graphs``
    are the named graphs of the data set, ``resolve`` gives the IRI of a token; without ``empty`` paths of
    no step are left as they are. Raises `QueryFailed` where there is no such form."""
    words = _words(tokens)
    if not needs_detour(text, tokens) or not _is_query(text, tokens):
        return text
    if words >= _BOTH and _takes_too_much(tokens):
        raise QueryFailed(_TAKES_TOO_MUCH)
    if regrouped := list(regroupings(text, tokens)):
        text = edited(text, regrouped)
        tokens = list(scan(text, _DEEP))
    given, text = text, rewrite_paths(text, tokens, words, empty=empty)
    tokens = tokens if text == given else list(scan(text, _DEEP))
    if "GRAPH" in words and resolve is not None and (absent := list(_absent_graphs(tokens, graphs, resolve))):
        text = edited(text, absent)
        tokens = list(scan(text, _DEEP))
    if "GRAPH" in words and _forgotten_graph(tokens) is not None:
        text = _without_graphs_around(text, sorted(graphs))
        tokens = list(scan(text, _DEEP))
    return edited(text, [*_texts_to_join(tokens), *_kinds_to_sort(tokens), *replacements(tokens)])


def needs_detour(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a query has a word or a sign that `detour` looks at: quick, and often true of what needs none."""
    words = _words(tokens)
    return bool(words & _WORDS) or words >= _BOTH or may_need_rewriting(tokens) or any(regroupings(text, tokens))


def _words(tokens: Sequence[Token]) -> set[str]:
    return {token.upper() for kind, token, _, _ in tokens if kind == "word"}


def _is_query(text: str, tokens: Sequence[Token]) -> bool:
    try:
        find_statements(tokens, len(text))
    except (Fault, RecursionError):
        return False
    return True


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
        depth, last = tokens[index + 1][3], closing(tokens, index + 1)
        parted = (place for place in range(first, last) if tokens[place][1] == ";" and tokens[place][3] == depth)
        end = tokens[next(parted, last)][2]
        yield tokens[first][2], tokens[first][2], "STR("
        yield end, end, ")"


def _absent_graphs(tokens: Sequence[Token], graphs: Collection[str], resolve: Resolve) -> Iterator[Edit]:
    """No solution around each GRAPH with a name that the data set does not have."""
    for index, (kind, token, start, _) in enumerate(tokens[:-2]):
        named = tokens[index + 1]
        if kind == "word" and token.upper() == "GRAPH" and named[0] in ("iri", "name") and resolve(named) not in graphs:
            end = tokens[closing(tokens, index + 2)][2] + 1
            yield start, start, "{ VALUES () { } "
            yield end, end, " }"


def _without_graphs_around(text: str, graphs: Sequence[str]) -> str:
    """Each GRAPH with a variable around what makes the engine forget it, the innermost first, as a union."""
    while True:
        tokens = list(scan(text, _DEEP))
        forgotten = _forgotten_graph(tokens)
        if forgotten is None:
            return text
        index, last = forgotten
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
            last = closing(tokens, index + 2)
            inside = {tokens[place][1].upper() for place in range(index + 3, last) if tokens[place][0] == "word"}
            if inside & {"SELECT", "VALUES", "MINUS", "GRAPH"} or (
                "OPTIONAL" in inside and _is_in_statement(tokens, index + 2, last, tokens[index + 1][1][1:])
            ):
                return index, last
    return None


def _takes_too_much(tokens: Sequence[Token]) -> bool:
    """Whether a MINUS in EXISTS may share no variable with what stands before it in its group."""
    opened: list[int] = []
    until = 0  # where the outermost EXISTS around a token ends
    for index, (kind, token, _, _) in enumerate(tokens):
        if kind == "symbol" and token == "{":
            opened.append(index)
            if tokens[index - 1][1].upper() == "EXISTS":
                until = max(until, closing(tokens, index))
        elif kind == "symbol" and token == "}":
            opened.pop()
        elif kind == "word" and token.upper() == "MINUS" and index < until:
            taken = _bound(tokens, index + 1, closing(tokens, index + 1))
            if not taken & _bound(tokens, opened[-1], index):
                return True
    return False


def _bound(tokens: Sequence[Token], opening: int, end: int) -> set[str]:
    """The variables that each solution of a group has, read up to a token: those that stand in its own triples."""
    depth = tokens[opening][3]
    return {
        tokens[place][1][1:]
        for place in range(opening + 1, end)
        if tokens[place][0] == "variable" and tokens[place][3] == depth and tokens[place - 1][1].upper() != "VALUES"
    }


def _is_in_statement(tokens: Sequence[Token], opening: int, last: int, name: str) -> bool:
    """Whether a group has a variable outside of expressions."""
    brackets: list[str] = []
    for kind, token, _, _ in tokens[opening:last]:
        if kind == "symbol" and token in ("{", "(", "["):
            brackets.append(token)
        elif kind == "symbol" and token in ("}", ")", "]"):
            brackets.pop()
        elif kind == "variable" and token[1:] == name and "(" not in brackets:
            return True
    return False
