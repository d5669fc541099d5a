"""Questions 4, 5, 11 and 15: who is addressed, asked and named."""

from __future__ import annotations

import pytest

from tests.queries.conftest import Asker, columns, numbers
from tests.queries.reading import addressees, with_theme

# Directives that ask to act by force 5, 4, 3, 2, 1 and without one; how many ask only to consider; the median of the
# first. Counted in the text, those of `CONSIDER` (test_questions_on_strength) apart:
# States parties: 44 of force 5 but for 11, 28 and 83 (twice) that name nobody, 22, 30, 55, 58 to States, 85 and 86 to organs.
ADDRESSED = {
    "states-parties": (31, 12, 3, 6, 0, 0, 24, "5"),
    # 22, 30, 55, 58 · 57, 82 · 51, 59 to 62, 63, 83 · 63; consider: 22, 30, 63, 82
    "states": (2, 1, 0, 6, 1, 0, 4, "2"),
    # 85 · 89, 90 recommended, both "consider"
    "conference-of-the-parties": (1, 0, 0, 0, 0, 0, 2, "5"),
    # 91 · 80, 83 requested
    "unodc": (1, 0, 0, 0, 0, 2, 0, "5"),
    # 46, 70 requested: no force, so no median
    "secretariat": (0, 0, 0, 0, 0, 2, 0, "none"),
    # 86 should, 87 may wish: an even number with unlike middles
    "working-group": (1, 0, 0, 1, 0, 0, 0, "2 to 5"),
    "countries-of-origin-transit-and-destination": (0, 1, 0, 0, 0, 0, 0, "4"),  # 72
    "international-organizations": (0, 0, 0, 0, 1, 0, 0, "1"),  # 54
    "states-not-yet-parties": (0, 0, 0, 0, 0, 0, 1, "none"),  # 30
    "states-parties-with-common-borders": (1, 0, 0, 0, 0, 0, 0, "5"),  # 71
}
COUNTS = ("force5", "force4", "force3", "force2", "force1", "noForce", "considerOnly")


def test_who_is_addressed_how_often_and_how_strongly(ask: Asker) -> None:
    rows = ask("who-is-addressed")
    found = {row["addressee"]: (*(int(row[name]) for name in COUNTS), row["median"]) for row in rows}
    assert found == ADDRESSED
    assert all(int(row["directives"]) == sum(int(row[name]) for name in COUNTS) for row in rows)
    assert [row["addressee"] for row in rows][:2] == ["states-parties", "states"], "Who is addressed most comes first."


ACTIONS = {
    # to act: 60, 62 (may wish), 64 (encouraged); to consider: 13, 18 "setting up", 33, 47, 63, 82
    "establish": ("3", "6", "4"),
    # to act: 23, 38 "call upon", 40, 41 "call on", 63, 83; to consider: 12
    "request": ("6", "1", "5"),
    # 31 "establish as criminal offences"; to consider: 10
    "criminalize": ("1", "1", "5"),
    "ratify": ("0", "1", "none"),  # 30
    "raise-awareness": ("0", "2", "none"),  # 5, 13
}


def test_what_states_are_asked_to_do_and_how_strongly(ask: Asker) -> None:
    rows = {row["action"]: row for row in ask("what-are-states-asked-to-do")}
    for action, expected in ACTIONS.items():
        assert (rows[action]["toAct"], rows[action]["onlyToConsider"], rows[action]["strongest"]) == expected, action
    assert "collect" in rows, "39: States parties should collect and share"
    assert not {"deliver", "disseminate", "organize"} & rows.keys(), "41, 87: somebody else is to be asked for it"


def test_what_another_actor_is_asked_to_do(ask: Asker) -> None:
    rows = ask("what-are-states-asked-to-do", actor="id/actor/unodc")
    # 80 "continue its efforts to assist", 83 "do an assessment", 91 "continue to promote"
    assert {row["action"] for row in rows} == {"assist", "assess", "promote"}


def test_directives_that_name_nobody(ask: Asker) -> None:
    # 11 "measures should therefore be put in place", 28 "risks should be constantly assessed",
    # 83 "The global report should include", "The report should also include"
    rows = ask("which-directives-name-nobody")
    assert numbers(rows) == [11, 28, 83, 83]
    assert rows[1]["words"] == "To that effect, risks should be constantly assessed prior to and during investigations"


def test_what_unodc_is_asked_has_four_honest_parts(ask: Asker) -> None:
    rows = ask("what-is-unodc-asked")
    assert rows[1]["words"] == (
        "The Working Group requests UNODC to do an assessment of the resource implications of the preparation of such a report"
    )
    assert columns(rows, "way", "recommendation", "through") == [
        ("1 directly", "80", "-"),
        ("1 directly", "83", "-"),  # "requests UNODC to do an assessment"
        ("1 directly", "91", "-"),  # "States parties and UNODC should"
        ("2 through others", "38", "states-parties"),
        ("2 through others", "40", "states-parties"),
        ("2 through others", "41", "states-parties"),
        ("2 through others", "83", "states"),  # "States may wish to request UNODC to collect"
        ("3 as the Secretariat of the Conference", "46", "-"),
        ("3 as the Secretariat of the Conference", "70", "-"),
        ("3 as the Secretariat of the Conference", "87", "working-group"),
        ("4 only named", "51", "-"),  # to be informed
        ("4 only named", "81", "-"),  # developed the voluntary reporting system
        ("4 only named", "84", "-"),  # its digest and its portal
    ]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("secretariat", [("1 directly", "46"), ("1 directly", "70"), ("2 through others", "87")]),
        ("interpol", [("4 only named", "39"), ("4 only named", "53")]),
        ("civil-society", [("2 through others", "63"), ("4 only named", "25"), ("4 only named", "92")]),
    ],
)
def test_the_same_question_about_another_actor(ask: Asker, actor: str, expected: list[tuple[str, str]]) -> None:
    rows = ask("what-is-unodc-asked", actor=f"id/actor/{actor}")
    assert columns(rows, "way", "recommendation") == expected


def test_organizations_initiatives_and_tools_with_their_roles_and_who_keeps_a_tool(ask: Asker) -> None:
    rows = ask("which-organizations-and-tools-are-named")
    roles = {(row["named"], int(row["recommendation"])): row["role"] for row in rows}
    assert len(roles) == len(rows)
    named = [
        ("bali-process", 81), ("global-migration-group", 54), ("icao", 10), ("interpol", 39), ("interpol", 53), ("iom", 83),
        ("unodc", 51), ("unodc", 81), ("unodc", 84), ("digest-of-organized-crime-cases", 84),
        ("directory-of-competent-national-authorities", 51), ("interpol-databases", 39), ("interpol-databases", 53),
        ("sherloc", 84), ("voluntary-reporting-system", 81),
    ]  # fmt: skip
    assert roles == dict.fromkeys(named, "named") | {
        **dict.fromkeys([("unodc", number) for number in (38, 40, 41)], "asked"),
        **dict.fromkeys([("unodc", number) for number in (80, 91)], "addressed"),
        ("unodc", 83): "addressed and asked",
    }
    keepers = {row["named"]: row["keptBy"] for row in rows if row["kind"] == "Tool"}
    assert (keepers["interpol-databases"], keepers["sherloc"]) == ("interpol", "unodc")


# Whom the text says to turn to: 12 "requesting technical assistance from other States parties or regional or international
# organizations"; 38 "call upon appropriate partners, including … UNODC"; 40, 41; 63 "request the assistance of international
# intergovernmental organizations and civil society"; 83; 23 "request States to exchange"; 87 "request the Secretariat".
ASKED = {
    12: {"states-parties", "regional-organizations", "international-organizations"},
    23: {"states"},
    38: {"unodc"},
    40: {"unodc"},
    41: {"unodc"},
    63: {"international-organizations", "civil-society"},
    83: {"unodc"},
    87: {"secretariat"},
}
NO_STATES = {"secretariat", "unodc", "conference-of-the-parties", "working-group", "international-organizations"}


@pytest.mark.parametrize("theme", ["technical-assistance", "training"])
def test_technical_assistance_and_training_and_from_whom(ask: Asker, theme: str) -> None:
    rows = [row for row in ask("which-ask-for-technical-assistance-or-training") if row["theme"] == theme]
    expected: set[tuple[int, str, str]] = set()
    for number in with_theme(theme):
        asked = {(number, "asked", actor) for actor in ASKED.get(number, set())}
        told = {(number, "addressed", actor) for actor in addressees(number) & NO_STATES if number != 87}
        expected |= asked | told or {(number, "not named", "-")}
    assert {(int(row["recommendation"]), row["way"], row.get("from", "-")) for row in rows} == expected
