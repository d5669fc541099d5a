"""The questions with their answers and formats, and the query page."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote, urlencode

import pytest
from starlette.testclient import TestClient

from queries.catalogue import read_catalogue
from server.pages.tables import projection
from tests.processes import figure
from tests.server.pages.tree import Visit

QUESTIONS = [query.name for query in read_catalogue().folder("questions")]


def test_texts_that_would_be_squeezed_into_a_table_are_set_below_their_heads(visit: Visit) -> None:
    """A pair has two texts and a reason beside six short values; who is addressed has counts alone."""
    assert visit("/queries/which-of-2013-take-up-one-of-2012").all("table", "pairs")
    assert not visit("/queries/who-is-addressed").all("table", "pairs")


def test_home_shows_the_two_treaties_that_something_reaches_and_an_article_to_search_for(visit: Visit) -> None:
    home = visit("/").one("main")
    heads = [each.one("h3").one("a").text for each in home.all("section", "coverage")]
    assert sorted(heads) == ["Organized Crime Convention", "Smuggling of Migrants Protocol"]
    hints = re.findall(r"“(art\. \d+ of the [^”]+|para \d+)”", home.text)
    assert len(hints) == 2
    for hint in hints:
        assert visit(f"/search?q={hint}").one("ul", "lead").all("a")


def test_every_question_is_in_the_list(visit: Visit) -> None:
    hrefs = visit("/queries").one("main").hrefs
    assert {f"/queries/{name}" for name in QUESTIONS} <= hrefs


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_same_answer_as_page_csv_and_json(name: str, visit: Visit, client: TestClient) -> None:
    page = visit(f"/queries/{name}")
    rows_of = [row for table in page.all("table", "result") for row in table.one("tbody").all("tr")]
    shown = [
        part for row in rows_of for part in (row.one("ul", "grounds").all("li") if row.all("ul", "grounds") else [row])
    ]
    rows = list(csv.reader(io.StringIO(client.get(f"/queries/{name}.csv").text)))
    result = client.get(f"/queries/{name}.json").json()
    readable = {"way": "how", "ground": "why", "standing": "saidBy", "fact": "what"}
    heads = [readable.get(name, name) for name in result["head"]["vars"]]
    assert [head for head in rows[0] if head != "judgement"] == heads
    assert not re.search(r"(?m)(^|,)\d{1,2} [A-Z][a-z]", client.get(f"/queries/{name}.csv").text), "keys for sorting"
    assert len(shown) == len(rows) - 1 == len(result["results"]["bindings"])
    assert shown, "a question returns something"
    text = page.section("query").one("code").raw  # which anybody can run
    answer = client.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert len(list(csv.reader(io.StringIO(answer.text)))) == len(rows)


def test_the_file_of_a_count_that_rests_on_suggestions_says_so_in_each_row_that_does(client: TestClient) -> None:
    suggested = "suggested by a language model, not reviewed"
    themes = csv.DictReader(io.StringIO(client.get("/queries/which-themes-occur-together.csv").text))
    assert {row["judgement"] for row in themes} == {suggested}
    articles = csv.DictReader(io.StringIO(client.get("/queries/which-articles-in-which-section.csv").text))
    assert {(row["saidBy"], row["judgement"]) for row in articles} == {
        ("cited", ""),
        ("neither", ""),
        ("related", suggested),
    }
    cited = csv.DictReader(io.StringIO(client.get("/queries/which-recommendations-cite-an-article.csv").text))
    assert "judgement" not in (cited.fieldnames or ())


def test_the_projection_is_read_from_a_query() -> None:
    text = '# SELECT ?no WHERE\nSELECT DISTINCT ?a (COUNT(DISTINCT ?x) AS ?n) (CONCAT(STR(?y), "z") AS ?c) ?b ?from WHERE { ?a ?b ?c }'
    assert projection(text) == ["a", "n", "c", "b", "from"]


def test_the_query_page_works_without_scripts(visit: Visit) -> None:
    form = visit("/sparql").one("form", "query-form")
    assert form.attributes["method"] == "get"
    assert form.attributes["action"] == "/sparql"
    assert form.one("textarea", name="query").text


def test_a_query_gives_a_table_whose_things_are_links(visit: Visit) -> None:
    text = visit(f"/editor?question={QUESTIONS[0]}").one("textarea").raw
    result = visit(f"/sparql?{urlencode({'query': text})}")
    assert result.one("table", "result").one("tbody").all("a")
    assert {button.text for button in result.one("form", "query-form").all("button")} >= {"Run", "CSV", "JSON"}


def test_a_wrong_query_is_shown_with_its_error_and_its_line(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT *\nWHERE { ?s ?p }"}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "WHERE { ?s ?p }" in answer.text


def test_a_question_about_articles_and_sections_is_also_a_matrix_with_cited_and_related_apart(visit: Visit) -> None:
    matrix = visit("/queries/which-articles-in-which-section").one("table", "matrix")
    assert len(matrix.one("tbody").all("tr")) == 25
    sections = [head.text for head in matrix.one("thead").all("th")][1:]
    assert sections == [f"Section {number}" for number in ("II", "III", "IV", "V", "VI", "VII")]
    six = next(row for row in matrix.one("tbody").all("tr") if row.one("th").text.startswith("Article 6 "))
    cited = {
        section: cell.one("b").text for section, cell in zip(sections, six.all("td"), strict=True) if cell.all("b")
    }
    assert cited == {"Section IV": "1", "Section V": "1"}


def test_numbers_stand_below_their_heads_and_strengths_are_called_so(visit: Visit) -> None:
    table = visit("/queries/who-is-addressed").one("table", "result")
    heads = {head.text: "number" in head.attributes.get("class", "") for head in table.one("thead").all("th")}
    assert heads["Strength 5"]
    assert heads["Not on the scale"]
    assert not heads["Addressee"]
    assert table.one("tbody").all("tr")[0].all("span", "bar-cell")


def test_questions_are_listed_under_their_subjects(visit: Visit) -> None:
    headings = {heading.text for heading in visit("/queries").one("main").all("h2")}
    assert {"Provisions", "Actors", "Strength", "Subjects"} <= headings


def test_a_question_has_one_row_a_recommendation_with_its_grounds_as_chips(visit: Visit) -> None:
    page = visit("/queries/which-concern-return").one("main")
    rows = page.one("table", "result").one("tbody").all("tr")
    numbers = [row.all("td")[0].text for row in rows]
    assert len(numbers) == len(set(numbers))
    assert max(len(row.one("ul", "grounds").all("li")) for row in rows) > 1
    assert page.text.index("This table as") < page.text.index("Recommendation 21")


def test_a_cell_of_a_matrix_leads_to_the_recommendations_that_it_counts(visit: Visit) -> None:
    matrix = visit("/queries/which-articles-at-which-meeting").one("table", "matrix")
    cells = [link for bold in matrix.all("b") for link in bold.all("a")]
    assert cells
    for link in cells[:6]:
        assert len(visit(link.attributes["href"]).one("div", "found").numbers()) == int(link.text)


def test_a_result_has_the_label_of_each_thing_and_asks_for_all_at_once(client: TestClient, visit: Visit) -> None:
    def asked() -> float:
        return figure(client.get("/metrics").text, 'palermo_named_queries_total{query="labels"}')

    before = asked()
    query = "PREFIX pal: <http://localhost:8000/ontology#> SELECT ?m WHERE { ?m a pal:Mention } LIMIT 60"
    cells = visit("/sparql?query=" + quote(query)).one("table", "result").all("td")
    assert len(cells) == 60
    assert all(cell.one("span", "note").text for cell in cells)
    assert asked() == before + 1


@pytest.mark.parametrize("path", ["/doc/document/som-wg-2015/paragraph/24", "/doc/actor/unodc", "/crossref?by=theme"])
def test_each_query_behind_a_page_opens_in_the_editor_as_it_is_shown(path: str, visit: Visit) -> None:
    shown = visit(path).one("details", "behind").all("details")
    assert shown
    for query in shown:
        field = visit(query.all("a")[0].attributes["href"]).one("textarea")
        assert field.raw.split() == query.one("code").raw.split()


def test_a_question_says_from_whom_assistance_is_to_come_and_leaves_out_empty_columns(visit: Visit) -> None:
    found = visit("/queries/which-ask-for-technical-assistance-or-training").one("main")
    (row,) = (row for row in found.one("table", "result").all("tr") if "Recommendation 38" in row.text)
    assert "UNODC" in {link.text for link in row.all("a")}
    assert "Reviewed by" not in found.one("thead").text


def test_only_a_question_about_suggestions_says_that_it_rests_on_them(visit: Visit) -> None:
    assert not visit("/queries/how-strong-is-each-meeting").one("main").all("span", "origin-suggested")
    assert visit("/queries/which-concern-return").one("main").all("span", "origin-suggested")
