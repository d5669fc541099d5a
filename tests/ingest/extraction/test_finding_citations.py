"""Which provisions and instruments a text cites, with the words that cite them; what nothing resolves is reported."""

from __future__ import annotations

import pytest

from ingest.extraction.citations import find_citations
from ingest.extraction.lexicon import Lexicon
from ingest.extraction.meanings import with_meanings
from ingest.extraction.names import Naming
from ingest.extraction.provisions import roman
from ingest.extraction.resolutions import resolution_mentions

SMP = "smuggling-protocol"


def cited(naming: Naming, text: str) -> list[tuple[str, str]]:
    found = find_citations(text, naming.mentions(text))
    marks = sorted([*found.provisions, *(mention for mention in found.names if mention.cites)])
    return [(mention.span.cut(text), mention.entity.removeprefix("id/instrument/")) for mention in marks]


CASES = [
    ("Taking into account chapter II of the Protocol, States", [("chapter II of the Protocol", f"{SMP}/chapter/2")]),
    (
        "chapters II and III of the Protocol",
        [("chapters II", f"{SMP}/chapter/2"), ("III of the Protocol", f"{SMP}/chapter/3")],
    ),
    ("in article 6 of the Protocol and on", [("article 6 of the Protocol", f"{SMP}/article/6")]),
    (
        "article 16, paragraph 5, of the Smuggling of Migrants Protocol",
        [("article 16, paragraph 5, of the Smuggling of Migrants Protocol", f"{SMP}/article/16/paragraph/5")],
    ),
    (
        "articles 32 and 37 of the Convention",
        [("articles 32", "untoc/article/32"), ("37 of the Convention", "untoc/article/37")],
    ),
    (
        "articles 6, 7 and 9 of the Protocol",
        [("articles 6", f"{SMP}/article/6"), ("7", f"{SMP}/article/7"), ("9 of the Protocol", f"{SMP}/article/9")],
    ),
    (
        "articles 7 to 9 of the Protocol",
        [
            ("articles 7", f"{SMP}/article/7"),
            ("articles 7 to 9", f"{SMP}/article/8"),
            ("9 of the Protocol", f"{SMP}/article/9"),
        ],
    ),
    (
        "articles 2, 7 to 8 and 9, paragraph 1, of the Protocol",
        [
            ("articles 2", f"{SMP}/article/2"),
            ("7", f"{SMP}/article/7"),
            ("8", f"{SMP}/article/8"),
            ("9, paragraph 1, of the Protocol", f"{SMP}/article/9/paragraph/1"),
        ],
    ),
    (
        "article 6, paragraphs 1 and 3, of the Protocol",
        [
            ("article 6, paragraphs 1", f"{SMP}/article/6/paragraph/1"),
            ("3, of the Protocol", f"{SMP}/article/6/paragraph/3"),
        ],
    ),
    (
        "article 6, paragraph 1 and paragraph 3, of the Protocol",
        [
            ("article 6, paragraph 1", f"{SMP}/article/6/paragraph/1"),
            ("paragraph 3, of the Protocol", f"{SMP}/article/6/paragraph/3"),
        ],
    ),
    (
        "paragraph 5 of article 16 of the Protocol",
        [("paragraph 5 of article 16 of the Protocol", f"{SMP}/article/16/paragraph/5")],
    ),
    (
        "paragraphs 1 and 3 of article 6 of the Protocol",
        [
            ("paragraphs 1", f"{SMP}/article/6/paragraph/1"),
            ("3 of article 6 of the Protocol", f"{SMP}/article/6/paragraph/3"),
        ],
    ),
    (
        "subparagraph (b) of article 6, paragraph 1, of the Protocol",
        [("subparagraph (b) of article 6, paragraph 1, of the Protocol", f"{SMP}/article/6/paragraph/1/letter/b")],
    ),
    (
        "subparagraph (a) of paragraph 1 of article 6 of the Protocol",
        [("subparagraph (a) of paragraph 1 of article 6 of the Protocol", f"{SMP}/article/6/paragraph/1/letter/a")],
    ),
    (
        "article 6, paragraph 1 (a) and (b), of the Protocol",
        [
            ("article 6, paragraph 1 (a)", f"{SMP}/article/6/paragraph/1/letter/a"),
            ("(b), of the Protocol", f"{SMP}/article/6/paragraph/1/letter/b"),
        ],
    ),
    ("article 3 (a) of the Protocol", [("article 3 (a) of the Protocol", f"{SMP}/article/3/letter/a")]),
    ("article 16 (5) of the Protocol", [("article 16 (5) of the Protocol", f"{SMP}/article/16/paragraph/5")]),
    (
        "article 5, paragraph 1 (a) (ii), of the Convention",
        [("article 5, paragraph 1 (a) (ii), of the Convention", "untoc/article/5/paragraph/1/letter/a/item/ii")],
    ),
    (
        "article 2, article 6, paragraph 1, and article 9 of the Protocol",
        [
            ("article 2", f"{SMP}/article/2"),
            ("article 6, paragraph 1", f"{SMP}/article/6/paragraph/1"),
            ("article 9 of the Protocol", f"{SMP}/article/9"),
        ],
    ),
    (
        "article 20 of the Convention and article 10 of the Protocol",
        [("article 20 of the Convention", "untoc/article/20"), ("article 10 of the Protocol", f"{SMP}/article/10")],
    ),
    # the instrument named before
    ("the Convention, in particular article 18,", [("Convention", "untoc"), ("article 18", "untoc/article/18")]),
    (
        "the Firearms Protocol and article 10 thereof",
        [("Firearms Protocol", "firearms-protocol"), ("article 10 thereof", "firearms-protocol/article/10")],
    ),
    (
        "article 6, paragraph 1, of the Protocol and paragraph 3 of that article",
        [
            ("article 6, paragraph 1, of the Protocol", f"{SMP}/article/6/paragraph/1"),
            ("paragraph 3 of that article", f"{SMP}/article/6/paragraph/3"),
        ],
    ),
    # letters and items that share what stands before them; a letter as the Charter is cited; articles in roman numerals
    (
        "article 6 (1) (a) and (c), and article 5 (1) (a) (i) and (ii), of the Protocol",
        [
            ("article 6 (1) (a)", f"{SMP}/article/6/paragraph/1/letter/a"),
            ("(c)", f"{SMP}/article/6/paragraph/1/letter/c"),
            ("article 5 (1) (a) (i)", f"{SMP}/article/5/paragraph/1/letter/a/item/i"),
            ("(ii), of the Protocol", f"{SMP}/article/5/paragraph/1/letter/a/item/ii"),
        ],
    ),
    ("Article 7 e of the Convention", [("Article 7 e of the Convention", "untoc/article/7/letter/e")]),
    (
        "articles IV and VI of the Convention",
        [("articles IV", "untoc/article/4"), ("VI of the Convention", "untoc/article/6")],
    ),
    # what it is on, and a part of it, before its treaty; the treaty of a later one; what is of no treaty
    (
        "article 8 (f), on help and rescue at sea, of the Protocol",
        [("article 8 (f), on help and rescue at sea, of the Protocol", f"{SMP}/article/8/letter/f")],
    ),
    (
        "Article 13, in particular paragraph 5, of the Convention",
        [("Article 13", "untoc/article/13"), ("paragraph 5, of the Convention", "untoc/article/13/paragraph/5")],
    ),
    (
        "States apply chapter II and turn to chapter IV of the Protocol",
        [("chapter II", f"{SMP}/chapter/2"), ("chapter IV of the Protocol", f"{SMP}/chapter/4")],
    ),
    ("the Convention and the Declaration on Ferries (art. 6)", [("Convention", "untoc")]),
    # a range of letters; a paragraph of the article before; the same article again
    (
        "article 6 (1) (a)–(c) of the Protocol",
        [
            ("article 6 (1) (a)", f"{SMP}/article/6/paragraph/1/letter/a"),
            ("article 6 (1) (a)–(c)", f"{SMP}/article/6/paragraph/1/letter/b"),
            ("(c) of the Protocol", f"{SMP}/article/6/paragraph/1/letter/c"),
        ],
    ),
    (
        "article 32 of the Convention, in particular its paragraph 3, and, especially, paragraph 9 above",
        [("article 32 of the Convention", "untoc/article/32"), ("paragraph 3", "untoc/article/32/paragraph/3")],
    ),
    (
        "Article 6 of the Protocol. The Firearms Protocol came. So article 6 binds, then article 7",
        [
            ("Article 6 of the Protocol", f"{SMP}/article/6"),
            ("Firearms Protocol", "firearms-protocol"),
            ("article 6", f"{SMP}/article/6"),
            ("article 7", "firearms-protocol/article/7"),
        ],
    ),
    (
        "the Trafficking in Persons Protocol. The said Protocol",
        [("Trafficking in Persons Protocol", "trafficking-protocol"), ("Protocol", "trafficking-protocol")],
    ),
    # names on their own
    (
        "the Smuggling of Migrants Protocol and the Organized Crime Convention",
        [("Smuggling of Migrants Protocol", SMP), ("Organized Crime Convention", "untoc")],
    ),
    (
        "the Vienna Convention on Consular Relations. The Convention and article 36 of the Convention",
        [
            ("Vienna Convention on Consular Relations", "vccr"),
            ("Convention", "untoc"),
            ("article 36 of the Convention", "untoc/article/36"),
        ],
    ),
    (
        "article 36 of the Vienna Convention on Consular Relations",
        [("article 36 of the Vienna Convention on Consular Relations", "vccr/article/36")],
    ),
    (
        "entry into force of the Organized Crime Convention and the Protocols thereto",
        [("Organized Crime Convention", "untoc")],
    ),
    ("the Conference of the Parties to the Organized Crime Convention", []),
    (
        "the Convention on the Safety of Ferries, the Inter-American Convention against Corruption, the 1951 Convention",
        [],
    ),
    (
        "article 44 of the United Nations Convention against Corruption and the Convention against Corruption",
        [
            ("article 44 of the United Nations Convention against Corruption", "uncac/article/44"),
            ("Convention against Corruption", "uncac"),
        ],
    ),
    ("the Conference of the States Parties to the United Nations Convention against Corruption", []),
    (
        "the Trafficking in Persons and Smuggling of Migrants Protocols",
        [
            ("Trafficking in Persons and Smuggling of Migrants Protocols", "trafficking-protocol"),
            ("Smuggling of Migrants Protocols", SMP),
        ],
    ),
    # its title, its subject or a part of it between an article and its treaty; what two articles are read together as
    ("article 6 (criminal law) of the Protocol", [("article 6 (criminal law) of the Protocol", f"{SMP}/article/6")]),
    (
        "article 6, entitled “Ships”, of the Protocol",
        [("article 6, entitled “Ships”, of the Protocol", f"{SMP}/article/6")],
    ),
    (
        "article 6, first sentence, of the Protocol",
        [("article 6, first sentence, of the Protocol", f"{SMP}/article/6")],
    ),
    (
        "article 16, read alone and in conjunction with article 9, as well as article 7, of the Protocol",
        [
            ("article 16", f"{SMP}/article/16"),
            ("article 9", f"{SMP}/article/9"),
            ("article 7, of the Protocol", f"{SMP}/article/7"),
        ],
    ),
    (
        "article 8 of chapter II of the Protocol",
        [("article 8", f"{SMP}/article/8"), ("chapter II of the Protocol", f"{SMP}/chapter/2")],
    ),
    ("Art. 16 § 5 of the Protocol", [("Art. 16 § 5 of the Protocol", f"{SMP}/article/16/paragraph/5")]),
    (
        "article 6, §§ 1 and 3, and article 7, sub-paragraph (b), of the Protocol",
        [
            ("article 6, §§ 1", f"{SMP}/article/6/paragraph/1"),
            ("3", f"{SMP}/article/6/paragraph/3"),
            ("article 7, sub-paragraph (b), of the Protocol", f"{SMP}/article/7/letter/b"),
        ],
    ),
    # a list behind a singular, with a space before its comma, with what each is on; a paragraph behind a full stop
    (
        "article 6 and 7 of the Protocol",
        [("article 6", f"{SMP}/article/6"), ("7 of the Protocol", f"{SMP}/article/7")],
    ),
    (
        "articles 6 (Ships), 7 , 8 (Ports and crews) and 9 of the Protocol",
        [
            ("articles 6", f"{SMP}/article/6"),
            ("7", f"{SMP}/article/7"),
            ("8", f"{SMP}/article/8"),
            ("9 of the Protocol", f"{SMP}/article/9"),
        ],
    ),
    (
        "article 16.5 and 6.1 (b) of the Protocol",
        [
            ("article 16.5", f"{SMP}/article/16/paragraph/5"),
            ("6.1 (b) of the Protocol", f"{SMP}/article/6/paragraph/1/letter/b"),
        ],
    ),
    ("article 6 and 7 other rules of the Protocol", [("Protocol", SMP)]),
    # a treaty right before or behind its article, without a word between; a range with a dash
    (
        "the Protocol, art. 6; UNTOC article 18 and articles 6 and 7 of the Protocol; articles 8 and 9 UNTOC",
        [
            ("Protocol", SMP),
            ("art. 6", f"{SMP}/article/6"),
            ("UNTOC", "untoc"),
            ("article 18", "untoc/article/18"),
            ("articles 6", f"{SMP}/article/6"),
            ("7 of the Protocol", f"{SMP}/article/7"),
            ("articles 8", "untoc/article/8"),
            ("9 UNTOC", "untoc/article/9"),
        ],
    ),
    (
        "articles 2, 6–9 of the Protocol",
        [
            ("articles 2", f"{SMP}/article/2"),
            ("6", f"{SMP}/article/6"),
            ("6–9", f"{SMP}/article/7"),
            ("–9", f"{SMP}/article/8"),
            ("9 of the Protocol", f"{SMP}/article/9"),
        ],
    ),
    # an article that was put between others is none of them
    (
        "articles 6 bis and 7 of the Protocol, article 12A of the Convention, article 1 F (a) of the Convention",
        [("7 of the Protocol", f"{SMP}/article/7")],
    ),
    ("the Protocol, whose article 6 bis binds", [("Protocol", SMP)]),
    ("article 6, paragraph 1 bis, of the Protocol", [("Protocol", SMP)]),
    # no citations
    ("articles on migration; an article; paragraph 5 above; chapter and verse", []),
    # an article that does not exist is produced as it is: validation reports it
    ("article 99 of the Protocol", [("article 99 of the Protocol", f"{SMP}/article/99")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:50] for text, _ in CASES])
def test_citations_are_as_precise_as_the_text(naming: Naming, text: str, expected: list[tuple[str, str]]) -> None:
    assert cited(naming, text) == expected


@pytest.mark.parametrize(
    ("text", "unresolved"),
    [
        ("in accordance with article 18, States", ["article 18"]),
        ("the Protocol and article 9 of the Convention on the Safety of Ferries", ["article 9"]),
        ("the Protocol and article 2 of their criminal codes", ["article 2"]),
        ("paragraph 2 of that article", ["paragraph 2 of that article"]),
        ("the Protocol, carried out by article 240 CP", ["article 240"]),
        ("articles 1 to 41 of the Convention", ["articles 1 to 41"]),
        ("articles 6 bis and 7 of the Protocol", ["articles 6 bis"]),
        ("article 12A (2) of the Convention", ["article 12A (2)"]),
        ("the Protocol, whose article 6 bis binds", ["article 6 bis"]),
        ("article 18 of the Convention", []),
    ],
)
def test_a_provision_of_nothing_named_is_reported_and_not_guessed(
    naming: Naming, text: str, unresolved: list[str]
) -> None:
    assert [span.cut(text) for span in find_citations(text, naming.mentions(text)).unresolved] == unresolved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pursuant to resolution 5/3, adopted", [("resolution 5/3", "cop-5-3")]),
        ("In its resolution 7/1, the Conference", [("resolution 7/1", "cop-7-1")]),
        ("resolutions 5/3 and 7/1", [("resolutions 5/3", "cop-5-3"), ("7/1", "cop-7-1")]),
        ("resolutions 5/3, 6/3, and 7/1", [("resolutions 5/3", "cop-5-3"), ("6/3", "cop-6-3"), ("7/1", "cop-7-1")]),
        ("General Assembly resolution 55/25", [("resolution 55/25", "ga-55-25")]),
        ("resolution 55/25", [("resolution 55/25", "")]),
        ("General Assembly resolution 55/25 and resolution 55/25", [("resolution 55/25", "ga-55-25")] * 2),
        ("Human Rights Council resolution 35/17", [("resolution 35/17", "hrc-35-17")]),
        ("Council resolution 16/21", [("resolution 16/21", "")]),
        (
            "The Human Rights Council met. In Council resolution S-5/1",
            [("resolution S-5/1", "hrc-s-5-1")],
        ),
        (
            "Security Council resolutions 2331 (2016) and 2388 (2017)",
            [("resolutions 2331 (2016)", "sc-2331"), ("2388 (2017)", "sc-2388")],
        ),
        ("General Assembly resolution 217 A (III)", [("resolution 217 A (III)", "ga-217-a-iii")]),
        ("Conference decision 4/4", [("decision 4/4", "cop-decision-4-4")]),
        ("decision 4/4 of the Conference", [("decision 4/4", "cop-decision-4-4")]),
        ("decision 4/4", [("decision 4/4", "")]),
        (
            "the Conference of the States Parties to the United Nations Convention against Corruption, in its resolution 8/1,",
            [("resolution 8/1", "uncac-cosp-8-1")],
        ),
        ("In its resolution 2013/40, the Economic and Social Council", [("resolution 2013/40", "ecosoc-2013-40")]),
        ("Economic and Social Council resolution 2005/17", [("resolution 2005/17", "ecosoc-2005-17")]),
        (
            "resolution 5/3 of the Commission; Committee resolution 7/1",
            [("resolution 5/3", ""), ("resolution 7/1", "")],
        ),
        ("Commission on Narcotic Drugs resolution 55/7", [("resolution 55/7", "cnd-55-7")]),
        (
            "resolution 22/8 of the Commission on Crime Prevention and Criminal Justice",
            [("resolution 22/8", "ccpcj-22-8")],
        ),
        # with their dates, as resolutions recall each other; behind a clause; with the noun again, or with a colon
        (
            "General Assembly resolutions 63/1 of 8 June 2008 and 64/2, adopted on 1 July 2009, and Human Rights Council "
            "resolutions 8/1 of 18 June 2008, in which it met, and 11/3 of 17 June 2009",
            [
                ("resolutions 63/1", "ga-63-1"),
                ("64/2", "ga-64-2"),
                ("resolutions 8/1", "hrc-8-1"),
                ("11/3", "hrc-11-3"),
            ],
        ),
        (
            "Human Rights Council decision 2/1 of 27 November 2006 and resolutions 9/1 and 12/2 of 1 October 2009",
            [("decision 2/1", "hrc-decision-2-1"), ("resolutions 9/1", "hrc-9-1"), ("12/2", "hrc-12-2")],
        ),
        ("its resolutions 5/1 of 22 October 2010 and 7/1", [("resolutions 5/1", "cop-5-1"), ("7/1", "cop-7-1")]),
        # "its" is not the body of another resolution, nor whoever adopted further ones
        (
            "Recalling General Assembly resolution 60/2 of 15 March 2006 and its own resolution 5/1",
            [("resolution 60/2", "ga-60-2"), ("resolution 5/1", "cop-5-1")],
        ),
        (
            "Recalling its resolution 6/3 and other resolutions adopted by the General Assembly",
            [("resolution 6/3", "cop-6-3")],
        ),
        (
            "Recalling all its previous resolutions on ferries, in particular 2254 (2015) and 2268 (2016)",
            [("2254 (2015)", "sc-2254"), ("2268 (2016)", "sc-2268")],
        ),
        (
            "Human Rights Council resolutions 5/1, on its building, and 5/2, on the code of conduct, of 18 June 2007",
            [("resolutions 5/1", "hrc-5-1"), ("5/2", "hrc-5-2")],
        ),
        ("World Health Assembly resolution 71.3", [("resolution 71.3", "wha-71-3")]),
        # a number that only one of the bodies of a short name has; symbols
        (
            "The Human Rights Council recalls Council resolution 6/3 and Council decision 2009/17",
            [("resolution 6/3", "hrc-6-3"), ("decision 2009/17", "ecosoc-decision-2009-17")],
        ),
        (
            "Assembly resolution 61/4, resolution 2001/8 of the Commission and the Council's resolution 1701 (2006)",
            [
                ("resolution 61/4", "ga-61-4"),
                ("resolution 2001/8", "chr-2001-8"),
                ("resolution 1701 (2006)", "sc-1701"),
            ],
        ),
        (
            "See A/RES/61/4, S/RES/1701 (2006), A/HRC/RES/6/3 and A/61/4",
            [("A/RES/61/4", "ga-61-4"), ("S/RES/1701 (2006)", "sc-1701"), ("A/HRC/RES/6/3", "hrc-6-3")],
        ),
        ("the resolution of 5/3 of disputes; a resolution", []),
    ],
)
def test_resolutions_are_cited_by_their_numbers(lexicon: Lexicon, text: str, expected: list[tuple[str, str]]) -> None:
    own = with_meanings(lexicon, {}, (text,))
    found = [
        (each.span.cut(text), each.entity.removeprefix("id/resolution/")) for each in resolution_mentions(text, own)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("numeral", "value"), [("I", 1), ("II", 2), ("IV", 4), ("VI", 6), ("IX", 9), ("XIV", 14), ("XL", 40)]
)
def test_roman_numerals_have_their_values(numeral: str, value: int) -> None:
    assert roman(numeral) == value
