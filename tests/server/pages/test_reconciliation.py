"""Reconciliation as the W3C Entity Reconciliation Community Group has it: the API 0.2, which OpenRefine sends and reads, and
its draft of version 1.0, whose matches are the same.

Whatever is sent and comes back is valid by the group's own schemas (`tests/fixtures/reconciliation/`), closed where they are
open, so that a member nobody reads is found. Expected matches are read in the treaties and in the names that organizations
give themselves.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from ontology.layout import ROOT
from server.reconciliation.matching import PROPERTIES, TYPES
from tests.server.pages.tree import tree

SCHEMAS = ROOT / "tests" / "fixtures" / "reconciliation"
OLD, DRAFT = "0.2", "1.0-draft"
SMP, UNTOC, TIP = (f"instrument/{name}/article" for name in ("smuggling-protocol", "untoc", "trafficking-protocol"))
Found = list[dict[str, Any]]


def closed(schema: Any) -> Any:
    """A schema in which no object has members that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    further = {"additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else {}
    return further | {name: closed(each) for name, each in schema.items() if name != "$schema"}


def retrieve(address: str) -> Any:
    """A schema that another names: of its own version, or that of Swagger for authentication, which nobody has here."""
    version, _, name = address.removeprefix("https://reconciliation-api.github.io/specs/").partition("/schemas/")
    if not name:
        return {"definitions": {"securityDefinitions": {"additionalProperties": {}}}}
    return closed(json.loads((SCHEMAS / {"draft": DRAFT}.get(version, version) / name).read_text()))


@cache
def validator(version: str, name: str) -> jsonschema_rs.Draft7Validator:
    """They name no draft of JSON Schema; they are written for draft 7."""
    schema = closed(json.loads((SCHEMAS / version / f"{name}.json").read_text()))
    return jsonschema_rs.Draft7Validator(schema, retriever=retrieve)


def valid(version: str, name: str, found: Any) -> Any:
    """What was found, when it is valid."""
    validator(version, name).validate(found)
    return found


@pytest.mark.parametrize(
    ("version", "name", "wrong"),
    [
        (OLD, "manifest", {"versions": ["0.1"]}),
        (DRAFT, "manifest", {"versions": ["0.2"], "name": "x", "view": {"url": "http://e/{id}"}}),
        (DRAFT, "reconciliation-result-batch", {"results": [{}]}),
        (DRAFT, "suggest-types-response", {"result": [{"id": "x"}]}),
        (OLD, "suggest-types-response", {"result": [{"id": "x", "name": "x", "more": 1}]}),
    ],
)
def test_the_schemas_find_what_is_wrong(version: str, name: str, wrong: object) -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        valid(version, name, wrong)


def result(client: TestClient, words: str, **more: object) -> Found:
    """The candidates for one query of version 0.2, sent as OpenRefine sends it: a form with a batch."""
    batch = valid(OLD, "reconciliation-query-batch", {"q0": {"query": words, **more}})
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    found: Found = valid(OLD, "reconciliation-result-batch", answer.json())["q0"]["result"]
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    return found


def extended(client: TestClient, ids: list[str], *properties: str) -> dict[str, dict[str, Found]]:
    asked = valid(OLD, "data-extension-query", {"ids": ids, "properties": [{"id": name} for name in properties]})
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    assert [each["id"] for each in answer.json()["meta"]] == list(properties)
    found: dict[str, dict[str, Found]] = valid(OLD, "data-extension-response", answer.json())["rows"]
    return found


def matched(client: TestClient, *conditions: dict[str, Any], **more: Any) -> Found:
    """The candidates of one query of the draft."""
    asked = valid(DRAFT, "reconciliation-query-batch", {"queries": [{"conditions": list(conditions), **more}]})
    answer = client.post("/reconcile/draft/match", json=asked)
    assert answer.status_code == 200, answer.text
    (batch,) = valid(DRAFT, "reconciliation-result-batch", answer.json())["results"]
    found: Found = batch["candidates"]
    return found


def named(*names: str) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": names[0] if len(names) == 1 else list(names)}


def having(property_: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"matchType": "property", "propertyId": property_, "propertyValue": value, **more}


def ids_of(found: Found, *, matching: bool = False) -> list[str]:
    return [each["id"] for each in found if each["match"] or not matching]


def test_the_manifest_says_what_there_is_and_each_address_in_it_answers(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    assert manifest.pop("batchSize") == 50  # API 0.2 §3.1; the group's schema has forgotten it
    assert valid(OLD, "manifest", manifest)["versions"] == [OLD]
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    addresses = [each["service_url"] + each["service_path"] for each in services]
    views = [manifest[name]["url"].replace("{{id}}", quote("actor/unodc", safe="")) for name in ("view", "preview")]
    for address in (*addresses, *views, manifest["documentation"]):
        there = urlsplit(address)._replace(scheme="", netloc="").geturl()
        assert client.get(there, follow_redirects=True).status_code == 200, address


def test_the_manifest_of_the_draft_is_valid_and_all_that_it_promises_answers(client: TestClient) -> None:
    manifest = client.get("/reconcile/draft").json()
    assert manifest.pop("batchSize") == 50
    assert valid(DRAFT, "manifest", manifest)["versions"] == [DRAFT]
    view = manifest["view"]["url"].replace("{id}", "actor%2Funodc").removeprefix("http://localhost:8000")
    assert client.get(view, follow_redirects=False).headers["location"] == "/doc/actor/unodc"
    for what, kind in (("entity", "entities"), ("type", "types"), ("property", "properties")):
        assert manifest["suggest"][what] is True
        whole = valid(
            DRAFT, f"suggest-{kind}-response", client.get(f"/reconcile/draft/suggest/{what}?prefix=ar").json()
        )
        part = client.get(f"/reconcile/draft/suggest/{what}?prefix=ar&offset=1&limit=1").json()
        assert part["result"] == whole["result"][1:2]
    assert "UNODC" in client.get("/reconcile/draft/preview?id=actor%2Funodc").text
    proposed = client.get("/reconcile/draft/extend/propose?type=Article&limit=2").json()
    assert len(valid(DRAFT, "data-extension-property-proposal", proposed)["properties"]) == 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Art. 16(5) SMP", f"{SMP}/16/paragraph/5"),
        ("art 16 (5), Smuggling of Migrants Protocol", f"{SMP}/16/paragraph/5"),
        ("Article 6, paragraph 1, of the SOM Protocol", f"{SMP}/6/paragraph/1"),
        ("Smuggling Protocol, article 6", f"{SMP}/6"),
        ("Protocol against the Smuggling of Migrants by Land, Sea and Air, art. 18", f"{SMP}/18"),
        ("UNTOC 27", f"{UNTOC}/27"),
        ("article 27 of the Palermo Convention", f"{UNTOC}/27"),
        ("United Nations Convention against Transnational Organized Crime, article 27", f"{UNTOC}/27"),
        ("art. 6 TIP Protocol", f"{TIP}/6"),
        ("art. 44 UNCAC", "instrument/uncac/article/44"),
        ("Protection and assistance measures", f"{SMP}/16"),
        ("UNODC", "actor/unodc"),
        ("unodc", "actor/unodc"),
        ("United Nations Office on Drugs and Crime", "actor/unodc"),
        ("United  Nations Office on Drugs and Crime (UNODC)", "actor/unodc"),
        ("INTERPOL", "actor/interpol"),
        ("International Criminal Police Organization", "actor/interpol"),
        ("GMG", "actor/global-migration-group"),
        ("Border control", "theme/border-control"),
        ("children", "group/children"),
        ("UNTOC", "instrument/untoc"),
        ("Consolidated recommendations of the Working Group on the Smuggling of Migrants", "document/som-wg-2015"),
        ("paragraph 24", "document/som-wg-2015/paragraph/24"),
        ("actor/unodc", "actor/unodc"),
        ("http://localhost:8000/id/instrument/untoc/article/27", f"{UNTOC}/27"),
    ],
)
def test_a_name_or_a_citation_that_is_one_thing_matches_it(words: str, meant: str, client: TestClient) -> None:
    assert [(each["id"], each["match"], each["score"]) for each in result(client, words)] == [(meant, True, 100)]


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        (named("Art. 16(5) SMP"), f"{SMP}/16/paragraph/5"),
        (named("nobody of that name", "INTERPOL"), "actor/interpol"),
        ({"matchType": "id", "propertyValue": "instrument/untoc"}, "instrument/untoc"),
        (having("pal:acronym", "IOM"), "actor/iom"),
    ],
)
def test_a_name_a_citation_and_an_identifier_match_in_the_draft_too(
    condition: dict[str, Any], meant: str, client: TestClient
) -> None:
    found = matched(client, condition)
    assert (found[0]["id"], ids_of(found, matching=True) or [meant]) == (meant, [meant])


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("art. 6(1) of the Protocol", [f"{SMP}/6/paragraph/1", f"{TIP}/6"]),
        ("article 16", [f"{SMP}/16", f"{UNTOC}/16"]),
        ("Art. 16(99) SMP", [f"{SMP}/16"]),
        ("art. 16(5)(q) SMP", [f"{SMP}/16/paragraph/5"]),
        ("United Nations Office on Drug and Crime", ["actor/unodc"]),
        ("consolidated recommendations of the working group", ["document/som-wg-2015"]),
    ],
)
def test_what_leaves_a_doubt_is_offered_and_not_matched(words: str, first: list[str], client: TestClient) -> None:
    found = result(client, words, limit=25)
    assert (ids_of(found, matching=True), ids_of(found)[: len(first)]) == ([], first)


def test_a_title_that_several_articles_have_matches_none_until_the_treaty_is_given(client: TestClient) -> None:
    """Article 3 of each Protocol and article 2 of both Conventions say how terms are used."""
    found = result(client, "Use of terms", limit=10)
    assert {f"{SMP}/3", f"{UNTOC}/2", f"{TIP}/3"} <= {each["id"] for each in found if each["score"] == 90}
    assert ids_of(found, matching=True) == []
    for treaty in ("UNTOC", {"id": "instrument/untoc"}, "Organized Crime Convention"):
        given = [{"pid": "pal:partOf", "v": treaty if isinstance(treaty, dict) else [treaty, "instrument/untoc"]}]
        found = result(client, "Use of terms", properties=given)
        assert (ids_of(found), ids_of(found, matching=True)) == ([f"{UNTOC}/2"], [f"{UNTOC}/2"])


def test_conditions_of_the_draft_choose_among_things_of_one_name(client: TestClient) -> None:
    title, treaty = named("Use of terms"), {"id": "instrument/untoc", "name": "UNTOC"}
    assert ids_of(matched(client, title), matching=True) == []
    assert ids_of(matched(client, title, having("pal:partOf", treaty)), matching=True) == [f"{UNTOC}/2"]
    required = matched(client, title, having("pal:partOf", treaty, required=True), limit=25)
    assert {each["id"].rsplit("/article", 1)[0] for each in required} == {"instrument/untoc"}
    none = matched(client, title, having("pal:partOf", treaty, required=True, matchQuantifier="none"), limit=25)
    assert none
    assert not any(each["id"].startswith("instrument/untoc/") for each in none)
    both = having("pal:partOf", ["instrument/untoc", "instrument/uncac"], required=True, matchQuantifier="all")
    assert matched(client, title, both) == []


def test_a_type_narrows_what_is_found_and_an_unknown_one_finds_nothing(client: TestClient) -> None:
    for words, type_, kinds in (
        ("smuggling", "Theme", {"Theme"}),
        ("consular", "Paragraph", {"Paragraph"}),
        ("UNODC", "Theme", set()),
        ("UNODC", "Person", set()),
    ):
        for found in (result(client, words, type=type_), matched(client, named(words), type=type_)):
            assert {each["type"][0]["id"] for each in found} == kinds, (words, type_)
    assert {"Provision"} == {each["type"][-1]["id"] for each in result(client, "smuggling", type=["Provision"])}
    assert len(result(client, "smuggling", limit=2)) == 2


def test_a_batch_comes_back_under_its_own_names_by_get_too(client: TestClient) -> None:
    named_by_properties = {"properties": [{"pid": "pal:acronym", "v": "IOM"}, {"pid": "P1", "v": []}]}
    batch = {"a": {"query": "UNODC"}, "": {"query": "zebra"}, "c": named_by_properties}
    answer = client.get("/reconcile", params={"queries": json.dumps(batch)})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {name: ids_of(found["result"]) for name, found in answer.json().items()} == {
        "a": ["actor/unodc"], "": [], "c": ["actor/iom"],
    }  # fmt: skip
    options = client.options("/reconcile", headers={"origin": "https://example.org"}).headers
    assert options["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"


def test_results_and_rows_of_the_draft_come_in_the_order_of_what_is_asked(client: TestClient) -> None:
    asked = {"queries": [{"conditions": [named(name)]} for name in ("zebra", "IOM", "UNODC")]}
    results = client.post("/reconcile/draft/match", json=asked).json()["results"]
    assert [ids_of(each["candidates"])[:1] for each in results] == [[], ["actor/iom"], ["actor/unodc"]]
    extension = {"ids": [f"{UNTOC}/27", "nobody"], "properties": [{"id": "pal:number"}, {"id": "pal:partOf"}]}
    found = client.post("/reconcile/draft/extend", json=valid(DRAFT, "data-extension-query", extension)).json()
    rows = {
        row["id"]: {each["id"]: each["values"] for each in row["properties"]}
        for row in valid(DRAFT, "data-extension-response", found)["rows"]
    }
    whole = [{"id": "instrument/untoc", "name": "Organized Crime Convention"}]
    assert list(rows.items()) == [
        (f"{UNTOC}/27", {"pal:number": [{"int": 27}], "pal:partOf": whole}),
        ("nobody", {"pal:number": [], "pal:partOf": []}),
    ]


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"queries": "{"}, 400, "not JSON"),
        ({"queries": "[" * 100_000}, 400, "not JSON"),
        ({"queries": "[]"}, 400, "object"),
        ({"queries": '{"q0": 1}'}, 400, "q0"),
        ({"queries": '{"q0": {}}'}, 400, "neither words nor properties"),
        ({"queries": '{"q0": {"query": " "}}'}, 400, "neither words nor properties"),
        ({"queries": '{"q0": {"query": "x", "limit": 0}}'}, 400, "limit"),
        ({"queries": '{"q0": {"query": "x", "limit": NaN}}'}, 400, "limit"),
        ({"queries": '{"q0": {"query": "x", "type": 3}}'}, 400, "type"),
        ({"queries": '{"q0": {"query": "x", "properties": [{"v": 1}]}}'}, 400, "pid"),
        ({"queries": json.dumps({str(number): {"query": "x"} for number in range(51)})}, 413, "at most 50 queries"),
        ({"extend": "{}"}, 400, "ids"),
        ({"extend": '{"ids": ["actor/unodc"], "properties": [{"id": "wdt:P31"}]}'}, 400, "The properties are"),
        ({"extend": json.dumps({"ids": ["x"] * 51, "properties": []})}, 413, "at most 50 things"),
        ({"query": "UNODC"}, 400, "neither"),
    ],
    ids=range(15),
)
def test_what_is_wrong_is_said_as_a_problem(form: dict[str, str], status: int, says: str, client: TestClient) -> None:
    answer = client.post("/reconcile", data=form)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


X = {"conditions": [named("x")]}
QUANTIFIED = {"conditions": [having("pal:number", 1, matchQuantifier="most")]}
WITHOUT_PROPERTY = {"conditions": [{"matchType": "property", "propertyValue": "x"}]}


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("match", "{", 400, "not JSON"),
        ("match", [], 400, "object"),
        ("match", {"queries": {"q0": {"query": "UNODC"}}}, 400, "“queries” is a list"),
        ("match", {"queries": [{"query": "UNODC"}]}, 400, "conditions"),
        ("match", {"queries": [{"conditions": []}]}, 400, "conditions"),
        ("match", {"queries": [{"conditions": [{"propertyValue": "x"}]}]}, 400, "matchType"),
        ("match", {"queries": [WITHOUT_PROPERTY]}, 400, "propertyId"),
        ("match", {"queries": [X | {"type": ["Actor"]}]}, 400, "type"),
        ("match", {"queries": [X | {"limit": 0}]}, 400, "limit"),
        ("match", {"queries": [QUANTIFIED]}, 400, "any, all or none"),
        ("match", {"queries": [X] * 51}, 413, "at most 50 queries"),
        ("extend", {"ids": ["x"]}, 400, "properties"),
    ],
    ids=range(12),
)
def test_what_is_wrong_by_the_draft_is_said_as_a_problem(
    path: str, body: Any, status: int, says: str, client: TestClient
) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    answer = client.post(f"/reconcile/draft/{path}", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


def test_another_type_of_body_or_another_method_is_refused_with_the_one_that_is_read(client: TestClient) -> None:
    answer = client.post("/reconcile", json={"queries": {}})
    assert (answer.status_code, answer.headers["accept-post"]) == (415, "application/x-www-form-urlencoded")
    for path in ("match", "extend"):
        assert client.post(f"/reconcile/draft/{path}", data={"queries": "{}"}).status_code == 415
        assert client.get(f"/reconcile/draft/{path}").headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("UNOD", "actor/unodc"),
        ("actor/unodc", "actor/unodc"),
        ("border con", "theme/border-control"),
        ("UNTOC 27", f"{UNTOC}/27"),
    ],
)
def test_things_are_suggested_by_the_beginning_of_a_name(prefix: str, first: str, client: TestClient) -> None:
    found = client.get("/reconcile/suggest/entity", params={"prefix": prefix}).json()
    assert valid(OLD, "suggest-entities-response", found)["result"][0]["id"] == first
    rest = client.get("/reconcile/suggest/entity", params={"prefix": prefix, "cursor": 1}).json()["result"]
    assert rest[:9] == found["result"][1:10]


@pytest.mark.parametrize(
    ("what", "kind", "prefix", "found", "all_"),
    [("type", "types", "art", "Article", len(TYPES)), ("property", "properties", "acro", "pal:acronym", 10)],
)
def test_types_and_properties_are_suggested_by_name_and_identifier(
    what: str, kind: str, prefix: str, found: str, all_: int, client: TestClient
) -> None:
    suggested = client.get(f"/reconcile/suggest/{what}", params={"prefix": prefix}).json()
    assert [each["id"] for each in valid(OLD, f"suggest-{kind}-response", suggested)["result"]] == [found]
    assert len(client.get(f"/reconcile/suggest/{what}").json()["result"]) == all_


def test_values_come_back_as_texts_numbers_and_things(client: TestClient) -> None:
    found = extended(client, ["actor/unodc", f"{UNTOC}/27", "nobody"], "pal:acronym", "pal:number", "pal:partOf")
    whole = [{"id": "instrument/untoc", "name": "Organized Crime Convention"}]
    assert found == {
        "actor/unodc": {"pal:acronym": [{"str": "UNODC"}], "pal:number": [], "pal:partOf": []},
        f"{UNTOC}/27": {"pal:acronym": [], "pal:number": [{"int": 27}], "pal:partOf": whole},
        "nobody": {"pal:acronym": [], "pal:number": [], "pal:partOf": []},
    }


def test_what_is_proposed_for_a_type_is_known_of_some_thing_of_it(client: TestClient) -> None:
    examples = {
        "Actor": ["actor/unodc", "actor/airline-companies"],
        "Instrument": ["instrument/untoc", "instrument/smuggling-protocol"],
        "Provision": [f"{SMP}/16/paragraph/5", f"{SMP}/16"],
        "Chapter": ["instrument/smuggling-protocol/chapter/1"],
        "Article": [f"{SMP}/16"],
        "Document": ["document/som-wg-2015"],
        "Paragraph": ["document/som-wg-2015/paragraph/24"],
    }
    for type_, ids in examples.items():
        proposed = client.get("/reconcile/properties", params={"type": type_}).json()
        names = [each["id"] for each in valid(OLD, "data-extension-property-proposal", proposed)["properties"]]
        assert names == list(TYPES[type_].properties)
        rows = extended(client, ids, *names)
        assert {name for name in names if any(row[name] for row in rows.values())} >= set(names) - {"pal:symbol"}
    assert len(client.get("/reconcile/properties").json()["properties"]) == len(PROPERTIES)
    assert len(client.get("/reconcile/properties?type=Actor&limit=2").json()["properties"]) == 2


def test_each_short_citation_of_the_data_is_one_that_is_understood(client: TestClient) -> None:
    """`dcterms:identifier`, of every tenth provision and of each kind of place."""
    query = (
        "SELECT ?iri ?key { ?iri a <ontology#Provision> ; <http://purl.org/dc/terms/identifier> ?key } ORDER BY ?key"
    )
    rows = client.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    keys = {row["key"]["value"]: row["iri"]["value"].partition("/id/")[2] for row in rows}
    chosen = [*list(keys)[::10], "UNTOC 2(i)", "UNTOC 27(1)(a)", "SMP ch. II"]
    for at in range(0, len(chosen), 10):
        batch = {key: {"query": key} for key in chosen[at : at + 10]}
        answers = client.post("/reconcile", data={"queries": json.dumps(batch)}).json()
        for key in batch:
            first = answers[key]["result"][0]
            assert (first["id"], first["match"]) == (keys[key], True), key


def test_the_example_of_the_vocabulary_finds_what_concerns_a_provision_by_its_citation(client: TestClient) -> None:
    text = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    query = "SELECT" + text.partition("    SELECT")[2].partition("\n\n")[0]
    prefixes = "PREFIX pal: <ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
    rows = client.get("/sparql", params={"query": prefixes + query, "format": "csv"}).text.split()[1:]
    assert any(row.partition(",")[2].startswith("24,") and row.endswith("cites") for row in rows)


def test_a_preview_may_stand_in_a_frame_of_another_site_and_leads_to_the_thing(client: TestClient) -> None:
    answer = client.get("/reconcile/preview", params={"id": "actor/unodc"})
    assert "frame-ancestors" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]
    (link,) = tree(answer.text).all("a")
    assert (link.attributes["href"], link.text) == ("http://localhost:8000/id/actor/unodc", "UNODC")
    view = client.get("/reconcile/view", params={"id": "actor/unodc"}, follow_redirects=False)
    assert (view.status_code, view.headers["location"]) == (303, "/doc/actor/unodc")
    for path in ("preview", "view"):
        assert client.get(f"/reconcile/{path}", params={"id": "actor/<b>"}).status_code == 404


def test_a_document_matches_by_its_symbol_and_its_title(unlike_client: TestClient) -> None:
    report, symbol = "document/harbour-group-2024", "CSH/WG.4/2024/3"
    values = extended(unlike_client, [report], "pal:symbol", "dcterms:title")[report]
    assert values["pal:symbol"] == [{"str": symbol}]
    (title,) = (str(each["str"]) for each in values["dcterms:title"])
    for words in (symbol, symbol.lower(), title):
        found = result(unlike_client, words)
        assert (ids_of(found), ids_of(found, matching=True)) == ([report], [report])


def test_a_paragraph_number_that_several_documents_have_matches_none(unlike_client: TestClient) -> None:
    found = result(unlike_client, "paragraph 1", limit=25)
    assert len({each["id"].split("/")[1] for each in found if each["score"] == 90}) > 1
    assert ids_of(found, matching=True) == []


def test_the_symbol_of_an_agenda_is_not_that_of_the_document(corpus_client: TestClient) -> None:
    query = "SELECT ?s { ?d <http://localhost:8000/ontology#agendaSymbol> ?s } LIMIT 1"
    (row,) = corpus_client.post("/sparql", data={"query": query}).json()["results"]["bindings"]
    found = result(corpus_client, row["s"]["value"])
    assert (bool(found), ids_of(found, matching=True)) == (True, [])
