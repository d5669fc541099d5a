"""Two invented documents of the same kind with other traps, against values worked out by reading them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import Document, Paragraph
from ingest.reading import parse, read_document

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documents"
MEETING = "cultural-objects-wg-"
ONE = "fishing-vessels-wg-2022"


@pytest.fixture(scope="module")
def cultural() -> Document:
    return read_document(FIXTURES / "cultural-objects-wg-2020.toml")


@pytest.fixture(scope="module")
def fishing() -> Document:
    return read_document(FIXTURES / "fishing-vessels-wg-2023.toml")


def outline(document: Document) -> list[tuple[str, str, str | None, list[int]]]:
    return [
        (
            "/".join(section.path),
            section.printed,
            section.meeting,
            [one.number for one in document.paragraphs if one.section == section.path],
        )
        for section in document.sections
    ]


def paragraph(document: Document, number: int) -> Paragraph:
    return document.paragraphs[number - 1]


def test_five_meetings_are_told_by_their_dates_under_headings_with_and_without_letters(cultural: Document) -> None:
    assert outline(cultural) == [
        ("I", "I", None, [1, 2, 3]),
        ("II", "II", None, []),
        ("II/1", "", f"{MEETING}2008", [4, 5, 6, 7]),
        ("II/2", "", f"{MEETING}2009", [8, 9]),
        ("III", "III", f"{MEETING}2015", []),
        ("III/1", "", f"{MEETING}2015", [10, 11, 12]),
        ("III/2", "", f"{MEETING}2015", [13, 14, 15]),
        ("IV", "IV", None, []),
        ("IV/A", "A", f"{MEETING}2008", [16, 17, 18]),
        ("IV/B", "B", f"{MEETING}2017", [19, 20]),
        ("IV/B/1", "", f"{MEETING}2017", [21, 22]),
        ("IV/C", "C", f"{MEETING}2019", [23, 24, 25, 26]),
        ("V", "V", None, [27, 28]),
    ]


def test_paragraphs_have_the_meeting_of_their_section(cultural: Document, fishing: Document) -> None:
    for document in (cultural, fishing):
        meetings = {section.path: section.meeting for section in document.sections}
        assert all(one.meeting == meetings[one.section] for one in document.paragraphs)


def test_headings_wrapped_inside_bold_marks_are_one_heading(cultural: Document) -> None:
    headings = {"/".join(section.path): section for section in cultural.sections}
    assert headings["II/1"].heading == (
        "Recommendations adopted by the Working Group at its first meeting, held in Vienna from 12 to 14 March 2008"
    )
    assert headings["IV/B"].heading == (
        "Recommendations adopted by the Working Group at its fourth meeting, held in Vienna on 14 July 2017"
    )
    assert (headings["IV/B"].source.first_line, headings["IV/B"].source.last_line) == (99, 100)
    assert headings["IV/C"].heading.endswith("held in São Paulo on 7 and 8 May 2019")
    assert headings["IV"].heading == "International cooperation"


@pytest.mark.parametrize(
    ("number", "text", "lines"),
    [
        (5, "States parties may wish to consider short- and medium-term measures of capacity-building for customs "
            "officers, museum staff and so forth.", (40, 42)),
        (6, "Art dealers should be encouraged to keep registers of the provenance of objects that they sell, in "
            "accordance with national law, and to make those registers available", (43, 44)),
        (7, "Training should be offered in the language of those who are trained.", (45, 45)),
        (8, "States parties are invited to mark objects with invisible signs that survive cleaning and are described "
            "in the guidelines that the International Council of Museums published in 2004. Such marks should not "
            "damage the object.", (53, 58)),
        (9, "“Red lists” of objects at risk – such as manuscripts, façades and café signs – should be published every "
            "year. 🏺 may serve as their sign; so may e\u0301, written with a combining accent.", (59, 60)),
        (11, "INTERPOL should be invited to open its register to museums, the police and the general public.2/", (68, 76)),
        (13, "Training material should be shared", (81, 81)),
        (16, "States parties should assist one another in tracing cultural objects, as set out in article 7. They "
             "should do so without charge.", (92, 93)),
        (17, "States parties should name an authority for requests under the Convention.", (94, 94)),
        (18, "The authority should answer within thirty days of receipt.", (95, 97)),
        (19, "Requests should describe the object (see recommendation 4) and the circumstances of its loss.", (101, 102)),
        (21, "States parties should return objects promptly, bearing in mind that possession in good faith may call "
             "for compensation.†", (107, 111)),
    ],
)  # fmt: skip
def test_a_paragraph_of_cultural_objects_is_whole(
    cultural: Document, number: int, text: str, lines: tuple[int, int]
) -> None:
    one = paragraph(cultural, number)
    assert one.text == text
    assert (one.source.first_line, one.source.last_line) == lines


def test_footnotes_of_every_style_stand_apart(cultural: Document) -> None:
    assert [(note.mark, note.text, note.source.first_line) for note in cultural.footnotes] == [
        ("*", "CPCO/WG.3/2020/1.", 17),
        (
            "**",
            "Editorial changes are limited to inter alia the names of bodies that have been renamed since 2008.",
            30,
        ),
        ("1/", "See CPCO/WG.3/2008/5, para. 12.", 72),
        ("2/", "The register opened in 2013. It holds 52,000 objects.", 73),
        ("†", "Not all States had a procedure for return at the time.", 109),
    ]


def test_page_numbers_and_running_headers_between_pages_are_furniture(cultural: Document) -> None:
    aside = [(mark.kind, mark.marks, mark.source.first_line) for mark in cultural.furniture if mark.marks[0] in "C23"]
    assert aside == [("page number", "2/6", 47), ("running header", "CPCO/WG.3/2020/2", 49), ("page number", "3/6", 56)]


def test_a_no_break_space_inside_a_text_is_kept(cultural: Document) -> None:
    assert "decision\u00a02/4" in paragraph(cultural, 1).text


def test_positions_count_code_points(cultural: Document) -> None:
    source = (FIXTURES / "cultural-objects-wg-2020.md").read_text(encoding="utf-8")
    place = paragraph(cultural, 10).source
    assert source[place.start : place.end] == (
        "10. States parties should consult the register of stolen objects before they grant an export\ncertificate.1/"
    )


def test_one_meeting_owns_the_sections_that_speak_of_recommendations(fishing: Document) -> None:
    assert outline(fishing) == [
        ("I", "I", None, [1, 2]),
        ("I/1", "", None, [3]),
        ("II", "II", ONE, [4, 5, 6]),
        ("III", "III", ONE, [7, 8, 9, 10]),
        ("IV", "IV", ONE, [11, 12]),
        ("V", "V", ONE, [13]),
        ("VI", "VI", ONE, [14]),
        ("VII", "VII", ONE, [15]),
        ("VII/A", "A", ONE, [16]),
        ("VII/B", "B", ONE, [17]),
        ("VIII", "VIII", ONE, [18]),
        ("IX", "IX", ONE, [19, 20]),
        ("X", "X", ONE, [21, 22]),
        ("XI", "XI", ONE, [23, 24, 25]),
        ("XII", "XII", None, [26, 27]),
    ]


ITEMS = {
    3: ["(i) The Fisheries Commission;", "(ii) The Institute for Seafarers,", "(iii) Three universities."],
    5: ["(a) The name of the vessel;", "(b) Its owner, that is: (i) The person who holds the title; (ii) The person who profits from it;",
        "(c) Its port;", "(d) Its gear and", "(e) Its crew."],
    8: [],
    9: ["(a) Who may inspect;", "(b) When;", "(c) Where;", "(d) With what means;", "(e) At whose cost;", "(f) Upon whose request;",
        "(g) With what notice;", "(h) With whose assistance, in particular: (i) That of interpreters; (ii) That of doctors;",
        "(i) What is recorded;", "(j) Who is told."],
    22: ["(a) Telephone numbers;", "(b) Call signs."],
}  # fmt: skip


@pytest.mark.parametrize("number", ITEMS)
def test_items_are_read_with_the_lists_inside_them(fishing: Document, number: int) -> None:
    assert [f"({item.letter}) {item.text}" for item in paragraph(fishing, number).items] == ITEMS[number]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (8, "Inspections should cover the conditions listed in article 5, paragraph (b) of the Agreement, and the "
            "safety of those on board."),
        (10, "Reports on inspections should be kept for ten years"),
        (11, "Contracts should be written in a language that the fisher understands. Copies should be kept on shore. "
             "They may be kept in electronic form."),
        (25, "States in a position to do so may wish to second experts; at the request of a State, the Secretariat "
             "could keep a roster, on the model of that established in 2013. The roster should be public."),
    ],
)  # fmt: skip
def test_a_paragraph_of_fishing_vessels_is_whole(fishing: Document, number: int, text: str) -> None:
    assert paragraph(fishing, number).text == text


@pytest.mark.parametrize("name", ["cultural-objects-wg-2020", "fishing-vessels-wg-2023"])
def test_windows_line_ends_and_a_byte_order_mark_change_no_word(name: str) -> None:
    document = read_document(FIXTURES / f"{name}.toml")
    source = (FIXTURES / f"{name}.md").read_text(encoding="utf-8")
    same = parse("\ufeff" + source.replace("\n", "\r\n"), document.metadata)
    assert same.masthead.lines == document.masthead.lines
    assert [section.heading for section in same.sections] == [section.heading for section in document.sections]
    for one, other in zip(same.paragraphs, document.paragraphs, strict=True):
        assert (one.text, one.section, one.meeting) == (other.text, other.section, other.meeting)
        assert (one.source.first_line, one.source.last_line) == (other.source.first_line, other.source.last_line)
        assert [item.text for item in one.items] == [item.text for item in other.items]
    assert same.furniture[0].kind == "byte order mark"
