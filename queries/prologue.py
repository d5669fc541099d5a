"""What a query says before its pattern: its base and prefixes, and the graphs that it is asked of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from queries.scanner import Token

Graphs = tuple[tuple[str, ...], tuple[str, ...]]
"""The graphs of a data set by IRI, those of its default graph and those that are named, each once."""


@dataclass(frozen=True, slots=True)
class Prologue:
    """Base and prefixes (SPARQL 1.1 Query §4.1), and the graphs of the dataset clause (§13.2); None without such a
    clause."""

    base: str
    prefixes: Mapping[str, str]
    graphs: Graphs | None

    def iri(self, token: Token) -> str:
        """The absolute IRI of a token that is one, or a prefixed name."""
        kind, text = token[:2]
        if kind == "name":
            prefix, _, local = text.partition(":")
            return self.prefixes.get(prefix + ":", "") + local
        return _joined(self.base, text[1:-1])


def read_prologue(tokens: Sequence[Token], base: str) -> Prologue:
    """What the tokens of a query say, against a base IRI; whatever breaks the grammar is passed over."""
    prefixes: dict[str, str] = {}
    graphs: tuple[dict[str, None], dict[str, None]] | None = None
    for index, (kind, token, _, depth) in enumerate(tokens[:-1]):
        if kind != "word" or depth:
            continue
        following = tokens[index + 1]
        word = token.upper()
        if word == "BASE":
            base = _joined(base, following[1][1:-1])
        elif word == "PREFIX" and index + 2 < len(tokens):
            prefixes[following[1]] = _joined(base, tokens[index + 2][1][1:-1])
        elif word.endswith("FROM"):  # the engine needs no space before it
            graphs = graphs or ({}, {})
            named = following[1].upper() == "NAMED" and index + 2 < len(tokens)
            graph = tokens[index + 2] if named else following
            graphs[named][Prologue(base, prefixes, None).iri(graph)] = None
    return Prologue(base, prefixes, (tuple(graphs[0]), tuple(graphs[1])) if graphs else None)


def _joined(base: str, reference: str) -> str:
    """The IRI of a reference (RFC 3986 §5.2), as it stands where it is absolute, or is none that can be resolved; an
    empty fragment stays, as namespaces need it."""
    if "://" in reference:
        return reference
    try:
        joined = urljoin(base, reference)
    except ValueError:  # a host in brackets that is no address
        return reference
    return joined + "#" * (reference.endswith("#") and not joined.endswith("#"))
