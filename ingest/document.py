"""The document as plain values: what reading produces and everything after it consumes.

Positions are Unicode code points, half-open. `Span` cuts a published text; `SourceRange` says where in the source file
a part stands. Paths are relative to the base IRI of a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

TEXT_NAMES = {
    "preamble": "Clause of the preamble",
    "table": "Table",
    "closing": "Closing words",
    "text": "Text without a number",
}
"""What people call words outside the numbered paragraphs, by their kind."""


FRONT = "front"
"""Within what numbers count that begin again at 1 in section I, such as those of a list of abbreviations."""
UNNUMBERED_CLAUSE = "clause"
"""Within what the operative clauses of a document count that prints no numbers: "clause-1"."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text: ``text[start:end]``."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """The words at this span."""
        return text[self.start : self.end]


def nth_place(text: str, words: str, nth: int = 1, start: int = 0, end: int | None = None) -> int:
    """Where words stand in a text, or between two places of it, for the nth time (from 1); -1 where they do not."""
    place = text.find(words, start, end) if words else -1
    for _ in range(1, nth):
        place = text.find(words, place + 1, end) if place >= 0 else -1
    return place


@dataclass(frozen=True, slots=True)
class SourceRange:
    """The range of a part in the source file: lines counted from 1, both inclusive; characters half-open from 0."""

    first_line: int
    last_line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MeetingReference:
    """A meeting of which the document holds recommendations. ``slug`` names it in the graph.

    ``label`` is its name for people, empty where the reference data describe the meeting; ``body`` is the slug of the
    actor whose meeting it is, empty for that of the document. Body and days tell two meetings apart.
    """

    slug: str
    start: date
    end: date
    place: str
    label: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document beside its text, from its ``.toml`` file; what it lacks is empty.

    ``means`` gives the slug of the instrument or actor that a short name stands for in this document ("the Protocol"),
    and under "resolution" that of the body whose resolutions stand without a body. ``actors`` gives the names of actors
    that no reference data describe, by slug. ``recommendations`` lists sections ("III", "III/A") and paragraphs ("5",
    "12-40") that hold recommendations, where headings do not say so. ``original`` is the file as it came, where that is
    not the source text itself. ``confirmed`` repeats what reading doubted and a person found right.
    From the day ``withdrawn`` on the document is published no more.
    """

    slug: str
    title: str
    issued: date
    language: str
    issuer: str
    body: str = ""
    publisher: str = ""
    author: str = ""
    symbol: str = ""
    kind: str = ""
    distribution: str = ""
    agenda_symbol: str = ""
    corrects: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    means: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)
    meetings: tuple[MeetingReference, ...] = ()
    source_file: str = ""
    sha256: str = ""
    original: str = ""
    original_sha256: str = ""
    withdrawn: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list in a paragraph: ``(a) Smuggling of vulnerable migrants…``; ``text`` is without the mark.

    ``letter`` is the printed letter or number; for a bullet, its place in the list.
    """

    letter: str
    text: str
    order: int
    source: SourceRange


def paragraph_key(within: str, label: str) -> str:
    """What names a paragraph in IRIs and tables: "24", "140-1", "annex-3"."""
    return f"{within}-{label}".lstrip("-").replace(".", "-")


def place_of(within: str) -> str:
    """What people call the part in which numbers begin again: "annex 2", "section III/A",
    "below paragraph 104"."""
    if within in (FRONT, UNNUMBERED_CLAUSE):
        return "the front" if within == FRONT else "unnumbered clause"
    if match := re.fullmatch(r"annex([0-9]*)", within):
        return f"annex {match[1]}".strip()
    if match := re.fullmatch(r"run-([0-9]+)", within):
        return f"from line {match[1]} on"
    return f"below paragraph {within}" if within.isdigit() else f"section {within.upper().replace('-', '/')}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph. ``text`` is without the number; page breaks are one space; items are apart.

    ``section`` is the path of the innermost section, ``("III", "A")``; ``meeting`` is the slug of the meeting that
    adopted it, None where no meeting did. ``printed`` is the number as printed where that is more than ``number``
    ("140.1"), and ``within`` names the annex or section in which the numbers begin again ("annex").
    """

    number: int
    text: str
    section: tuple[str, ...]
    order: int
    source: SourceRange
    meeting: str | None = None
    items: tuple[Item, ...] = ()
    printed: str = ""
    within: str = ""
    recommended: bool = False

    @property
    def label(self) -> str:
        """The number as people say it: "24", "140.1"."""
        return self.printed or str(self.number)

    @property
    def key(self) -> str:
        """What names it in IRIs and tables: "24", "140-1", "annex-3"."""
        return paragraph_key(self.within, self.label)

    @property
    def is_recommendation(self) -> bool:
        """Whether a meeting adopted it, or the document recommends it otherwise."""
        return self.recommended or self.meeting is not None

    @property
    def name(self) -> str:
        """What people call it: "Recommendation 24", "Paragraph 3" where no meeting adopted it, and where numbers begin
        again "Recommendation 1 below paragraph 104", "Paragraph 2 of annex 2"."""
        name = f"{'Recommendation' if self.is_recommendation else 'Paragraph'} {self.label}"
        if self.within == UNNUMBERED_CLAUSE:
            return name.replace(" ", ", unnumbered clause ", 1)
        if not self.within:
            return name
        place = place_of(self.within)
        return f"{name} {place}" if self.within.startswith("run-") or self.within.isdigit() else f"{name} of {place}"


@dataclass(frozen=True, slots=True)
class UnnumberedText:
    """Words outside the numbered paragraphs: a clause of a preamble, a table (a line a row), an introduction.

    ``kind`` is "preamble", "table", "closing" (meeting and vote) or "text".
    """

    kind: str
    text: str
    section: tuple[str, ...]
    order: int
    source: SourceRange


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that reading took one way and that may be meant another way; a person says which.

    ``kind`` is a word ("gap", "long", "glued"), ``words`` say what was found; both together name it in ``confirmed``.
    """

    line: int
    kind: str
    words: str

    @property
    def name(self) -> str:
        """How the metadata name it once a person has found it right."""
        return f"{self.kind}: {self.words}"


@dataclass(frozen=True, slots=True)
class Section:
    """A section or part: ``path`` is ``("III",)`` or ``("III", "A")``; ``heading`` is without the printed number.

    A sub-heading that prints no roman numeral or capital gets its place among its siblings as number ("1", "2");
    ``printed`` is what it prints, often nothing. An annex is ``("ANNEX",)`` or ``("ANNEX2",)``.
    """

    path: tuple[str, ...]
    heading: str
    printed: str
    order: int
    source: SourceRange
    meeting: str | None = None


@dataclass(frozen=True, slots=True)
class Masthead:
    """The lines above the first section, in order, without Markdown marks; joined by line feeds they are its text."""

    lines: tuple[str, ...]
    order: int
    source: SourceRange

    @property
    def text(self) -> str:
        """The lines joined by line feeds."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: the mark as printed (``*``), its text, and the paths of the parts that have its mark."""

    mark: str
    text: str
    order: int
    source: SourceRange
    marked: tuple[str, ...] = ()


class Text(NamedTuple):
    """Words in which rules look for something: a footnote, a table. ``path`` is their IRI below the base, ``name`` what
    people call them."""

    path: str
    name: str
    words: str
    part: UnnumberedText | Footnote


class NumberedText(NamedTuple):
    """The words of a numbered paragraph, or of an item of one, which has a ``letter``, with what a `Text` has."""

    path: str
    name: str
    words: str
    part: Paragraph | Item
    paragraph: Paragraph
    letter: str = ""

    @property
    def label(self) -> str:
        """Its number as printed, with the part of the document in which numbers begin again: "24 (a)", "annex, 2"."""
        number = f"{self.paragraph.label} ({self.letter})" if self.letter else self.paragraph.label
        within = self.paragraph.within
        if within == UNNUMBERED_CLAUSE:
            return f"{place_of(within)} {number}"
        return f"{place_of(within)}, {number}" if within else number


AnyText = NumberedText | Text


@dataclass(frozen=True, slots=True)
class Furniture:
    """A mark of the source that is layout, not words: a page rule, a Markdown heading sign, a bold mark."""

    kind: str
    marks: str
    source: SourceRange


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``order`` runs over masthead, sections, paragraphs, items, texts and footnotes."""

    metadata: Metadata
    masthead: Masthead
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...] = ()
    furniture: tuple[Furniture, ...] = field(default=(), compare=False)
    texts: tuple[UnnumberedText, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def open_doubts(self) -> tuple[Doubt, ...]:
        """The doubts without an answer in the metadata."""
        return tuple(doubt for doubt in self.doubts if doubt.name not in self.metadata.confirmed)

    @property
    def slug(self) -> str:
        """The document's name in IRIs."""
        return self.metadata.slug

    @property
    def path(self) -> str:
        """The document's IRI below the base."""
        return f"id/document/{self.slug}"

    def section_path(self, path: tuple[str, ...]) -> str:
        """The IRI of a section below the base: ``id/document/som-wg-2015/section/III/A``."""
        return f"{self.path}/section/{'/'.join(path)}"

    def paragraph_path(self, key: int | str) -> str:
        """The IRI of a paragraph below the base, by its number or `Paragraph.key`."""
        return f"{self.path}/paragraph/{key}"

    @property
    def numbered(self) -> Iterator[NumberedText]:
        """The words of all numbered paragraphs, those of its items behind each."""
        for paragraph in self.paragraphs:
            path, name = self.paragraph_path(paragraph.key), paragraph.name
            yield NumberedText(path, name, paragraph.text, paragraph, paragraph)
            for item in paragraph.items:
                path, name = self.item_path(paragraph.key, item.letter), f"{paragraph.name}, item ({item.letter})"
                yield NumberedText(path, name, item.text, item, paragraph, item.letter)

    @property
    def unnumbered(self) -> Iterator[Text]:
        """The words outside the numbered paragraphs, then the footnotes."""
        for position, text in enumerate(self.texts, start=1):
            yield Text(f"{self.path}/text/{position}", f"{TEXT_NAMES[text.kind]} ({position})", text.text, text)
        for position, note in enumerate(self.footnotes, start=1):
            yield Text(f"{self.path}/footnote/{position}", f"Footnote {position}", note.text, note)

    @property
    def all_texts(self) -> Iterator[AnyText]:
        """All words but those of masthead and headings, the numbered ones first."""
        yield from self.numbered
        yield from self.unnumbered

    def item_path(self, key: int | str, letter: str) -> str:
        """The IRI of an item of a list below the base."""
        return f"{self.paragraph_path(key)}/item/{letter}"
