"""The vocabulary: every term of the contract is declared, defined and placed, and no other is used."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD

from ontology.namespaces import DEFAULT_BASE, VOCABULARY_VERSION, Base
from server.snapshot import Snapshot

ONTOLOGY = Path(__file__).parents[2] / "ontology"
BASE = Base(DEFAULT_BASE)
PAL = rdflib.Namespace(BASE.prefixes()["pal"])
SCHEMA = rdflib.Namespace(BASE.prefixes()["schema"])
DATATYPES = {BASE.prefixes()[name].rstrip("#") for name in ("xsd", "rdf")}

CLASSES = """
Document Section Paragraph Recommendation Item Directive Instrument Convention Protocol Provision Chapter Article
ArticleParagraph Subparagraph Actor Organization Body StateGroup StakeholderGroup Tool Meeting Resolution Theme Modality
Qualifier Action AffectedGroup Mention Citation EditorialLink
Part Masthead Footnote Expression DocumentKind Annex UnnumberedText Undescribed Correction ReplacedFinding
UnresolvedCitation
"""
OBJECT_PROPERTIES = """
partOf adoptedAt theme affects hasDirective modality qualifier wholeQualifier action askedAction addressee askedActor issuer mentions cites relatesTo
restates sharpens softens followsUp reviewedBy supplements maintainedBy servesAs evidence
consolidates relation officialText realizes kind body corrects supersedes replacedBy
hasPart citedBy noteTo concerns
"""
DATATYPE_PROPERTIES = """
number order text startDate endDate place force considerOnly asksNothing confidence reviewStatus reviewedOn finalClause
mark sourceFirstLine sourceLastLine sourceStart sourceEnd sourceFile sourceSha256 distribution agendaSymbol symbol originalFile originalSha256
operativeWords summary summaryStatus printedNumber acronym role treatySeries adopted adoption entryIntoForce
"""
NAMED = {OWL.Class: CLASSES, OWL.ObjectProperty: OBJECT_PROPERTIES, OWL.DatatypeProperty: DATATYPE_PROPERTIES}
SUBCLASSES = [
    ("Recommendation", "pal:Paragraph"), ("Convention", "pal:Instrument"), ("Protocol", "pal:Instrument"),
    ("Annex", "pal:Section"),
    *((kind, "pal:Provision") for kind in ("Chapter", "Article", "ArticleParagraph", "Subparagraph")),
    *((kind, "pal:Actor") for kind in ("Organization", "Body", "StateGroup", "StakeholderGroup")),
    *((kind, "skos:Concept") for kind in ("Theme", "Modality", "Qualifier", "Action", "AffectedGroup", "DocumentKind")),
    *((kind, "pal:Part") for kind in ("Section", "Paragraph", "Item", "Masthead", "Footnote", "UnnumberedText")),
    ("Mention", "oa:Annotation"), ("Citation", "pal:Mention"), ("EditorialLink", "oa:Annotation"),
    ("Instrument", "eli:LegalResource"), ("Provision", "eli:LegalResourceSubdivision"), ("Part", "eli:WorkSubdivision"),
    ("Expression", "eli:LegalExpression"), ("Document", "undo:Document"), ("Actor", "undo:Agent"),
    ("Resolution", "undo:Resolution"),
]  # fmt: skip
SUBPROPERTIES = [
    ("cites", "pal:mentions"), ("cites", "eli:cites"), ("cites", "pal:concerns"), ("relatesTo", "pal:concerns"),
    ("relatesTo", "dcterms:relation"), ("partOf", "dcterms:isPartOf"), ("theme", "dcterms:subject"),
    ("supplements", "eli:related_to"), ("realizes", "eli:realizes"), ("noteTo", "dcterms:isReferencedBy"),
    ("kind", "dcterms:type"), ("corrects", "eli:corrects"), ("supersedes", "dcterms:replaces"),
]  # fmt: skip


def expand(prefixed: str) -> rdflib.URIRef:
    prefix, _, local = prefixed.partition(":")
    return rdflib.URIRef(BASE.prefixes()[prefix] + local)


def read(*paths: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle", publicID=DEFAULT_BASE)
    return graph


@pytest.fixture(scope="module")
def vocabulary() -> rdflib.Graph:
    return read(ONTOLOGY / "palermo.ttl")


def declared(vocabulary: rdflib.Graph) -> set[rdflib.term.Node]:
    """The terms of ours; those of others are declared, too."""
    return {term for kind in NAMED for term in vocabulary.subjects(RDF.type, kind) if str(term).startswith(PAL)}


@pytest.mark.parametrize(("kind", "names"), NAMED.items())
def test_terms_of_the_contract_are_declared(kind: rdflib.URIRef, names: str, vocabulary: rdflib.Graph) -> None:
    assert set(vocabulary.subjects(RDF.type, kind)) >= {PAL[name] for name in names.split()}


@pytest.mark.parametrize("property_", [RDFS.label, SKOS.definition])
def test_every_term_has_one_name_and_one_definition_in_english(
    property_: rdflib.URIRef, vocabulary: rdflib.Graph
) -> None:
    for term in declared(vocabulary):
        words = list(vocabulary.objects(term, property_))
        assert len(words) == 1, term
        assert isinstance(words[0], rdflib.Literal), term
        assert words[0].language == "en", term


def test_definitions_are_sentences_and_no_two_are_the_same(vocabulary: rdflib.Graph) -> None:
    definitions = [str(vocabulary.value(term, SKOS.definition)) for term in declared(vocabulary)]
    assert all(text[0].isupper() or text[0] == '"' for text in definitions)
    assert all(text.endswith(".") for text in definitions)
    assert len(definitions) == len(set(definitions))


def test_every_term_says_which_vocabulary_defines_it(vocabulary: rdflib.Graph) -> None:
    node = rdflib.URIRef(f"{DEFAULT_BASE}ontology")
    assert (node, RDF.type, OWL.Ontology) in vocabulary
    assert all(set(vocabulary.objects(term, RDFS.isDefinedBy)) == {node} for term in declared(vocabulary))


@pytest.mark.parametrize(("relation", "pairs"), [(RDFS.subClassOf, SUBCLASSES), (RDFS.subPropertyOf, SUBPROPERTIES)])
def test_a_term_stands_below_another(
    relation: rdflib.URIRef, pairs: list[tuple[str, str]], vocabulary: rdflib.Graph
) -> None:
    assert [pair for pair in pairs if (PAL[pair[0]], relation, expand(pair[1])) not in vocabulary] == []


def test_directive_is_no_undo_relation_and_a_recommendation_no_legal_resource(vocabulary: rdflib.Graph) -> None:
    assert (PAL.Directive, RDFS.seeAlso, expand("undo:Relation")) in vocabulary
    assert list(vocabulary.objects(PAL.Directive, RDFS.subClassOf)) == []
    above = set(vocabulary.transitive_objects(PAL.Recommendation, RDFS.subClassOf))
    assert not above & {expand("eli:LegalResource"), expand("eli:LegalResourceSubdivision"), expand("undo:Relation")}


def test_text_and_judgement_share_no_superproperty_but_the_one_that_says_so(vocabulary: rdflib.Graph) -> None:
    text, related, *judged = (
        set(vocabulary.transitive_objects(PAL[name], RDFS.subPropertyOf))
        for name in ("cites", "relatesTo", "restates", "sharpens", "softens", "followsUp", "theme")
    )
    assert text & related == {PAL.concerns}
    assert all(not text & above for above in judged)


def test_every_property_has_a_declared_domain_and_range(vocabulary: rdflib.Graph) -> None:
    classes = set(vocabulary.subjects(RDF.type, OWL.Class))
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for property_ in declared(vocabulary) & set(vocabulary.subjects(RDF.type, kind)):
            domain = [
                *vocabulary.objects(property_, RDFS.domain),
                *vocabulary.objects(property_, SCHEMA.domainIncludes),
            ]
            range_ = [*vocabulary.objects(property_, RDFS.range), *vocabulary.objects(property_, SCHEMA.rangeIncludes)]
            assert domain, property_
            assert range_ or property_ == PAL.officialText, property_
            assert all(class_ in classes for class_ in domain), property_
            ours = [found for found in range_ if str(found).startswith(PAL)]
            assert all(class_ in classes for class_ in ours), property_
            assert kind == OWL.ObjectProperty or all(str(found).partition("#")[0] in DATATYPES for found in range_)


def test_vocabulary_gives_title_licence_version_and_says_what_is_judgement(vocabulary: rdflib.Graph) -> None:
    node = rdflib.URIRef(f"{DEFAULT_BASE}ontology")
    assert vocabulary.value(node, DCTERMS.title) is not None
    assert vocabulary.value(node, DCTERMS.license) == rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert str(vocabulary.value(node, OWL.versionInfo)) == VOCABULARY_VERSION
    assert vocabulary.value(node, OWL.versionIRI) == node + "/" + VOCABULARY_VERSION
    created, modified = (vocabulary.value(node, DCTERMS[name]) for name in ("created", "modified"))
    assert created.toPython() < modified.toPython()  # type: ignore[union-attr]
    notes = " ".join(str(note) for note in vocabulary.objects(node, SKOS.scopeNote))
    assert all(word in notes for word in ("Text:", "Reading by rules:", "Judgement:", "binds nobody"))


def test_vocabulary_has_no_blank_nodes(vocabulary: rdflib.Graph) -> None:
    assert not any(isinstance(term, rdflib.BNode) for triple in vocabulary for term in triple)


FILES = sorted(path for folder in ("concepts", "reference", "alignment") for path in (ONTOLOGY / folder).glob("*.ttl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_data_uses_only_declared_terms_as_what_they_are(path: Path, vocabulary: rdflib.Graph) -> None:
    graph, classes = read(path), set(vocabulary.subjects(RDF.type, OWL.Class))
    properties = declared(vocabulary) - classes
    assert {term for term in graph.predicates() if str(term).startswith(PAL)} <= properties
    assert {term for term in graph.objects(None, RDF.type) if str(term).startswith(PAL)} <= classes


KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = {RDF.type, RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, RDFS.subClassOf, RDFS.subPropertyOf}
BUILT_IN |= {RDFS.domain, RDFS.range}


def test_every_term_that_is_used_is_declared_and_is_one_kind_of_thing(vocabulary: rdflib.Graph) -> None:
    """OWL 2 Structural Specification, §5.8: typing constraints of OWL 2 DL. `tests/system` asks the OWL API as well."""
    kinds: dict[rdflib.term.Node, set[rdflib.term.Node]] = {}
    for kind in KINDS:
        for term in vocabulary.subjects(RDF.type, kind):
            kinds.setdefault(term, set()).add(kind)
    assert [term for term, found in kinds.items() if len(found) > 1] == []
    used = {
        property_ for property_ in vocabulary.predicates() if not str(property_).startswith(str(OWL._NS))
    } - BUILT_IN
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, OWL.disjointWith, OWL.inverseOf):
        used.update(vocabulary.objects(None, relation))
    assert used - set(kinds) == set()
    ranges = set(vocabulary.objects(None, RDFS.range)) - set(kinds)
    assert ranges == {XSD.integer, XSD.string, XSD.boolean}, "The datatype map of OWL 2, §4, has no date of a day."


def test_the_published_vocabulary_names_its_namespace(snapshot: Snapshot) -> None:
    assert snapshot.store is not None
    ontology, namespace = NamedNode(f"{DEFAULT_BASE}ontology"), NamedNode(str(VANN.preferredNamespaceUri))
    (quad,) = snapshot.store.quads_for_pattern(ontology, namespace, None, None)
    assert quad.object == Literal(str(PAL))


def test_what_the_vocabulary_excludes_is_not_in_the_graph(vocabulary: rdflib.Graph, snapshot: Snapshot) -> None:
    assert snapshot.store is not None
    members: dict[str, set[str]] = {}
    for quad in snapshot.store.quads_for_pattern(None, NamedNode(RDF.type), None, None):
        members.setdefault(str(quad.object)[1:-1], set()).add(str(quad.subject))
    pairs = list(vocabulary.subject_objects(OWL.disjointWith))
    assert (PAL.Directive, PAL.Instrument) in pairs
    for one, other in pairs:
        assert members.get(str(one), set()) & members.get(str(other), set()) == set(), (one, other)
    for property_ in vocabulary.subjects(RDF.type, OWL.FunctionalProperty):
        quads = snapshot.store.quads_for_pattern(None, NamedNode(str(property_)), None, None)
        values = {(str(quad.subject), str(quad.object)) for quad in quads}
        assert len({subject for subject, _ in values}) == len(values), property_
