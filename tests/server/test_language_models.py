"""A server for language models, read by the client of the protocol's own SDK: over HTTP in both of its eras, and over
standard input and output. What it must say is read in the source document and in the tables of judgements."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ontology.layout import ROOT
from ontology.namespaces import Base
from server.settings import Settings
from tests.conftest import process_of
from tests.processes import PATIENCE, figure, free_port

TOOLS = {"search", "recommendation", "provision", "list_questions", "ask_question", "sparql", "vocabulary"}
SOURCE = (ROOT / "ingest" / "sources" / "som-wg-2015.md").read_text()
TEXT_24 = next(line.removeprefix("24. ").strip() for line in SOURCE.splitlines() if line.startswith("24. "))
SMP = "id/instrument/smuggling-protocol/article/16/paragraph/5"
Calls = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[str]:
    """The address of a server with the setting on."""
    port = str(free_port())
    with process_of(settings, PORT=port, MCP="1", QUERY_DEADLINE_SECONDS="1"):
        yield f"http://127.0.0.1:{port}/mcp"


def answers(target: Any, calls: Calls, mode: str = "auto") -> list[Any]:
    """The results of some calls, and first the names of the tools."""

    async def ask() -> list[Any]:
        from mcp import Client

        async with Client(target, mode=mode) as client:
            listed = await client.list_tools()
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed.tools)
            return [{tool.name for tool in listed.tools}, *[await client.call_tool(*call) for call in calls]]

    return asyncio.run(ask())


def said(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content[0].text
    found: dict[str, Any] = result.structured_content
    assert json.loads(result.content[0].text) == found, "Clients without structure read the same."
    assert found["citation"]
    return found


def refused(result: Any) -> str:
    assert result.is_error
    sentence: str = result.content[0].text
    return sentence


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_recommendation_comes_with_its_words_what_rules_found_and_what_was_judged(
    server: str, base: Base, mode: str
) -> None:
    tools, one, same, none = answers(
        server,
        [
            ("recommendation", {"which": "24"}),
            ("recommendation", {"which": f"{base.iri}id/document/som-wg-2015/paragraph/24"}),
            ("recommendation", {"which": "zebra"}),
        ],
        mode,
    )
    assert tools == TOOLS
    assert said(one) == said(same)
    found = said(one)
    assert all(words in found["citation"] for words in ("para. 24", "not for citing")), "This build is a local one."
    assert (found["text"]["words"], found["text"]["language"]) == (TEXT_24, "en")
    rules = found["found_by_rules"]
    assert [each["operative_words"] for each in rules["directives"]] == ["may wish to consider", "should"]
    assert [each["asks_only_to_consider"] for each in rules["directives"]] == [True, False]
    assert all(each["words"] in TEXT_24 for each in (*rules["directives"], *rules["names"]))
    assert base.iri + SMP in {each["iri"] for each in rules["cites"]}
    judged = found["judged"]
    assert "no person has reviewed" in " ".join(judged["note"].split())
    with (ROOT / "ingest" / "editorial" / "som-wg-2015" / "themes.csv").open(newline="") as table:
        reasons = {row["reason"] for row in csv.DictReader(table)}
    assert judged["themes"]
    assert {each["reason"] for each in judged["themes"]} <= reasons
    everything = [*judged["provisions"], *judged["themes"], *judged["recommendations"]]
    assert {each["status"] for each in everything} == {"unreviewed"}
    assert all(each["suggested_by"] and not each["reviewed_by"] for each in everything)
    # 29 sharpens 24: its row of the table of relations is about both, and says so of 29.
    (later,) = [each for each in judged["recommendations"] if each["about"]["iri"].endswith("/paragraph/29")]
    assert (later["relation"], later["direction"]) == ("sharpens", "the other says this of this one")
    assert not [each for each in (*judged["provisions"], *judged["themes"]) if "direction" in each]
    assert "search" in refused(none)


def test_what_a_person_corrected_comes_with_its_reason_and_whose_it_is(unlike_settings: Settings, base: Base) -> None:
    port, iri = str(free_port()), f"{base.iri}id/document/harbour-group-2024/paragraph/9"
    with process_of(unlike_settings, PORT=port, MCP="1"):
        _, one = answers(f"http://127.0.0.1:{port}/mcp", [("recommendation", {"which": iri})])
    reasons = set()
    for name in ("mentions.csv", "directives.csv"):
        with (ROOT / "tests/fixtures/corpus/editorial/harbour-group-2024" / name).open(newline="") as table:
            reasons |= {row["reason"] for row in csv.DictReader(table) if row["recommendation"] == "9"}
    corrected = said(one)["found_by_rules"]["corrected_by_people"]
    assert {each["reason"] for each in corrected} == reasons
    assert all(each["by"] and each["confirms"] is False for each in corrected)


def test_an_article_comes_with_those_that_cite_it_and_no_words_of_the_treaty(server: str, base: Base) -> None:
    _, one, several = answers(
        server, [("provision", {"which": "Art. 16(5) SMP"}), ("provision", {"which": "article 6"})]
    )
    found = said(one)
    assert found["iri"] == base.iri + SMP
    assert "paragraph/24" in " ".join(each["iri"] for each in found["cited_by"]["recommendations"])
    assert TEXT_24 in {each["words"] for each in found["cited_by"]["recommendations"]}
    assert "not authentic" in found["summary"]["note"]
    assert found["official_text"].startswith("https://treaties.un.org/")
    assert f"{base.iri}id/instrument/untoc/article/6" in refused(several), "It says which there are."


def test_questions_are_listed_and_answered_with_their_values(server: str, base: Base) -> None:
    name, values = "which-recommendations-cite-an-article", {"provision": "id/instrument/smuggling-protocol/article/16"}
    _, listed, one, whole, wrong = answers(
        server,
        [
            ("list_questions", {}),
            ("ask_question", {"name": name, "values": values}),
            ("ask_question", {"name": name, "values": {"provision": base.iri + values["provision"]}}),
            ("ask_question", {"name": name, "values": {"article": "16"}}),
        ],
    )
    questions = {each["name"]: each for each in said(listed)["questions"]}
    assert [(each["name"], each["default"]) for each in questions[name]["values"]] == [
        ("provision", "id/instrument/smuggling-protocol/article/6")
    ]
    (recommendation,) = questions["everything-about-a-recommendation"]["values"]
    assert recommendation["default"] == "", "It is a recommendation of whichever corpus."
    assert said(one)["rows"] == said(whole)["rows"]
    assert any("paragraph/24" in cell for row in said(one)["rows"] for cell in row)
    assert values["provision"].replace("/", "%2F") in said(one)["citation"], "The address of the very answer."
    assert "no value “article”" in refused(wrong)


def test_a_query_has_the_gate_and_the_limits_of_the_endpoint(server: str, base: Base) -> None:
    away = "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    number = f"SELECT ?n {{ <{base.iri}id/document/som-wg-2015/paragraph/24> <{base.iri}ontology#number> ?n }}"
    _, one, ask, graph, cut, service, update, slow = answers(
        server,
        [
            ("sparql", {"query": query})
            for query in (
                number,
                "ASK { ?s a <nothing> }",
                f"DESCRIBE <{base.iri}id/actor/unodc>",
                everything,
                away,
                "INSERT DATA { <a> <b> 1 }",
                runaway,
            )
        ],
    )
    assert (said(one)["columns"], said(one)["rows"]) == (["n"], [["24"]])
    assert said(ask)["answer"] is False
    assert len(said(graph)["columns"]) == 3
    assert (len(said(cut)["rows"]), said(cut)["truncated"]) == (Settings.model_fields["table_rows"].default, True)
    assert "asks another server" in refused(service)
    assert "changes nothing" in refused(update)
    assert "seconds" in refused(slow)


def test_one_client_has_one_long_query_and_its_pages_beside(settings: Settings) -> None:
    """What gets 429 at the endpoint: of two runaways of a client one runs, and the other is told so."""
    port = str(free_port())

    def free() -> float:
        return figure(httpx2.get(f"http://127.0.0.1:{port}/metrics").text, "palermo_query_places_free_slow ")

    async def ask() -> list[Any]:
        from mcp import Client

        async with asyncio.timeout(PATIENCE), Client(f"http://127.0.0.1:{port}/mcp") as client:
            idle, runaway = free(), "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
            first = asyncio.create_task(client.call_tool("sparql", {"query": runaway}))
            while free() == idle:
                await asyncio.sleep(0.1)
            second = await client.call_tool("sparql", {"query": runaway.replace("?n", "?m")})
            found = await client.call_tool("search", {"words": "consular"})
            first.cancel()
            return [second, found]

    with process_of(settings, PORT=port, MCP="1", QUERY_DEADLINE_SECONDS=str(PATIENCE)):
        second, found = asyncio.run(ask())
    assert "You have a long query running, the most one client may have at once" in refused(second)
    assert said(found)["found"]


def test_the_vocabulary_and_a_search_give_what_a_query_needs(server: str, base: Base) -> None:
    _, terms, found, wrong = answers(
        server,
        [
            ("vocabulary", {"words": "directive"}),
            ("search", {"words": "consular"}),
            ("search", {"words": "consular", "kind": "animal"}),
        ],
    )
    assert f"PREFIX pal: <{base.iri}ontology#>" in said(terms)["prefixes"]
    assert "pal:Directive" in {each["name"] for each in said(terms)["terms"]}
    assert f"{base.iri}graph/document/som-wg-2015" in said(terms)["graphs"]
    assert f"{base.iri}id/document/som-wg-2015/paragraph/24" in {each["iri"] for each in said(found)["found"]}
    assert "“kind” is one of" in refused(wrong)


LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.mark.parametrize(
    ("fields", "body", "status"),
    [
        ({}, json.dumps(LISTING), 200),
        ({"host": "attacker.example"}, json.dumps(LISTING), 421),
        ({"origin": "https://attacker.example"}, json.dumps(LISTING), 403),
        ({"content-type": "text/plain"}, json.dumps(LISTING), 400),
        ({}, "{", 400),
        ({}, json.dumps(LISTING | {"params": {"x": "x" * 5_000_000}}), 413),
    ],
)
def test_messages_are_checked_before_they_are_read(server: str, fields: dict[str, str], body: str, status: int) -> None:
    head = {"content-type": "application/json", "accept": "application/json, text/event-stream"} | fields
    assert httpx2.post(server, content=body, headers=head).status_code == status


def test_only_post_works_there_and_nothing_where_the_setting_is_off(server: str, live_server: str) -> None:
    for method in ("GET", "DELETE", "PUT"):
        answer = httpx2.request(method, server)
        assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")
    assert httpx2.post(f"{live_server}mcp", json=LISTING).status_code == 404
    assert "/mcp" in httpx2.get(server.replace("/mcp", "/llms.txt")).text
    assert "/mcp" not in httpx2.get(f"{live_server}llms.txt").text


def test_a_client_on_this_machine_starts_it_itself(settings: Settings, tmp_path: Path) -> None:
    command = [str(ROOT / "palermo.py"), "mcp", "--base", settings.base, "--snapshots", str(settings.snapshots)]
    from mcp import StdioServerParameters, stdio_client

    given = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ), cwd=tmp_path)
    tools, one = answers(stdio_client(given), [("recommendation", {"which": "para. 24"})])
    assert tools == TOOLS
    assert said(one)["text"]["words"] == TEXT_24
