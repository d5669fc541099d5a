"""Values in the text of a query: each use becomes the value, the columns stay, and nothing else changes."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from ontology.terms import Term, integer
from queries.catalogue import bind

A, B = NamedNode("http://e.org/a"), NamedNode("http://e.org/b")


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("ASK { ?x ?p $x }", A, "ASK { <http://e.org/a> ?p <http://e.org/a> }"),
        ("SELECT ?x ?p { ?x ?p ?o }", A, "SELECT (<http://e.org/a> AS ?x) ?p { <http://e.org/a> ?p ?o }"),
        ("SELECT (STR(?x) AS ?s) {}", A, "SELECT (STR(<http://e.org/a>) AS ?s) {}"),
        ("ASK { ?xy ?p '?x' } # ?x", A, "ASK { ?xy ?p '?x' } # ?x"),
        ("SELECT * { { SELECT ?x ?p { ?x ?p ?o } } }", A, "SELECT * { { SELECT ?p { <http://e.org/a> ?p ?o } } }"),
        ("SELECT * { { SELECT ?x { ?x ?p ?o } } }", A, "SELECT * { { SELECT (1 AS ?bound_select) { <http://e.org/a> ?p ?o } } }"),
        ("SELECT ?x ?p { ?x ?p ?o } GROUP BY ?x ?p", A, "SELECT (<http://e.org/a> AS ?x) ?p { <http://e.org/a> ?p ?o } GROUP BY ?p"),
        ("SELECT ?x { ?x ?p ?o } GROUP BY ?x", A, "SELECT (<http://e.org/a> AS ?x) { <http://e.org/a> ?p ?o } GROUP BY (1 AS ?bound_group)"),
        ("SELECT ?p { ?x ?p ?o } ORDER BY ?x ?p LIMIT 1", A, "SELECT ?p { <http://e.org/a> ?p ?o } ORDER BY ?p LIMIT 1"),
        ("SELECT ?p { ?x ?p ?o } ORDER BY ?x LIMIT 1", A, "SELECT ?p { <http://e.org/a> ?p ?o }  LIMIT 1"),
        ("ASK { ?s ?p ?x }", Literal('"} #'), 'ASK { ?s ?p "\\"} #" }'),
    ],
)  # fmt: skip
def test_each_use_of_a_variable_becomes_its_value(text: str, value: Term, bound: str) -> None:
    assert bind(text, {"x": value}) == bound


def test_a_clause_that_loses_two_variables_gets_one_in_their_place() -> None:
    text = "SELECT * { { SELECT ?x ?y { ?x ?y ?o } } }"
    bound = "SELECT * { { SELECT (1 AS ?bound_select) { <http://e.org/a> <http://e.org/b> ?o } } }"
    assert bind(text, {"x": A, "y": B}) == bound


def test_several_values_are_a_choice() -> None:
    text = bind("SELECT ?s ?o\nWHERE {\n  ?s ?p ?o .\n}\n", {"s": (A, B), "p": B})
    assert text == (
        "SELECT ?s ?o\nWHERE {\n  VALUES ?s { <http://e.org/a> <http://e.org/b> }\n  ?s <http://e.org/b> ?o .\n}\n"
    )


def test_what_is_bound_has_the_rows_that_a_choice_of_one_value_has() -> None:
    """Three statements, two of them about a; the second query names the value in VALUES, as SPARQL defines it."""
    store = Store()
    store.extend(parse("<http://e.org/a> <p:> 1, 2 . <http://e.org/b> <p:> 3 .", RdfFormat.TURTLE))
    text = "SELECT ?x (COUNT(?o) AS ?n) WHERE {{ {values} ?x <p:> ?o }} GROUP BY ?x ORDER BY ?x ?n"
    found = []
    for query in (bind(text.format(values=""), {"x": A}), text.format(values="VALUES ?x { <http://e.org/a> }")):
        rows = store.query(query)
        assert isinstance(rows, QuerySolutions)
        found.append([(row["x"], row["n"]) for row in rows])
    assert found == [[(A, integer(2))]] * 2
