"""Treaties that no reference data list, and what else names one that they do."""

from __future__ import annotations

import pytest

from ingest.extraction import Lexicon, extract_text


def test_the_treaty_of_a_protocol_is_named_in_its_name(lexicon: Lexicon) -> None:
    text = "Ratify the Protocol of 1995 to the Harbour Inspection Convention and the Optional Protocol to the Convention on Ferries on a complaints procedure."
    found = extract_text(text, lexicon, "working-group").mentions
    assert [(one.span.cut(text), one.cites) for one in found if one.kind == "instrument"] == [
        ("Protocol of 1995 to the Harbour Inspection Convention", True),
        ("Harbour Inspection Convention", False),
        ("Optional Protocol to the Convention on Ferries on a complaints procedure", True),
        ("Convention on Ferries", False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Protocol III to the Harbour Inspection Treaty binds.", ["Protocol III to the Harbour Inspection Treaty", "Harbour Inspection Treaty"]),
        ("Ratify the Oslo Protocol on Crews to the Convention on Ferries.", ["Oslo Protocol on Crews to the Convention on Ferries", "Convention on Ferries"]),
        ("Ratify the Protocol amending the Single Convention on Narcotic Drugs, 1961, too.", ["Protocol amending the Single Convention on Narcotic Drugs, 1961", "Single Convention on Narcotic Drugs, 1961"]),
        ("Ratify the Additional Protocol to the Council of Europe Convention on Ferries.", ["Additional Protocol to the Council of Europe Convention on Ferries", "Council of Europe Convention on Ferries"]),
        ("Ratify the United Nations Convention against Transnational Organized Crime (UNTOC Convention).", ["United Nations Convention against Transnational Organized Crime (UNTOC Convention)"]),
        ("Ratify the Protocol to the Charter on Ferries on the Rights of Sailors.", ["Protocol to the Charter on Ferries on the Rights of Sailors", "Charter on Ferries"]),
    ],
)  # fmt: skip
def test_the_treaty_of_a_protocol_stands_where_its_own_name_does(
    lexicon: Lexicon, text: str, expected: list[str]
) -> None:
    found = extract_text(text, lexicon, "working-group").mentions
    assert [one.span.cut(text) for one in found if one.kind == "instrument"] == expected


def test_a_treaty_may_be_called_by_a_place_behind_its_name(lexicon: Lexicon) -> None:
    text = "Apply the Convention on Ferries and Crews (Convention of Porto do Sul)."
    found = extract_text(text, lexicon, "working-group").mentions
    assert [one.entity for one in found if one.kind == "instrument"] == [
        "id/instrument/convention-on-ferries-and-crews"
    ]


def test_a_short_name_behind_a_treaty_is_no_other_treaty(lexicon: Lexicon) -> None:
    text = "Apply the Convention for the Safety of Ferries and Crews (European Convention on Ferries)."
    found = extract_text(text, lexicon, "working-group").mentions
    assert [one.entity for one in found if one.kind == "instrument"] == [
        "id/instrument/convention-for-the-safety-of-ferries-and-crews"
    ]


def test_a_treaty_that_is_described_keeps_its_own_name(lexicon: Lexicon) -> None:
    text = "States should ratify the United Nations Convention against Transnational Organized Crime."
    found = extract_text(text, lexicon, "working-group")
    assert [one.entity for one in found.mentions if one.cites] == ["id/instrument/untoc"]


DESCRIBED = [
    ("article 19 of ICCPR", "international-covenant-on-civil-and-political-rights/article/19"),
    ("article 17 of the Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
     "convention-against-torture/article/17"),
    ("Optional Protocol to the Convention on the Rights of the Child on the sale of children, child prostitution and "
     "child pornography",
     "optional-protocol-to-the-convention-on-the-rights-of-the-child-on-the-sale-of-children-child-prostitution-and-"
     "child-pornography"),
    ("OPCAT", "optional-protocol-to-the-convention-against-torture"),
    ("1951 Convention relating to the Status of Refugees", "convention-relating-to-the-status-of-refugees"),
    ("Forced Labour Convention, 1930 (No. 29)", "forced-labour-convention"),
    ("2014 Protocol to the Forced Labour Convention", "protocol-of-2014-to-the-forced-labour-convention"),
    ("International Labour Organization (ILO) Convention No. 169", "indigenous-and-tribal-peoples-convention"),
    ("ILO Convention (No. 190)", "violence-and-harassment-convention"),
    ("Convention on the Prevention and Punishment of Crimes against Internationally Protected Persons, including "
     "Diplomatic Agents",
     "convention-on-the-prevention-and-punishment-of-crimes-against-internationally-protected-persons-including-"
     "diplomatic-agents"),
    ("Convention relating to the Status of Refugees (“the Refugee Convention”)",
     "convention-relating-to-the-status-of-refugees"),
    ("article 5 of the Convention on the Rights of the Child (CHILD)",
     "convention-on-the-rights-of-the-child/article/5"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), DESCRIBED, ids=[words[:40] for words, _ in DESCRIBED])
def test_a_treaty_of_human_rights_is_one_thing_under_its_names(lexicon: Lexicon, words: str, expected: str) -> None:
    text = f"States should apply the {words}."
    found = extract_text(text, lexicon, "working-group")
    assert [(one.span.cut(text), one.entity) for one in found.mentions if one.cites] == [
        (words, f"id/instrument/{expected}")
    ]


def test_the_committee_of_a_treaty_is_not_the_treaty(lexicon: Lexicon) -> None:
    text = "The Committee on the Rights of the Child (CRC) and the Committee against Torture met; CRC and CAT spoke."
    found = extract_text(text, lexicon, "working-group")
    assert [one for one in found.mentions if one.kind == "instrument"] == []


def test_a_text_gives_a_described_treaty_an_acronym(lexicon: Lexicon) -> None:
    text = "Under the Convention on the Rights of the Child (CROC), article 9 of CROC binds States."
    found = extract_text(text, lexicon, "working-group")
    assert {one.span.cut(text) for one in found.mentions if one.cites} == {
        "Convention on the Rights of the Child (CROC)",
        "article 9 of CROC",
    }
