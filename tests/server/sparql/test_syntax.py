"""Syntax errors are told in words, at the token that is wrong, and never in the engine's own."""

from __future__ import annotations

import pytest
from pyoxigraph import Store
from rdflib.plugins.sparql.parser import parseQuery

from queries.catalogue import read_catalogue
from queries.grammar import read_query
from server.sparql.explanations import explain

CASES = [
    ("SELECT * { ?s ?p }", 1, 18, "an object is expected"),
    ("SELECT * {\n  ?s foaf ?o\n}", 2, 6, "a property is expected"),
    ("SELECT * { ?s foaf:name ?o }", 1, 15, "The prefix 'foaf:' is not declared"),
    ("SELECT ?a, ?b { ?a ?p ?b }", 1, 10, "without commas"),
    ("SELECT a { ?a ?p ?b }", 1, 8, "variables, expressions in brackets or * are expected"),
    ("SELECT ?a count { ?a ?p ?b }", 1, 11, "cannot stand in SELECT"),
    ("SELECT (COUNT(?x)) { ?x ?y ?z }", 1, 18, "'AS ?name' is expected"),
    ("SELECT (1 AS 2) {}", 1, 14, "a variable is expected"),
    ("SELECT ?s WHERE ?s ?p ?o", 1, 17, "'{' is expected"),
    ("SELECT * { ?s ?p ?o FILTER ?x > 1 }", 1, 28, "After FILTER"),
    ("SELECT * { ?s ?p ?o FILTER(foo) }", 1, 28, "There is no function 'foo'"),
    ("SELECT * { ?s ?p ?o FILTER(REGEX(?o)) }", 1, 28, "takes 2 to 3 arguments and has 1"),
    ("SELECT * { FILTER(STRLEN(?a ?b)) }", 1, 29, "an operator, ',' or ')' is expected"),
    ("SELECT * { FILTER(?a = = ?b) }", 1, 24, "a value is expected"),
    ("SELECT * { ?s ?p ?o OPTIONAL ?s ?p ?o }", 1, 30, "'{' is expected"),
    ("SELECT * { { ?s ?p ?o } UNION }", 1, 31, "'{' is expected"),
    ("SELECT * { GRAPH { ?s ?p ?o } }", 1, 18, "After GRAPH"),
    ("SELECT * { BIND(1 ?x) }", 1, 19, "'AS ?name' is expected"),
    ("SELECT * { VALUES (?x ?y) { (1) } }", 1, 29, "has 1 of 2 values"),
    ("SELECT * { VALUES ?x { foo } }", 1, 24, "UNDEF is expected"),
    ("SELECT * { ?s ?p ?o ?s ?q ?r }", 1, 21, "A '.' is missing"),
    ("SELECT * { ?s 'x' ?o }", 1, 15, "a property is expected"),
    ("SELECT * { ?s ?p ?o . optional }", 1, 32, "'{' is expected"),
    ("SELECT * { ?s ?p ?o } ORDER ?s", 1, 29, "After ORDER comes BY"),
    ("SELECT * { ?s ?p ?o } GROUP BY", 1, 31, "but the query ends"),
    ("SELECT * { ?s ?p ?o } LIMIT ten", 1, 29, "After LIMIT a whole number"),
    ("SELECT * { ?s ?p ?o } OFFSET -1", 1, 30, "After OFFSET a whole number"),
    ("SELECT * { ?s ?p ?o } LIMIT 1 SELECT * {}", 1, 31, "nothing can follow"),
    ("DESCRIBE", 1, 9, "After DESCRIBE"),
    ("PREFIX ex <http://e/> SELECT * {}", 1, 8, "a name with a colon"),
    ("PREFIX ex: 'http://e/' SELECT * {}", 1, 12, "an IRI in angle brackets"),
    ("SELECT * { ?s <http://a b> ?o }", 1, 15, "holds a space"),
    ("SELECT * { ?s ?p 'a'^^ }", 1, 24, "an IRI or a prefixed name"),
    ("SELECT * { ?s (<a>/) ?o }", 1, 20, "a property is expected"),
    ("SELECT * { ?s !(<a>/<b>) ?o }", 1, 20, "'|' or ')' is expected"),
    ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }", 1, 36, "?x has a value already"),
    ("SELECT (1 AS ?a) (2 AS ?a) {}", 1, 1, "the same name"),
    ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 8, "?s is neither in GROUP BY nor inside an aggregate"),
    ("SELECT (COUNT(*) + ?o AS ?n) { ?s ?p ?o }", 1, 20, "SAMPLE(?o)"),
    ("SELECT * { { SELECT ?s ?o { ?s ?p ?o } GROUP BY ?s } }", 1, 24, "?o is neither in GROUP BY"),
    ("SELECT (STR(?s) AS ?k) (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?k", 1, 20, "GROUP BY (… AS ?k)"),
    ("ASK { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 5)", 1, 18, "in a subquery of ASK"),
    ("CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p ?o } GROUP BY ?s ?p", 1, 42, "in a subquery of CONSTRUCT"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 1, "SELECT * cannot stand with GROUP BY"),
]


@pytest.mark.parametrize(("text", "line", "column", "reason"), CASES)
def test_an_error_names_the_token_and_what_was_expected(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(SyntaxError) as refused:
        Store().query(text, base_iri="http://b/")
    error = explain(text, str(refused.value))
    assert reason in error.detail
    assert error.extra == {"line": line, "column": column}
    assert "expected one of" not in error.detail


def test_a_broken_rule_without_a_place_is_still_told_in_words() -> None:
    error = explain("SELECT * { { _:a ?p ?o } { _:a ?p ?o } }", "error at 1:40: expected <unreported>")
    assert "blank node label used in two groups" in error.detail
    assert error.extra == {}


VALID = [
    "SELECT DISTINCT ?s (COUNT(DISTINCT ?o) AS ?n) FROM <a> FROM NAMED <b> WHERE { ?s a <c> ; <d>|^<e>/(<f>*)+ ?o , 'x'@en ; . } GROUP BY ?s (STR(?o) AS ?q) HAVING(COUNT(*) > 1) ORDER BY DESC(?n) ?s LIMIT 1 OFFSET 2",
    "ASK { FILTER NOT EXISTS { ?s ?p ?o } FILTER(?x NOT IN (1, -2.5, 'a'^^<t>) && !BOUND(?y) || ?z = true) }",
    "CONSTRUCT { ?s <p> [ <q> ( 1 2 _:b ) ] } WHERE { { SELECT ?s { VALUES (?s ?t) { (<a> UNDEF) (<b> 'c') } } } MINUS { ?s !(<p>|^a) ?o } }",
    "CONSTRUCT WHERE { ?s ?p ?o . ?o ?q 1.5e3 } LIMIT 5",
    "DESCRIBE <a> ?x WHERE { BIND(IF(?a < ?b, COALESCE(?c, 1), <f>(?d, 2)) AS ?x) GRAPH ?g { [] ?p ?o } }",
    "BASE <http://b/> PREFIX : <c> SELECT (GROUP_CONCAT(DISTINCT ?a ; SEPARATOR=', ') AS ?l) { ?a :p/:q? ?b OPTIONAL { ?a :r () } } VALUES ?a { :x }",
]


@pytest.mark.parametrize("text", VALID)
def test_the_grammar_finds_no_fault_in_what_is_right(text: str) -> None:
    parseQuery(text)
    read_query(text)


def test_the_grammar_finds_no_fault_in_our_own_queries() -> None:
    for query in read_catalogue().queries.values():
        read_query(query.text)
