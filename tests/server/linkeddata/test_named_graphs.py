"""A thing in formats with named graphs: what stands in the text, what rules read and what was judged stay apart."""

from __future__ import annotations

import json

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from starlette.testclient import TestClient

from ontology.namespaces import Base
from ontology.terms import term
from server.linkeddata.jsonld import read_context
from server.snapshot import Snapshot

PARAGRAPH = "document/som-wg-2015/paragraph/24"
FORMATS = {".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS, ".graphs.jsonld": RdfFormat.JSON_LD}


def quads(client: TestClient, path: str, suffix: str, base: Base) -> set[Quad]:
    """The statements of a document with their graphs, JSON-LD with the published context in its place."""
    body = client.get(path + suffix).content
    if suffix.endswith("jsonld"):
        body = json.dumps({**json.loads(body), **read_context(base).document}).encode()
    return set(parse(body, FORMATS[suffix]))


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_statement_of_a_recommendation_stands_in_the_graphs_that_say_it(
    client: TestClient, snapshot: Snapshot, suffix: str
) -> None:
    found, names, store = quads(client, f"/doc/{PARAGRAPH}", suffix, snapshot.base), snapshot.names, snapshot.store
    assert store is not None
    thing = names.node(f"id/{PARAGRAPH}")

    def graphs_of(property_: NamedNode) -> set[object]:
        return {quad.graph_name for quad in found if quad.subject == thing and quad.predicate == property_}

    assert graphs_of(names.pal("text")) == {names.graph("document/som-wg-2015")}
    assert graphs_of(names.pal("cites")) == {names.graph("annotation/som-wg-2015")}
    assert graphs_of(names.pal("theme")) == {names.graph("editorial/som-wg-2015")}
    in_graphs = {quad for quad in found if isinstance(quad.graph_name, NamedNode)}
    assert all(quad in store for quad in in_graphs)
    added = {quad.subject.value for quad in found - in_graphs if isinstance(quad.subject, NamedNode)}
    assert added - {quad.subject.value for quad in found if "/mention/" in str(quad) or "/link/" in str(quad)} == {
        f"{snapshot.base.iri}doc/{PARAGRAPH}"
    }, "Beside annotations, of which creator and time are said, only the document itself is described anew."


def test_the_formats_with_and_without_graphs_say_the_same(client: TestClient, snapshot: Snapshot) -> None:
    plain = {quad.triple for quad in parse(client.get(f"/doc/{PARAGRAPH}.nt").content, RdfFormat.N_TRIPLES)}
    for suffix in FORMATS:
        assert {quad.triple for quad in quads(client, f"/doc/{PARAGRAPH}", suffix, snapshot.base)} == plain, suffix


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_another_library_reads_the_graphs(client: TestClient, snapshot: Snapshot) -> None:
    read = rdflib.Dataset()
    read.parse(data=client.get(f"/doc/{PARAGRAPH}.trig").content, format="trig")
    names = {str(graph) for _, _, _, graph in read.quads()}
    assert {
        snapshot.names.graph(f"{kind}/som-wg-2015").value for kind in ("document", "annotation", "editorial")
    } <= names


def test_a_recommendation_comes_with_its_directives_mentions_and_links_in_one_answer(
    client: TestClient, snapshot: Snapshot
) -> None:
    store, names = snapshot.store, snapshot.names
    assert store is not None
    found = {quad.triple for quad in parse(client.get(f"/doc/{PARAGRAPH}.nt").content, RdfFormat.N_TRIPLES)}
    below = names.node(f"id/{PARAGRAPH}").value + "/"
    inside = {
        quad.triple for quad in store if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(below)
    }
    kinds = {triple.object for triple in inside if triple.predicate == term("rdf:type")}
    assert {names.pal(kind) for kind in ("Directive", "Mention", "Citation", "EditorialLink")} <= kinds
    assert inside <= found


def test_a_recommendation_with_items_has_what_was_read_in_them(client: TestClient, snapshot: Snapshot) -> None:
    below = snapshot.names.node("id/document/som-wg-2015/paragraph/90/item/").value
    found = parse(client.get("/doc/document/som-wg-2015/paragraph/90.nt").content, RdfFormat.N_TRIPLES)
    assert any("/mention/" in str(quad.subject) and str(quad.subject).startswith(f"<{below}") for quad in found)


@pytest.mark.parametrize("path", ["graph/editorial/som-wg-2015", "ontology", "dataset"])
def test_a_graph_is_one_graph_in_these_formats(client: TestClient, snapshot: Snapshot, path: str) -> None:
    graph = {"ontology": "graph/ontology", "dataset": "graph/catalogue"}.get(path, path)
    for suffix in FORMATS:
        found = quads(client, f"/{path}", suffix, snapshot.base)
        assert found
        assert {quad.graph_name for quad in found} == {snapshot.names.node(graph)}


def test_the_shape_of_json_ld_is_the_same_for_every_thing(client: TestClient) -> None:
    """Each key has an array always or never, whatever the thing; each node says its types."""
    arrays: dict[str, set[bool]] = {}
    paths = [f"/doc/document/som-wg-2015/paragraph/{number}" for number in (5, 24, 33, 90)]
    paths += ["/doc/actor/unodc", "/doc/instrument/smuggling-protocol/article/16", "/doc/theme/victims", "/dataset"]
    paths += ["/recommendations", "/actors", "/queries", "/queries/what-is-unodc-asked", "/ontology", "/shapes"]
    for path in paths:
        found = client.get(f"{path}.jsonld")
        if found.status_code != 200:
            continue
        for node in found.json()["@graph"]:
            assert isinstance(node["@type"], list), (path, node["@id"])
            for key, value in node.items():
                arrays.setdefault(key, set()).add(isinstance(value, list))
    assert [key for key, kinds in arrays.items() if len(kinds) > 1] == []
    assert arrays["cites"] == arrays["theme"] == arrays["partOf"] == {True}
    assert arrays["text"] == arrays["number"] == {False}
