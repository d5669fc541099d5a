"""No document that breaks a check passes the look at its statements that saves asking it."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from pyoxigraph import Quad

from shapes.constraints import Data
from shapes.schema import SEEN, Schema
from shapes.validate import own_nodes
from tests.cases import case
from tests.shapes.whole import BREAKS, NAMES, planted, small, valid

PARAGRAPH = "id/document/demo/paragraph/1"
FAULTS = [
    *(row[:4] for row in BREAKS),
    ("check-two-preferred-labels", PARAGRAPH, "-", 'rdfs:label "Another name"@en'),
    ("check-unlabelled", PARAGRAPH, "rdfs:label", "-"),
    ("check-blank-node", PARAGRAPH, "-", "pal:mentions [ ]"),
    ("check-lexical-form", PARAGRAPH, "pal:order", 'pal:order "one"^^xsd:integer'),
]
"""Those of `breaks.tsv`, of which some are of what no document brings, and the same of a document."""


def parted(quads: Collection[Quad]) -> tuple[list[Quad], list[Quad]]:
    """The quads of the document, and those that no document brings."""
    document = [quad for quad in quads if str(quad.graph_name).endswith("/demo>")]
    return document, list(set(quads) - set(document))


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(Data(parted(valid())[1]), NAMES)


def is_allowed(schema: Schema, document: Collection[Quad]) -> bool:
    return schema.allows(Data(document), own_nodes(document))


def test_sound_document_passes(schema: Schema) -> None:
    assert is_allowed(schema, parted(valid())[0])


def test_no_document_passes_with_a_fault_of_a_check_that_is_not_asked_then(schema: Schema) -> None:
    sound, looked_at = set(parted(valid())[0]), set()
    for row in FAULTS:
        document, name = parted(planted([row]))[0], row[0].removeprefix("check-")
        if name in SEEN and set(document) != sound:
            with case(*row):
                assert not is_allowed(schema, document)
            looked_at.add(name)
    assert looked_at == SEEN


@pytest.mark.parametrize(
    "more",
    [
        # It makes a rule of its own, by which it then breaks it.
        "pal:text rdfs:domain pal:Document .",
        "pal:Paragraph rdfs:subClassOf pal:Document .",
        # A statement about what the shared part describes is judged together with that.
        "<id/actor/unodc> rdfs:label 'Another name'@en .",
    ],
)
def test_document_does_not_pass_that_speaks_of_what_is_not_its_own(schema: Schema, more: str) -> None:
    document = [*parted(valid())[0], *small(f"GRAPH <graph/document/demo> {{ {more} }}")]
    assert not is_allowed(schema, document)
