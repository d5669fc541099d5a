"""SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), query operation. Each test is named by its section."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from rdflib import Graph, URIRef

from tests.conformance.conftest import FORM, JSON, QUERY, Endpoint

ASK = "ASK {}"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def count(response) -> int:  # type: ignore[no-untyped-def]
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_2_1_1_query_by_get_with_the_query_in_the_address(endpoint: Endpoint) -> None:
    response = endpoint.get("SELECT ?l { <id/b> <" + LABEL + "> ?l }")
    assert response.status_code == 200
    assert response.json()["results"]["bindings"] == [{"l": {"type": "literal", "value": "B", "xml:lang": "fr"}}]


def test_2_1_1_percent_encoding_is_decoded_once(endpoint: Endpoint) -> None:
    query = "SELECT (<http://e/a%2Fb> AS ?i) ('100%25 + 1' AS ?s) {}"
    row = endpoint.get(query).json()["results"]["bindings"][0]
    assert (row["i"]["value"], row["s"]["value"]) == ("http://e/a%2Fb", "100%25 + 1")


def test_2_1_1_a_plus_in_the_address_is_a_space(endpoint: Endpoint) -> None:
    response = endpoint.client.get(endpoint.address + "?query=ASK+%7B+FILTER(1%2B1=2)+%7D")
    assert response.json()["boolean"] is True


def test_2_1_1_the_address_works_with_a_slash_at_its_end(endpoint: Endpoint) -> None:
    assert endpoint.client.get(endpoint.address + "/?query=" + quote(ASK)).json()["boolean"] is True


def test_2_1_2_query_by_post_of_a_form(endpoint: Endpoint) -> None:
    assert endpoint.post("query=" + quote(ASK), FORM).json()["boolean"] is True


def test_2_1_2_a_form_in_utf_8_is_read_as_such(endpoint: Endpoint) -> None:
    body = "query=" + quote("SELECT ('ሴ😀' AS ?x) {}")
    for content_type in (FORM, FORM + "; charset=utf-8", FORM + ";charset=UTF-8", FORM.upper()):
        response = endpoint.post(body, content_type)
        assert response.json()["results"]["bindings"][0]["x"]["value"] == "ሴ😀"


def test_2_1_2_graphs_are_named_in_the_form(endpoint: Endpoint) -> None:
    body = f"query={quote(COUNT)}&default-graph-uri={quote(endpoint.iri('graph/two'), safe='')}"
    assert count(endpoint.post(body, FORM)) == 2


def test_2_1_3_query_by_post_of_the_query_itself(endpoint: Endpoint) -> None:
    for content_type in (QUERY, QUERY + "; charset=utf-8"):
        assert endpoint.post("ASK { FILTER('é' = '\\u00e9') }".encode(), content_type).json()["boolean"] is True


def test_2_1_3_graphs_are_named_in_the_address(endpoint: Endpoint) -> None:
    tail = f"?default-graph-uri={quote(endpoint.iri('graph/two'), safe='')}"
    assert count(endpoint.post(COUNT, QUERY, tail=tail)) == 2


def test_2_1_4_without_graphs_the_default_graph_is_the_union(endpoint: Endpoint) -> None:
    assert count(endpoint.get(COUNT)) == 13
    assert count(endpoint.get(COUNT_NAMED)) == 13


def test_2_1_4_default_graphs_are_merged(endpoint: Endpoint) -> None:
    one, two = endpoint.iri("graph/one"), endpoint.iri("graph/two")
    assert count(endpoint.get(COUNT, default_graph_uri=one)) == 10
    assert count(endpoint.get(COUNT, default_graph_uri=[one, two])) == 12
    assert count(endpoint.get(COUNT_NAMED, default_graph_uri=one)) == 0


def test_2_1_4_named_graphs_are_what_graph_sees(endpoint: Endpoint) -> None:
    one, two = endpoint.iri("graph/one"), endpoint.iri("graph/two")
    assert count(endpoint.get(COUNT_NAMED, named_graph_uri=[one, two])) == 12
    assert count(endpoint.get(COUNT_NAMED, named_graph_uri=two)) == 2
    assert count(endpoint.get(COUNT, named_graph_uri=two)) == 0


def test_2_1_4_both_kinds_together(endpoint: Endpoint) -> None:
    response = endpoint.get(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . GRAPH ?g { ?x ?y ?z } }",
        default_graph_uri=endpoint.iri("graph/two"),
        named_graph_uri=endpoint.iri("graph/catalogue"),
    )
    assert count(response) == 2


def test_2_1_4_the_protocol_comes_before_the_query(endpoint: Endpoint) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <graph/one> { ?s ?p ?o }"
    assert count(endpoint.get(query)) == 10
    assert count(endpoint.get(query, default_graph_uri=endpoint.iri("graph/two"))) == 2


@pytest.mark.parametrize("graph", ["http://example.org/elsewhere", "file:///etc/passwd", "graph/one"])
def test_2_1_4_a_graph_that_is_not_served_is_refused(endpoint: Endpoint, graph: str) -> None:
    for parameters in ({"default_graph_uri": graph}, {"named_graph_uri": graph}):
        response = endpoint.get(COUNT, **parameters)
        assert response.status_code in (400, 403)
        assert "no graph" in response.json()["detail"]
    assert endpoint.get(f"SELECT * FROM <http://e/{graph}> {{}}").status_code == 403


@pytest.mark.parametrize(
    "media_type", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", ASK])
def test_2_1_5_select_and_ask_in_each_format(endpoint: Endpoint, query: str, media_type: str) -> None:
    response = endpoint.get(query, media_type)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    ("media_type", "reader"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", None),
    ],
)
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


def test_2_1_5_without_a_wish_the_format_is_one_of_the_standard_ones(endpoint: Endpoint) -> None:
    assert endpoint.get(ASK, "*/*").headers["content-type"] == JSON
    assert endpoint.get("DESCRIBE <id/a>", "*/*").headers["content-type"].startswith("text/turtle")


def test_2_1_6_zero_rows_are_a_result(endpoint: Endpoint) -> None:
    response = endpoint.get("SELECT ?s { ?s <id/nothing> ?o }")
    assert response.status_code == 200
    assert response.json() == {"head": {"vars": ["s"]}, "results": {"bindings": []}}


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?s ?p }", "SELECT * { ?s ex:p ?o }", "SELEKT * {}", "", "SELECT * { ?s ?p 'a }", "ASK {} ASK {}"],
)
def test_2_1_7_a_malformed_query_is_400_with_a_reason(endpoint: Endpoint, query: str) -> None:
    response = endpoint.get(query)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert len(response.json()["detail"]) > 10


def test_2_1_7_a_syntax_error_has_a_line_and_a_column(endpoint: Endpoint) -> None:
    problem = endpoint.get("SELECT * {\n  ?s foaf ?o\n}").json()
    assert (problem["line"], problem["column"]) == (2, 6)
    assert problem["detail"].startswith("Line 2, column 6: ")


def test_2_1_7_a_query_that_is_refused_is_403_and_says_why(endpoint: Endpoint) -> None:
    response = endpoint.get("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    assert response.status_code == 403
    assert "another server" in response.json()["detail"]


def test_2_1_7_a_query_that_takes_too_long_is_504_and_no_empty_result(endpoint: Endpoint) -> None:
    response = endpoint.get(
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u . ?v ?w ?x }".replace(
            " ?n .", " ?nn ."
        )
    )
    assert response.status_code in (503, 504)
    assert "result" in response.json()["detail"]


@pytest.mark.parametrize("number", [0, 2, 3])
def test_2_1_exactly_one_query(endpoint: Endpoint, number: int) -> None:
    encoded = "&".join(["query=" + quote(ASK)] * number)
    assert endpoint.post(encoded, FORM).status_code == 400
    if number:
        assert endpoint.client.get(endpoint.address + "?" + encoded).status_code == 400
        assert endpoint.post(encoded, FORM, tail="?" + encoded).status_code == 400
        assert endpoint.post(ASK, QUERY, tail="?" + encoded).status_code == 400


def test_2_1_graphs_without_a_query_are_400(endpoint: Endpoint) -> None:
    assert endpoint.get(default_graph_uri=endpoint.iri("graph/one")).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_2_1_methods_other_than_get_and_post_are_405_with_allow(endpoint: Endpoint, method: str) -> None:
    response = endpoint.client.request(method, endpoint.address, params={"query": ASK})
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/json",
        "application/sparql-results+json",
        "multipart/form-data; boundary=x",
        "garbage",
    ],
)
def test_2_1_a_body_of_another_type_is_415(endpoint: Endpoint, content_type: str | None) -> None:
    response = endpoint.post(ASK, content_type)
    assert response.status_code == 415
    assert QUERY in response.json()["detail"]


@pytest.mark.parametrize("content_type", [QUERY + "; charset=utf-16", FORM + "; charset=iso-8859-1"])
def test_2_1_a_charset_other_than_utf_8_is_415(endpoint: Endpoint, content_type: str) -> None:
    assert endpoint.post(ASK, content_type).status_code == 415


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"ASK { FILTER('\xff' = '') }", QUERY), (b"query=ASK%20%7B%20%7D%FF", FORM)]
)
def test_2_1_bytes_that_are_not_utf_8_are_400(endpoint: Endpoint, body: bytes, content_type: str) -> None:
    assert endpoint.post(body, content_type).status_code == 400


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0"])
def test_2_1_5_nothing_that_fits_is_406_with_what_there_is(endpoint: Endpoint, accept: str) -> None:
    response = endpoint.get(ASK, accept)
    assert response.status_code == 406
    assert JSON in response.text


DEFAULTS = ["", "urn:x-rdflib:default", "urn:x-arq:DefaultGraph", "urn:x-arq:UnionGraph"]


@pytest.mark.parametrize("graph", DEFAULTS)
def test_2_1_4_names_that_clients_have_for_the_default_graph_stand_for_it(endpoint: Endpoint, graph: str) -> None:
    everything = count(endpoint.get(COUNT))
    for name in ("default-graph-uri", "named-graph-uri"):
        for sent in (
            endpoint.client.get(endpoint.address, params={"query": COUNT, name: graph}),
            endpoint.client.post(endpoint.address, data={"query": COUNT, name: graph}),
        ):
            assert count(sent) == everything


def test_2_1_4_a_graph_named_twice_counts_once(endpoint: Endpoint) -> None:
    one = endpoint.iri("graph/one")
    once = count(endpoint.get(COUNT, default_graph_uri=one))
    twice = endpoint.client.get(endpoint.address, params={"query": COUNT, "default-graph-uri": [one, one]})
    text = "SELECT (COUNT(*) AS ?n) FROM <graph/one> FROM <graph/one> { ?s ?p ?o }"
    assert (count(twice), count(endpoint.get(text))) == (once, once)


@pytest.mark.parametrize("name", ["application/sparql-results+json", "text/turtle", "auto"])
def test_2_1_5_a_format_is_a_media_type_also_with_a_plus_that_was_not_escaped(endpoint: Endpoint, name: str) -> None:
    form = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }" if name == "text/turtle" else "ASK {}"
    response = endpoint.client.get(f"{endpoint.address}?query={quote(form)}&format={name}")
    if name == "auto":
        assert (response.status_code, response.json()["title"]) == (400, "The request is malformed")
    else:
        assert response.headers["content-type"].partition(";")[0] == name


def test_2_1_5_a_graph_for_a_client_that_asks_for_xml_results_alone_is_rdf_xml(endpoint: Endpoint) -> None:
    response = endpoint.get("CONSTRUCT WHERE { ?s ?p ?o }", "application/sparql-results+xml")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/rdf+xml; charset=utf-8")
    assert endpoint.get("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status_code == 406


def test_2_1_7_sizes_are_413_and_not_said_to_be_no_query(endpoint: Endpoint) -> None:
    iris = " ".join(f"<http://example.org/id/document/a/paragraph/{number}/{'x' * 20}>" for number in range(2_000))
    federated = f"SELECT * {{ VALUES ?s {{ {iris} }} ?s ?p ?o }}"
    assert len(federated) > 120_000
    for sent in (endpoint.post(federated, QUERY), endpoint.post("query=" + quote(federated), FORM)):
        assert sent.status_code == 200
    long = endpoint.post("ASK {} #" + "x" * 1_000_000, QUERY)
    assert (long.status_code, long.json()["title"]) == (413, "The query is too long")


def test_2_1_7_signs_of_numbers_are_no_operators(endpoint: Endpoint) -> None:
    numbers = " ".join(f"-{number}" for number in range(3_000))
    pairs = " ".join(f"(-{number} +{number})" for number in range(3_000))
    assert endpoint.post(f"SELECT * {{ VALUES ?n {{ {numbers} }} }}", QUERY).status_code == 200
    assert endpoint.post(f"SELECT * {{ VALUES (?n ?m) {{ {pairs} }} }}", QUERY).status_code == 200
    assert endpoint.post(f"ASK {{ FILTER(1 IN ({numbers.replace(' ', ', ')})) }}", QUERY).status_code == 200
    added = endpoint.post("ASK { FILTER(" + "1 - " * 3_000 + "1 = 0) }", QUERY)
    assert (added.status_code, added.json()["title"]) == (400, "The query is too complex to be run here")


@pytest.mark.parametrize("coding", ["gzip", "br", "x-unknown"])
def test_2_1_3_a_coded_body_is_415_and_says_what_is_read(endpoint: Endpoint, coding: str) -> None:
    response = endpoint.client.post(
        endpoint.address, content=b"ASK {}", headers={"Content-Type": QUERY, "Content-Encoding": coding}
    )
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")


def test_2_1_3_a_post_with_its_query_in_the_address_is_told_what_to_do(endpoint: Endpoint) -> None:
    response = endpoint.client.post(endpoint.address, params={"query": "ASK {}"})
    assert response.status_code == 415
    assert "use GET" in response.json()["detail"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SELECT\u00a0* { ?s ?p ?o }", "U+00A0 (no-break space)"),
        ("SELECT * { ?s ?p\u200b ?o }", "U+200B (zero width space)"),
        ("SELECT * { ?s ?p ?o }\u2028", "U+2028 (line separator)"),
    ],
)
def test_2_1_7_a_sign_that_cannot_be_seen_is_named(endpoint: Endpoint, text: str, name: str) -> None:
    problem = endpoint.get(text).json()
    assert (problem["status"], name in problem["detail"]) == (400, True), problem["detail"]
    assert endpoint.get("SELECT ('\u00a0' AS ?x) {}").status_code == 200


def test_2_1_6_numbers_beside_texts_are_sorted_and_graphs_are_counted_one_by_one(endpoint: Endpoint) -> None:
    values = " ".join(f"{number} '{number}'" for number in (7, 17, 100, 9))
    found = endpoint.get(f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY ?x", "text/csv").text.split()[1:]
    assert found == ["7", "9", "17", "100", "100", "17", "7", "9"]
    each = "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } } ORDER BY ?g"
    rows = endpoint.get(each).json()["results"]["bindings"]
    plain = endpoint.get("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    assert rows == plain.json()["results"]["bindings"]


def test_2_1_4_graphs_that_are_asked_one_by_one_are_those_of_the_data_set(endpoint: Endpoint) -> None:
    each = "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
    one, two = endpoint.iri("graph/one"), endpoint.iri("graph/two")
    for given, clause, expected in (
        ({"named-graph-uri": two}, "", [f"{two},2"]),
        ({"default-graph-uri": two}, "", []),
        ({"named-graph-uri": two}, "FROM NAMED <graph/one>", [f"{two},2"]),
        ({}, "FROM NAMED <graph/two> FROM <graph/one>", [f"{two},2"]),
        ({}, f"FROM <{one}>", []),
    ):
        parameters = {"query": each.replace("{ GRAPH", f"{clause} {{ GRAPH", 1), **given}
        answer = endpoint.client.get(endpoint.address, params=parameters, headers={"accept": "text/csv"})
        assert answer.text.split()[1:] == expected, (given, clause)


def test_2_1_6_a_path_without_a_step_leads_from_what_is_not_there_to_itself(endpoint: Endpoint) -> None:
    found = endpoint.get("SELECT ?x { <id/nothing> <p>* ?x }", "text/csv").text.split()[1:]
    assert found == [endpoint.iri("id/nothing")]
    known = endpoint.get("SELECT ?x { <id/b> <ontology#next>* ?x . ?x a* ?x }", "text/csv").text.split()[1:]
    assert sorted(known) == [endpoint.iri("id/a"), endpoint.iri("id/b")]
    assert endpoint.get("ASK FROM <graph/one> { <id/b> <p>? <id/b> }").json()["boolean"] is True
    assert endpoint.get("SELECT ?x { no:where <p>* ?x }").json()["title"] == "This is not a SPARQL query"


@pytest.mark.parametrize(
    "call",
    ['REGEX("x", "[")', 'REGEX("x", "x", "z")', r'REPLACE("xx", "(x)\\1", "y")', "REGEX('x', '(?=x)', 'i')"],
)
def test_2_1_7_a_constant_pattern_that_the_engine_cannot_read_is_said(endpoint: Endpoint, call: str) -> None:
    problem = endpoint.get(f"SELECT ({call} AS ?x) {{}}").json()
    assert (problem["status"], "is no regular expression here" in problem["detail"]) == (400, True), problem
    found = endpoint.get(r'SELECT (REGEX("aXc", "^a\\p{Lu}C$", "i") AS ?x) {}', "text/csv").text.split()
    assert found == ["x", "true"]


HINTED = {
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING(?n > 1)": "HAVING does not know ?n",
    "SELECT (SUM(?s) AS ?all) { ?s ?p ?o }": "?all is empty in every row",
}


@pytest.mark.parametrize("query", HINTED)
def test_extra_the_page_says_what_a_query_may_mean_otherwise(endpoint: Endpoint, query: str) -> None:
    assert HINTED[query] in endpoint.get(query, "text/html").text
    assert "is empty in every row" not in endpoint.get("SELECT (COUNT(*) AS ?n) {}", "text/html").text


def test_extra_a_preflight_allows_any_header_and_authorization_by_name(endpoint: Endpoint) -> None:
    allowed = endpoint.client.options(endpoint.address).headers["access-control-allow-headers"]
    assert {"*", "Authorization"} <= {name.strip() for name in allowed.split(",")}


UPDATES = [
    "INSERT DATA { <a> <b> <c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://example.org/>",
    "CLEAR ALL",
    "DROP ALL",
    "CREATE GRAPH <g>",
]


@pytest.mark.parametrize("update", UPDATES)
def test_2_2_every_update_is_refused_and_sent_as_a_query_it_is_none(endpoint: Endpoint, update: str) -> None:
    responses = [
        endpoint.post(update, "application/sparql-update"),
        endpoint.post("update=" + quote(update), FORM),
        endpoint.client.get(endpoint.address, params={"update": update}),
        endpoint.post("query=" + quote(update), FORM),
        endpoint.post(update, QUERY),
        endpoint.get(update),
    ]
    assert [response.status_code for response in responses] == [403] * 3 + [400] * 3
    assert all("changes nothing" in response.json()["detail"] for response in responses)
    assert count(endpoint.get(COUNT)) == 13


def test_2_3_relative_iris_are_resolved_against_the_base_of_the_build(endpoint: Endpoint) -> None:
    query = "PREFIX : <ontology#> SELECT ?n { <id/b> :next ?n }"
    for host in ("localhost", "127.0.0.1"):
        response = endpoint.client.get(
            endpoint.address.replace("localhost", host), params={"query": query}, headers={"host": "evil.example"}
        )
        assert response.json()["results"]["bindings"][0]["n"]["value"] == endpoint.iri("id/a")
    own = endpoint.get("BASE <http://example.org/> SELECT (<x> AS ?x) {}").json()
    assert own["results"]["bindings"][0]["x"]["value"] == "http://example.org/x"


def test_http_head_has_the_headers_of_get_and_no_body(endpoint: Endpoint) -> None:
    address = endpoint.address + "?query=" + quote(ASK)
    got, head = endpoint.client.get(address), endpoint.client.head(address)
    assert head.content == b""
    varying = {"date", "x-request-id"}
    assert {n: v for n, v in head.headers.items() if n not in varying} == {
        n: v for n, v in got.headers.items() if n not in varying
    }


def test_http_options_says_what_the_address_can_do_and_lets_scripts_from_anywhere_ask(endpoint: Endpoint) -> None:
    headers = {
        "origin": "https://example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    response = endpoint.client.options(endpoint.address, headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" in response.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in response.headers


def test_http_errors_can_be_read_by_scripts_from_anywhere(endpoint: Endpoint) -> None:
    assert endpoint.get("SELECT").headers["access-control-allow-origin"] == "*"


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
        counted = endpoint.client.get(endpoint.base + "metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in counted if line.startswith("palermo_queries_total"))

    text = f"SELECT ({way!r} AS ?way) ?s {{ ?s ?p ?o }} ORDER BY ?s LIMIT 3"
    asked = [endpoint.get(text) if way == "get" else endpoint.post(text, QUERY) for _ in range(2)]
    before = ran()
    asked += [endpoint.get(text) if way == "get" else endpoint.post(text, QUERY) for _ in range(2)]
    assert {(response.status_code, response.content) for response in asked} == {(200, asked[0].content)}
    assert ran() == before
    other = endpoint.get(text + " OFFSET 1") if way == "get" else endpoint.post(text + " OFFSET 1", QUERY)
    assert other.content != asked[0].content


@pytest.mark.parametrize(
    ("named", "query", "content_type"),
    [
        ("csv", ASK, "text/csv"),
        ("xml", ASK, "application/sparql-results+xml"),
        ("ttl", "DESCRIBE <id/a>", "text/turtle"),
        ("json", "DESCRIBE <id/a>", "application/ld+json"),
    ],
)
def test_extra_a_format_may_be_named_in_the_address(
    endpoint: Endpoint, named: str, query: str, content_type: str
) -> None:
    response = endpoint.get(query, "image/png", format=named)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(content_type)


def test_extra_errors_come_in_the_format_of_the_reader(endpoint: Endpoint) -> None:
    for accept, content_type in [
        ("text/html", "text/html"),
        ("text/plain", "text/plain"),
        ("text/turtle", "application/problem+json"),
        ("*/*", "application/problem+json"),
    ]:
        response = endpoint.get("DESCRIBE * { ?s ?p }", accept)
        assert response.status_code == 400
        assert response.headers["content-type"].startswith(content_type)
        assert "object is expected" in response.text
