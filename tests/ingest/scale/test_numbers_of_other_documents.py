"""Paragraphs whose numbers are not 1, 2, 3 throughout: lists of recommendations below paragraphs, whose numbers begin
again, and operative clauses that print no number. From the source text to the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ingest.formats.files import read_file
from ingest.reading import parse, read_document
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings

REVIEW = """# Report of the Review Group: Azuria

## I. Proceedings

1. The group met in Porto.

## II. Conclusions and recommendations

2. The recommendations formulated during the dialogue and listed below enjoy the support of Azuria:

1. Ratify the Trafficking in Persons Protocol (Borduria);

2. Train judges (Syldavia).

3. The following recommendations will be examined by Azuria:

{}. Abolish the fee for seafarers (Borduria);

{}. Open the lighthouses (Syldavia).

4. All recommendations reflect the position of the States that made them.
"""
RESOLUTION = """Assembly of Ports

## 78/902. Day of lighthouses

The Assembly of Ports,

Recalling its resolution 77/12 of 15 December 2022,

Decides to proclaim 1 May the Day of Lighthouses, and invites Member States:

(a) To observe it;

(b) To light their lighthouses;

Also requests the Secretariat to publish the present resolution.

48th plenary meeting
"""
TOML = 'slug = "{}"\ntitle = "{}"\nissued = 2024-06-14\nlanguage = "en"\nissuer = "secretariat"\nkind = "{}"\nsymbol = "{}"\n'


def write(folder: Path, slug: str, text: str, title: str, kind: str, symbol: str) -> Path:
    """A document with its metadata; returns the path of these."""
    (folder / f"{slug}.md").write_text(text, encoding="utf-8")
    (folder / f"{slug}.toml").write_text(TOML.format(slug, title, kind, symbol), encoding="utf-8")
    return folder / f"{slug}.toml"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A review whose lists begin again, one whose second list goes on, and a resolution without numbers."""
    folder = tmp_path_factory.mktemp("numbers") / "sources"
    folder.mkdir()
    write(folder, "again", REVIEW.format(1, 2), "Report of the Review Group: Azuria", "report", "RG/1")
    write(folder, "goes-on", REVIEW.format(3, 4), "Report of the Review Group: Azuria", "report", "RG/2")
    write(folder, "clauses", RESOLUTION, "Day of lighthouses", "resolution", "A/RES/78/902")
    return folder


@pytest.fixture(scope="module")
def site(sources: Path, base: Base) -> Iterator[TestClient]:
    """The site of these documents."""
    root = sources.parent
    (root / "editorial").mkdir()
    settings = BuildSettings(base, sources, root / "editorial", snapshots=root / "snapshots", processes=1)
    build(settings, lambda _: None)
    served = Settings(base=base.iri, snapshots=root / "snapshots", log_format="text")
    with TestClient(create_app(served), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    ("slug", "third", "fourth", "doubt"),
    [
        ("again", "3-1", "3-2", "again: the numbers begin again at 1 below paragraph 3"),
        ("goes-on", "3-3", "3-4", "again: the numbers of the list before go on at 3 below paragraph 3"),
    ],
)
def test_each_recommendation_of_a_list_is_below_its_paragraph(
    slug: str, third: str, fourth: str, doubt: str, sources: Path
) -> None:
    document = read_document(sources / f"{slug}.toml")
    assert {one.key: one.text for one in document.paragraphs if one.within} == {
        "2-1": "Ratify the Trafficking in Persons Protocol (Borduria);",
        "2-2": "Train judges (Syldavia).",
        third: "Abolish the fee for seafarers (Borduria);",
        fourth: "Open the lighthouses (Syldavia).",
    }
    assert all(one.is_recommendation for one in document.paragraphs if one.within)
    assert [one.key for one in document.paragraphs if not one.within] == ["1", "2", "3", "4"]
    assert doubt in [each.name for each in document.doubts]


def test_clauses_without_numbers_are_recommendations_in_their_order(sources: Path) -> None:
    document = read_document(sources / "clauses.toml")
    first, second = document.paragraphs
    assert (first.key, first.name) == ("clause-1", "Recommendation, unnumbered clause 1")
    items = [("a", "To observe it;"), ("b", "To light their lighthouses;")]
    assert [(item.letter, item.text) for item in first.items] == items
    assert second.text == "Also requests the Secretariat to publish the present resolution."
    assert [one.kind for one in document.texts] == ["preamble", "preamble", "closing"]


@pytest.mark.parametrize(
    ("path", "heading", "place"),
    [
        ("again/paragraph/2-1", "Recommendation 1 below paragraph 2", "RG/1, para. 1 below paragraph 2"),
        ("again/paragraph/3-1", "Recommendation 1 below paragraph 3", "RG/1, para. 1 below paragraph 3"),
        ("clauses/paragraph/clause-2", "Recommendation, unnumbered clause 2", "A/RES/78/902, unnumbered clause 2"),
        ("clauses/paragraph/clause-1/item/b", "item (b)", "A/RES/78/902, unnumbered clause 1 (b)"),
    ],
)
def test_a_page_says_which_recommendation_it_is_and_how_to_cite_it(
    path: str, heading: str, place: str, site: TestClient
) -> None:
    page = site.get(f"/doc/document/{path}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert heading in page.text
    assert place in page.text


def test_a_clause_is_described_and_the_text_prints_no_number_where_the_source_prints_none(
    site: TestClient, tmp_path: Path
) -> None:
    akn = site.get("/doc/document/clauses.akn")
    paragraphs = etree.fromstring(akn.content).findall(".//{*}paragraph")
    assert len(paragraphs) == 2
    assert all(each.find("{*}num") is None for each in paragraphs)
    (tmp_path / "clauses.akn").write_bytes(akn.content)
    toml = write(tmp_path, "clauses", RESOLUTION, "Day of lighthouses", "resolution", "A/RES/78/902")
    known = read_document(toml)
    again = parse(read_file(tmp_path / "clauses.akn").text, known.metadata)
    assert [one.text for one in again.paragraphs] == [one.text for one in known.paragraphs]
    turtle = site.get("/doc/document/clauses/paragraph/clause-2.ttl").text
    assert "pal:addressee actor:secretariat" in turtle
    assert 'pal:printedNumber ""' in turtle
    page = site.get("/doc/document/clauses", headers={"Accept": "text/html"}).text
    assert "¶" in page
    assert ">1.<" not in page


def test_a_search_says_of_which_document_a_recommendation_is(site: TestClient) -> None:
    page = site.get("/search?q=lighthouses", headers={"Accept": "text/html"}).text
    for document in ("again", "goes-on", "clauses"):
        assert f'<span class="note">{document}</span>' in page
    suggested = {each["label"] for each in site.get("/suggest.json?q=seafarers").json()}
    assert {"Recommendation 1 below paragraph 3: again", "Recommendation 3 below paragraph 3: goes-on"} <= suggested


def test_a_list_shows_the_printed_number_and_apart_from_it_where_it_stands(site: TestClient) -> None:
    page = site.get("/recommendations", headers={"Accept": "text/html"}).text
    for number, place in (("1", "below paragraph 3"), ("3", "below paragraph 3"), ("¶", "unnumbered clause 1")):
        assert f'<span class="unseen">Recommendation </span>{number}</a>' in page
        assert f"<span>{place}</span>" in page
