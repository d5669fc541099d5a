"""Habits of the whole graph: names, labels, blank nodes, what is written out, and which graph says what."""

from __future__ import annotations

import hashlib
import re

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ontology.layout import ROOT
from ontology.terms import term
from tests.ingest.conftest import DOCUMENT, Graph

IDENTIFIER = re.compile(r"id/[a-z0-9/-]+(#(target|position|quote))?")
SECTION = re.compile(rf"{DOCUMENT}/section/[IVX]+(/[A-Z])?")
OTHER = re.compile(
    r"(ontology|shapes|queries)(#[A-Za-z0-9-]+)?|ontology/\d+(\.\d+){2}|queries/[a-z0-9-]+(#\w+)?|sparql"
)
"""Terms and shapes are fragments of one file each; a question is named by its page, its parameter by a variable."""

GRAPHS = {
    *(f"graph/{kind}/som-wg-2015" for kind in ("document", "annotation", "editorial")),
    *(f"graph/{name}" for name in ("reference", "alignment", "ontology", "shapes", "queries")),
}
ORDERED = 1 + 19 + 92 + 5 + 1
"""The masthead, seven sections with twelve parts, paragraphs, items of paragraph 90, footnote."""

EXTRACTED = {
    "mentions", "cites", "concerns", "affects", "hasDirective", "modality", "considerOnly", "qualifier", "wholeQualifier", "addressee",
    "askedActor", "action", "askedAction", "evidence", "operativeWords",
}  # fmt: skip
JUDGED = {
    "theme", "relatesTo", "concerns", "sharpens", "softens", "followsUp", "relation", "confidence", "reviewStatus",
}  # fmt: skip


def quads_of(graph: Graph, name: str) -> list[Quad]:
    """The quads of a named graph."""
    return list(graph.store.quads_for_pattern(None, None, None, graph.names.graph(name)))


def our_properties(graph: Graph, name: str) -> set[str]:
    """The local names of our own properties in a named graph."""
    ours = graph.names.pal("").value
    found = {quad.predicate.value for quad in quads_of(graph, name)}
    return {iri.removeprefix(ours) for iri in found if iri.startswith(ours)}


def test_the_named_graphs_are_those_of_the_vocabulary(graph: Graph) -> None:
    assert {node for node in graph.local_nodes() if node.startswith("graph/")} == GRAPHS
    assert {graph.names.path(name) for name in graph.store.named_graphs() if isinstance(name, NamedNode)} == GRAPHS


def test_identifiers_need_no_escaping(graph: Graph) -> None:
    identifiers = {node for node in graph.local_nodes() if node.startswith("id/")}
    assert [node for node in identifiers if not IDENTIFIER.fullmatch(node) and not SECTION.fullmatch(node)] == []
    others = graph.local_nodes() - identifiers - GRAPHS
    assert [node for node in others if not OTHER.fullmatch(node)] == []


def test_everything_has_an_english_label(graph: Graph) -> None:
    subjects = {quad.subject for quad in graph.store if isinstance(quad.subject, NamedNode)}
    unnamed = [
        subject.value
        for subject in subjects
        if subject.value.startswith(graph.names.base.iri)
        and not any(
            isinstance(label, Literal) and label.language == "en" and label.value
            for label in graph.values(graph.names.path(subject), term("rdfs:label"))
        )
    ]
    assert unnamed == []


def test_a_file_and_its_checksum_are_those_of_a_text_and_not_of_the_work(graph: Graph) -> None:
    """ELI, and UNDO's axiom that a document has a realization: a work has none of what only one text of it has."""
    text, file = f"{DOCUMENT}/en", ROOT / "ingest" / "sources" / "som-wg-2015.md"
    assert graph.values(DOCUMENT, term("allot:hasRealization")) == {graph.names.node(text)}
    assert graph.values(text, graph.names.pal("realizes")) == {graph.names.node(DOCUMENT)}
    reading = "id/activity/reading-som-wg-2015"
    assert graph.values(reading, term("prov:used")) == {graph.names.node(text)}, "What was read has a checksum."
    assert graph.values("graph/document/som-wg-2015", term("prov:wasDerivedFrom")) == {graph.names.node(text)}
    said = {"sourceFile": file.name, "sourceSha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    for name, value in said.items():
        assert graph.values(text, graph.names.pal(name)) == {Literal(value)}
        assert graph.values(DOCUMENT, graph.names.pal(name)) == set()


def test_blank_nodes_are_in_lists_of_the_ontology_and_shapes_only(graph: Graph) -> None:
    with_blank = {
        quad.graph_name
        for quad in graph.store
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
    }
    assert with_blank <= {graph.names.graph("ontology"), graph.names.graph("shapes")}


def test_all_parts_are_there_92_of_them_paragraphs_and_88_of_these_recommendations(graph: Graph) -> None:
    paragraphs = {f"{DOCUMENT}/paragraph/{number}" for number in range(1, 93)}
    assert graph.typed(graph.names.pal("Paragraph")) == paragraphs
    introduction = {f"{DOCUMENT}/paragraph/{number}" for number in range(1, 5)}
    assert graph.typed(graph.names.pal("Recommendation")) == paragraphs - introduction
    in_order = (quad for quad in quads_of(graph, "document/som-wg-2015") if quad.predicate == graph.names.pal("order"))
    assert len({quad.subject for quad in in_order}) == ORDERED


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("cites", "pal:mentions"), ("cites", "eli:cites"), ("partOf", "dcterms:isPartOf"), ("theme", "dcterms:subject"),
        ("relatesTo", "dcterms:relation"),
    ],
)  # fmt: skip
def test_a_superproperty_is_written_out_in_the_same_graph(graph: Graph, lower: str, upper: str) -> None:
    above = graph.names.pal(upper[4:]) if upper.startswith("pal:") else term(upper)
    below = list(graph.store.quads_for_pattern(None, graph.names.pal(lower), None, None))
    assert below
    assert all(Quad(quad.subject, above, quad.object, quad.graph_name) in graph.store for quad in below)


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("Citation", "pal:Mention"), ("Mention", "oa:Annotation"), ("EditorialLink", "oa:Annotation"),
        ("Protocol", "pal:Instrument"), ("ArticleParagraph", "pal:Provision"), ("StateGroup", "pal:Actor"),
        ("Body", "pal:Actor"), *((kind, "skos:Concept") for kind in ("Theme", "Modality", "AffectedGroup", "Action")),
    ],
)  # fmt: skip
def test_a_superclass_is_written_out(graph: Graph, lower: str, upper: str) -> None:
    above = graph.names.pal(upper[4:]) if upper.startswith("pal:") else term(upper)
    below = graph.typed(graph.names.pal(lower))
    assert below
    assert below <= graph.typed(above)


def test_each_graph_of_a_document_holds_its_own_kind_of_statements(graph: Graph) -> None:
    assert our_properties(graph, "document/som-wg-2015") & (EXTRACTED | JUDGED) == set()
    assert our_properties(graph, "annotation/som-wg-2015") == EXTRACTED | {"text", "order", "issuer"}
    assert our_properties(graph, "editorial/som-wg-2015") == JUDGED
    annotated = quads_of(graph, "annotation/som-wg-2015")
    texts = {quad.subject for quad in annotated if quad.predicate == graph.names.pal("text")}
    assert texts == {graph.names.node(path) for path in graph.typed(graph.names.pal("Directive"))}


@pytest.mark.parametrize("name", ["reference", "alignment", "ontology", "shapes", "queries"])
def test_what_no_document_brings_says_nothing_of_a_document(graph: Graph, name: str) -> None:
    assert [quad for quad in quads_of(graph, name) if "/id/document/" in str(quad.subject)] == []


@pytest.mark.parametrize("name", sorted(GRAPHS))
def test_every_graph_says_what_made_it(graph: Graph, name: str) -> None:
    node = graph.names.node(name)
    origin = [term("prov:wasGeneratedBy"), term("prov:wasAttributedTo")]
    said = [quad for made in origin for quad in graph.store.quads_for_pattern(node, made, None, node)]
    assert said
    for quad in said:
        assert isinstance(quad.object, NamedNode)
        assert graph.values(graph.names.path(quad.object), term("rdfs:label"))


def test_what_concerns_something_is_what_is_cited_and_what_is_related_each_once(graph: Graph) -> None:
    concerns, cites, related = (
        [(quad.subject, quad.object, quad.graph_name) for quad in graph.store.quads_for_pattern(None, name, None, None)]
        for name in map(graph.names.pal, ("concerns", "cites", "relatesTo"))
    )
    assert sorted(map(str, concerns)) == sorted(map(str, (*cites, *related)))
    assert len({pair[:2] for pair in concerns}) == len(concerns)
