"""The published checks, run by an engine that nobody here wrote: it finds the planted faults that our build finds."""

from __future__ import annotations

import logging

import pyshacl
import pytest
import rdflib
from pyoxigraph import Quad
from rdflib.namespace import RDF, SH

from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.turtle import read_turtle
from queries.catalogue import FOLDER
from shapes.rules import Rules
from shapes.sparql_constraints import portable, sparql_constraints
from tests.shapes.conftest import Break, planted
from tests.shapes.test_against_pyshacl import BREAKS, as_rdflib
from tests.shapes.whole import validate

CHECKS = (
    *("repeated-number", "repeated-order", "detached-part", "evidence-words", "stray-directive"),
    *("statement-without-link", "link-without-statement", "hierarchy-cycle"),
)
"""Of the ways in which a check is written otherwise: grouping, VALUES, paths; and those that matter most. All of
them take pySHACL most of a minute; `tests/system` gives all to Jena."""
PLANTED = list({row[0]: row for row in BREAKS if row[0].removeprefix("check-") in CHECKS}.values())
LOTS = 2
"""So many that no break hides another of its kind."""
Found = tuple[str, str]


def shapes_graph(base: Base) -> rdflib.Graph:
    """The checks with their constraints, as a server publishes them."""
    checks = [triple for path in sorted(ROOT.glob("shapes/*.ttl")) for triple in read_turtle(path, base)]
    names = tuple(f"shapes#check-{name}{end}>" for name in CHECKS for end in ("", "-sparql"))
    return as_rdflib([triple for triple in (*checks, *sparql_constraints(base)) if str(triple.subject).endswith(names)])


def by_us(quads: list[Quad], base: Base, rules: Rules) -> set[Found]:
    return {
        (getattr(result.focus, "value", ""), result.shape.value.partition("#")[2])
        for result in validate(quads, base, rules).results
        if result.shape.value.partition("#check-")[2] in CHECKS
    }


def by_pyshacl(quads: list[Quad], base: Base) -> set[Found]:
    data = as_rdflib({quad.triple for quad in quads})
    _, found, words = pyshacl.validate(data, shacl_graph=shapes_graph(base), advanced=False, inplace=True)
    assert isinstance(found, rdflib.Graph), words
    return {
        (str(found.value(node, SH.focusNode)), str(found.value(node, SH.sourceShape)).partition("#")[2])
        for node in found.subjects(RDF.type, SH.ValidationResult)
    }


def test_every_check_has_a_query_that_others_can_run(base_of_shapes: Base) -> None:
    shown = {
        str(triple.subject)
        for triple in sparql_constraints(base_of_shapes)
        if triple.predicate.value.endswith("#sparql")
    }
    checks = {path.stem for path in (FOLDER / "checks").glob("*.rq")} | {"lexical-form"}
    assert shown == {f"<{base_of_shapes.iri}shapes#check-{name}>" for name in checks}


def test_what_bound_variables_forbid_is_written_otherwise() -> None:
    base = Base("http://example.org/")
    text = "SELECT DISTINCT ?focus WHERE { VALUES (?a ?b) { (x:y 1) (x:z 2) } ?focus ?a ?b MINUS { ?focus a x:w } }"
    assert portable(text, base) == (
        "SELECT DISTINCT $this WHERE { { BIND(x:y AS ?a) BIND(1 AS ?b) } UNION { BIND(x:z AS ?a) BIND(2 AS ?b) } "
        "$this ?a ?b FILTER NOT EXISTS { $this a x:w } }"
    )


@pytest.mark.parametrize("lot", range(LOTS))
def test_pyshacl_finds_the_planted_faults_that_our_build_finds(
    lot: int, valid: list[Quad], broken: Break, base_of_shapes: Base, rules: Rules, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "rdflib.term")
    quads = planted(PLANTED[lot::LOTS], valid, broken)
    ours, theirs = by_us(quads, base_of_shapes, rules), by_pyshacl(quads, base_of_shapes)
    assert len({name for _, name in ours}) > 2
    assert theirs == ours
