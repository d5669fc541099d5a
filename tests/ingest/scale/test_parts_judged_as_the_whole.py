"""Judging part by part finds what judging the whole graph finds, on a corpus with planted faults of every kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from ingest.describe import described
from ingest.parts import Context, Neighbour, Neighbours, nquads, reach
from shapes.report import Report
from shapes.validate import Validator, joined, own_nodes
from tests.shapes.whole import BASE, BREAKS, HERE, planted, rules, shared_report, small, valid, validate

LOTS = 5
"""In so many graphs the faults are planted."""
ACROSS = """
GRAPH <graph/editorial/second> {
  <id/document/second/paragraph/2> pal:restates <id/document/demo/paragraph/3> .
  <id/document/second/paragraph/3> pal:softens <id/document/demo/paragraph/99> .
  <id/document/second/paragraph/3> pal:theme <id/theme/visas> .
  <id/document/second/paragraph/3> pal:hasDirective <id/document/demo/paragraph/3/directive/0> .
}
GRAPH <graph/document/second> {
  <id/document/demo/paragraph/2> pal:text "Other words."@en ; rdfs:label "Recommendation two"@en .
  <id/document/demo/paragraph/55> a pal:Recommendation ; pal:order "first" .
  <id/actor/unodc> skos:prefLabel "The Office"@en ; rdfs:label "The Office"@en .
  <id/meeting/third> a pal:Meeting ; rdfs:label "Third"@en ; pal:startDate "2014-01-40"^^xsd:date .
  <id/document/second/paragraph/3> pal:adoptedAt <id/meeting/third> .
}
GRAPH <graph/reference> {
  <id/tool/sherloc> rdfs:seeAlso <id/document/demo/paragraph/1>, <id/document/demo/paragraph/98> .
}
GRAPH <graph/document/demo> {
  <id/meeting/third> a pal:Meeting ; rdfs:label "The third"@en .
  <id/activity/document> prov:used "nothing" .
}
"""
"""Faults that only show where two documents, or a document and the reference data, are seen together."""


@pytest.fixture(scope="module")
def sound() -> list[Quad]:
    """The small valid graph of the tests of the shapes, with a second document like the first, and the vocabulary."""
    text = (HERE / "valid.trig").read_text(encoding="utf-8").replace("<id/activity/", "<id/activity/second-")
    for graph in ("document", "annotation", "editorial"):
        text = text.replace(f"{graph}/demo", f"{graph}/second")
    return sorted({*valid(), *small(text)}, key=str)


def by_parts(quads: Collection[Quad], folder: Path) -> Report:
    """The report of the parts: a document is what its three graphs hold, the rest is shared."""
    documents: defaultdict[str, set[Quad]] = defaultdict(set)
    shared: set[Quad] = set()
    for quad in quads:
        name = str(quad.graph_name).removesuffix(">").rpartition("/")[2]
        (documents[name] if name in ("demo", "second") else shared).add(quad)
    nodes = set(map(str, described(shared)))
    neighbours = []
    for name, part in sorted(documents.items()):
        own = f"<{BASE.iri}id/document/{name}/"
        path = folder / f"{name}.own"
        path.write_text("".join(sorted(each for each in nquads(part) if each.startswith(own))), encoding="utf-8")
        reached, uses = reach(nquads(part), own, nodes, BASE)
        path.with_suffix(".uses").write_text("".join(uses), encoding="utf-8")
        neighbours.append(Neighbour(name, reached, path, path.with_suffix(".uses")))
    pointed = reach(nquads(shared), "<nothing", (), BASE)[0].pointing
    known = Neighbours(neighbours, nodes, pointed, BASE)
    validator = Validator(shared, BASE, rules())
    reports = [shared_report(validator, lines_of(known.of_shared()))]
    for at, (_, part) in enumerate(sorted(documents.items())):
        context, store = known.of_document(at), Store()
        others = lines_of(context)
        store.bulk_extend([*shared, *part])
        owned = context.owned(own_nodes(part) - validator.nodes, own_nodes(others))
        reports.append(validator.report(part, others, owned, store))
    return joined(reports, rules())


def lines_of(context: Context) -> list[Quad]:
    return list(parse(context.nquads(), RdfFormat.N_QUADS, rename_blank_nodes=False))


def same(whole: Report, parts: Report) -> None:
    """Asserts that two reports say the same."""
    assert set(whole.results) ^ set(parts.results) == set()
    assert whole == parts


def test_a_sound_corpus_has_the_same_report(sound: list[Quad], tmp_path: Path) -> None:
    whole = validate(sound)
    assert whole.conforms
    same(whole, by_parts(sound, tmp_path))


def test_planted_faults_of_every_kind_are_found_the_same(sound: list[Quad], tmp_path: Path) -> None:
    found: set[str] = set()
    for number in range(LOTS):
        (tmp_path / str(number)).mkdir()
        quads = planted(BREAKS[number::LOTS], sound)
        whole = validate(quads)
        same(whole, by_parts(quads, tmp_path / str(number)))
        found |= {result.shape.value.partition("#")[2] for result in whole.results}
    # In one graph a few faults hide others; each by itself is in tests/shapes/test_rules_reject.py.
    assert len({row[0] for row in BREAKS} - found) < 10


def test_faults_between_documents_are_found_the_same(sound: list[Quad], tmp_path: Path) -> None:
    quads = [*sound, *small(ACROSS)]
    whole = validate(quads)
    assert len(whole.results) > 20
    hanging = [result.value for result in whole.results if "dangling" in result.shape.value]
    assert {str(node).rstrip(">").rpartition("/")[2] for node in hanging} == {"98", "99", "visas"}
    same(whole, by_parts(quads, tmp_path))
