"""Core constraints as pySHACL judges them on graphs with a break of every rule."""

from __future__ import annotations

import logging
from collections.abc import Collection

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, serialize
from rdflib.namespace import RDF, SH

from ontology.layout import ROOT
from ontology.turtle import read_turtle
from tests.shapes.whole import BASE, BREAKS, planted, validate

LOTS = 4
"""So many that no break hides another of its kind."""
CORE = [row for row in BREAKS if not row[0].startswith("check-")]
Found = tuple[str, ...]


def as_rdflib(triples: object) -> rdflib.Graph:
    content = serialize(triples, format=RdfFormat.N_TRIPLES)  # type: ignore[call-overload]
    return rdflib.Graph().parse(data=content, format="nt")


def by_pyshacl(quads: Collection[Quad], shapes: rdflib.Graph, *names: rdflib.URIRef) -> set[Found]:
    """Some properties of each result."""
    import pyshacl

    data = as_rdflib({quad.triple for quad in quads})
    _, found, words = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(found, rdflib.Graph), words
    return {
        tuple("" if (value := found.value(node, name)) is None else str(value) for name in names)
        for node in found.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.mark.parametrize("lot", range(LOTS))
def test_breaks_of_every_rule_are_found_as_pyshacl_finds_them_and_nothing_else(
    lot: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "rdflib.term")
    chosen = CORE[lot::LOTS]
    quads = planted(chosen)
    ours = {
        (
            getattr(result.focus, "value", ""),
            getattr(result.path, "value", ""),
            "" if result.value is None else result.value.value,
            result.shape.value,
            f"{SH}{result.component}",
        )
        for result in validate(quads).results
        if "#check-" not in result.shape.value
    }
    shapes = as_rdflib(triple for path in sorted(ROOT.glob("shapes/*.ttl")) for triple in read_turtle(path, BASE))
    names = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent)
    theirs = by_pyshacl(quads, shapes, *names)
    assert (ours - theirs, theirs - ours) == (set(), set())
    assert {iri.partition("#")[2] for _, _, _, iri, _ in ours} >= {row[0] for row in chosen}
