"""The README says what is so: its queries run, its tour prints what it shows, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from pyoxigraph import QuerySolutions
from starlette.testclient import TestClient

from ontology.layout import ROOT
from palermo import app
from server.snapshot import Snapshot

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN_BASE = "http://localhost:8000/"
STOLEN = [
    re.sub(r"^ {7}", "", text, flags=re.MULTILINE) for text in re.findall(r"\n\n( {7}SELECT.*?)\n\n", README, re.S)
]


def test_readme_shows_five_queries() -> None:
    assert len(STOLEN) == 5


@pytest.mark.parametrize("query", STOLEN, ids=lambda text: text.split("\n")[0])
def test_query_worth_stealing_gives_rows(query: str, snapshot: Snapshot) -> None:
    text = query.replace(SHOWN_BASE, snapshot.base.iri)
    rows = snapshot.store.query(text, prefixes=snapshot.base.prefixes(), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    assert next(rows, None) is not None


def test_tour_asks_the_endpoint_what_it_shows(client: TestClient, snapshot: Snapshot) -> None:
    shown = re.search(r"--data-urlencode 'query=\n(.*?)'\n(.*?)\n\n", README, re.S)
    assert shown is not None
    query = shown[1].replace(SHOWN_BASE, snapshot.base.iri)
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    expected = re.sub(r"^ {4}", "", shown[2], flags=re.MULTILINE).replace(SHOWN_BASE, snapshot.base.iri)
    assert answer.text.replace("\r\n", "\n").strip() == expected


def test_tour_shows_the_words_of_recommendation_24(client: TestClient) -> None:
    shown = re.search(r"head -c 120\n {4}(.*)\n", README)
    assert shown is not None
    assert client.get("/doc/document/som-wg-2015/paragraph/24.txt").text[:120] == shown[1]


def test_tour_follows_a_thing_to_its_document(client: TestClient) -> None:
    answer: httpx2.Response = client.get("/id/document/som-wg-2015/paragraph/24")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/document/som-wg-2015/paragraph/24"


def test_a_document_is_added_checked_and_built_with_the_words_that_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = re.search(r"mkdir sources editorial\n((?: {4}.*\n)+)", README)
    assert block is not None
    (tmp_path / "sources").mkdir()
    (tmp_path / "editorial").mkdir()
    monkeypatch.chdir(tmp_path)
    commands = re.sub(r"^ {4}", "", block[1], flags=re.MULTILINE).split("$ .venv/bin/palermo ")[1:]
    assert [command.split()[0] for command in commands] == ["add", "validate", "build"]
    for command in commands:
        words, _, shown = command.partition("\n")
        arguments = words.replace("tests/", f"{ROOT}/tests/").split()
        ran = CliRunner().invoke(app, arguments, prog_name="palermo", env={"COLUMNS": "100"})
        assert ran.exit_code == 0
        for part in shown.split("…\n")[1:]:
            assert part in ran.output


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_link_in_readme_leads_to_a_file(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", ["serve", "test", "validate"])
def test_command_of_readme_is_in_the_makefile(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
