"""Evidence: every mention and directive points to the words it was read from, and they are there."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from ontology.terms import term
from tests.ingest.conftest import Graph, Node

MENTIONS = 275 + 32 + 139
DIRECTIVES = 104
"""How many both readers of the gold standard found: names and citations, the words of 32 qualifiers and of 139 actions
(``actions.tsv``), directives."""


def only(found: set[Node]) -> str:
    """The value of the one node."""
    (node,) = found
    assert isinstance(node, NamedNode | Literal)
    return node.value


def selected(graph: Graph, path: str) -> tuple[str, int, int]:
    """The path of the source of a target, and its two positions, after its selectors were compared with the source."""
    target = f"{path}#target"
    assert graph.values(target, term("oa:hasSelector")) == {
        graph.names.node(f"{path}#position"),
        graph.names.node(f"{path}#quote"),
    }
    source = graph.names.path(NamedNode(only(graph.values(target, term("oa:hasSource")))))
    start, end = (int(only(graph.values(f"{path}#position", term(f"oa:{name}")))) for name in ("start", "end"))
    text = graph.text(source)
    exact, before, after = (
        only(graph.values(f"{path}#quote", term(f"oa:{name}"))) for name in ("exact", "prefix", "suffix")
    )
    assert 0 <= start < end <= len(text), path
    assert text[start:end] == exact, path
    assert text[:start].endswith(before), path
    assert len(before) == min(start, 32), path
    assert text[end:].startswith(after), path
    assert len(after) == min(len(text) - end, 32), path
    return source, start, end


def test_the_words_of_every_mention_stand_at_its_positions_and_what_it_names_is_described(graph: Graph) -> None:
    mentions = graph.typed(graph.names.pal("Mention"))
    assert len(mentions) == MENTIONS
    for path in mentions:
        assert graph.values(path, term("oa:hasTarget")) == {graph.names.node(f"{path}#target")}
        source, start, end = selected(graph, path)
        assert path == f"{source}/mention/{start}-{end}"
        entity = graph.names.path(NamedNode(only(graph.values(path, term("oa:hasBody")))))
        assert graph.values(entity, term("rdf:type")), entity


def test_the_words_of_every_directive_stand_at_its_positions_without_a_mark_or_space_at_their_ends(
    graph: Graph,
) -> None:
    directives = graph.typed(graph.names.pal("Directive"))
    assert len(directives) == DIRECTIVES
    for path in directives:
        assert graph.values(path, graph.names.pal("evidence")) == {graph.names.node(f"{path}#target")}
        source, start, end = selected(graph, path)
        assert path == f"{source}/directive/{start}"
        text = graph.text(path)
        assert text == graph.text(source)[start:end] == text.strip()
        assert not text.endswith((".", ":", ";", ",")), path
        assert only(graph.values(path, graph.names.pal("operativeWords"))) in graph.text(source)


@pytest.mark.parametrize(
    ("kind", "properties", "number"), [("qualifier", ("qualifier",), 32), ("action", ("action", "askedAction"), 139)]
)
def test_the_words_of_what_a_directive_has_stand_inside_it(
    graph: Graph, kind: str, properties: tuple[str, ...], number: int
) -> None:
    found, bodies = 0, graph.typed(graph.names.pal("Mention"))
    entities = {path: only(graph.values(path, term("oa:hasBody"))) for path in bodies}
    mentions = [path for path in bodies if f"/id/{kind}/" in entities[path]]
    for path in graph.typed(graph.names.pal("Directive")):
        source, first, last = selected(graph, path)
        inside = [
            NamedNode(entities[mention])
            for mention in mentions
            if mention.startswith(f"{source}/mention/")
            for start, end in [map(int, mention.rpartition("/")[2].split("-"))]
            if first <= start and end <= last
        ]
        has = (value for name in properties for value in graph.values(path, graph.names.pal(name)))
        assert set(inside) == set(has), path
        found += len(inside)
    assert found == number
