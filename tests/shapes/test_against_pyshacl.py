"""Core constraints as pySHACL judges them: on a valid graph, and on graphs with a break of every rule."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, serialize
from rdflib.namespace import RDF, SH

from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.turtle import read_turtle
from shapes.rules import Rules
from tests.shapes.whole import validate

BREAKS = [row.split("\t") for row in (Path(__file__).parent / "breaks.tsv").read_text("utf-8").splitlines()[1:]]
LOTS = 6
"""So many that no break hides another of its kind."""
Found = tuple[str, str, str, str, str]


def as_rdflib(triples: object) -> rdflib.Graph:
    content = serialize(triples, format=RdfFormat.N_TRIPLES)  # type: ignore[call-overload]
    return rdflib.Graph().parse(data=content, format="nt")


def by_pyshacl(quads: list[Quad], base: Base) -> set[Found]:
    """Focus node, path, value, shape and component of each result."""
    shapes = as_rdflib(triple for path in sorted(ROOT.glob("shapes/*.ttl")) for triple in read_turtle(path, base))
    _, found, words = pyshacl.validate(as_rdflib({quad.triple for quad in quads}), shacl_graph=shapes, inplace=True)
    assert isinstance(found, rdflib.Graph), words
    names = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent)
    return {
        tuple("" if (value := found.value(node, name)) is None else str(value) for name in names)  # type: ignore[misc]
        for node in found.subjects(RDF.type, SH.ValidationResult)
    }


def by_us(quads: list[Quad], base: Base, rules: Rules) -> set[Found]:
    return {
        (
            getattr(result.focus, "value", ""),
            getattr(result.path, "value", ""),
            "" if result.value is None else result.value.value,
            result.shape.value,
            f"{SH}{result.component}",
        )
        for result in validate(quads, base, rules).results
        if "#check-" not in result.shape.value
    }


def test_valid_graph_has_no_result(valid: list[Quad], base_of_shapes: Base, rules: Rules) -> None:
    assert by_pyshacl(valid, base_of_shapes) == by_us(valid, base_of_shapes, rules) == set()


@pytest.mark.parametrize("lot", range(LOTS))
def test_breaks_of_every_rule_are_found_as_pyshacl_finds_them(
    lot: int,
    valid: list[Quad],
    broken: Callable[[str, str, str], list[Quad]],
    base_of_shapes: Base,
    rules: Rules,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "rdflib.term")
    chosen = [row for row in BREAKS if "#check-" not in row[0] and not row[0].startswith("check-")][lot::LOTS]
    gone = {quad for row in chosen for quad in set(valid) - set(broken(row[1], row[2], "-"))}
    added = {quad for row in chosen for quad in set(broken(row[1], "-", row[3])) - set(valid)}
    quads = sorted((set(valid) - gone) | added, key=str)
    ours, theirs = by_us(quads, base_of_shapes, rules), by_pyshacl(quads, base_of_shapes)
    assert ours - theirs == set()
    assert theirs - ours == set()
    assert {iri.partition("#")[2] for _, _, _, iri, _ in ours} >= {row[0] for row in chosen}
