"""Judges a graph: SHACL core constraints, set-based checks and written forms of literals, in one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from ontology.namespaces import Base
from ontology.terms import Names, term
from shapes.checks import check_results
from shapes.core import core_results
from shapes.lexical import lexical_fault
from shapes.places import place_in_source
from shapes.results import CheckedShape, Node, Report, Result
from shapes.rules import ROOT, Rules, ShapesError, read_rules, read_turtle, to_rdflib_graph

__all__ = ["CheckedShape", "Report", "Result", "ShapesError", "shapes_without_focus_nodes", "validate"]

VOCABULARY = ROOT / "ontology" / "palermo.ttl"


def validate(quads: Iterable[Quad], base: Base, rules: Rules | None = None) -> Report:
    """Judges the union of all graphs but that of the shapes, together with the vocabulary.

    The quads may be a store, which is not changed, but a store of Oxigraph has already rewritten numbers ("007" is 7).
    The vocabulary is read from its file when the graph does not bring it, and the rules when they are not given.
    Raises `ShapesError` when a shape or check cannot be used.
    """
    rules = rules or read_rules(base)
    graph = _complete(quads, base)
    store = quads if isinstance(quads, Store) and len(graph) == len(quads) else _store(graph)
    data = _data(graph, base)
    found = [*core_results(data, rules), *check_results(store, base, rules), *lexical_results(graph, base, rules)]
    results = tuple(sorted(labelled(found, store, base), key=lambda result: result.sort_key))
    shapes, checked = _checked_shapes(rules, data, Counter(result.shape for result in results))
    return Report(results, shapes, checked)


def shapes_without_focus_nodes(quads: Iterable[Quad], base: Base) -> tuple[str, ...]:
    """The IRIs of the node shapes that would look at nothing in this graph, without judging it."""
    shapes, _ = _checked_shapes(read_rules(base), _data(_complete(quads, base), base), Counter())
    return tuple(shape.shape.value for shape in Report((), shapes, 0).without_focus_nodes())


def _complete(quads: Iterable[Quad], base: Base) -> list[Quad]:
    """The quads, with the vocabulary in its graph where they do not bring it."""
    names, given = Names(base), list(quads)
    graph = names.graph("ontology")
    if any(quad.graph_name == graph for quad in given):
        return given
    origin = Triple(graph, term("prov:wasAttributedTo"), names.node("id/agent/palermo"))
    vocabulary = (*read_turtle(VOCABULARY, base), origin)
    return [*given, *(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in vocabulary)]


def _store(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store


def _data(quads: Iterable[Quad], base: Base) -> rdflib.Graph:
    shapes = Names(base).graph("shapes")
    return to_rdflib_graph(quad.triple for quad in quads if quad.graph_name != shapes)


def lexical_results(quads: Iterable[Quad], base: Base, rules: Rules) -> Iterator[Result]:
    """All literals whose written form their datatype does not allow."""
    rule = rules.by_iri.get(f"{base.iri}shapes#check-lexical-form")
    if rule is None:
        raise ShapesError("shapes/checks.ttl: no shape <shapes#check-lexical-form> describes the check of literals.")
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, Triple) or not isinstance(value, Literal):
            continue
        fault = lexical_fault(value)
        if fault is not None:
            yield Result(
                subject,
                str(subject),
                quad.predicate,
                value,
                rule.shape,
                rule.severity,
                fault,
                "DatatypeConstraintComponent",
            )


def labelled(results: Iterable[Result], store: Store, base: Base) -> Iterator[Result]:
    """The results with the names that a store gives their focus nodes, and the lines they were read from."""
    names = Names(base)
    return (
        replace(result, label=_label(store, result.focus), place=place_in_source(store, result.focus, names))
        for result in results
    )


def _label(store: Store, focus: Node) -> str:
    """The name of a node for people, in English where there are several; its IRI where it has none."""
    labels = [quad.object for quad in store.quads_for_pattern(focus, term("rdfs:label"), None, None)]
    literals = sorted((label.language != "en", label.value) for label in labels if isinstance(label, Literal))
    if literals:
        return literals[0][1]
    return focus.value if isinstance(focus, NamedNode) else str(focus)


def _checked_shapes(
    rules: Rules, data: rdflib.Graph, results: Counter[NamedNode]
) -> tuple[tuple[CheckedShape, ...], int]:
    shapes: list[CheckedShape] = []
    checked: set[rdflib.term.Node] = set()
    for iri in sorted(rules.by_iri):
        rule = rules.by_iri[iri]
        nodes = rules.targets(rule, data)
        checked |= nodes or frozenset()
        shapes.append(
            CheckedShape(
                rule.shape,
                rule.name,
                rule.description,
                rule.message,
                rule.severity,
                rule.source,
                rule.parent,
                None if nodes is None else len(nodes),
                results[rule.shape],
                rule.order,
            )
        )
    return tuple(shapes), len(checked)
