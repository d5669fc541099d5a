"""Detours around faults of the engine: the detour has the solutions that SPARQL defines, worked out by hand, and the
engine alone has others. A test of the second kind that fails says that the engine is mended and the detour may go."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from random import Random

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from queries.grammar import read_query
from server.sparql.detours import detour
from server.sparql.gate import check_query
from server.sparql.outcomes import Limits, QueryFailed

DATA = """
GRAPH <g:a> { <s:1> <p:p> 1 . <s:1> <p:q> 1 . <s:2> <p:p> <s:1> . <s:2> <p:q> <s:3> . }
GRAPH <g:b> { <s:3> <p:r> "x"@en . <s:4> <p:p> <s:3> , <s:1> . }
"""
"""Seven statements, four in one graph and three in another: s:1 has 1 by two properties."""
GRAPHS = ("g:a", "g:b")
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.extend(parse(DATA, RdfFormat.TRIG))
    return store


def test_a_graph_around_a_subquery_is_one_of_the_data_set_that_a_query_names(store: Store) -> None:
    query = "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
    for named, expected in ((["g:b"], [("g:b", "3")]), ([], [])):
        assert rows(store, detour(read_query(query), named)) == Counter(expected)


@pytest.mark.parametrize(
    "inside",
    ["SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "VALUES ?x { 1 }", "<s:1> <p:p>* ?x", "", "OPTIONAL { ?s ?p ?o }"],
)
def test_a_graph_that_the_data_set_does_not_have_has_no_solution(store: Store, inside: str) -> None:
    for query, expected in (
        (f"SELECT * {{ GRAPH <g:c> {{ {inside} }} }}", 0),
        (f"SELECT (1 AS ?y) {{ {{ GRAPH <g:c> {{ {inside} }} }} UNION {{ GRAPH <g:a> {{ <s:1> <p:p> 1 }} }} }}", 1),
    ):
        asked = detour(read_query(query), GRAPHS, lambda token: token[1][1:-1])
        assert sum(rows(store, asked).values()) == expected
        if inside.startswith(("SELECT", "VALUES")):
            assert sum(rows(store, query).values()) > expected, "The engine is mended."


def rows(store: Store, query: str) -> Counter[tuple[str, ...]]:
    results = store.query(query, use_default_graph_as_union=True)
    assert isinstance(results, QuerySolutions)
    return Counter(tuple(getattr(value, "value", "-") for value in row) for row in results)


def taken(query: str) -> str:
    return detour(read_query(query), GRAPHS)


CASES: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "a count in each graph": (
        "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
        [("g:a", "4"), ("g:b", "3")],
    ),
    "VALUES in each graph": ("SELECT ?g ?x { GRAPH ?g { VALUES ?x { 7 } } }", [("g:a", "7"), ("g:b", "7")]),
    "VALUES in a branch": (
        "SELECT ?g ?o { GRAPH ?g { { ?s <p:r> ?o } UNION { VALUES ?o { 7 } } } }",
        [("g:b", "x"), ("g:a", "7"), ("g:b", "7")],
    ),
    "each graph beside each": (
        "SELECT ?g ?h { GRAPH ?g { GRAPH ?h { ?s <p:r> ?o } } }",
        [("g:a", "g:b"), ("g:b", "g:b")],
    ),
    "a subquery in a graph in a graph": (
        "SELECT ?g ?h ?n { GRAPH ?g { GRAPH ?h { SELECT (COUNT(*) AS ?n) { ?s <p:r> ?o } } } }",
        [("g:a", "g:a", "0"), ("g:a", "g:b", "1"), ("g:b", "g:a", "0"), ("g:b", "g:b", "1")],
    ),
    "an alternative": ("SELECT ?o { <s:1> (<p:p>|<p:q>) ?o }", [("1",), ("1",)]),
    "the same property twice": ("SELECT ?o { <s:4> (<p:p>|<p:p>) ?o }", [("s:3",), ("s:3",), ("s:1",), ("s:1",)]),
    "an alternative before a step": (
        "SELECT ?o { ?s (<p:p>|<p:q>)/(<p:p>|<p:q>) ?o }",
        [("1",), ("1",), ("1",), ("1",)],
    ),
    "alternatives among other properties": (
        "SELECT ?s ?o { ?s <p:q> 1 ; (<p:p>|<p:q>) ?o , ?o . }",
        [("s:1", "1")] * 4,
    ),
    "an alternative the other way": ("SELECT ?s { 1 ^(<p:p>|<p:q>) ?s }", [("s:1",), ("s:1",)]),
    "all but some, both ways": ("SELECT ?x { <s:1> !(<p:r>|^<p:r>) ?x }", [("1",), ("1",), ("s:2",), ("s:4",)]),
    "numbers joined": (
        "SELECT ?s (GROUP_CONCAT(?o; SEPARATOR='+') AS ?all) { ?s <p:p>|<p:q> ?o FILTER(?s = <s:1>) } GROUP BY ?s",
        [("s:1", "1+1")],
    ),
    "a pattern taken away in each graph": ("SELECT ?g { GRAPH ?g { MINUS { <s:1> <p:p> ?x } } }", [("g:a",), ("g:b",)]),
    "the graph's own name in an OPTIONAL": (
        "SELECT ?g ?s { GRAPH ?g { ?s <p:r> ?o OPTIONAL { <s:4> <p:p> ?g } } }",
        [],
    ),
    "all but one between known ends": ("SELECT ?o { ?s <p:q> ?o . ?s !<p:r> ?o }", [("1",), ("1",), ("s:3",)]),
    "all but one before a step": (
        "SELECT ?s { VALUES ?s { <s:2> <s:4> } ?s !<p:r>/!<p:r> 1 }",
        [("s:2",), ("s:2",), ("s:4",), ("s:4",)],
    ),
    "no step from a term that is in no statement": ("SELECT ?x { <s:none> <p:p>* ?x }", [("s:none",)]),
    "no step to one": ("SELECT ?x { ?x <p:p>|<p:q>? 'none' }", [("none",)]),
    "no step, written the other way round": ("SELECT ?x { ?x ^(<p:p>*) 'none'@en }", [("none",)]),
    "no step below a step": ("SELECT ?x { <s:none> (<p:p>?)+ ?x }", [("s:none",)]),
    "no step from a term to itself": ("SELECT (1 AS ?yes) { <s:none> <p:p>? <s:none> }", [("1",)]),
    "no step in a graph without the term": (
        "SELECT ?g ?x { GRAPH ?g { <s:2> <p:p>? ?x } }",
        [("g:a", "s:2"), ("g:a", "s:1"), ("g:b", "s:2")],
    ),
    "duplicates that a limit counts": (
        "SELECT DISTINCT ?o { { SELECT ?o { <s:1> (<p:p>|<p:q>) ?o } OFFSET 1 } }",
        [("1",)],
    ),
    "a group before a letter": (
        r'SELECT (REPLACE("abc", "(b)", "$1x") AS ?a) (REPLACE("abc", "(b)", "$10") AS ?b) {}',
        [("abxc", "ab0c")],
    ),
    "a dollar sign and a backslash put in": (
        r"""SELECT (REPLACE('abc', 'b', '\\$\\$1') AS ?a) (REPLACE('abc', "[(]|b", "\\\\", 'i') AS ?b) {}""",
        [("a$$1c", r"a\c")],
    ),
    "an IRI joined": ("SELECT (GROUP_CONCAT(DISTINCT ?o) AS ?all) { <s:2> <p:p> ?o }", [("s:1",)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_detour_has_the_solutions_that_sparql_defines_and_the_engine_alone_has_others(
    store: Store, name: str
) -> None:
    query, expected = CASES[name]
    assert rows(store, taken(query)) == Counter(expected)
    assert rows(store, query) != Counter(expected), "The engine is mended."


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?g ?s { GRAPH ?g { ?s ?p ?o OPTIONAL { ?s <p:r> ?x } } }",
        "SELECT ?s { GRAPH <g:a> { SELECT ?s { ?s ?p ?o } } }",
        "SELECT DISTINCT ?o { ?s (<p:p>|<p:q>) ?o }",
        "ASK { ?s (<p:p>|<p:q>)+ ?o }",
        "SELECT ?o { ?s (<p:p>|<p:q>)* ?o }",
        "SELECT DISTINCT ?o { ?s !(<p:p>|<p:q>) ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s (!<p:p>)+ ?o }",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o OPTIONAL { ?o ?q ?x FILTER(?g != ?x) } } }",
        "SELECT (COUNT(?o) AS ?n) { ?s ?p ?o } ",
        'SELECT (REPLACE("a.b", "(.)", "$", "q") AS ?x) (REPLACE("a", ?p, ?r) AS ?y) {}',
        'SELECT (REPLACE("abc", "b", "-") AS ?x) (REGEX("$", "[$]") AS ?y) {}',
        "SELECT ?o { <s:none> <p:p>*/<p:q> ?o }",
        "SELECT ?s ?o { ?s <p:p>* ?o }",
        "SELECT ?s { ?s <p:p> ?o FILTER EXISTS { ?s <p:p> ?x MINUS { ?t <p:q> ?x } } }",
        "SELECT ?s { ?s <p:p> ?o MINUS { ?s <p:p> ?x FILTER NOT EXISTS { ?s <p:q> ?x } } }",
        "SELECT ?s { ?s <p:p> ?o FILTER EXISTS { ?s <p:q> ?x } { MINUS { ?a <p:q> ?b } } }",
        "SELECT ?o { <s:1> <p:p>? [ <p:q> ?o ] }",
        "SELECT ?o { <s:1> <p:p> [ <p:q>* <s:3> ] ; <p:q> ?o }",
    ],
)
def test_what_the_engine_answers_rightly_is_asked_as_it_is(query: str) -> None:
    assert taken(query) == query


def test_what_cannot_be_taken_apart_is_refused_with_the_way_round() -> None:
    with pytest.raises(QueryFailed, match="UNION"):
        taken("SELECT ?o { ?s (<p:p>|<p:q>) [ <p:r> ?o ] }")
    with pytest.raises(QueryFailed, match="UNION"):
        taken("SELECT ?o { ?s <p:r> [ (<p:p>|<p:q>) ?o ] }")
    with pytest.raises(QueryFailed, match="UNION"):
        taken("SELECT ?o { _:x <p:r> ?s . ?s (<p:p>|<p:q>) ?o . _:x <p:p> ?o }")
    with pytest.raises(QueryFailed, match="a negated property"):
        taken("SELECT (COUNT(*) AS ?n) { <s:1> !<p:r> 1 }")
    for replacement in ("$", "$x", r"\\d"):
        with pytest.raises(QueryFailed, match="the number of a group"):
            taken(f'SELECT (REPLACE("a", "a", "{replacement}") AS ?x) {{}}')
    with pytest.raises(QueryFailed, match="a variable instead of the blank node"):
        taken("SELECT * { <s:none> <p:p>* [] }")
    columns = " ".join(f"(?n{number} + 1 AS ?n{number + 1})" for number in range(400))
    with pytest.raises(QueryFailed, match="one in another"):
        taken(f"SELECT (COUNT(*) AS ?n0) {columns} {{}}")
    steps = "/".join(["(<p:p>|<p:q>)"] * 200)  # each twice as many ways as those before it
    with pytest.raises(QueryFailed, match="UNION"):
        taken(f"SELECT ?o {{ ?s {steps} ?o }}")
    query = "SELECT ?g { GRAPH ?g { SELECT ?s { ?s ?p ?o } } }"
    with pytest.raises(QueryFailed, match="Put GRAPH inside the subquery"):
        detour(read_query(query), [f"g:{number}" for number in range(31)])


@pytest.mark.parametrize(
    ("query", "way"),
    [
        (f"SELECT (SUM(?x){' + 1' * 200} AS ?n) (CONCAT({', '.join(['?n'] * 600)}) AS ?m) {{}}", "into a subquery"),
        (f"SELECT * {{ ?s ({'|'.join(['a'] * 60)}) {', '.join(['?o'] * 200)} }}", "UNION"),
        ("SELECT * { " + "GRAPH ?g { " * 20 + "VALUES ?x { 1 }" + " }" * 21, "outside of GRAPH"),
    ],
)
def test_a_short_query_whose_detour_would_be_very_long_is_refused_before_it_is_written(query: str, way: str) -> None:
    with pytest.raises(QueryFailed, match=way):
        taken(query)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("NOT EXISTS { MINUS { ?s <p:q> ?x } }", 0),
        ("EXISTS { ?s <p:p> ?o MINUS { ?a <p:q> ?b } }", 4),
        ("EXISTS { OPTIONAL { ?s <p:none> ?x } MINUS { ?a <p:q> ?x } }", 4),
        ("EXISTS { ?s <p:p> ?x MINUS { ?a <p:p> ?b OPTIONAL { ?a <p:none> ?x } } }", 4),
        ("EXISTS { { FILTER(true) MINUS { ?a <p:q> ?b } } ?s <p:p> ?o }", 4),
        ("EXISTS { VALUES ?x { UNDEF } MINUS { ?a <p:q> ?x } }", 4),
    ],
)
def test_a_minus_in_exists_that_may_share_no_variable_is_refused(store: Store, test: str, expected: int) -> None:
    """Of the four statements with p:p; a MINUS that shares no variable takes nothing away (SPARQL 1.1 Query §18.5)."""
    query = f"SELECT ?s {{ ?s <p:p> ?o FILTER {test} }}"
    with pytest.raises(QueryFailed, match="share a variable"):
        taken(query)
    assert sum(rows(store, query).values()) != expected, "The engine is mended."


MIXED = [
    form % number
    for number in range(200)
    for form in ("%d", "'%d'", "'%d'@en", "<s:%d>", "%d.5", "'%d'^^<t:t>", "'20%03d-01-01'^^<" + XSD + "date>")
]


def sorted_apart(query: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code of a process that runs a query, which may abort, and the values and types it printed."""
    code = "import sys, pyoxigraph as o\nfor row in o.Store().query(sys.stdin.read()):\n    print(row[0].value, getattr(row[0], 'datatype', o.NamedNode('t:iri')).value)"
    done = subprocess.run([sys.executable, "-c", code], input=query, capture_output=True, text=True, check=False)
    found = [line.split() for line in done.stdout.splitlines()]
    return done.returncode, [(value, kind) for value, kind in found]


@pytest.mark.parametrize("order", ["?x", "ASC(?x)", "DESC(?x)", "(?x)"])
def test_numbers_beside_texts_are_sorted_by_number_and_by_text(order: str) -> None:
    values = " ".join(Random(2).sample(MIXED, len(MIXED)))
    code, found = sorted_apart(taken(f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY {order}"))
    assert (code, len(found)) == (0, len(MIXED))
    found = found[::-1] if order.startswith("DESC") else found
    numbers = [float(value) for value, kind in found if kind in (f"{XSD}integer", f"{XSD}decimal")]
    assert numbers == sorted(numbers)
    texts = [value for value, kind in found if kind == f"{XSD}string"]
    assert texts == sorted(texts)


def test_the_engine_alone_still_aborts_on_numbers_beside_texts() -> None:
    values = " ".join(Random(2).sample(MIXED, len(MIXED)))
    assert sorted_apart(f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY ?x")[0] != 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) { ?s <p:p> ?o }", [("4", "5")]),
        (
            "SELECT ?n ?m ?k { { SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) (?m * 2 AS ?k) { ?s <p:p> ?o } } }",
            [("4", "5", "10")],
        ),
        (
            "SELECT (SUM(?x) AS ?t) (COUNT(?x) AS ?c) (IF(?c > 1, ?t / ?c, 0) AS ?mean) { VALUES ?x { 1 2 6 } }",
            [("9", "3", "3")],
        ),
        (
            "SELECT ?x (COUNT(*) AS ?n) (?n * ?x AS ?m) { VALUES (?x ?y) { (2 1) (2 2) (3 1) } } GROUP BY ?x",
            [("2", "2", "4"), ("3", "1", "3")],
        ),
    ],
)
def test_a_name_of_an_aggregate_can_be_used_in_a_later_expression(
    store: Store, query: str, expected: list[tuple[str, ...]]
) -> None:
    """SPARQL 1.1 Query, §16.1.2: an expression combines what was defined earlier in the SELECT clause."""
    assert rows(store, detour(read_query(query), GRAPHS)) == Counter(expected)
    with pytest.raises(SyntaxError):  # else the engine is mended
        store.query(query)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("ORDER BY ?y", ["4", "2", "3", "1"]),
        ("ORDER BY DESC(?y)", ["1", "3", "2", "4"]),
        ("HAVING (?y > 1) ORDER BY ?y", ["3", "1"]),
        ("HAVING (?y > 1 && COUNT(?y) = 1) ORDER BY ?x", ["1", "3"]),
    ],
)
def test_what_is_not_grouped_is_a_sample_of_the_group(store: Store, ending: str, expected: list[str]) -> None:
    """SPARQL 1.1 Query, §18.2.4.1: in HAVING and ORDER BY an unaggregated variable V is replaced by Sample(V)."""
    query = f"SELECT ?x {{ VALUES (?x ?y) {{ (1 3) (2 1) (3 2) (4 0) }} }} GROUP BY ?x {ending}"
    asked = detour(read_query(query), GRAPHS)
    assert [row for (row,) in rows(store, asked)] == expected
    assert [row for (row,) in rows(store, query)] != expected, "The engine is mended."


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (1 AS ?n) (?n + 1 AS ?m) { ?s ?p ?o }",
        "SELECT ?k (STRLEN(?k) AS ?l) (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY (STR(?s) AS ?k)",
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(?o) > 1 && EXISTS { ?s <p:q> ?z })",
        "SELECT ?s (MAX(?o) AS ?m) { ?s ?p ?o } GROUP BY ?s HAVING (?m > 1)",
        "SELECT (RAND() AS ?r) (?r AS ?again) (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT COUNT",
        "SELECT {} HAVING COUNT",
        "SELECT (COUNT(?x) AS) {}",
    ],
)
def test_what_the_engine_groups_rightly_or_nobody_can_read_is_left_as_it_is(query: str) -> None:
    assert check_query(query, Limits(), "http://b/", GRAPHS).detour == query
