"""Documents of other bodies, in the forms of the United Nations: what is numbered, what is not, and what is in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.document import Document, Metadata
from ingest.reading import parse, read_document

SOURCES = Path(__file__).parents[1] / "fixtures" / "corpus" / "sources"
METADATA = Metadata(slug="bridges", title="Report on bridges", issued=date(2020, 1, 2), language="en", issuer="group")
HEAD = "# Report on bridges\n\n"


def fixture(slug: str) -> Document:
    return read_document(SOURCES / f"{slug}.toml")


def read(body: str, **known: object) -> Document:
    """A document with this body below its title."""
    return parse(HEAD + body, replace(METADATA, **known))  # type: ignore[arg-type]


def sections(document: Document) -> list[tuple[str, str, str]]:
    return [("/".join(one.path), one.printed, one.heading) for one in document.sections]


def test_a_resolution_has_a_preamble_operative_paragraphs_and_no_meeting() -> None:
    document = fixture("res-78-901")
    assert [one.text for one in document.texts if one.kind == "preamble"] == [
        "The Assembly of Ports,",
        "Recalling its resolution 77/12 of 15 December 2022,",
        "Bearing in mind the United Nations Convention against Transnational Organized Crime,",
        "Noting with concern that accidents on ferries are seldom reported,",
    ]
    assert [one.text for one in document.texts if one.kind == "closing"] == ["48th plenary meeting", "19 December 2023"]
    assert [(one.label, one.is_recommendation, one.meeting) for one in document.paragraphs] == [
        (str(number), True, None) for number in range(1, 6)
    ]
    assert [item.text for item in document.paragraphs[2].items] == [
        "To train crews every year;",
        "To keep records of accidents;",
    ]
    assert [(note.mark, note.text) for note in document.footnotes] == [("1", "Adopted in 2000.")]
    assert document.sections == document.doubts == ()
    assert document.masthead.lines[1] == "A/RES/78/901"


def test_a_review_has_an_introduction_arabic_sub_headings_dotted_recommendations_a_table_and_an_annex() -> None:
    document = fixture("review-of-azuria-2024")
    assert sections(document) == [
        ("1", "", "Introduction"),
        ("I", "I", "Proceedings"),
        ("I/A", "A", "Presentation by the State under review"),
        ("I/A/1", "1", "Legislation"),
        ("I/A/2", "2", "Institutions"),
        ("I/B", "B", "Dialogue"),
        ("II", "II", "Conclusions and recommendations"),
        ("ANNEX", "", "Annex"),
        ("ANNEX/1", "", "Composition of the delegation"),
    ]
    keys = ["1", "2", "3", "4", "5", "6", "7", "7-1", "7-2", "7-3", "8", "annex-1", "annex-2"]
    assert [one.key for one in document.paragraphs] == keys
    assert [one.label for one in document.paragraphs if one.is_recommendation] == ["7", "7.1", "7.2", "7.3", "8"]
    assert document.paragraphs[8].text == (
        "Establish a national mechanism for the identification of victims of trafficking in harbours (Syldavia) "
        "(San Theodoros);"
    )
    assert [(item.letter, item.text) for item in document.paragraphs[4].items] == [
        ("1", "Visits harbours without notice;"),
        ("2", "Publishes what it finds."),
    ]
    assert [one.text for one in document.texts if one.kind == "table"] == ["Year | Visits\n2022 | 14\n2023 | 31"]
    assert [doubt.name for doubt in document.doubts] == ["outside: “Head of delegation: the Minister for Harbours.”"]
    assert document.open_doubts == ()
    assert ("running header", "4 CSH/RG/12/AZU/1") in {(mark.kind, mark.marks) for mark in document.furniture}


def test_a_note_in_spanish_has_structure_and_no_recommendation() -> None:
    document = fixture("nota-costas-2023")
    assert [item.letter for item in document.paragraphs[2].items] == ["a", "b", "c"]
    assert not any(one.is_recommendation for one in document.paragraphs)


def test_the_metadata_say_which_sections_and_paragraphs_hold_recommendations() -> None:
    body = "## I. Facts\n\n1. Bridges fall.\n\n## II. Views\n\n2. States should build.\n\n3. States should paint.\n"
    assert [one.is_recommendation for one in read(body).paragraphs] == [False, False, False]
    chosen = read(body, recommendations=("II",))
    assert [one.is_recommendation for one in chosen.paragraphs] == [False, True, True]
    chosen = read(body, recommendations=("1", "3-9"))
    assert [one.is_recommendation for one in chosen.paragraphs] == [True, False, True]


@pytest.mark.parametrize(
    "heading", ["Recomendaciones", "Recommandations", "Conclusions and recommendations", "Рекомендации"]
)
def test_a_heading_that_speaks_of_recommendations_holds_them_where_no_meeting_is_named(heading: str) -> None:
    document = read(f"## I. Facts\n\n1. Bridges fall.\n\n## II. {heading}\n\n2. Build.\n")
    assert [one.is_recommendation for one in document.paragraphs] == [False, True]


@pytest.mark.parametrize(
    ("body", "keys", "doubts"),
    [
        ("12. They build.\n\n13. They paint.\n", ["12", "13"], ["begin: the first paragraph has the number 12"]),
        ("140.7 Build;\n\n140.8 Paint.\n", ["140-7", "140-8"], []),
        ("1. Build:\n\n1.1. Piers;\n\n1.2. Arches.\n\n2. Paint.\n", ["1", "1-1", "1-2", "2"], []),
        ("1. Build.\n\n## A. Draft\n\n1. Paint.\n\n2. Wait.\n", ["1", "a-1", "a-2"], ["again: the numbers begin again at 1 in section A"]),
        ("1. Build.\n\nAnnex I\n\n1. Paint.\n\nAnnex II\n\n1. Wait.\n", ["1", "annex-1", "annex2-1"], []),
        # a number with a point and no words is a figure; an extract goes on behind a heading at any number
        ("32.5\n\n## I. Introduction\n\n1. Words.\n", ["1"], ["outside: “32.5”"]),
        ("# I. Ports\n\n1. Ports open.\n\n# II. Quays\n\n140. Quays close.\n\n141. So do docks.\n", ["1", "140", "141"],
         ["gap: paragraphs 2 to 139 before paragraph 140"]),
    ],
)  # fmt: skip
def test_numbers_begin_where_the_text_says(body: str, keys: list[str], doubts: list[str]) -> None:
    document = read(body)
    assert [one.key for one in document.paragraphs] == keys
    assert [doubt.name for doubt in document.doubts] == doubts


@pytest.mark.parametrize(
    ("marks", "letters"),
    [
        *(((f"({a})", f"({b})"), (a, b)) for a, b in ("ab", "12", ("i", "ii"))),
        *(((f"{a}.", f"{b}."), (a, b)) for a, b in ("ab", "12", ("i", "ii"))),
        (("a)", "b)"), ("a", "b")),
        *(((mark, mark), ("1", "2")) for mark in "•*-–"),
    ],
)
def test_lists_of_every_mark_are_items(marks: tuple[str, str], letters: tuple[str, str]) -> None:
    document = read(
        f"3. They wait.\n\n4. States should:\n\n{marks[0]} build;\n\n{marks[1]} paint.\n\n5. They should wait.\n"
    )
    assert [item.letter for item in document.paragraphs[1].items] == list(letters)
    assert [item.text for item in document.paragraphs[1].items] == ["build;", "paint."]
    assert [one.label for one in document.paragraphs] == ["3", "4", "5"]
    assert document.footnotes == ()


def test_a_table_of_contents_is_neither_a_section_nor_words_of_the_masthead() -> None:
    contents = (
        "Contents\n\nI. Introduction ........ 1-2   3\n\nII. Views on bridges and\non tunnels ........... 3   4\n\n"
    )
    document = read(f"{contents}I. Introduction\n\n1. Bridges fall.\n")
    assert sections(document) == [("I", "I", "Introduction")]
    assert document.masthead.lines == ("Report on bridges",)
    assert {mark.kind for mark in document.furniture} == {"heading sign", "contents"}


def test_a_line_that_comes_again_and_again_on_pages_is_no_words_wherever_it_stands() -> None:
    body = "".join(f"{n}. They build the\n{n} A/HRC/59/15\nbridge.\n\n" for n in (1, 1, 1)).replace(
        "1. They", "{}. They"
    )
    document = read(body.format(1, 2, 3))
    assert [one.text for one in document.paragraphs] == ["They build the bridge."] * 3


def test_the_mark_of_a_note_is_no_word_and_its_text_is_kept() -> None:
    document = read("1. Under the Pact;[^1] they wait.\n\n[^1]: Of 1999.\n")
    assert document.paragraphs[0].text == "Under the Pact; they wait."
    assert [note.text for note in document.footnotes] == ["Of 1999."]


@pytest.mark.parametrize(
    "heading",
    [
        "II. Implementation of the recommendations of the previous cycle",
        "II. Gender equality (recommendations 4, 14 and 22)",
        "II. Accepted recommendations",
        "II. Views on conclusions and/or recommendations",
        "II. Summary of follow-up action on the recommendations of the Board",
    ],
)
def test_a_heading_about_the_recommendations_of_others_holds_none(heading: str) -> None:
    (paragraph,) = read(f"## {heading}\n\n1. Words.\n").paragraphs
    assert not paragraph.is_recommendation


def test_a_note_belongs_to_the_parts_that_have_its_mark_and_a_mark_that_comes_again_to_the_next_such_note() -> None:
    document = parse(
        "Report of the Group*\n\n* PORT/2024/1.\n\n## I. Findings[^2]\n\n1. Ports are old.[^1]\n\n"
        "2. Ferries should be inspected:\n\n(a) At sea;[^1]\n\n(b) In port.**\n\n** As amended.\n\n"
        "[^1]: See resolution 10/4.\n\n3. Crews are small.**\n\n** In 2020.\n\n[^2]: Of 2019.\n\n[^3]: Nowhere.\n",
        replace(METADATA, title="Report of the Group"),
    )
    assert [(note.mark, note.text, note.marked) for note in document.footnotes] == [
        ("*", "PORT/2024/1.", ("masthead",)),
        ("**", "As amended.", ("paragraph/2/item/b",)),
        ("1", "See resolution 10/4.", ("paragraph/1", "paragraph/2/item/a")),
        ("**", "In 2020.", ("paragraph/3",)),
        ("2", "Of 2019.", ("section/I",)),
        ("3", "Nowhere.", ()),
    ]
    assert [doubt.words for doubt in document.doubts if doubt.kind == "note"] == [
        "nothing has the mark 3 of the note “Nowhere.”"
    ]


def test_arabic_headings_above_tables_are_no_paragraphs_wherever_the_numbers_go_on() -> None:
    document = read(
        "## I. Framework\n\n### A. Scope\n\n#### 1. Treaties\n\nStatus of treaties\n\n#### 2. Other instruments\n\n"
        "Status of others\n\n1. Ruritania ratified them.\n\n2. It signed others.\n\n### B. Cooperation\n\n"
        "#### 1. Reporting status\n\nLatest report\n\n#### 2. Responses\n\nNone yet\n\n### C. Office\n\n3. It paid.\n"
    )
    assert [one.label for one in document.paragraphs] == ["1", "2", "3"]
    assert sections(document) == [
        ("I", "I", "Framework"),
        ("I/A", "A", "Scope"),
        ("I/A/1", "1", "Treaties"),
        ("I/A/2", "2", "Other instruments"),
        ("I/B", "B", "Cooperation"),
        ("I/B/1", "1", "Reporting status"),
        ("I/B/2", "2", "Responses"),
        ("I/C", "C", "Office"),
    ]


def test_a_line_of_the_masthead_that_is_wrapped_is_one_line() -> None:
    document = parse(
        "# Report on bridges\n\nThe present report is a\nsummary of what was said.\nOriginal: English\n\n1. Bridges are old.\n",
        METADATA,
    )
    assert document.masthead.lines == (
        "Report on bridges",
        "The present report is a summary of what was said.",
        "Original: English",
    )


def test_a_number_glued_to_a_word_is_in_doubt_and_one_behind_an_abbreviation_is_not() -> None:
    document = read("1. States ratified the Convention12 and guaranteed,3 see A/1/Add.1, Para.3 and paras.4 to No.6.\n")
    assert [doubt.words for doubt in document.doubts if doubt.kind == "glued"] == [
        "“Convention12” in paragraph 1",
        "“guaranteed,3” in paragraph 1",
    ]


def test_an_annex_whose_title_stands_below_it_in_one_block_is_an_annex() -> None:
    document = read("1. Ports open.\n\nAnnex II\nRules of ports\n\n1. They close.\n", kind="resolution")
    assert sections(document) == [("ANNEX", "II", "Rules of ports")]
    assert [(one.key, one.is_recommendation) for one in document.paragraphs] == [("1", True), ("annex-1", False)]


def test_the_sign_of_a_numbered_paragraph_is_no_mark_of_a_note() -> None:
    document = read("1. See the rules.\n\n§ 2 They are old.\n\n§ Adopted in 2000.\n")
    assert [note.text for note in document.footnotes] == ["Adopted in 2000."]
    assert document.paragraphs[0].text == "See the rules. § 2 They are old."


def test_articles_of_rules_in_an_annex_are_headings_and_their_paragraphs_begin_again() -> None:
    articles = "Article 1\n\n1. Ports open.\n\n2. They close.\n\nArticle 2\n\n1. They float.\n"
    document = read(f"1. It met, as said in\n\nArticle 9\n\nof the rules.\n\nAnnex\n\n{articles}")
    assert [heading for _, _, heading in sections(document)] == ["Annex", "Article 1", "Article 2"]
    assert [(one.key, one.text) for one in document.paragraphs] == [
        ("1", "It met, as said in Article 9 of the rules."),
        ("annex-1", "Ports open."),
        ("annex-2", "They close."),
        ("annex-2-1", "They float."),
    ]


def test_a_roman_number_without_a_full_stop_is_that_of_a_heading() -> None:
    document = read("## I. Facts\n\n1. Bridges rust.\n\n## II Recommendations\n\n2. States should paint them.\n")
    assert sections(document) == [("I", "I", "Facts"), ("II", "II", "Recommendations")]
    assert [one.is_recommendation for one in document.paragraphs] == [False, True]


def test_a_roman_number_without_a_full_stop_in_the_midst_of_a_sentence_is_no_heading() -> None:
    (paragraph,) = read("## I. Facts\n\n1. Bridges of class\n\n---\n\nII States paint, and ferries.\n").paragraphs
    assert paragraph.text == "Bridges of class II States paint, and ferries."
    (paragraph,) = read(
        "## I. Facts\n\n1. States mend:\n\n(a) Bridges of class\n\nII States\n\n(b) Ports.\n"
    ).paragraphs
    assert [item.text for item in paragraph.items] == ["Bridges of class II States", "Ports."]


def test_a_body_without_a_comma_behind_its_name_opens_a_resolution() -> None:
    body = "The Assembly of Ports\n\nAdopts the following declaration:\n\n1. Commit to mend bridges.\n"
    document = read(body, kind="resolution")
    assert document.masthead.lines == ("Report on bridges",)
    assert [one.text for one in document.texts] == ["The Assembly of Ports", "Adopts the following declaration:"]
