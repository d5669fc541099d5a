"""A query as another engine gets it: its IRIs absolute, and its graphs under the names of one version.

The text is cut into tokens (`queries.scanner`) and put together again, so that nothing inside a string, an IRI or a
comment is taken for something else. The graphs of the query, its own (``FROM``) or all, are given beside the text, as
parameters of the protocol (SPARQL 1.1 Protocol §2.1.4): without them an engine may look into whatever it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ontology.layout import Version
from queries.scanner import Token, scan

RESERVED = "palermo_graph_"
"""How the variables begin that are added here; their columns are left out of a result."""
_DEEP = 1_000


@dataclass(frozen=True, slots=True)
class VersionedQuery:
    """What is sent: the query, the graphs its default graph is made of, and those it may name."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def for_version(
    text: str,
    version: Version,
    graphs: Collection[str],
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
) -> VersionedQuery:
    """The query for this version. ``graphs`` are all our named graphs; the last two come from the protocol and go
    before what the text says. What breaks the grammar is sent as it is."""
    draft = _Draft(text, version, graphs)
    draft.read()
    everything = (version.everything.value,)
    if default_graphs is not None or named_graphs is not None:
        default, named = tuple(default_graphs or ()), tuple(named_graphs or ())
    elif draft.chosen:
        default, named = tuple(draft.default), tuple(draft.named)
    else:
        return draft.finished(everything, tuple(sorted(graphs)))
    return draft.finished(tuple(version.graph(graph).value for graph in default), named)


def _absolute(base: str, reference: str) -> str:
    """Resolves a reference to an IRI (RFC 3986 §5.2); keeps an empty fragment, which namespaces need."""
    if not reference or "://" in reference or reference.startswith("urn:"):
        return reference or base
    return urljoin(base, reference) + "#" * reference.endswith("#")


@dataclass(slots=True)
class _Draft:
    text: str
    version: Version
    graphs: Collection[str]
    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    chosen: bool = False
    _base: str = ""
    _edits: list[tuple[int, int, str]] = field(default_factory=list)
    _named_by_variable: list[tuple[int, int, str]] = field(default_factory=list)
    _names_graphs: bool = False
    _prefixes: dict[str, str] = field(default_factory=dict)
    _tokens: list[Token] = field(default_factory=list)

    def read(self) -> None:
        """Goes through the tokens once and notes what is to be changed."""
        end: Token = ("end", "", len(self.text), 0)
        self._base = self.version.base.iri
        self._tokens = [*scan(self.text, _DEEP), end, end, end]
        index = 0
        while index < len(self._tokens) - 3:
            kind, token, _, depth = self._tokens[index]
            word = token.upper() if kind == "word" else ""
            if word == "BASE":
                self._base = self._iri(index + 1)
                self._put(index, "")
                self._put(index + 1, "")
                index += 1
            elif word == "PREFIX":
                self._prefixes[self._tokens[index + 1][1]] = self._iri(index + 2)
                self._put(index + 2, f"<{self._iri(index + 2)}>")
                index += 2
            elif word == "FROM" and not depth:
                index = self._from(index)
            elif word == "GRAPH":
                self._graph(index)
                index += 1
            elif kind == "iri":
                self._put(index, f"<{self._iri(index)}>")
            index += 1

    def finished(self, default: tuple[str, ...], named: tuple[str, ...]) -> VersionedQuery:
        """The text with its changes, and graphs under the names of the version."""
        there = {graph: self.version.graph(graph).value for graph in named}
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
        return VersionedQuery("".join(pieces), default, tuple(there.values()) if self._names_graphs else ())

    def _iri(self, index: int) -> str:
        """Returns the absolute IRI of a token."""
        kind, token = self._tokens[index][:2]
        if kind == "name":
            prefix, _, local = token.partition(":")
            return self._prefixes.get(f"{prefix}:", "") + local
        return _absolute(self._base, token[1:-1])

    def _put(self, index: int, new: str) -> None:
        _, token, start, _ = self._tokens[index]
        self._edits.append((start, start + len(token), new))

    def _from(self, index: int) -> int:
        self.chosen = True
        named = self._tokens[index + 1][1].upper() == "NAMED"
        last = index + 1 + named
        (self.named if named else self.default).append(self._iri(last))
        for cut in range(index, last + 1):
            self._put(cut, "")
        return last

    def _graph(self, index: int) -> None:
        self._names_graphs = True
        kind, token = self._tokens[index + 1][:2]
        if kind == "variable":
            self._put(index + 1, "")
            self._named_by_variable.append((self._tokens[index][2], self._end(index + 2), token))
        else:
            graph = self._iri(index + 1)
            known = self.version.graph(graph).value if graph in self.graphs else graph
            self._put(index + 1, f" <{known}> ")

    def _end(self, opening: int) -> int:
        """Where the group that a token opens has ended."""
        depth = self._tokens[opening][3] - 1
        for _, token, start, after in self._tokens[opening + 1 :]:
            if token == "}" and after == depth:
                return start + 1
        return len(self.text)
