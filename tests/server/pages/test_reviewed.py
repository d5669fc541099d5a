"""What a named person reviewed, from a decision at the bench to the pages: one link and one relation of the real document."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import docx
import openpyxl
import pytest
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ingest.review.decisions import describe, reviewer_of
from ingest.review.desk import Desk, Filter
from ontology.layout import ROOT
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from tests.server.pages.tree import Element, tree

HTML = {"Accept": "text/html"}
LINKED = "smuggling-protocol/article/11/paragraph/1"
SAID = "reviewed by Jane Doe, on 28 November 2026"
SUGGESTED = "suggested by a language model, not reviewed"
ROWS = [
    row
    for name in ("themes", "concordance", "relations")
    for row in csv.DictReader(io.StringIO((ROOT / f"ingest/editorial/som-wg-2015/{name}.csv").read_text("utf-8")))
]
"""Everything that is judged."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[TestClient]:
    """The site of a build in which Jane Doe accepted that 6 is related to article 11(1), that 14 follows up 6,
    and that 22 is about return."""
    root = tmp_path_factory.mktemp("reviewed")
    for name in ("ingest/editorial", "ontology", "shapes"):
        shutil.copytree(ROOT / name, root / name)
    settings = replace(
        BuildSettings(base), root=root, editorial=root / "ingest/editorial", snapshots=root / "snapshots"
    )
    reviewer = reviewer_of("Jane Doe", root)
    describe(reviewer, root)
    desk = Desk(settings, reviewer.slug, date(2026, 11, 28))
    for table, number, value in (("concordance", "6", LINKED), ("relations", "14", "6"), ("themes", "22", "return")):
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
    assert "suggested by a language model" in next(each for each in said if SAID in each)
    provision = page(client, "/doc/instrument/smuggling-protocol/article/11").text
    assert provision.count(SAID) == 1


def test_its_own_page_says_so_and_has_the_row_with_the_day(client: TestClient) -> None:
    main = page(client, f"/doc/document/som-wg-2015/paragraph/6/link/{LINKED}").one("main")
    assert SAID in main.section("judgement").one("p", "meta").text
    assert main.one("pre").text.endswith(",high,palermo-editors jane-doe,reviewed,2026-11-28")


def test_a_reviewed_relation_says_so_on_its_own_page_of_pairs(client: TestClient) -> None:
    assert page(client, "/takes-up").text.count(SAID) == 1


def test_files_say_so_as_well(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/dumps/links.csv").text)))
    reviewed = [row for row in rows if row["reviewedBy"]]
    assert {row["number"] for row in reviewed} == {"6", "14", "22"}
    assert {row["reviewedOn"] for row in reviewed} == {"2026-11-28"}
    assert all(row["agent"].endswith("/palermo-editors") for row in rows)


def test_a_reviewed_theme_says_so_on_every_page_that_lists_by_it(client: TestClient) -> None:
    why = page(client, "/doc/document/som-wg-2015/paragraph/22").all("div", "judgement")
    assert [SAID in each.text for each in why].count(True) == 1
    for path in (
        "/doc/theme/return",
        "/recommendations?theme=return",
        "/compare?theme=return&theme=visas",
        "/compare?of=som-wg-2015/22&of=som-wg-2015/21",
    ):
        assert page(client, path).text.count(SAID) == 1, path


@pytest.mark.parametrize(
    ("address", "reviewed", "others"),
    [
        ("/recommendations.{}?theme=return", "22", {"21", "27", "29", "63", "76", "79"}),
        # Related to a part of article 11: `ingest/editorial/som-wg-2015/concordance.csv`.
        ("/recommendations.{}?article=smuggling-protocol/article/11&basis=related", "6",
         {"8", "9", "13", "52", "62", "78", "90"}),
    ],
)  # fmt: skip
def test_files_of_a_list_say_of_each_recommendation_whose_judgement_put_it_there(
    client: TestClient, address: str, reviewed: str, others: set[str]
) -> None:
    def taken(suffix: str) -> bytes:
        return client.get(address.format(suffix)).content

    rows = list(csv.DictReader(io.StringIO(taken("csv").decode())))
    assert {row["number"] for row in rows if SAID in row["suggested"]} == {reviewed}
    assert {row["number"] for row in rows if SUGGESTED in row["suggested"]} >= others
    sheet = openpyxl.load_workbook(io.BytesIO(taken("xlsx"))).active
    assert sheet is not None
    assert SAID in str(list(sheet.values))
    paragraphs = [each.text for each in docx.Document(io.BytesIO(taken("docx"))).paragraphs]
    assert f"3 of {len(ROWS)} reviewed" in paragraphs[0]
    assert SAID in "".join(paragraphs)
    items = json.loads(taken("csl.json"))
    assert {item["id"].rpartition("-")[2] for item in items if SAID in item["note"]} == {reviewed}
    assert taken("ris").decode().count(SAID) == taken("bib").decode().count(SAID) == 1
    assert taken("ris").decode().count(SUGGESTED) >= len(others)
    assert "by a language model" not in client.get("/recommendations.ris?group=children").text


def test_files_of_pairs_and_comparisons_say_so(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/takes-up.csv").text)))
    assert [row["review"] for row in rows if "reviewed by" in row["review"]] == [
        f"suggested by a language model, {SAID}"
    ]
    assert SUGGESTED in client.get("/takes-up.bib").text
    for query in ("theme=return&theme=visas", "of=som-wg-2015/22&of=som-wg-2015/21"):
        assert client.get(f"/compare.csv?{query}").text.count(SAID) == 1, query


def test_headings_and_home_say_how_many_of_all_are_reviewed(client: TestClient) -> None:
    rows = len(ROWS)
    assert f"3 of {rows} suggestions reviewed by a named person" in page(client, "/").text
    own = page(client, f"/doc/document/som-wg-2015/paragraph/6/link/{LINKED}").one(id="judgement").text
    assert own.endswith("Reviewed by Jane Doe")
    heading = page(client, "/doc/document/som-wg-2015/paragraph/7").one(id="related").text
    assert f"3 of {rows} reviewed" in heading
