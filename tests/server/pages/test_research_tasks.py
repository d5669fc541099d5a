"""Tasks of a legal researcher, each answered from the text of the document by reading it, and then from the site: what UNODC is
asked, and how women and children are spoken of, is read in `test_words_of_pages.py` and `test_compare.py`."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.server.pages.tree import Element, Visit

SOURCE = Path("ingest/sources/som-wg-2015.md")
PROTOCOL = "/doc/instrument/smuggling-protocol"


def paragraphs() -> dict[int, str]:
    """The words of each recommendation, as the source has them on one line."""
    found = re.findall(r"^(\d+)\. (.+)$", SOURCE.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(number): words for number, words in found if int(number) > 4}


def parts(page: Element) -> dict[str, list[int]]:
    """The numbers below each heading of a page, each once, by the anchor of the heading."""
    found = {}
    for section in page.one("main").all("section"):
        if name := section.attributes.get("aria-labelledby"):
            found[name] = list(dict.fromkeys(section.numbers()))
    return found


def test_everything_on_return_and_article_18(visit: Visit) -> None:
    """The words "return" and "repatriating" stand in 21, 22, 27, 29, 35, 63, 76 and 79; only 79 names article 18."""
    words = {number for number, text in paragraphs().items() if re.search(r"\breturn|repatriat", text)}
    assert words == {21, 22, 27, 29, 35, 63, 76, 79}
    assert set(visit("/recommendations?theme=return").numbers()) == words - {35}, "in 35 it is a witness who returns"
    page = visit("/queries/which-concern-return")
    numbers = [int(cell.text.split()[-1]) for cell in page.all("td", data_label="Recommendation")]
    assert len(numbers) == len(set(numbers)), "one row a recommendation"
    assert words <= set(numbers)
    assert parts(visit(f"{PROTOCOL}/article/18"))["citing"] == [79]


def test_where_2013_goes_further_than_2012_on_protection(visit: Visit) -> None:
    """16 asks to respect rights, 27 for measures that ensure it; 37 to take safety into account, 28 to give it priority;
    in 24 States "may wish to consider" involving consulates, in 29 they "should … notify without delay". 79 encourages
    agreements on the return for which 63 "may wish to consider" programmes. 45 ("may consider") is weaker than 37."""
    page = visit("/takes-up?relation=sharpens&theme=protection-and-assistance&meeting=som-wg-2013")
    pairs = [pair.one("h2").text for pair in page.all("section", "pair")]
    further = [(27, 16), (28, 37), (29, 24), (79, 63)]
    assert pairs == [f"{later} goes further than {earlier}" for later, earlier in further]
    assert all(len(pair.all("article")) == 2 for pair in page.all("section", "pair"))


def test_a_persistent_link_to_a_directive(visit: Visit, client: TestClient) -> None:
    """35 has one directive ("may wish to consider"); 24 has two, and the second begins "In case of detention"."""
    assert len(visit("/doc/document/som-wg-2015/paragraph/35").one("ol", "directives").all("li")) == 1
    found = client.get("/id/document/som-wg-2015/paragraph/24/directive/2", headers={"Accept": "text/html"})
    assert found.status_code == 303
    page = visit(found.headers["location"].removeprefix(str(client.base_url)))
    assert page.one("mark").text.startswith("In case of detention, States parties should")
    cite = page.one("section", "cite")
    assert ", para. 24, directive 2, " in cite.text
    assert cite.one("a", data_copy=cite.all("a")[-1].attributes["data-copy"])


def test_a_query_from_scratch(client: TestClient) -> None:
    """The directives that address UNODC are of 80, 83 and 91."""
    base = (
        client.get("/data", headers={"Accept": "text/html"}).text.split("All addresses below <code>")[1].split("<")[0]
    )
    query = (
        f"PREFIX pal: <{base}ontology#> PREFIX actor: <{base}id/actor/> SELECT DISTINCT ?n WHERE "
        "{ ?r pal:hasDirective/pal:addressee actor:unodc ; pal:number ?n } ORDER BY ?n"
    )
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.text.split() == ["n", "80", "83", "91"]


@pytest.mark.parametrize("path", ["/doc/document/som-wg-2015/paragraph/29", f"{PROTOCOL}/article/16", "/"])
def test_what_is_not_authentic_and_not_reviewed_is_said_where_it_stands(path: str, visit: Visit) -> None:
    words = visit(path).text
    assert "language model" in words
    assert re.search(r"not (yet )?reviewed", words)
    assert "rticle summaries are not authentic" in words


def test_which_articles_of_the_protocol_were_passed_over(visit: Visit, client: TestClient) -> None:
    """The text cites articles 6, 8, 10, 16 and 18 of the Protocol (51, 53, 33, 83, 24 and 79), of these 2013 only 18; no
    recommendation names another, and final clauses (20 to 25) are no gaps."""
    text = " ".join(paragraphs().values())
    named = set(re.findall(r"article (\d+)(?:, paragraph \d+)?,? of the (?:Smuggling of Migrants )?Protocol", text))
    assert named == {"6", "8", "10", "16", "18"}
    for meeting, cited in {"som-wg-2012": {6, 8, 10, 16}, "som-wg-2013": {18}}.items():
        page = visit(f"/crossref?by=meeting&meeting={meeting}&basis=cited&empty=1")
        rows = [row for row in page.all("table", "matrix")[0].all("tr") if row.all("span", "matrix-number")]
        empty = {int(row.one("span", "matrix-number").text) for row in rows}
        assert empty == set(range(1, 20)) - cited
        table = client.get(f"/crossref.csv?by=meeting&meeting={meeting}&basis=cited&empty=1").text
        rows_of_file = [row for row in csv.DictReader(io.StringIO(table)) if "Protocol" in row["instrument"]]
        assert {int(row["article"]) for row in rows_of_file} == empty, "The file has what the page shows."
