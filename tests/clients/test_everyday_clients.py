"""What a reader with rdflib, SPARQLWrapper, pandas or curl does first, on the real graph, in each format and way to ask."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Clients that leave their sockets to the collector.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),  # rdflib's own JSON-LD parser.
]

STRENGTH = """PREFIX pal: <{base}ontology#>
SELECT ?number ?text {{ ?found a pal:Recommendation ; pal:number ?number ; pal:text ?text }} ORDER BY ?number"""


def curl(*arguments: str) -> str:
    done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def test_rdflib_reads_a_thing_from_its_identifier(live_server: str) -> None:
    thing = f"{live_server}id/document/som-wg-2015/paragraph/24"
    graph = Graph().parse(thing)
    pal = f"{live_server}ontology#"
    assert (URIRef(thing), RDF.type, URIRef(pal + "Recommendation")) in graph
    cited = set(graph.objects(URIRef(thing), URIRef(pal + "cites")))
    assert cited == {
        URIRef(f"{live_server}id/instrument/smuggling-protocol/article/16/paragraph/5"),
        URIRef(f"{live_server}id/instrument/vccr"),
    }


def test_rdflib_uses_the_endpoint_as_a_graph(live_server: str) -> None:
    store = SPARQLStore(f"{live_server}sparql")
    label = Graph(store).value(URIRef(f"{live_server}id/actor/interpol"), RDFS.label)
    assert "INTERPOL" in str(label)
    assert URIRef(f"{live_server}graph/reference") in set(store.contexts())


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("kind", ["xml", "json", "csv", "tsv"])
def test_rdflib_asks_in_every_way_and_format(live_server: str, method: str, kind: str) -> None:
    store = SPARQLStore(f"{live_server}sparql", method=method, returnFormat=kind)
    assert [int(row[0]) for row in store.query(STRENGTH.format(base=live_server))] == list(range(5, 93))
    if kind in ("xml", "json"):  # The specifications give a truth value no form in CSV and TSV.
        assert bool(store.query("ASK { ?s ?p ?o }")) is True


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("kind", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_all_88_recommendations_in_every_format(live_server: str, kind: str, method: str) -> None:
    wrapper = SPARQLWrapper(f"{live_server}sparql")
    wrapper.setMethod(method)
    wrapper.setRequestMethod(POSTDIRECTLY if method == POST else URLENCODED)
    wrapper.setReturnFormat(kind)
    wrapper.setQuery(STRENGTH.format(base=live_server))
    body = wrapper.query().response.read().decode()
    marks = {JSON: '"number":{', XML: '<binding name="number">', CSV: "\r\n", TSV: "\n"}
    assert body.count(marks[kind]) - (kind in (CSV, TSV)) == 88


def test_sparqlwrapper_tells_a_bad_query_from_a_bad_server(live_server: str) -> None:
    wrapper = SPARQLWrapper(f"{live_server}sparql")
    wrapper.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="object is expected"):
        wrapper.query()


@pytest.mark.parametrize("kind", [TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_posts_a_description(live_server: str, kind: str) -> None:
    wrapper = SPARQLWrapper(f"{live_server}sparql")
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(kind)
    wrapper.setQuery("DESCRIBE <id/actor/unodc>")
    graph = Graph().parse(
        data=wrapper.query().response.read(), format={RDFXML: "xml", JSONLD: "json-ld", N3: "turtle"}.get(kind, kind)
    )
    assert (URIRef(f"{live_server}id/actor/unodc"), RDF.type, URIRef(f"{live_server}ontology#Actor")) in graph


def test_pandas_counts_recommendations_from_the_endpoint_and_from_the_table_of_downloads(live_server: str) -> None:
    import pandas as pd

    asked = pd.read_csv(f"{live_server}sparql?format=csv&query={quote(STRENGTH.format(base=live_server))}")
    table = pd.read_csv(io.StringIO(curl("--fail", f"{live_server}recommendations.csv")))
    assert list(asked["number"]) == list(range(5, 93))
    assert len(table) == 88


@pytest.mark.parametrize(
    ("accept", "beginning"),
    [("text/turtle", "@prefix"), ("application/ld+json", "{"), ("text/html", "<!doctype html>"), ("*/*", "<!doctype")],
)
def test_curl_follows_an_identifier_to_the_format_it_asks_for(live_server: str, accept: str, beginning: str) -> None:
    body = curl("--fail", "-L", "-H", f"Accept: {accept}", f"{live_server}id/actor/unodc")
    assert body.lower().startswith(beginning)
    assert "unodc" in body


def test_curl_keeps_a_file_and_fetches_it_only_when_it_changed(live_server: str, tmp_path: Path) -> None:
    tag, kept, status = tmp_path / "etag", tmp_path / "dump.nq", "%{http_code}"
    command = ("--fail", "--compressed", "--etag-save", str(tag), "-o", str(kept), "-w", status)
    assert curl(*command, f"{live_server}dumps/palermo.nq") == "200"
    size = kept.stat().st_size
    assert size > 1_000_000
    assert curl("--compressed", "--etag-compare", str(tag), "-w", status, f"{live_server}dumps/palermo.nq") == "304"


def test_curl_gets_a_sentence_and_an_exit_status_for_a_mistake(live_server: str) -> None:
    query = ("-G", f"{live_server}sparql", "--data-urlencode", "query=SELECT * { ?s ?p }")
    problem = json.loads(curl(*query))
    assert (problem["status"], problem["line"], problem["column"]) == (400, 1, 18)
    failed = subprocess.run(["curl", "-sS", "--fail", *query], capture_output=True, timeout=120, check=False)
    assert failed.returncode == 22
