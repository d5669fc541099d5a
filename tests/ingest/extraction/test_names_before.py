"""A short name behind one treaty that the same text names in full means that treaty; behind two it stays open."""

from __future__ import annotations

import pytest

from ingest.document import Span
from ingest.extraction import Lexicon, extract_text
from ingest.extraction.citations import find_citations

CHILD = "convention-on-the-rights-of-the-child"
DISABILITIES = "convention-on-the-rights-of-persons-with-disabilities"
WORKERS = (
    "international-convention-on-the-protection-of-the-rights-of-all-migrant-workers-and-members-of-their-families"
)
COMPLAINTS = "optional-protocol-to-the-convention-on-the-rights-of-the-child-on-a-communications-procedure"
WOMEN = "convention-on-the-elimination-of-all-forms-of-discrimination-against-women"


def named(text: str, lexicon: Lexicon, means: dict[str, str] | None = None) -> list[tuple[str, str, bool]]:
    """Words, treaty and whether it was inferred, of each treaty that a text names."""
    found = extract_text(text, lexicon, "working-group", means or {}).mentions
    treaties = [each for each in found if each.kind == "instrument"]
    return [(each.span.cut(text), each.entity.rpartition("/")[2], each.is_inferred) for each in treaties]


@pytest.mark.parametrize(
    ("text", "words", "treaty"),
    [
        ("The Convention on the Rights of the Child is in force. The Convention protects children.", "Convention", CHILD),
        ("States ratified the Ferry Convention. The said Convention counts ferries.", "Convention", "ferry-convention"),
        ("The Statute of the Harbour Court binds all. Under the Statute, it sits.", "Statute", "statute-of-the-harbour-court"),
        # a protocol's name holds that of its treaty
        ("The Optional Protocol to the Convention on the Rights of the Child on a communications procedure is new. Under "
         "the Convention, States report.", "Convention", CHILD),
        # the one protocol of a treaty; which of two the text says
        (f"Ratify the {'Convention on the Elimination of All Forms of Discrimination against Women'} and the Optional "
         "Protocol thereto.", "Optional Protocol thereto", f"optional-protocol-to-the-{WOMEN}"),
        ("Accede to the Convention relating to the Status of Refugees of 28 July 1951 and its Protocol of 1967.",
         "Protocol of 1967", "protocol-relating-to-the-status-of-refugees"),
        ("Accede to the 1951 Convention relating to the Status of Refugees and its 1967 Protocol.",
         "1967 Protocol", "protocol-relating-to-the-status-of-refugees"),
        ("Accede to the Convention against Torture and its Optional Protocol.",
         "Optional Protocol", "optional-protocol-to-the-convention-against-torture"),
        ("Accede to the International Covenant on Civil and Political Rights and its second Optional Protocol.",
         "second Optional Protocol", "second-optional-protocol-to-the-international-covenant-on-civil-and-political-rights"),
        ("Recalling the Convention on the Rights of the Child and the Optional Protocol thereto on the sale of children,",
         "Optional Protocol thereto",
         "optional-protocol-to-the-convention-on-the-rights-of-the-child-on-the-sale-of-children-child-prostitution-and-child-pornography"),
        ("Abide by the provisions of the 1951 Convention relating to the Status of Refugees and of its 1967 Protocol.",
         "1967 Protocol", "protocol-relating-to-the-status-of-refugees"),
        # a treaty and its protocol by the years that reference data have of both, or of the protocol behind
        ("Norway acceded to the 1951 Convention or to the 1967 Protocol, in Oslo.",
         "1951 Convention", "convention-relating-to-the-status-of-refugees"),
        ("Norway acceded to the 1951 Convention and 1967 Protocol.",
         "1967 Protocol", "protocol-relating-to-the-status-of-refugees"),
        ("Norway acceded to the 1951 Convention and to the 1967 Protocol relating to the Status of Refugees.",
         "1951 Convention", "convention-relating-to-the-status-of-refugees"),
        # the one treaty that the text names has one protocol
        ("Ratify the Convention against Torture, and consider signing its Optional Protocol.",
         "Optional Protocol", "optional-protocol-to-the-convention-against-torture"),
        # a number or a year tells the protocol of a treaty apart that reference data do not list, also of several
        ("The Convention on Ferries, and Additional Protocol I thereto, bind.",
         "Additional Protocol I thereto", "additional-protocol-i-to-the-convention-on-ferries"),
        ("Ratify the Convention on Ferries and its 1988 Protocol.",
         "1988 Protocol", "1988-protocol-to-the-convention-on-ferries"),
        ("Ratify the Harbour Conventions of 12 August 1949 and the Protocol No. 3 thereto.",
         "Protocol No. 3 thereto", "protocol-no-3-to-the-harbour-conventions"),
        # the second is never meant without its number
        ("Accede to the International Covenant on Civil and Political Rights and its Optional Protocol.",
         "Optional Protocol", "optional-protocol-to-the-international-covenant-on-civil-and-political-rights"),
        # the optional protocol that it named so; a year
        ("Accede to the Convention against Torture and the Optional Protocol thereto. The Optional Protocol is new.",
         "Optional Protocol", "optional-protocol-to-the-convention-against-torture"),
        ("Recalling the 1951 Convention and the 1967 Protocol relating to the Status of Refugees,",
         "1951 Convention", "convention-relating-to-the-status-of-refugees"),
        ("The Convention relating to the Status of Refugees binds. Apply the 1951 Convention.",
         "1951 Convention", "convention-relating-to-the-status-of-refugees"),
        ("The Ferry Convention is new. Since the entry into force of the Convention for the State party, ferries float.",
         "Convention", "ferry-convention"),
        ("The Convention against Torture binds. The Optional Protocol to the Convention does too.",
         "Optional Protocol to the Convention", "optional-protocol-to-the-convention-against-torture"),
    ],
)  # fmt: skip
def test_a_short_name_means_the_one_treaty_named_before(
    corpus_lexicon: Lexicon, text: str, words: str, treaty: str
) -> None:
    assert (words, treaty, True) in named(text, corpus_lexicon)


@pytest.mark.parametrize(
    "text",
    [
        "The Convention on the Rights of the Child and UNCAC are in force. The Convention protects.",
        "The Convention on the Rights of the Child and the Ferry Convention bind. The Convention protects.",
        "The Convention protects. The Convention on the Rights of the Child does too.",
        "CRC is in force. Ratify CRC. The Convention protects.",
        "The Convention on the Rights of the Child binds. The Convention on Ferries does too.",
        "Accede to the Convention on the Rights of the Child and its Optional Protocol.",
        "Accede to the Convention on the Rights of the Child and the Optional Protocols thereto.",
        "The Convention on the Rights of the Child and its body; the Optional Protocol counts ferries.",
        "The Convention on the Rights of the Child binds. Apply the 1951 Convention.",
        "The Convention on Ferries and its Optional Protocol bind.",
        "The Harbour Conventions and the Protocols I and II thereto bind.",
        "The Convention on Ferries binds, and Protocol II counts ferries.",
    ],
)
def test_a_short_name_behind_two_treaties_or_none_is_read_as_neither(corpus_lexicon: Lexicon, text: str) -> None:
    assert not [each for each in named(text, corpus_lexicon) if each[2]]


def test_what_the_document_defines_stands(corpus_lexicon: Lexicon) -> None:
    text = "The Convention on the Rights of the Child is in force. The Convention protects."
    assert ("Convention", "untoc", False) in named(text, corpus_lexicon, {"the Convention": "untoc"})
    twice = (
        "The Ferry Protocol (the Protocol) and the Port Protocol (the Protocol) bind; article 9 of the Protocol too."
    )
    assert not [each for each in named(twice, corpus_lexicon) if each[2]]


def test_a_short_name_with_a_number_needs_no_article(corpus_lexicon: Lexicon) -> None:
    text = "Parties to Protocol V count ferries, as the Protocol says."
    assert named(text, corpus_lexicon, {"Protocol V": "ferry-protocol"}) == [
        ("Protocol V", "ferry-protocol", False),
        ("Protocol", "ferry-protocol", True),
    ]


def test_the_second_protocol_does_not_hold_the_first(corpus_lexicon: Lexicon) -> None:
    text = "Ratify the Second Optional Protocol to the International Covenant on Civil and Political Rights."
    assert [words for words, _, _ in named(text, corpus_lexicon)] == [
        "Second Optional Protocol to the International Covenant on Civil and Political Rights",
        "International Covenant on Civil and Political Rights",
    ]


def test_what_is_of_a_treaty_names_it_without_an_article(corpus_lexicon: Lexicon) -> None:
    text = "Violations of Covenant rights are reported. Covenant ships sail."
    means = {"the Covenant": "international-covenant-on-civil-and-political-rights"}
    assert named(text, corpus_lexicon, means) == [
        ("Covenant", "international-covenant-on-civil-and-political-rights", False)
    ]
    assert not named(text, corpus_lexicon)


def test_a_bare_article_is_of_the_one_treaty_that_the_document_defines(corpus_lexicon: Lexicon) -> None:
    text = "Ports report delays under article 12 (1). The Convention says so."
    found = extract_text(text, corpus_lexicon, "working-group", {"the Convention": "untoc"}).mentions
    articles = [(each.entity, each.is_inferred) for each in found if each.kind == "provision"]
    assert articles == [("id/instrument/untoc/article/12/paragraph/1", True)]


@pytest.mark.parametrize(
    ("text", "is_of_the_treaty"),
    [
        ("Ports are closed under article 12 where this is provided by law.", True),
        ("Article 12 binds, whatever the law of a State party says. Legislation on ferries follows.", True),
        ("Laws and regulations of harbours must meet article 12 and domestic criminal law.", True),
        ("Article 12 is carried out by the Ferries Act.", False),
        ("Law No. 5 repeats what article 12 says.", False),
        ("The Constitution of Norway was amended, and article 12 came into force.", False),
        ("The criminal code punishes captains; article 12 says how.", False),
        ("The new law on ferries is in force and article 12 closes ports.", False),
    ],
)
def test_law_as_such_names_no_law(corpus_lexicon: Lexicon, text: str, is_of_the_treaty: bool) -> None:
    found = extract_text(text, corpus_lexicon, "working-group", {"the Convention": "untoc"}).mentions
    articles = [each.entity for each in found if each.kind == "provision"]
    assert articles == ["id/instrument/untoc/article/12"] * is_of_the_treaty


def test_beside_another_law_it_is_only_in_parentheses(corpus_lexicon: Lexicon) -> None:
    text = "Under the Harbour Code, ports report delays (art. 12 (1)), and article 7 does not say how."
    found = extract_text(text, corpus_lexicon, "working-group", {"the Convention": "untoc"}).mentions
    articles = [(each.entity, each.is_inferred) for each in found if each.kind == "provision"]
    assert articles == [("id/instrument/untoc/article/12/paragraph/1", True)]
    two = {"the Convention": "untoc", "the Protocol": "smuggling-protocol"}
    assert not [each for each in extract_text(text, corpus_lexicon, "working-group", two).mentions if each.cites]


def test_a_provision_of_such_a_treaty_is_inferred_too(corpus_lexicon: Lexicon) -> None:
    text = "The Convention on the Rights of the Child is in force; article 12 of the Convention protects."
    found = extract_text(text, corpus_lexicon, "working-group")
    (article,) = [each for each in found.mentions if each.kind == "provision"]
    assert (article.entity, article.is_inferred) == (f"id/instrument/{CHILD}/article/12", True)
    assert article.span == Span(text.index("article 12"), text.index(" protects"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Article 30 of CRC protects.", [CHILD]),
        ("Norway ratified CEDAW in 1981.", [WOMEN]),
        ("Norway is a party to the ICCPR, CAT and CRC.", ["international-covenant-on-civil-and-political-rights", "convention-against-torture", CHILD]),
        ("CRC, CEDAW and ICCPR bind.", [CHILD, WOMEN, "international-covenant-on-civil-and-political-rights"]),
        ("Sign the Optional Protocol to the Convention against Torture and abide by CEDAW.", ["optional-protocol-to-the-convention-against-torture", "convention-against-torture", WOMEN]),
        ("The CAT and the Optional Protocol thereto bind.", ["convention-against-torture", "optional-protocol-to-the-convention-against-torture"]),
        ("Ratify ICCPR-OP 1, CAT, CRC and CEDAW.", ["optional-protocol-to-the-international-covenant-on-civil-and-political-rights", "convention-against-torture", CHILD, WOMEN]),
        ("CEDAW, art. 16, and CRC article 37 bind; so do articles 3 and 4 CAT.", [WOMEN, CHILD, "convention-against-torture"]),
        ("Crews are free, as set out by CEDAW.", [WOMEN]),
        ("Bring the law into line with the CRC and count ferries.", [CHILD]),
        ("Implement CEDAW and bring laws into line with CRC recommendations.", [WOMEN]),
        ("CEDAW recommended that Norway count its ferries. CRC and CRPD said so too.", []),
        ("All relevant bodies, CAT among them, met.", []),
    ],
)  # fmt: skip
def test_an_acronym_that_is_its_committees_too_is_the_treaty_where_the_words_say_so(
    corpus_lexicon: Lexicon, text: str, expected: list[str]
) -> None:
    assert [each[1] for each in named(text, corpus_lexicon)] == expected


def test_a_list_goes_on_with_the_body_named_before_its_noun(corpus_lexicon: Lexicon) -> None:
    text = "Recalling all relevant Human Rights Council resolutions, including resolutions 23/9 and 29/11,"
    found = extract_text(text, corpus_lexicon, "working-group", {"resolution": "ga"}).mentions
    assert [each.entity for each in found] == ["id/resolution/hrc-23-9", "id/resolution/hrc-29-11"]
    assert not find_citations(text, ()).provisions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ratify the Optional Protocol to ICESCR and CRPD.", ["optional-protocol-to-the-international-covenant-on-economic-social-and-cultural-rights"]),
        ("Ratify the Third Optional Protocol to the CRC on a communication procedure.", [COMPLAINTS]),
        ("Ratify the Optional Protocol to the Convention on the Rights of the Child on Communication Procedures.", [COMPLAINTS]),
        ("Ratify the Optional Protocol to the Convention on the Right of the Child on a Communications Procedure.", [COMPLAINTS]),
        ("Recalling the Convention against Torture, accede to the Optional Protocol to this Convention.", ["optional-protocol-to-the-convention-against-torture"]),
        ("Accede to the Convention relating to the Status of Refugees and its 1988 Protocol.", []),
        ("Ratify the Optional Protocol of the Convention against Torture.", ["optional-protocol-to-the-convention-against-torture"]),
        ("Ratify the second Optional Protocol of the International Covenant on Civil and Political Rights.",
         ["second-optional-protocol-to-the-international-covenant-on-civil-and-political-rights"]),
        # which of three is meant nothing says; a fourth one is none of them
        ("Ratify the third Optional Protocol to the Convention on the Rights of the Child.", []),
        ("Ratify the Optional Protocol to the CRC on Ferries.", ["optional-protocol-to-the-crc-on-ferries"]),
    ],
)  # fmt: skip
def test_a_protocol_is_told_by_its_treaty_and_subject(corpus_lexicon: Lexicon, text: str, expected: list[str]) -> None:
    assert [each[1] for each in named(text, corpus_lexicon) if "protocol" in each[1]] == expected


def test_a_treaty_is_called_by_the_year_before_its_name(corpus_lexicon: Lexicon) -> None:
    text = "Norway has not ratified the 1961 Convention on Lost Ferries. It should ratify the 1961 Convention."
    assert [each[0] for each in named(text, corpus_lexicon)] == ["1961 Convention on Lost Ferries", "1961 Convention"]
    assert named(text, corpus_lexicon)[1] == ("1961 Convention", "convention-on-lost-ferries", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ad Hoc Committee on the Elaboration of a Convention against Transnational Organized Crime met.", []),
        ("The Convention for the State party is in force.", []),
        ("International Labour Organization Convention No. 182 binds.", ["worst-forms-of-child-labour-convention"]),
        ("ILO Convention (No. 131) concerning Discrimination in respect of Employment binds.", ["ilo-convention-no-131"]),
        ("ILO Convention No. 131 binds.", ["ilo-convention-no-131"]),
        ("The Convention on the Abolition of Tolls, the Ferry Trade, and Institutions and Practices Similar to Tolls binds.",
         ["convention-on-the-abolition-of-tolls-the-ferry-trade-and-institutions-and-practices-similar-to-tolls"]),
        # a date is no year of a treaty's name; what an agreement of two parties is on; a longer name of labour
        ("Norway keeps to the 20 June 2011 Agreement between Norway and Chad on Ferries in the Harbour Area.",
         ["agreement-between-norway-and-chad-on-ferries-in-the-harbour-area"]),
        ("The Freedom of Crews and Protection of the Right to Sail Convention, 1948 (No. 87), binds.",
         ["freedom-of-crews-and-protection-of-the-right-to-sail-convention"]),
        # other papers behind a treaty, a plural of protocols, a manual, whose a charter is
        ("The Convention on Ferries and Crews, the Harbour Declaration and Plan for Ports, and the Istanbul Protocol bind.",
         ["convention-on-ferries-and-crews"]),
        ("Ratify ICCPR and its Optional Protocols.", ["international-covenant-on-civil-and-political-rights"]),
        ("The European Charter of Ferries of the Council of Europe binds.", ["european-charter-of-ferries"]),
        ("The International Convention on Civil and Political Rights binds.", ["international-covenant-on-civil-and-political-rights"]),
        # a title in small letters, without "All", with other words, or told by the acronym behind it
        ("Ratify the Convention on the rights of persons with disabilities.", [DISABILITIES]),
        ("Ratify the UN Convention on the Rights of People with Disabilities.", [DISABILITIES]),
        ("Ratify the International Convention on the Protection of the Rights of Migrant Workers and Members of Their Families.", [WORKERS]),
        ("Ratify the Convention on Migrant Workers and their Families (ICRMW). ICRMW binds.", [WORKERS, WORKERS]),
        ("Ratify the 1951 Convention on the Status of Refugees and the 1967 Protocol.",
         ["convention-relating-to-the-status-of-refugees", "protocol-relating-to-the-status-of-refugees"]),
        ("Ratify ILO Convention N° 189, ILO Convention no. 29 and International Labour Organization (ILO) Convention No. 182.",
         ["domestic-workers-convention", "forced-labour-convention", "worst-forms-of-child-labour-convention"]),
        ("Ratify Protocol 12 to the Harbour Convention.", ["protocol-12-to-the-harbour-convention", "harbour-convention"]),
        # what stands before a name and behind it, and small words that a text mistakes
        ("Ratify the International Convention against Torture and its Optional Protocol (OPCAT).",
         ["convention-against-torture", "optional-protocol-to-the-convention-against-torture"]),
        ("The International Covenant of Civil and Political Rights binds.",
         ["international-covenant-on-civil-and-political-rights"]),
        ("Ratify ILO Convention 189 and Convention No. 182 of the ILO.",
         ["domestic-workers-convention", "worst-forms-of-child-labour-convention"]),
        ("The Harbour Convention IV of 1907 and the Agreement on a Truce of Ferries bind.",
         ["harbour-convention-iv", "agreement-on-a-truce-of-ferries"]),
        ("The Oslo Peace and Trade Agreement for Norway binds, and so does the Convention on Ferries and Protocol V thereto.",
         ["oslo-peace-and-trade-agreement-for-norway", "convention-on-ferries", "protocol-v-to-the-convention-on-ferries"]),
        ("The Oslo Protocol on Engines that Pollute the Sea binds.", ["oslo-protocol-on-engines-that-pollute-the-sea"]),
        ("The Convention on Ferries that Norway ratified binds.", ["convention-on-ferries"]),
        ("The Agreement on the Ferries of IMO binds.", ["agreement-on-the-ferries-of-imo"]),
        ("The Convention on Tolls, the Ferry Treaty and rules of ports bind.", ["convention-on-tolls", "ferry-treaty"]),
        # a treaty in the making, also where it is described; the words of a described one in another order
        ("Discuss the Draft Harbour Convention, the draft United Nations Convention against Corruption and a UN Convention on "
         "Ferries.", []),
        ("Ratify the Protocol against the Smuggling of Migrants by Land, Air and Sea.", ["smuggling-protocol"]),
        # what points back means the treaty named last, listed or not
        ("Ratify UNCAC, the Convention against Corruption and the Ferry Convention; the latter Convention binds.",
         ["uncac", "uncac", "ferry-convention", "ferry-convention"]),
        # a date behind the treaty of a protocol
        ("Norway ratified the Convention against Torture, and the Optional Protocol to the Convention on 18 March 2015.",
         ["convention-against-torture", "optional-protocol-to-the-convention-against-torture", "convention-against-torture"]),
        # one name with and without "United Nations"; what opens a sentence is no part of a name
        ("Ratify the United Nations Convention on Ferries and the Protocol to the UN Ferry Convention.",
         ["convention-on-ferries", "protocol-to-the-ferry-convention", "ferry-convention"]),
        ("Under Additional Protocol II, ferries sail.", []),
        # a treaty in the making with adjectives; another treaty behind a whole name
        ("An Arms Trade Treaty should be strong. A strong and robust Arms Trade Treaty should bind.", []),
        ("The Harbour Convention on Trade in Ferries and Ferry Convention bind.",
         ["harbour-convention-on-trade-in-ferries", "ferry-convention"]),
        # the end of a name that is another's as well
        ("Ratify the Abolition of Forced Labour Convention, 1957 (No. 105).", ["abolition-of-forced-labour-convention"]),
        ("Norway joined the Board of the Inter-American Convention against Corruption (BIAC).",
         ["inter-american-convention-against-corruption"]),
        ("The Ferry Charter on the Values of Decentralization, Local Governance and Local Development; ports sail.",
         ["ferry-charter-on-the-values-of-decentralization-local-governance-and-local-development"]),
        ("Ratify the Protocol to the Ferry Charter on Crews Relating to the Rights of Sailors.",
         ["protocol-to-the-ferry-charter-on-crews-relating-to-the-rights-of-sailors", "ferry-charter-on-crews"]),
        ("Recall the 1951 Convention relating to the Status of Refugees, the 1967 Protocol thereto and others.",
         ["convention-relating-to-the-status-of-refugees", "protocol-relating-to-the-status-of-refugees"]),
        ("Apply the Convention on Ferries and of the Additional Protocol on ports.", ["convention-on-ferries"]),
    ],
)  # fmt: skip
def test_a_name_is_read_to_its_end_and_a_treaty_in_the_making_is_none(
    corpus_lexicon: Lexicon, text: str, expected: list[str]
) -> None:
    assert [each[1] for each in named(text, corpus_lexicon)] == expected


def test_a_name_has_what_stands_before_it_and_its_acronym(corpus_lexicon: Lexicon) -> None:
    text = "Ratify the International Convention against Torture and its Optional Protocol (OPCAT)."
    assert [each[0] for each in named(text, corpus_lexicon)] == [
        "International Convention against Torture",
        "Optional Protocol (OPCAT)",
    ]


def test_a_described_protocol_has_united_nations_before_its_name(corpus_lexicon: Lexicon) -> None:
    text = "Ratify the United Nations Trafficking Protocol."
    assert named(text, corpus_lexicon) == [("United Nations Trafficking Protocol", "trafficking-protocol", False)]


def test_a_resolution_behind_its_title_is_of_the_body_that_goes_on(corpus_lexicon: Lexicon) -> None:
    text = "In its resolution 8/3, entitled “Safer ports, safer ferries”, the Human Rights Council asked for ferries."
    found = extract_text(text, corpus_lexicon, "secretariat").mentions
    assert [each.entity for each in found if each.kind == "resolution"] == ["id/resolution/hrc-8-3"]
