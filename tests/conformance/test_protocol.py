"""SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), query operation. Each case is named by its section."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from httpx2 import Response
from rdflib import Graph, URIRef

from tests.conformance.conftest import FORM, JSON, QUERY, Endpoint
from tests.processes import figure

ASK = "ASK {}"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
FROM_ONE = "SELECT (COUNT(*) AS ?n) FROM <graph/one> { ?s ?p ?o }"
EACH = "SELECT ?g ?n {} {{ GRAPH ?g {{ SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} }} }}"
Send = Callable[[Endpoint], Response]


def one(e: Endpoint) -> str:
    return e.iri("graph/one")


def two(e: Endpoint) -> str:
    return e.iri("graph/two")


def named(name: str, graph: str) -> str:
    """A query string with one graph."""
    return f"?{name}-graph-uri={quote(graph, safe='')}"


def said(response: Response) -> object:
    """What a result says: a truth value, or the values of each row, the only one alone."""
    assert response.status_code == 200, response.text
    document = response.json()
    if "boolean" in document:
        return document["boolean"]
    rows = [" ".join(term["value"] for term in row.values()) for row in document["results"]["bindings"]]
    return rows[0] if len(rows) == 1 else rows


ANSWERS: dict[str, tuple[Send, object]] = {
    "2.1.1 a query in the address": (lambda e: e.get(f"SELECT ?l {{ <id/b> <{LABEL}> ?l }}"), "B"),
    "2.1.1 escapes are decoded once": (
        lambda e: e.get("SELECT (<http://e/a%2Fb> AS ?i) ('100%25 + 1' AS ?s) {}"), "http://e/a%2Fb 100%25 + 1"),
    "2.1.1 a plus is a space": (lambda e: e.client.get(e.address + "?query=ASK+%7B+FILTER(1%2B1=2)+%7D"), True),
    "2.1.1 a slash at the end": (lambda e: e.client.get(e.address + "/?query=" + quote(ASK)), True),
    "2.1.2 a form": (lambda e: e.post("query=" + quote("SELECT ('ሴ😀' AS ?x) {}"), FORM), "ሴ😀"),
    "2.1.2 a form that says UTF-8": (
        lambda e: e.post("query=" + quote("SELECT ('ሴ😀' AS ?x) {}"), FORM + ";charset=UTF-8"), "ሴ😀"),
    "2.1.2 a form in capitals": (lambda e: e.post("query=" + quote("SELECT ('ሴ' AS ?x) {}"), FORM.upper()), "ሴ"),
    "2.1.2 graphs in a form": (lambda e: e.post(f"query={quote(COUNT)}&{named('default', two(e))[1:]}", FORM), "2"),
    "2.1.3 the query itself": (lambda e: e.post("ASK { FILTER('é' = '\\u00e9') }".encode(), QUERY), True),
    "2.1.3 it says UTF-8": (lambda e: e.post("ASK { FILTER('é' = '\\u00e9') }".encode(), QUERY + "; charset=utf-8"), True),
    "2.1.3 graphs in the address": (lambda e: e.post(COUNT, QUERY, tail=named("default", two(e))), "2"),
    "2.1.4 without graphs the default graph is the union": (lambda e: e.get(COUNT), "13"),
    "2.1.4 without graphs all are named": (lambda e: e.get(COUNT_NAMED), "13"),
    "2.1.4 a default graph": (lambda e: e.get(COUNT, default_graph_uri=one(e)), "10"),
    "2.1.4 default graphs are merged": (lambda e: e.get(COUNT, default_graph_uri=[one(e), two(e)]), "12"),
    "2.1.4 a default graph is not named": (lambda e: e.get(COUNT_NAMED, default_graph_uri=one(e)), "0"),
    "2.1.4 named graphs": (lambda e: e.get(COUNT_NAMED, named_graph_uri=[one(e), two(e)]), "12"),
    "2.1.4 a named graph": (lambda e: e.get(COUNT_NAMED, named_graph_uri=two(e)), "2"),
    "2.1.4 a named graph is not in the default one": (lambda e: e.get(COUNT, named_graph_uri=two(e)), "0"),
    "2.1.4 both kinds together": (
        lambda e: e.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . GRAPH ?g { ?x ?y ?z } }",
                        default_graph_uri=two(e), named_graph_uri=e.iri("graph/catalogue")), "2"),
    "2.1.4 graphs of the query": (lambda e: e.get(FROM_ONE), "10"),
    "2.1.4 the protocol comes before the query": (lambda e: e.get(FROM_ONE, default_graph_uri=two(e)), "2"),
    "2.1.4 a default graph named twice": (lambda e: e.get(COUNT, default_graph_uri=[one(e), one(e)]), "10"),
    "2.1.4 a graph of the query named twice": (
        lambda e: e.get(FROM_ONE.replace("FROM", "FROM <graph/one> FROM")), "10"),
    **{f"2.1.4 {graph or 'nothing'} stands for the default graph, as {kind}, by {way}": (
        lambda e, graph=graph, kind=kind, way=way: e.client.get(
            e.address, params={"query": COUNT, f"{kind}-graph-uri": graph}) if way == "get" else e.client.post(
            e.address, data={"query": COUNT, f"{kind}-graph-uri": graph}), "13")
       for graph in ("", "urn:x-rdflib:default", "urn:x-arq:DefaultGraph", "urn:x-arq:UnionGraph")
       for kind in ("default", "named") for way in ("get", "post")},
    "2.1.4 each graph": (lambda e: e.get(EACH.format(""), named_graph_uri=two(e)), "{two} 2"),
    "2.1.4 each of none": (lambda e: e.get(EACH.format(""), default_graph_uri=two(e)), []),
    "2.1.4 each of the protocol's": (lambda e: e.get(EACH.format("FROM NAMED <graph/one>"), named_graph_uri=two(e)), "{two} 2"),
    "2.1.4 each of the query's": (lambda e: e.get(EACH.format("FROM NAMED <graph/two> FROM <graph/one>")), "{two} 2"),
    "2.1.4 each of no named one": (lambda e: e.get(EACH.format("FROM <graph/one>")), []),
    "2.1.6 zero rows are a result": (lambda e: e.get("SELECT ?s { ?s <id/nothing> ?o }"), []),
    "2.1.6 numbers beside texts are sorted": (
        lambda e: e.get("SELECT ?x { VALUES ?x { 7 '7' 17 '17' 100 '100' 9 '9' } } ORDER BY ?x"),
        ["7", "9", "17", "100", "100", "17", "7", "9"]),
    "2.1.6 a path without a step leads from what is not there to itself": (
        lambda e: e.get("SELECT ?x { <id/nothing> <p>* ?x }"), "{base}id/nothing"),
    "2.1.6 and from what is there": (
        lambda e: e.get("SELECT ?x { <id/b> <ontology#next>* ?x . ?x a* ?x } ORDER BY ?x"), ["{base}id/a", "{base}id/b"]),
    "2.1.6 in a graph too": (lambda e: e.get("ASK FROM <graph/one> { <id/b> <p>? <id/b> }"), True),
    "2.1.7 a pattern that the engine reads": (lambda e: e.get(r'SELECT (REGEX("aXc", "^a\\p{Lu}C$", "i") AS ?x) {}'), "true"),
    "2.1.7 a sign in a text may be one that cannot be seen": (lambda e: e.get("SELECT (STRLEN('\u00a0') AS ?x) {}"), "1"),
    "2.3 relative IRIs, whatever the host is called": (
        lambda e: e.client.get(e.address.replace("localhost", "127.0.0.1"), headers={"host": "evil.example"}, params={
            "query": "PREFIX : <ontology#> SELECT ?n { <id/b> :next ?n }"}), "{base}id/a"),
    "2.3 a base of its own": (lambda e: e.get("BASE <http://example.org/> SELECT (<x> AS ?x) {}"), "http://example.org/x"),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_a_query_is_answered(endpoint: Endpoint, case: str) -> None:
    send, expected = ANSWERS[case]

    def filled(value: object) -> object:
        return value.format(base=endpoint.base, two=two(endpoint)) if isinstance(value, str) else value

    assert said(send(endpoint)) == (
        [filled(each) for each in expected] if isinstance(expected, list) else filled(expected)
    )


UPDATES = {
    *(
        "INSERT DATA { <a> <b> <c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://example.org/>",
        "CLEAR ALL",
        "DROP ALL",
    ),
    "CREATE GRAPH <g>",
}
NUMBERS = " ".join(f"-{number}" for number in range(3_000))
UNREAD = "is no regular expression here"
ERRORS: dict[str, tuple[Send, int, str]] = {
    **{f"2.1.7 a malformed query: {text or 'nothing'}": (lambda e, text=text: e.get(text), 400, reason)
       for text, reason in (
           ("SELECT * { ?s ?p }", "an object is expected"), ("SELECT * { ?s ex:p ?o }", "'ex:' is not declared"),
           ("SELEKT * {}", ""), ("", ""), ("SELECT * { ?s ?p 'a }", ""), ("ASK {} ASK {}", ""),
           ("SELECT * {\n  ?s foaf ?o\n}", "Line 2, column 6: "), ("SELECT ?x { no:where <p>* ?x }", "no:"),
           ("SELECT\u00a0* { ?s ?p ?o }", "U+00A0 (no-break space)"),
           ("SELECT * { ?s ?p\u200b ?o }", "U+200B (zero width space)"),
           ("SELECT * { ?s ?p ?o }\u2028", "U+2028 (line separator)"),
           ('SELECT (REGEX("x", "[") AS ?x) {}', UNREAD), ('SELECT (REGEX("x", "x", "z") AS ?x) {}', UNREAD),
           (r'SELECT (REPLACE("xx", "(x)\\1", "y") AS ?x) {}', UNREAD), ("SELECT (REGEX('x', '(?=x)', 'i') AS ?x) {}", UNREAD))},
    **{f"2.1.4 a graph that is not served, as {kind}: {graph}": (
        lambda e, graph=graph, kind=kind: e.client.get(e.address + named(kind, graph) + "&query=" + quote(COUNT)),
        403, "no graph")
       for kind in ("default", "named") for graph in ("http://example.org/elsewhere", "file:///etc/passwd", "graph/one")},
    "2.1.4 a graph of the query that is not served": (lambda e: e.get("SELECT * FROM <http://e/x> {}"), 403, "no graph"),
    "2.1.7 another server": (lambda e: e.get("SELECT * { SERVICE <http://example.org/> {} }"), 403, "another server"),
    "2.1 no query in a form": (lambda e: e.post("", FORM), 400, ""),
    "2.1 two queries in a form": (lambda e: e.post(f"query={quote(ASK)}&query={quote(ASK)}", FORM), 400, ""),
    "2.1 two queries in the address": (lambda e: e.get(ASK, query=ASK), 400, ""),
    "2.1 a query in each place": (lambda e: e.post(ASK, QUERY, tail="?query=" + quote(ASK)), 400, ""),
    "2.1 graphs without a query": (lambda e: e.get(default_graph_uri=one(e)), 400, ""),
    "2.1.3 a POST with its query in the address": (
        lambda e: e.client.post(e.address, params={"query": ASK}), 415, "use GET"),
    **{f"2.1 a body of another type: {kind}": (lambda e, kind=kind: e.post(ASK, kind), 415, QUERY)
       for kind in (None, "text/plain", "application/json", JSON, "multipart/form-data; boundary=x", "garbage")},
    "2.1 a query in UTF-16": (lambda e: e.post(ASK, QUERY + "; charset=utf-16"), 415, ""),
    "2.1 a form in Latin-1": (lambda e: e.post(ASK, FORM + "; charset=iso-8859-1"), 415, ""),
    "2.1 a query that is not UTF-8": (lambda e: e.post(b"ASK { FILTER('\xff' = '') }", QUERY), 400, ""),
    "2.1 a form that is not UTF-8": (lambda e: e.post(b"query=ASK%20%7B%20%7D%FF", FORM), 400, ""),
    "2.1.5 no picture of a result": (lambda e: e.get(ASK, "image/png"), 406, JSON),
    "2.1.5 no graph of a result": (lambda e: e.get(ASK, "text/turtle"), 406, JSON),
    "2.1.5 nothing at all": (lambda e: e.get(ASK, "*/*;q=0"), 406, JSON),
    "2.1.5 no table of a graph": (lambda e: e.get("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"), 406, ""),
    "2.1.5 a format that there is not": (lambda e: e.get(ASK, format="auto"), 400, "auto"),
    "2.1.7 a query that is too long": (lambda e: e.post("ASK {} #" + "x" * 1_000_000, QUERY), 413, "bytes"),
    "2.1.7 a query of too many operators": (
        lambda e: e.post("ASK { FILTER(" + "1 - " * 3_000 + "1 = 0) }", QUERY), 400, "operators"),
    **{f"2.2 an update, {way}: {update}": (lambda e, send=send, update=update: send(e, update), status, "changes nothing")
       for update in sorted(UPDATES) for way, status, send in (
           ("as such", 403, lambda e, text: e.post(text, "application/sparql-update")),
           ("in a form", 403, lambda e, text: e.post("update=" + quote(text), FORM)),
           ("in the address", 403, lambda e, text: e.client.get(e.address, params={"update": text})),
           ("as a query in a form", 400, lambda e, text: e.post("query=" + quote(text), FORM)),
           ("as a query", 400, lambda e, text: e.post(text, QUERY)),
           ("as a query in the address", 400, lambda e, text: e.get(text)))},
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_what_is_wrong_is_refused_with_a_reason(endpoint: Endpoint, case: str) -> None:
    send, status, words = ERRORS[case]
    response = send(endpoint)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert len(response.json()["detail"]) > 10
    assert words in response.text.replace('\\"', '"')


def test_2_1_7_a_query_that_takes_too_long_is_504_and_no_empty_result(endpoint: Endpoint) -> None:
    product = " . ".join(f"?a{number} ?b{number} ?c{number}" for number in range(8))
    response = endpoint.get(f"SELECT (COUNT(*) AS ?n) {{ {product} }}")
    assert response.status_code in (503, 504)
    assert "result" in response.json()["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_2_1_methods_other_than_get_and_post_are_405_with_allow(endpoint: Endpoint, method: str) -> None:
    response = endpoint.client.request(method, endpoint.address, params={"query": ASK})
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("coding", ["gzip", "br", "x-unknown"])
def test_2_1_3_a_coded_body_is_415_and_says_what_is_read(endpoint: Endpoint, coding: str) -> None:
    fields = {"Content-Type": QUERY, "Content-Encoding": coding}
    response = endpoint.client.post(endpoint.address, content=b"ASK {}", headers=fields)
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")


@pytest.mark.parametrize(
    ("media_type", "reader"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"), ("application/ld+json", None)],
)  # fmt: skip
@pytest.mark.parametrize("query", ["CONSTRUCT { <id/a> ?p ?o } { <id/a> ?p ?o }", "DESCRIBE <id/a>"])
def test_2_1_5_construct_and_describe_in_each_format(
    endpoint: Endpoint, query: str, media_type: str, reader: str | None
) -> None:
    response = endpoint.get(query, media_type)
    assert response.headers["content-type"].startswith(media_type)
    if reader is None:
        assert [node["@id"] for node in response.json()["@graph"]] == [endpoint.iri("id/a")]
        return
    graph = Graph().parse(data=response.text, format=reader)
    assert len(graph) == 10
    assert set(graph.subjects()) == {URIRef(endpoint.iri("id/a"))}


CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("query", "accept", "format_", "content_type"),
    [
        (ASK, "*/*", "", JSON),
        ("DESCRIBE <id/a>", "*/*", "", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/sparql-results+xml", "", "application/rdf+xml; charset=utf-8"),  # as some clients ask
        (ASK, "image/png", "csv", "text/csv"),
        (ASK, "*/*", "application/sparql-results+json", JSON),  # with a plus that was not escaped
        (CONSTRUCT, "*/*", "text/turtle", "text/turtle"),
    ],
)
def test_2_1_5_a_format_is_the_standard_one_or_named_in_the_address(
    endpoint: Endpoint, query: str, accept: str, format_: str, content_type: str
) -> None:
    address = f"{endpoint.address}?query={quote(query)}" + (f"&format={format_}" if format_ else "")
    response = endpoint.client.get(address, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(content_type)


def test_2_1_7_long_lists_of_values_and_signs_of_numbers_are_answered(endpoint: Endpoint) -> None:
    iris = " ".join(f"<http://example.org/id/document/a/paragraph/{number}/{'x' * 20}>" for number in range(2_000))
    pairs = " ".join(f"(-{number} +{number})" for number in range(3_000))
    for query in (
        f"SELECT * {{ VALUES ?s {{ {iris} }} ?s ?p ?o }}",
        f"SELECT * {{ VALUES ?n {{ {NUMBERS} }} }}",
        f"SELECT * {{ VALUES (?n ?m) {{ {pairs} }} }}",
        f"ASK {{ FILTER(1 IN ({NUMBERS.replace(' ', ', ')})) }}",
    ):
        assert (
            endpoint.post(query, QUERY).status_code == endpoint.post("query=" + quote(query), FORM).status_code == 200
        )


def test_2_1_6_graphs_are_counted_one_by_one(endpoint: Endpoint) -> None:
    plain = endpoint.get("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    assert said(endpoint.get(EACH.format("") + " ORDER BY ?g")) == said(plain)


HINTED = {
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING(?n > 1)": "HAVING does not know ?n",
    "SELECT (SUM(?s) AS ?all) { ?s ?p ?o }": "?all is empty in every row",
}


@pytest.mark.parametrize("query", HINTED)
def test_extra_the_page_says_what_a_query_may_mean_otherwise(endpoint: Endpoint, query: str) -> None:
    assert HINTED[query] in endpoint.get(query, "text/html").text
    assert "is empty in every row" not in endpoint.get("SELECT (COUNT(*) AS ?n) {}", "text/html").text


def test_http_options_says_what_the_address_can_do_and_lets_scripts_from_anywhere_ask(endpoint: Endpoint) -> None:
    asked = {"origin": "https://example.org", "access-control-request-method": "POST"}
    response = endpoint.client.options(endpoint.address, headers=asked)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    allowed = {name.strip().lower() for name in response.headers["access-control-allow-headers"].split(",")}
    assert {"*", "authorization", "content-type"} <= allowed
    assert "access-control-allow-credentials" not in response.headers


def test_http_a_conditional_request_for_a_known_result_is_304(endpoint: Endpoint) -> None:
    address = endpoint.address + "?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 2")
    first = endpoint.client.get(address)
    again = endpoint.client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = endpoint.client.get(address, headers={"if-none-match": first.headers["etag"], "accept": "text/csv"})
    assert (other.status_code, other.headers["etag"] != first.headers["etag"]) == (200, True)


def test_http_results_that_change_each_time_are_not_kept(endpoint: Endpoint) -> None:
    first, second = (endpoint.get("SELECT (STRUUID() AS ?u) {}") for _ in range(2))
    assert first.content != second.content
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers


@pytest.mark.parametrize("way", ["get", "post"])
def test_http_a_result_is_made_once_and_kept_for_the_same_request(endpoint: Endpoint, way: str) -> None:
    def ran() -> float:
        return figure(endpoint.client.get(endpoint.base + "metrics").text, "palermo_queries_total")

    def ask(query: str) -> Response:
        return endpoint.get(query) if way == "get" else endpoint.post(query, QUERY)

    text = f"SELECT ({way!r} AS ?way) ?s {{ ?s ?p ?o }} ORDER BY ?s LIMIT 3"
    asked = [ask(text) for _ in range(2)]
    before = ran()
    asked += [ask(text) for _ in range(2)]
    assert {(response.status_code, response.content) for response in asked} == {(200, asked[0].content)}
    assert ran() == before
    assert ask(text + " OFFSET 1").content != asked[0].content


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [("text/html", "text/html"), ("text/plain", "text/plain"), ("text/turtle", "application/problem+json")],
)
def test_extra_errors_come_in_the_format_of_the_reader(endpoint: Endpoint, accept: str, content_type: str) -> None:
    response = endpoint.get("DESCRIBE * { ?s ?p }", accept)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith(content_type)
    assert "object is expected" in response.text
