"""Annotations as the Web Annotation Data Model asks: what it says a conforming document MUST hold, and that each selector
picks the words it quotes out of the source it names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

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
            assert set(as_list(creator["type"])) <= {"Person", "Organization", "Software"}
        for body in as_list(item["body"]):
            if isinstance(body, dict) and body.get("type") == "TextualBody":
                assert isinstance(body["value"], str)
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
