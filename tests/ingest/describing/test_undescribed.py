"""What a text names and nobody has described becomes a named stub, with a warning and no violation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from ingest.describing.undescribed import describe_undescribed, name_of
from ingest.document import Document
from ingest.extraction import Lexicon, extract
from ingest.reference import reference_quads
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names, term

NAMES = Names(Base(DEFAULT_BASE))
TEXT = (
    "The Working Group requests the Commission on Harbours to apply article 9, paragraph 5, of the Trafficking in Persons "
    "Protocol and Human Rights Council resolution 35/17, and calls upon Governments and UNODC to help."
)


@pytest.fixture(scope="module")
def document(document: Document) -> Document:
    return replace(document, paragraphs=(replace(document.paragraphs[4], text=TEXT),))


@pytest.fixture(scope="module")
def quads(document: Document, corpus_lexicon: Lexicon) -> list[Quad]:
    known = {quad.subject for quad in reference_quads(NAMES) if isinstance(quad.subject, NamedNode)}
    return list(describe_undescribed(document, extract(document, corpus_lexicon), NAMES, known))


def test_each_thing_that_nobody_described_is_a_stub_and_no_other(quads: list[Quad]) -> None:
    undescribed = {quad.subject for quad in quads if quad.object == NAMES.pal("Undescribed")}
    assert undescribed == {
        NAMES.node("id/actor/commission-on-harbours"),
        NAMES.node("id/actor/governments"),
        NAMES.node("id/instrument/trafficking-protocol/article/9/paragraph/5"),
        NAMES.node("id/resolution/hrc-35-17"),
    }
    assert {quad.graph_name for quad in quads} == {NAMES.graph("annotation/som-wg-2015")}


def test_an_article_that_was_put_between_others_has_its_printed_number(
    document: Document, corpus_lexicon: Lexicon
) -> None:
    text = "Apply articles 4 ter, 6 and 12A of the Trafficking in Persons Protocol and article 6 bis (2) of it."
    other = replace(document, paragraphs=(replace(document.paragraphs[0], text=text),))
    stubs = list(describe_undescribed(other, extract(other, corpus_lexicon), NAMES, set()))
    treaty = "id/instrument/trafficking-protocol/article"
    said = {
        slug: {quad.predicate: quad.object for quad in stubs if quad.subject == NAMES.node(f"{treaty}/{slug}")}
        for slug in ("4ter", "6", "12a")
    }
    assert [each[NAMES.pal("number")] for each in said.values()] == [Literal("4 ter"), Literal(6), Literal("12A")]
    assert [each[term("rdfs:label")] for each in said.values()] == [
        Literal(f"Article {number}, Trafficking in Persons Protocol", language="en") for number in ("4 ter", "6", "12A")
    ]
    orders = [int(str(each[NAMES.pal("order")].value)) for each in said.values()]
    assert orders == sorted(orders)


@pytest.mark.parametrize(
    ("path", "class_name", "label"),
    [
        ("id/actor/commission-on-harbours", "Body", "Commission on Harbours"),
        ("id/actor/governments", "StateGroup", "Governments"),
        ("id/instrument/trafficking-protocol/article/9/paragraph/5", "ArticleParagraph",
         "Article 9, paragraph 5, Trafficking in Persons Protocol"),
        ("id/resolution/hrc-35-17", "Resolution", "Resolution 35/17 of the Human Rights Council"),
    ],
)  # fmt: skip
def test_a_stub_has_class_and_name(quads: list[Quad], path: str, class_name: str, label: str) -> None:
    node = NAMES.node(path)
    said = {(quad.predicate, quad.object) for quad in quads if quad.subject == node}
    assert (term("rdf:type"), NAMES.pal(class_name)) in said
    assert (term("rdfs:label"), Literal(label, language="en")) in said


def test_a_provision_stands_in_its_article(quads: list[Quad]) -> None:
    node = NAMES.node("id/instrument/trafficking-protocol/article/9/paragraph/5")
    said = {quad.predicate: quad.object for quad in quads if quad.subject == node}
    assert said[NAMES.pal("partOf")] == NAMES.node("id/instrument/trafficking-protocol/article/9")
    assert said[NAMES.pal("number")] == Literal("5", datatype=term("xsd:integer"))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("id/actor/director-general-of-unesco", "Director General of UNESCO"),
        ("id/resolution/hrc-decision-4-4", "Decision 4/4 of the Human Rights Council"),
        ("id/resolution/sc-2331", "Resolution 2331 of the Security Council"),
        ("id/resolution/harbour-assembly-3-1", "Resolution 3/1 of the harbour assembly"),
        ("id/instrument/uncac/chapter/5", "Chapter V, Convention against Corruption"),
        ("id/instrument/convention-on-the-sea/chapter/17", "Chapter XVII, Convention on the Sea"),
    ],
)  # fmt: skip
def test_a_name_follows_from_the_path_alone(path: str, name: str) -> None:
    assert name_of(path) == name
