"""The real document, against values written down from its source by reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.document import Document, Paragraph

SOURCES = Path(__file__).parents[2] / "ingest" / "sources"

FIRST, SECOND = "som-wg-2012", "som-wg-2013"
AT_FIRST = (
    "Recommendations adopted by the Working Group at its first meeting, held in Vienna from 30 May to 1 June 2012"
)
AT_SECOND = (
    "Recommendations adopted by the Working Group at its second meeting, held in Vienna from 11 to 13 November 2013"
)
SMUGGLED = (
    "Recommendations in the area of protection of the rights of smuggled migrants and assistance to smuggled migrants"
)
CRIMINAL = "Recommendations in the area of criminalization, investigation and prosecution of migrant smuggling"
PARTNERS = "Recommendations in the area of partnerships, coordination of efforts and cooperation, including international cooperation"
OTHER = "Other recommendations concerning areas of work for the Conference of the Parties, the Working Group and the United Nations Office on Drugs and Crime"

# path, source line, heading, meeting, first and last paragraph directly below it
SECTIONS: list[tuple[str, int, str, str | None, tuple[int, int] | None]] = [
    ("I", 26, "Introduction", None, (1, 4)),
    ("II", 39, "Recommendations in the area of prevention and awareness-raising", None, None),
    ("II/A", 41, AT_FIRST, FIRST, (5, 13)),
    ("II/B", 63, AT_SECOND, SECOND, (14, 15)),
    ("III", 69, SMUGGLED, None, None),
    ("III/A", 71, AT_FIRST, FIRST, (16, 26)),
    ("III/B", 91, AT_SECOND, SECOND, (27, 29)),
    ("IV", 97, CRIMINAL, None, None),
    ("IV/A", 99, AT_FIRST, FIRST, (30, 41)),
    ("IV/B", 125, AT_SECOND, SECOND, (42, 46)),
    ("V", 137, PARTNERS, None, None),
    ("V/A", 139, AT_FIRST, FIRST, (47, 63)),
    ("V/B", 166, AT_SECOND, SECOND, (64, 81)),
    ("VI", 194, "Recommendations in the area of research, data collection and analysis", None, None),
    ("VI/A", 196, AT_FIRST, FIRST, (82, 83)),
    ("VI/B", 202, AT_SECOND, SECOND, (84, 84)),
    ("VII", 206, OTHER, None, None),
    ("VII/A", 208, AT_FIRST, FIRST, (85, 88)),
    ("VII/B", 220, AT_SECOND, SECOND, (89, 92)),
]


def paragraph(document: Document, number: int) -> Paragraph:
    return document.paragraphs[number - 1]


def test_sections_and_parts_are_those_of_the_source_in_order(document: Document) -> None:
    read = [("/".join(one.path), one.source.first_line, one.heading, one.meeting) for one in document.sections]
    assert read == [row[:4] for row in SECTIONS]
    assert [section.printed for section in document.sections] == [row[0].split("/")[-1] for row in SECTIONS]


def test_paragraphs_stand_in_their_section_and_belong_to_its_meeting(document: Document) -> None:
    for path, _, _, meeting, span in SECTIONS:
        below = [one for one in document.paragraphs if one.section == tuple(path.split("/"))]
        assert [one.number for one in below] == (list(range(span[0], span[1] + 1)) if span else []), path
        assert {one.meeting for one in below} <= {meeting}, path


def test_recommendations_are_the_paragraphs_from_five_on(document: Document) -> None:
    assert [one.number for one in document.paragraphs if one.is_recommendation] == list(range(5, 93))


def test_a_paragraph_begins_and_ends_with_the_words_of_the_source(document: Document) -> None:
    table = (Path(__file__).parent / "som-wg-2015-paragraphs.tsv").read_text(encoding="utf-8")
    for number, line, first, last in (row.split("\t") for row in table.splitlines()[1:]):
        one = paragraph(document, int(number))
        words = one.text.split(" ")
        assert (" ".join(words[:5]), " ".join(words[-5:])) == (first, last), number
        assert one.source.first_line == int(line), number


@pytest.mark.parametrize(
    ("number", "lines", "joined"),
    [
        (13, (59, 61), "penalties for companies that do not comply with their obligation to ensure the authenticity"),
        (59, (154, 156), "States may wish to engage in confidence-building measures such as establishing"),
        (87, (214, 216), "technical panel discussions on good practices involving the use of special"),
    ],
)
def test_a_page_break_in_a_sentence_is_one_space(
    document: Document, number: int, lines: tuple[int, int], joined: str
) -> None:
    one = paragraph(document, number)
    assert joined in one.text
    assert (one.source.first_line, one.source.last_line) == lines
    longer = [one.number for one in document.paragraphs if one.source.first_line != one.source.last_line]
    assert longer == [13, 59, 87], "No other paragraph runs over a line."


def test_paragraph_90_has_five_items_and_keeps_its_lead_in(document: Document) -> None:
    one = paragraph(document, 90)
    assert one.text == (
        "The Working Group on the Smuggling of Migrants recommended to the Conference that the following topics, "
        "inter alia, be considered at future meetings of the Working Group:"
    )
    assert [(item.letter, item.text, item.source.first_line) for item in one.items] == [
        ("a", "Smuggling of vulnerable migrants, such as children, including unaccompanied children;", 226),
        ("b", "Practical measures to prevent the smuggling of migrants, such as visa on arrival, public information "
              "campaigns and training sessions on fraudulent documents;", 228),
        ("c", "Organized crime aspects of the smuggling of migrants, including financial investigations and responses "
              "targeting the proceeds of crime;", 230),
        ("d", "Smuggling of migrants by sea;", 232),
        ("e", "Criminal justice responses, including investigations and prosecutions of perpetrators of migrant "
              "smuggling operations.", 234),
    ]  # fmt: skip
    assert [one.number for one in document.paragraphs if one.items] == [90], "No other paragraph has items."


def test_the_masthead_is_what_stands_above_the_first_section(document: Document) -> None:
    assert document.masthead.lines == (
        "Conference of the Parties to the United Nations Convention against Transnational Organized Crime",
        "Distr.: General",
        "25 August 2015",
        "Original: English",
        "Working Group on the Smuggling of Migrants",
        "Vienna, 18-20 November 2015",
        "Item 5 of the provisional agenda*",
        "Other matters",
        "Consolidated recommendations of the Working Group on the Smuggling of Migrants",
        "Note by the Secretariat",
    )
    assert (document.masthead.source.first_line, document.masthead.source.last_line) == (5, 24)


def test_the_footnote_is_apart_from_the_text(document: Document) -> None:
    (note,) = document.footnotes
    assert (note.mark, note.text, note.source.first_line) == ("*", "CTOC/COP/WG.7/2015/1.", 35)
    assert not any("CTOC" in one.text for one in document.paragraphs)


def test_reading_order_runs_over_all_parts_without_a_gap(document: Document) -> None:
    orders = [document.masthead.order, *(note.order for note in document.footnotes)]
    orders += [section.order for section in document.sections]
    for one in document.paragraphs:
        orders += [one.order, *(item.order for item in one.items)]
    assert sorted(orders) == list(range(1, 1 + 1 + 19 + 92 + 5 + 1))
    assert document.footnotes[0].order == paragraph(document, 4).order + 1


def test_positions_cut_the_source_from_the_printed_number_to_the_last_word(document: Document) -> None:
    source = (SOURCES / "som-wg-2015.md").read_bytes().decode()
    for one in document.paragraphs:
        cut = source[one.source.start : one.source.end]
        assert " ".join(cut.split()) == f"{one.number}. {one.text}"
    for item in paragraph(document, 90).items:
        assert source[item.source.start : item.source.end] == f"({item.letter}) {item.text}"


def test_metadata_says_what_the_source_prints(document: Document) -> None:
    known = document.metadata
    assert known.title == "Consolidated recommendations of the Working Group on the Smuggling of Migrants"
    assert (known.issued, known.agenda_symbol) == (date(2015, 8, 25), "CTOC/COP/WG.7/2015/1")
    assert known.source_file == "som-wg-2015.md"
    # sha256sum of the seed document
    assert known.sha256 == "46815be698d062fc50ebab3bde39f66fbd187a02a70ae9839b8bd58c032b13fc"
    assert [(meeting.slug, meeting.start, meeting.end, meeting.place) for meeting in known.meetings] == [
        (FIRST, date(2012, 5, 30), date(2012, 6, 1), "Vienna"),
        (SECOND, date(2013, 11, 11), date(2013, 11, 13), "Vienna"),
    ]
