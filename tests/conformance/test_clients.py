"""The clients people use, on the running server."""

from __future__ import annotations

import json
import subprocess
from urllib.parse import quote

import pandas as pd
import pytest
from rdflib import RDFS, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.conformance.conftest import Endpoint

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # Clients that leave their sockets to the collector.

LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?l"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("kind", ["xml", "json", "csv", "tsv"])
def test_rdflib_sparql_store(endpoint: Endpoint, method: str, kind: str) -> None:
    store = SPARQLStore(endpoint.address, method=method, returnFormat=kind)
    rows = list(store.query(LABELS))
    assert [str(row[1]) for row in rows] == ["A", "B", "The data set"]
    if kind in ("xml", "json"):  # The specifications give a truth value no form in CSV and TSV.
        assert bool(store.query("ASK { ?s ?p ?o }")) is True


def test_rdflib_sparql_store_as_a_graph(endpoint: Endpoint) -> None:
    store = SPARQLStore(endpoint.address)
    triples = [triple for triple, _ in store.triples((URIRef(endpoint.iri("id/b")), RDFS.label, None))]
    assert [triple[2] for triple in triples] == [Literal("B", lang="fr")]
    assert {str(context) for context in store.contexts()} == {
        endpoint.iri(f"graph/{name}") for name in ("one", "two", "catalogue")
    }


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_json(endpoint: Endpoint, method: str) -> None:
    wrapper = SPARQLWrapper(endpoint.address)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(LABELS)
    assert [row["l"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == ["A", "B", "The data set"]


@pytest.mark.parametrize("kind", [XML, JSON, CSV, TSV])
def test_sparqlwrapper_gets_every_format_of_tables(endpoint: Endpoint, kind: str) -> None:
    wrapper = SPARQLWrapper(endpoint.address)
    wrapper.setReturnFormat(kind)
    wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setMethod(POST)
    wrapper.setQuery(LABELS)
    answer = wrapper.query()
    assert b"The data set" in answer.response.read()


@pytest.mark.parametrize("kind", [TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_gets_every_format_of_graphs(endpoint: Endpoint, kind: str) -> None:
    wrapper = SPARQLWrapper(endpoint.address)
    wrapper.setReturnFormat(kind)
    wrapper.setQuery("DESCRIBE <id/b>")
    body = wrapper.query().response.read()
    assert endpoint.iri("id/a").encode() in body or b"id/a" in body


def test_sparqlwrapper_tells_a_bad_query_from_a_bad_server(endpoint: Endpoint) -> None:
    wrapper = SPARQLWrapper(endpoint.address)
    wrapper.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="object is expected"):
        wrapper.query()


def test_pandas_reads_csv_from_the_address(endpoint: Endpoint) -> None:
    frame = pd.read_csv(f"{endpoint.address}?query={quote(LABELS)}&format=csv")
    assert list(frame.columns) == ["s", "l"]
    assert list(frame["l"]) == ["A", "B", "The data set"]


def test_curl(endpoint: Endpoint) -> None:
    command = ["curl", "-sS", "--fail", endpoint.address, "-H", "Accept: application/sparql-results+json"]
    posted = subprocess.run(
        [*command, "--data-urlencode", f"query={LABELS}"], capture_output=True, check=True, timeout=120
    )
    assert len(json.loads(posted.stdout)["results"]["bindings"]) == 3
    got = subprocess.run(
        [*command, "-G", "--compressed", "--data-urlencode", f"query={LABELS}"],
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert got.stdout == posted.stdout
