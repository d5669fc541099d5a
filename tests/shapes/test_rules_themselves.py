"""The shapes and checks as files: terms, names, messages, targets, and that each check has its query."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH

from ontology.layout import ROOT
from shapes.constraints import CONSTRAINTS
from shapes.rules import DESCRIPTIVE, QUALIFIED, TARGETS, ShapesError, read_rules
from shapes.validate import read_checks
from tests.shapes.whole import BASE, VOCABULARY, rules, valid, validate


def read(*paths: Path) -> rdflib.Graph:
    """Files of Turtle, by another reader."""
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle", publicID=BASE.iri)
    return graph


@pytest.fixture(scope="module")
def vocabulary() -> rdflib.Graph:
    return read(VOCABULARY)


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return read(*ROOT.glob("shapes/*.ttl"))


# The terms of SHACL (W3C Recommendation 20 July 2017) that stand as values: kinds of shape, severities, kinds of node.
VALUES = {"NodeShape", "PropertyShape", "Violation", "Warning", "Info", "IRI"}


def test_every_shacl_term_is_one_that_is_looked_at(shapes: rdflib.Graph) -> None:
    used = {str(term).removeprefix(str(SH)) for triple in shapes for term in triple if term in SH}
    known = VALUES | set(DESCRIPTIVE) | set(TARGETS) | set(QUALIFIED) | set(CONSTRAINTS)
    assert used <= known


def test_only_lists_are_blank_nodes(shapes: rdflib.Graph) -> None:
    blank = {term for triple in shapes for term in triple if isinstance(term, rdflib.BNode)}
    assert all((node, RDF.first, None) in shapes for node in blank)


@pytest.mark.parametrize("term", [SH.name, SH.description, rdflib.RDFS.label, SH.message])
def test_every_shape_has_words_for_people_in_english(shapes: rdflib.Graph, term: rdflib.URIRef) -> None:
    for iri, rule in rules().items():
        constrained = rule.parent is not None or "#check-" in iri
        if term == SH.message and not constrained:
            continue
        words = list(shapes.objects(rdflib.URIRef(iri), term))
        assert len(words) == 1, iri
        assert isinstance(words[0], rdflib.Literal), iri
        assert words[0].language == "en", iri


def test_messages_are_sentences_and_no_two_rules_of_one_node_shape_share_one() -> None:
    messages = [(rule.parent, rule.message) for rule in rules().values() if rule.parent is not None]
    assert all(message[0].isupper() and message.endswith(".") for _, message in messages)
    assert len(messages) == len(set(messages))


def test_every_property_shape_belongs_to_one_node_shape_and_is_named_after_it(shapes: rdflib.Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        parents = list(shapes.subjects(SH.property, shape))
        assert len(parents) == 1, shape
        assert str(shape).startswith(f"{parents[0]}-"), shape


def test_every_class_that_a_shape_names_exists(shapes: rdflib.Graph, vocabulary: rdflib.Graph) -> None:
    others = tuple(BASE.prefixes()[prefix] for prefix in ("oa", "owl", "prov", "sd", "skos"))
    for class_ in {named for name in (SH.targetClass, SH["class"]) for named in shapes.objects(None, name)}:
        assert str(class_).startswith(others) or (class_, RDF.type, OWL.Class) in vocabulary, class_


def test_every_property_that_a_shape_names_exists(shapes: rdflib.Graph, vocabulary: rdflib.Graph) -> None:
    ours = BASE.prefixes()["pal"]
    kinds = {OWL.ObjectProperty, OWL.DatatypeProperty}
    named = [SH.path, SH.targetSubjectsOf, SH.targetObjectsOf, SH.lessThan, SH.lessThanOrEquals]
    for property_ in {value for name in named for value in shapes.objects(None, name)}:
        if str(property_).startswith(ours):
            assert kinds & set(vocabulary.objects(property_, RDF.type)), property_


def test_every_class_and_property_of_the_vocabulary_has_a_shape(shapes: rdflib.Graph, vocabulary: rdflib.Graph) -> None:
    """Of what it defines; it declares terms of others, too."""
    defined = set(vocabulary.subjects(RDFS.isDefinedBy))
    assert set(vocabulary.subjects(RDF.type, OWL.Class)) & defined <= set(shapes.objects(None, SH.targetClass))
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = {found for kind in kinds for found in vocabulary.subjects(RDF.type, kind)} & defined
    assert properties - set(vocabulary.subjects(OWL.inverseOf)) <= set(shapes.objects(None, SH.path))


def test_every_check_has_a_query_of_its_name_and_title() -> None:
    described = {iri.partition("#check-")[2]: rule for iri, rule in rules().items() if "#check-" in iri}
    lexical = described.pop("lexical-form")
    assert (ROOT / lexical.source).is_file()
    assert {query.name for query in read_checks()} == set(described)
    for query in read_checks():
        rule = described[query.name]
        assert rule.name == query.title
        assert rule.source == f"queries/checks/{query.name}.rq"
        assert "SELECT" in query.absolute(BASE)


def test_rule_says_which_file_it_stands_in() -> None:
    rule = rules()[f"{BASE.iri}shapes#Directive-modality"]
    assert rule.source == "shapes/directive.ttl"
    assert (ROOT / rule.source).is_file()


PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix pal: <ontology#> .\n"
GOOD = '<shapes#X> a sh:NodeShape ; sh:name "X" ; sh:description "X." ; sh:severity sh:Violation'


PROPERTY = '<shapes#X-y> a sh:PropertyShape ; sh:path pal:text ; sh:name "y" ; sh:message "Y." ; sh:severity sh:Info'


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        ("<shapes#X> a sh:NodeShape ; sh:name .\n", "bad.ttl, line 2"),
        ('<shapes#X> a sh:NodeShape ; sh:name "X" ; sh:description "X." .\n', "needs sh:name, sh:message"),
        ('<shapes#X> a sh:NodeShape ; sh:name "X" ; sh:severity sh:Violation .\n', "needs sh:name, sh:message"),
        ("<shapes#X> a pal:Part .\n", "there is no shape"),
        *(
            (f"{GOOD} ; sh:targetClass pal:Part ; sh:property <shapes#X-y> .\n{PROPERTY} ; {constraint} .", "cannot be used")
            for constraint in ('sh:minCount "many"', "sh:property [ sh:minCount 1 ]", 'sh:pattern "("', "sh:minCount 1, 2", "sh:minExclusive 1")
        ),
    ],
)  # fmt: skip
def test_shapes_that_cannot_be_read_or_used_are_refused_with_the_reason(
    turtle: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
    with pytest.raises(ShapesError, match=words):
        read_rules(BASE, tmp_path)


def test_check_without_its_description_is_refused(tmp_path: Path) -> None:
    (tmp_path / "few.ttl").write_text(f"{PREFIXES}{GOOD} ; sh:targetClass pal:Part .\n", encoding="utf-8")
    with pytest.raises(ShapesError, match=r"no shape <shapes#check-action-words> describes it"):
        validate(valid(), known=read_rules(BASE, tmp_path))


def test_shape_whose_class_is_misspelt_is_told_by_its_lack_of_focus_nodes() -> None:
    part = BASE.prefixes()["pal"] + "Directive"
    idle = validate(quad for quad in valid() if getattr(quad.object, "value", "") != part).without_focus_nodes()
    assert f"{BASE.iri}shapes#Directive" in {shape.rule.shape.value for shape in idle}
