"""The report of a whole graph: under any base, with the shapes in it, and with one fault alone."""

from __future__ import annotations

from pyoxigraph import Quad

from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import term
from ontology.turtle import read_turtle
from tests.shapes.whole import BASE, NAMES, broken, valid, validate


def test_rules_hold_under_another_base() -> None:
    base = Base("https://data.example.net/palermo/")
    report = validate(valid(base), base)
    assert report.results == report.without_focus_nodes() == ()


def test_shapes_in_the_graph_are_not_judged_as_data() -> None:
    graph, origin = NAMES.graph("shapes"), term("prov:wasAttributedTo")
    shapes = [Quad(*triple, graph) for triple in read_turtle(ROOT / "shapes" / "actors.ttl", BASE)]
    said = Quad(graph, origin, NAMES.node("id/agent/palermo"), graph)
    assert validate([*valid(), *shapes, said]).results == ()


def test_one_missing_number_among_many_is_the_only_complaint_about_numbers() -> None:
    report = validate(broken("id/document/demo/paragraph/2", "pal:number"))
    assert [(result.label, result.message) for result in report.results] == [
        ("Recommendation 2", "A paragraph has exactly one number, a whole number from 1 (pal:number)."),
        ("Paragraph 1", "Number 2 is missing: 1 is followed by a higher number."),
    ]
