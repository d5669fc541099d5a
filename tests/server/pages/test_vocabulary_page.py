"""The page of the vocabulary: a diagram, and an example that exists for every class and property."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.server.pages.tree import Visit


def test_the_diagram_says_in_words_what_it_shows_and_its_boxes_are_links(visit: Visit) -> None:
    figure = visit("/ontology").one("figure", "diagram")
    summary = figure.one("svg").attributes["aria-label"]
    assert "Recommendation cites Provision" in summary
    assert "Recommendation has directive Directive" in summary
    hrefs = figure.hrefs
    assert {"#Recommendation", "#Directive", "#cites", "#relatesTo"} <= hrefs


def test_what_only_editors_state_is_dashed_in_the_diagram(visit: Visit) -> None:
    dashed = visit("/ontology").one("figure", "diagram").all("path", "arrow-judged")
    assert len(dashed) == 2


def test_every_class_and_property_has_an_example_and_the_examples_exist(visit: Visit, client: TestClient) -> None:
    terms = visit("/ontology").all("div", "term")
    hrefs = set()
    for each in terms:
        example = [part for part in each.all("span") if part.text.startswith("for example")]
        assert example or "0 things" in each.text or "0 statements" in each.text, each.one("h3").text
        hrefs |= {
            link.attributes["href"]
            for part in example
            for link in part.all("a")
            if link.attributes["href"].startswith("/")
        }
    assert len(terms) > 80
    dead = [href for href in sorted(hrefs) if client.head(href, headers={"Accept": "text/html"}).status_code != 200]
    assert not dead


def test_the_example_of_a_property_says_where_it_leads(visit: Visit) -> None:
    term = next(each for each in visit("/ontology").all("div", "term") if each.one("h3").attributes["id"] == "theme")
    assert "/doc/theme/" in str([link.attributes["href"] for link in term.all("a")])
