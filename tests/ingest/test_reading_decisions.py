"""Lines that could be two things, and what the reader decides; each case is a body below the heading of a section."""

from __future__ import annotations

import pytest

from ingest.document import Document
from ingest.reading import parse
from tests.ingest.bridges import METADATA

FIRST = "Adopted from 30 May to 1 June 2012"
SECOND = "Adopted from 11 to 13 November 2013"


HEAD = f"""Recommendations on bridges

I. Adopted

**{FIRST}**

1. States should build.

**{SECOND}**

2. States should repair.

## II. General

"""


def read(body: str) -> Document:
    """A document whose section II has this body; its paragraphs are numbered from 3."""
    return parse(HEAD + body, METADATA)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a number that is wrapped with an open sentence, soft or at a page break
        ("3. As they did in\n2013. They should go on.", ["As they did in 2013. They should go on."]),
        ("3. As they did in\n\n2013. They should go on.", ["As they did in 2013. They should go on."]),
        ("3. As in recommendation\n1. They should go on.", ["As in recommendation 1. They should go on."]),
        ("3. As they did in\n\n2013\n\nand before.", ["As they did in 2013 and before."]),
        # the next number opens a paragraph even where the full stop before it is missing
        ("3. States should build\n4. They should paint.", ["States should build", "They should paint."]),
        # a numeral or letter in a sentence is no heading
        ("3. As set out in chapter\nII. They should go on.", ["As set out in chapter II. They should go on."]),
        ("3. As set out in chapter\n\nIV. They build", ["As set out in chapter IV. They build"]),
        # marks in brackets are items only where a list may begin
        ("3. See article 5, paragraph 1\n(a) of the Treaty.", ["See article 5, paragraph 1 (a) of the Treaty."]),
        ("3. See article 5, paragraph\n\n(c) of the Treaty.", ["See article 5, paragraph (c) of the Treaty."]),
        # emphasis inside a sentence is no heading
        ("3. Under the\n**Bridges Convention**\nand others.", ["Under the Bridges Convention and others."]),
        ("3. Under the\n\n**Bridges Convention**\nand others.", ["Under the Bridges Convention and others."]),
        ("3. States should\n\n## build bridges.", ["States should build bridges."]),
        ("**3. States should build.\nThey should paint.**", ["States should build. They should paint."]),
        ("3. A *new* __and__ ***old*** 2 * 3 * 4 snake_case_name.", ["A new and old 2 * 3 * 4 snake_case_name."]),
        ("3. A *new **and* old.", ["A new **and old."]),  # two signs are not closed by one (CommonMark §6.2)
        # a second sentence without a number belongs to the paragraph above it
        ("3. States should build.\n\nThey should paint.", ["States should build. They should paint."]),
        # page numbers and running headers are not words, years and symbols in a line are
        ("3. States should\n\n3/12\n\nAB/WG.1/2012/3\n\nbuild.", ["States should build."]),
        ("3. States should read\nAB/WG.1/2012/3\nat once.", ["States should read AB/WG.1/2012/3 at once."]),
        # hyphens at the end of a line
        ("3. The well-\nbeing of short-\nand long-term Franco-\nGerman –\nor other.", ["The well-being of short- and long-term Franco-German – or other."]),
        # a footnote ends with its block, or where the next number stands
        ("3. States.*\n\n\\* See\nchapter 1.\n4. States.", ["States.*", "States."]),
        ("3. States\n\n[^1]: See above.\n\nshould build.", ["States should build."]),
        ("3\\. States should build.\n\t4.  They   should\tpaint.  ", ["States should build.", "They should paint."]),
    ],
)  # fmt: skip
def test_a_line_that_could_be_two_things_is_read_as_decided(body: str, expected: list[str]) -> None:
    document = read(body)
    assert [one.text for one in document.paragraphs[2:]] == expected
    assert {one.section for one in document.paragraphs[2:]} == {("II",)}
    assert not any(one.items for one in document.paragraphs)


@pytest.mark.parametrize(
    ("body", "text", "doubt"),
    [
        ("3. As in paragraph\n\n12. They go on.", "As in paragraph 12. They go on.", "number: 12 inside paragraph 3, read as its words"),
        ("3. States build.\n2013. They go on.", "States build. 2013. They go on.", "number: 2013 inside paragraph 3, read as its words"),
        ("3. States build.\n\n1. They restart.", "States build. 1. They restart.", "number: 1 inside paragraph 3, read as its words"),
        ("3. States build:\n\n(a) Piers:\n\n(i) Of stone;\n\n(iii) Of wood.", "States build:", "item: (iii) in paragraph 3, where (b) or (ii) would come next"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_the_next_is_read_as_words_and_doubted(body: str, text: str, doubt: str) -> None:
    document = read(body)
    assert document.paragraphs[-1].text == text
    assert [one.name for one in document.doubts] == [doubt]


@pytest.mark.parametrize("style", ["{}", "# {}", "###### {} ######", "**{}**", "__{}__", "## **{}**", "#**{}**"])
def test_a_numbered_heading_is_one_in_every_style_even_behind_an_unfinished_sentence(style: str) -> None:
    document = read(f"3. States should build\n\n{style.format('III. Painting')}\n\n4. States should paint.")
    assert (document.sections[-1].path, document.sections[-1].heading) == (("III",), "Painting")
    assert document.paragraphs[-1].section == ("III",)


SUBJECT, NEXT_SUBJECT = "**Piers**", "**Arches**"
ONE, TWO = f"**{FIRST}**", f"**{SECOND}**"


@pytest.mark.parametrize(
    ("lines", "paths"),
    [
        ([SUBJECT, "p", NEXT_SUBJECT, "p"], ["II/1", "II/2"]),
        ([ONE, SUBJECT, "p", NEXT_SUBJECT, "p", TWO, SUBJECT, "p"], ["II/1/1", "II/1/2", "II/2/1"]),
        ([ONE, "p", SUBJECT, "p", TWO, "p"], ["II/1", "II/1/1", "II/2"]),
        ([SUBJECT, ONE, "p", TWO, "p", NEXT_SUBJECT, ONE, "p"], ["II/1/1", "II/1/2", "II/2/1"]),
        ([SUBJECT, "p", ONE, "p", TWO, "p"], ["II/1", "II/2", "II/3"]),
        (["**A. Piers**", ONE, "p", TWO, "p", "**B. Arches**", ONE, "p"], ["II/A/1", "II/A/2", "II/B/1"]),
        ([SUBJECT, "p", "**A. Arches**", "p", NEXT_SUBJECT, "p"], ["II/1", "II/A", "II/A/1"]),
    ],
)
def test_headings_without_numbers_stand_below_the_kind_that_came_first(lines: list[str], paths: list[str]) -> None:
    numbers = iter(range(3, 100))
    body = "\n\n".join(f"{next(numbers)}. States." if line == "p" else line for line in lines)
    assert ["/".join(one.section) for one in read(body).paragraphs[2:]] == paths


def test_a_subject_below_a_meeting_belongs_to_it_and_a_section_without_dates_to_none() -> None:
    document = read(
        f"3. States.\n\n{ONE}\n\n{SUBJECT}\n\n4. States.\n\n{TWO}\n\n5. States.\n\n# III. Recommendations\n\n6. States."
    )
    assert [one.meeting for one in document.paragraphs[2:]] == [None, "bridges-2012", "bridges-2013", None]
