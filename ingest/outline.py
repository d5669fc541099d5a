"""Printed numbers, and the sections that numbered and unnumbered headings make of a document.

Roman numerals make sections, capital letters parts of a section; "1." and "(a)" stand below them, each in order. An
annex begins an outline of its own. A heading without a number stands below the numbered one before it, and counts among
its siblings. Of those there are two kinds, with the dates of a meeting and without: the kind that came first stands
above the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from ingest.document import Doubt, Metadata, Section, SourceRange
from ingest.metadata import meeting_of_heading
from ontology.words import period_in_words

ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))

NUMBERED_HEADING = re.compile(r"(?:([IVXLCDM]+|[A-Z])\.|([IVX]{2,5})(?=\s+[A-Z]))(?:\s+|$)")
"""``III. Recommendations…``, ``III Recommendations`` or ``B. Recommendations…``, whatever the number is worth."""

NUMBERED_PARAGRAPH = re.compile(r"(?:([0-9]+)\.|([0-9]{1,4}\.[0-9]{1,4})\.?)(?:\s+|$)")
"""``24. States…`` or ``140.1 Ratify…``; the second kind may have a full stop behind it."""

ITEM_MARK = re.compile(
    r"(?:\(([a-z]{1,6}|[0-9]{1,2})\)|([a-z]{1,5}(?=\))|[0-9]{1,2}(?=\))|(?:[a-z]|i{2,3}|iv|vi{1,3})(?=\.\s))[).]|"
    r"([•·▪‣◦●○–—*-]))(?:\s+|$)"
)
"""``(a)``, ``(1)``, ``a)``, ``1)``, ``a.`` or a bullet."""

NOTE_MARK = re.compile(r"(?:(\*{1,5}|[†‡§]+(?!\s*[0-9])|[¹²³⁴-⁹⁰]+)\s*|([0-9]{1,3}/|[a-z]/|\[\^\w{1,20}\]:)\s+)(?=\S)")
"""The mark that opens a footnote: ``*``, ``**``, ``†``, ``¹``, ``1/``, ``a/`` or ``[^1]:``."""

ANNEX = re.compile(
    r"(?:Annex|ANNEX|Appendix|APPENDIX|Annexe|ANNEXE|Appendice|Anexo|ANEXO|Apéndice|Приложение|附件|附录|مرفق)"
    r"(?: ([IVX]+|[0-9]{1,2}|[A-Z]))?[*.:]*(?:\s+[–—-]?\s*|$)"
)
NAMED_PART = re.compile(r"(?:Article|Rule|Principle|Guideline|Chapter|Part|Artículo|Capítulo) (?:[0-9]{1,3}|[IVX]+)")
"""``Article 2``, alone above the paragraphs of rules that an annex holds."""
RECOMMENDATIONS = re.compile(
    r"\b(?:recommendations?|recomendaci(?:ón|ones)|recommandations?)\b|рекомендаци|建议|توصي", re.IGNORECASE
)
NOT_THEIR_OWN = re.compile(
    r"\b(?:implementation|follow-up|follow up|followup|status|overview|response|responses|reply|replies|views|progress|"
    r"compliance|action taken|measures taken|information|update)\b[^:;]*\brecommendations?\b|"
    r"\b(?:accepted|noted|supported|rejected|previous|earlier|resulting from the)\srecommendations?\b|"
    r"\brecommendations?\s[0-9]",
    re.IGNORECASE,
)
"""Headings of reports on the recommendations of others: "Implementation of the recommendations of the first cycle",
"Gender equality (recommendations 4, 14)"."""
OPERATIVE_KINDS = frozenset({"resolution", "decision", "recommendation", "declaration"})
LONGEST_QUOTE, LONGEST_HEADING = 60, 200
LARGEST_ITEM_GAP = 3
UNNUMBERED = ("plain", "named")
"""The levels of headings that count among their siblings by their place."""

SectionPath = tuple[str, ...]


@cache
def roman(number: int) -> str:
    """The roman numeral of a positive number, in capitals."""
    numeral = []
    for value, sign in ROMAN:
        times, number = divmod(number, value)
        numeral.append(sign * times)
    return "".join(numeral)


@cache
def letter(number: int) -> str:
    """The letter of a positive number: A to Z, then AA, BB."""
    rounds, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (rounds + 1)


def quoted(text: str) -> str:
    """A text in quotation marks, cut short for a message."""
    return f"“{text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + '…'}”"


class ItemSequence:
    """The marks of the items of one paragraph, as they come: (a), (b), (c), or (i), (ii), (iii), or 1), 2), or bullets.

    The first mark says which of them they are; marks of another kind number a list inside an item.
    """

    def __init__(self) -> None:
        self._outer, self._inner = letter, roman
        self._style = ""
        self.items = self._nested = 0

    def expected(self) -> tuple[str, ...]:
        """The lettered marks that may come next, in lower case without brackets."""
        if not self.items:
            return (letter(1).lower(), roman(1).lower())
        return (self._outer(self.items + 1).lower(), self._inner(self._nested + 1).lower())

    def take(self, match: re.Match[str], following: Callable[[], str | None]) -> str | None:
        """Whether a mark opens an ``item``, one behind a ``gap``, a list ``nested`` in one, or is out of order (None).

        ``following`` tells the mark after this one; it is asked only where (i) may be the ninth letter or a one.
        """
        mark = match[1] or match[2] or ""
        style = "bullet" if not mark else "number" if mark.isdigit() else "letter"
        if self.items and style != self._style:
            return "nested"
        if style == "letter":
            kind = self._take_letter(mark, following)
        else:
            kind = "item" if style == "bullet" or mark == str(self.items + 1) else None
        if kind in ("item", "gap"):
            self._style = style
            self.items, self._nested = self.items + 1 if kind == "item" else ord(mark) - ord("a") + 1, 0
        return kind

    def take_number(self, number: int) -> bool:
        """Whether "1.", "2." in a paragraph opens an item of a list."""
        if number != self.items + 1 or (self.items and self._style != "number"):
            return False
        self._style, self.items, self._nested = "number", number, 0
        return True

    def _take_letter(self, mark: str, following: Callable[[], str | None]) -> str | None:
        if not self.items and mark == roman(1).lower():
            self._outer, self._inner = roman, letter
        item, nested = self.expected()
        if mark not in (item, nested):
            behind = [letter(number).lower() for number in range(self.items + 2, self.items + 2 + LARGEST_ITEM_GAP)]
            return "gap" if self.items and self._outer is letter and mark in behind else None
        if mark == nested and self.items:
            after = self._inner(self._nested + 2).lower()
            if mark != item or following() == after:
                self._nested += 1
                return "nested"
        return "item"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is printed: its number without full stop or brackets (empty for none) and its words."""

    level: str
    printed: str
    words: str


def read_heading(text: str) -> Heading:
    """The parts of a heading: ``annex``, ``numbered`` (III, B), ``arabic`` (1), ``lettered`` (a), ``named`` (Rule 2),
    or ``plain``."""
    if match := ANNEX.match(text):
        return Heading("annex", match[1] or "", text[match.end() :] or text[: match.end()].strip(" *.:"))
    if match := NUMBERED_HEADING.match(text):
        return Heading("numbered", match[1] or match[2], text[match.end() :])
    if (match := NUMBERED_PARAGRAPH.match(text)) and match[1]:
        return Heading("arabic", match[1], text[match.end() :])
    if (match := ITEM_MARK.match(text)) and match[1]:
        return Heading("lettered", match[1], text[match.end() :])
    return Heading("named" if NAMED_PART.fullmatch(text) else "plain", "", text)


def looks_like_heading(words: str) -> bool:
    """Whether words that are not set as a heading may be one: short, a capital first, no sign behind."""
    return len(words) <= LONGEST_HEADING and not words.endswith((".", ";", ":", ",")) and words[0].isupper()


class Outline:
    """The sections so far, with what is doubtful about their headings; ``paragraphs`` counts those that stand directly
    below each, ``texts`` are those with words without a number."""

    def __init__(self, metadata: Metadata) -> None:
        self._metadata = metadata
        self._sections: list[Section] = []
        self._children: Counter[SectionPath] = Counter()
        self.paragraphs: Counter[SectionPath] = Counter()
        self.texts: set[SectionPath] = set()
        self._annex: SectionPath = ()
        self._annexes = self._top = self._parts = self._arabic = self._lettered = 0
        self._numbered: SectionPath = ()
        self._below: list[Section] = []
        self._unnumbered: list[Section] = []
        self.doubts: list[Doubt] = []

    @property
    def path(self) -> SectionPath:
        """The path of the innermost section that is open; empty before the first."""
        if self._unnumbered:
            return self._unnumbered[-1].path
        return self._below[-1].path if self._below else self._numbered

    @property
    def in_annex(self) -> bool:
        """Whether an annex is open."""
        return bool(self._annex)

    def is_next(self, heading: Heading) -> bool:
        """Whether a heading has the number that comes next: of a section, a part, or a sub-heading below them."""
        if heading.level == "arabic":
            return heading.printed == str(self._arabic + 1)
        if heading.level == "lettered":
            return heading.printed == letter(self._lettered + 1).lower()
        return heading.level == "annex" or heading.printed in (roman(self._top + 1), letter(self._parts + 1))

    def is_later(self, heading: Heading) -> bool:
        """Whether a heading of a section or part comes after the next, so that one is missing between them."""
        return heading.printed in self._later()

    def _later(self) -> dict[str, tuple[int, str]]:
        """What headings after the next print, with the number that it is, and whether of a section or of a part."""
        sections = {roman(number): (number, "section") for number in range(self._top + 2, self._top + 30)}
        parts = {letter(number): (number, "part") for number in range(self._parts + 2, 27)}
        return sections | parts if self._top and self._parts else parts | sections

    def add(self, text: str, order: int, source: SourceRange) -> None:
        """Opens the section of a heading. ``text`` is the whole heading as it is printed."""
        heading = read_heading(text)
        meeting, odd = meeting_of_heading(heading.words, self._metadata.meetings)
        if odd:
            self.doubts.append(Doubt(source.first_line, "dates", odd))
        if heading.level == "numbered" and not (self.is_next(heading) or self.is_later(heading)):
            self.doubts.append(Doubt(source.first_line, "heading", f"{quoted(text)} is out of order"))
            heading = replace(heading, level="plain", words=text, printed="")
        path = self._path_of(heading, source.first_line, is_dated=meeting is not None)
        placed = Section(path, heading.words, heading.printed, order, source, meeting.slug if meeting else None)
        self._children[placed.path[:-1]] += 1
        self._sections.append(placed)
        if heading.level in UNNUMBERED:
            self._unnumbered.append(placed)
        elif heading.level in ("arabic", "lettered"):
            self._below.append(placed)

    def _path_of(self, heading: Heading, line: int, *, is_dated: bool) -> SectionPath:
        level = heading.level
        if level in UNNUMBERED:
            return self._unnumbered_path(is_dated)
        self._unnumbered = []
        if level == "annex":
            self._annexes += 1
            self._top = self._parts = self._arabic = self._lettered = 0
            self._below = []
            self._annex = self._numbered = (f"ANNEX{self._annexes if self._annexes > 1 else ''}",)
        elif level == "numbered":
            self._numbered_path(heading, line)
        elif level == "arabic":
            self._arabic, self._lettered = int(heading.printed), 0
            self._below = []
            return self._child_of(self._numbered)
        else:
            self._lettered += 1
            self._below = [one for one in self._below if one.printed.isdigit()]
            return self._child_of(self.path)
        return self._numbered

    def _child_of(self, path: SectionPath) -> SectionPath:
        return (*path, str(self._children[path] + 1))

    def _numbered_path(self, heading: Heading, line: int) -> None:
        printed = heading.printed
        self._arabic = self._lettered = 0
        self._below = []
        inside = self._numbered[: len(self._annex) + 1] if self._top else self._annex
        if printed == roman(self._top + 1):
            number, place = self._top + 1, "section"
        elif printed == letter(self._parts + 1):
            number, place = self._parts + 1, "part"
        else:
            number, place = self._later()[printed]
            if self._sections:
                name = f"section {roman(self._top + 1)}" if place == "section" else f"part {letter(self._parts + 1)}"
                self.doubts.append(Doubt(line, "gap", f"{name} is missing before {quoted(heading.words)}"))
        if place == "section":
            self._top, self._parts = number, 0
            self._numbered = (*self._annex, printed)
        else:
            self._parts = number
            self._numbered = (*inside, printed)

    def _unnumbered_path(self, is_dated: bool) -> SectionPath:
        kinds = [above.meeting is not None for above in self._unnumbered]
        if is_dated in kinds:
            del self._unnumbered[kinds.index(is_dated) :]
        elif is_dated and self._unnumbered and self.paragraphs[self.path]:
            self._unnumbered.pop()
        return self._child_of(self.path)

    def complete(self) -> tuple[Section, ...]:
        """All sections with their meetings: their own, that of the section above, or the only one of the document.

        The only one goes to sections that hold recommendations and have no heading with dates below them.
        """
        filled = {path[:depth] for path in (*self.paragraphs, *self.texts) for depth in range(1, len(path) + 1)}
        dated = {
            section.path[:depth]
            for section in self._sections
            if section.meeting is not None
            for depth in range(1, len(section.path) + 1)
        }
        meetings = self._metadata.meetings
        only = meetings[0].slug if len(meetings) == 1 else None
        given: dict[SectionPath, str | None] = {}
        complete = []
        for section in self._sections:
            if section.path not in filled:
                words = f"nothing stands below the heading {quoted(section.heading)}"
                self.doubts.append(Doubt(section.source.first_line, "empty", words))
            meeting = section.meeting or given.get(section.path[:-1])
            if meeting is None and section.path not in dated and _recommends(section.heading):
                meeting = only
            given[section.path] = meeting
            complete.append(section if meeting == section.meeting else replace(section, meeting=meeting))
        return tuple(complete)


class Recommending:
    """Which paragraphs of a document are recommendations, by its metadata, its kind and its headings."""

    def __init__(self, metadata: Metadata, sections: tuple[Section, ...]) -> None:
        self._kind = metadata.kind
        self._meetings = metadata.meetings
        self._meeting = {section.path: section.meeting for section in sections}
        self._speaks = {
            section.path: _recommends(section.heading) and "ANNEX" not in section.path[0] for section in sections
        }
        self._sections = {tuple(entry.split("/")) for entry in metadata.recommendations if not entry[0].isdigit()}
        self._ranges = []
        for entry in metadata.recommendations:
            first, _, last = entry.partition("-")
            if first.isdigit() and (last or first).isdigit():
                self._ranges.append(range(int(first), int(last or first) + 1))
        self._chosen = bool(metadata.recommendations)

    def meeting_of(self, path: SectionPath, number: int) -> tuple[str | None, bool]:
        """The meeting that adopted a paragraph, if any, and whether it is a recommendation at all."""
        meeting = self._meeting.get(path)
        above = (path[:depth] for depth in range(1, len(path) + 1))
        if self._chosen:
            chosen = any(one in self._sections for one in above) or any(number in one for one in self._ranges)
            only = self._meetings[0].slug if len(self._meetings) == 1 else None
            return (meeting or only, True) if chosen else (None, False)
        if meeting is not None:
            return meeting, True
        if self._kind in OPERATIVE_KINDS:
            return None, not (path and path[0].startswith("ANNEX"))
        return None, not self._meetings and any(self._speaks.get(one, False) for one in above)


def _recommends(heading: str) -> bool:
    return RECOMMENDATIONS.search(heading) is not None and NOT_THEIR_OWN.search(heading) is None


def missing_meetings(metadata: Metadata, adopted: set[str | None]) -> list[Doubt]:
    """The meetings of the metadata under which nothing stands."""
    return [
        Doubt(1, "meeting", f"no recommendation of the meeting {one.slug} ({held}): no heading with its dates")
        for one in metadata.meetings
        if one.slug not in adopted
        for held in (period_in_words(one.start, one.end),)
    ]
