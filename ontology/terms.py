"""Terms: RDF names in code. `Names` makes our IRIs below a base; `term` a well-known one from its prefixed name."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.namespaces import DESCRIBING, WELL_KNOWN, Base

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


@cache
def term(prefixed: str) -> NamedNode:
    """The well-known term with this prefixed name, ``skos:prefLabel``. Raises `KeyError` for an unknown prefix."""
    prefix, _, local = prefixed.partition(":")
    return NamedNode((WELL_KNOWN.get(prefix) or DESCRIBING[prefix]) + local)


def english(text: str) -> Literal:
    """The text as a literal tagged ``en``."""
    return Literal(text, language="en")


def integer(value: int) -> Literal:
    """The number as ``xsd:integer``."""
    return Literal(str(value), datatype=term("xsd:integer"))


def date_time(moment: datetime) -> Literal:
    """A moment in UTC as ``xsd:dateTime``, to the second."""
    return Literal(f"{moment:%Y-%m-%dT%H:%M:%SZ}", datatype=term("xsd:dateTime"))


def boolean(value: bool) -> Literal:
    """The truth value as ``xsd:boolean`` in its canonical form."""
    return Literal("true" if value else "false", datatype=term("xsd:boolean"))


@cache
def _ours(vocabulary: str, local: str) -> NamedNode:
    return NamedNode(f"{vocabulary}ontology#{local}")


class Names:
    """Makes the IRIs of one build. Paths are relative to the base: ``id/actor/unodc``."""

    __slots__ = ("base",)

    def __init__(self, base: Base) -> None:
        self.base = base

    def node(self, path: str) -> NamedNode:
        """The IRI at a path below the base."""
        return NamedNode(self.base.place(path))

    def pal(self, local: str) -> NamedNode:
        """The ontology term ``pal:local``."""
        return _ours(self.base.vocabulary, local)

    def graph(self, name: str) -> NamedNode:
        """The named graph ``graph/name``."""
        return NamedNode(f"{self.base.iri}graph/{name}")

    def path(self, node: NamedNode) -> str:
        """The path of one of our IRIs below the base. Raises `ValueError` for an IRI from elsewhere."""
        path = self.base.path_of(node.value)
        if path is None:
            raise ValueError(f"{node.value} is not below {self.base.iri}")
        return path
