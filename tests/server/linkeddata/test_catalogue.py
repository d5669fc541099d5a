"""The documents that are whole graphs, and what programs and crawlers read."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, Store, parse
from rdflib import Graph
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from ontology.namespaces import Base
from server.snapshot import Snapshot
from tests.conftest import SMALL_GRAPH

PARSERS = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/graph/reference", "graph/reference"),
        ("/graph/document/som-wg-2015", "graph/document/som-wg-2015"),
        ("/graph/catalogue", "graph/catalogue"),
        ("/ontology", "graph/ontology"),
        ("/shapes", "graph/shapes"),
        ("/dataset", "graph/catalogue"),
    ],
)
@pytest.mark.parametrize("suffix", PARSERS)
def test_a_whole_graph_is_a_document(small_client: TestClient, base: Base, path: str, name: str, suffix: str) -> None:
    store = Store()
    store.extend(parse(SMALL_GRAPH.read_bytes(), RdfFormat.TRIG, base_iri=base.iri))
    lines = "".join(f"{quad.triple} .\n" for quad in store if quad.graph_name.value == base.iri + name)
    found = small_client.get(path + suffix)
    assert found.status_code == 200
    assert isomorphic(Graph().parse(data=found.content, format=PARSERS[suffix]), Graph().parse(data=lines, format="nt"))


@pytest.mark.parametrize("path", ["/graph/reference", "/dataset"])
def test_a_whole_graph_negotiates_like_any_document(client: TestClient, path: str) -> None:
    for accept, suffix in (("text/turtle", ".ttl"), ("application/ld+json", ".jsonld"), ("*/*", ".html")):
        found = client.get(path, headers={"accept": accept})
        assert (found.status_code, found.headers["content-location"]) == (200, path + suffix)
        assert found.content == client.get(path + suffix).content
    assert client.get(path, headers={"accept": "image/png"}).status_code == 406


def test_the_well_known_address_leads_to_the_description_of_the_data(small_client: TestClient) -> None:
    found = small_client.get("/.well-known/void")
    assert (found.status_code, found.headers["location"]) == (303, "/dataset")


def test_the_context_has_absolute_namespaces_only(small_client: TestClient, base: Base) -> None:
    found = small_client.get("/context.jsonld")
    assert found.headers["content-type"] == "application/ld+json"
    context = found.json()["@context"]
    assert context["pal"] == base.iri + "ontology#"
    for name, value in context.items():
        if not name.startswith("@"):
            iri = value["@id"] if isinstance(value, dict) else value
            prefix = str(iri).partition(":")[0]
            assert "://" in str(iri) or prefix in context, name


def test_the_sitemap_has_every_document_once(small_client: TestClient, small_snapshot: Snapshot) -> None:
    base = small_snapshot.base.iri
    things = {
        quad.subject.value.partition("#")[0]
        for quad in small_snapshot.store
        if str(quad.subject).startswith(f"<{base}id/")
    }
    root = ElementTree.fromstring(small_client.get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = [found.text or "" for found in root.findall("s:url/s:loc", space)]
    assert sorted(listed) == sorted(thing.replace("/id/", "/doc/", 1) for thing in things)
    for url in listed:
        assert small_client.get("/" + url.removeprefix(base), headers={"accept": "text/turtle"}).status_code == 200


def test_crawlers_are_kept_from_what_computes_and_from_nothing_in_the_sitemap(
    small_client: TestClient, base: Base
) -> None:
    text = small_client.get("/robots.txt").text
    refused = [line.removeprefix("Disallow: ") for line in text.splitlines() if line.startswith("Disallow: ")]
    assert {"/sparql", "/search", "/v/"} <= set(refused)
    rules = [re.escape(start).replace(r"\*", ".*") for start in refused]  # RFC 9309 §2.2.3
    for question, kept in (("", True), ("?actor=unodc", False), (".csv", False), (".rq", False)):
        assert kept is not any(re.match(rule, f"/queries/who-is-addressed{question}") for rule in rules)
    assert f"Sitemap: {base.iri}sitemap.xml" in text
    for line in small_client.get("/sitemap.xml").text.splitlines():
        if "<loc>" in line:
            path = "/" + line.partition("<loc>")[2].partition("</loc>")[0].removeprefix(base.iri)
            assert not any(path.startswith(start) for start in refused)


def test_llms_txt_says_how_to_cite_and_its_links_are_absolute_and_lead_to_an_example(
    client: TestClient, base: Base
) -> None:
    text = client.get("/llms.txt").text
    assert "cite its address" in text
    found = re.search(r"\[Its exact words\]\((\S+)\)", text)
    assert found is not None
    assert found[1].startswith(f"{base.iri}doc/document/som-wg-2015/paragraph/")
    assert client.get(found[1].removeprefix(base.iri)).headers["content-type"].startswith("text/plain")


def test_every_named_graph_has_its_name_and_no_source_in_words_has_a_property_for_things(client: TestClient) -> None:
    """`sd:name` (SPARQL 1.1 Service Description §3.3); `dcterms:source` is for what is no literal (DCMI)."""
    query = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT ?found { { ?found a sd:NamedGraph FILTER NOT EXISTS { ?found sd:name ?found } }
      UNION { ?found dcterms:source ?words FILTER(isLiteral(?words)) } }"""
    found = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert (found.status_code, found.text.split()) == (200, ["found"])
