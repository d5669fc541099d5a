"""Every IRI of the base in the real graph answers, in every format, and is what its document is about; of things one in
four, and all with ``EVERY=1``."""

from __future__ import annotations

import json
import os
import re

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, parse
from starlette.testclient import TestClient

from ontology.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from ontology.terms import term
from server.linkeddata.jsonld import read_context
from server.pages.kinds import LISTED
from server.snapshot import Snapshot
from tests.server.pages.kinds import some_of_each_kind

FORMATS = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    RDF_XML: RdfFormat.RDF_XML,
    JSON_LD: RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def occurring(snapshot: Snapshot) -> frozenset[str]:
    """All IRIs of the base in any position of any statement, without their fragments."""
    found = set()
    for quad in snapshot.store:
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(node, NamedNode) and node.value.startswith(snapshot.base.iri):
                found.add(node.value)
    return frozenset(found)


@pytest.fixture(scope="module")
def things(occurring: frozenset[str], snapshot: Snapshot) -> tuple[str, ...]:
    """Paths below `/id/` of all things, without fragments."""
    start = snapshot.base.iri + "id/"
    return tuple(sorted({iri.partition("#")[0].removeprefix(start) for iri in occurring if iri.startswith(start)}))


@pytest.fixture(scope="module")
def of_every_kind(things: tuple[str, ...]) -> tuple[str, ...]:
    """Things of every kind, about five where there are more."""
    return tuple(some_of_each_kind(things, 5))


@pytest.fixture(scope="module")
def described(client: TestClient, of_every_kind: tuple[str, ...], snapshot: Snapshot) -> dict[str, set[Triple]]:
    """What the document of each of them says, as N-Triples."""
    return {name: read(client, f"/doc/{name}", N_TRIPLES, snapshot) for name in of_every_kind}


def read(client: TestClient, path: str, chosen: Format, snapshot: Snapshot) -> set[Triple]:
    """The statements of a document in one format. JSON-LD gets the published context in its place."""
    found = client.get(path + chosen.suffix)
    assert found.status_code == 200, path + chosen.suffix
    body = found.content
    if chosen is JSON_LD:
        document = json.loads(body)
        assert document["@context"] == snapshot.base.iri + "context.jsonld"
        body = json.dumps({**document, **read_context(snapshot.base).document}).encode()
    quads = list(parse(body, FORMATS[chosen]))
    triples = {quad.triple for quad in quads}
    if any(not isinstance(node, NamedNode) for quad in quads for node in (quad.subject,)):
        dataset = Dataset(Quad(*triple) for triple in triples)
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        return {quad.triple for quad in dataset}
    return triples


def test_every_iri_of_the_base_answers(client: TestClient, occurring: frozenset[str], snapshot: Snapshot) -> None:
    base = snapshot.base.iri
    assert len(occurring) > 1000
    paths = sorted({iri.partition("#")[0].removeprefix(base) for iri in occurring})
    things = [path for path in paths if path.startswith("id/")]
    for path in sorted(set(paths) - set(things)) + things[:: 1 if os.environ.get("EVERY") else 4]:
        found = client.get(f"/{path}", headers={"accept": "*/*"})
        if path.startswith("id/"):
            assert (found.status_code, found.headers["location"]) == (303, "/doc/" + path.removeprefix("id/")), path
        else:
            assert found.status_code == 200, path


@pytest.mark.parametrize("chosen", [TURTLE, RDF_XML, JSON_LD], ids=lambda known: known.name)
def test_every_thing_is_the_same_in_every_format(
    client: TestClient, described: dict[str, set[Triple]], snapshot: Snapshot, chosen: Format
) -> None:
    for name, expected in described.items():
        assert read(client, f"/doc/{name}", chosen, snapshot) == expected, name


def test_every_document_is_about_its_thing_says_all_of_it_and_names_what_it_points_to(
    described: dict[str, set[Triple]], snapshot: Snapshot
) -> None:
    named = {quad.subject for quad in snapshot.store.quads_for_pattern(None, term("rdfs:label"), None, None)}
    for name, triples in described.items():
        document, thing = (NamedNode(f"{snapshot.base.iri}{kind}/{name}") for kind in ("doc", "id"))
        assert Triple(document, term("foaf:primaryTopic"), thing) in triples
        assert {quad.triple for quad in snapshot.store.quads_for_pattern(thing, None, None, None)} <= triples, name
        labelled = {triple.subject for triple in triples if triple.predicate == term("rdfs:label")}
        shown = {triple.object for triple in triples if triple.subject == thing}
        shown |= {triple.subject for triple in triples if triple.object == thing}
        assert shown, name
        assert {node for node in shown if node in named} <= labelled, name


def test_every_term_and_shape_has_its_place_on_a_page(
    client: TestClient, occurring: frozenset[str], snapshot: Snapshot
) -> None:
    for path in ("ontology", "shapes"):
        page = client.get(f"/{path}", headers={"accept": "text/html"}).text
        start = f"{snapshot.base.iri}{path}#"
        for iri in sorted(occurring):
            if iri.startswith(start) and iri != start:
                assert f'id="{iri.removeprefix(start)}"' in page, iri


def test_every_address_that_a_document_names_answers_as_what_it_says(
    client: TestClient, occurring: frozenset[str], of_every_kind: tuple[str, ...], snapshot: Snapshot
) -> None:
    """Each link below the base in the Link header of a document, with the media type that the link gives: of some things
    of every kind, and of some documents that are no things; with `EVERY=1` of everything."""
    base, every = snapshot.base.iri, os.environ.get("EVERY")
    paths = {iri.removeprefix(base).partition("#")[0].replace("id/", "doc/", 1) for iri in occurring}
    documents = {path for path in paths if path and not path.startswith(("doc/", "dumps/", "cite/"))}
    things = [f"doc/{name}" for name in of_every_kind]
    lists = {*LISTED, "articles", "queries", "recommendations", "events"}
    chosen = sorted(paths - {""} | lists) if every else [*sorted(documents | lists)[::3], *things[::8]]
    asked: set[str] = set()
    for path in chosen:
        page = client.get(f"/{path}", headers={"accept": "text/html"})
        assert page.status_code == 200, path
        for href, rest in re.findall(r"<([^>]*)>((?:; [a-z]+=\"[^\"]*\")*)", page.headers.get("link", "")):
            local = href if href.startswith("/") else "/" + href.removeprefix(base)
            if (href.startswith(("/", base))) and local not in asked and not local.startswith("/dumps/"):
                asked.add(local)
                answer = client.get(local, follow_redirects=True)
                named = re.search(r'type="([^"]*)"', rest)
                assert answer.status_code == 200, (path, local)
                if named:
                    assert answer.headers["content-type"].partition(";")[0] == named[1], (path, local)
    assert len(asked) > 300
