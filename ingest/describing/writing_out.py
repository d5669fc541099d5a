"""Infers superclasses and superproperties (RDFS rules rdfs7, rdfs9) into the graph of the statement they follow from.

Clients of the graph need no reasoner for ``rdfs:subClassOf`` and ``rdfs:subPropertyOf``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Quad, Triple

from ontology.terms import term


class Superterms:
    """Holds the transitive superclasses of each class and superproperties of each property."""

    def __init__(self, vocabulary: Iterable[Triple]) -> None:
        direct: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for triple in vocabulary:
            if triple.predicate in (term("rdfs:subClassOf"), term("rdfs:subPropertyOf")):
                subject, above = triple.subject, triple.object
                if isinstance(subject, NamedNode) and isinstance(above, NamedNode):
                    direct[subject].add(above)
        self._above: Mapping[NamedNode, tuple[NamedNode, ...]] = {low: _closure(low, direct) for low in list(direct)}

    def written_out(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yields each quad, followed by the quads inferred from it; a quad may be repeated."""
        type_ = term("rdf:type")
        for quad in quads:
            yield quad
            if quad.predicate == type_ and isinstance(quad.object, NamedNode):
                for above in self._above.get(quad.object, ()):
                    yield Quad(quad.subject, type_, above, quad.graph_name)
            for above in self._above.get(quad.predicate, ()):
                yield Quad(quad.subject, above, quad.object, quad.graph_name)


def _closure(low: NamedNode, direct: Mapping[NamedNode, set[NamedNode]]) -> tuple[NamedNode, ...]:
    superclasses: set[NamedNode] = set()
    waiting = [low]
    while waiting:
        for above in direct.get(waiting.pop(), ()):
            if above not in superclasses:
                superclasses.add(above)
                waiting.append(above)
    return tuple(sorted(superclasses, key=lambda node: node.value))
