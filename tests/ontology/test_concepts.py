"""The concept schemes: their members, hierarchy and force, as the contract of the vocabulary lists them."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SKOS

from ontology.namespaces import DEFAULT_BASE, Base

CONCEPTS = Path(__file__).parents[2] / "ontology" / "concepts"
PAL = rdflib.Namespace(Base(DEFAULT_BASE).prefixes()["pal"])
FORCE = {"should": 5, "urged": 5, "encouraged": 4, "invited": 3, "may-wish": 2, "could": 1, "may": 1}
WITHOUT_FORCE = ("requested", "recommended")
HIERARCHY = {
    "theme": {
        "prevention": "awareness-raising root-causes border-control document-security visas carriers crime-prevention-policy",
        "protection-and-assistance": "human-rights life-and-safety vulnerable-persons refugees-and-asylum-seekers "
        "consular-assistance access-to-justice-and-services return detention",
        "criminal-justice": "criminalization sanctions investigation-and-prosecution special-investigative-techniques "
        "financial-investigation organized-crime evidence witness-protection new-technologies trafficking-in-persons",
        "international-cooperation": "joint-investigation mutual-legal-assistance-and-extradition information-exchange "
        "confidentiality-and-data-protection informal-cooperation cross-border-cooperation liaison-officers sea",
        "coordination-and-partnership": "national-coordination multi-agency-centres civil-society-and-private-sector "
        "international-organizations",
        "capacity-and-knowledge": "technical-assistance training data-and-research good-practices",
        "treaty-framework": "ratification-and-accession implementation-of-the-protocol programme-of-work",
    },
    "qualifier": {
        "escape-clause": "where-appropriate where-applicable where-relevant where-necessary "
        "where-envisaged-in-national-law in-accordance-with-national-law consistent-with-domestic-systems",
        "condition": "upon-request with-consent-of-the-individual in-accordance-with-international-law "
        "national-sovereignty-and-solidarity to-the-fullest-extent-possible",
    },
    "group": {
        **dict.fromkeys(["young-people", "families", "refugees-and-asylum-seekers", "victims-of-crime"], ""),
        "migrants": "smuggled-migrants",
        "women": "pregnant-women women-with-children",
        "children": "unaccompanied-minors",
        "persons-vulnerable-to-being-smuggled": "",
    },
    "modality": dict.fromkeys([*FORCE, *WITHOUT_FORCE], ""),
}


def node(path: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{DEFAULT_BASE}id/{path}")


@pytest.fixture(scope="module")
def concepts() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in CONCEPTS.glob("*.ttl"):
        graph.parse(path, format="turtle", publicID=DEFAULT_BASE)
    return graph


@pytest.mark.parametrize("scheme", HIERARCHY)
def test_concepts_of_a_scheme_stand_at_its_top_and_below_the_right_heading(scheme: str, concepts: rdflib.Graph) -> None:
    tops = {node(f"{scheme}/{slug}") for slug in HIERARCHY[scheme]}
    assert set(concepts.objects(node(scheme), SKOS.hasTopConcept)) >= tops
    assert set(concepts.subjects(SKOS.topConceptOf, node(scheme))) >= tops
    for heading, below in HIERARCHY[scheme].items():
        expected = {node(f"{scheme}/{slug}") for slug in below.split()}
        assert set(concepts.objects(node(f"{scheme}/{heading}"), SKOS.narrower)) >= expected
        assert set(concepts.subjects(SKOS.broader, node(f"{scheme}/{heading}"))) >= expected


def test_vulnerable_migrants_are_smuggled_migrants(concepts: rdflib.Graph) -> None:
    assert (node("group/vulnerable-migrants"), SKOS.broader, node("group/smuggled-migrants")) in concepts


@pytest.mark.parametrize("slug", [*FORCE, *WITHOUT_FORCE])
def test_modality_has_its_force_or_none_and_says_why(slug: str, concepts: rdflib.Graph) -> None:
    force = [FORCE[slug]] if slug in FORCE else []
    assert [int(str(value)) for value in concepts.objects(node(f"modality/{slug}"), PAL.force)] == force
    assert ("convention" if force else "No force") in str(concepts.value(node(f"modality/{slug}"), SKOS.scopeNote))


def test_scheme_of_modalities_says_that_the_scale_is_ordinal(concepts: rdflib.Graph) -> None:
    note = str(concepts.value(node("modality"), SKOS.scopeNote))
    assert all(words in note for words in ("ordinal", "convention of this project", "median", "never averaged"))


def test_every_concept_has_class_scheme_name_label_and_definition(concepts: rdflib.Graph) -> None:
    classes = {"theme": PAL.Theme, "qualifier": PAL.Qualifier, "action": PAL.Action, "modality": PAL.Modality}
    classes |= {"group": PAL.AffectedGroup, "kind": PAL.DocumentKind}
    members = set(concepts.subjects(RDF.type, SKOS.Concept))
    assert members
    for member in members:
        scheme = str(member).removeprefix(f"{DEFAULT_BASE}id/").partition("/")[0]
        assert (member, RDF.type, classes[scheme]) in concepts
        assert (member, SKOS.inScheme, node(scheme)) in concepts
        for name in (SKOS.prefLabel, RDFS.label, SKOS.definition):
            assert len(list(concepts.objects(member, name))) == 1, (member, name)


def test_every_theme_has_a_scope_note_and_no_two_themes_share_a_definition(concepts: rdflib.Graph) -> None:
    themes = list(concepts.subjects(RDF.type, PAL.Theme))
    assert all(len(list(concepts.objects(theme, SKOS.scopeNote))) == 1 for theme in themes)
    definitions = [str(concepts.value(theme, SKOS.definition)) for theme in themes]
    assert len(set(definitions)) == len(themes)
