"""Every rule rejects a graph that breaks it, at the node that breaks it and in words that say what is wrong.

`breaks.tsv` has one break a row: the rule, the node, the property that is taken away there, the Turtle that is added
there, and words of the message. The starting point is `valid.trig`, which no rule complains about.
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad

from ontology.namespaces import Base
from shapes.rules import Rules
from tests.cases import case
from tests.shapes.conftest import Break, planted
from tests.shapes.whole import validate

TABLE = Path(__file__).parent / "breaks.tsv"
BREAKS = [tuple(row.split("\t")) for row in TABLE.read_text(encoding="utf-8").splitlines()[1:]]


def test_small_valid_graph_conforms_without_any_result(valid: list[Quad], base_of_shapes: Base, rules: Rules) -> None:
    report = validate(valid, base_of_shapes, rules)
    assert report.conforms
    assert report.results == ()


def test_every_shape_and_check_looks_at_some_node_of_the_small_valid_graph(
    valid: list[Quad], base_of_shapes: Base, rules: Rules
) -> None:
    assert validate(valid, base_of_shapes, rules).without_focus_nodes() == ()


def lots() -> list[list[tuple[str, ...]]]:
    """The rows, together where they break another rule of single nodes at another node: checks look at several."""
    together: list[list[tuple[str, ...]]] = []
    for row in sorted(BREAKS, key=lambda row: row[0].startswith("check-")):
        apart = (lot for lot in together if all(row[0] != other[0] and row[1] != other[1] for other in lot))
        lot = None if row[0].startswith("check-") else next(apart, None)
        if lot is None:
            together.append(lot := [])
        lot.append(row)
    return together


def test_rule_rejects_a_graph_that_breaks_it(
    valid: list[Quad], broken: Break, base_of_shapes: Base, rules: Rules
) -> None:
    for lot in lots():
        report = validate(planted(lot, valid, broken), base_of_shapes, rules)
        for rule, node, without, added, words in lot:
            shape, focus = NamedNode(f"{base_of_shapes.iri}shapes#{rule}"), NamedNode(base_of_shapes.iri + node)
            messages = [result.message for result in report.results if result.shape == shape and result.focus == focus]
            with case(rule, node, without, added):
                assert any(words in message for message in messages), messages or [
                    (result.shape.value, result.focus.value, result.message) for result in report.results
                ]


def test_table_of_breaks_has_a_row_for_every_rule(rules: Rules) -> None:
    constrained = {iri.partition("#")[2] for iri, rule in rules.items() if rule.parent is not None or "#check-" in iri}
    assert {row[0] for row in BREAKS} == constrained
