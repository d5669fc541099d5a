"""Questions 7, 8 and 9: how strong the language is, what is only to be considered, and escape clauses."""

from __future__ import annotations

import pytest

from tests.queries.conftest import Asker, columns, numbers
from tests.queries.reading import OF_2013

COUNTS = ("force5", "force4", "force3", "force2", "force1", "noForce", "considerOnly", "directives")

# Counted in the text, modal by modal, of those that ask to act: force 5, 4, 3, 2, 1, none; then those that ask only to
# consider; all; and the median of those that ask to act and have a force. The considering ones are in CONSIDER.
SECTIONS = {
    # 5 6 7 8 9 | 10: could, may wish | 11: should, should | 12: should, may wish | 13: three times may wish | 14 15 invited
    "II": (5, 0, 2, 2, 0, 0, 7, 16, "5"),
    # should: 16, 17 twice, 19 twice, 20, 21, 22, 24, 26, 27, 28 twice, 29; may wish: 18, 23, 24, 25
    "III": (13, 0, 0, 1, 0, 0, 4, 18, "5"),
    # urged: 30; should: 31, 32, 36 to 39, 43, 44; encouraged: 42; may wish: 33, 34, 35, 40, 41; may: 45; requested: 46
    "IV": (7, 1, 0, 2, 0, 1, 6, 17, "5"),
    # should: 48, 51, 52, 55, 56, 58, 68, 69, 71; encouraged: 50, 53, 57, 64, 66, 72, 73, 75 to 79, 81;
    # may wish: 51, 59 to 62, 63, 67, 68, 74; could, may: 47, 49, 54, 63, 65; requested: 70, 80
    "V": (8, 12, 0, 6, 2, 2, 8, 38, "4"),
    # 82 encouraged; 83: may wish, should, should, requests; 84: should consider, and [should] support
    "VI": (3, 0, 0, 1, 0, 1, 2, 7, "5"),
    # should: 85, 86, 91; may wish: 87, 88; recommended: 89, 90; invited: 92
    "VII": (3, 0, 1, 1, 0, 0, 3, 8, "5"),
}
MEETINGS = {"som-wg-2012": (29, 3, 0, 12, 2, 1, 21, 68, "5"), "som-wg-2013": (10, 10, 3, 1, 0, 3, 9, 36, "4")}
# A recommendation stands here once for each of its directives that only ask to consider. 32 "consider them to be distinct
# crimes" and 11 "bear in mind" do not; of the two of 84, "consider using …" and "support and contribute …", the first.
CONSIDER = [
    5, 9, 10, 10, 12, 13, 13, 18, 22, 24, 25, 30, 33, 34, 35, 44, 45, 47, 49, 52, 63, 65, 68, 74, 81, 82, 84, 88, 89, 90,
]  # fmt: skip

# Words that bound a member only are no escape clause: 17 "including legislation, if necessary," and "legal assistance when
# …", 21 "and, where applicable, their options", 29 "and, where relevant, the social welfare authorities", 31 "and, as
# appropriate, strengthen", 35 "including, where appropriate, through", 68 "and, where appropriate, to share".
ESCAPES = {
    "where-appropriate": [12, 29, 36, 63, 64, 77, 92],
    "in-accordance-with-national-law": [42, 43, 45, 64, 68, 74, 75, 92],
    "where-necessary": [66],
    "where-relevant": [68],
    "consistent-with-domestic-systems": [71],
}
CONDITIONS = {
    "upon-request": [46],
    "with-consent-of-the-individual": [29],
    "in-accordance-with-international-law": [29, 50],
    "national-sovereignty-and-solidarity": [76],
    "to-the-fullest-extent-possible": [50, 55],
}


def test_strength_by_section(ask: Asker) -> None:
    rows = ask("how-strong-is-each-section")
    found = {row["section"]: (*(int(row[name]) for name in COUNTS), row["median"]) for row in rows}
    assert found == {f"section/{number}": counts for number, counts in SECTIONS.items()}
    assert [row["section"] for row in rows] == [f"section/{number}" for number in SECTIONS], "In reading order."


def test_strength_by_meeting(ask: Asker) -> None:
    rows = ask("how-strong-is-each-meeting")
    found = {row["meeting"]: (*(int(row[name]) for name in COUNTS), row["median"]) for row in rows}
    assert found == MEETINGS


def test_sections_and_meetings_count_the_same_directives() -> None:
    for place in range(len(COUNTS)):
        by_section = sum(int(counts[place]) for counts in SECTIONS.values())
        assert by_section == sum(int(counts[place]) for counts in MEETINGS.values())


def test_directives_that_ask_only_to_consider(ask: Asker) -> None:
    rows = ask("which-directives-ask-only-to-consider")
    assert numbers(rows) == CONSIDER
    assert all("consider" in row["words"] for row in rows)
    assert {row["meeting"] for row in rows if int(row["recommendation"]) in OF_2013} == {"som-wg-2013"}


def test_considering_is_apart_from_strength(ask: Asker) -> None:
    strong = [row for row in ask("which-directives-ask-only-to-consider") if row.get("force") == "5"]
    assert columns(strong, "recommendation", "operativeWords") == [
        ("9", "should consider"),
        ("22", "should consider"),
        ("30", "should be urged to consider"),
        ("44", "should consider"),
        ("52", "should consider"),
        ("84", "should consider"),
    ]


@pytest.mark.parametrize(
    ("heading", "clauses"),
    [("escape-clause", ESCAPES), ("condition", CONDITIONS), ("where-necessary", {"where-necessary": [66]})],
)
def test_clauses_below_a_heading(ask: Asker, heading: str, clauses: dict[str, list[int]]) -> None:
    rows = ask("which-carry-an-escape-clause", qualifier=f"id/qualifier/{heading}")
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["clause"], []).append(int(row["recommendation"]))
    assert found == clauses
