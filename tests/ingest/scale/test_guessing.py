"""What `palermo add` proposes from mastheads of unlike forms, and what it leaves to a person."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.adding.guessing import Guess, Known, guess, slug_of
from ingest.document import Metadata
from ingest.extraction import Lexicon
from ingest.formats.text import readable
from ingest.reading import parse
from ingest.reference import known_meetings, reference_quads, values_of_kind
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names, term

NAMES = Names(Base(DEFAULT_BASE))
MEETING = "# Recommendations of the Working Group on the Smuggling of Migrants, held in Vienna {}\n\n1. States met.\n"
BODY = "\n\n1. States should mark lights.\n\n2. States should keep them lit.\n"


@pytest.fixture(scope="module")
def known(corpus_lexicon: Lexicon) -> Known:
    quads = list(reference_quads(NAMES))
    actors = values_of_kind(quads, NAMES, "actor", term("rdfs:label"))
    return Known(corpus_lexicon, actors, tuple(known_meetings(quads, NAMES)))


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
        (f"1. It speaks of {MIGRANTS} (the Protocol).\n\n2. It speaks of {VICTIMS} (the Protocol).", "",
         "defined as smuggling-protocol in line 3 and as trafficking-protocol in line 5: say which is meant"),
    ],
)  # fmt: skip
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
        ("Council of Lights\n\nPort Lumen, 3 May 2023", "2023-05-03"),
        ("Council of Lights\n\nPort Lumen, 3 and 4 May 2023", ""),
        ("Council of Lights\nTenth session\nPort Lumen, 29 April–4 May 2023", ""),
    ],
)
def test_the_day_of_issue_is_not_the_last_of_a_meeting(known: Known, masthead: str, issued: str) -> None:
    assert values(guess(masthead + BODY, "x.txt", known), "issued") == [issued]


@pytest.mark.parametrize(
    ("masthead", "kind"),
    [
        ("Council of Lights\n\nA/CL/2/Corr.1\n\n# Report of the Council of Lights", "corrigendum"),
        ("Council of Lights\n\n# Report of the Council of Lights\n\n# Corrigendum", "corrigendum"),
        ("Council of Lights\n\nA/CL/2/Rev.1\n\n# Report of the Council of Lights", "report"),
    ],
)
def test_a_corrigendum_is_told_by_its_symbol_or_its_name(known: Known, masthead: str, kind: str) -> None:
    assert values(guess(f"{masthead}\n\n3 May 2023{BODY}", "x.txt", known), "kind") == [kind]


def test_a_text_without_a_masthead_has_no_title(known: Known) -> None:
    assert values(guess(BODY, "ferries.md", known), "title", "slug") == ["", "ferries"]


@pytest.mark.parametrize(
    ("masthead", "title"),
    [
        ("# Declaration of the Ministers of Lights\n\n## Preamble\n\nWe met.\n\n## Commitments", "Declaration of the Ministers of Lights"),
        ("E/RES/2023/77\n\n2023/77. Strengthening lights\n\nThe Economic and Social Council,", "Strengthening lights"),
        ("**REPORT OF THE CONFERENCE**\n\n**OF LIGHTS**\n\n**ON ITS TENTH SESSION**",
         "REPORT OF THE CONFERENCE OF LIGHTS ON ITS TENTH SESSION"),
        ("## Lights of ships and of all that is at sea\n\n## Report of the Special Rapporteur on lights", "Lights of ships and of all that is at sea"),
        ("Human Rights Council\n\nReport of the Working Group on the Universal Periodic Review\n\nAzuria\n\nIntroduction",
         "Report of the Working Group on the Universal Periodic Review: Azuria"),
    ],
)  # fmt: skip
def test_the_title_is_what_the_masthead_prints_as_one(known: Known, masthead: str, title: str) -> None:
    assert values(guess(masthead + BODY, "x.txt", known), "title") == [title]


OTHERS = [
    (
        "a working group without the meeting on which it reports",
        "# Report of the Working Group on Ferries on its third meeting, held in Lagos\n\n4 April 2022\n\n1. It met.\n",
        {"issuer": "working-group-on-ferries"},
    ),
    (
        "the committee whose report has its title above and speaks of the period of a budget",
        "# General Assembly\n\n# Financing of a mission: budget for the period from 1 July 2026 to 30 June 2027\n\n"
        "# Report of the Advisory Committee on Ferries and Harbours\n\n1 May 2026\n\nContents\n\n"
        "I. Resolutions ........ 5\n\n14/1. Ferries ........ 5\n\n# Observations for the period from 1 July 2026 to "
        "30 June 2027\n\n1. The Advisory Committee recommends that the mission be smaller.\n",
        {
            "title": "Financing of a mission: budget for the period from 1 July 2026 to 30 June 2027",
            "issuer": "advisory-committee-on-ferries-and-harbours",
            "the Advisory Committee": "advisory-committee-on-ferries-and-harbours",
            "meetings": "",
        },
    ),
    (
        "a masthead in capitals",
        "UNITED NATIONS\n\nGeneral Assembly\n\nDistr. GENERAL\n5 May 2009\n\nHUMAN RIGHTS COUNCIL\nWorking Group on the "
        "Universal Periodic Review\n\nSUMMARY PREPARED BY THE OFFICE OF THE HIGH COMMISSIONER, IN ACCORDANCE WITH\n"
        "PARAGRAPH 15 OF THE ANNEX\n\n## Ruritania\\*\n\n\\* Not edited.\n\n## I. BACKGROUND\n\n1. Ruritania has ferries.\n",
        {
            "body": "human-rights-council",
            "issuer": "working-group-on-the-universal-periodic-review",
            "title": "SUMMARY PREPARED BY THE OFFICE OF THE HIGH COMMISSIONER, IN ACCORDANCE WITH PARAGRAPH 15 OF THE ANNEX: "
            "Ruritania",
        },
    ),
    ("a draft, which has the kind of what it becomes, while prose says no kind",
     "S/2021/7\n\n3 March 2021\n\n**Syldavia and Borduria: draft resolution**\n\n*The Security Council,*\n\n*Having "
     "considered* the report on quays,\n\n1. *Decides* to mend the quays and the steps.\n", {"kind": "resolution"}),
    ("a second meeting in a year, which gets a name of its own", MEETING.format("from 4 to 6 March 2013"), {"meetings": "som-wg-2013-03"}),
    ("a period of years, which is no meeting", MEETING.format("from 4 May 2016 to 6 May 2018"), {"meetings": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_a_masthead_of_another_form_is_read(known: Known, text: str, expected: dict[str, str]) -> None:
    found = guess(text, "x.md", known)
    said = {key: one.value for key, one in (found.values | found.means).items()}
    said["meetings"] = " ".join(meeting.slug for meeting in found.meetings)
    assert {key: said[key] for key in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "Guidance on quays\n\nAssembly of Ports\n\nDistr.: General\n3 March 2021\n\nQuays rust.\n\nStates should mend the quays.\n",
        "Assembly of Ports\n\nDistr.\n\nGENERAL\n\nOriginal: English\n\n3 March 2021\n\nGuidance on quays\n\nQuays rust and the sea is rough.\n",
        "# Guidance on quays\n\nAssembly of Ports\n\n3 March 2021\n\n## Background\n\nQuays rust and the sea is rough.\n",
        "Guidance\non quays\n\nAssembly of Ports\n\nStates should mend the quays and the steps.\n\nVienna, 3 March 2021\n",
    ],
)
def test_a_masthead_above_paragraphs_without_numbers_is_read_wherever_its_title_stands(known: Known, text: str) -> None:
    text = readable(text)
    found = guess(text, "x.txt", known)
    assert values(found, "title", "body", "issued") == ["Guidance on quays", "assembly-of-ports", "2021-03-03"]
    document = parse(text, Metadata("guidance", "Guidance on quays", date(2021, 3, 3), "en", "assembly-of-ports"))
    assert "Assembly of Ports" in document.masthead.lines
    assert not any(one.text == "Assembly of Ports" for one in document.texts)


@pytest.mark.parametrize(
    ("opening", "body"),
    [
        ("The Sixty-sixth Assembly of Ports, Having considered the report on quays;", "assembly-of-ports"),
        ("The Assembly of Ports,\n\nHaving considered the report on quays,", "assembly-of-ports"),
        ("THE ASSEMBLY OF PORTS,\n\nRecalling Article 15.b of its statute,", "assembly-of-ports"),
        ("The Conference of the Parties,\n\nRecalling its decision 1/CP.17,", ""),
    ],
)
def test_the_body_that_speaks_is_read_from_its_formula_where_no_masthead_names_it(
    known: Known, opening: str, body: str
) -> None:
    text = f"# WHA66.9 Quays\n\n{opening}\n\n1. URGES States to mend quays.\n"
    assert values(guess(text, "x.md", known), "body", "kind", "symbol", "title") == [
        body, "resolution", "WHA66.9", "Quays",
    ]  # fmt: skip
    document = parse(text, Metadata("quays", "Quays", date(2013, 5, 27), "en", "forum-of-ports", kind="resolution"))
    assert document.texts[0].kind == "preamble"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Comité des ports", "comite-des-ports"), ("Совет портов", "sovet-portov"), ("港口委员会", "name-54546f25")],
)
def test_a_name_in_other_letters_is_a_slug_of_latin_ones(name: str, slug: str) -> None:
    assert slug_of(name) == slug


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
