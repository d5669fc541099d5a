"""Recommendations, and those of several things, side by side; baskets; and the ways on from every list."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from tests.server.pages.tree import Visit

PAIR = "of=som-wg-2015/16&of=som-wg-2015/27"


def test_two_recommendations_stand_side_by_side_with_their_operative_words(visit: Visit) -> None:
    page = visit(f"/compare?{PAIR}")
    columns = page.all("article", "compare-column")
    assert [column.all("h2")[0].text.split()[1] for column in columns] == ["16", "27"]
    assert [column.one("span", "mark-operative").text for column in columns] == ["should", "should"]
    assert all("States parties" in column.text for column in columns)


def test_what_all_of_them_have_is_told_from_what_only_one_has(visit: Visit) -> None:
    """27 and 29 both name "women and children"; only 20 names "pregnant women"."""
    first, second = visit("/compare?of=som-wg-2015/27&of=som-wg-2015/29").all("article", "compare-column")
    assert "Women" in {link.text for link in first.all("a", "shared")} & {
        link.text for link in second.all("a", "shared")
    }
    other, _ = visit("/compare?of=som-wg-2015/20&of=som-wg-2015/29").all("article", "compare-column")
    assert "Pregnant women" in other.text
    assert "Pregnant women" not in {link.text for link in other.all("a", "shared")}


def test_two_groups_stand_side_by_side_with_what_only_one_has(visit: Visit) -> None:
    page = visit("/compare?group=women&group=children")
    women, children = page.all("section", "compare-column")
    assert [link.text.split()[-1] for link in women.all("a", "line-number")] == ["20", "27", "29"]
    assert [line.all("a", "line-number")[0].text.split()[-1] for line in children.all("li", "only-here")] == ["90"]


def test_a_basket_is_a_list_with_every_format(client: TestClient, visit: Visit) -> None:
    page = visit(f"/recommendations?{PAIR}")
    assert [link.text.split()[-1] for link in page.all("a", "line-number")] == ["16", "27"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/recommendations.csv?{PAIR}").text)))
    assert [row["number"] for row in rows] == ["16", "27"]


@pytest.mark.parametrize("of", ["som-wg-2015/2", "som-wg-2015/93", "nothing/1", "x", "som-wg-2015/paragraph/16"])
def test_what_is_no_recommendation_cannot_be_chosen(of: str, client: TestClient) -> None:
    assert client.get("/compare", params={"of": of}, headers={"Accept": "text/html"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        ("/doc/theme/return", "/recommendations?theme=return"),
        ("/doc/actor/unodc", "/recommendations?addressee=unodc"),
        ("/doc/group/children", "/recommendations?group=children"),
        ("/doc/qualifier/upon-request", "/recommendations?qualifier=upon-request"),
        ("/doc/meeting/som-wg-2013", "/recommendations?meeting=som-wg-2013"),
        ("/doc/document/som-wg-2015/section/III", "/recommendations?section=som-wg-2015%2FIII"),
        ("/doc/instrument/smuggling-protocol", "/recommendations?instrument=smuggling-protocol&basis=cited"),
        (
            "/doc/instrument/smuggling-protocol/article/16",
            "/recommendations?article=smuggling-protocol%2Farticle%2F16&basis=cited",
        ),
    ],
)
def test_a_thing_leads_to_the_list_that_it_counts_to_the_cross_reference_and_to_files(
    path: str, selected: str, visit: Visit
) -> None:
    hrefs = {link.attributes["href"] for link in visit(path).one("main").all("a")}
    query = selected.partition("?")[2]
    assert {selected, f"/crossref?{query}", f"/recommendations.docx?{query}", f"/recommendations.ris?{query}"} <= hrefs


def test_the_cross_reference_can_be_narrowed_and_show_only_what_has_none(visit: Visit) -> None:
    whole, empty = (
        [
            row
            for row in visit(f"/crossref?by=meeting{more}").all("table", "matrix")[0].all("tr")
            if row.all("span", "matrix-number")
        ]
        for more in ("", "&empty=1")
    )
    assert len(whole) == 25
    assert {row.attributes.get("class") for row in empty} == {"untouched"}
    returning = visit("/crossref?by=meeting&theme=return").one("main")
    assert "theme=return" in " ".join(link.attributes["href"] for link in returning.all("a"))


def test_a_treaty_begins_with_its_chapters_and_articles(visit: Visit) -> None:
    main = visit("/doc/instrument/smuggling-protocol").one("main")
    headings = [heading.attributes.get("id") for heading in main.all("h2")]
    assert headings[:3] == ["parts", "citing", "related"]
    assert not main.all("ol", "lines"), "the recommendations stand behind a list"
    article = next(item for item in main.all("li", "contents-article") if item.text.startswith("Article 6 "))
    assert article.one("b").text.startswith("2 ")
