"""The JSON-LD context: every class and property of the vocabulary has a short name that says what its values are.

The file has the namespace of the vocabulary relative to the base ("ontology#"); who serves it puts the base before it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyld import jsonld
from rdflib.namespace import OWL, RDF, RDFS, XSD

from ontology.namespaces import DEFAULT_BASE, DESCRIBING, LOCAL, WELL_KNOWN, Base

ONTOLOGY = Path(__file__).parents[2] / "ontology"
PREFIXES = Base(DEFAULT_BASE).prefixes()
INCLUDES = rdflib.URIRef(PREFIXES["schema"] + "rangeIncludes")
Context = dict[str, Any]


@pytest.fixture(scope="module")
def context() -> Context:
    content: Context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return content


@pytest.fixture(scope="module")
def served(context: Context) -> Context:
    """The context as it is served: relative namespaces behind the base."""
    return {name: DEFAULT_BASE + value if value in LOCAL.values() else value for name, value in context.items()}


@pytest.fixture(scope="module")
def vocabulary() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "palermo.ttl", format="turtle", publicID=DEFAULT_BASE)


def ours(vocabulary: rdflib.Graph, kind: rdflib.URIRef) -> set[rdflib.term.Node]:
    return {term for term in vocabulary.subjects(RDF.type, kind) if str(term).startswith(PREFIXES["pal"])}


def terms(context: Context) -> dict[str, dict[str, str]]:
    said = {name: {"@id": value} if isinstance(value, str) else value for name, value in context.items()}
    return {name: value for name, value in said.items() if name[0] != "@" and value["@id"][-1] not in "#/"}


def test_links_are_always_arrays_and_so_are_types(context: Context) -> None:
    for name, value in context.items():
        if isinstance(value, dict) and value.get("@type") == "@id":
            assert value["@container"] == "@set", name
    # Protected, because the parser of Comunica takes no other redefinition of "@type".
    assert context["@type"] == {"@container": "@set", "@protected": True}


def test_prefixes_are_the_published_ones_and_only_the_vocabulary_is_relative(context: Context) -> None:
    prefixes = {name: value for name, value in context.items() if isinstance(value, str) and value[-1] in "#/"}
    assert prefixes.pop("pal") == LOCAL["pal"]
    assert prefixes.items() <= (WELL_KNOWN | DESCRIBING).items()
    assert "@base" not in context
    assert context["@version"] == 1.1


def test_every_term_stands_for_an_iri_with_a_known_prefix_and_no_iri_has_two(context: Context) -> None:
    iris = [value["@id"] for value in terms(context).values()]
    assert all(iri.partition(":")[0] in context for iri in iris)
    assert len(iris) == len(set(iris))


def test_every_class_and_property_has_its_own_name_as_term(context: Context, vocabulary: rdflib.Graph) -> None:
    known = terms(context)
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in ours(vocabulary, kind):
            local = str(term).partition("#")[2]
            assert known[local]["@id"] == f"pal:{local}"


def test_every_term_of_ours_is_declared(context: Context, vocabulary: rdflib.Graph) -> None:
    ours = {value["@id"].partition(":")[2] for value in terms(context).values() if value["@id"].startswith("pal:")}
    assert all((rdflib.URIRef(PREFIXES["pal"] + local), None, None) in vocabulary for local in ours)


def test_coercion_of_a_property_is_what_the_vocabulary_gives_as_its_range(
    context: Context, vocabulary: rdflib.Graph
) -> None:
    known = terms(context)
    for property_ in ours(vocabulary, OWL.ObjectProperty):
        assert known[str(property_).partition("#")[2]]["@type"] == "@id", property_
    for property_ in ours(vocabulary, OWL.DatatypeProperty):
        said = known[str(property_).partition("#")[2]]
        ranges = [*vocabulary.objects(property_, RDFS.range), *vocabulary.objects(property_, INCLUDES)]
        range_ = ranges[0] if len(ranges) == 1 else None
        if range_ == RDF.langString:
            assert (said.get("@language"), said.get("@type")) == ("en", None), property_
        elif range_ == XSD.string:
            assert set(said) <= {"@id", "@container"}, property_
        elif range_ is not None:
            assert said["@type"] == f"xsd:{str(range_).partition('#')[2]}", property_


def test_compact_recommendation_expands_to_its_statements(served: Context) -> None:
    rec, modality = f"{PREFIXES['rec']}24", f"{DEFAULT_BASE}id/modality/may-wish"
    compact = {
        "@context": served,
        "@id": rec,
        "@type": ["Recommendation", "Paragraph"],
        "label": "Recommendation 24",
        "number": 24,
        "adoptedAt": f"{DEFAULT_BASE}id/meeting/som-wg-2012",
        "altLabel": ["Rec. 24"],
        "hasDirective": {"@id": f"{rec}/directive/0", "considerOnly": True, "modality": modality},
    }
    lines = set(str(jsonld.to_rdf(compact, {"format": "application/n-quads"})).splitlines())
    pal, integer = PREFIXES["pal"], PREFIXES["xsd"] + "integer"
    assert lines == {
        f"<{rec}> <{PREFIXES['rdf']}type> <{pal}Recommendation> .",
        f"<{rec}> <{PREFIXES['rdf']}type> <{pal}Paragraph> .",
        f'<{rec}> <{PREFIXES["rdfs"]}label> "Recommendation 24"@en .',
        f'<{rec}> <{PREFIXES["skos"]}altLabel> "Rec. 24"@en .',
        f'<{rec}> <{pal}number> "24"^^<{integer}> .',
        f"<{rec}> <{pal}adoptedAt> <{DEFAULT_BASE}id/meeting/som-wg-2012> .",
        f"<{rec}> <{pal}hasDirective> <{rec}/directive/0> .",
        f'<{rec}/directive/0> <{pal}considerOnly> "true"^^<{PREFIXES["xsd"]}boolean> .',
        f"<{rec}/directive/0> <{pal}modality> <{modality}> .",
    }
