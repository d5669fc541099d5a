"""Sections and parts of a document: where a heading stands among them, and which meeting it gives to what is below it.

Roman numerals make sections, capital letters parts of a section; both must come in order. A heading without a number
stands below the numbered one before it, and counts among its siblings. Of those there are two kinds, with the dates of
a meeting and without: the kind that came first stands above the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.document import MeetingReference, Section, SourceRange
from ingest.errors import SourceError
from ingest.metadata import days, meeting_of_heading

ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))

NUMBERED_HEADING = re.compile(r"([IVXLCDM]+|[A-Z])\.(?:\s+|$)")
"""``III. Recommendations…`` or ``B. Recommendations…``, whatever the number is worth."""

NUMBERED_PARAGRAPH = re.compile(r"([0-9]+)\.(?:\s+|$)")

LETTERED_ITEM = re.compile(r"\(([a-z]{1,6})\)(?:\s+|$)")

NOTE_MARK = re.compile(r"(?:(\*{1,5}|[†‡§]+|[¹²³⁴-⁹⁰]+)\s*|([0-9]{1,3}/|[a-z]/|\[\^\w{1,20}\]:)\s+)(?=\S)")
"""The mark that opens a footnote: ``*``, ``**``, ``†``, ``¹``, ``1/``, ``a/`` or ``[^1]:``."""


def roman(number: int) -> str:
    """The roman numeral of a positive number, in capitals."""
    numeral = []
    for value, sign in ROMAN:
        times, number = divmod(number, value)
        numeral.append(sign * times)
    return "".join(numeral)


def letter(number: int) -> str:
    """The letter of a positive number: A to Z, then AA, BB."""
    rounds, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (rounds + 1)


class ItemSequence:
    """The marks of the items of one paragraph, as they come: (a), (b), (c), or (i), (ii), (iii).

    The first mark says which of the two they are; marks of the other kind number a list inside an item.
    """

    def __init__(self) -> None:
        self._outer, self._inner = letter, roman
        self._items = self._nested = 0

    def expected(self) -> tuple[str, ...]:
        """The marks that may come next, in lower case without brackets."""
        if not self._items:
            return (letter(1).lower(), roman(1).lower())
        return (self._outer(self._items + 1).lower(), self._inner(self._nested + 1).lower())

    def take(self, mark: str, following: Callable[[], str | None]) -> str | None:
        """Whether a mark opens an ``item``, a list ``nested`` in one, or (None) is out of order and not taken.

        ``following`` tells the mark after this one; it is asked only where (i) may be the ninth letter or a one.
        """
        if not self._items and mark == roman(1).lower():
            self._outer, self._inner = roman, letter
        item, nested = self.expected()
        if mark not in (item, nested):
            return None
        if mark == nested and self._items:
            after = self._inner(self._nested + 2).lower()
            if mark != item or following() == after:
                self._nested += 1
                return "nested"
        self._items, self._nested = self._items + 1, 0
        return "item"


RECOMMENDATIONS = re.compile(r"\brecommendations?\b", re.IGNORECASE)
LONGEST_QUOTE = 60

SectionPath = tuple[str, ...]


def quoted(text: str) -> str:
    """A text in quotation marks, cut short for a message."""
    return f"“{text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + '…'}”"


class Outline:
    """The sections so far. All `SourceError`s name the line of the heading."""

    def __init__(self, meetings: tuple[MeetingReference, ...], file: Path) -> None:
        self._meetings = meetings
        self._file = file
        self._sections: list[Section] = []
        self._children: Counter[SectionPath] = Counter()
        self._paragraphs: Counter[SectionPath] = Counter()
        self._top = self._parts = 0
        self._numbered: SectionPath = ()
        self._unnumbered: list[Section] = []

    @property
    def path(self) -> SectionPath:
        """The path of the innermost section that is open; empty before the first."""
        return self._unnumbered[-1].path if self._unnumbered else self._numbered

    def expected(self) -> str:
        """The numbered headings that may come next, in words."""
        section = f"section {roman(self._top + 1)}"
        return f"{section} or part {letter(self._parts + 1)}" if self._numbered else section

    def is_next(self, printed: str) -> bool:
        """Whether a numeral or letter is the next section, or the next part of the one that is open."""
        part = letter(self._parts + 1) if self._numbered else ""
        return printed in (roman(self._top + 1), part)

    def add(self, text: str, order: int, source: SourceRange) -> None:
        """Opens the section of a heading. ``text`` is the whole heading as it is printed.

        Raises `SourceError` for a numeral or letter that is not the next one, a heading without words, and dates that
        no declared meeting has.
        """
        match = NUMBERED_HEADING.match(text)
        heading = text[match.end() :] if match else text
        if not heading:
            raise SourceError(self._file, source.first_line, f"the heading {quoted(text)}", "words behind its number")
        meeting = meeting_of_heading(heading, self._meetings, self._file, source.first_line)
        slug = meeting.slug if meeting else None
        printed = match[1] if match else ""
        section = Section((), heading, printed, order, source, slug)
        placed = replace(section, path=self._numbered_path(section) if match else self._unnumbered_path(section))
        self._children[placed.path[:-1]] += 1
        self._sections.append(placed)
        if not match:
            self._unnumbered.append(placed)

    def _numbered_path(self, section: Section) -> SectionPath:
        if section.printed == roman(self._top + 1):
            self._top, self._parts = self._top + 1, 0
            self._numbered = (section.printed,)
        elif self._numbered and section.printed == letter(self._parts + 1):
            self._parts += 1
            self._numbered = (self._numbered[0], section.printed)
        else:
            found = f"the heading {quoted(f'{section.printed}. {section.heading}')}"
            raise SourceError(self._file, section.source.first_line, found, self.expected())
        self._unnumbered = []
        return self._numbered

    def _unnumbered_path(self, section: Section) -> SectionPath:
        dated = section.meeting is not None
        kinds = [above.meeting is not None for above in self._unnumbered]
        if dated in kinds:
            del self._unnumbered[kinds.index(dated) :]
        elif dated and self._unnumbered and self._paragraphs[self.path]:
            self._unnumbered.pop()
        return (*self.path, str(self._children[self.path] + 1))

    def count_paragraph(self) -> None:
        """Notes that a paragraph stands directly below the innermost section."""
        self._paragraphs[self.path] += 1

    def complete(self) -> tuple[Section, ...]:
        """All sections with their meetings: their own, that of the section above, or the only one of the document.

        The only one goes to a section that speaks of recommendations and has no heading with dates below it. Raises
        `SourceError` for a section without a paragraph and a declared meeting without one.
        """
        filled = {path[:depth] for path in self._paragraphs for depth in range(1, len(path) + 1)}
        dated = {
            section.path[:depth]
            for section in self._sections
            if section.meeting is not None
            for depth in range(1, len(section.path) + 1)
        }
        only = self._meetings[0].slug if len(self._meetings) == 1 else None
        given: dict[SectionPath, str | None] = {}
        complete = []
        for section in self._sections:
            if section.path not in filled:
                found = f"no paragraph below the heading {quoted(section.heading)}"
                raise SourceError(self._file, section.source.first_line, found, "at least one numbered paragraph")
            meeting = section.meeting or given.get(section.path[:-1])
            if meeting is None and section.path not in dated and RECOMMENDATIONS.search(section.heading):
                meeting = only
            given[section.path] = meeting
            complete.append(replace(section, meeting=meeting))
        with_paragraphs = {given[path] for path in self._paragraphs}
        for meeting_reference in self._meetings:
            if meeting_reference.slug not in with_paragraphs:
                found = f"no recommendation of the meeting {meeting_reference.slug}"
                expected = f"a heading with its dates, {days(meeting_reference)}, and paragraphs below it"
                raise SourceError(self._file, None, found, expected)
        return tuple(complete)
