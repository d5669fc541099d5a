"""What a store knows about one thing: what is said of it and its fragments, what points at it, the names of both ends.

A store in this process is read pattern by pattern, which costs a quarter of the same in SPARQL; any other is asked
`queries/resources/resource-statements.rq` and the queries beside it. Both find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from ontology.terms import Names, term

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal
Facts = dict[Node, dict[str, set[Value]]]
"""Values by subject and by the IRI of the property."""
INCOMING = 200
"""How many incoming links are found with their names; `queries/resources/resource-links-in.rq` asks for one more."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a thing. ``graphs`` are those that speak of it; ``links`` counts what points at it, up to one
    more than `INCOMING`, and only so many are among the facts."""

    facts: Facts
    graphs: frozenset[NamedNode]
    links: int


class _Quad(Protocol):
    """A published statement in its graph; there are none about statements."""

    subject: Node
    predicate: NamedNode
    object: Value
    graph_name: NamedNode | BlankNode | DefaultGraph


class Asked(Protocol):
    """A store that answers the named queries of this module."""

    async def select(self, name: str, **bindings: Value) -> list[dict[str, Value]]:
        """The rows of a SELECT query."""

    async def construct(self, name: str, **bindings: Value) -> list[Triple]:
        """The triples of a CONSTRUCT query."""


def gather(triples: Iterable[Triple], facts: Facts | None = None) -> Facts:
    """The triples as facts, added to those given. Raises `TypeError` for a statement about a statement."""
    found: Facts = {} if facts is None else facts
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise TypeError("Published data have no statements about statements.")
        found.setdefault(subject, {}).setdefault(triple.predicate.value, set()).add(value)
    return found


def known_by_patterns(store: Store, names: Names, resource: NamedNode) -> Known:
    """What a store in this process knows of a thing."""
    reading = _Reading(store, names)
    graphs = reading.read_said(resource)
    return Known(reading.facts, graphs, reading.read_links(resource))


class _Reading:
    """Facts as they are found. A thing that many values point at is named once."""

    __slots__ = ("_find", "_label", "_link", "_named", "_reason", "_status", "_type", "facts")

    def __init__(self, store: Store, names: Names) -> None:
        self._find = cast(Callable[..., Iterable[_Quad]], store.quads_for_pattern)
        self._label, self._type = term("rdfs:label"), term("rdf:type")
        self._status, self._reason = names.pal("reviewStatus"), term("rdfs:comment")
        self._link = (self._label, self._status, names.pal("confidence"))
        self._named: set[Node] = set()
        self.facts: Facts = {}

    def read_said(self, resource: NamedNode) -> frozenset[NamedNode]:
        """Adds what is said of a thing, and of its fragments as far as it leads to them. Returns the graphs that speak
        of the thing itself."""
        facts, named, find = self.facts, self._named, self._find
        graphs: set[NamedNode] = set()
        waiting, seen, inside = [resource], {resource}, resource.value + "#"
        while waiting:
            subject = waiting.pop()
            for quad in find(subject, None, None, None):
                value = quad.object
                facts.setdefault(subject, {}).setdefault(quad.predicate.value, set()).add(value)
                if subject is resource and isinstance(quad.graph_name, NamedNode):
                    graphs.add(quad.graph_name)
                if isinstance(value, Literal):
                    continue
                if value not in named:
                    named.add(value)
                    self._add(value, self._label)
                    self._add(value, self._type)
                if isinstance(value, NamedNode) and value.value.startswith(inside) and value not in seen:
                    seen.add(value)
                    waiting.append(value)
        return frozenset(graphs)

    def read_links(self, resource: NamedNode) -> int:
        """Adds what points at a thing, with names, and of an editor's link reason and status. Returns how many there
        are, up to one more than are added."""
        links: set[tuple[Node, str]] = set()
        described: set[Node] = set()
        for quad in self._find(None, None, resource, None):
            subject = quad.subject
            if not isinstance(subject, NamedNode):
                continue
            property_ = quad.predicate.value
            links.add((subject, property_))
            if len(links) > INCOMING:
                break
            self.facts.setdefault(subject, {}).setdefault(property_, set()).add(resource)
            if subject not in described:
                described.add(subject)
                for about in self._link:
                    found = self._add(subject, about)
                    if found and about is self._status:
                        self._add(subject, self._reason)
        return len(links)

    def _add(self, subject: Node, property_: NamedNode) -> bool:
        """Adds the values of one property; whether there are any."""
        values: set[Value] | None = None
        for quad in self._find(subject, property_, None, None):
            if values is None:
                values = self.facts.setdefault(subject, {}).setdefault(property_.value, set())
            values.add(quad.object)
        return values is not None


async def known_by_queries(store: Asked, resource: NamedNode) -> Known:
    """What any store knows of a thing."""
    facts: Facts = {}
    waiting, seen, inside = [resource], {resource}, resource.value + "#"
    while waiting:
        found = await store.construct("resource-statements", resource=waiting.pop())
        gather(found, facts)
        for triple in found:
            value = triple.object
            if isinstance(value, NamedNode) and value.value.startswith(inside) and value not in seen:
                seen.add(value)
                waiting.append(value)
    links = await store.construct("resource-links-in", resource=resource)
    leading = [triple for triple in links if triple.object == resource]
    dropped = set(leading[INCOMING:])
    shown = {triple.subject for triple in leading[:INCOMING]}
    gather((triple for triple in links if triple not in dropped and triple.subject in shown), facts)
    rows = await store.select("resource-graphs", resource=resource)
    graphs = frozenset(graph for row in rows if isinstance(graph := row["graph"], NamedNode))
    return Known(facts, graphs, len(leading))
