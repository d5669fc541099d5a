"""SPARQL 1.1 Service Description (W3C Recommendation, 21 March 2013): it can be had, and it is true."""

from __future__ import annotations

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.conformance.conftest import JSON, Endpoint

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
RDF_TYPES = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}
DELIVERED = {
    FORMATS.SPARQL_Results_JSON: ("ASK {}", JSON),
    FORMATS.SPARQL_Results_XML: ("ASK {}", "application/sparql-results+xml"),
    FORMATS.SPARQL_Results_CSV: ("SELECT * {}", "text/csv"),
    FORMATS.SPARQL_Results_TSV: ("SELECT * {}", "text/tab-separated-values"),
    FORMATS.Turtle: ("DESCRIBE <id/a>", "text/turtle"),
    FORMATS["N-Triples"]: ("DESCRIBE <id/a>", "application/n-triples"),
    FORMATS["JSON-LD"]: ("DESCRIBE <id/a>", "application/ld+json"),
    FORMATS.RDF_XML: ("DESCRIBE <id/a>", "application/rdf+xml"),
}


@pytest.fixture(scope="module")
def description(endpoint: Endpoint) -> Graph:
    return Graph().parse(data=endpoint.get(None, "text/turtle").text, format="turtle")


@pytest.fixture(scope="module")
def service(description: Graph) -> URIRef:
    found = list(description.subjects(RDF.type, SD.Service))
    assert len(found) == 1
    return URIRef(str(found[0]))


@pytest.mark.parametrize("media_type", [*RDF_TYPES, "application/ld+json"])
def test_2_a_get_without_a_query_gives_the_description_in_every_rdf_format(
    endpoint: Endpoint, description: Graph, media_type: str
) -> None:
    response = endpoint.get(None, media_type)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    if media_type in RDF_TYPES:
        assert isomorphic(Graph().parse(data=response.text, format=RDF_TYPES[media_type]), description)
    else:
        assert {node["@id"] for node in response.json()["@graph"]} == {
            str(subject) for subject in description.subjects()
        }


@pytest.mark.parametrize(
    "asked", ["text/plain", "text/n3", "application/x-turtle", "application/json", "application/xml", "text/xml"]
)
def test_2_other_names_of_the_formats_give_it_too(endpoint: Endpoint, asked: str) -> None:
    response = endpoint.get(None, asked)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == asked
    assert "http://www.w3.org/ns/sparql-service-description#Service" in response.text or "sd:Service" in response.text


def test_2_it_is_what_a_client_without_a_wish_gets(endpoint: Endpoint) -> None:
    for address in (endpoint.address, endpoint.address + "/"):
        assert endpoint.client.get(address).headers["content-type"].startswith("text/turtle")


def test_3_2_1_and_3_4_one_service_with_this_endpoint_which_claims_no_update_and_what_it_has(
    endpoint: Endpoint, description: Graph, service: URIRef
) -> None:
    assert list(description.objects(service, SD.endpoint)) == [URIRef(endpoint.address)]
    assert set(description.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(description.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    assert endpoint.get("ASK { SERVICE <http://example.org/> {} }").status_code == 403
    assert endpoint.get("SELECT * FROM <http://example.org/> {}").status_code == 403
    only_named = "ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    assert endpoint.get(only_named).json()["boolean"] is False


def test_3_4_every_format_it_claims_is_delivered_and_no_other_is_missing(
    endpoint: Endpoint, description: Graph, service: URIRef
) -> None:
    claimed = set(description.objects(service, SD.resultFormat))
    assert claimed == set(DELIVERED)
    for query, media_type in DELIVERED.values():
        response = endpoint.get(query, media_type)
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)
        assert "Accept" in response.headers["vary"]
    for claim in ("extensionFunction", "extensionAggregate", "languageExtension", "propertyFeature", "inputFormat"):
        assert not list(description.subject_objects(SD[claim]))
    assert not list(description.subject_objects(SD.defaultEntailmentRegime))


def test_3_4_the_default_data_set_names_the_graphs_that_are_there(
    endpoint: Endpoint, description: Graph, service: URIRef
) -> None:
    (dataset,) = description.objects(service, SD.defaultDataset)
    named = {
        str(name)
        for graph in description.objects(dataset, SD.namedGraph)
        for name in description.objects(graph, SD.name)
    }
    rows = endpoint.get("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()["results"]["bindings"]
    assert (
        named
        == {row["g"]["value"] for row in rows}
        == {endpoint.iri(f"graph/{name}") for name in ("one", "two", "catalogue")}
    )
    assert len(list(description.objects(dataset, SD.defaultGraph))) == 1
    for graph in description.objects(dataset, SD.namedGraph):
        assert (graph, RDF.type, SD.NamedGraph) in description
        assert all((content, RDF.type, SD.Graph) in description for content in description.objects(graph, SD.graph))


def test_3_4_the_available_graphs_can_all_be_asked_for(endpoint: Endpoint, description: Graph, service: URIRef) -> None:
    (available,) = description.objects(service, SD.availableGraphs)
    for graph in description.objects(available, SD.namedGraph):
        name = str(description.value(graph, SD.name))
        assert endpoint.get("ASK { ?s ?p ?o }", default_graph_uri=name).json()["boolean"] is True
