"""Things and documents: where `/id/…` sends, what `/doc/…` answers, and what a description holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from starlette.testclient import TestClient

from ontology.namespaces import Base
from ontology.terms import english, term
from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot
from server.store.known import INCOMING
from tests.conftest import SMALL_GRAPH, publish_small

PARAGRAPH = "document/som-wg-2015/paragraph/24"
SUFFIXES = {
    "text/html": ".html",
    "text/turtle": ".ttl",
    "application/ld+json": ".jsonld",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/trig": ".trig",
    "application/n-quads": ".nq",
    "text/plain": ".txt",
    'application/ld+json; profile="http://www.w3.org/ns/sparql-service-description#Dataset"': ".graphs.jsonld",
    'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"': ".anno.jsonld",
}
EVERY_PARSER = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/html;q=0.2"
)
"""What Comunica accepts, without its last formats."""
WITHOUT_TEXT = {kind for kind in SUFFIXES if kind != "text/plain" and ";" not in kind}


def graph(client: TestClient, path: str) -> Store:
    """The graph at a path, read from its N-Triples."""
    found = client.get(path + ".nt")
    assert found.status_code == 200, path
    store = Store()
    store.extend(parse(found.content, RdfFormat.N_TRIPLES))
    return store


def says(store: Store, subject: str, predicate: NamedNode, value: NamedNode | Literal) -> bool:
    """Whether the graph holds a statement."""
    return Quad(NamedNode(subject), predicate, value) in store


def test_a_thing_sends_every_reader_to_its_document(small_client: TestClient) -> None:
    for accept in ("*/*", "text/html", "text/turtle", "image/png"):
        found = small_client.get(f"/id/{PARAGRAPH}", headers={"accept": accept})
        assert (found.status_code, found.headers["location"]) == (303, f"/doc/{PARAGRAPH}")
        assert "public" in found.headers["cache-control"]
        assert "vary" not in found.headers


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [(EVERY_PARSER, ".jsonld"), ("application/trig, text/turtle;q=0.5, */*;q=0.1", ".trig")],
    ids=["every format it can read", "named graphs, rather"],
)
def test_named_graphs_go_to_who_wants_them(accept: str, suffix: str, small_client: TestClient) -> None:
    found = small_client.get(f"/doc/{PARAGRAPH}", headers={"accept": accept})
    assert found.headers["content-location"] == f"/doc/{PARAGRAPH}{suffix}"


@pytest.mark.parametrize(
    "name", ["actor/nobody", "actor/", "", "actor/states-parties.exe", "actor/nobody.ttl", "../id"]
)
def test_a_thing_nobody_knows_is_404(small_client: TestClient, name: str) -> None:
    assert small_client.get(f"http://testserver/id/{name}").status_code == 404


@pytest.mark.parametrize(("media_type", "suffix"), SUFFIXES.items())
def test_a_negotiated_document_names_its_variant_which_has_the_same_bytes(
    client: TestClient, media_type: str, suffix: str
) -> None:
    negotiated = client.get(f"/doc/{PARAGRAPH}", headers={"accept": media_type})
    assert negotiated.status_code == 200
    assert negotiated.headers["content-type"].replace("; charset=utf-8", "") == media_type
    assert negotiated.headers["content-location"] == f"/doc/{PARAGRAPH}{suffix}"
    assert "Accept" in negotiated.headers["vary"].split(", ")
    variant = client.get(negotiated.headers["content-location"], headers={"accept": "image/png"})
    assert variant.content == negotiated.content
    assert variant.headers["content-type"] == negotiated.headers["content-type"]
    assert "Accept" not in variant.headers.get("vary", "").split(", ")
    named = client.get(f"/doc/{PARAGRAPH}?format={suffix[1:]}", headers={"accept": "image/png"})
    assert named.content == negotiated.content


def test_a_document_in_no_format_that_fits_is_406_with_those_there_are(small_client: TestClient) -> None:
    found = small_client.get(f"/doc/{PARAGRAPH}", headers={"accept": "image/png"})
    assert found.status_code == 406
    assert set(found.json()["offers"]) >= WITHOUT_TEXT


def test_the_links_of_a_document_lead_to_what_they_name(client: TestClient, snapshot: Snapshot) -> None:
    base = snapshot.base.iri
    header = client.get(f"/doc/{PARAGRAPH}").headers["link"]
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', header)
    by_relation: dict[str, list[tuple[str, str]]] = {}
    for href, relation, media_type in links:
        by_relation.setdefault(relation, []).append((href, media_type))
    assert {kind for _, kind in by_relation["alternate"]} == WITHOUT_TEXT | {"text/plain"}
    assert [href.rpartition("/24")[2] for href, _ in by_relation["alternate"]] == [
        *(".html", ".ttl", ".jsonld", ".nt", ".rdf", ".trig", ".nq", ".graphs.jsonld", ".anno.jsonld", ".txt")
    ]
    assert by_relation["canonical"] == [(f"{base}doc/{PARAGRAPH}", "")]
    assert by_relation["cite-as"] == [(f"{base}id/{PARAGRAPH}", "")]
    assert "license" not in by_relation, "The words are those of the United Nations."
    assert {"describedby", "collection", "memento"} <= set(by_relation)
    for href, _, media_type in links:
        local = href.removeprefix(base.rstrip("/"))
        if local.startswith("/"):
            target = client.get(local)
            assert target.status_code in (200, 302, 303), href
            if media_type:
                assert target.headers["content-type"].partition(";")[0] == media_type


def test_a_document_says_what_it_is_about_and_where_that_came_from(
    small_client: TestClient, small_snapshot: Snapshot
) -> None:
    names = small_snapshot.names
    store = graph(small_client, f"/doc/{PARAGRAPH}")
    document, thing = names.base.iri + f"doc/{PARAGRAPH}", names.node(f"id/{PARAGRAPH}")
    assert says(store, document, term("foaf:primaryTopic"), thing)
    assert says(store, document, term("rdf:type"), term("foaf:Document"))
    assert says(store, document, term("void:inDataset"), names.node("dataset"))
    source = names.graph("document/som-wg-2015")
    assert says(store, document, term("prov:wasDerivedFrom"), source)
    assert says(store, document, term("prov:wasDerivedFrom"), names.graph("annotation/som-wg-2015"))
    assert says(store, source.value, term("prov:wasGeneratedBy"), names.node("id/activity/reading-som-wg-2015"))


def test_a_document_has_incoming_links_and_names_both_ends(small_client: TestClient, small_snapshot: Snapshot) -> None:
    names = small_snapshot.names
    store = graph(small_client, "/doc/actor/states-parties")
    directive = names.node(f"id/{PARAGRAPH}/directive/0")
    assert says(store, directive.value, names.pal("addressee"), names.node("id/actor/states-parties"))
    assert says(store, directive.value, term("rdfs:label"), english("Directive of 24"))
    outward = graph(small_client, f"/doc/{PARAGRAPH}/directive/0")
    assert says(outward, names.node("id/modality/should").value, term("rdfs:label"), english("should"))


def test_a_mention_is_described_with_its_fragments(small_client: TestClient, small_snapshot: Snapshot) -> None:
    mention = small_snapshot.names.node(f"id/{PARAGRAPH}/mention/63-103").value
    store = graph(small_client, f"/doc/{PARAGRAPH}/mention/63-103")
    assert says(store, mention, term("oa:hasTarget"), NamedNode(mention + "#target"))
    assert says(store, mention + "#target", term("oa:hasSelector"), NamedNode(mention + "#position"))
    start = Literal("63", datatype=term("xsd:integer"))
    assert says(store, mention + "#position", term("oa:start"), start)


def test_the_text_of_a_paragraph_is_served_exactly(small_client: TestClient) -> None:
    words = (
        'States parties should ensure that "smuggled" migrants are informed: article 16, paragraph 5, of the Protocol.'
    )
    found = small_client.get(f"/doc/{PARAGRAPH}.txt")
    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    assert found.content.decode() == words
    assert words[68:99] == "article 16, paragraph 5, of the"
    assert small_client.get("/doc/actor/states-parties.txt").status_code == 404
    sent = small_client.get(f"/id/{PARAGRAPH}.txt")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/doc/{PARAGRAPH}.txt")


def test_a_thing_with_very_many_links_shows_some_and_says_how_many_there_are(tmp_path: Path, base: Base) -> None:
    many = 500
    hub = f"{base.iri}id/actor/hub"
    lines = "".join(f"<{base.iri}id/tool/{n}> <{base.iri}ontology#maintainedBy> <{hub}> .\n" for n in range(many))
    extra = tmp_path / "many.trig"
    extra.write_text(f"{SMALL_GRAPH.read_text()}\n<graph/reference> {{ {lines} }}")
    publish_small(tmp_path, base, extra)
    app = create_app(Settings(base=base.iri, snapshots=tmp_path))
    pages, at = [], "/doc/actor/hub"
    with TestClient(app, follow_redirects=False) as client:
        while at:
            found = client.get(at, headers={"accept": "application/n-triples"})
            pages.append(Store())
            pages[-1].extend(parse(found.content, RdfFormat.N_TRIPLES))
            at = found.links.get("next", {}).get("url", "")
    links = [{quad.subject for quad in page.quads_for_pattern(None, None, NamedNode(hub))} for page in pages]
    assert [len(page) - 1 for page in links] == [INCOMING, INCOMING, many - 2 * INCOMING]
    assert len(set.union(*links)) == many + 1, (
        "Each of the links is on one page; the document points to the hub on all."
    )
    comment = next(quad.object for quad in pages[0] if quad.predicate == term("rdfs:comment"))
    assert isinstance(comment, Literal)
    assert comment.value.startswith("This document shows links 1 to 200 of 500 that lead to its subject")
    following = [quad.object for quad in pages[0].quads_for_pattern(None, term("hydra:next"), None)]
    assert following == [NamedNode(f"{base.iri}doc/actor/hub?page=2")]


def test_an_editor_s_link_to_a_thing_comes_with_its_reason_and_says_that_it_is_unreviewed(
    client: TestClient, snapshot: Snapshot
) -> None:
    store = graph(client, f"/doc/{PARAGRAPH}")
    link = snapshot.base.iri + f"id/{PARAGRAPH}/link/vccr/article/36/paragraph/1/letter/b"
    assert says(store, link, snapshot.names.node("ontology#reviewStatus"), Literal("unreviewed"))
    assert says(store, link, snapshot.names.node("ontology#confidence"), Literal("high"))
    assert list(store.quads_for_pattern(NamedNode(link), term("rdfs:comment"), None))
