"""SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation, 21 March 2013): reading where it applies, refusals else."""

from __future__ import annotations

import pytest
from rdflib import Graph

from tests.conformance.conftest import Endpoint

TURTLE = "<http://e/s> <http://e/p> <http://e/o> ."


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
@pytest.mark.parametrize("path", ["graph/one", "graph/new", "sparql?graph=http%3A%2F%2Fe%2Fg", "sparql?default"])
def test_4_2_and_5_3_to_5_8_a_graph_is_written_neither_at_its_own_address_nor_at_the_endpoint(
    endpoint: Endpoint, method: str, path: str
) -> None:
    written = {"content": TURTLE, "headers": {"content-type": "text/turtle"}}
    response = endpoint.client.request(method, endpoint.iri(path), **written)
    assert response.status_code in ((404, 405) if path.startswith("graph") else (405, 415))
    if response.status_code == 405:
        assert not {"PUT", "DELETE", "PATCH"} & set(response.headers["allow"].split(", "))
    assert endpoint.get("ASK { <http://e/s> ?p ?o }").json()["boolean"] is False


@pytest.mark.parametrize("tail", ["?graph=http%3A%2F%2Fe%2Fg", "?default"])
def test_4_2_reading_by_naming_is_explained(endpoint: Endpoint, tail: str) -> None:
    response = endpoint.client.get(endpoint.address + tail)
    assert response.status_code == 400
    assert "its own address" in response.json()["detail"]


@pytest.mark.parametrize(
    ("media_type", "reader"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml")],
)
def test_4_1_and_5_2_a_graph_is_read_at_its_own_address(endpoint: Endpoint, media_type: str, reader: str) -> None:
    response = endpoint.client.get(endpoint.iri("graph/two"), headers={"accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    asked = endpoint.get("CONSTRUCT { ?s ?p ?o } { GRAPH <graph/two> { ?s ?p ?o } }", media_type)
    assert set(Graph().parse(data=asked.text, format=reader)) <= set(Graph().parse(data=response.text, format=reader))


def test_5_6_head_is_get_without_the_body(endpoint: Endpoint) -> None:
    address = endpoint.iri("graph/two")
    headers = {"accept": "text/turtle"}
    got, head = endpoint.client.get(address, headers=headers), endpoint.client.head(address, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_5_1_a_graph_that_is_not_there_is_404(endpoint: Endpoint) -> None:
    assert endpoint.client.get(endpoint.iri("graph/nothing"), headers={"accept": "text/turtle"}).status_code == 404
