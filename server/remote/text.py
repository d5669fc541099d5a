"""A query as another engine gets it: IRIs absolute, parameters filled in, graphs under the names of one version.

The text is cut into tokens (`queries.scanner`) and put together again, so that nothing inside a string, an IRI or
a comment is taken for something else. The graphs of the query, its own (``FROM``) or all, are given beside the text, as
parameters of the protocol (SPARQL 1.1 Protocol §2.1.4): without them an engine may look into whatever it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.versions import Version
from queries.scanner import Token, scan

RESERVED = "palermo_graph_"
"""How the variables begin that are added here; their columns are left out of a result."""
_DEEP = 1_000
_CLAUSES = frozenset({"GROUP", "ORDER"})
_ENDS = frozenset({"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


@dataclass(frozen=True, slots=True)
class RemoteText:
    """What is sent: the query, the graphs its default graph is made of, and those it may name."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def remote_text(
    text: str,
    version: Version,
    graphs: Collection[str],
    bindings: Mapping[str, NamedNode | Literal | BlankNode] | None = None,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> RemoteText:
    """The query for this version. ``graphs`` are all our named graphs; the last two come from the protocol and go
    before what the text says. A variable in ``bindings`` is replaced by its value and leaves the columns of the
    result. What breaks the grammar is sent as it is."""
    draft = _Draft(text, version.base.iri, version, graphs, _signed(bindings or {}))
    draft.read()
    if default_graphs is not None or named_graphs is not None:
        default, named = tuple(default_graphs or ()), tuple(named_graphs or ())
    elif draft.chosen:
        default, named = tuple(draft.default), tuple(draft.named)
    else:
        return draft.finished((version.everything.value,), tuple(sorted(graphs)))
    return draft.finished(tuple(version.graph(graph).value for graph in default), named)


def filled_text(text: str, base: str, bindings: Mapping[str, NamedNode | Literal | BlankNode]) -> str:
    """The query with absolute IRIs and its parameters filled in, for an engine that has the graphs under their own
    names. An engine plans a constant better than a variable of which it learns the value only when it runs."""
    draft = _Draft(text, base, None, (), _signed(bindings))
    draft.read()
    return draft.finished((), ()).text


def _signed(bindings: Mapping[str, NamedNode | Literal | BlankNode]) -> dict[str, NamedNode | Literal | BlankNode]:
    return {f"{sign}{name}": value for name, value in bindings.items() for sign in "?$"}


def absolute(base: str, reference: str) -> str:
    """The IRI a reference stands for (RFC 3986 §5.2). An empty fragment stays, as namespaces need it."""
    if not reference or "://" in reference or reference.startswith("urn:"):
        return reference or base
    return urljoin(base, reference) + "#" * reference.endswith("#")


@dataclass(slots=True)
class _Draft:
    text: str
    base: str
    version: Version | None
    graphs: Collection[str]
    bindings: Mapping[str, NamedNode | Literal | BlankNode]
    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    chosen: bool = False
    _edits: list[tuple[int, int, str]] = field(default_factory=list)
    _named_by_variable: list[tuple[int, int, str]] = field(default_factory=list)
    _names_graphs: bool = False
    _prefixes: dict[str, str] = field(default_factory=dict)
    _tokens: list[Token] = field(default_factory=list)

    def read(self) -> None:
        """Goes through the tokens once and notes what is to be changed."""
        end: Token = ("end", "", len(self.text), 0)
        self._tokens = [*scan(self.text, _DEEP), end, end, end]
        index = 0
        while index < len(self._tokens) - 3:
            kind, token, _, depth = self._tokens[index]
            word = token.upper() if kind == "word" else ""
            if word == "BASE":
                self.base = self._iri(index + 1)
                self._cut(index, index + 1)
                index += 2
            elif word == "PREFIX":
                self._prefixes[self._tokens[index + 1][1]] = self._iri(index + 2)
                self._put(index + 2, f"<{self._iri(index + 2)}>")
                index += 3
            elif word == "FROM" and not depth and self.version is not None:
                index = self._from(index)
            elif word == "GRAPH" and self.version is not None:
                index = self._graph(index, self.version)
            elif word == "SELECT":
                index = self._select(index)
            elif word in _CLAUSES and self._is(index + 1, "BY"):
                index = self._clause(index)
            else:
                self._plain(index)
                index += 1

    def finished(self, default: tuple[str, ...], named: tuple[str, ...]) -> RemoteText:
        """The text with its changes, and graphs under the names of the version."""
        there = {graph: self.version.graph(graph).value for graph in named} if self.version is not None else {}
        edits = list(self._edits)
        rows = " ".join(f"(<{new}> <{old}>)" for old, new in there.items())
        for number, (start, end, variable) in enumerate(self._named_by_variable):
            own = f"?{RESERVED}{number}"
            edits.append((start, start, f"{{ VALUES ({own} {variable}) {{ {rows} }} "))
            edits.append((start + len("GRAPH"), start + len("GRAPH"), f" {own} "))
            edits.append((end, end, " }"))
        pieces: list[str] = []
        position = 0
        for start, stop, new in sorted(edits, key=lambda edit: edit[:2]):
            pieces += (self.text[position:start], new)
            position = stop
        pieces.append(self.text[position:])
        return RemoteText("".join(pieces), default, tuple(there.values()) if self._names_graphs else ())

    def _is(self, index: int, word: str) -> bool:
        return index < len(self._tokens) and self._tokens[index][0] == "word" and self._tokens[index][1].upper() == word

    def _iri(self, index: int) -> str:
        """The IRI a token stands for, absolute."""
        kind, token = self._tokens[index][:2]
        if kind == "name":
            prefix, _, local = token.partition(":")
            return self._prefixes.get(f"{prefix}:", "") + local
        return absolute(self.base, token[1:-1])

    def _put(self, index: int, new: str) -> None:
        _, token, start, _ = self._tokens[index]
        self._edits.append((start, start + len(token), new))

    def _cut(self, first: int, last: int) -> None:
        for index in range(first, last + 1):
            self._put(index, "")

    def _plain(self, index: int) -> None:
        kind, token = self._tokens[index][:2]
        if kind == "iri":
            self._put(index, f"<{self._iri(index)}>")
        elif kind == "variable" and token in self.bindings:
            self._put(index, f" {self.bindings[token]} ")

    def _from(self, index: int) -> int:
        self.chosen = True
        named = self._is(index + 1, "NAMED")
        last = index + 1 + named
        (self.named if named else self.default).append(self._iri(last))
        self._cut(index, last)
        return last + 1

    def _graph(self, index: int, version: Version) -> int:
        self._names_graphs = True
        kind, token = self._tokens[index + 1][:2]
        value = self.bindings.get(token) if kind == "variable" else None
        if kind == "variable" and value is None:
            self._cut(index + 1, index + 1)
            self._named_by_variable.append((self._tokens[index][2], self._end(index + 2), token))
        else:
            graph = value.value if isinstance(value, NamedNode) else self._iri(index + 1)
            known = version.graph(graph).value if graph in self.graphs else graph
            self._put(index + 1, f" <{known}> ")
        return index + 2

    def _end(self, opening: int) -> int:
        """Where the group that a token opens has ended."""
        depth = self._tokens[opening][3] - 1
        for _, token, start, after in self._tokens[opening + 1 :]:
            if token == "}" and after == depth:
                return start + 1
        return len(self.text)

    def _select(self, index: int) -> int:
        """The columns, up to WHERE or the group: a bound one is left out."""
        depth = self._tokens[index][3]
        kept, bound = 0, []
        index += 1
        while index < len(self._tokens) and not self._is(index, "WHERE") and not self._is(index, "FROM"):
            kind, token, _, now = self._tokens[index]
            if token == "{" or kind == "end":
                break
            if kind == "variable" and now == depth and token in self.bindings:
                bound.append(index)
            else:
                self._plain(index)
                kept += kind != "word"
            index += 1
        for number, place in enumerate(bound):
            self._put(place, f"(1 AS ?{RESERVED}only)" if not kept and not number else "")
        return index

    def _clause(self, index: int) -> int:
        """GROUP BY or ORDER BY: a bound variable orders and parts nothing; one group of nothing is no group."""
        first, depth = index, self._tokens[index][3]
        kept, bound = 0, []
        index += 2
        while index < len(self._tokens):
            kind, token, _, now = self._tokens[index]
            if (kind == "word" and now == depth and token.upper() in _ENDS) or now < depth or kind == "end":
                break
            if kind == "variable" and now == depth and token in self.bindings:
                bound.append(index)
            else:
                self._plain(index)
                kept += 1
            index += 1
        for place in bound:
            self._put(place, "")
        if bound and not kept:
            self._cut(first, first + 1)
            if self._is(first, "GROUP"):
                _, _, closing, _ = self._tokens[first - 1]
                self._edits.append((closing, closing, f"BIND(1 AS ?{RESERVED}one) "))
                self._put(bound[0], f"GROUP BY ?{RESERVED}one")
        return index
