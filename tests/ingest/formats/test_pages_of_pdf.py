"""What stands at the edges of PDF pages and in italics: notes as large as the text, heads with the title, lines that a
document repeats, headings of a low level, and bold words within a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.formats.files import Readable, read_file
from tests.ingest.formats.conftest import ROMAN, Line, paper, write

BOLD, ITALIC = "Times-Bold", "Times-Italic"


def raised(canvas: Canvas, y: float, mark: str, words: str) -> None:
    """A line that a small raised mark opens."""
    canvas.setFont(ROMAN, 6)
    canvas.drawString(60, y + 4, mark)
    canvas.setFont(ROMAN, 10)
    canvas.drawString(66, y, words)


def blocks(read: Readable) -> list[str]:
    return [" ".join(block.split()) for block in read.text.split("\n\n")]


TEXT: list[Line] = [
    (780, "1. States should mend their quays within the year that follows."),
    (756, "2. They should also paint the rings, and tell the Group of it."),
]
FIRST, SECOND = "See the report of the Group, paragraph 3.", "Port Treaty, article 9, which all have ratified."


@pytest.mark.parametrize("parting", ["rule", "rectangle", "signs", "raised marks"])
def test_notes_that_are_as_large_as_the_text_are_notes(parting: str, tmp_path: Path) -> None:
    with paper(tmp_path / "notes.pdf") as canvas:
        write(canvas, TEXT)
        if parting == "rule":
            canvas.line(60, 100, 204, 100)
        elif parting == "rectangle":
            canvas.rect(60, 100, 144, 0.5, stroke=0, fill=1)
        elif parting == "signs":
            write(canvas, [(100, "____________")])
        if parting == "raised marks":
            raised(canvas, 84, "1", FIRST)
            raised(canvas, 72, "2", SECOND)
        else:
            write(canvas, [(84, f"1 {FIRST}"), (72, f"2 {SECOND}")])
    read = read_file(tmp_path / "notes.pdf")
    assert blocks(read) == [*(line[1] for line in TEXT), f"[^1]: {FIRST}", f"[^2]: {SECOND}"]


def test_a_rule_above_a_paragraph_parts_no_notes(tmp_path: Path) -> None:
    with paper(tmp_path / "rule.pdf") as canvas:
        write(canvas, TEXT)
        canvas.line(60, 100, 204, 100)
        write(canvas, [(84, "3. States should sign the Treaty.")])
    assert blocks(read_file(tmp_path / "rule.pdf"))[-1] == "3. States should sign the Treaty."


def test_a_note_goes_on_below_the_rule_of_the_next_page(tmp_path: Path) -> None:
    with paper(tmp_path / "pages.pdf") as canvas:
        for number, (words, note) in enumerate((("1. Mend.", f"1 {FIRST}"), ("2. Paint.", "See also paragraph 7.")), 3):
            write(canvas, [(780, words), (84, note), (40, str(number))])
            canvas.line(60, 100, 204, 100)
            canvas.showPage()
    assert blocks(read_file(tmp_path / "pages.pdf")) == [
        "1. Mend.",
        "2. Paint.",
        f"[^1]: {FIRST} See also paragraph 7.",
    ]


def test_a_head_of_title_and_symbol_is_no_text_though_it_stands_once(tmp_path: Path) -> None:
    with paper(tmp_path / "head.pdf") as canvas:
        write(canvas, [(800, "United Nations A/RES/78/902"), (760, "Day of lighthouses in all ports", BOLD, 14), *TEXT])
        canvas.showPage()
        write(canvas, [(800, "Day of lighthouses", BOLD, 8), (790, "A/RES/78/902 in all ports", BOLD, 8)])
        write(canvas, [(760, "3. Ports should light their lighthouses."), (748, "They should do so at night.")])
    read = read_file(tmp_path / "head.pdf")
    assert blocks(read)[-1] == "3. Ports should light their lighthouses. They should do so at night."
    assert read.left_out == ("Day of lighthouses", "A/RES/78/902 in all ports")


def test_a_line_that_comes_again_within_pages_is_text_at_their_edges_as_well(tmp_path: Path) -> None:
    answers = [f"Rec. {number} See the answer above." for number in range(1, 31)]
    with paper(tmp_path / "answers.pdf") as canvas:
        for page in range(3):
            write(canvas, [(780, "Answers of Azuria that were given to"), (768, "the Group, page by page.")])
            own = enumerate(answers[10 * page : 10 * page + 10])
            write(canvas, [*((730 - 36 * place, words) for place, words in own), (40, str(page + 1))])
            canvas.showPage()
    read = read_file(tmp_path / "answers.pdf")
    assert [block for block in blocks(read) if block.startswith("Rec.")] == answers
    assert not any(line.startswith("Rec.") for line in read.left_out)


def test_italic_lines_above_paragraphs_are_headings_and_no_others_are(tmp_path: Path) -> None:
    with paper(tmp_path / "italic.pdf") as canvas:
        write(
            canvas, [(780, "Right to a quay", ITALIC), (744, "1. States should mend their quays."), (732, "They wait.")]
        )
        write(canvas, [(696, "Children", ITALIC), (660, "2. Children should learn to swim,"), (648, "and row.")])
        write(canvas, [(612, "48th meeting", ITALIC), (576, "[Adopted without a vote.]")])
    assert blocks(read_file(tmp_path / "italic.pdf")) == [
        "## Right to a quay",
        "1. States should mend their quays. They wait.",
        "## Children",
        "2. Children should learn to swim, and row.",
        "48th meeting",
        "[Adopted without a vote.]",
    ]


def test_bold_words_that_fill_a_line_of_a_sentence_are_no_heading(tmp_path: Path) -> None:
    with paper(tmp_path / "bold.pdf") as canvas:
        write(
            canvas, [(780, "1. The priorities of all States stand in the"), (768, "Act on the Mending of Quays", BOLD)]
        )
        write(canvas, [(756, "which entered into force this year."), (720, "Next steps", BOLD), (696, "2. They wait.")])
    assert blocks(read_file(tmp_path / "bold.pdf")) == [
        "1. The priorities of all States stand in the Act on the Mending of Quays which entered into force this year.",
        "## Next steps",
        "2. They wait.",
    ]
