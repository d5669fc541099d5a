"""Pages of articles, chapters and instruments: who cites them, who concerns them, and where the official text is."""

from __future__ import annotations

import pytest

from tests.server.pages.tree import Visit

PROTOCOL, CONVENTION = "/doc/instrument/smuggling-protocol", "/doc/instrument/untoc"


def test_related_recommendations_are_listed_once_each_with_all_of_its_reasons(visit: Visit) -> None:
    """Some are related to two paragraphs of the article."""
    section = visit(f"{PROTOCOL}/article/16").section("related")
    lines, numbers = section.one("ol", "lines").all("li", "line"), section.numbers()
    assert lines
    assert all(line.all("div", "judgement") for line in lines)
    assert len(numbers) == len(set(numbers)) < len(section.all("div", "judgement"))


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


def test_the_list_of_articles_has_all_and_counts_a_chapter_that_is_cited_as_a_whole_for_itself(visit: Visit) -> None:
    """Two cite article 6 of the Protocol; 19 "Taking into account chapter II of the Protocol"."""
    page = visit("/articles")
    tables = [[row for row in table.all("tr") if row.all("th", scope="row")] for table in page.all("table", "articles")]
    assert {25, 41} <= {len(rows) for rows in tables}
    row = next(row for row in tables[0] if row.all("a")[0].text == "6")
    assert row.one("td", "cited").text == "2"
    (chapter,) = (row for row in page.all("tr", "chapter") if row.all("td"))
    assert ("Chapter II" in chapter.text, chapter.one("td", "cited").text) == (True, "1")
    entry = next(each for each in visit(PROTOCOL).all("li", "contents-chapter") if each.one("a").text == "Chapter II")
    assert entry.one("b").text.startswith("1")


def test_home_has_a_cell_for_each_of_the_66_articles_which_tells_cited_from_related_in_words(visit: Visit) -> None:
    cells = [cell.one("a") for grid in visit("/").all("ol", "cells") for cell in grid.all("li")]
    assert len(cells) >= 66
    assert all(cell.attributes["href"].startswith("/doc/instrument/") for cell in cells)
    cell = next(cell for cell in cells if cell.attributes["href"] == f"{PROTOCOL}/article/6")
    assert cell.text.startswith("Article 6Criminalization, cited by 2, related to")


def test_a_paragraph_has_a_summary_of_its_own_and_an_article_those_of_its_paragraphs(visit: Visit) -> None:
    summary = visit(f"{PROTOCOL}/article/16/paragraph/5").one("section", "summary")
    article = visit(f"{PROTOCOL}/article/16")
    words = summary.all("p")[0].text
    assert words != article.one("section", "summary").all("p")[0].text
    assert words in article.section("parts").text
