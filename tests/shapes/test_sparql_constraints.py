"""The published checks, run by an engine that nobody here wrote: it finds the planted faults that our build finds."""

from __future__ import annotations

import logging

import pytest
from rdflib.namespace import SH

from ontology.layout import ROOT
from ontology.turtle import read_turtle
from queries.catalogue import FOLDER
from shapes.sparql_constraints import portable, sparql_constraints
from tests.shapes.test_against_pyshacl import as_rdflib, by_pyshacl
from tests.shapes.whole import BASE, BREAKS, planted, validate

CHECKS = (
    *("repeated-order", "detached-part", "evidence-words", "stray-directive", "statement-without-link"),
    *("link-without-statement", "hierarchy-cycle"),
)
"""Of the ways in which a check is written otherwise: grouping, VALUES, paths; and those that matter most. All of
them take pySHACL most of a minute; `tests/system` gives all to Jena."""
PLANTED = {row[0]: row for row in BREAKS if row[0].removeprefix("check-") in CHECKS}


def test_every_check_has_a_query_that_others_can_run() -> None:
    shown = {str(each.subject) for each in sparql_constraints(BASE) if each.predicate.value.endswith("#sparql")}
    checks = {path.stem for path in (FOLDER / "checks").glob("*.rq")} | {"lexical-form"}
    assert shown == {f"<{BASE.iri}shapes#check-{name}>" for name in checks}


def test_what_bound_variables_forbid_is_written_otherwise() -> None:
    text = "SELECT DISTINCT ?focus WHERE { VALUES (?a ?b) { (x:y 1) (x:z 2) } ?focus ?a ?b MINUS { ?focus a x:w } }"
    assert portable(text, BASE) == (
        "SELECT DISTINCT $this WHERE { { BIND(x:y AS ?a) BIND(1 AS ?b) } UNION { BIND(x:z AS ?a) BIND(2 AS ?b) } "
        "$this ?a ?b FILTER NOT EXISTS { $this a x:w } }"
    )


def test_pyshacl_finds_the_planted_faults_that_our_build_finds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "rdflib.term")
    quads = planted(PLANTED.values())
    ours = {
        (getattr(result.focus, "value", ""), result.shape.value)
        for result in validate(quads).results
        if result.shape.value.partition("#check-")[2] in CHECKS
    }
    checks = [triple for path in sorted(ROOT.glob("shapes/*.ttl")) for triple in read_turtle(path, BASE)]
    names = tuple(f"shapes#check-{name}{end}>" for name in CHECKS for end in ("", "-sparql"))
    published = (*checks, *sparql_constraints(BASE))
    shapes = as_rdflib([triple for triple in published if str(triple.subject).endswith(names)])
    assert by_pyshacl(quads, shapes, SH.focusNode, SH.sourceShape) == ours
    assert {shape.partition("#")[2] for _, shape in ours} == set(PLANTED)
