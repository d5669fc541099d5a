"""Pages of actors, tools, themes, groups, meetings, modalities and qualifiers, and their lists."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.server.pages.tree import Visit

THEMES = Path(__file__).parents[3] / "ingest" / "editorial" / "som-wg-2015" / "themes.csv"


@pytest.mark.parametrize(
    ("path", "way", "name"),
    [
        ("theme/sea", "Part of", "International cooperation"),
        ("theme/international-cooperation", "Includes", "Smuggling by sea"),
        ("actor/unodc", "The same in other vocabularies", "United Nations Office on Drugs and Crime (Wikidata)"),
        ("actor/civil-society", "See also, in other vocabularies", "civil society (UNBIS)"),
        ("theme/visas", "Close to, in other vocabularies", "visas (UNBIS)"),
    ],
)
def test_a_thing_leads_to_its_like_here_and_elsewhere(path: str, way: str, name: str, visit: Visit) -> None:
    margin = visit(f"/doc/{path}").one("aside", "margin").text
    assert name in margin.partition(way)[2]


def test_a_wide_theme_holds_what_its_narrower_ones_hold(visit: Visit) -> None:
    narrow = set(visit("/doc/theme/sea").section("recommendations").numbers())
    wide = set(visit("/doc/theme/international-cooperation").section("recommendations").numbers())
    assert narrow
    assert narrow < wide


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [
        # where: 29, 35, 36, 63, 64, 68, 92; as: 12, 31, 77
        ("where-appropriate", ["where appropriate 7", "as appropriate 3"]),
        # 42, 43, 68, 92; 45, 74; 75; 64
        (
            "in-accordance-with-national-law",
            [
                "in accordance with national legislation 4",
                "in accordance with national law 2",
                "in accordance with domestic law 1",
                "in accordance with domestic legislation 1",
            ],
        ),
        ("escape-clause", []),
    ],
)
def test_a_qualifier_lists_its_words_each_with_a_place(qualifier: str, expected: list[str], visit: Visit) -> None:
    links = visit(f"/doc/qualifier/{qualifier}").one("aside", "margin").all("a", "verbatim")
    found = [link.parent for link in links]
    assert [each.text for each in found if each is not None] == expected
    for link in links:
        assert visit(link.attributes["href"]).one("mark").text.lower() == link.text


def test_what_asks_only_to_consider_has_bars_of_its_own_and_no_part_in_the_median(visit: Visit) -> None:
    # 30 "States that have not yet done so should be urged to consider ratifying"
    table = visit("/doc/actor/states-not-yet-parties").one("table", "distribution")
    assert "median" not in table.one("caption").text
    (row,) = table.one("tbody").all("tr")
    assert row.one("th").text == "urged, only to consider"
    assert row.all("svg", "hollow")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/actors", ["UNODC", "INTERPOL", "States parties"]),
        ("/tools", ["SHERLOC"]),
        ("/themes", ["Return", "Root causes"]),
        ("/groups", ["Pregnant women"]),
        ("/instruments", ["Smuggling of Migrants Protocol", "Vienna Convention on Consular Relations"]),
        ("/qualifiers", ["Upon request"]),
        ("/actions", ["Criminalize", "Take into account"]),
    ],
)
def test_a_list_has_its_things(path: str, names: list[str], visit: Visit) -> None:
    found = {link.text.lower() for link in visit(path).one("main").all("a")}
    assert {name.lower() for name in names} <= found


def test_modalities_are_listed_from_the_strongest_down(visit: Visit) -> None:
    rows = visit("/modalities").one("main").one("tbody").all("tr")
    strengths = [row.one("span", "strength").text for row in rows]
    assert strengths == (
        ["strength 5 of 5"] * 2 + ["strength 4 of 5", "strength 3 of 5", "strength 2 of 5"]
        + ["strength 1 of 5"] * 2 + ["not on the scale"] * 2
    )  # fmt: skip


def test_actors_are_listed_by_kind_organizations_first(visit: Visit) -> None:
    assert [heading.text for heading in visit("/actors").one("main").all("h2")] == [
        "Organizations and initiatives",
        "Bodies of the United Nations and of conferences",
        "States",
        "Authorities, professions and society",
    ]


def test_themes_that_occur_together_are_a_picture_with_a_link_for_every_pair(visit: Visit) -> None:
    picture = visit("/themes").one("svg", "together")
    cells = [link for link in picture.all("a") if link.all("rect")]
    links = {link.attributes["aria-label"]: link.attributes["href"] for link in cells}
    assert "Awareness-raising and Criminalization: recommendations 5, 13" in links
    assert links["Detention and Consular assistance: recommendation 24"].endswith("/paragraph/24")
    assert "Crime prevention policy and Root causes: recommendations 6, 14" in links
    assert "pairs of themes occur together" in picture.attributes["aria-label"]
    assert len(links) == len(cells)


@pytest.mark.parametrize("theme", ["return", "consular-assistance", "sea"])
def test_a_theme_lists_the_themes_its_recommendations_share_most_frequent_first(theme: str, visit: Visit) -> None:
    with THEMES.open(encoding="utf-8", newline="") as table:
        given = [(row["recommendation"], row["theme"]) for row in csv.DictReader(table)]
    having = {recommendation for recommendation, slug in given if slug == theme}
    shared = Counter(slug for recommendation, slug in given if recommendation in having and slug != theme)
    margin = visit(f"/doc/theme/{theme}").one("aside", "margin")
    shown = [
        (item.all("a")[0].attributes["href"].rpartition("/")[2], int(item.one("a", "count").text.split()[0]))
        for item in margin.all("li")
        if item.all("a", "count") and "/doc/theme/" in item.all("a")[0].attributes["href"]
    ]
    assert shown
    for number in margin.all("a", "count"):
        found = visit(number.attributes["href"]).one("p", role="status").text
        assert found.startswith(f"{number.text.split()[0]} of "), number.attributes["href"]
    assert all(shared[slug] == count for slug, count in shown)
    assert [count for _, count in shown] == sorted(shared.values(), reverse=True)[: len(shown)]
