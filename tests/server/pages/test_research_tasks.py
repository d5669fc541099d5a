"""Ten tasks of a legal researcher, each answered from the text of the document by reading it, and then from the site."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rispy
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


def test_1_what_is_unodc_asked_and_how_strongly(visit: Visit) -> None:
    """80 and 83 ask it at once ("requested UNODC", "requests UNODC"), 91 with States parties; 38, 40, 41 and 83 have States
    call upon it; 46, 70 and 87 ask the Secretariat, in which it serves; 51, 81 and 84 only name it."""
    page = visit("/doc/actor/unodc")
    found = parts(page)
    assert found["direct"] == [80, 83, 91]
    assert found["through-others"] == [38, 40, 41, 83]
    assert found["office"] == [46, 70, 87]
    assert found["named"] == [51, 81, 84]
    strengths = {line.numbers()[0]: line.text for line in page.section("direct").all("li", "line")}
    assert "not on the scale" in strengths[80], "a request to its own secretariat has no strength"
    assert "strength 5 of 5" in strengths[91], "States parties and UNODC should continue"


def test_2_everything_on_return_and_article_18(visit: Visit) -> None:
    """The words "return" and "repatriating" stand in 21, 22, 27, 29, 35, 63, 76 and 79; only 79 names article 18."""
    words = {number for number, text in paragraphs().items() if re.search(r"\breturn|repatriat", text)}
    assert words == {21, 22, 27, 29, 35, 63, 76, 79}
    assert set(visit("/recommendations?theme=return").numbers()) == words - {35}, "in 35 it is a witness who returns"
    page = visit("/queries/which-concern-return")
    numbers = [int(cell.text.split()[-1]) for cell in page.all("td", data_label="Recommendation")]
    assert len(numbers) == len(set(numbers)), "one row a recommendation"
    assert words <= set(numbers)
    assert parts(visit(f"{PROTOCOL}/article/18"))["citing"] == [79]


def test_3_where_2013_goes_further_than_2012_on_protection(visit: Visit) -> None:
    """16 asks to respect rights, 27 for measures that ensure it; 37 to take safety into account, 28 to give it priority;
    in 24 States "may wish to consider" involving consulates, in 29 they "should … notify without delay". 79 encourages
    agreements on the return for which 63 "may wish to consider" programmes. 45 ("may consider") is weaker than 37."""
    page = visit("/takes-up?relation=sharpens&theme=protection-and-assistance&meeting=som-wg-2013")
    pairs = [pair.one("h2").text for pair in page.all("section", "pair")]
    further = [(27, 16), (28, 37), (29, 24), (79, 63)]
    assert pairs == [f"{later} goes further than {earlier}" for later, earlier in further]
    assert all(len(pair.all("article")) == 2 for pair in page.all("section", "pair"))


def test_4_information_sharing_to_word_excel_and_zotero_with_footnotes(client: TestClient) -> None:
    """39, 52, 53, 58, 60, 71, 74, 76, 81 and 84 speak of sharing or exchanging information, intelligence or expertise."""
    query = "theme=information-exchange"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/recommendations.csv?{query}").text)))
    numbers = [int(row["number"]) for row in rows]
    assert {39, 52, 53, 58, 60, 71, 74, 76, 81, 84} <= set(numbers)
    items = rispy.loads(client.get(f"/recommendations.ris?{query}").text)
    assert [int(item["title"].rpartition(" ")[2]) for item in items] == numbers
    word = zipfile.ZipFile(io.BytesIO(client.get(f"/recommendations.docx?{query}").content))
    notes = ["".join(note.itertext()) for note in ElementTree.fromstring(word.read("word/footnotes.xml"))]
    assert [int(cited[1]) for note in notes if (cited := re.search(r"para\. (\d+)", note))] == numbers
    assert client.get(f"/recommendations.xlsx?{query}").status_code == 200


def test_5_the_language_on_women_beside_that_on_children(visit: Visit) -> None:
    """Women are named in 20, 27 and 29, each with "should"; children there too and in 90 (a), which is no "should"."""
    women, children = visit("/compare?group=women&group=children").all("section", "compare-column")
    assert (women.numbers(), children.numbers()) == ([20, 27, 29], [20, 27, 29, 90])
    assert [each.text for each in women.all("span", "mark-operative")] == ["should"] * 3
    assert "children, including unaccompanied children" in children.all("li", "only-here")[0].text


def test_6_the_cross_reference_of_one_meeting_names_its_recommendations(visit: Visit) -> None:
    """In 2013 only 79 cites the Protocol by article: article 18."""
    table = visit("/crossref?by=meeting&meeting=som-wg-2013&named=1&basis=cited").all("table", "matrix")[0]
    cited = {row.one("span", "matrix-number").text: row.all("td")[0] for row in table.all("tr") if row.all("b")}
    assert {article: [link.text for link in cell.all("a")] for article, cell in cited.items()} == {"18": ["79"]}


def test_7_a_persistent_link_to_a_directive(visit: Visit, client: TestClient) -> None:
    """35 has one directive ("may wish to consider"); 24 has two, and the second begins "In case of detention"."""
    assert len(visit("/doc/document/som-wg-2015/paragraph/35").one("ol", "directives").all("li")) == 1
    found = client.get("/id/document/som-wg-2015/paragraph/24/directive/2", headers={"Accept": "text/html"})
    assert found.status_code == 303
    page = visit(found.headers["location"].removeprefix(str(client.base_url)))
    assert page.one("mark").text.startswith("In case of detention, States parties should")
    cite = page.one("section", "cite")
    assert ", para. 24, directive 2, " in cite.text
    assert cite.one("a", data_copy=cite.all("a")[-1].attributes["data-copy"])


def test_8_a_query_from_scratch(client: TestClient) -> None:
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
def test_9_what_is_not_authentic_and_not_reviewed_is_said_where_it_stands(path: str, visit: Visit) -> None:
    words = visit(path).text
    assert "language model" in words
    assert re.search(r"not (yet )?reviewed", words)
    assert "rticle summaries are not authentic" in words


def test_10_which_articles_of_the_protocol_were_passed_over(visit: Visit, client: TestClient) -> None:
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
