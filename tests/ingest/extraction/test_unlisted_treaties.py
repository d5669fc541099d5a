"""Treaties that no reference data list: each sentence marks the names in it, with what each is called where that is not
all of its words."""

from __future__ import annotations

import re

import pytest

from ingest.extraction import Lexicon, extract_text
from tests.ingest.extraction.marks import plain, with_marks

CHILD = "convention-on-the-rights-of-the-child"
CASES = [
    f"States should implement [article 12 of the Convention on the Rights of the Child|{CHILD}/article/12].",
    "States should ratify the [Convention on the Rights of the Child] and the [Optional Protocol to the Convention "
    "against Torture].",
    "Under the [United Nations Convention on the Law of the Sea|convention-on-the-law-of-the-sea], States should help.",
    "The [Arms Trade Treaty] and Member States may help.",
    "States parties to the [International Covenant on Civil and Political Rights], Member States and others may help.",
    "States should apply the [Small Boats Convention] of June 1999.",
    "Ratify the [Ferries and Harbours Convention], 2019 (No. 190), and the [Council of Europe Convention on Ferries].",
    "The [Convention on Ferries], ILO and others: the [UN Convention on Ferries|convention-on-ferries] and any ILO "
    "Convention may help.",
    "Ratify the [World Ports Organization Framework Convention on Ferry Control].",
    "Under the [Convention on Ferries] the Ferries Act was amended; its article 7 may help.",
    "Guided by the [Charter of the United Nations], and under [Article 19 of the United Nations "
    "Charter|charter-of-the-united-nations/article/19], States should help.",
    "Acting under [Chapter VII of the Charter of the United Nations|charter-of-the-united-nations/chapter/7], and "
    "recalling its role under the [Charter|charter-of-the-united-nations],",
    "States parties to the [Harbour Agreement] and to the [Agreement on the Safety of Ferries] may help.",
    "Enact laws that bring into force the [Convention on the Safety of Ferries] in Norwegian waters.",
    "Apply [article 1 of the Convention against Delay and other Slow, Late or Missing "
    "Ferries|convention-against-delay-and-other-slow-late-or-missing-ferries/article/1] and other treaties.",
    "Ratify [ILO Convention No. 131] and the [Ferry Agreement between Norway and the Republic of Iceland] on ports.",
    "The fourth [Harbour Convention relative to the Safety of Crews] and the [Convention against Delay in Ports] "
    "adopted by it.",
    "Ratify the [Optional Protocol to the Convention on Ferries on a complaints procedure], the [Optional Protocol to "
    "the Convention on Ferries on the safety of crews in cold water] and the [Protocol to the Convention on Ferries] "
    "on the same day.",
    "The [Convention Relating to the Safety of Ferries] may help.",
    # a protocol with its number or year, also to a treaty that reference data list
    "Ratify [Protocol No. 7 to the Convention on Ferries], the [Protocol of 1999 to the Harbour Convention], and the "
    "[Protocol to the Vienna Convention on Consular Relations on the arrest of crews].",
    "Ratify the [Safety for Ferries Convention (Revised)], 1949 (No. 97), and the [Ferries (Northern Ports) "
    "Convention], 1975 (No. 143).",
    "Apply the [Council of Europe Convention on preventing delays at sea and in ports (Harbour "
    "Convention)|council-of-europe-convention-on-preventing-delays-at-sea-and-in-ports], and [article 3 of the "
    "Harbour Convention|council-of-europe-convention-on-preventing-delays-at-sea-and-in-ports/article/3].",
    # a name with small words, with a list, with its body, with a word like "supplementary"
    "Ratify the [Convention on Help in the Case of a Ferry Accident], the [Convention on Objects Launched into "
    "Harbour Water] and the [Nagasaki-Kobe Supplementary Protocol].",
    "Apply the [Harbour Community of Northern Ports Convention on Ferries, Their Crews and Other Related Persons]; "
    "ferries sail.",
    "Ratify [ILO Convention 131|ilo-convention-no-131] and [Convention No. 94|ilo-convention-no-94] of the ILO.",
    "Apply the [Convention of Vila do Porto] and the [2004 Protocol to the Harbour Convention].",
    "Apply the [Treaty on Ferries, Ports and Crews between Norway and the Republic of Iceland] of 31 May 1997.",
    # what a text calls a treaty that it names in full
    "Ratify the [Convention on Ferries (COF)|convention-on-ferries] and apply [article 5 of "
    "COF|convention-on-ferries/article/5].",
    "Under the [Agreement on Ferries] (hereinafter “the [Agreement|agreement-on-ferries]”), [article 6 of the "
    "Agreement|agreement-on-ferries/article/6] may help.",
    # no name: an acronym of two things
    "The [Convention on Ferries (COF)|convention-on-ferries] and the Committee on Ferries (COF) may help, and so may "
    "COF.",
    # no names: "the Charter" where another charter is named too, and a treaty without its subject
    "The Charter is like the [Harbour Charter] and the Supplementary Agreement.",
    # a list with commas, parentheses, "in" and "Particularly" in a name; whose activities it governs
    "Under the [Convention on the Building, Repair, Sale and Use of Electric Ferries and on Their Disposal], States "
    "may help.",
    "The [Convention on Hydraulic (Water) and Steam Engines], Member States and others may help.",
    "The [Agreement on Access to Ports, Public Ferries and Safety in Coastal Towns] and the [Convention to Protect "
    "Lakes and/or Rivers, Particularly in Africa], may help.",
    "The [Treaty on Rules Governing the Ferries of States in Latin America and the Caribbean] may help.",
    "The [Status of Crews Agreement] and the [Oslo Convention of 29 May 1993 on Ferries] may help.",
    # a protocol by its number, also where it is additional; a second one that has no other name is none
    "The [Amended Protocol III], its Second Protocol and the [Protocol II Additional to the Harbour Conventions of 12 "
    "June 1950, and relating to the Crews of Ferries], may help.",
    # what a second "of the" goes on with, an article of another text behind "and", a short name in quotation marks
    "Ratify the [Convention for the Suppression of Tolls and of the Exploitation of the Work of Crews] and the [Ferry "
    "Treaty].",
    "Recalling [article 2 of the Charter of the Harbour League|charter-of-the-harbour-league/article/2] and Article 4 of "
    "the Rules,",
    "The [1969 Convention Governing the Safety of Ferries|convention-governing-the-safety-of-ferries] may help.",
    "Apply the [Convention on Tolls, “Convention of Porto do Sul”|convention-on-tolls], and [article 3 of the Convention "
    "of Porto do Sul|convention-on-tolls/article/3].",
    # two places with a dash between them
    "The [Oslo – Porto Ferry Convention on Tolls] and the [Oslo – Porto Harbour Treaty] may help.",
    # a name in title case goes on over small words as long as its list does
    "The [Protocol for the Prohibition of Wet, Cold or other Ferries, and of Wooden Ships of War], and the "
    "[Treaty on Rules Governing the Use of Open Water, including the Bay and Other Coastal Waters], may help.",
    "The [Convention on Bays of Great Importance, especially as Gull Habitat], and the [Treaty Banning Ferries in the "
    "Harbour, in Open Water and under Water], may help.",
    "The [Convention on Tolls, Search, Seizure and Confiscation of the Proceeds from Smuggling and on Crews] and the "
    "[Convention on the Ban of the Import into Norway and the Control of Movement of Waste within Norway] may help.",
    "The [Agreement on the Rescue of Crews, the Return of Crews and the Return of Boats Lost at Sea], the [Convention on "
    "Access to Ports, Public Participation in Toll-making and Access to Courts] and the [Convention against Making "
    "Ferries, Tolls, and Other Related Goods] may help.",
    "The [Convention for the Protection of Crews with regard to Automatic Counting of Heads] and the [Oslo Agreement "
    "Establishing the Ferry Organization] may help.",
    # where a sentence goes on instead
    "Under the [Convention on Ferries], including [Article 5|convention-on-ferries/article/5] and Other rules, and of Norwegian ports, States may help.",
    "The [Convention on Tolls], including the Kingdom of Norway and Sweden, the Harbour Board and the Office of the "
    "Mayor, and of States Parties, may help.",
    "The provisions of the [Convention on Ferries] and of the Harbour Code, and the [Convention on Tolls], in Oslo and in "
    "Porto, especially as Norway joined, with regard to Norway, may help.",
    # a protocol that changes a treaty; the year behind a treaty is in no stub's name
    "Apply the [1972 Protocol Amending the Harbour Convention|protocol-amending-the-harbour-convention], the [1995 "
    "Additional Protocol Providing for a System of Tolls|additional-protocol-providing-for-a-system-of-tolls] and the "
    "[Protocol of 2014 to the Forced Labour Convention, 1930 (No. 29)|protocol-of-2014-to-the-forced-labour-convention].",
    # a short name in parentheses and quotation marks, with its number in a series; such a number ends a subject
    "Ratify the [Convention on Ferries (CETS No. 12, “Oslo Convention”)|convention-on-ferries] and the [Oslo "
    "Convention|convention-on-ferries].",
    "Ratify the [Treaty on Tolls (“the Porto Treaty”)|treaty-on-tolls], the [Treaty on Crews (the “Kobe "
    "Treaty”)|treaty-on-crews] and the [Additional Protocol concerning the counting of crews in cold water] (ETS No. 14).",
    "Ratify the [Convention (No. 5) concerning the Protection of Crews|ilo-convention-no-5].",
    # no names: a kind of treaty, and one that is to be made
    "The proposed Convention on Ferries and the draft Convention on Tolls may help.",
    "Each Convention and the Optional Protocol, and any Draft Treaty, may help.",
]


def slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


@pytest.mark.parametrize("marked", CASES)
def test_a_treaty_that_nobody_described_is_cited_by_its_name(lexicon: Lexicon, marked: str) -> None:
    text = plain(marked)
    cited = [
        (one.span, one.entity.removeprefix("id/instrument/"))
        for one in extract_text(text, lexicon, "working-group").mentions
        if one.cites
    ]
    assert with_marks(text, [(span, path if path != slug(span.cut(text)) else "") for span, path in cited]) == marked


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
