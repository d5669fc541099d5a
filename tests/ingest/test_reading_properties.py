"""Properties of the reader over documents made up at random: what is written is read, and nothing else is said."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.document import Item, MeetingReference, Paragraph, Section
from ingest.errors import SourceError
from ingest.metadata import meeting_of_heading
from ingest.outline import letter, roman
from ingest.reading import parse
from ingest.source import read_lines
from ontology.words import period_in_words
from tests.ingest.bridges import METADATA as BRIDGES

METADATA = replace(BRIDGES, meetings=BRIDGES.meetings[:1])
QUICKLY = settings(max_examples=20, deadline=None)
BRIEFLY = settings(max_examples=50)
WORDS = [
    "States", "should", "build", "bridges", "naïve", "🏗", "e\u0301", "article", "(b)", "well-known", "II", "–", "2013",
]  # fmt: skip
SEPARATORS = [" ", "\n", "\n\n", "\n\n---\n\n", "\r\n", "  \n", "\n\n3/12\n\n"]
HEADING_STYLES = ["## {}", "### **{}**", "**{}**", "# {} #", "__{}__", "{}"]
BREAKS = ["\n", "\n\n", "\r\n\r\n", "\n\n---\n\n"]


@dataclass(frozen=True)
class Written:
    """A document as it was made up, and the text that prints it."""

    text: str
    sections: list[tuple[tuple[str, ...], str]]
    paragraphs: list[tuple[tuple[str, ...], str, list[str]]]


@st.composite
def sentences(draw: st.DrawFn, end: str = ".") -> tuple[str, str]:
    """A sentence as it should be read, and as it is printed, broken where lines and pages end."""
    words = ["States", *draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))]
    words[-1] += end
    gaps = draw(st.lists(st.sampled_from(SEPARATORS), min_size=len(words) - 1, max_size=len(words) - 1))
    # A line that opens a block with "(b)" may be an item: nobody could tell, so nobody writes it.
    gaps = [" " if word == "(b)" or word.startswith("(b)") else gap for gap, word in zip(gaps, words[1:], strict=True)]
    printed = words[0] + "".join(gap + word for gap, word in zip(gaps, words[1:], strict=True))
    return " ".join(words), printed


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """A document with sections, parts, paragraphs and items."""
    out = ["# Recommendations on bridges\n\n"]
    sections: list[tuple[tuple[str, ...], str]] = []
    paragraphs: list[tuple[tuple[str, ...], str, list[str]]] = []

    def heading(path: tuple[str, ...]) -> None:
        words = f"Recommendations on {draw(st.sampled_from(['piers', 'arches', 'cables']))}"
        sections.append((path, words))
        out.append("\n\n" + draw(st.sampled_from(HEADING_STYLES)).format(f"{path[-1]}. {words}") + "\n\n")

    def body(path: tuple[str, ...]) -> None:
        for _ in range(draw(st.integers(1, 3))):
            count = draw(st.sampled_from([0, 0, 0, 2, 9]))
            text, printed = draw(sentences(":" if count else "."))
            out.append(f"{len(paragraphs) + 1}. {printed}")
            items = []
            for number in range(1, count + 1):
                item, printed = draw(sentences(";"))
                items.append(item)
                out.append(f"{draw(st.sampled_from(BREAKS))}({letter(number).lower()}) {printed}")
            paragraphs.append((path, text, items))
            out.append(draw(st.sampled_from(BREAKS)))

    for section in range(1, draw(st.integers(1, 6)) + 1):
        path = (roman(section),)
        heading(path)
        parts = draw(st.integers(0, 2))
        if not parts:
            body(path)
        for part in range(1, parts + 1):
            heading((*path, letter(part)))
            body((*path, letter(part)))
    return Written("".join(out), sections, paragraphs)


@QUICKLY
@given(documents())
def test_what_is_written_is_read_in_its_order_and_at_its_place(written: Written) -> None:
    document = parse(written.text, METADATA)
    assert [(section.path, section.heading) for section in document.sections] == written.sections
    read = [(one.section, one.text, [item.text for item in one.items]) for one in document.paragraphs]
    assert read == written.paragraphs
    assert all(one.meeting == "bridges-2012" for one in document.paragraphs)
    parts: list[Section | Paragraph | Item] = [*document.sections, *document.paragraphs]
    parts += [item for one in document.paragraphs for item in one.items]
    parts.sort(key=lambda part: part.order)
    assert [part.order for part in parts] == list(range(2, len(parts) + 2))
    for part, following in pairwise(parts):
        assert part.source.start < part.source.end <= following.source.start
        assert part.source.first_line <= part.source.last_line <= following.source.first_line


@QUICKLY
@given(documents(), st.data())
def test_a_paragraph_that_is_left_out_is_missed(written: Written, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(written.paragraphs)))
    broken = written.text.replace(f"{number}. States", f"{number + 1}. States", 1)
    doubts = parse(broken, METADATA).doubts
    assert any(doubt.kind in ("gap", "number", "begin") for doubt in doubts)


MARKDOWN = st.text(st.sampled_from(list("#*_\\-=>[]()`~ \n\r\tIVAab1.12:/†é🏗\u00a0\ufeff\u2028")), max_size=200)


@BRIEFLY
@given(st.one_of(st.text(), MARKDOWN))
@example("\ufeff\n# Recommendations on bridges\n# I. A\n1. \\")
@example("# Recommendations on bridges\n**I.**\n**1.** *2.\n")
def test_any_text_is_a_document_or_a_source_error(text: str) -> None:
    for written in (text, "# Recommendations on bridges\n\n## I. Recommendations\n\n1. States " + text):
        with contextlib.suppress(SourceError):
            parse(written, METADATA)


@BRIEFLY
@given(MARKDOWN)
def test_lines_and_furniture_hold_every_sign_of_the_text(text: str) -> None:
    lines, furniture = read_lines(text)
    marks = sum(len("".join(mark.marks.split())) for mark in furniture)
    words = sum(len("".join(line.text.split())) for line in lines)
    assert words + marks == len("".join(text.split()))
    for mark in furniture:
        assert text[mark.source.start : mark.source.end].strip() == mark.marks


@given(st.integers(1, 399))
def test_a_roman_numeral_is_worth_its_number(number: int) -> None:
    worth = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    signs = [worth[sign] for sign in roman(number)]
    total = sum(-one if one < after else one for one, after in zip(signs, [*signs[1:], 0], strict=True))
    assert total == number


@given(st.dates(date(1946, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_the_days_of_a_meeting_are_found_again_in_a_heading(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    meeting = MeetingReference("bridges", start, end, "Vienna")
    days = period_in_words(start, end)
    for words in (f"held from {days}", f"(Vienna, {days})"):
        assert meeting_of_heading(words, (meeting,)) == (meeting, "")
