"""A vocabulary at a permanent place of its own: terms and context are named there, everything else below the base."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import rdflib
from rdflib.namespace import OWL, RDF
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.namespaces import DEFAULT_BASE, Base, InvalidBaseError
from server.app import create_app
from server.settings import Settings

PLACE = "https://w3id.example.org/palermo/"
PAL = rdflib.Namespace(f"{PLACE}ontology#")
PARAGRAPH = "document/som-wg-2015/paragraph/24"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("elsewhere")
    build(BuildSettings(base=Base(DEFAULT_BASE, PLACE), snapshots=root), lambda _: None)
    app = create_app(Settings(base=DEFAULT_BASE, snapshots=root, log_format="text"))
    with TestClient(app, base_url=DEFAULT_BASE, follow_redirects=False) as client:
        yield client


def test_no_statement_has_a_term_below_the_base(elsewhere: TestClient) -> None:
    graph = elsewhere.get("/dumps/palermo.nq").text
    assert f"<{PLACE}ontology#cites>" in graph
    assert f"{DEFAULT_BASE}ontology" not in graph


def test_data_queries_and_context_use_the_place(elsewhere: TestClient) -> None:
    said = rdflib.Graph().parse(data=elsewhere.get(f"/doc/{PARAGRAPH}.ttl").content, format="turtle")
    thing = rdflib.URIRef(f"{DEFAULT_BASE}id/{PARAGRAPH}")
    assert (thing, RDF.type, PAL.Recommendation) in said
    query = f"PREFIX pal: <{PAL}> SELECT (COUNT(?r) AS ?n) {{ ?r a pal:Recommendation }}"
    rows = elsewhere.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.split()
    assert rows == ["n", "88"]
    context = elsewhere.get("/context.jsonld").json()["@context"]
    assert context["pal"] == str(PAL)
    assert elsewhere.get(f"/doc/{PARAGRAPH}.jsonld").json()["@context"] == f"{PLACE}context.jsonld"
    shown = elsewhere.get("/queries/which-articles-are-never-cited", headers={"accept": "text/html"}).text
    assert f"pal: &lt;{PAL}&gt;" in shown


def test_the_documents_of_the_vocabulary_describe_the_place(elsewhere: TestClient) -> None:
    found = elsewhere.get("/ontology", headers={"accept": "text/turtle"})
    vocabulary = rdflib.Graph().parse(data=found.content, format="turtle")
    assert set(vocabulary.subjects(RDF.type, OWL.Ontology)) == {rdflib.URIRef(f"{PLACE}ontology")}
    (version,) = vocabulary.objects(None, OWL.versionIRI)
    for path in ("/ontology", "/" + str(version).removeprefix(PLACE)):
        page = elsewhere.get(path, headers={"accept": "text/html"})
        assert page.status_code == 200
        assert str(PAL) in page.text
    paragraph = elsewhere.get(f"/doc/{PARAGRAPH}", headers={"accept": "text/html"})
    assert paragraph.status_code == 200
    assert "24" in paragraph.text


@pytest.mark.parametrize("wrong", ["w3id.example.org/palermo/", f"{PLACE}x", f"{PLACE}?x/"])
def test_a_place_that_is_no_base_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidBaseError, match="IRI of the vocabulary"):
        Base(DEFAULT_BASE, wrong)
