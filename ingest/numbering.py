"""The numbers of paragraphs: "24." and "140.1", or another form that a document has throughout: "(24)", "24)", "§ 24".

"(1)" opens an item of a list in most documents, and a paragraph in those that number their paragraphs so. Which of them
it is, is told for the body and for each annex by itself: another form than "24." is taken where nothing but headings
has that one, and where the numbers count on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.outline import ANNEX, NUMBERED_PARAGRAPH, looks_like_heading
from ingest.passages import LIST_ENDING
from ingest.source import Line

OTHER_FORMS = tuple(
    re.compile(form)
    for form in (
        r"\(([0-9]{1,3})\)\s+",
        r"([0-9]{1,3})\.?\)\s+",
        r"\[([0-9]{1,3})\]\s+",
        r"(\d{1,3})\.?\s?[-–—]\s+",
        r"([0-9]{1,3})\.?[º°][.)]?[-–—]?\s+",
        r"(?:§|OP|Para(?:graph)?\.?|PARA(?:GRAPH)?\.?)\s?([0-9]{1,4})[.:)]?\s+(?:[–—-]\s+)?(?![a-z])",
    )
)
"""``(1)``, ``1)``, ``[1]``, ``1 -`` (in Arabic also with its own digits), ``1º``, and ``§ 1``, ``Para. 1``, ``OP1``."""
NOTED = re.compile(r"(?<=\S)\[[0-9]{1,3}\]")
"""The mark of a note in words, which has no space before it."""
FEWEST, LEADING = 2, (":", ",", ";")


class Number(NamedTuple):
    """The number that a line begins with, "24" or "140.1", and the words behind it; no number is empty."""

    printed: str
    words: str


NONE = Number("", "")


class Run:
    """How far the numbers of paragraphs have come in the body, and in a run that begins again ``within`` a part of it:
    an annex, a section, or below a paragraph that lists recommendations."""

    def __init__(self) -> None:
        self.within = ""
        self.last = self.last_inner = self._last_of_body = self._last_below = 0

    @property
    def next(self) -> str:
        """The number that comes next."""
        return str(self.last + 1)

    def begin(self, within: str) -> None:
        """Begins a run within a part, or again that of the body (empty)."""
        self.within, self.last, self.last_inner = within, 0, 0

    def returns(self, value: int) -> bool:
        """Whether a number is the next of the body behind a run within it."""
        return bool(self.within) and value == self._last_of_body + 1

    def begins_below(self, value: int, following: str, *, announced: bool, leads: bool) -> bool:
        """Whether a number opens a list below the last paragraph, which announces recommendations or leads in to
        something: at 1, or where the list below a paragraph before ended."""
        if self._last_below:
            return value in (1, self._last_below + 1) and (announced or leads)
        return announced and value == 1 and following == "2"

    def open(self, number: int, inner: int = 0) -> None:
        """Counts a paragraph, or one that is numbered 140.1 below it."""
        self.last, self.last_inner = number, inner
        if not self.within:
            self._last_of_body = number
        elif self.within.isdigit():
            self._last_below = number


def paragraph_numbers(lines: Sequence[Line]) -> list[Number]:
    """The number of each line, in the form that the part of the document has."""
    numbers: list[Number] = []
    for part in _parts(lines):
        form = _form(part)
        numbers += [_number(form, line.text) for line in part]
    return numbers


def body_numbers(lines: Sequence[Line], numbers: Sequence[str], start: int) -> Iterator[str]:
    """The numbers that open blocks of the body, from a position on."""
    for line, number in zip(lines[start:], numbers[start:], strict=True):
        if line.begins and ANNEX.match(line.text):
            return
        if line.begins and number:
            yield number


def following_numbers(lines: Sequence[Line], numbers: Sequence[str]) -> list[str]:
    """For each line the plain number that opens a block next after it, empty where none does."""
    following, number = [""] * len(lines), ""
    for position in range(len(lines) - 1, -1, -1):
        following[position] = number
        if lines[position].begins and numbers[position].isdigit():
            number = numbers[position]
    return following


def _parts(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The body and each annex."""
    starts = [place for place, line in enumerate(lines) if line.begins and place and ANNEX.match(line.text)]
    for start, end in pairwise((0, *starts, len(lines))):
        yield lines[start:end]


def _number(form: re.Pattern[str], text: str) -> Number:
    match = form.match(text) if form is not NUMBERED_PARAGRAPH or text[0].isdigit() else None
    if match is None:
        return NONE
    printed = match[match.lastindex or 1]
    return Number(printed if printed.isascii() else str(int(printed)), text[match.end() :])


def _form(part: Sequence[Line]) -> re.Pattern[str]:
    if any(line.begins and _opens_paragraph(line.text) for line in part):
        return NUMBERED_PARAGRAPH
    best, most = NUMBERED_PARAGRAPH, FEWEST - 1
    for form in OTHER_FORMS:
        run = _run(part, form)
        if len(run) > most and not _is_list(part, run):
            best, most = form, len(run)
    return best


def _opens_paragraph(text: str) -> bool:
    """Whether a line has the usual number, and is no heading such as "1. General recommendations"."""
    match = NUMBERED_PARAGRAPH.match(text) if text[0].isdigit() else None
    return match is not None and not (match.end() < len(text) and looks_like_heading(text[match.end() :]))


def _run(part: Sequence[Line], form: re.Pattern[str]) -> list[tuple[int, str]]:
    """The numbers that count on, or begin again at 1, with their places and words, without those of lists in between;
    none where the numbers are marks of notes, which stand in the words as well."""
    noted = {mark for line in part for mark in NOTED.findall(line.text)}
    run: list[tuple[int, str]] = []
    last = of_list = 0
    for place, line in enumerate(part):
        match = form.match(line.text)
        if match is None or not (line.begins or int(match[1]) in (last + 1, of_list + 1)):
            continue
        if match[0].rstrip() in noted:
            return []
        number, above = int(match[1]), part[place - 1].text if place else ""
        opens_list = bool(run) and number == 1 and above.endswith(LEADING)
        if opens_list or (of_list and number == of_list + 1 and above.endswith(LIST_ENDING)):
            of_list = number
        elif number in (1, last + 1) or not run:
            run.append((place, line.text[match.end() :]))
            last, of_list = number, 0
    return run


def _is_list(part: Sequence[Line], run: Sequence[tuple[int, str]]) -> bool:
    """Whether numbers open the items of one sentence: "States should:", "(1) adopt laws;", "(2) train judges."."""
    (first, words), (second, _) = run[:2]
    above = part[first - 1].text if first else ""
    return above.endswith(LEADING) and (part[second - 1].text.endswith(LIST_ENDING) or words[:1].islower())
