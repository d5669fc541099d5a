"""Evidence: every mention and directive points to the words it was read from, and they are there."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from ontology.terms import term
from tests.ingest.conftest import Graph, Node

MENTIONS = 275 + 32 + 139
DIRECTIVES = 104
"""How many both readers of the gold standard found: names and citations, the words of 32 qualifiers and of 139 actions
(`test_reading_actions`), directives."""


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


def test_the_words_of_every_mention_stand_at_its_positions(graph: Graph) -> None:
    mentions = graph.typed(graph.names.pal("Mention"))
    assert len(mentions) == MENTIONS
    for path in mentions:
        assert graph.values(path, term("oa:hasTarget")) == {graph.names.node(f"{path}#target")}
        source, start, end = selected(graph, path)
        assert path == f"{source}/mention/{start}-{end}"


def test_the_words_of_every_directive_stand_at_its_positions(graph: Graph) -> None:
    directives = graph.typed(graph.names.pal("Directive"))
    assert len(directives) == DIRECTIVES
    for path in directives:
        assert graph.values(path, graph.names.pal("evidence")) == {graph.names.node(f"{path}#target")}
        source, start, end = selected(graph, path)
        assert path == f"{source}/directive/{start}"
        assert graph.text(path) == graph.text(source)[start:end]
        assert only(graph.values(path, graph.names.pal("operativeWords"))) in graph.text(source)


def test_a_directive_has_neither_a_space_around_it_nor_a_full_stop_at_its_end(graph: Graph) -> None:
    for path in graph.typed(graph.names.pal("Directive")):
        text = graph.text(path)
        assert text == text.strip()
        assert not text.endswith((".", ":", ";", ",")), path


def test_the_words_of_every_qualifier_stand_inside_a_directive_that_has_it(graph: Graph) -> None:
    qualifier, found = graph.names.pal("qualifier"), 0
    for path in graph.typed(graph.names.pal("Directive")):
        source, first, last = selected(graph, path)
        bodies = {
            body
            for mention in graph.typed(graph.names.pal("Mention"))
            if mention.startswith(f"{source}/mention/")
            for start, end in [map(int, mention.rpartition("/")[2].split("-"))]
            if first <= start and end <= last
            for body in graph.values(mention, term("oa:hasBody"))
            if isinstance(body, NamedNode) and "/id/qualifier/" in body.value
        }
        assert bodies == graph.values(path, qualifier), path
        found += len(bodies)
    assert found == 32


def test_the_words_of_every_action_stand_inside_a_directive_that_asks_for_it(graph: Graph) -> None:
    pal, found = graph.names.pal, 0
    for path in graph.typed(pal("Directive")):
        source, first, last = selected(graph, path)
        bodies = [
            body
            for mention in graph.typed(pal("Mention"))
            if mention.startswith(f"{source}/mention/")
            for start, end in [map(int, mention.rpartition("/")[2].split("-"))]
            if first <= start and end <= last
            for body in graph.values(mention, term("oa:hasBody"))
            if isinstance(body, NamedNode) and "/id/action/" in body.value
        ]
        assert set(bodies) == graph.values(path, pal("action")) | graph.values(path, pal("askedAction")), path
        found += len(bodies)
    assert found == 139


def test_every_entity_that_is_mentioned_is_described(graph: Graph) -> None:
    for path in graph.typed(graph.names.pal("Mention")):
        (entity,) = graph.values(path, term("oa:hasBody"))
        assert isinstance(entity, NamedNode)
        assert graph.values(graph.names.path(entity), term("rdf:type")), entity.value
