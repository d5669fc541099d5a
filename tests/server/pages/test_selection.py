"""The list of recommendations: filters, counts that follow, search, order, exports, and the same selection as a query."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from server.pages.selection import Selection
from tests.server.pages.tree import Element, Visit

ARTICLE_6 = "article=smuggling-protocol/article/6"
SELECTIONS = {
    f"{ARTICLE_6}&basis=cited": [33, 53],
    "instrument=vccr&basis=cited": [24, 29],
    "section=VI": [82, 83, 84],
    "section=VI&meeting=som-wg-2013": [84],
    "section=VI&section=II&meeting=som-wg-2013": [14, 15, 84],
    "addressee=unodc": [80, 83, 91],
    "asked=unodc": [38, 40, 41, 83],
    "qualifier=upon-request": [46],
    "action=criminalize": [10, 31],
    "action=collect": [39, 83],  # 83: "request UNODC to collect"
    "action=ratify&consider=true": [30],
    "group=women": [20, 27, 29],
    "strength=3": [14, 15, 92],
    "strength=1": [54, 63],  # 63 "States may request"; 10, 45, 47, 49, 65 ask only to consider
    "chapter=smuggling-protocol/chapter/2&basis=cited": [19],
    "consider=true&section=VII": [88, 89, 90],
    "q=hotlines": [18],
    "q=consular+authorities": [29],
}


def listed(page: Element) -> list[int]:
    return page.one("div", "found").numbers()


@pytest.mark.parametrize("query", SELECTIONS)
def test_selection_lists_what_the_text_says(query: str, visit: Visit) -> None:
    assert listed(visit(f"/recommendations?{query}")) == SELECTIONS[query]


def test_a_phrase_that_bounds_only_words_is_found_by_itself_but_is_no_escape_clause(visit: Visit) -> None:
    escaping = listed(visit("/recommendations?qualifier=escape-clause"))
    assert {29, 36, 64, 71, 92} <= set(escaping)
    assert not {17, 21, 31, 35} & set(escaping)
    assert 21 in listed(visit("/recommendations?qualifier=where-applicable"))


def test_without_filters_all_88_are_listed_in_order(visit: Visit) -> None:
    assert listed(visit("/recommendations")) == list(range(5, 93))


@pytest.mark.parametrize(
    "query", ["", "section=V", "theme=return", "meeting=som-wg-2012&group=smuggled-migrants", "q=smuggling"]
)
def test_every_count_is_what_its_choice_alone_would_leave(query: str, visit: Visit, client: TestClient) -> None:
    page = visit(f"/recommendations?{query}")
    for name in ("strength", "addressee", "theme"):
        for box in page.all("input", type="checkbox", name=name):
            assert box.parent is not None
            expected = int(box.parent.one("span", "count").text)
            others = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
            exported = client.get(f"/recommendations.csv?{others}&{name}={box.attributes['value']}").text
            assert len(list(csv.DictReader(io.StringIO(exported)))) == expected, (name, box.attributes["value"])


def test_cited_and_related_are_never_mixed_unless_both_are_asked_for(visit: Visit) -> None:
    cited, related, both = (
        set(listed(visit(f"/recommendations?{ARTICLE_6}&basis={basis}"))) for basis in ("cited", "related", "both")
    )
    assert cited == {33, 53}
    assert both == cited | related


def test_strongest_first_puts_should_before_may(visit: Visit) -> None:
    lines = visit("/recommendations?section=II&sort=strength").one("div", "found").all("li", "line")
    considering = ["asks only to consider" in line.text for line in lines]
    assert considering == sorted(considering), "those that ask to act come first"
    for considers in (False, True):
        alike = [line for line in lines if ("asks only to consider" in line.text) is considers]
        strengths = [line.one("span", "strength").text for line in alike]
        assert strengths == sorted(strengths, reverse=True)


def test_words_are_shown_with_what_matched(visit: Visit) -> None:
    (line,) = visit("/recommendations?q=hotlines").one("div", "found").all("li", "line")
    assert [mark.text for mark in line.all("mark")] == ["hotlines"]


def test_each_filter_in_use_can_be_taken_away(visit: Visit) -> None:
    page = visit("/recommendations?section=VI&meeting=som-wg-2013")
    hrefs = [link.attributes["href"] for link in page.one("ul", "chips").all("a")]
    section = "/recommendations?section=som-wg-2015%2FVI"
    assert hrefs == ["/recommendations?meeting=som-wg-2013", section, "/recommendations"]


def test_exports_hold_exactly_the_list(client: TestClient) -> None:
    numbers = SELECTIONS["addressee=unodc"]
    rows = list(csv.DictReader(io.StringIO(client.get("/recommendations.csv?addressee=unodc").text)))
    assert [int(row["number"]) for row in rows] == numbers
    ris = client.get("/recommendations.ris?addressee=unodc").text
    titles = [line for line in ris.splitlines() if line.startswith("TI")]
    assert [title.rpartition(", ")[2] for title in titles] == [f"para. {n}" for n in numbers]
    graph = json.loads(client.get("/recommendations.jsonld?addressee=unodc").text)["@graph"]
    found = {node["number"] for node in graph if "number" in node}
    assert found == set(numbers)


@pytest.mark.parametrize(
    "query",
    [
        *SELECTIONS,
        f"{ARTICLE_6}&basis=both",
        "theme=sea&theme=return",
        "theme=criminalization&theme=awareness-raising&all=theme&section=II",
        "addressee=unodc&addressee=states-parties&all=addressee",
        "",
    ],
)
def test_the_query_that_is_handed_out_gives_the_same_list(query: str, visit: Visit, client: TestClient) -> None:
    page = visit(f"/recommendations?{query}")
    (editor,) = [link.attributes["href"] for link in page.all("a") if link.text == "SPARQL"]
    sparql = parse_qs(urlsplit(editor).query)["query"][0]
    answer = client.get("/sparql", params={"query": sparql}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert sorted({int(row["number"]) for row in csv.DictReader(io.StringIO(answer.text))}) == listed(page)


@pytest.mark.parametrize(
    "query", ["article=smuggling-protocol/article/25", "asked=iom", "theme=financial-investigation"]
)
def test_a_value_that_no_recommendation_has_is_still_a_value(query: str, visit: Visit) -> None:
    name = query.partition("=")[0]
    page = visit(f"/recommendations?{query}&section=VI")
    assert listed(page) == []
    assert [box.attributes["value"] for box in page.all("input", name=name, checked="")] == [query.partition("=")[2]]


def test_all_of_several_themes_can_be_asked_for(visit: Visit) -> None:
    one, other = (
        set(listed(visit(f"/recommendations?theme={name}"))) for name in ("criminalization", "awareness-raising")
    )
    page = visit("/recommendations?theme=criminalization&theme=awareness-raising&all=theme")
    assert listed(page) == sorted(one & other)
    assert 5 in listed(page)
    assert page.one("input", name="all", checked="").attributes["value"] == "theme"
    assert set(listed(visit("/recommendations?theme=criminalization&theme=awareness-raising"))) == one | other
    assert not visit("/recommendations").all("input", name="all")


def test_counts_of_a_filter_whose_values_must_all_hold_say_what_is_left(visit: Visit) -> None:
    chosen = "theme=criminalization&theme=awareness-raising&all=theme"
    page = visit(f"/recommendations?{chosen}")
    for box in page.all("input", type="checkbox", name="theme"):
        assert box.parent is not None
        expected = int(box.parent.one("span", "count").text)
        assert len(listed(visit(f"/recommendations?{chosen}&theme={box.attributes['value']}"))) == expected


def test_text_that_a_spreadsheet_would_run_is_guarded() -> None:
    from server.pages.tables import guarded

    assert [guarded(words) for words in ("=1+1", "+1", "-1", "@x", "States")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "States",
    ]


def test_a_change_leads_to_the_first_page_and_without_words_nothing_is_relevant() -> None:
    third = Selection(
        {"theme": ("return",)}, words="sea", sort="relevance", page=3, items=("a/1", "a/2"), numbers=(1, 2)
    )
    assert third.toggled("theme", "training").pairs() == [
        ("theme", "return"), ("theme", "training"), ("of", "a/1"), ("of", "a/2"), ("q", "sea"), ("sort", "relevance"),
    ]  # fmt: skip
    assert third.without_words().pairs() == [("theme", "return"), ("of", "a/1"), ("of", "a/2")]
    assert third.without_item("a/1").pairs()[1:] == [("of", "a/2"), ("q", "sea"), ("sort", "relevance")]


def test_links_that_follow_visitors_lead_where_they_lead_without(client: TestClient) -> None:
    followed = client.get("/recommendations?theme=return&utm_source=letter&fbclid=1&_ga=2&mc_cid=3")
    assert followed.status_code == 200
    assert followed.text == client.get("/recommendations?theme=return").text


@pytest.mark.parametrize("path", ["/articles", "/queries"])
def test_lists_that_are_whole_have_one_page_in_every_format(path: str, client: TestClient) -> None:
    for accepted in ("text/html", "text/turtle"):
        assert client.get(f"{path}?page=1", headers={"Accept": accepted}).status_code == 200
        assert client.get(f"{path}?page=2", headers={"Accept": accepted}).status_code == 400
