"""The catalogue as harvesters of other people want it: DCAT-AP, schema.org, FAIR Signposting; and rights as they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SH, XSD
from starlette.testclient import TestClient

from ontology.namespaces import WELL_KNOWN, Base

FIXTURES = Path(__file__).parents[2] / "fixtures"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PARAGRAPH = "doc/document/som-wg-2015/paragraph/24"


@pytest.fixture(scope="module")
def catalogue(client: TestClient) -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get("/dataset.ttl").content, format="turtle")


def test_the_catalogue_has_what_dcat_ap_demands(catalogue: rdflib.Graph, base: Base) -> None:
    """The mandatory properties of DCAT-AP 3.0.0, §4: catalogue, data set, distribution, service, agent. The European Union's
    table of file types, which formats are taken from, has no SQLite."""
    dataset = rdflib.URIRef(f"{base.iri}dataset")
    (node,) = catalogue.subjects(RDF.type, DCAT.Catalog)
    assert (node, DCAT.dataset, dataset) in catalogue
    for property_ in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher):
        assert (node, property_, None) in catalogue
    publisher = catalogue.value(node, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in catalogue
    assert catalogue.value(publisher, FOAF.name)
    assert {DCTERMS.title, DCTERMS.description, DCAT.theme, DCAT.keyword} <= set(catalogue.predicates(dataset))
    distributions = list(catalogue.objects(dataset, DCAT.distribution))
    assert len(distributions) >= 11
    for each in distributions:
        assert catalogue.value(each, DCAT.accessURL)
        format_, statement = catalogue.value(each, DCTERMS.format), catalogue.value(each, DCTERMS.rights)
        assert (format_, RDF.type, DCTERMS.MediaTypeOrExtent) in catalogue
        assert statement is None or (statement, RDF.type, DCTERMS.RightsStatement) in catalogue
        assert (catalogue.value(each, DCAT.mediaType), RDF.type, DCTERMS.MediaType) in catalogue
        assert catalogue.value(each, DCAT.byteSize).datatype == XSD.nonNegativeInteger  # type: ignore[union-attr]
    (service,) = catalogue.subjects(RDF.type, DCAT.DataService)
    assert catalogue.value(service, DCAT.endpointURL)
    assert catalogue.value(service, DCTERMS.title)


def test_the_shapes_of_dcat_ap_find_nothing(client: TestClient) -> None:
    """The published shapes of DCAT-AP 3.0.0, without the vocabularies that they import; they find what is taken away."""
    import pyshacl

    graph = rdflib.Graph().parse(data=client.get("/graph/catalogue.ttl").content, format="turtle")
    shapes = rdflib.Graph().parse(FIXTURES / "dcat-ap" / "dcat-ap-SHACL.ttl")
    _, found, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert not list(found.subjects(RDF.type, SH.ValidationResult)), text
    graph.remove((next(graph.subjects(DCAT.accessURL)), DCAT.accessURL, None))
    _, found, _ = pyshacl.validate(graph, shacl_graph=shapes)
    assert [found.value(result, SH.resultPath) for result in found.subjects(RDF.type, SH.ValidationResult)] == [
        DCAT.accessURL
    ]


def test_links_to_other_vocabularies_are_counted(catalogue: rdflib.Graph) -> None:
    void = rdflib.Namespace(WELL_KNOWN["void"])
    sets = list(catalogue.subjects(RDF.type, void.Linkset))
    assert sets
    assert sum(int(str(catalogue.value(node, void.triples))) for node in sets) >= 48


@pytest.mark.parametrize(
    ("path", "licensed"),
    [
        (PARAGRAPH, False),
        ("doc/document/som-wg-2015", False),
        ("doc/document/som-wg-2015/paragraph/24/directive/0", False),
        ("graph/document/som-wg-2015", False),
        ("graph/annotation/som-wg-2015", False),
        ("recommendations", False),
        ("dataset", False),
        ("graph/editorial/som-wg-2015", True),
        ("actors", True),
        ("doc/actor/unodc", True),
        ("doc/theme", True),
        ("ontology", True),
    ],
)
def test_the_words_of_a_document_carry_no_licence_of_ours(client: TestClient, path: str, licensed: bool) -> None:
    for accept in ("text/html", "text/turtle"):
        assert ("license" in client.get(f"/{path}", headers={"accept": accept}).links) == licensed
    if path.startswith("doc/"):
        document = rdflib.URIRef(f"http://localhost:8000/{path}")
        graph = rdflib.Graph().parse(data=client.get(f"/{path}.nt").content, format="nt")
        assert ((document, DCTERMS.license, rdflib.URIRef(LICENCE)) in graph) == licensed


def test_each_graph_and_file_says_its_rights(catalogue: rdflib.Graph, base: Base) -> None:
    licence = rdflib.URIRef(LICENCE)
    for name, licensed, words in (
        ("graph/document/som-wg-2015", False, True),
        ("graph/annotation/som-wg-2015", True, True),
        ("graph/reference", True, False),
        ("dataset#dump-palermo-nq", False, True),
        ("dataset#dump-actors-csv", True, False),
        ("dataset#dump-actors-parquet", True, False),
    ):
        node = rdflib.URIRef(base.iri + name)
        assert ((node, DCTERMS.license, licence) in catalogue) == licensed, name
        assert ((node, DCTERMS.rights, None) in catalogue) == words, name
    assert (rdflib.URIRef(f"{base.iri}dataset"), DCTERMS.license, None) not in catalogue


@pytest.mark.parametrize("path", ["/", "/data", "/dataset"])
def test_searches_of_data_sets_find_all_that_they_recommend(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"accept": "text/html"}).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    said = json.loads(script)
    assert said["@type"] == "Dataset"
    assert 50 <= len(said["description"]) <= 5000
    assert {
        *("name", "url", "identifier", "keywords", "license", "creator", "publisher", "version", "datePublished"),
        *("isAccessibleForFree", "includedInDataCatalog", "distribution", "alternateName"),
    } <= set(said)
    for each in said["distribution"]:
        found = client.get(each["contentUrl"].removeprefix("http://localhost:8000"))
        assert found.status_code == 200
        assert found.headers["content-type"].partition(";")[0] == each["encodingFormat"]


def test_signposts_lead_from_a_page_to_its_data(client: TestClient, base: Base) -> None:
    header = client.get("/dataset", headers={"accept": "text/html"}).headers["link"]
    found: dict[str, list[tuple[str, str]]] = {}
    for href, relation, media_type in re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', header):
        found.setdefault(relation, []).append((href, media_type))
    assert found["cite-as"] == [(f"{base.iri}dataset", "")]
    assert ("/dataset.ttl", "text/turtle") in found["describedby"]
    assert {"https://schema.org/AboutPage", "https://schema.org/Dataset"} == {href for href, _ in found["type"]}
    assert found["author"] == [(f"{base.iri}id/agent/palermo", "")]
    assert found["http://www.w3.org/ns/ldp#constrainedBy"] == [("/shapes", "")]
    assert ("/dumps/palermo.nq", "application/n-quads") in found["item"]
    assert "collection" not in found
    for href, media_type in found["item"]:
        assert client.get(href).headers["content-type"].partition(";")[0] == media_type


def test_there_are_links_of_documents_only(client: TestClient) -> None:
    for path in ("doc/actor/nobody", "nothing", "doc/a b", "queries/nothing", "queries/a b"):
        assert client.get(f"/linkset/{path}").status_code == 404
    assert client.get("/linkset/dataset", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", ["/", "/data"])
def test_pages_of_the_data_set_point_to_its_description_and_send_programs_there(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert {"cite-as", "describedby", "item", "linkset", "author", "type"} <= set(page.links)
    sent = client.get(path, headers={"accept": "text/turtle"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/dataset")
    assert "Accept" in page.headers["vary"]
    assert "Accept" in sent.headers["vary"]
    browser = client.get(path, headers={"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert browser.status_code == 200


def test_versions_are_data_as_well(client: TestClient, base: Base) -> None:
    listed = client.get("/versions").json()
    sent = client.get("/versions", headers={"accept": "text/turtle"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/versions.ttl")
    for suffix, name in ((".ttl", "turtle"), (".nt", "nt"), (".rdf", "xml")):
        graph = rdflib.Graph().parse(data=client.get(f"/versions{suffix}").content, format=name)
        versions = set(
            graph.objects(rdflib.URIRef(f"{base.iri}dataset"), rdflib.URIRef(WELL_KNOWN["dcat"] + "hasVersion"))
        )
        assert {str(version) for version in versions} == {each["dataset"] for each in listed["versions"]}
    assert client.get("/versions.xyz").status_code == 404
