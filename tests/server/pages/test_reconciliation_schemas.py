"""Reconciliation beside the JSON schemas of the W3C community group itself (`tests/fixtures/reconciliation/`), and its
draft of version 1.0, whose expected matches are those of version 0.2."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from ontology.layout import ROOT

SCHEMAS = ROOT / "tests" / "fixtures" / "reconciliation"
OLD, DRAFT = "0.2", "1.0-draft"
UNTOC, SMP = "instrument/untoc/article", "instrument/smuggling-protocol/article"


def _retrieve(address: str) -> Any:
    """A schema that another names: of its own version, or that of Swagger for authentication, which nobody has here."""
    version, _, name = address.removeprefix("https://reconciliation-api.github.io/specs/").partition("/schemas/")
    path = SCHEMAS / {"draft": DRAFT}.get(version, version) / name
    return (
        _read(path.parent.name, name)
        if name
        else {"definitions": {"securityDefinitions": {"additionalProperties": {}}}}
    )


def _read(version: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / version / name).read_text())
    found.pop("$schema", None)  # It names no draft; they are written for draft 7.
    return found


@cache
def _validator(version: str, name: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(_read(version, f"{name}.json"), retriever=_retrieve)


def valid(version: str, name: str, found: object) -> None:
    _validator(version, name).validate(found)


def test_the_schemas_find_what_is_wrong() -> None:
    for version, name, wrong in (
        (OLD, "manifest", {"versions": ["0.1"]}),
        (DRAFT, "manifest", {"versions": ["0.2"], "name": "x", "view": {"url": "http://e/{id}"}}),
        (DRAFT, "reconciliation-result-batch", {"results": [{}]}),
        (DRAFT, "suggest-types-response", {"result": [{"id": "x"}]}),
    ):
        with pytest.raises(jsonschema_rs.ValidationError):
            valid(version, name, wrong)


def test_every_answer_of_version_0_2_is_valid_by_the_group_s_schemas(client: TestClient) -> None:
    batch = {"q0": {"query": "Art. 16(5) SMP"}, "q1": {"query": "UNODC", "type": "Actor", "limit": 3}}
    extension = {"ids": ["actor/unodc", f"{UNTOC}/27"], "properties": [{"id": "pal:acronym"}, {"id": "pal:partOf"}]}
    valid(OLD, "reconciliation-query-batch", batch)
    valid(OLD, "data-extension-query", extension)
    for name, address, form in (
        ("manifest", "/reconcile", None),
        ("reconciliation-result-batch", "/reconcile", {"queries": json.dumps(batch)}),
        ("data-extension-response", "/reconcile", {"extend": json.dumps(extension)}),
        ("data-extension-property-proposal", "/reconcile/properties?type=Article", None),
        ("suggest-entities-response", "/reconcile/suggest/entity?prefix=UNODC", None),
        ("suggest-types-response", "/reconcile/suggest/type?prefix=a", None),
        ("suggest-properties-response", "/reconcile/suggest/property?prefix=a", None),
    ):
        valid(OLD, name, (client.post(address, data=form) if form else client.get(address)).json())


def matched(client: TestClient, *conditions: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """The candidates of one query of the draft, which is valid itself."""
    asked = {"queries": [{"conditions": list(conditions), **more}]}
    valid(DRAFT, "reconciliation-query-batch", asked)
    answer = client.post("/reconcile/draft/match", json=asked)
    assert answer.status_code == 200, answer.text
    valid(DRAFT, "reconciliation-result-batch", answer.json())
    (result,) = answer.json()["results"]
    found: list[dict[str, Any]] = result["candidates"]
    return found


def named(*names: str) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": names[0] if len(names) == 1 else list(names)}


def having(property_: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"matchType": "property", "propertyId": property_, "propertyValue": value, **more}


def test_the_manifest_of_the_draft_is_valid_and_all_that_it_promises_answers(client: TestClient) -> None:
    manifest = client.get("/reconcile/draft").json()
    valid(DRAFT, "manifest", manifest)
    assert manifest["versions"] == [DRAFT]
    view = manifest["view"]["url"].replace("{id}", "actor%2Funodc").removeprefix("http://localhost:8000")
    assert client.get(view, follow_redirects=False).headers["location"] == "/doc/actor/unodc"
    for what, kind in (("entity", "entities"), ("type", "types"), ("property", "properties")):
        assert manifest["suggest"][what] is True
        whole = client.get(f"/reconcile/draft/suggest/{what}?prefix=ar").json()
        valid(DRAFT, f"suggest-{kind}-response", whole)
        part = client.get(f"/reconcile/draft/suggest/{what}?prefix=ar&offset=1&limit=1").json()
        assert part["result"] == whole["result"][1:2]
    assert "UNODC" in client.get("/reconcile/draft/preview?id=actor%2Funodc").text
    proposed = client.get("/reconcile/draft/extend/propose?type=Article&limit=2").json()
    valid(DRAFT, "data-extension-property-proposal", proposed)
    assert len(proposed["properties"]) == 2


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        (named("Art. 16(5) SMP"), f"{SMP}/16/paragraph/5"),
        (named("UNODC"), "actor/unodc"),
        (named("nobody of that name", "INTERPOL"), "actor/interpol"),
        ({"matchType": "id", "propertyValue": "instrument/untoc"}, "instrument/untoc"),
        (having("pal:acronym", "IOM"), "actor/iom"),
    ],
)
def test_a_name_a_citation_and_an_identifier_match_in_the_draft_too(
    condition: dict[str, Any], meant: str, client: TestClient
) -> None:
    found = matched(client, condition)
    assert (found[0]["id"], [each["id"] for each in found if each["match"]] or [meant]) == (meant, [meant])


def test_conditions_on_properties_choose_among_things_of_one_name(client: TestClient) -> None:
    """Article 3 of each Protocol and article 2 of both Conventions say how terms are used."""
    title, treaty = named("Use of terms"), {"id": "instrument/untoc", "name": "UNTOC"}
    assert not any(each["match"] for each in matched(client, title))
    assert [(each["id"], each["match"]) for each in matched(client, title, having("pal:partOf", treaty))] == [
        (f"{UNTOC}/2", True)
    ]
    required = matched(client, title, having("pal:partOf", treaty, required=True), limit=25)
    assert {each["id"].rsplit("/article", 1)[0] for each in required} == {"instrument/untoc"}
    none = matched(client, title, having("pal:partOf", treaty, required=True, matchQuantifier="none"), limit=25)
    assert none
    assert not any(each["id"].startswith("instrument/untoc/") for each in none)
    both = having("pal:partOf", ["instrument/untoc", "instrument/uncac"], required=True, matchQuantifier="all")
    assert matched(client, title, both) == []
    assert {each["type"][0]["id"] for each in matched(client, named("smuggling"), type="Theme")} == {"Theme"}
    assert matched(client, named("UNODC"), type="Person") == []


def test_results_and_rows_come_in_the_order_of_what_is_asked(client: TestClient) -> None:
    asked = {"queries": [{"conditions": [named(name)]} for name in ("zebra", "IOM", "UNODC")]}
    results = client.post("/reconcile/draft/match", json=asked).json()["results"]
    assert [[each["id"] for each in result["candidates"]][:1] for result in results] == [
        [],
        ["actor/iom"],
        ["actor/unodc"],
    ]
    extension = {"ids": [f"{UNTOC}/27", "nobody"], "properties": [{"id": "pal:number"}, {"id": "pal:partOf"}]}
    valid(DRAFT, "data-extension-query", extension)
    found = client.post("/reconcile/draft/extend", json=extension).json()
    valid(DRAFT, "data-extension-response", found)
    whole = [{"id": "instrument/untoc", "name": "Organized Crime Convention"}]
    assert found["rows"] == [
        {
            "id": f"{UNTOC}/27",
            "properties": [{"id": "pal:number", "values": [{"int": 27}]}, {"id": "pal:partOf", "values": whole}],
        },
        {"id": "nobody", "properties": [{"id": "pal:number", "values": []}, {"id": "pal:partOf", "values": []}]},
    ]


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("match", "{", 400, "not JSON"),
        ("match", "[]", 400, "object"),
        ("match", {"queries": {"q0": {"query": "UNODC"}}}, 400, "“queries” is a list"),
        ("match", {"queries": [{"query": "UNODC"}]}, 400, "conditions"),
        ("match", {"queries": [{"conditions": []}]}, 400, "conditions"),
        ("match", {"queries": [{"conditions": [{"propertyValue": "x"}]}]}, 400, "matchType"),
        ("match", {"queries": [{"conditions": [{"matchType": "property", "propertyValue": "x"}]}]}, 400, "propertyId"),
        ("match", {"queries": [{"conditions": [named("x")], "type": ["Actor"]}]}, 400, "type"),
        ("match", {"queries": [{"conditions": [named("x")], "limit": 0}]}, 400, "limit"),
        (
            "match",
            {"queries": [{"conditions": [having("pal:number", 1, matchQuantifier="most")]}]},
            400,
            "any, all or none",
        ),
        ("match", {"queries": [{"conditions": [named("x")]}] * 51}, 413, "at most 50 queries"),
        ("extend", {"ids": ["x"]}, 400, "properties"),
    ],
    ids=range(12),
)
def test_what_the_draft_does_not_have_is_said_as_a_problem(
    path: str, body: Any, status: int, says: str, client: TestClient
) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    answer = client.post(f"/reconcile/draft/{path}", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]
    assert client.post(f"/reconcile/draft/{path}", data={"queries": "{}"}).status_code == 415
    assert client.get(f"/reconcile/draft/{path}").headers["allow"] == "OPTIONS, POST"
