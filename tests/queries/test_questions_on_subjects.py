"""Questions 6, 12, 13, 14 and 16: what recommendations are about."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.queries.conftest import Asker, columns
from tests.queries.reading import CITED, PROTOCOL, is_part, related, section, themes, with_theme

PROTECTION = {
    *("human-rights", "life-and-safety", "vulnerable-persons", "refugees-and-asylum-seekers", "consular-assistance"),
    *("access-to-justice-and-services", "return"),
}
PROTECTIVE = (
    *(f"{PROTOCOL}/article/{number}" for number in (5, 9, 16, 18, 19)),
    "untoc/article/24",
    "untoc/article/25",
)


def links(*wholes: str) -> set[tuple[int, str, str]]:
    """Recommendation, ground and provision of every link to one of some provisions or a part of it."""
    found = {(number, "cited", provision) for number, provision in CITED}
    found |= {(int(row["recommendation"]), "related", row["provision"]) for row in related()}
    return {link for link in found if any(is_part(link[2], whole) for whole in wholes)}


def grounds(rows: list[dict[str, str]]) -> set[tuple[int, str, str]]:
    assert len({tuple(sorted(row.items())) for row in rows}) == len(rows)
    return {(int(row["recommendation"]), row["ground"], row["what"]) for row in rows}


def test_protection_outside_section_iii(ask: Asker) -> None:
    expected = {(number, "theme", theme) for number, given in themes().items() for theme in given & PROTECTION}
    expected |= links(*PROTECTIVE)
    rows = ask("which-bear-on-protection-outside-section-iii")
    assert grounds(rows) == {link for link in expected if section(link[0]) != "III"}
    assert all(row["section"] == f"section/{section(int(row['recommendation']))}" for row in rows)


def test_women_children_refugees_and_young_people(ask: Asker) -> None:
    rows = ask("which-concern-women-children-refugees")
    assert sorted(columns(rows, "group", "recommendation", "named")) == [
        ("children", "20", "unaccompanied-minors"), ("children", "20", "women-with-children"),
        ("children", "27", "children"), ("children", "29", "children"),
        # item (a): "such as children, including unaccompanied children"
        ("children", "90", "children"), ("children", "90", "unaccompanied-minors"),
        ("refugees-and-asylum-seekers", "26", "refugees-and-asylum-seekers"),
        ("unaccompanied-minors", "20", "unaccompanied-minors"), ("unaccompanied-minors", "90", "unaccompanied-minors"),
        ("women", "20", "pregnant-women"), ("women", "20", "women-with-children"), ("women", "27", "women"),
        ("women", "29", "women"), ("young-people", "7", "young-people"),
    ]  # fmt: skip


# The words in the text: 19 "by sea", "a vessel"; 50 and 51 "by sea"; 90 in its item (d). And for return: 21 "voluntary return",
# 22 "repatriating", 27, 29, 35 (of a witness), 63 "returning", 76, 79 "orderly return".
WORDS = {
    "sea": {(19, "19"), (50, "50"), (51, "51"), (90, "90/item/d")},
    "return": {(number, str(number)) for number in (21, 22, 27, 29, 35, 63, 76, 79)},
}


@pytest.mark.parametrize(("subject", "whole"), [("sea", f"{PROTOCOL}/chapter/2"), ("return", f"{PROTOCOL}/article/18")])
def test_four_grounds_for_concerning_the_sea_or_return(ask: Asker, subject: str, whole: str) -> None:
    expected = {(number, "theme", subject) for number in with_theme(subject)}
    expected |= links(whole)
    expected |= {(number, "words", where) for number, where in WORDS[subject]}
    question = "which-concern-the-sea" if subject == "sea" else "which-concern-return"
    assert grounds(ask(question)) == expected


# Tools and liaison officers that the text names.
NAMED_CHANNELS = {
    8: {"liaison-officers"},
    39: {"interpol-databases"},
    51: {"directory-of-competent-national-authorities"},
    53: {"interpol-databases"},
    77: {"liaison-officers"},
    81: {"voluntary-reporting-system"},
    84: {"digest-of-organized-crime-cases", "sherloc"},
}
CHANNELS = {"multi-agency-centres", "liaison-officers", "joint-investigation", "informal-cooperation"}


def test_information_sharing_and_its_channels(ask: Asker) -> None:
    expected: set[tuple[int, str, str]] = set()
    for number in with_theme("information-exchange"):
        found = {(number, "text", channel) for channel in NAMED_CHANNELS.get(number, set())}
        found |= {(number, "theme", channel) for channel in themes()[number] & CHANNELS}
        expected |= found or {(number, "none", "-")}
    rows = ask("which-ask-for-information-sharing")
    assert {(int(row["recommendation"]), row["known"], row.get("channel", "-")) for row in rows} == expected
    assert len(rows) == len(expected)


def test_themes_that_occur_together(ask: Asker) -> None:
    expected: dict[tuple[str, str], list[int]] = {}
    for number, given in sorted(themes().items()):
        for pair in combinations(sorted(given), 2):
            expected.setdefault((pair[0], pair[1]), []).append(number)
    rows = ask("which-themes-occur-together")
    assert {
        (row["theme"], row["other"]): [int(each) for each in row["inRecommendations"].split(", ")] for row in rows
    } == expected
    assert all(int(row["recommendations"]) == len(expected[row["theme"], row["other"]]) for row in rows)
    assert [int(row["recommendations"]) for row in rows] == sorted(map(len, expected.values()), reverse=True)
