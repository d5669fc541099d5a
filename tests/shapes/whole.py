"""Validates a whole graph at once, as the tests of single rules want it: all of it is the part that no document brings."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyoxigraph import Quad, Store, Triple

from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import Names, term
from ontology.turtle import read_turtle
from shapes.report import Report
from shapes.rules import Rules
from shapes.validate import PartReport, Validator, joined

VOCABULARY = ROOT / "ontology" / "palermo.ttl"


def validate(quads: Iterable[Quad], base: Base, rules: Rules | None = None) -> Report:
    """The report of a graph, with the vocabulary where the graph does not bring it."""
    names, given = Names(base), list(quads)
    graph = names.graph("ontology")
    if not any(quad.graph_name == graph for quad in given):
        origin = Triple(graph, term("prov:wasAttributedTo"), names.node("id/agent/palermo"))
        vocabulary = (*read_turtle(VOCABULARY, base), origin)
        given += [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in vocabulary]
    validator = Validator(given, base, rules)
    return joined([shared_report(validator, ())], validator.rules)


def shared_report(validator: Validator, others: Collection[Quad]) -> PartReport:
    """The report of the shared part. ``others`` is what documents say about its nodes, and one use of each."""
    store = Store()
    store.bulk_extend(validator.shared)
    return validator.report((*validator.shared, *others), others, validator.nodes, store)
