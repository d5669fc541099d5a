"""The description of one thing in a store: its statements and those of its fragments, incoming links, and labels.

A store in this process is read pattern by pattern, which costs a quarter of the same in SPARQL; any other is asked
`queries/resources/resource-statements.rq` and the queries beside it. Both find the same, by the same way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from ontology.terms import Names, Node, Term, term

Facts = dict[Node, dict[str, set[Term]]]
"""Values by subject and by the IRI of the property."""
TYPE, LABEL = term("rdf:type").value, term("rdfs:label").value
INCOMING = 200
"""How many incoming links a page of a description has; `queries/resources/resource-links-in.rq` asks for one more."""
COUNTED = 100_000
"""Up to how many are counted and can be reached page by page; the query `resource-links` has the same limit."""
_INSIDE = ("Paragraph", "Item", "UnnumberedText", "Masthead", "Footnote")
"""The classes whose things are described with all that has its name below theirs: directives, mentions, links."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a thing. ``graphs`` are those that speak of it; ``links`` counts what points at it, up to
    `COUNTED`; one page of them, `INCOMING` long, is among the facts."""

    facts: Facts
    graphs: frozenset[NamedNode]
    links: int


class _Quad(Protocol):
    """A published statement in its graph; there are none about statements."""

    subject: Node
    predicate: NamedNode
    object: Term
    graph_name: NamedNode | BlankNode | DefaultGraph


class Asked(Protocol):
    """A store that answers the named queries of this module."""

    def select(self, name: str, **bindings: Term) -> list[dict[str, Term]]:
        """The rows of a SELECT query."""

    def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples of a CONSTRUCT query."""


def state(facts: Facts, subject: Node, prefixed: str, *values: Term) -> None:
    """Adds that a subject has values for a property, given by its prefixed name."""
    facts.setdefault(subject, {}).setdefault(term(prefixed).value, set()).update(values)


def gather(triples: Iterable[Triple], facts: Facts | None = None) -> Facts:
    """The triples as facts, added to those given. Raises `TypeError` for a statement about a statement."""
    found: Facts = {} if facts is None else facts
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise TypeError("Published data have no statements about statements.")
        found.setdefault(subject, {}).setdefault(triple.predicate.value, set()).add(value)
    return found


class Source(ABC):
    """Where a description is read from; what is read is added to ``facts``."""

    def __init__(self) -> None:
        self.facts: Facts = {}

    @abstractmethod
    def read_statements(self, subject: NamedNode) -> Iterable[NamedNode]:
        """Reads what is said of a thing, with name and classes of what it is said with. Returns the IRIs among it."""

    @abstractmethod
    def read_links(self, resource: NamedNode, page: int = 1) -> int:
        """Reads a page of what points at a thing, with names, and of an editor's link reason and status. Returns how
        many there are."""

    @abstractmethod
    def graphs(self, resource: NamedNode) -> frozenset[NamedNode]:
        """The graphs that speak of a thing."""

    @abstractmethod
    def graphs_by_statement(self, subject: Node) -> Callable[[str, Term], Iterable[object]]:
        """Tells the graphs of each statement about a subject, by the IRI of its property and by its value."""

    def placed(self, facts: Facts) -> dict[NamedNode | None, Facts]:
        """The facts by named graph; under None those in the default graph."""
        placed: dict[NamedNode | None, Facts] = {}
        for subject, said in facts.items():
            graphs_of = self.graphs_by_statement(subject)
            for iri, values in said.items():
                for value in values:
                    graphs = {graph for graph in graphs_of(iri, value) if isinstance(graph, NamedNode)}
                    for graph in graphs or (None,):
                        placed.setdefault(graph, {}).setdefault(subject, {}).setdefault(iri, set()).add(value)
        return placed

    def known(self, resource: NamedNode, names: Names, page: int = 1) -> Known:
        """The description of a thing, with one page of its incoming links."""
        self._read_whole(resource)
        links = self.read_links(resource, page)
        waiting, done = [resource], {resource}
        while waiting:
            for part in sorted(self._below(waiting.pop(), names) - done, key=str):
                done.add(part)
                self._read_whole(part)
                if self._has_parts(part, names):
                    self.read_links(part)
                    waiting.append(part)
        return Known(self.facts, self.graphs(resource), links)

    def _read_whole(self, resource: NamedNode) -> None:
        """Reads what is said of a thing, and of its fragments as far as it leads to them."""
        waiting, seen, inside = [resource], {resource}, resource.value + "#"
        while waiting:
            for value in self.read_statements(waiting.pop()):
                if value.value.startswith(inside) and value not in seen:
                    seen.add(value)
                    waiting.append(value)

    def _has_parts(self, thing: NamedNode, names: Names) -> bool:
        types = self.facts.get(thing, {}).get(TYPE, set())
        return any(names.pal(name) in types for name in _INSIDE)

    def _below(self, thing: NamedNode, names: Names) -> set[NamedNode]:
        """What has its name below that of a text, as far as the facts lead to it."""
        if not self._has_parts(thing, names):
            return set()
        start, named = thing.value + "/", set[str]()
        for subject, said in self.facts.items():
            named.add(subject.value)
            named.update(value.value for values in said.values() for value in values if isinstance(value, NamedNode))
        return {NamedNode(iri.partition("#")[0]) for iri in named if iri.startswith(start)}


class Patterns(Source):
    """A store in this process. A thing that many values point at is named once."""

    def __init__(self, store: Store, names: Names) -> None:
        super().__init__()
        self._find = cast(Callable[..., Iterable[_Quad]], store.quads_for_pattern)
        self._label, self._type = term("rdfs:label"), term("rdf:type")
        self._status, self._reason = names.pal("reviewStatus"), term("rdfs:comment")
        self._link = (self._label, self._status, names.pal("confidence"))
        self._named: set[Node] = set()

    def read_statements(self, subject: NamedNode) -> Iterable[NamedNode]:
        """Reads what is said of a thing."""
        facts, named = self.facts, self._named
        leading: list[NamedNode] = []
        for quad in self._find(subject, None, None, None):
            value = quad.object
            facts.setdefault(subject, {}).setdefault(quad.predicate.value, set()).add(value)
            if isinstance(value, Literal):
                continue
            if value not in named:
                named.add(value)
                self._add(value, self._label)
                self._add(value, self._type)
            if isinstance(value, NamedNode):
                leading.append(value)
        return leading

    def read_links(self, resource: NamedNode, page: int = 1) -> int:
        """Reads a page of what points at a thing."""
        links: dict[tuple[NamedNode, str], None] = {}
        described: set[Node] = set()
        for quad in self._find(None, None, resource, None):
            if isinstance(quad.subject, NamedNode):
                links[quad.subject, quad.predicate.value] = None
                if len(links) >= COUNTED:
                    break
        for subject, property_ in links if page == 1 and len(links) <= INCOMING else paged(links, page):
            self.facts.setdefault(subject, {}).setdefault(property_, set()).add(resource)
            if subject not in described:
                described.add(subject)
                for about in self._link:
                    added = self._add(subject, about)
                    if added and about is self._status:
                        self._add(subject, self._reason)
        return len(links)

    def graphs(self, resource: NamedNode) -> frozenset[NamedNode]:
        """The graphs that speak of a thing."""
        found = {quad.graph_name for quad in self._find(resource, None, None, None)}
        return frozenset(graph for graph in found if isinstance(graph, NamedNode))

    def graphs_by_statement(self, subject: Node) -> Callable[[str, Term], Iterable[object]]:
        """Tells the graphs of each statement about a subject."""
        find = self._find
        return lambda iri, value: [quad.graph_name for quad in find(subject, NamedNode(iri), value, None)]

    def _add(self, subject: Node, property_: NamedNode) -> bool:
        """Adds the values of one property; whether there are any."""
        values: set[Term] | None = None
        for quad in self._find(subject, property_, None, None):
            if values is None:
                values = self.facts.setdefault(subject, {}).setdefault(property_.value, set())
            values.add(quad.object)
        return values is not None


class Queries(Source):
    """Any store, asked by queries."""

    def __init__(self, store: Asked) -> None:
        super().__init__()
        self._store = store

    def read_statements(self, subject: NamedNode) -> Iterable[NamedNode]:
        """Reads what is said of a thing."""
        triples = self._store.construct("resource-statements", resource=subject)
        gather(triples, self.facts)
        return [triple.object for triple in triples if isinstance(triple.object, NamedNode)]

    def read_links(self, resource: NamedNode, page: int = 1) -> int:
        """Reads a page of what points at a thing."""
        if page == 1:
            links = self._store.construct("resource-links-in", resource=resource)
            leading = [triple for triple in links if triple.object == resource]
            if len(leading) <= INCOMING:
                gather(links, self.facts)
                return len(leading)
        rows = self._store.select("resource-links", resource=resource)
        stated = [(row["subject"], row["property"].value) for row in rows]
        shown = paged(((subject, iri) for subject, iri in stated if isinstance(subject, NamedNode)), page)
        for subject, iri in shown:
            self.facts.setdefault(subject, {}).setdefault(iri, set()).add(resource)
        for subject in dict.fromkeys(subject for subject, _ in shown):
            gather(self._store.construct("link-names", resource=subject), self.facts)
        return len(stated)

    def graphs(self, resource: NamedNode) -> frozenset[NamedNode]:
        """The graphs that speak of a thing."""
        rows = self._store.select("resource-graphs", resource=resource)
        return frozenset(graph for row in rows if isinstance(graph := row["graph"], NamedNode))

    def graphs_by_statement(self, subject: Node) -> Callable[[str, Term], Iterable[object]]:
        """Tells the graphs of each statement about a subject."""
        where: dict[tuple[str, str], list[object]] = {}
        rows = self._store.select("statement-graphs", resource=subject) if isinstance(subject, NamedNode) else []
        for row in rows:
            where.setdefault((row["property"].value, str(row["value"])), []).append(row["graph"])
        return lambda iri, value: where.get((iri, str(value)), ())


def paged(links: Iterable[tuple[NamedNode, str]], page: int) -> list[tuple[NamedNode, str]]:
    """One page of what points at a thing, by subject and property, counted from 1."""
    ordered = sorted(links, key=lambda link: (link[0].value, link[1]))
    return ordered[(page - 1) * INCOMING : page * INCOMING]
