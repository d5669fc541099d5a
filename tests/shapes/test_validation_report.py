"""The report: in words, as JSON and as a standard validation report, for graphs with known breaks."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

from ontology.namespaces import WELL_KNOWN
from shapes.report import Report, report_json, report_text, report_turtle
from tests.shapes.whole import BASE, broken, valid, validate


@pytest.fixture(scope="module")
def no_number() -> Report:
    """Of a graph whose recommendation 2 has no number."""
    return validate(broken("id/document/demo/paragraph/2", "pal:number"))


@pytest.fixture(scope="module")
def with_a_note() -> Report:
    """Of a graph whose only fault is a group that nothing uses."""
    group = (
        'a pal:AffectedGroup, skos:Concept ; rdfs:label "women"@en ; skos:prefLabel "women"@en ; '
        'skos:definition "Women."@en ; skos:inScheme <id/group> ; skos:topConceptOf <id/group> . '
        "<id/group> skos:hasTopConcept <id/group/women>"
    )
    return validate(broken("id/group/women", "-", group))


def test_report_in_words_says_what_where_and_by_which_rule(no_number: Report) -> None:
    assert report_text(no_number).splitlines()[:6] == [
        "The graph does not conform: 1 violation, 1 warning, 0 notes; "
        f"{len(no_number.shapes)} shapes looked at {no_number.checked} nodes.",
        "",
        "Violation: Paragraph, number",
        "  Rule: A paragraph has exactly one number, a whole number from 1 (pal:number). "
        "(shapes#Paragraph-number in shapes/parts.ttl)",
        "  - Recommendation 2 (demo.md, line 4) http://example.org/id/document/demo/paragraph/2",
        "    It is missing.",
    ]


def test_report_in_words_shows_the_query_of_a_check_and_its_own_finding(no_number: Report) -> None:
    text = report_text(no_number)
    assert "(shapes#check-missing-number in queries/checks/missing-number.rq)" in text
    assert "Number 2 is missing: 1 is followed by a higher number." in text


def test_report_in_words_never_leaves_a_bare_component_name() -> None:
    report = validate(broken("id/document/demo/paragraph/2", "-", "pal:number 3, 4"))
    text = report_text(report, verbose=True)
    assert "There are too many." in text
    assert "ConstraintComponent" not in text


def test_report_in_words_shortens_long_lists_unless_asked() -> None:
    names = ", ".join(f'"name {number}"' for number in range(14))
    report = validate(broken("id/tool/sherloc", "-", f"skos:altLabel {names}"))
    assert "… and 4 more." in report_text(report)
    assert "more." not in report_text(report, verbose=True)
    assert 'Found: "name 13"' in report_text(report, verbose=True)


def test_numbers_in_names_are_ordered_as_numbers() -> None:
    part = "a pal:Recommendation . <id/document/demo/paragraph/9> a pal:Recommendation"
    report = validate(broken("id/document/demo/paragraph/10", "-", part))
    focus = [result.focus.value for result in report.results if result.shape.value.endswith("#Recommendation-theme")]
    assert [iri.rpartition("/")[2] for iri in focus] == ["9", "10"]


def test_notes_do_not_break_conformance(with_a_note: Report) -> None:
    assert with_a_note.conforms
    assert [(result.severity, result.label) for result in with_a_note.results] == [("Info", "women")]
    assert with_a_note.figures() == {
        "conforms": True,
        "violations": 0,
        "warnings": 0,
        "notes": 1,
        "shapes": len(with_a_note.shapes),
        "checked": with_a_note.checked,
    }
    assert report_text(with_a_note).startswith("The graph conforms: 0 violations, 0 warnings, 1 note; ")


def test_verbose_report_lists_every_rule_with_what_it_looked_at(with_a_note: Report) -> None:
    text = report_text(with_a_note, verbose=True)
    assert all(f"shapes#{shape.rule.shape.value.rpartition('#')[2]}: " in text for shape in with_a_note.shapes)
    assert "       2      0  shapes#Recommendation-adoptedAt: A recommendation was adopted" in text


def test_json_report_has_results_with_names_and_every_shape_with_its_count(no_number: Report) -> None:
    content = json.loads(report_json(no_number))
    assert content["conforms"] is False
    assert content["figures"]["violations"] == 1
    assert content["results"][0] == {
        "focus": "http://example.org/id/document/demo/paragraph/2",
        "label": "Recommendation 2",
        "place": "demo.md, line 4",
        "path": "http://example.org/ontology#number",
        "value": None,
        "shape": "http://example.org/shapes#Paragraph-number",
        "name": "number",
        "severity": "Violation",
        "message": "A paragraph has exactly one number, a whole number from 1 (pal:number).",
        "component": "MinCountConstraintComponent",
        "source": "shapes/parts.ttl",
    }
    counts = {shape["shape"].partition("#")[2]: (shape["targets"], shape["results"]) for shape in content["shapes"]}
    assert counts["Recommendation-adoptedAt"] == (2, 0)
    assert counts["Recommendation-theme"] == (2, 0)
    assert counts["Document"] == (1, 0)
    assert counts["ActorKind"] == (None, 0)
    assert counts["check-missing-number"][1] == 1


def read_report(report: Report) -> Store:
    store = Store()
    store.extend(parse(report_turtle(report, BASE), format=RdfFormat.TURTLE, base_iri=BASE.iri))
    return store


def test_turtle_report_is_a_standard_report_without_blank_nodes(no_number: Report) -> None:
    sh, base = WELL_KNOWN["sh"], BASE.iri
    store = read_report(no_number)
    assert not any(isinstance(term, BlankNode) for quad in store for term in (quad.subject, quad.object))
    node = NamedNode(f"{base}validation#report")
    results = [quad.object for quad in store.quads_for_pattern(node, NamedNode(f"{sh}result"), None)]
    assert {result.value for result in results if isinstance(result, NamedNode)} == {
        f"{base}validation#result-1",
        f"{base}validation#result-2",
    }
    # SHACL 3.6.2: each result has exactly one of these
    for result in results:
        assert isinstance(result, NamedNode)
        for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "sourceShape", "resultMessage"):
            assert len(list(store.quads_for_pattern(result, NamedNode(sh + name), None))) == 1, name


def test_turtle_report_conforms_only_without_any_result(no_number: Report, with_a_note: Report) -> None:
    # SHACL 3.6.1.1: sh:conforms is true if and only if there is no result of any severity
    node, property_ = NamedNode(f"{BASE.iri}validation#report"), NamedNode(WELL_KNOWN["sh"] + "conforms")
    for report, conforms in ((no_number, "false"), (with_a_note, "false"), (validate(valid()), "true")):
        store = read_report(report)
        assert [
            str(quad.object)[1:-1].partition('"')[0] for quad in store.quads_for_pattern(node, property_, None)
        ] == [conforms]
        assert any(store.quads_for_pattern(node, NamedNode(WELL_KNOWN["sh"] + "result"), None)) is (conforms == "false")


def test_same_graph_gives_the_same_report_in_any_order_of_its_quads() -> None:
    quads = broken("id/document/demo/paragraph/2", "pal:partOf")
    first, second = (validate(given) for given in (quads, list(reversed(quads))))
    assert report_json(first) == report_json(second)


def test_what_is_wrong_with_evidence_is_placed_at_the_line_it_was_read_from() -> None:
    report = validate(broken("id/document/demo/paragraph/2/mention/9-23", "rdfs:label"))
    # The mention is of paragraph 2, which the fixture has on line 4.
    found = {str(result.focus): result.place for result in report.results}
    assert found == {f"<{BASE.iri}id/document/demo/paragraph/2/mention/9-23>": "demo.md, line 4"}


def test_what_is_wrong_is_placed_in_the_text_that_the_document_has_now() -> None:
    document = NamedNode(f"{BASE.iri}id/document/demo")
    earlier, has = NamedNode(f"{document.value}/an-earlier-text"), NamedNode(f"{WELL_KNOWN['allot']}hasRealization")
    replaced = 'pal:sourceFile "demo.v1.md" ; dcterms:isReplacedBy <id/document/demo/en>'
    added = [quad for quad in broken("id/document/demo/an-earlier-text", "-", replaced) if quad.subject == earlier]
    quads = broken("id/document/demo/paragraph/2", "pal:number")
    graph = next(quad.graph_name for quad in quads if quad.subject == document)
    report = validate([*quads, *added, Quad(document, has, earlier, graph)])
    assert {result.place for result in report.results if result.label == "Recommendation 2"} == {"demo.md, line 4"}
