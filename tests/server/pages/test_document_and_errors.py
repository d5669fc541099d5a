"""The whole text as one page, citations to paste, downloads, the about and quality pages, and errors."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.pages.citing import NOT_FOR_CITING, Source, Work, bibtex, chicago, csl_json, plain, ris
from server.pages.values import median, period
from tests.server.pages.tree import Visit, tree

DOCUMENT = "/doc/document/som-wg-2015"
SOURCES = Path(__file__).parents[3] / "ingest" / "sources"
MEASURED = Path(__file__).parents[3] / "server" / "pages" / "measured.tsv"


def test_the_document_has_all_92_paragraphs_in_order_with_their_numbers(visit: Visit) -> None:
    numbers = [link.text for link in visit(DOCUMENT).all("a", "sheet-number")]
    assert numbers == [f"{number}." for number in range(1, 93)]


@pytest.mark.parametrize("number", [5, 24, 46, 84, 90])
def test_page_file_and_question_18_cite_a_recommendation_in_the_same_words(
    number: int, visit: Visit, client: TestClient
) -> None:
    path = f"document/som-wg-2015/paragraph/{number}"
    answer = client.get("/queries/everything-about-a-recommendation.json", params={"recommendation": f"id/{path}"})
    rows = answer.json()["results"]["bindings"]
    asked = [row["words"]["value"] for row in rows if row["fact"]["value"].endswith("To cite it")]
    page = visit(f"/doc/{path}").one("p", "citation").text
    assert asked == [page]
    assert client.get(f"/cite/{path}.txt").text.splitlines() == [page, NOT_FOR_CITING]
    (item,) = client.get(f"/cite/{path}.csl.json").json()
    assert item["section"] == f"para. {number}"
    assert f", para. {number}\r\n" in client.get(f"/cite/{path}.ris").text
    assert f", para. {number}" in client.get(f"/cite/{path}.bib").text
    assert f", para. {number}, " in page


def test_citation_files_of_a_build_on_this_machine_say_so_and_those_of_a_document_have_no_section(
    client: TestClient,
) -> None:
    for suffix in (".bib", ".ris", ".csl.json", ".txt"):
        answer = client.get(f"/cite/document/som-wg-2015/paragraph/24{suffix}")
        assert (answer.status_code, NOT_FOR_CITING in answer.text) == (200, True)
    (item,) = json.loads(client.get("/cite/document/som-wg-2015.csl.json").text)
    assert (item["issued"], "section" in item) == ({"date-parts": [[2015, 8, 25]]}, False)


def example(local: bool = False, genre: str = "note by the Secretariat") -> Source:
    from datetime import date

    work = Work(("A Body", "Its Group, No. 1"), "A & B", date(2015, 8, 25), genre)
    return Source(work, "para. 9", "https://x.org/id/document/d/paragraph/9", "Words\nhere", local)


def test_a_document_of_another_author_is_cited_without_the_secretariat() -> None:
    assert chicago(example(genre="")) == (
        "A Body, Its Group, No. 1, “A & B,” 25 August 2015, para. 9, https://x.org/id/document/d/paragraph/9."
    )
    assert chicago(example()) == (
        "A Body, Its Group, No. 1, “A & B,” note by the Secretariat, 25 August 2015, para. 9, "
        "https://x.org/id/document/d/paragraph/9."
    )
    for text in (bibtex(example(genre="")), ris(example(genre="")), csl_json([example(genre="")])):
        assert "Secretariat" not in text


def test_ris_lines_are_tags_and_end_with_er() -> None:
    lines = ris(example()).split("\r\n")
    assert lines[0] == "TY  - RPRT"
    assert lines[-2:] == ["ER  - ", ""]
    assert "AB  - Words here" in lines
    assert "TI  - A & B, para. 9" in lines
    assert [line for line in lines if line.startswith("AU")] == ["AU  - A Body", "AU  - Its Group No. 1"]
    assert all(line[2:6] == "  - " for line in lines[:-1])


def test_a_build_on_a_real_base_has_no_warning_in_its_citations() -> None:
    cited = example()
    for text in (bibtex(cited), ris(cited), csl_json([cited]), plain(chicago(cited), local=cited.local)):
        assert NOT_FOR_CITING not in text


def test_downloads_have_the_sizes_and_checksums_that_are_shown(visit: Visit, client: TestClient) -> None:
    rows = visit("/data").one("table", "downloads").one("tbody").all("tr")
    assert len(rows) >= 10
    for row in rows:
        body = client.get(row.one("a").attributes["href"]).content
        assert hashlib.sha256(body).hexdigest() == row.one("code", "checksum").text


def test_quality_says_of_each_draw_whose_sentences_it_is_and_how_much_was_labelled(visit: Visit) -> None:
    text = visit("/quality").section("rules").text
    with MEASURED.open(encoding="utf-8", newline="") as file:
        draws = list(csv.DictReader(file, delimiter="\t"))
    for draw in draws:
        assert draw["of"] in text
        for kind in ("directives", "addressees", "citations", "instruments"):
            labelled, *shares = draw[kind].split() or ["0"]
            assert all(0 <= float(share) <= 1 for share in shares)
            assert not shares or f"{labelled}: {', '.join(shares)}" in text
    assert any(draw["addressees"] and draw["citations"] and draw["instruments"] for draw in draws)


def test_quality_counts_judgements_by_review_status_and_says_how_far_readings_agree(visit: Visit) -> None:
    text = visit("/quality").section("suggested").text
    assert "unreviewed" in text
    method = SOURCES.parent / "editorial" / "som-wg-2015" / "method.txt"
    assert " ".join(method.read_text(encoding="utf-8").split()) in text


def test_quality_leads_from_a_page_to_the_line_of_the_source_by_an_example(visit: Visit) -> None:
    text = visit("/quality").section("provenance").text
    source = (SOURCES / "som-wg-2015.md").read_text(encoding="ascii").splitlines()
    example = re.search(
        r"from the words “ ?(.+?) ?” ?, characters (\d+) to (\d+) of its text.* begins on line (\d+)", text
    )
    assert example
    words, start, end, line = example.groups()
    assert source[int(line) - 1].partition(". ")[2][int(start) : int(end)] == words


def test_a_missing_page_suggests_what_may_have_been_meant(client: TestClient) -> None:
    answer = client.get("/recommendation/24", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.text.count('href="/doc/document/som-wg-2015/paragraph/24"') == 1
    beyond = client.get("/doc/instrument/untoc/article/99", headers={"Accept": "text/html"})
    assert 'href="/doc/instrument/untoc/article/99"' not in beyond.text


@pytest.mark.parametrize(
    ("path", "link", "note"),
    [
        (f"{DOCUMENT}/paragraph/999", DOCUMENT, "Its paragraphs run from 1 to 92."),
        (f"{DOCUMENT}/paragraph/35/directive/2", f"{DOCUMENT}/paragraph/35", "It has 1 directive."),
        (f"{DOCUMENT}/paragraph/24/directive/3", f"{DOCUMENT}/paragraph/24", "It has 2 directives."),
        ("/queries/who-is-adressed", "/queries", ""),
        ("/doc/instrument/untoc/article/99", "/doc/instrument/untoc", "Its articles run from 1 to 41."),
        ("/doc/instrument/smuggling-protocol/chapter/5", "/doc/instrument/smuggling-protocol", "Its chapters run from 1 to 4."),
        (f"{DOCUMENT}/paragraph/24/mention/1-2", f"{DOCUMENT}/paragraph/24", ""),
    ],
)  # fmt: skip
def test_where_a_part_is_missing_its_whole_is_suggested_with_the_numbers_of_its_parts(
    path: str, link: str, note: str, client: TestClient
) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    (suggested,) = tree(answer.text).one("ul", "hits").all("li")
    assert suggested.one("a").attributes["href"] == link
    assert suggested.text.removeprefix(suggested.one("a").text).strip() == note


def test_what_belongs_to_nothing_suggests_nothing_above(client: TestClient) -> None:
    for path in ("/doc", "/doc/document/%2A/paragraph/1", "/doc/document/nothing/paragraph/1"):
        assert " run from " not in client.get(path, headers={"Accept": "text/html"}).text


def test_an_error_is_escaped_and_not_indexed(client: TestClient) -> None:
    answer = client.get("/queries/%3Cscript%3E", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "<script>" not in answer.text.partition("<main")[2]
    assert 'content="noindex' in answer.text


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2013-11-11", "2013-11-13", "11 to 13 November 2013"),
        ("2015-07-14", "2015-07-14", "14 July 2015"),
        ("2012-05-30", "2012-06-01", "30 May to 1 June 2012"),
        ("2012-12-30", "2013-01-02", "30 December 2012 to 2 January 2013"),
    ],
)
def test_a_period_is_written_as_short_as_it_can_be(start: str, end: str, words: str) -> None:
    assert period(start, end) == words


@pytest.mark.parametrize(
    ("values", "words"), [([], ""), ([5], "5"), ([2, 5], "2 to 5"), ([2, 2, 5], "2"), ([1, 2, 2, 5], "2")]
)
def test_a_median_is_a_value_of_the_scale_or_lies_between_two(values: list[int], words: str) -> None:
    assert median(Counter(values)) == words


def test_an_older_version_gives_the_permanent_link_that_every_version_has(client: TestClient) -> None:
    version = client.get("/versions").json()["current"]
    for path in ("document/som-wg-2015", "document/som-wg-2015/paragraph/24"):
        page = tree(client.get(f"/v/{version}/doc/{path}", headers={"Accept": "text/html"}).text)
        (link,) = (each for each in page.one("section", "cite").all("a") if each.text == "Link")
        assert link.attributes["href"] == f"/id/{path}"
        assert client.get(link.attributes["href"]).status_code == 303


def test_quality_is_a_page_also_where_no_finding_has_its_words(small_client: TestClient) -> None:
    """The citation of the small graph has a position and no quotation."""
    found = small_client.get("/quality", headers={"accept": "text/html"})
    assert found.status_code == 200
    provenance = tree(found.text).one("h2", id="provenance")
    assert provenance.text == "From the page to the source"
    assert "For example" not in found.text
