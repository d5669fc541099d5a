"""Judges a graph part by part: the shared part (vocabulary, reference data) once, every document by itself.

A part is judged together with what it touches of others: the things that it points to or speaks about, and what others
say about its own. Every node belongs to exactly one part, and only breaks at a part's own nodes are its results, so
that the results of all parts together are those of the whole graph (`shapes.validation.validate`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad, Store
from rdflib.namespace import RDFS

from ontology.namespaces import Base
from ontology.terms import Names
from shapes.checks import check_results
from shapes.focused import FocusedShapes, Targets, subclasses
from shapes.results import CheckedShape, Node, Report, Result
from shapes.rules import Rules, read_rules, to_rdflib_graph
from shapes.validation import labelled, lexical_results


@dataclass(frozen=True, slots=True)
class PartReport:
    """What was found in one part: results at its own nodes, and how many of them each shape looked at, by its IRI."""

    results: tuple[Result, ...]
    targets: Mapping[str, int]
    checked: int


def own_nodes(quads: Iterable[Quad]) -> frozenset[Node]:
    """The nodes that quads describe: their subjects, and the graphs that they stand in."""
    nodes: set[Node] = set()
    for quad in quads:
        if isinstance(quad.subject, NamedNode | BlankNode):
            nodes.add(quad.subject)
        if isinstance(quad.graph_name, NamedNode | BlankNode):
            nodes.add(quad.graph_name)
    return frozenset(nodes)


class PartJudge:
    """Holds the rules and the shared part ready. ``shared`` has everything that no document brings."""

    def __init__(self, shared: Collection[Quad], base: Base, rules: Rules | None = None) -> None:
        self.base = base
        self.rules = rules or read_rules(base)
        self._shared = tuple(shared)
        self._nodes = own_nodes(shared)
        self._shapes = FocusedShapes(self.rules)
        self._targets = Targets(self.rules)
        self._shapes_graph = Names(base).graph("shapes")
        self._about: defaultdict[object, list[Quad]] = defaultdict(list)
        for quad in self._shared:
            if quad.graph_name != self._shapes_graph:
                self._about[quad.subject].append(quad)
        above = NamedNode(str(RDFS.subClassOf))
        self._classes = [quad for quad in self._shared if quad.predicate == above]

    @property
    def nodes(self) -> frozenset[Node]:
        """The nodes of the shared part."""
        return self._nodes

    def judge_shared(self, others: Sequence[Quad]) -> PartReport:
        """The report of the shared part. ``others`` is what documents say about its nodes, and one use of each."""
        whole = {*self._shared, *others}
        return self._judge(whole, Store(), whole, self._nodes)

    def judge(self, part: Sequence[Quad], others: Sequence[Quad], owned: frozenset[Node]) -> PartReport:
        """The report of a document's part at its ``owned`` nodes. ``others`` is what it touches of other documents."""
        given = {*part, *others}
        pointed = (
            {quad.object for quad in given} | {quad.subject for quad in given} | {quad.predicate for quad in given}
        )
        slice_ = {quad for node in pointed & self._about.keys() for quad in self._about[node]}
        store = Store()
        store.bulk_extend(self._shared)
        return self._judge(given, store, given | slice_ | set(self._classes), owned)

    def _judge(
        self, quads: Collection[Quad], store: Store, data: Collection[Quad], owned: frozenset[Node]
    ) -> PartReport:
        store.bulk_extend(quads)
        graph = to_rdflib_graph(quad.triple for quad in data if quad.graph_name != self._shapes_graph)
        seen = [quad for quad in quads if quad.graph_name != self._shapes_graph]
        focus = self._targets.focus(seen, subclasses(graph), owned)
        found = self._found(quads, store, graph, focus, owned)
        results = tuple(sorted(labelled(found, store, self.base), key=lambda result: result.sort_key))
        counts = {iri: len(nodes) for iri, nodes in focus.items()}
        return PartReport(results, counts, len(frozenset().union(*focus.values())))

    def _found(
        self,
        quads: Collection[Quad],
        store: Store,
        graph: rdflib.Graph,
        focus: Mapping[str, frozenset[Node]],
        owned: frozenset[Node],
    ) -> Iterator[Result]:
        yield from self._shapes.results(graph, focus)
        for result in check_results(store, self.base, self.rules):
            if result.focus in owned:
                yield result
        for result in lexical_results(quads, self.base, self.rules):
            if result.focus in owned:
                yield result


def joined(reports: Iterable[PartReport], rules: Rules) -> Report:
    """The report of all parts together."""
    results: list[Result] = []
    targets: Counter[str] = Counter()
    checked = 0
    for report in reports:
        results.extend(report.results)
        targets.update(report.targets)
        checked += report.checked
    results.sort(key=lambda result: result.sort_key)
    found = Counter(result.shape for result in results)
    looked_at = dict(targets)
    shapes = tuple(
        CheckedShape(
            rule.shape,
            rule.name,
            rule.description,
            rule.message,
            rule.severity,
            rule.source,
            rule.parent,
            looked_at.get(iri),
            found[rule.shape],
            rule.order,
        )
        for iri, rule in sorted(rules.by_iri.items())
    )
    return Report(tuple(results), shapes, checked)
