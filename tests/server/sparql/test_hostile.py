"""Hostile queries to the endpoint of a running server: each gets an answer of the right kind, which says nothing about
the machine, and the server is as well after it as before."""

from __future__ import annotations

import socket
import time
from urllib.parse import quote, urlsplit

import pytest

from tests.conformance.conftest import QUERY, Endpoint
from tests.processes import figure, until

PRODUCT = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"

QUERIES = {
    "ten thousand brackets": ("SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }", 400),
    "ten thousand open brackets": ("(" * 10_000, 400),
    "ten thousand closed brackets": (")" * 10_000, 400),
    "ten thousand groups": ("SELECT * " + "{" * 10_000 + "}" * 10_000, 400),
    "three thousand optionals": ("SELECT * { " + "OPTIONAL { ?s ?p ?o " * 3_000 + "}" * 3_000 + " }", 400),
    "nested subqueries": ("SELECT * { " + "{ SELECT * { " * 400 + "}" * 800 + " }", 400),
    "nested blank nodes": ("ASK { " + "[ ?p " * 400 + "1" + "]" * 400 + " }", 400),
    "nested lists": ("ASK { ?s ?p " + "(" * 400 + ")" * 400 + " }", 400),
    "ten thousand negations": ("ASK { FILTER(" + "!" * 10_000 + "1) }", 400),
    "a long sum": ("ASK { FILTER(" + "1+" * 10_000 + "1) }", 400),
    "a long disjunction": ("ASK { FILTER(" + "?a||" * 10_000 + "?a) }", 400),
    "a long path": ("ASK { ?s " + "<p>/" * 5_000 + "<p> ?o }", 400),
    "inverse paths": ("ASK { ?s " + "^" * 5_000 + "<p> ?o }", 400),
    "a text over the limit": ("ASK { # " + "x" * 1_000_000 + "\n}", 413),
    "a string over the limit": ("ASK { FILTER('" + "é" * 500_000 + "' = '') }", 413),
    "an open string": ("ASK { FILTER('" + "x" * 10_000, 400),
    "an open long string": ("ASK { FILTER('''" + "'x" * 10_000, 400),
    "an open IRI": ("ASK { <" + "x" * 10_000, 400),
    "only a comment": ("#" * 10_000, 400),
    "only spaces": (" \n\t" * 3_000, 400),
    "an empty query": ("", 400),
    "a NUL": ("ASK { } \0", 400),
    "a NUL in a string": ("ASK { FILTER('\0' = '') }", 400),
    "control characters": ("ASK { \x01\x02\x1b }", 400),
    "a right-to-left override": ("ASK { \u202e }", 400),
    "a surrogate escape": ("ASK { FILTER('\\uD800' = '') }", 400),
    "an escape beyond Unicode": ("ASK { FILTER('\\UFFFFFFFF' = '') }", 400),
    "a byte order mark": ("\ufeffASK {}", 200),
    "an escape that opens a string": ("ASK { FILTER(\\u0027a\\u0027 = '') }", 400),
    "an unknown function": ("SELECT (<http://127.0.0.1/f>(1) AS ?x) {}", 400),
    "a file function": ("SELECT (<java:java.lang.Runtime>(1) AS ?x) {}", 400),
    "a regular expression that explodes elsewhere": ("ASK { FILTER(REGEX('" + "a" * 40 + "b', '^(a+)+$')) }", 200),
    "a regular expression that is none": ("ASK { FILTER(REGEX('a', '((((')) }", 400),
    "a regular expression that is huge": ("ASK { FILTER(REGEX('a', '" + "(a{1000}){1000}" * 3 + "')) }", 400),
    "a string that doubles": ("SELECT (STRLEN(" + "CONCAT(?x,?x," * 30 + "''" + ")" * 30 + ") AS ?n) { BIND('x' AS ?x) }", 200),
    "division by zero": ("SELECT (1/0 AS ?x) {}", 200),
    "a number without end": ("SELECT (" + "9" * 10_000 + " AS ?x) {}", 200),
    "a limit beyond all numbers": ("SELECT * { ?s ?p ?o } LIMIT " + "9" * 100, 400),
    "an offset beyond the data": ("SELECT * { ?s ?p ?o } OFFSET 1000000000", 200),
    "four thousand variables": ("SELECT * { " + " ".join(f"OPTIONAL {{ ?a <p{n}> ?v{n} }}" for n in range(1_500)) + " }", None),
    "three thousand unions": ("SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 3_000) + " }", None),
    "ten thousand values": ("SELECT * { VALUES ?x { " + " ".join(map(str, range(10_000))) + " } }", 200),
    "a product without end": (RUNAWAY, None),
    "a sorted product": (f"SELECT * {{ {PRODUCT} }} ORDER BY ?a1", None),
    "a distinct product": (f"SELECT DISTINCT * {{ {PRODUCT} }}", None),
    "a constructed product": (f"CONSTRUCT {{ ?a1 ?b2 ?c3 }} {{ {PRODUCT} }}", None),
    "a path over everything": ("SELECT * { ?s (<a>|!<a>)* ?o . ?o (<a>|!<a>)* ?x . ?x (<a>|!<a>)* ?y }", None),
    "a grouped product": (f"SELECT ?a1 (GROUP_CONCAT(?c2) AS ?x) {{ {PRODUCT} }} GROUP BY ?a1", None),
}  # fmt: skip


def assert_well(endpoint: Endpoint) -> None:
    """The server answers a query that nobody asked before."""
    number = str(time.monotonic_ns())
    response = endpoint.get(f"SELECT ('{number}' AS ?n) {{}}")
    assert response.json()["results"]["bindings"][0]["n"]["value"] == number


INDISCREET = (
    "Traceback",
    'File "',
    "/usr/",
    "/home/",
    "/root/",
    "site-packages",
    "panicked",
    "pyoxigraph",
    "expected one of",
)


@pytest.mark.parametrize("name", QUERIES)
def test_hostile_queries_get_an_answer(endpoint: Endpoint, name: str) -> None:
    query, status = QUERIES[name]
    response = endpoint.post(query.encode(), QUERY)
    if status is None:
        assert response.status_code in (200, 400, 413, 503, 504)
    else:
        assert response.status_code == status, response.text
    if response.status_code != 200:
        problem = response.json()
        assert problem["status"] == response.status_code
        assert len(problem["detail"]) > 20
    assert [word for word in INDISCREET if word in response.text] == []
    assert_well(endpoint)


def test_clients_that_go_away_free_their_workers(endpoint: Endpoint) -> None:
    def gone() -> float:
        return figure(endpoint.client.get(endpoint.base + "metrics").text, 'palermo_queries_total{outcome="gone"}')

    before, place = gone(), urlsplit(endpoint.base)
    for number in range(12):
        query = RUNAWAY.replace("COUNT(*)", f"COUNT(*) - {number}").replace("?a0", f"?gone{number}")
        with socket.create_connection((place.hostname or "", place.port or 80)) as connection:
            connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.1)
        assert_well(endpoint)
    until(lambda: gone() >= before + 6, "The end of half of them")
