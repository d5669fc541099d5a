"""Questions 1, 2, 3 and 17: which recommendations concern which provisions, in the text and by judgement."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.queries.conftest import Asker, Row, columns
from tests.queries.reading import (
    CITED,
    CONVENTION,
    OF_2013,
    PROTOCOL,
    addressees,
    article,
    is_part,
    related,
    section,
    themes,
)

ARTICLES = {PROTOCOL: 25, CONVENTION: 41}
"""How many articles the treaties have."""


def citing(whole: str) -> list[tuple[int, str]]:
    return [(number, cited) for number, cited in CITED if is_part(cited, whole)]


def relating(whole: str) -> list[tuple[int, str]]:
    return [(int(row["recommendation"]), row["provision"]) for row in related() if is_part(row["provision"], whole)]


def expected_cells(instrument: str, keys_of: Callable[[int], set[str]]) -> dict[tuple[str, str, str], set[int]]:
    """The recommendations in every cell, from the reader's citations and the judged rows: article, key, standing."""
    cells: dict[tuple[str, str, str], set[int]] = {}
    for standing, links in (("cited", citing(instrument)), ("related", relating(instrument))):
        for number, provision in links:
            if (whole := article(provision)) is not None:
                for key in keys_of(number):
                    cells.setdefault((whole, key, standing), set()).add(number)
    return cells


PARAGRAPHS_OF_6 = [
    ("33", f"{PROTOCOL}/article/6/paragraph/1", "article 6, paragraph 1, of the Smuggling of Migrants Protocol"),
    ("33", f"{PROTOCOL}/article/6/paragraph/3", "article 6, paragraph 3, of the Protocol"),
]


@pytest.mark.parametrize(
    ("provision", "expected"),
    [
        # "the offences mentioned in article 6, paragraph 1, …, in addition to … article 6, paragraph 3, of the Protocol";
        # "the crimes set forth in article 6 of the Protocol"
        (f"{PROTOCOL}/article/6", [*PARAGRAPHS_OF_6, ("53", f"{PROTOCOL}/article/6", "article 6 of the Protocol")]),
        (f"{PROTOCOL}/article/6/paragraph/1", PARAGRAPHS_OF_6[:1]),
        (f"{PROTOCOL}/article/16", [("24", f"{PROTOCOL}/article/16/paragraph/5", "article 16, paragraph 5, of the Smuggling of Migrants Protocol")]),
        # 19 cites the chapter and article 8 is in it; the chapter is not counted for its articles
        (f"{PROTOCOL}/chapter/2", [("19", f"{PROTOCOL}/chapter/2", "chapter II of the Protocol"),
                                   ("51", f"{PROTOCOL}/article/8", "article 8 of the Smuggling of Migrants Protocol")]),
        (f"{PROTOCOL}/article/7", []),
        # "articles 32 and 37 of the Convention": the two are told apart
        (f"{CONVENTION}/article/32", [("91", f"{CONVENTION}/article/32", "articles 32")]),
        (f"{CONVENTION}/article/37", [("91", f"{CONVENTION}/article/37", "37 of the Convention")]),
    ],
)  # fmt: skip
def test_recommendations_that_cite_a_provision(
    ask: Asker, provision: str, expected: list[tuple[str, str, str]]
) -> None:
    rows = ask("which-recommendations-cite-an-article", provision=f"id/instrument/{provision}")
    assert columns(rows, "recommendation", "cited", "words") == expected


@pytest.mark.parametrize("instrument", [PROTOCOL, CONVENTION, "vccr"])
def test_every_citation_of_an_instrument_is_one_that_a_reader_finds(ask: Asker, instrument: str) -> None:
    rows = ask("which-recommendations-cite-an-article", provision=f"id/instrument/{instrument}")
    assert sorted((int(row["recommendation"]), row["cited"]) for row in rows) == sorted(citing(instrument))


@pytest.mark.parametrize(
    "provision",
    [f"{PROTOCOL}/article/16", f"{PROTOCOL}/article/18", f"{PROTOCOL}/chapter/2", f"{CONVENTION}/article/20"],
)
def test_cited_and_related_are_told_apart(ask: Asker, provision: str) -> None:
    rows = ask("which-recommendations-concern-an-article", provision=f"id/instrument/{provision}")
    for standing, expected in (("cited", citing(provision)), ("related", relating(provision))):
        found = [(int(row["recommendation"]), row["concerned"]) for row in rows if row["standing"] == standing]
        assert sorted(found) == sorted(expected)


def test_only_editors_links_have_a_reason(ask: Asker) -> None:
    rows = ask("which-recommendations-concern-an-article")
    reasons = {(row["recommendation"], row["provision"]): row["reason"] for row in related()}
    for row in rows:
        link = (row["recommendation"], row["concerned"])
        assert row.get("reason") == (reasons[link] if row["standing"] == "related" else None)


def test_provisions_that_are_cited_and_where(ask: Asker) -> None:
    for given, instrument in (({}, CONVENTION), ({"instrument": f"id/instrument/{PROTOCOL}"}, PROTOCOL)):
        rows = ask("which-provisions-are-cited", **given)
        assert sorted((int(row["recommendation"]), row["provision"]) for row in rows) == sorted(set(citing(instrument)))
    # a paragraph is shown with the title of its article
    titles = {row["provision"]: row.get("title") for row in rows}
    assert titles[f"{PROTOCOL}/article/16/paragraph/5"] == "Protection and assistance measures"


@pytest.mark.parametrize(
    ("instrument", "cited"), [(PROTOCOL, {6, 8, 10, 16, 18}), (CONVENTION, {20, 32, 37})], ids=[PROTOCOL, CONVENTION]
)
def test_articles_that_no_recommendation_cites(ask: Asker, instrument: str, cited: set[int]) -> None:
    rows = ask("which-articles-are-never-cited", instrument=f"id/instrument/{instrument}")
    found = [int(row["article"].rpartition("/")[2]) for row in rows]
    assert found == [number for number in range(1, ARTICLES[instrument] + 1) if number not in cited]
    for row in rows:
        expected = {number for number, _ in relating(row["article"])}
        assert int(row["relatedRecommendations"]) == len(expected)


@pytest.mark.parametrize("instrument", [PROTOCOL, CONVENTION])
def test_articles_that_nothing_concerns(ask: Asker, instrument: str) -> None:
    rows = ask("which-articles-does-nothing-concern", instrument=f"id/instrument/{instrument}")
    touched = {article(provision) for _, provision in citing(instrument) + relating(instrument)}
    everything = [f"{instrument}/article/{number}" for number in range(1, ARTICLES[instrument] + 1)]
    assert [row["article"] for row in rows] == [each for each in everything if each not in touched]


TABLES: dict[str, tuple[str, Callable[[int], set[str]]]] = {
    "which-articles-in-which-section": ("section", lambda number: {f"section/{section(number)}"}),
    "which-articles-at-which-meeting": (
        "meeting",
        lambda number: {"som-wg-2013" if number in OF_2013 else "som-wg-2012"},
    ),
    "which-articles-under-which-theme": ("theme", lambda number: set(themes()[number])),
    "which-articles-for-whom": ("addressee", lambda number: set(addressees(number))),
}


def shows_gaps(ask: Asker, rows: list[Row], instrument: str) -> None:
    """Asserts that a table has a row for every article, those that nothing concerns too."""
    gaps = [row["article"] for row in rows if row["standing"] == "neither"]
    nothing = ask("which-articles-does-nothing-concern", instrument=f"id/instrument/{instrument}")
    assert gaps == [row["article"] for row in nothing]
    assert {row["article"] for row in rows} == {f"{instrument}/article/{n}" for n in range(1, ARTICLES[instrument] + 1)}
    assert {row["recommendations"] for row in rows if row["standing"] == "neither"} <= {"0"}


@pytest.mark.parametrize("instrument", [PROTOCOL, CONVENTION])
@pytest.mark.parametrize("table", TABLES)
def test_every_cell_of_a_table_of_articles_and_its_gaps(ask: Asker, table: str, instrument: str) -> None:
    column, keys_of = TABLES[table]
    rows = ask(table, instrument=f"id/instrument/{instrument}")
    shows_gaps(ask, rows, instrument)
    cells = [row for row in rows if row["standing"] != "neither"]
    found = {
        (row["article"], row[column], row["standing"]): [int(each) for each in row["inRecommendations"].split(", ")]
        for row in cells
    }
    expected = expected_cells(instrument, keys_of)
    assert found == {cell: sorted(inside) for cell, inside in expected.items()}
    assert len(found) == len(cells)
    assert all(int(row["recommendations"]) == len(row["inRecommendations"].split(", ")) for row in cells)


def test_articles_by_strength_of_language(ask: Asker) -> None:
    for instrument in ARTICLES:
        rows = ask("which-articles-how-strongly", instrument=f"id/instrument/{instrument}")
        shows_gaps(ask, rows, instrument)
    cells = {
        (row["article"].rpartition("/")[2], row["modality"]): row["inRecommendations"]
        for row in ask("which-articles-how-strongly")
        if row["standing"] == "cited"
    }
    assert cells == {
        ("6", "may-wish"): "33",
        ("6", "encouraged"): "53",
        ("8", "should"): "51",  # States parties should notify …
        ("8", "may-wish"): "51",  # … States may wish to inform UNODC
        ("10", "should"): "83",
        ("10", "may-wish"): "83",
        ("10", "requested"): "83",
        ("16", "should"): "24",
        ("16", "may-wish"): "24",
        ("18", "encouraged"): "79",
    }
