"""What a named person reviewed, from a decision at the bench to the pages: one link and one relation of the real document."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ingest.review.desk import Desk, Filter
from ingest.review.reviewers import describe, reviewer_of
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from tests.server.pages.tree import Element, tree

ROOT = Path(__file__).parents[3]
HTML = {"Accept": "text/html"}
LINKED = "smuggling-protocol/article/11/paragraph/1"
SAID = "reviewed by Jane Doe, on 28 November 2026"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[TestClient]:
    """The site of a build in which Jane Doe accepted that 6 is related to article 11(1), and that 14 follows up 6."""
    root = tmp_path_factory.mktemp("reviewed")
    for name in ("ingest/editorial", "ontology", "shapes"):
        shutil.copytree(ROOT / name, root / name)
    settings = replace(
        BuildSettings(base), ground=root, editorial=root / "ingest/editorial", snapshots=root / "snapshots"
    )
    reviewer = reviewer_of("Jane Doe", root)
    describe(reviewer, root)
    desk = Desk.open(settings, reviewer.slug, date(2026, 11, 28))
    for table, number, value in (("concordance", "6", LINKED), ("relations", "14", "6")):
        (chosen,) = (each for each in desk.queue(Filter(table=table)) if (each.number, each.value) == (number, value))
        desk.decide(chosen, "accept", {})
    build(settings, lambda _: None)
    site = Settings(base=base.iri, snapshots=settings.snapshots, log_format="text")
    with TestClient(create_app(site), follow_redirects=False) as opened:
        yield opened


def page(client: TestClient, path: str) -> Element:
    return tree(client.get(path, headers=HTML).text)


def test_a_reviewed_link_says_by_whom_and_when_once(client: TestClient) -> None:
    links = page(client, "/doc/document/som-wg-2015/paragraph/6").section("related").all("div", "judgement")
    said = [each.one("p", "meta").text for each in links]
    assert [SAID in each for each in said].count(True) == 1
    assert all("unreviewed" in each for each in said if SAID not in each)
    assert "suggested by language models" in next(each for each in said if SAID in each)
    provision = page(client, "/doc/instrument/smuggling-protocol/article/11").text
    assert provision.count(SAID) == 1


def test_a_reviewed_relation_says_so_on_its_own_page_of_pairs(client: TestClient) -> None:
    assert page(client, "/takes-up").text.count(SAID) == 1


def test_files_say_so_as_well(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/dumps/links.csv").text)))
    reviewed = [row for row in rows if row["reviewedBy"]]
    assert {row["number"] for row in reviewed} == {"6", "14"}
    assert {row["reviewedOn"] for row in reviewed} == {"2026-11-28"}
    assert all(row["agent"].endswith("/palermo-editors") for row in rows)


def test_headings_and_home_say_how_many_of_all_are_reviewed(client: TestClient) -> None:
    rows = sum(
        len(list(csv.reader(io.StringIO((ROOT / "ingest/editorial/som-wg-2015" / f"{name}.csv").read_text("utf-8")))))
        - 1
        for name in ("themes", "concordance", "relations")
    )
    assert f"2 of {rows} suggestions reviewed by a named person" in page(client, "/").text
    heading = page(client, "/doc/document/som-wg-2015/paragraph/7").one(id="related").text
    assert f"2 of {rows} reviewed" in heading
