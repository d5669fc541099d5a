"""A query as another engine gets it: its IRIs absolute, and its graphs under the names of one version.

The text is cut into tokens (`queries.scanner`) and put together again, so that nothing inside a string, an IRI or a
comment is taken for something else. The graphs of the query, its own (``FROM``) or all, are given beside the text, as
parameters of the protocol (SPARQL 1.1 Protocol §2.1.4): without them an engine may look into whatever it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ontology.layout import Version
from queries.prologue import Graphs, Prologue, read_prologue
from queries.scanner import Edit, Token, edited, scan

RESERVED = "palermo_graph_"
"""How the variables begin that are added here; their columns are left out of a result."""
_DEEP = 1_000


@dataclass(frozen=True, slots=True)
class VersionedQuery:
    """What is sent: the query, the graphs its default graph is made of, and those it may name."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def for_version(text: str, version: Version, graphs: Collection[str], chosen: Graphs | None = None) -> VersionedQuery:
    """The query for this version. ``graphs`` are all our named graphs; those ``chosen`` by a request go before what the
    text says. What breaks the grammar is sent as it is."""
    tokens = list(scan(text, _DEEP))
    prologue = read_prologue(tokens, version.base.iri)
    chosen = chosen or prologue.graphs
    default = [version.graph(graph).value for graph in chosen[0]] if chosen else [version.everything.value]
    named = {graph: version.graph(graph).value for graph in (chosen[1] if chosen else sorted(graphs))}
    ours = {graph: version.graph(graph).value for graph in graphs}
    names = any(kind == "word" and token.upper() == "GRAPH" for kind, token, _, _ in tokens)
    edits = _edits(text, tokens, prologue, named, ours)
    return VersionedQuery(edited(text, edits), tuple(default), tuple(named.values()) if names else ())


def _edits(
    text: str, tokens: Sequence[Token], prologue: Prologue, named: Mapping[str, str], ours: Mapping[str, str]
) -> Iterator[Edit]:
    """What is changed in a text: each IRI is absolute, the graphs that it is asked of are gone, and those that it names
    have the names of the version."""
    end: Token = ("end", "", len(text), 0)
    places = iter(enumerate(tokens))
    rows = " ".join(f"(<{new}> <{old}>)" for old, new in named.items())
    number = 0
    for place, (kind, token, start, depth) in places:
        word = token.upper() if kind == "word" else ""
        following, later = (*tokens[place + 1 : place + 3], end, end)[:2]
        if word == "BASE" or (word == "FROM" and not depth):
            last = later if following[1].upper() == "NAMED" else following
            next(places, None)
            if last is later:
                next(places, None)
            yield start, last[2] + len(last[1]), ""
        elif word == "PREFIX":
            next(places, None)
            next(places, None)
            yield later[2], later[2] + len(later[1]), f"<{prologue.prefixes.get(following[1], '')}>"
        elif word == "GRAPH":
            next(places, None)
            if following[0] == "variable":
                own = f"?{RESERVED}{number}"
                number += 1
                yield start, start, f"{{ VALUES ({own} {following[1]}) {{ {rows} }} "
                yield following[2], following[2] + len(following[1]), f" {own} "
                after = _end(text, tokens, place + 2)
                yield after, after, " }"
            else:
                graph = prologue.iri(following)
                yield following[2], following[2] + len(following[1]), f" <{ours.get(graph, graph)}> "
        elif kind == "iri":
            yield start, start + len(token), f"<{prologue.iri((kind, token, start, depth))}>"


def _end(text: str, tokens: Sequence[Token], opening: int) -> int:
    """Where the group that a token opens has ended."""
    depth = tokens[opening][3] - 1
    return next(
        (start + 1 for _, token, start, now in tokens[opening + 1 :] if token == "}" and now == depth), len(text)
    )
