"""Reconciliation as the API 0.2 of the W3C Entity Reconciliation Community Group has it: what OpenRefine sends and reads.

The schemas are ours, written from the specification (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/),
closed where the group's own are open, so that a member nobody reads is found. Expected matches are read in the treaties and in
the names that organizations give themselves.
"""

from __future__ import annotations

import json
from urllib.parse import quote, urlsplit

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from ontology.layout import ROOT
from server.reconciliation.matching import PROPERTIES, TYPES
from tests.server.pages.tree import tree

SMP, UNTOC, TIP = (f"instrument/{name}/article" for name in ("smuggling-protocol", "untoc", "trafficking-protocol"))
TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "format": "uri", "pattern": "^https?://"}


def closed(required: dict[str, object], **optional: object) -> dict[str, object]:
    """An object with these members and no others."""
    properties = {**required, **optional}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def listed(items: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": items}


NAMED = closed({"id": TEXT, "name": TEXT})
TYPE = closed({"id": TEXT, "name": TEXT}, broader=listed(NAMED))
SERVICE = closed({"service_url": URL, "service_path": {"type": "string", "pattern": "^/"}})
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
MANIFEST = closed(
    {
        "versions": {"const": ["0.2"]},
        "name": TEXT,
        "identifierSpace": URL,
        "schemaSpace": URL,
        "documentation": URL,
        "serviceVersion": TEXT,
        "batchSize": {"type": "integer", "minimum": 1},
        "defaultTypes": {**listed(TYPE), "uniqueItems": True},
        "view": closed({"url": TEMPLATE}),
        "preview": closed({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "suggest": closed({"entity": SERVICE, "type": SERVICE, "property": SERVICE}),
        "extend": closed({"propose_properties": SERVICE, "property_settings": {"const": []}}),
    }
)
"""API 0.2 §3.1."""
CANDIDATE = closed(
    {
        "id": TEXT,
        "name": TEXT,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": listed(NAMED),
    },
    description=TEXT,
)
RESULTS = {"type": "object", "additionalProperties": closed({"result": listed(CANDIDATE)})}
"""API 0.2 §4.3."""
ENTITIES = closed({"result": listed(closed({"id": TEXT, "name": TEXT, "notable": listed(NAMED)}, description=TEXT))})
PROPERTIES_SUGGESTED, TYPES_SUGGESTED = closed({"result": listed(NAMED)}), closed({"result": listed(TYPE)})
"""API 0.2 §6.3."""
PROPOSED = closed({"properties": listed(NAMED), "type": {"type": "string"}, "limit": {"type": "integer"}})
VALUE = {"oneOf": [NAMED, closed({"str": {"type": "string"}}), closed({"int": {"type": "integer"}})]}
EXTENDED = closed(
    {
        "meta": listed(NAMED),
        "rows": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": listed(VALUE)}},
    }
)
"""API 0.2 §7.3 and §7.5."""


def valid(found: object, schema: dict[str, object]) -> None:
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(found)


def result(client: TestClient, words: str, **more: object) -> list[dict[str, object]]:
    """The candidates for one query, sent as OpenRefine sends it: a form with a batch."""
    answer = client.post("/reconcile", data={"queries": json.dumps({"q0": {"query": words, **more}})})
    assert answer.status_code == 200, answer.text
    valid(answer.json(), RESULTS)
    found: list[dict[str, object]] = answer.json()["q0"]["result"]
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    return found


def extended(client: TestClient, ids: list[str], *properties: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    asked = {"ids": ids, "properties": [{"id": name} for name in properties]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    valid(answer.json(), EXTENDED)
    assert [each["id"] for each in answer.json()["meta"]] == list(properties)
    found: dict[str, dict[str, list[dict[str, object]]]] = answer.json()["rows"]
    return found


def test_the_manifest_says_what_there_is_and_each_address_in_it_answers(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    valid(manifest, MANIFEST)
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    addresses = [each["service_url"] + each["service_path"] for each in services]
    views = [manifest[name]["url"].replace("{{id}}", quote("actor/unodc", safe="")) for name in ("view", "preview")]
    for address in (*addresses, *views, manifest["documentation"]):
        there = urlsplit(address)._replace(scheme="", netloc="").geturl()
        assert client.get(there, follow_redirects=True).status_code == 200, address


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
    assert not any(each["match"] for each in found)
    assert [each["id"] for each in found[: len(first)]] == first


def test_a_title_that_several_articles_have_matches_none_until_the_treaty_is_given(client: TestClient) -> None:
    """Article 3 of each Protocol and article 2 of both Conventions say how terms are used."""
    found = result(client, "Use of terms", limit=10)
    assert {f"{SMP}/3", f"{UNTOC}/2", f"{TIP}/3"} <= {each["id"] for each in found if each["score"] == 90}
    assert not any(each["match"] for each in found)
    for treaty in ("UNTOC", {"id": "instrument/untoc"}, "Organized Crime Convention"):
        given = [{"pid": "pal:partOf", "v": treaty if isinstance(treaty, dict) else [treaty, "instrument/untoc"]}]
        found = result(client, "Use of terms", properties=given)
        assert [(each["id"], each["match"]) for each in found] == [(f"{UNTOC}/2", True)]


def test_a_type_narrows_what_is_found_and_an_unknown_one_finds_nothing(client: TestClient) -> None:
    assert {each["type"][0]["id"] for each in result(client, "smuggling", type="Theme")} == {"Theme"}
    assert {"Provision"} == {each["type"][-1]["id"] for each in result(client, "smuggling", type=["Provision"])}
    assert {each["type"][0]["id"] for each in result(client, "consular", type="Paragraph")} == {"Paragraph"}
    assert result(client, "UNODC", type="Theme") == []
    assert result(client, "UNODC", type="Person") == []
    assert len(result(client, "smuggling", limit=2)) == 2


def test_a_batch_comes_back_under_its_own_names_by_get_too(client: TestClient) -> None:
    batch = json.dumps(
        {
            "a": {"query": "UNODC"},
            "": {"query": "zebra"},
            "c": {"properties": [{"pid": "pal:acronym", "v": "IOM"}, {"pid": "P1", "v": []}]},
        }
    )
    answer = client.get("/reconcile", params={"queries": batch})
    valid(answer.json(), RESULTS)
    assert answer.headers["access-control-allow-origin"] == "*"
    ids = {name: [each["id"] for each in found["result"]] for name, found in answer.json().items()}
    assert ids == {"a": ["actor/unodc"], "": [], "c": ["actor/iom"]}
    options = client.options("/reconcile", headers={"origin": "https://example.org"}).headers
    assert options["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"


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
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_a_body_of_another_type_is_refused_with_the_one_that_is_read(client: TestClient) -> None:
    answer = client.post("/reconcile", json={"queries": {}})
    assert (answer.status_code, answer.headers["accept-post"]) == (415, "application/x-www-form-urlencoded")


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
    valid(found, ENTITIES)
    assert found["result"][0]["id"] == first
    rest = client.get("/reconcile/suggest/entity", params={"prefix": prefix, "cursor": 1}).json()["result"]
    assert rest[:9] == found["result"][1:10]


def test_types_and_properties_are_suggested_by_name_and_identifier(client: TestClient) -> None:
    types = client.get("/reconcile/suggest/type", params={"prefix": "art"}).json()
    valid(types, TYPES_SUGGESTED)
    assert [each["id"] for each in types["result"]] == ["Article"]
    properties = client.get("/reconcile/suggest/property", params={"prefix": "acro"}).json()
    valid(properties, PROPERTIES_SUGGESTED)
    assert [each["id"] for each in properties["result"]] == ["pal:acronym"]
    for answer in (client.get("/reconcile/suggest/type"), client.get("/reconcile/suggest/property")):
        assert len(answer.json()["result"]) in (len(TYPES), 10)


def test_values_come_back_as_texts_numbers_and_things(client: TestClient) -> None:
    found = extended(client, ["actor/unodc", f"{UNTOC}/27", "nobody"], "pal:acronym", "pal:number", "pal:partOf")
    assert found["actor/unodc"] == {"pal:acronym": [{"str": "UNODC"}], "pal:number": [], "pal:partOf": []}
    whole = [{"id": "instrument/untoc", "name": "Organized Crime Convention"}]
    assert found[f"{UNTOC}/27"] == {"pal:acronym": [], "pal:number": [{"int": 27}], "pal:partOf": whole}
    assert found["nobody"] == {"pal:acronym": [], "pal:number": [], "pal:partOf": []}


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
        valid(proposed, PROPOSED)
        names = [each["id"] for each in proposed["properties"]]
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
    found = client.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    keys = {row["key"]["value"]: row["iri"]["value"].partition("/id/")[2] for row in found}
    chosen = [
        key for at, key in enumerate(keys) if at % 10 == 0 or key in ("UNTOC 2(i)", "UNTOC 27(1)(a)", "SMP ch. II")
    ]
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
    for words in ("CSH/WG.4/2024/3", "csh/wg.4/2024/3"):
        assert [(each["id"], each["match"]) for each in result(unlike_client, words)] == [
            ("document/harbour-group-2024", True)
        ]
    values = extended(unlike_client, ["document/harbour-group-2024"], "pal:symbol", "dcterms:title")[
        "document/harbour-group-2024"
    ]
    assert values["pal:symbol"] == [{"str": "CSH/WG.4/2024/3"}]
    (title,) = (each["str"] for each in values["dcterms:title"])
    assert [(each["id"], each["match"]) for each in result(unlike_client, str(title))] == [
        ("document/harbour-group-2024", True)
    ]


def test_a_paragraph_number_that_several_documents_have_matches_none(unlike_client: TestClient) -> None:
    found = result(unlike_client, "paragraph 1", limit=25)
    assert len({each["id"].split("/")[1] for each in found if each["score"] == 90}) > 1
    assert not any(each["match"] for each in found)


def test_the_symbol_of_an_agenda_is_not_that_of_the_document(corpus_client: TestClient) -> None:
    agenda = corpus_client.post(
        "/sparql", data={"query": "SELECT ?s { ?d <http://localhost:8000/ontology#agendaSymbol> ?s } LIMIT 1"}
    )
    (row,) = agenda.json()["results"]["bindings"]
    found = result(corpus_client, row["s"]["value"])
    assert found
    assert not any(each["match"] for each in found)
