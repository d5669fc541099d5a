"""What a reader with rdflib, SPARQLWrapper, pandas or curl does first, on the real graph.

That each client understands each format is in `tests/conformance/test_clients.py`; here they do a piece of work.
"""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

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
    graph = Graph(SPARQLStore(f"{live_server}sparql"))
    label = graph.value(URIRef(f"{live_server}id/actor/interpol"), RDFS.label)
    assert "INTERPOL" in str(label)


@pytest.mark.parametrize("kind", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_all_88_recommendations_in_every_format(live_server: str, kind: str) -> None:
    wrapper = SPARQLWrapper(f"{live_server}sparql")
    wrapper.setReturnFormat(kind)
    wrapper.setQuery(STRENGTH.format(base=live_server))
    body = wrapper.query().response.read().decode()
    marks = {JSON: '"number":{', XML: '<binding name="number">', CSV: "\r\n", TSV: "\n"}
    assert body.count(marks[kind]) - (kind in (CSV, TSV)) == 88


@pytest.mark.parametrize("kind", [TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper_posts_a_description(live_server: str, kind: str) -> None:
    wrapper = SPARQLWrapper(f"{live_server}sparql")
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(kind)
    wrapper.setQuery("DESCRIBE <id/actor/unodc>")
    graph = Graph().parse(
        data=wrapper.query().response.read(), format={RDFXML: "xml", JSONLD: "json-ld"}.get(kind, kind)
    )
    assert (URIRef(f"{live_server}id/actor/unodc"), RDF.type, URIRef(f"{live_server}ontology#Actor")) in graph


def test_pandas_counts_recommendations_from_the_endpoint_and_from_the_table_of_downloads(live_server: str) -> None:
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
    assert (problem["status"], problem["line"]) == (400, 1)
    failed = subprocess.run(["curl", "-sS", "--fail", *query], capture_output=True, timeout=120, check=False)
    assert failed.returncode == 22
