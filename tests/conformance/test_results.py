"""The four formats of results: JSON, CSV and TSV of SPARQL 1.1 (21 March 2013), XML in its second edition.

Expected documents are worked out from the specifications and `data.trig`. Language tags come in lower case, as RDF 1.1
Concepts §3.3 allows.
"""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest

from tests.conformance.conftest import JSON, Endpoint

XML = "application/sparql-results+xml"
NS = "{http://www.w3.org/2005/sparql-results#}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = "PREFIX : <ontology#> SELECT {} {{ <id/a> :{} ?x }}"
NAMES = ("plain", "integer", "decimal", "date", "markup", "lines", "comma", "backslash", "unicode")
VALUES = {
    "plain": "plain",
    "integer": "7",
    "decimal": "1.5",
    "date": "2015-11-18",
    "markup": "<b> & \"quoted\" 'single'",
    "lines": "one\ntwo\r\nthree\tfour",
    "comma": "a,b",
    "backslash": "a\\b",
    "unicode": "Ünïcödé ሴ 😀",
}
DATATYPES = {"integer": XSD + "integer", "decimal": XSD + "decimal", "date": XSD + "date"}
PARTLY = "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF <http://e/>) (UNDEF UNDEF) } }"
BLANK = "SELECT ?b ?c { BIND(BNODE() AS ?b) BIND(?b AS ?c) }"


def one(endpoint: Endpoint, name: str, accept: str):  # type: ignore[no-untyped-def]
    return endpoint.get(TERMS.format("?x", name), accept)


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_json_3_1_head_lists_the_variables_in_order(endpoint: Endpoint) -> None:
    head = endpoint.get("SELECT ?z ?a ?m { }", JSON).json()["head"]
    assert head["vars"] == ["z", "a", "m"]
    assert all(isinstance(link, str) for link in head.get("link", []))


def test_json_3_2_only_bound_variables_are_in_a_solution(endpoint: Endpoint) -> None:
    bindings = endpoint.get(PARTLY, JSON).json()["results"]["bindings"]
    assert bindings == [
        {"x": {"type": "literal", "value": "1", "datatype": XSD + "integer"}},
        {"y": {"type": "uri", "value": "http://e/"}},
        {},
    ]


@pytest.mark.parametrize("name", NAMES)
def test_json_3_2_2_literals(endpoint: Endpoint, name: str) -> None:
    (row,) = one(endpoint, name, JSON).json()["results"]["bindings"]
    assert row["x"]["type"] == "literal"
    assert row["x"]["value"] == VALUES[name]
    assert row["x"].get("datatype") == DATATYPES.get(name)
    assert row["x"].get("xml:lang") == ("en-gb" if name == "unicode" else None)


def test_json_3_2_2_iris_and_blank_nodes(endpoint: Endpoint) -> None:
    (row,) = endpoint.get("SELECT ?x { <id/b> <ontology#next> ?x }", JSON).json()["results"]["bindings"]
    assert row["x"] == {"type": "uri", "value": endpoint.iri("id/a")}
    (row,) = endpoint.get(BLANK, JSON).json()["results"]["bindings"]
    assert row["b"]["type"] == "bnode"
    assert row["b"] == row["c"]


@pytest.mark.parametrize(("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK { ?s <id/nothing> ?o }", False)])
def test_json_3_3_boolean(endpoint: Endpoint, query: str, truth: bool) -> None:
    document = endpoint.get(query, JSON).json()
    assert document["boolean"] is truth
    assert "results" not in document
    assert isinstance(document["head"], dict)


def test_json_5_media_type_and_encoding(endpoint: Endpoint) -> None:
    response = one(endpoint, "unicode", JSON)
    assert response.headers["content-type"] == JSON
    json.loads(response.content.decode("utf-8"))


# --- XML -------------------------------------------------------------------------------------------------------------


def parsed(response) -> ElementTree.Element:  # type: ignore[no-untyped-def]
    assert response.headers["content-type"].startswith(XML)
    return ElementTree.fromstring(response.content)


def test_xml_2_1_and_2_2_document_element_and_header(endpoint: Endpoint) -> None:
    root = parsed(endpoint.get("SELECT ?z ?a ?m { }", XML))
    assert root.tag == NS + "sparql"
    assert [child.tag for child in root] == [NS + "head", NS + "results"]
    assert [variable.get("name") for variable in root.iter(NS + "variable")] == ["z", "a", "m"]


def test_xml_2_3_1_only_bound_variables_are_in_a_result(endpoint: Endpoint) -> None:
    results = parsed(endpoint.get(PARTLY, XML)).findall(f"{NS}results/{NS}result")
    assert [[binding.get("name") for binding in result] for result in results] == [["x"], ["y"], []]


@pytest.mark.parametrize("name", NAMES)
def test_xml_2_3_1_literals(endpoint: Endpoint, name: str) -> None:
    (literal,) = parsed(one(endpoint, name, XML)).iter(NS + "literal")
    assert literal.text == VALUES[name]
    assert literal.get("datatype") == DATATYPES.get(name)
    assert literal.get(LANG) == ("en-gb" if name == "unicode" else None)


def test_xml_1_0_a_character_that_xml_cannot_carry_is_an_error_and_no_broken_document(endpoint: Endpoint) -> None:
    query = "SELECT ('a\\u0001' AS ?x) {}"
    assert endpoint.get(query, JSON).json()["results"]["bindings"][0]["x"]["value"] == "a\x01"
    response = endpoint.get(query, XML)
    assert response.status_code == 400
    assert "control character" in response.json()["detail"]


def test_xml_2_3_1_iris_and_blank_nodes(endpoint: Endpoint) -> None:
    root = parsed(endpoint.get("SELECT ?x { <id/b> <ontology#next> ?x }", XML))
    assert [uri.text for uri in root.iter(NS + "uri")] == [endpoint.iri("id/a")]
    labels = [node.text for node in parsed(endpoint.get(BLANK, XML)).iter(NS + "bnode")]
    assert len(labels) == 2
    assert len(set(labels)) == 1


@pytest.mark.parametrize(("query", "truth"), [("ASK { ?s ?p ?o }", "true"), ("ASK { ?s <id/nothing> ?o }", "false")])
def test_xml_2_3_2_boolean(endpoint: Endpoint, query: str, truth: str) -> None:
    root = parsed(endpoint.get(query, XML))
    assert [child.tag for child in root] == [NS + "head", NS + "boolean"]
    assert root[1].text == truth


# --- CSV -------------------------------------------------------------------------------------------------------------


def rows(response) -> list[list[str]]:  # type: ignore[no-untyped-def]
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8"), newline="")))


def test_csv_3_1_a_header_without_question_marks_and_lines_ended_by_crlf(endpoint: Endpoint) -> None:
    response = endpoint.get(PARTLY, "text/csv")
    assert response.content == b"x,y\r\n1,\r\n,http://e/\r\n,\r\n"
    assert "charset=utf-8" in response.headers["content-type"]
    assert "header=present" in response.headers["content-type"]


@pytest.mark.parametrize("name", NAMES)
def test_csv_3_2_terms_are_their_text_quoted_where_needed(endpoint: Endpoint, name: str) -> None:
    assert rows(one(endpoint, name, "text/csv")) == [["x"], [VALUES[name]]]


def test_csv_3_2_iris_stand_without_brackets_and_blank_nodes_with_their_sign(endpoint: Endpoint) -> None:
    assert rows(endpoint.get("SELECT ?x { <id/b> <ontology#next> ?x }", "text/csv"))[1] == [endpoint.iri("id/a")]
    blank, same = rows(endpoint.get(BLANK, "text/csv"))[1]
    assert blank == same
    assert blank.startswith("_:")


# --- TSV -------------------------------------------------------------------------------------------------------------


def test_tsv_4_1_a_header_with_question_marks(endpoint: Endpoint) -> None:
    response = endpoint.get(PARTLY, "text/tab-separated-values")
    assert response.content == b"?x\t?y\n1\t\n\t<http://e/>\n\t\n"
    assert response.headers["content-type"].startswith("text/tab-separated-values")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("plain", '"plain"'), ("integer", "7"), ("decimal", "1.5"), ("date", f'"2015-11-18"^^<{XSD}date>'), ("comma", '"a,b"'),
        ("markup", '"<b> & \\"quoted\\" \'single\'"'), ("lines", '"one\\ntwo\\r\\nthree\\tfour"'), ("backslash", '"a\\\\b"'), ("unicode", '"Ünïcödé ሴ 😀"@en-gb'),
    ],
)  # fmt: skip
def test_tsv_4_2_terms_are_written_as_in_turtle(endpoint: Endpoint, name: str, written: str) -> None:
    response = one(endpoint, name, "text/tab-separated-values")
    assert response.content.decode("utf-8") == f"?x\n{written}\n"


def test_tsv_4_2_blank_nodes(endpoint: Endpoint) -> None:
    blank, same = endpoint.get(BLANK, "text/tab-separated-values").text.splitlines()[1].split("\t")
    assert blank == same
    assert blank.startswith("_:")


@pytest.mark.parametrize(("accept", "body"), [("text/csv", b"true"), ("text/tab-separated-values", b"true")])
def test_extra_ask_in_csv_and_tsv_which_the_documents_leave_open_is_the_bare_word(
    endpoint: Endpoint, accept: str, body: bytes
) -> None:
    assert endpoint.get("ASK {}", accept).content.strip() == body
