"""What `palermo add` proposes from mastheads of unlike forms, and what it leaves to a person."""

from __future__ import annotations

import pytest

from ingest.adding.guessing import Guess, Known, guess
from ingest.reference import lexicon, reference_quads, values_of_kind
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names, term

NAMES = Names(Base(DEFAULT_BASE))
BODY = "\n\n1. States should mark lights.\n\n2. States should keep them lit.\n"


@pytest.fixture(scope="module")
def known() -> Known:
    quads = list(reference_quads(NAMES))
    return Known(lexicon(NAMES), values_of_kind(quads, NAMES, "actor", term("rdfs:label")))


def values(guessed: Guess, *keys: str) -> list[str]:
    return [guessed.values[key].value if key in guessed.values else "" for key in keys]


MIGRANTS = "the Protocol against the Smuggling of Migrants by Land, Sea and Air"
VICTIMS = (
    "the Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children, supplementing "
    "that Convention"
)


@pytest.mark.parametrize(
    ("text", "meaning", "words"),
    [
        (f"1. It speaks of {MIGRANTS} (the Protocol).", "smuggling-protocol", "(the Protocol)"),
        (f"1. It speaks of {VICTIMS} (the Protocol).", "trafficking-protocol", "(the Protocol)"),
        (f"1. {MIGRANTS} (the Protocol).\n\n2. {MIGRANTS} (the Protocol).", "smuggling-protocol", "(the Protocol)"),
        (
            f"1. It speaks of {MIGRANTS} (the Protocol).\n\n2. It speaks of {VICTIMS} (the Protocol).",
            "",
            "defined as smuggling-protocol in line 3 and as trafficking-protocol in line 5: say which is meant",
        ),
    ],
)
def test_a_short_name_that_is_defined_as_two_things_is_left_to_a_person(
    known: Known, text: str, meaning: str, words: str
) -> None:
    proposal = guess(f"Report on two treaties\n\n{text}\n", "x.md", known).means["the Protocol"]
    assert (proposal.value, proposal.words) == (meaning, words)


CORRUPTION = "Conference of the States Parties to the United Nations Convention against Corruption"
CRIME = "the United Nations Convention against Transnational Organized Crime"


@pytest.mark.parametrize(
    ("masthead", "text", "meaning"),
    [
        (CORRUPTION, "It met.", "uncac"),
        (CORRUPTION, f"It spoke of {CRIME}.", "uncac"),
        ("Council of Lights", f"It spoke of {CRIME}.", "untoc"),
        ("Council of Lights", f"It spoke of {CRIME} and the United Nations Convention against Corruption.", None),
    ],
)
def test_the_convention_is_that_of_the_body_or_the_only_one(
    known: Known, masthead: str, text: str, meaning: str | None
) -> None:
    means = guess(f"{masthead}\n\nReport on lights\n\n1. {text}\n", "x.txt", known).means
    assert (means["the Convention"].value if "the Convention" in means else None) == meaning


@pytest.mark.parametrize(
    ("masthead", "issued"),
    [
        ("Council of Lights\n9 September–9 October 2024\n\nDistr.: General\n24 June 2024", "2024-06-24"),
        ("Council of Lights\nPort Lumen, 3 and 4 May 2023\n\n2 June 2023", "2023-06-02"),
        ("Council of Lights\n30 April to 4 May 2023\n\n2 June 2023", "2023-06-02"),
        ("Council of Lights\n\nPort Lumen, 3 and 4 May 2023", "2023-05-04"),
    ],
)
def test_the_day_of_issue_is_not_the_last_of_a_meeting_where_there_is_another(
    known: Known, masthead: str, issued: str
) -> None:
    assert values(guess(masthead + BODY, "x.txt", known), "issued") == [issued]


@pytest.mark.parametrize(
    ("masthead", "title"),
    [
        ("# Declaration of the Ministers of Lights\n\n## Preamble\n\nWe met.\n\n## Commitments", "Declaration of the Ministers of Lights"),
        ("E/RES/2023/77\n\n2023/77. Strengthening lights\n\nThe Economic and Social Council,", "Strengthening lights"),
        (
            "**REPORT OF THE CONFERENCE**\n\n**OF LIGHTS**\n\n**ON ITS TENTH SESSION**",
            "REPORT OF THE CONFERENCE OF LIGHTS ON ITS TENTH SESSION",
        ),
        ("## Lights of ships and of all that is at sea\n\n## Report of the Special Rapporteur on lights", "Lights of ships and of all that is at sea"),
        (
            "Human Rights Council\n\nReport of the Working Group on the Universal Periodic Review\n\nAzuria\n\nIntroduction",
            "Report of the Working Group on the Universal Periodic Review: Azuria",
        ),
    ],
)  # fmt: skip
def test_the_title_is_what_the_masthead_prints_as_one(known: Known, masthead: str, title: str) -> None:
    assert values(guess(masthead + BODY, "x.txt", known), "title") == [title]


def test_a_masthead_whose_lines_are_wrapped_names_its_body_and_its_resolution(known: Known) -> None:
    masthead = (
        "Conference of the Parties to the United Nations Convention\nagainst Transnational Organized Crime\n\n"
        "15 October 2020\n\nResolution 10/9\n\nMeasures against false lights\n\n"
        "The Conference of the Parties to the United Nations Convention\nagainst Transnational Organized Crime,"
    )
    found = guess(masthead + BODY, "x.txt", known, left_out=["2 V.20-05555", "CTOC/COP/2020/L.9/Rev.1"])
    assert values(found, "body", "kind", "title", "symbol") == [
        "conference-of-the-parties", "resolution", "Measures against false lights", "CTOC/COP/2020/L.9/Rev.1",
    ]  # fmt: skip
    assert found.actors == {}
