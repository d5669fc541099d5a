"""Annotations as the Web Annotation Data Model asks: what it says a conforming document MUST hold, and that each selector
picks the words it quotes out of the source it names."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyld import jsonld
from rdflib.namespace import DCTERMS
from starlette.testclient import TestClient

FIXTURES = Path(__file__).parents[2] / "fixtures"
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
ACTIVITIES = "http://www.w3.org/ns/activitystreams#"
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PARAGRAPH = "/doc/document/som-wg-2015/paragraph/24"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def collection(client: TestClient) -> dict[str, Any]:
    found = client.get(PARAGRAPH, headers={"accept": f'application/ld+json; profile="{CONTEXT}"'})
    assert found.status_code == 200
    read: dict[str, Any] = found.json()
    return read


def test_a_collection_of_annotations_has_what_the_model_demands(collection: dict[str, Any]) -> None:
    assert CONTEXT in as_list(collection["@context"])
    assert "AnnotationCollection" in as_list(collection["type"])
    page = collection["first"]
    assert collection["id"].startswith("http")
    assert page["id"].startswith("http")
    assert "AnnotationPage" in as_list(page["type"])
    assert page["partOf"] == collection["id"]
    assert collection["total"] == len(page["items"]) > 0
    assert len({item["id"] for item in page["items"]}) == collection["total"]


def test_an_annotation_has_what_the_model_demands(collection: dict[str, Any]) -> None:
    for item in collection["first"]["items"]:
        assert isinstance(item["id"], str)
        assert item["id"].startswith("http")
        assert "Annotation" in as_list(item["type"])
        assert as_list(item["target"])
        assert as_list(item["body"])
        assert len(as_list(item["created"])) == 1
        assert datetime.fromisoformat(item["created"]).tzinfo is not None
        for creator in as_list(item["creator"]):
            assert creator["id"].startswith("http")
            assert creator["type"] == "Software", "Rules found these, and language models suggested the others."
        for body in as_list(item["body"]):
            if isinstance(body, dict) and body.get("type") == "TextualBody":
                assert isinstance(body["value"], str)
                assert body["language"] == "en"
            else:
                assert (body if isinstance(body, str) else body["id"]).startswith("http")


def test_a_selector_picks_its_quotation_out_of_the_source_it_names(
    collection: dict[str, Any], client: TestClient
) -> None:
    targets = [target for item in collection["first"]["items"] for target in as_list(item["target"])]
    assert all(target.startswith("http") for target in targets if isinstance(target, str))
    specific = [target for target in targets if isinstance(target, dict)]
    assert specific
    for target in specific:
        source = target["source"]["id"]
        text = client.get("/" + source.partition("://")[2].partition("/")[2]).text
        selectors = {selector["type"]: selector for selector in target["selector"]}
        place, quoted = selectors["TextPositionSelector"], selectors["TextQuoteSelector"]
        assert 0 <= place["start"] < place["end"]
        assert text[place["start"] : place["end"]] == quoted["exact"]
        assert text[: place["start"]].endswith(quoted.get("prefix", ""))
        assert text[place["end"] :].startswith(quoted.get("suffix", ""))


def test_the_context_of_the_standard_makes_of_them_what_the_graph_says(
    collection: dict[str, Any], client: TestClient
) -> None:
    """JSON-LD read by PyLD with the W3C's context: no key or type is lost, and the statements are those of the graph."""
    context = json.loads((FIXTURES / "w3c" / "anno.jsonld").read_text())

    def load(url: str, _options: object) -> dict[str, Any]:
        assert url == CONTEXT
        return {"contextUrl": None, "documentUrl": url, "document": context}

    text = jsonld.to_rdf(collection, {"documentLoader": load, "format": "application/n-quads"})
    read = rdflib.Graph().parse(data=text, format="nt")
    graph = rdflib.Graph().parse(data=client.get(f"{PARAGRAPH}.nt").text, format="nt")
    annotations = set(graph.subjects(rdflib.RDF.type, OA.Annotation))
    assert annotations == set(read.subjects(rdflib.RDF.type, OA.Annotation)) != set()
    for each in annotations:
        for said in (OA.hasTarget, OA.motivatedBy, DCTERMS.creator, DCTERMS.created):
            assert set(read.objects(each, said)) == set(graph.objects(each, said)) != set(), said
        assert set(graph.objects(each, OA.hasBody)) <= set(read.objects(each, OA.hasBody))
    for said in (OA.exact, OA.prefix, OA.suffix, OA.start, OA.end):
        ours, theirs = ({(node, str(value)) for node, value in of.subject_objects(said)} for of in (graph, read))
        assert theirs, said
        assert theirs <= ours, said
    for agent in set(read.objects(None, DCTERMS.creator)):
        assert set(read.objects(agent, rdflib.RDF.type)) == {rdflib.URIRef(f"{ACTIVITIES}Application")}
    assert terms_of(collection) <= set(context["@context"]) | {"@context"}


def terms_of(value: Any) -> set[str]:
    """The keys of a document and of all that is in it, and the types."""
    if isinstance(value, list):
        return {name for each in value for name in terms_of(each)}
    if not isinstance(value, dict):
        return set()
    return {*value, *as_list(value.get("type", []))} | {name for each in value.values() for name in terms_of(each)}
