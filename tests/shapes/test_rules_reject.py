"""Every rule rejects a graph that breaks it, at the node that breaks it and in words that say what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pyoxigraph import NamedNode

from tests.cases import case
from tests.shapes.whole import BREAKS, NAMES, planted, rules, valid, validate


def test_every_shape_and_check_looks_at_some_node_of_the_small_valid_graph_and_has_no_result() -> None:
    report = validate(valid())
    assert report.conforms
    assert report.results == report.without_focus_nodes() == ()


def lots() -> list[list[Sequence[str]]]:
    """The rows, together where they break another rule at another node; those of checks by themselves."""
    together: list[list[Sequence[str]]] = []
    for row in BREAKS:
        apart = (
            lot
            for lot in together
            if is_check(lot[0]) == is_check(row) and not any({*row[:2]} & {*other[:2]} for other in lot)
        )
        if (lot := next(apart, None)) is None:
            together.append(lot := [])
        lot.append(row)
    return together


def is_check(row: Sequence[str]) -> bool:
    return row[0].startswith("check-")


def messages(rows: Sequence[Sequence[str]]) -> dict[tuple[NamedNode, object], str]:
    """What a graph with these breaks is told, by shape and node."""
    found: defaultdict[tuple[NamedNode, object], str] = defaultdict(str)
    for result in validate(planted(rows)).results:
        found[result.shape, result.focus] += result.message
    return found


def test_rule_rejects_a_graph_that_breaks_it() -> None:
    for lot in lots():
        said = messages(lot)
        for row in lot:
            where = NAMES.node(f"shapes#{row[0]}"), NAMES.node(row[1])
            with case(*row):  # what another break hides is there without it
                assert row[4] in said[where] or row[4] in messages([row])[where], said


def test_table_of_breaks_has_a_row_for_every_rule() -> None:
    constrained = {
        iri.partition("#")[2] for iri, rule in rules().items() if rule.parent is not None or "#check-" in iri
    }
    assert {row[0] for row in BREAKS} == constrained
