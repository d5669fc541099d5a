"""What `validate` takes: quads or a store, with or without the vocabulary, and any base."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from ontology.namespaces import Base
from shapes.rules import Rules
from tests.shapes.whole import validate

VALID = Path(__file__).parent / "valid.trig"


def test_vocabulary_is_read_from_its_file_when_the_graph_does_not_bring_it(base_of_shapes: Base, rules: Rules) -> None:
    quads = parse(path=VALID, format=RdfFormat.TRIG, base_iri=base_of_shapes.iri)
    assert validate(quads, base_of_shapes, rules).results == ()


def test_store_is_judged_and_not_changed(base_of_shapes: Base, rules: Rules) -> None:
    store = Store()
    store.load(path=VALID, format=RdfFormat.TRIG, base_iri=base_of_shapes.iri)
    size = len(store)
    assert validate(store, base_of_shapes, rules).results == ()
    assert len(store) == size


def test_rules_hold_under_another_base() -> None:
    base = Base("https://data.example.net/palermo/")
    report = validate(parse(path=VALID, format=RdfFormat.TRIG, base_iri=base.iri), base)
    assert report.results == ()
    assert report.without_focus_nodes() == ()


def test_shapes_in_the_graph_are_not_judged_as_data(valid: list[Quad], base_of_shapes: Base, rules: Rules) -> None:
    graph = NamedNode(f"{base_of_shapes.iri}graph/shapes")
    file = Path(__file__).parents[2] / "shapes" / "actors.ttl"
    shapes = [
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for triple in parse(path=file, format=RdfFormat.TURTLE, base_iri=base_of_shapes.iri)
    ]
    origin = [quad for quad in valid if quad.subject == NamedNode(f"{base_of_shapes.iri}graph/reference")]
    said = [Quad(graph, quad.predicate, quad.object, graph) for quad in origin]
    assert validate([*valid, *shapes, *said], base_of_shapes, rules).results == ()


def test_one_missing_number_among_many_is_the_only_complaint_about_numbers(
    valid: list[Quad], base_of_shapes: Base, rules: Rules
) -> None:
    number = NamedNode(base_of_shapes.prefixes()["pal"] + "number")
    second = NamedNode(f"{base_of_shapes.iri}id/document/demo/paragraph/2")
    report = validate([q for q in valid if (q.subject, q.predicate) != (second, number)], base_of_shapes, rules)
    assert [(result.label, result.message) for result in report.results] == [
        ("Recommendation 2", "A paragraph has exactly one number, a whole number from 1 (pal:number)."),
        ("Paragraph 1", "Number 2 is missing: 1 is followed by a higher number."),
    ]
