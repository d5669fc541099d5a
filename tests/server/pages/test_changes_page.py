"""A document over time: issued again, withdrawn, and what a reader finds at its addresses then.

The corpus is the two unlike documents of the fixtures; one is issued again with a changed, a new and a missing
paragraph, and the other is withdrawn. Each test says what follows from the texts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ingest.review.decisions import BLOCK
from ontology.namespaces import Base
from palermo import app
from server.app import create_app
from server.settings import Settings
from tests.server.pages.conftest import opener
from tests.server.pages.tree import Visit

FIRST = """# Conference on Safe Harbours

Distr.: General
3 March 2029

Report on the meeting of the Working Group on Ferries

## I. Recommendations adopted by the Working Group on Ferries

1. States parties should inspect every ferry once a year.

2. States parties should publish what inspectors find under article 9 of the Protocol. They should keep the Convention \
on Safe Ferries and report under article 4 of the Convention.

3. States parties may wish to consider training harbour pilots.
"""
SECOND = (
    FIRST.replace("3 March 2029", "4 April 2030")
    .replace("should inspect every ferry once a year", "should inspect every passenger ferry twice a year")
    .replace("\n3. States parties may wish to consider training harbour pilots.\n", "")
)
JUDGED = "\n".join(
    [
        "recommendation,theme,reason,confidence,agent,review_status,reviewed",
        "1,training,It asks for inspectors.,high,palermo-editors jane-doe,reviewed,2029-05-01",
        "2,training,It asks what inspectors find.,high,palermo-editors jane-doe,reviewed,2029-05-01",
        "3,training,It asks for training.,high,palermo-editors jane-doe,reviewed,2029-05-01",
        "",
    ]
)
CORRECTING = """slug = "ferries-corr"
title = "Corrigendum"
issued = 2030-05-01
language = "en"
issuer = "working-group"
corrects = ["ferries-2029"]
"""
DROPPED = "2,good-practices,It asks what inspectors find.,medium,palermo-editors,unreviewed,\n"


@dataclass(frozen=True, slots=True)
class Over:
    """The site after all that happened, the output of the new issue, and the version before."""

    client: TestClient
    visit: Visit
    said: str
    report: tuple[str, ...]
    before: str
    sources: Path


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[Over]:
    """Two documents are built; one is issued again and one withdrawn; they are built again."""
    root = tmp_path_factory.mktemp("over")
    sources, editorial = root / "sources", root / "editorial"
    sources.mkdir()
    editorial.mkdir()
    for name in ("res-78-901.md", "res-78-901.toml"):
        shutil.copyfile(Path("tests/fixtures/corpus/sources") / name, sources / name)
    folders = ["--sources", str(sources), "--editorial", str(editorial)]
    given = ["--yes", "--issuer", "working-group", "--body", "conference-of-the-parties", "--publisher", "secretariat"]
    text = root / "ferries.md"
    text.write_text(FIRST, encoding="utf-8")
    made = CliRunner().invoke(app, ["add", str(text), "--slug", "ferries-2029", *given, *folders])
    assert made.exit_code == 0, made.output
    (editorial / "ferries-2029" / "themes.csv").write_text(JUDGED + DROPPED, encoding="utf-8")
    ground = root / "ground"
    for folder in ("ontology", "shapes"):
        shutil.copytree(folder, ground / folder)
    with (ground / "ontology" / "reference" / "agents.ttl").open("a", encoding="utf-8") as agents:
        agents.write(BLOCK.format(slug="jane-doe", name="Jane Doe"))
    settings = BuildSettings(base, sources, editorial, ground, root / "snapshots")
    before = build(settings, lambda _: None)
    (editorial / "ferries-2029" / "themes.csv").write_text(JUDGED, encoding="utf-8")
    text.write_text(SECOND, encoding="utf-8")
    again = CliRunner().invoke(app, ["add", str(text), "--replaces", "ferries-2029", "--yes", *folders])
    assert again.exit_code == 0, again.output
    metadata = sources / "res-78-901.toml"
    metadata.write_text("withdrawn = 2030-05-06\n" + metadata.read_text(encoding="utf-8"), encoding="utf-8")
    (sources / "ferries-corr.md").write_text("# Corrigendum\n\n1. For inspect read visit.\n", encoding="utf-8")
    (sources / "ferries-corr.toml").write_text(CORRECTING, encoding="utf-8")
    (sources / "broken.md").write_text("1. One.\n\n3. Three.\n\n2. Two.\n", encoding="utf-8")
    (sources / "broken.toml").write_text('slug = "broken"\ntitle = "Broken"\nissued = 2030-05-06\n', encoding="utf-8")
    after = build(replace(settings, keep_going=True), lambda _: None)
    chosen = Settings(base=base.iri, snapshots=root / "snapshots", log_format="text")
    with TestClient(create_app(chosen), follow_redirects=False) as client:
        yield Over(client, opener(client), again.output, after.unresolved, before.version, sources)


def test_a_new_issue_keeps_name_and_addresses_and_what_a_person_confirmed(over: Over) -> None:
    metadata = (over.sources / "ferries-2029.toml").read_text(encoding="utf-8")
    assert 'issuer = "working-group"' in metadata
    assert "issued = 2030-04-04" in metadata
    assert "Recommendations: 1 with other words, 0 new, 1 gone." in over.said
    words = over.client.get("/doc/document/ferries-2029/paragraph/1.txt").text
    assert words == "States parties should inspect every passenger ferry twice a year."


def test_the_earlier_text_stays_to_be_read(over: Over) -> None:
    assert over.client.get("/sources/ferries-2029.v1.md").text == FIRST
    turtle = over.client.get("/doc/document/ferries-2029/version/1.ttl").text
    assert '"2029-03-03"^^xsd:date' in turtle
    assert "dcterms:isReplacedBy" in turtle


def test_a_page_marks_the_words_that_changed_paragraph_by_paragraph(over: Over) -> None:
    page = over.client.get("/changes?document=ferries-2029", headers={"Accept": "text/html"}).text
    assert "should inspect every <ins>passenger </ins>ferry <del>once </del><ins>twice </ins>a year." in page
    assert "<del>States parties may wish to consider training harbour pilots.</del>" in page
    assert "publish what inspectors find" not in page
    turned = over.client.get("/changes?document=ferries-2029&from=2&to=1", headers={"Accept": "text/html"}).text
    assert "every <del>passenger </del>ferry <del>twice </del><ins>once </ins>a year" in turned


def test_document_and_paragraph_lead_to_what_changed(over: Over) -> None:
    for path, leads in (
        ("document/ferries-2029", True),
        ("document/ferries-2029/paragraph/1", True),
        ("document/ferries-2029/paragraph/2", False),
    ):
        page = over.client.get(f"/doc/{path}", headers={"Accept": "text/html"}).text
        assert ('href="/changes?document=ferries-2029"' in page) is leads


def test_a_page_shows_what_changed_between_two_versions_of_the_data(over: Over) -> None:
    page = over.client.get(f"/changes?from={over.before}", headers={"Accept": "text/html"}).text
    words = "every <ins>passenger </ins>ferry <del>once </del><ins>twice </ins>a year."
    assert page.count(words) == 1, "Of the recommendation, and not of its directive again."
    assert ">graph/editorial/ferries-2029</a>" in page
    assert over.client.get("/changes?from=20200101-0123456789").status_code == 404


def test_a_judgement_whose_text_changed_is_unreviewed_again_and_one_whose_text_did_not_stays(over: Over) -> None:
    links = {number: f"/doc/document/ferries-2029/paragraph/{number}/link/theme/training.ttl" for number in (1, 2)}
    changed, same = (over.client.get(links[number]).text for number in (1, 2))
    assert '"unreviewed: the text changed"' in changed
    assert "reviewedBy" not in changed
    assert '"reviewed"' in same
    assert "ferries-2029: themes.csv, line 2: recommendation 1: unreviewed: the text changed" in over.report
    assert "ferries-2029: themes.csv, line 4: recommendation 3 is gone; its row is left out" in over.report


@pytest.mark.parametrize(
    "path",
    [
        "doc/document/res-78-901",
        "id/document/res-78-901/paragraph/2",
        "doc/document/res-78-901/paragraph/2.ttl",
        "graph/annotation/res-78-901",
        "cite/document/res-78-901.bib",
        "sources/res-78-901.md",
        "doc/document/ferries-2029/paragraph/3",
        "doc/document/ferries-2029/paragraph/2/link/theme/good-practices",
        "id/document/ferries-2029/paragraph/2/link/theme/good-practices",
    ],
)
def test_what_was_withdrawn_answers_410_with_the_version_that_still_has_it(over: Over, path: str) -> None:
    answer = over.client.get(f"/{path}", headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    at = answer.json()["at"]
    assert at == f"http://localhost:8000/v/{over.before}/{path.replace('id/', 'doc/')}"
    assert answer.headers["link"] == f'<{at}>; rel="memento"'
    assert over.client.get(at.removeprefix("http://localhost:8000")).status_code == 200


def test_the_page_of_what_was_withdrawn_names_the_document_and_its_day(over: Over) -> None:
    page = over.client.get("/doc/document/res-78-901", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert "“Safety of those who work on ferries” was withdrawn on 6 May 2030." in page.text
    assert over.client.get("/doc/document/never-heard-of").status_code == 404


def test_a_judgement_that_was_dropped_is_said_to_be(over: Over) -> None:
    dropped = "/doc/document/ferries-2029/paragraph/2/link/theme"
    page = over.client.get(f"{dropped}/good-practices", headers={"Accept": "text/html"})
    assert "The judgement that stood here was taken out of the data on" in page.text
    assert over.client.get(f"{dropped}/visas").status_code == 404


def test_the_same_file_or_its_earlier_version_is_noticed(over: Over, tmp_path: Path) -> None:
    for text, name in ((SECOND, "ferries-2029"), (FIRST, "ferries-2029, version 1")):
        file = tmp_path / "copy.md"
        file.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(app, ["add", str(file), "--yes", "--sources", str(over.sources)])
        assert result.exit_code == 1
        assert f"in the corpus already, as {name}." in result.output


def test_a_short_name_read_from_the_name_before_it_is_cited_and_shown_as_read_by_a_rule(over: Over) -> None:
    address = "/doc/document/ferries-2029/paragraph/2"
    words = over.client.get(f"{address}.txt").text
    start = words.index("article 4 of the Convention")
    page = over.client.get(address, headers={"Accept": "text/html"}).text
    assert f'Read by a rule: <a class="verbatim" href="{address}/mention/{start}-{start + 27}">article 4 of the' in page
    turtle = over.client.get(f"{address}/mention/{start}-{start + 27}.ttl").text
    assert "convention-on-safe-ferries/article/4" in turtle
    assert "The document does not say what these words mean" in turtle
    named = words.index("Convention on Safe Ferries")
    assert "does not say" not in over.client.get(f"{address}/mention/{named}-{named + 26}.ttl").text


def test_a_citation_that_nothing_resolves_is_shown_as_such(over: Over) -> None:
    page = over.client.get("/doc/document/ferries-2029/paragraph/2", headers={"Accept": "text/html"}).text
    assert "Not resolved: " in page
    assert "article 9 of the Protocol" in page
    turtle = over.client.get("/doc/document/ferries-2029/paragraph/2/unresolved/57-82.ttl").text
    assert "pal:UnresolvedCitation" in turtle
    assert any("nothing says which is meant by “article 9 of the Protocol”" in line for line in over.report)


def test_a_document_that_cannot_be_built_is_named_with_its_reason_and_stops_no_other(over: Over) -> None:
    page = over.client.get("/quality", headers={"Accept": "text/html"}).text
    assert "<b>broken</b>" in page
    assert "no key “language”" in page
    answer = over.client.get("/doc/document/broken")
    assert answer.status_code == 404
    assert "The document broken could not be built and is left out this time." in answer.json()["detail"]
    assert " broken.toml, line 1: no key “language”" in answer.json()["detail"]
    assert str(over.sources) not in page


def test_a_corrigendum_and_the_document_that_it_corrects_lead_to_each_other(over: Over) -> None:
    for slug, words, other in (
        ("ferries-corr", "Corrects", "ferries-2029"),
        ("ferries-2029", "Corrected by", "ferries-corr"),
    ):
        facts = over.visit(f"/doc/document/{slug}").one("dl", "facts")
        terms = {term.text.strip(): value for term, value in zip(facts.all("dt"), facts.all("dd"), strict=True)}
        assert terms[words].one("a").attributes["href"] == f"/doc/document/{other}"
