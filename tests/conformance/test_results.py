"""The four formats of results: JSON, CSV and TSV of SPARQL 1.1 (21 March 2013), XML in its second edition.

Expected documents are worked out from the specifications and `data.trig`. Language tags come in lower case, as RDF 1.1
Concepts §3.3 allows.
"""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conformance.conftest import JSON, Endpoint

XML, CSV, TSV = "application/sparql-results+xml", "text/csv", "text/tab-separated-values"
NS = "{http://www.w3.org/2005/sparql-results#}"
XSD = "http://www.w3.org/2001/XMLSchema#"
Term = dict[str, str]


def literal(value: str, kind: str = "", language: str = "") -> Term:
    typed = {"datatype": XSD + kind} if kind else {}
    return {"type": "literal", "value": value} | typed | ({"xml:lang": language} if language else {})


LITERALS = {
    "plain": (literal("plain"), '"plain"'),
    "integer": (literal("7", "integer"), "7"),
    "decimal": (literal("1.5", "decimal"), "1.5"),
    "date": (literal("2015-11-18", "date"), f'"2015-11-18"^^<{XSD}date>'),
    "markup": (literal("<b> & \"quoted\" 'single'"), '"<b> & \\"quoted\\" \'single\'"'),
    "lines": (literal("one\ntwo\r\nthree\tfour"), '"one\\ntwo\\r\\nthree\\tfour"'),
    "comma": (literal("a,b"), '"a,b"'),
    "backslash": (literal("a\\b"), '"a\\\\b"'),
    "unicode": (literal("Ünïcödé ሴ 😀", language="en-gb"), '"Ünïcödé ሴ 😀"@en-gb'),
}
"""The values of `data.trig`, and how TSV §4.2 writes them: as Turtle does."""
CASES: dict[str, tuple[str, list[str], list[dict[str, Term]], str]] = {
    **{name: (f"SELECT ?x {{ <id/a> <ontology#{name}> ?x }}", ["x"], [{"x": term}], f"{written}\n")
       for name, (term, written) in LITERALS.items()},
    "variables in their order": ("SELECT ?z ?a ?m { }", ["z", "a", "m"], [{}], "\t\t\n"),
    "only bound variables are in a solution": (
        "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF <http://e/>) (UNDEF UNDEF) } }", ["x", "y"],
        [{"x": literal("1", "integer")}, {"y": {"type": "uri", "value": "http://e/"}}, {}],
        "1\t\n\t<http://e/>\n\t\n",
    ),
    "an IRI": ("SELECT ?x { <id/b> <ontology#next> ?x }", ["x"], [{"x": {"type": "uri", "value": "{base}id/a"}}], "<{base}id/a>\n"),
}  # fmt: skip
"""Query, variables, solutions, and the lines of TSV below the head."""


def from_xml(document: bytes) -> tuple[list[str | None], list[dict[str | None, Term]]]:
    """Variables and solutions as JSON has them (§2.2 and §2.3.1)."""
    root = ElementTree.fromstring(document)
    assert (root.tag, [child.tag for child in root]) == (NS + "sparql", [NS + "head", NS + "results"])
    solutions: list[dict[str | None, Term]] = []
    for solution in root.findall(f"{NS}results/{NS}result"):
        solutions.append({})
        for binding in solution:
            (term,) = binding
            more = {
                "datatype": term.get("datatype"),
                "xml:lang": term.get("{http://www.w3.org/XML/1998/namespace}lang"),
            }
            said = {"type": term.tag.removeprefix(NS), "value": term.text or ""}
            solutions[-1][binding.get("name")] = said | {name: value for name, value in more.items() if value}
    return [variable.get("name") for variable in root.iter(NS + "variable")], solutions


@pytest.mark.parametrize("case", CASES)
def test_a_result_says_the_same_in_each_format(endpoint: Endpoint, case: str) -> None:
    query, variables, expected, written = CASES[case]
    solutions: list[Any] = [
        {name: term | {"value": term["value"].replace("{base}", endpoint.base)} for name, term in row.items()}
        for row in expected
    ]
    answers = {kind: endpoint.get(query, kind) for kind in (JSON, XML, CSV, TSV)}
    for kind, answer in answers.items():
        assert answer.headers["content-type"].startswith(kind)
    assert answers[JSON].headers["content-type"] == JSON
    found = answers[JSON].json()
    assert (found["head"]["vars"], found["results"]["bindings"]) == (variables, solutions)
    assert from_xml(answers[XML].content) == (variables, solutions)
    assert {"charset=utf-8", "header=present"} <= set(answers[CSV].headers["content-type"].split("; "))
    rows = [[row[name]["value"] if name in row else "" for name in variables] for row in solutions]
    assert list(csv.reader(io.StringIO(answers[CSV].content.decode(), newline=""))) == [variables, *rows]
    assert answers[CSV].content.startswith(",".join(variables).encode() + b"\r\n")
    head = "\t".join(f"?{name}" for name in variables)
    assert answers[TSV].content.decode() == f"{head}\n{written.replace('{base}', endpoint.base)}"


def test_a_blank_node_is_the_same_in_a_row_in_each_format(endpoint: Endpoint) -> None:
    query = "SELECT ?b ?c { BIND(BNODE() AS ?b) BIND(?b AS ?c) }"
    (row,) = endpoint.get(query, JSON).json()["results"]["bindings"]
    _, (other,) = from_xml(endpoint.get(query, XML).content)
    assert row["b"]["type"] == other["b"]["type"] == "bnode"
    assert (row["b"], other["b"]) == (row["c"], other["c"])
    for kind, sign in ((CSV, ","), (TSV, "\t")):
        blank, same = endpoint.get(query, kind).text.splitlines()[1].split(sign)
        assert blank == same
        assert blank.startswith("_:")


@pytest.mark.parametrize(("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK { ?s <id/nothing> ?o }", False)])
def test_a_truth_value_in_each_format(endpoint: Endpoint, query: str, truth: bool) -> None:
    """JSON §3.3, XML §2.3.2; CSV and TSV leave it open, and it is the bare word."""
    document = endpoint.get(query, JSON).json()
    assert (document["boolean"], "results" in document, type(document["head"])) == (truth, False, dict)
    root = ElementTree.fromstring(endpoint.get(query, XML).content)
    assert [child.tag for child in root] == [NS + "head", NS + "boolean"]
    word = str(truth).lower()
    assert [root[1].text, *(endpoint.get(query, kind).text.strip() for kind in (CSV, TSV))] == [word] * 3


def test_xml_1_0_a_character_that_xml_cannot_carry_is_an_error_and_no_broken_document(endpoint: Endpoint) -> None:
    query = "SELECT ('a\\u0001' AS ?x) {}"
    assert endpoint.get(query, JSON).json()["results"]["bindings"][0]["x"]["value"] == "a\x01"
    response = endpoint.get(query, XML)
    assert response.status_code == 400
    assert "control character" in response.json()["detail"]
