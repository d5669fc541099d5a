"""Lists, questions and the endpoint as data: every address with a page has RDF, and no list is cut without a way on."""

from __future__ import annotations

import html
import re

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.namespace import RDF, RDFS
from starlette.testclient import TestClient

from ontology.namespaces import DESCRIBING, Base
from ontology.terms import term
from server.snapshot import Snapshot

HYDRA = rdflib.Namespace(DESCRIBING["hydra"])
LISTS = {"actors": 33, "themes": 47, "articles": 127, "recommendations": 88, "queries": 29, "documents": 1}
"""Lists with the number of their members, as counted on their pages or in the catalogue of questions."""


def graph_at(client: TestClient, path: str, accept: str = "text/turtle") -> rdflib.Graph:
    """The graph that another library reads at an address."""
    found = client.get(path, headers={"accept": accept})
    assert found.status_code == 200, path
    assert found.headers["content-type"].partition(";")[0] == accept
    return rdflib.Graph().parse(data=found.content, format=accept)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_a_collection_of_all_that_its_page_lists(client: TestClient, snapshot: Snapshot, path: str) -> None:
    node = rdflib.URIRef(snapshot.base.iri + path)
    graph = graph_at(client, f"/{path}")
    assert (node, RDF.type, HYDRA.Collection) in graph
    members = set(graph.objects(node, HYDRA.member))
    assert len(members) == graph.value(node, HYDRA.totalItems).toPython()  # type: ignore[union-attr]
    assert all(graph.value(member, RDFS.label) and graph.value(member, RDF.type) for member in members)
    page = client.get(f"/{path}", headers={"accept": "text/html"})
    shown = page.text.count(f'href="/doc/{path.rstrip("s")}/') if path in ("actors", "themes") else 0
    assert shown == (len(members) if shown else 0) or shown >= len(members)
    assert 'type="text/turtle"' in page.headers["link"]


@pytest.mark.parametrize("path", [*LISTS, "queries/what-is-unodc-asked", "sparql"])
def test_what_fits_nothing_is_refused_and_what_is_known_is_not_sent_again(client: TestClient, path: str) -> None:
    refused = client.get(f"/{path}", headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json()["offers"]
    found = client.get(f"/{path}", headers={"accept": "text/turtle"})
    assert 'rel="alternate"; type="application/trig"' in found.headers["link"]
    again = client.get(f"/{path}", headers={"accept": "text/turtle", "if-none-match": found.headers["etag"]})
    assert again.status_code == 304


def test_a_question_says_what_it_asks_for_and_its_parameters(client: TestClient, base: Base) -> None:
    iri = rdflib.URIRef(f"{base.iri}queries/what-is-unodc-asked")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    graph = graph_at(client, "/queries/what-is-unodc-asked")
    assert "SELECT" in str(graph.value(iri, shacl.select))
    (parameter,) = graph.objects(iri, shacl.parameter)
    assert parameter == rdflib.URIRef(f"{iri}#actor")
    label = str(graph.value(parameter, RDFS.label))
    page = client.get("/queries/what-is-unodc-asked", headers={"accept": "text/html"}).text
    assert 'id="actor"' in page
    assert label in page


def test_the_prefixes_of_the_questions_are_declared_at_their_address_and_on_its_page(
    client: TestClient, base: Base
) -> None:
    graph = graph_at(client, "/queries")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    declared = {
        str(graph.value(node, shacl.prefix)): node for node in graph.subjects(RDF.type, shacl.PrefixDeclaration)
    }
    assert set(declared) == set(base.prefixes())
    page = client.get("/queries").text
    assert all(f'id="{str(node).partition("#")[2]}"' in page for node in declared.values())


def test_the_endpoint_says_also_what_the_catalogue_says_of_it(client: TestClient, base: Base) -> None:
    graph = graph_at(client, "/sparql")
    endpoint = rdflib.URIRef(f"{base.iri}sparql")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    assert (endpoint, RDF.type, dcat.DataService) in graph
    assert (endpoint, dcat.endpointURL, endpoint) in graph


def test_a_selection_is_a_collection_under_its_own_address(client: TestClient, base: Base) -> None:
    graph = graph_at(client, "/recommendations?actor=unodc")
    node = rdflib.URIRef(f"{base.iri}recommendations?actor=unodc")
    total = graph.value(node, HYDRA.totalItems)
    assert total is not None
    assert 0 < len(set(graph.objects(node, HYDRA.member))) == total.toPython() < LISTS["recommendations"]


def test_a_selection_is_cited_and_kept_as_itself_and_not_as_the_as_one(client: TestClient, base: Base) -> None:
    chosen = "recommendations?actor=unodc"
    links = client.get(f"/{chosen}").links
    assert links["canonical"]["url"] == links["cite-as"]["url"] == f"{base.iri}{chosen}"
    assert links["timegate"]["url"] == f"{base.iri}timegate/{chosen}"
    assert "linkset" not in links, "The set of links is that of the whole list."
    sent = client.get(f"/timegate/{chosen}", follow_redirects=False).headers["location"]
    assert sent == base.iri.rstrip("/") + links["memento"]["url"]
    assert sent.endswith(f"/{chosen}")
    kept = client.get(links["memento"]["url"])
    assert kept.links["original"]["url"] == kept.links["canonical"]["url"] == f"{base.iri}{chosen}"
    assert f'<{base.iri}{chosen}>; rel="original"' in client.get(f"/timemap/{chosen}").text
    whole = client.get("/recommendations").links
    assert whole["linkset"]["url"] == "/linkset/recommendations"
    assert whole["canonical"]["url"] == f"{base.iri}recommendations"


def test_every_fragment_has_an_anchor_and_its_label_on_its_page(client: TestClient, snapshot: Snapshot) -> None:
    """Of mentions and directives, of which there are hundreds, one each."""
    store, base = snapshot.store, snapshot.base.iri
    assert store is not None
    found: dict[str, set[str]] = {}
    for quad in store:
        for node in (quad.subject, quad.predicate, quad.object):
            if isinstance(node, NamedNode) and node.value.startswith(base) and "#" in node.value:
                document, _, fragment = node.value.partition("#")
                found.setdefault(document, set()).add(fragment)
    alike = re.compile(r"/(mention|directive)/")
    evidence = [document for document in found if alike.search(document)]
    assert len(evidence) > 200
    for document in [document for document in found if document not in evidence] + evidence[::40]:
        page = client.get(
            document.replace(f"{base}id/", "/doc/").replace(base, "/"), headers={"accept": "text/html"}
        ).text
        words = html.unescape(re.sub(r"<[^>]+>", "", page))
        for fragment in found[document]:
            assert f'id="{fragment}"' in page, (document, fragment)
            labels = list(store.quads_for_pattern(NamedNode(f"{document}#{fragment}"), term("rdfs:label"), None))
            said = [quad.object.value for quad in labels if isinstance(quad.object, Literal)]
            assert any(label in words for label in said), (document, fragment, said)
