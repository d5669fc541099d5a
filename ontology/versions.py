"""Versions of the graph in a store that holds several of them, side by side, under names of their own.

Version ``V`` is one graph of everything, ``<v/V/graph>``, and each of its named graphs, ``<v/V/graph/reference>`` for
``<graph/reference>``; the graph ``<v/V>`` names its parts and is written last: where it is, the version is whole.
These are the addresses at which the server shows the version (``/v/V/…``). No name is shared between two versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import Base
from ontology.terms import term


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the graph with this base."""

    base: Base
    name: str

    @property
    def record(self) -> NamedNode:
        """The graph that says that the version is whole, and the version itself."""
        return NamedNode(f"{self.base.iri}v/{self.name}")

    @property
    def everything(self) -> NamedNode:
        """The graph that holds the statements of all graphs."""
        return NamedNode(f"{self.record.value}/graph")

    def graph(self, graph: str) -> NamedNode:
        """The name that a graph of ours has in this version. Raises `ValueError` for one from elsewhere."""
        if not graph.startswith(self.base.iri):
            raise ValueError(f"{graph} is not below {self.base.iri}")
        return NamedNode(f"{self.record.value}/{graph[len(self.base.iri) :]}")

    def statements(self, built: str, graphs: Iterable[NamedNode]) -> Iterator[Triple]:
        """What the record says: the time of the build (``xsd:dateTime``) and the graphs the version is made of."""
        yield Triple(self.record, term("dcterms:issued"), Literal(built, datatype=term("xsd:dateTime")))
        for graph in (self.everything, *graphs):
            yield Triple(self.record, term("dcterms:hasPart"), graph)
