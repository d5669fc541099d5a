"""Pages of articles, chapters and instruments: who cites them, who concerns them, and where the official text is."""

from __future__ import annotations

import pytest

from tests.server.pages.tree import Visit

PROTOCOL, CONVENTION = "/doc/instrument/smuggling-protocol", "/doc/instrument/untoc"


def test_related_recommendations_are_apart_and_have_reasons(visit: Visit) -> None:
    section = visit(f"{PROTOCOL}/article/16").section("related")
    assert "Suggested by a language model, not reviewed" in section.text
    lines = section.one("ol", "lines").all("li", "line")
    assert lines
    assert all(line.all("div", "judgement") for line in lines)


@pytest.mark.parametrize(
    ("article", "series", "record"),
    [
        (f"{PROTOCOL}/article/16", "UNTS vol. 2241, p. 507", "mtdsg_no=XVIII-12-b"),
        (f"{CONVENTION}/article/18", "UNTS vol. 2225, p. 209", "mtdsg_no=XVIII-12&"),
    ],
)
def test_article_says_where_the_official_text_is(visit: Visit, article: str, series: str, record: str) -> None:
    margin = visit(article).one("aside", "margin")
    assert series in margin.text
    assert any("treaties.un.org" in href and record in href for href in (a.attributes["href"] for a in margin.all("a")))


def test_a_chapter_lists_its_articles(visit: Visit) -> None:
    found = visit(f"{PROTOCOL}/chapter/2").all("li", "contents-article")
    assert [entry.one("a").text for entry in found] == ["Article 7", "Article 8", "Article 9"]


def test_list_of_articles_has_all_41_and_all_25(visit: Visit) -> None:
    tables = visit("/articles").all("table", "articles")
    counts = [
        len([row for body in table.all("tbody") for row in body.all("tr") if row.all("th", scope="row")])
        for table in tables
    ]
    assert {25, 41} <= set(counts)


def test_list_of_articles_counts_two_citations_of_article_6_of_the_protocol(visit: Visit) -> None:
    protocol = visit("/articles").all("table", "articles")[0]
    row = next(row for row in protocol.all("tr") if row.all("a") and row.all("a")[0].text == "6")
    assert row.one("td", "cited").text == "2"


def test_a_chapter_that_is_cited_as_a_whole_counts_for_itself_where_it_stands(visit: Visit) -> None:
    # 19 "Taking into account chapter II of the Protocol"
    (chapter,) = (row for row in visit("/articles").all("tr", "chapter") if row.all("td"))
    assert "Chapter II" in chapter.text
    assert chapter.one("td", "cited").text == "1"
    entry = next(each for each in visit(PROTOCOL).all("li", "contents-chapter") if each.one("a").text == "Chapter II")
    assert entry.one("b").text.startswith("1")


def test_home_has_a_cell_for_each_of_the_66_articles_and_each_is_a_link(visit: Visit) -> None:
    cells = [cell for grid in visit("/").all("ol", "cells") for cell in grid.all("li")]
    assert len(cells) >= 66
    assert all(cell.one("a").attributes["href"].startswith("/doc/instrument/") for cell in cells)


def test_home_tells_cited_from_related_in_words(visit: Visit) -> None:
    cell = next(link for link in visit("/").all("a", "cell") if link.attributes["href"] == f"{PROTOCOL}/article/6")
    assert cell.text.startswith("Article 6Criminalization, cited by 2, related to")


def test_a_recommendation_related_to_two_paragraphs_of_an_article_is_listed_once_with_both_reasons(
    visit: Visit,
) -> None:
    section = visit(f"{PROTOCOL}/article/16").section("related")
    numbers = section.numbers()
    assert len(numbers) == len(set(numbers))
    judgements = section.all("div", "judgement")
    assert len(judgements) > len(numbers)
    assert "/about#correct" in section.hrefs


def test_a_paragraph_has_a_summary_of_its_own_and_an_article_those_of_its_paragraphs(visit: Visit) -> None:
    summary = visit(f"{PROTOCOL}/article/16/paragraph/5").one("section", "summary")
    article = visit(f"{PROTOCOL}/article/16")
    words = summary.all("p")[0].text
    assert words != article.one("section", "summary").all("p")[0].text
    assert words in article.section("parts").text
