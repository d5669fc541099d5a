"""Every rule rejects a graph that breaks it, at the node that breaks it and in words that say what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from tests.cases import case
from tests.shapes.whole import BREAKS, NAMES, planted, rules, valid, validate


def test_every_shape_and_check_looks_at_some_node_of_the_small_valid_graph_and_has_no_result() -> None:
    report = validate(valid())
    assert report.conforms
    assert report.results == report.without_focus_nodes() == ()


def lots() -> list[list[Sequence[str]]]:
    """The rows, together where they break another rule of single nodes at another node: checks look at several."""
    together: list[list[Sequence[str]]] = []
    for row in sorted(BREAKS, key=lambda row: row[0].startswith("check-")):
        apart = (lot for lot in together if all(row[0] != other[0] and row[1] != other[1] for other in lot))
        lot = None if row[0].startswith("check-") else next(apart, None)
        if lot is None:
            together.append(lot := [])
        lot.append(row)
    return together


def test_rule_rejects_a_graph_that_breaks_it() -> None:
    for lot in lots():
        report = validate(planted(lot))
        for rule, node, without, added, words in lot:
            shape, focus = NAMES.node(f"shapes#{rule}"), NAMES.node(node)
            messages = [result.message for result in report.results if result.shape == shape and result.focus == focus]
            with case(rule, node, without, added):
                assert any(words in message for message in messages), messages or [
                    (result.shape.value, result.focus.value, result.message) for result in report.results
                ]


def test_table_of_breaks_has_a_row_for_every_rule() -> None:
    constrained = {
        iri.partition("#")[2] for iri, rule in rules().items() if rule.parent is not None or "#check-" in iri
    }
    assert {row[0] for row in BREAKS} == constrained
