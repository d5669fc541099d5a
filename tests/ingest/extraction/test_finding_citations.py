"""Which provisions and instruments a text cites, with the words that cite them; what nothing resolves is reported."""

from __future__ import annotations

import pytest

from ingest.document import Span
from ingest.extraction.citations import find_citations
from ingest.extraction.lexicon import Lexicon
from ingest.extraction.meanings import with_meanings
from ingest.extraction.names import Naming
from ingest.extraction.provisions import roman
from ingest.extraction.resolutions import resolution_mentions
from tests.ingest.extraction.marks import plain, with_marks

SMP = "smuggling-protocol"


def cited(naming: Naming, text: str) -> list[tuple[Span, str]]:
    found = find_citations(text, naming.mentions(text))
    marks = sorted([*found.provisions, *(mention for mention in found.names if mention.cites)])
    return [(mention.span, mention.entity.removeprefix("id/instrument/")) for mention in marks]


CASES = [
    f"Taking into account [chapter II of the Protocol|{SMP}/chapter/2], States",
    f"[chapters II|{SMP}/chapter/2] and [III of the Protocol|{SMP}/chapter/3]",
    f"in [article 6 of the Protocol|{SMP}/article/6] and on",
    f"[article 16, paragraph 5, of the Smuggling of Migrants Protocol|{SMP}/article/16/paragraph/5]",
    "[articles 32|untoc/article/32] and [37 of the Convention|untoc/article/37]",
    f"[articles 6|{SMP}/article/6], [7|{SMP}/article/7] and [9 of the Protocol|{SMP}/article/9]",
    f"[articles 2|{SMP}/article/2], [7|{SMP}/article/7] to [8|{SMP}/article/8] and [9, paragraph 1, of the "
    f"Protocol|{SMP}/article/9/paragraph/1]",
    f"[article 6, paragraphs 1|{SMP}/article/6/paragraph/1] and [3, of the Protocol|{SMP}/article/6/paragraph/3]",
    f"[article 6, paragraph 1|{SMP}/article/6/paragraph/1] and [paragraph 3, of the "
    f"Protocol|{SMP}/article/6/paragraph/3]",
    f"[paragraph 5 of article 16 of the Protocol|{SMP}/article/16/paragraph/5]",
    f"[paragraphs 1|{SMP}/article/6/paragraph/1] and [3 of article 6 of the Protocol|{SMP}/article/6/paragraph/3]",
    f"[subparagraph (b) of article 6, paragraph 1, of the Protocol|{SMP}/article/6/paragraph/1/letter/b]",
    f"[subparagraph (a) of paragraph 1 of article 6 of the Protocol|{SMP}/article/6/paragraph/1/letter/a]",
    f"[article 6, paragraph 1 (a)|{SMP}/article/6/paragraph/1/letter/a] and [(b), of the "
    f"Protocol|{SMP}/article/6/paragraph/1/letter/b]",
    f"[article 3 (a) of the Protocol|{SMP}/article/3/letter/a]",
    f"[article 16 (5) of the Protocol|{SMP}/article/16/paragraph/5]",
    "[article 5, paragraph 1 (a) (ii), of the Convention|untoc/article/5/paragraph/1/letter/a/item/ii]",
    f"[article 2|{SMP}/article/2], [article 6, paragraph 1|{SMP}/article/6/paragraph/1], and [article 9 of the "
    f"Protocol|{SMP}/article/9]",
    f"[article 20 of the Convention|untoc/article/20] and [article 10 of the Protocol|{SMP}/article/10]",
    # the instrument named before
    "the [Convention|untoc], in particular [article 18|untoc/article/18],",
    "the [Firearms Protocol|firearms-protocol] and [article 10 thereof|firearms-protocol/article/10]",
    f"[article 6, paragraph 1, of the Protocol|{SMP}/article/6/paragraph/1] and [paragraph 3 of that "
    f"article|{SMP}/article/6/paragraph/3]",
    # letters and items that share what stands before them; a letter as the Charter is cited; articles in roman numerals
    f"[article 6 (1) (a)|{SMP}/article/6/paragraph/1/letter/a] and [(c)|{SMP}/article/6/paragraph/1/letter/c], and "
    f"[article 5 (1) (a) (i)|{SMP}/article/5/paragraph/1/letter/a/item/i] and [(ii), of the "
    f"Protocol|{SMP}/article/5/paragraph/1/letter/a/item/ii]",
    "[Article 7 e of the Convention|untoc/article/7/letter/e]",
    "[articles IV|untoc/article/4] and [VI of the Convention|untoc/article/6]",
    # what it is on, and a part of it, before its treaty; the treaty of a later one; what is of no treaty
    f"[article 8 (f), on help and rescue at sea, of the Protocol|{SMP}/article/8/letter/f]",
    "[Article 13|untoc/article/13], in particular [paragraph 5, of the Convention|untoc/article/13/paragraph/5]",
    f"[articles 6|{SMP}/article/6] and [8, or their subparagraphs, of the Protocol|{SMP}/article/8] and [article 4 of "
    "the Convention|untoc/article/4]",
    f"States apply [chapter II|{SMP}/chapter/2] and turn to [chapter IV of the Protocol|{SMP}/chapter/4]",
    "the [Convention|untoc] and the Declaration on Ferries (art. 6)",
    # a range of letters; a paragraph of the article before; the same article again
    "[article 32 of the Convention|untoc/article/32], in particular its [paragraph 3|untoc/article/32/paragraph/3], "
    "and, especially, paragraph 9 above",
    f"[Article 6 of the Protocol|{SMP}/article/6]. The [Firearms Protocol|firearms-protocol] came. So [article "
    f"6|{SMP}/article/6] binds, then [article 7|firearms-protocol/article/7]",
    "the [Trafficking in Persons Protocol|trafficking-protocol]. The said [Protocol|trafficking-protocol]",
    # names on their own
    f"the [Smuggling of Migrants Protocol|{SMP}] and the [Organized Crime Convention|untoc]",
    "the [Vienna Convention on Consular Relations|vccr]. The [Convention|untoc] and [article 36 of the "
    "Convention|untoc/article/36]",
    "[article 36 of the Vienna Convention on Consular Relations|vccr/article/36]",
    "entry into force of the [Organized Crime Convention|untoc] and the Protocols thereto",
    "the Conference of the Parties to the Organized Crime Convention",
    "the Convention on the Safety of Ferries, the Inter-American Convention against Corruption, the 1951 Convention",
    "[article 44 of the United Nations Convention against Corruption|uncac/article/44] and the [Convention against "
    "Corruption|uncac]",
    "the Conference of the States Parties to the United Nations Convention against Corruption",
    f"the [Trafficking in Persons and [Smuggling of Migrants Protocols|{SMP}]|trafficking-protocol]",
    # its title, its subject or a part of it between an article and its treaty; what two articles are read together as
    f"[article 6 (criminal law) of the Protocol|{SMP}/article/6]",
    f"[article 6, entitled “Ships”, of the Protocol|{SMP}/article/6]",
    f"[article 6, first sentence, of the Protocol|{SMP}/article/6]",
    f"[article 16|{SMP}/article/16], read alone and in conjunction with [article 9|{SMP}/article/9], as well as "
    f"[article 7, of the Protocol|{SMP}/article/7]",
    f"[article 8|{SMP}/article/8] of [chapter II of the Protocol|{SMP}/chapter/2]",
    f"[Art. 16 § 5 of the Protocol|{SMP}/article/16/paragraph/5]",
    f"[article 6, §§ 1|{SMP}/article/6/paragraph/1] and [3|{SMP}/article/6/paragraph/3], and [article 7, "
    f"sub-paragraph (b), of the Protocol|{SMP}/article/7/letter/b]",
    # a list behind a singular, with a space before its comma, with what each is on; a paragraph behind a full stop
    f"[article 6|{SMP}/article/6] and [7 of the Protocol|{SMP}/article/7]",
    f"[articles 6|{SMP}/article/6] (Ships), [7|{SMP}/article/7] , [8|{SMP}/article/8] (Ports and crews) and [9 of the "
    f"Protocol|{SMP}/article/9]",
    f"[article 16.5|{SMP}/article/16/paragraph/5] and [6.1 (b) of the Protocol|{SMP}/article/6/paragraph/1/letter/b]",
    f"article 6 and 7 other rules of the [Protocol|{SMP}]",
    # a treaty right before or behind its article, without a word between; a range with a dash
    f"the [Protocol|{SMP}], [art. 6|{SMP}/article/6]; [UNTOC|untoc] [article 18|untoc/article/18] and [articles "
    f"6|{SMP}/article/6] and [7 of the Protocol|{SMP}/article/7]; [articles 8|untoc/article/8] and [9 "
    "UNTOC|untoc/article/9]",
    "[article 18 on UNTOC|untoc/article/18] binds",
    "the [Convention|untoc], as chapter III.B above and chapter IV below say (see chap. V), and chapter (see also chap. II)",
    f"[article 8 of the Protocol|{SMP}/article/8] and the [Convention|untoc] only in [article 8|untoc/article/8]",
    # behind a treaty that ends a provision, what is joined to a further treaty is of that one
    f"[article 6 of the Protocol|{SMP}/article/6], [article 7|untoc/article/7] and [article 18 of the "
    "Convention|untoc/article/18]",
    f"the [Protocol|{SMP}], [article 7|{SMP}/article/7], and [article 18 of the Convention|untoc/article/18]",
    # letters with one bracket; paragraphs in brackets; numbers behind one plural, each with its treaty
    f"[article 6, paragraph 1 b) of the Protocol|{SMP}/article/6/paragraph/1/letter/b]",
    f"[article 6 (1) a)|{SMP}/article/6/paragraph/1/letter/a] and [c) of the Protocol|{SMP}/article/6/paragraph/1/letter/c]",
    f"the [Protocol|{SMP}] ([article 6|{SMP}/article/6] b) is here",
    f"[article 6 (paragraph 2) of the Protocol|{SMP}/article/6/paragraph/2], [article 7 (para. 1)|{SMP}/article/7/paragraph/1]",
    f"[article 6 (paragraphs 1|{SMP}/article/6/paragraph/1] and [3), of the Protocol|{SMP}/article/6/paragraph/3]",
    f"[articles 6 of the Protocol|{SMP}/article/6], [18 (1) of the Convention|untoc/article/18/paragraph/1] and "
    "[44 of the Convention against Corruption|uncac/article/44]",
    f"[articles 6 of the Protocol|{SMP}/article/6] and 12 other rules of the [Convention|untoc]",
    # articles of a list apart by semicolons, with letters that are called paragraphs, "all of" one treaty
    f"[articles 3, paragraphs (b)|{SMP}/article/3/letter/b] and [(e)|{SMP}/article/3/letter/e]; [4, paragraph 1 "
    f"(a)|{SMP}/article/4/paragraph/1/letter/a]; and [5 of the Protocol|{SMP}/article/5]",
    f"[articles 6|{SMP}/article/6] (Ships) and [7|{SMP}/article/7] (Crews of ships), in conjunction with [articles 1 "
    f"(1)|{SMP}/article/1/paragraph/1] and [2, all of the Protocol|{SMP}/article/2]",
    f"[articles 6 of the Protocol|{SMP}/article/6]; 12 States of the [Protocol|{SMP}]",
    # an article that was put between others is one of its own, by its printed number
    f"[articles 6 bis|{SMP}/article/6bis] and [7 of the Protocol|{SMP}/article/7], [article 12A of the "
    "Convention|untoc/article/12a], [article 1 F (a) of the Convention|untoc/article/1f/letter/a]",
    f"the [Protocol|{SMP}], whose [article 6 bis|{SMP}/article/6bis] binds",
    f"[article 4 ter, paragraph 2, of the Protocol|{SMP}/article/4ter/paragraph/2]",
    f"article 6, paragraph 1 bis, of the [Protocol|{SMP}]",
    # no citations
    "articles on migration; an article; paragraph 5 above; chapter and verse",
    # an article that does not exist is produced as it is: validation reports it
    f"[article 99 of the Protocol|{SMP}/article/99]",
]


@pytest.mark.parametrize("marked", CASES)
def test_citations_are_as_precise_as_the_text(naming: Naming, marked: str) -> None:
    text = plain(marked)
    assert with_marks(text, cited(naming, text)) == marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("articles 7 to 9 of the Protocol", {"articles 7": "7", "articles 7 to 9": "8", "9 of the Protocol": "9"}),
        ("articles 2, 6–9 of the Protocol",
         {"articles 2": "2", "6": "6", "6–9": "7", "–9": "8", "9 of the Protocol": "9"}),
        (
            "article 6 (1) (a)–(c) of the Protocol",
            {
                "article 6 (1) (a)": "6/paragraph/1/letter/a",
                "article 6 (1) (a)–(c)": "6/paragraph/1/letter/b",
                "(c) of the Protocol": "6/paragraph/1/letter/c",
            },
        ),
    ],
)  # fmt: skip
def test_what_stands_between_the_ends_of_a_range_is_cited_by_its_words(
    naming: Naming, text: str, expected: dict[str, str]
) -> None:
    found = [(span.cut(text), path) for span, path in cited(naming, text)]
    assert found == [(words, f"{SMP}/article/{path}") for words, path in expected.items()]


@pytest.mark.parametrize(
    ("text", "unresolved"),
    [
        ("in accordance with article 18, States", ["article 18"]),
        ("the Protocol and article 9 of the Convention on the Safety of Ferries", ["article 9"]),
        ("the Protocol and article 2 of their criminal codes", ["article 2"]),
        ("paragraph 2 of that article", ["paragraph 2 of that article"]),
        ("the Protocol, carried out by article 240 CP", ["article 240"]),
        ("the Protocol, carried out by the court (art. 5-1 CP)", ["art. 5"]),
        ("articles 1 to 41 of the Convention", ["articles 1 to 41"]),
        ("the Protocol and chapter II, paragraph 3 (e), of the annex to it", ["chapter II"]),
        ("article 12A (2) of the Convention", []),
        ("article 6 bis of their criminal codes", ["article 6 bis"]),
        ("article 18 of the Convention", []),
        ("article 6 of the Protocol, article 7 of the Universal Declaration of Ports, article 8 of the Convention",
         ["article 7"]),
        ("article 6 of the Protocol, article 7 and article 9 of the Ferry Charter", ["article 7", "article 9"]),
        ("the Protocol. Article 9 (Ships), of the Declaration on Ferries", ["Article 9"]),
        ("the Protocol. Article I of,the Ferry Declaration", ["Article I"]),
    ],
)  # fmt: skip
def test_a_provision_of_nothing_named_is_reported_and_not_guessed(
    naming: Naming, text: str, unresolved: list[str]
) -> None:
    assert [span.cut(text) for span in find_citations(text, naming.mentions(text)).unresolved] == unresolved


RESOLUTIONS = [
    "Pursuant to [resolution 5/3|cop-5-3], adopted",
    "In its [resolution 7/1|cop-7-1], the Conference",
    "[resolutions 5/3|cop-5-3] and [7/1|cop-7-1]",
    "[resolutions 5/3|cop-5-3], [6/3|cop-6-3], and [7/1|cop-7-1]",
    "General Assembly [resolution 55/25|ga-55-25]",
    "[resolution 55/25]",
    "General Assembly [resolution 55/25|ga-55-25] and [resolution 55/25|ga-55-25]",
    "Human Rights Council [resolution 35/17|hrc-35-17]",
    "Council [resolution 16/21]",
    "The Human Rights Council met. In Council [resolution S-5/1|hrc-s-5-1]",
    "Security Council [resolutions 2331 (2016)|sc-2331] and [2388 (2017)|sc-2388]",
    "General Assembly [resolution 217 A (III)|ga-217-a-iii]",
    "Conference [decision 4/4|cop-decision-4-4]",
    "[decision 4/4|cop-decision-4-4] of the Conference",
    "[decision 4/4]",
    "the Conference of the States Parties to the United Nations Convention against Corruption, in its [resolution "
    "8/1|uncac-cosp-8-1],",
    "In its [resolution 2013/40|ecosoc-2013-40], the Economic and Social Council",
    "Economic and Social Council [resolution 2005/17|ecosoc-2005-17]",
    "[resolution 5/3] of the Commission; Committee [resolution 7/1]",
    "Commission on Narcotic Drugs [resolution 55/7|cnd-55-7]",
    "[resolution 22/8|ccpcj-22-8] of the Commission on Crime Prevention and Criminal Justice",
    # with their dates, as resolutions recall each other; behind a clause; with the noun again, or with a colon
    "General Assembly [resolutions 63/1|ga-63-1] of 8 June 2008 and [64/2|ga-64-2], adopted on 1 July 2009, and Human "
    "Rights Council [resolutions 8/1|hrc-8-1] of 18 June 2008, in which it met, and [11/3|hrc-11-3] of 17 June 2009",
    "Human Rights Council [decision 2/1|hrc-decision-2-1] of 27 November 2006 and [resolutions 9/1|hrc-9-1] and "
    "[12/2|hrc-12-2] of 1 October 2009",
    "its [resolutions 5/1|cop-5-1] of 22 October 2010 and [7/1|cop-7-1]",
    # "its" is not the body of another resolution, nor whoever adopted further ones
    "Recalling General Assembly [resolution 60/2|ga-60-2] of 15 March 2006 and its own [resolution 5/1|cop-5-1]",
    "Recalling its [resolution 6/3|cop-6-3] and other resolutions adopted by the General Assembly",
    "Recalling all its previous resolutions on ferries, in particular [2254 (2015)|sc-2254] and [2268 (2016)|sc-2268]",
    "Human Rights Council [resolutions 5/1|hrc-5-1], on its building, and [5/2|hrc-5-2], on the code of conduct, of "
    "18 June 2007",
    "World Health Assembly [resolution 71.3|wha-71-3]",
    # a number that only one of the bodies of a short name has; symbols
    "The Human Rights Council recalls Council [resolution 6/3|hrc-6-3] and Council [decision "
    "2009/17|ecosoc-decision-2009-17]",
    "Assembly [resolution 61/4|ga-61-4], [resolution 2001/8|chr-2001-8] of the Commission and the Council's "
    "[resolution 1701 (2006)|sc-1701]",
    "See [A/RES/61/4|ga-61-4], [S/RES/1701 (2006)|sc-1701], [A/HRC/RES/6/3|hrc-6-3] and A/61/4",
    "the resolution of 5/3 of disputes; a resolution",
]


@pytest.mark.parametrize("marked", RESOLUTIONS)
def test_resolutions_are_cited_by_their_numbers(lexicon: Lexicon, marked: str) -> None:
    text = plain(marked)
    found = resolution_mentions(text, with_meanings(lexicon, {}, (text,)))
    named = [(each.span, each.entity.removeprefix("id/resolution/")) for each in found]
    assert with_marks(text, named) == marked


@pytest.mark.parametrize(
    ("numeral", "value"), [("I", 1), ("II", 2), ("IV", 4), ("VI", 6), ("IX", 9), ("XIV", 14), ("XL", 40)]
)
def test_roman_numerals_have_their_values(numeral: str, value: int) -> None:
    assert roman(numeral) == value
