"""Another base, and a vocabulary at a permanent place of its own: terms and context are named there, everything else below
the base."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import rdflib
from rdflib.namespace import OWL, RDF
from starlette.testclient import TestClient

from ingest.command import run_build
from ingest.corpus import BuildSettings
from ontology.namespaces import DEFAULT_BASE, Base, InvalidBaseError
from server.app import create_app
from server.settings import Settings
from tests.ingest.conftest import CORPUS

BASE, PLACE = "https://example.org/soft-law/", "https://w3id.example.org/palermo/"
PAL = rdflib.Namespace(f"{PLACE}ontology#")
PARAGRAPH = "document/res-78-901/paragraph/1"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The site of invented documents under that base and place."""
    root, said = tmp_path_factory.mktemp("elsewhere"), list[str]()
    settings = BuildSettings(Base(BASE, PLACE), CORPUS / "sources", CORPUS / "editorial", snapshots=root)
    assert run_build(settings, said.append) == 0
    assert said[0] == f"Building {BASE}", "and no remark that links are not for citing"
    with TestClient(create_app(Settings(base=BASE, snapshots=root, log_format="text")), base_url=BASE) as client:
        yield client


def test_the_graph_is_the_same_below_another_base_and_no_term_is_below_it(
    elsewhere: TestClient, unlike_settings: Settings
) -> None:
    there = elsewhere.get("/dumps/palermo.nq").text
    assert f"<{PLACE}ontology#cites>" in there
    assert f"{BASE}ontology" not in there
    (here,) = unlike_settings.snapshots.glob("*/current/dumps/palermo.nq")
    renamed = there.replace(BASE, DEFAULT_BASE).replace(PLACE, DEFAULT_BASE)
    assert sorted(renamed.splitlines()) == sorted(here.read_text(encoding="utf-8").splitlines())


def test_data_queries_and_context_use_the_place(elsewhere: TestClient) -> None:
    said = rdflib.Graph().parse(data=elsewhere.get(f"/doc/{PARAGRAPH}.ttl").content, format="turtle")
    assert (rdflib.URIRef(f"{BASE}id/{PARAGRAPH}"), RDF.type, PAL.Recommendation) in said
    query = f"PREFIX pal: <{PAL}> SELECT (COUNT(?r) AS ?n) {{ ?r a pal:Recommendation ; pal:partOf* ?d . ?d a pal:Document }}"
    rows = elsewhere.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.split()
    assert (rows[0], int(rows[1]) > 5) == ("n", True)
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
    for path in ("ontology", str(version).removeprefix(PLACE)):
        page = elsewhere.get(f"/{path}", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert str(PAL) in page.text
    paragraph = elsewhere.get(f"/doc/{PARAGRAPH}", headers={"accept": "text/html"})
    assert paragraph.status_code == 200
    assert "78/901" in paragraph.text


@pytest.mark.parametrize("wrong", ["w3id.example.org/palermo/", f"{PLACE}x", f"{PLACE}?x/"])
def test_a_place_that_is_no_base_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidBaseError, match="IRI of the vocabulary"):
        Base(DEFAULT_BASE, wrong)
