"""Text to `Document`, by the printed numbering: roman sections, lettered parts, numbered paragraphs, lettered items.

The level of a Markdown heading is never believed; that a line is set as a heading (``#`` or bold) is, for headings that
print no number. What has no number of its own continues the paragraph above it: page breaks, wrapped lines, a sentence
that goes on behind a footnote. Every number must be the next one; the rest is a `SourceError`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.document import Document, Footnote, Furniture, Item, Masthead, Metadata, Paragraph, SourceRange
from ingest.errors import SourceError
from ingest.metadata import read_metadata
from ingest.outline import (
    LETTERED_ITEM,
    NOTE_MARK,
    NUMBERED_HEADING,
    NUMBERED_PARAGRAPH,
    ItemSequence,
    Outline,
    quoted,
    roman,
)
from ingest.source import Line, decode, read_bytes, read_lines, refuse_what_is_not_text

SENTENCE_END = re.compile(r"[.:;?!][\"'”’»)\]]*(?:\s?(?:[*†‡§¹²³⁴-⁹⁰]+|[0-9]{1,3}/))?$")
PHRASE_END = re.compile(r"(?:[.,:;?!—–][\"'”’»)\]]*|\b(?:and|or))$")
SPLIT_WORD = re.compile(r"\w-$")
SUSPENDED = re.compile(r"(?:and|or|to|nor)\b")
LONGEST_ENDING = 20


class Passage:
    """A text in the making."""

    def __init__(self, line: Line, text: str) -> None:
        self._first = self._last = line
        self._pieces = [text] if text else []

    def add(self, line: Line) -> None:
        """Continues the text with a whole line."""
        ending = self._ending()
        if ending:
            hyphenated = SPLIT_WORD.search(ending) and line.text[0].isalnum() and not SUSPENDED.match(line.text)
            self._pieces.append("" if hyphenated else " ")
        self._pieces.append(line.text)
        self._last = line

    def _ending(self) -> str:
        return self._pieces[-1][-LONGEST_ENDING:] if self._pieces else ""

    @property
    def text(self) -> str:
        """The words so far."""
        return "".join(self._pieces)

    @property
    def source(self) -> SourceRange:
        """From the first mark of the first line to the last of the last."""
        return SourceRange(self._first.number, self._last.number, self._first.start, self._last.end)

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence (or a lead-in) is complete; footnote marks behind the full stop do not count."""
        return SENTENCE_END.search(self._ending()) is not None

    @property
    def ends_phrase(self) -> bool:
        """Whether an item of a list may follow on the next line: punctuation, "and" or "or" stands last."""
        return PHRASE_END.search(self._ending()) is not None


@dataclass(slots=True)
class ItemDraft:
    """A lettered item in the making."""

    letter: str
    order: int
    passage: Passage

    def finished(self) -> Item:
        """The item as a value."""
        return Item(self.letter, self.passage.text, self.order, self.passage.source)


@dataclass(slots=True)
class ParagraphDraft:
    """A numbered paragraph in the making."""

    number: int
    order: int
    section: tuple[str, ...]
    passage: Passage
    items: list[ItemDraft] = field(default_factory=list)
    sequence: ItemSequence = field(default_factory=ItemSequence)

    @property
    def innermost(self) -> Passage:
        """The passage that a line without a number continues."""
        return self.items[-1].passage if self.items else self.passage

    def finished(self, meeting: str | None) -> Paragraph:
        """The paragraph as a value."""
        items = tuple(item.finished() for item in self.items)
        text, source = self.passage.text, self.passage.source
        return Paragraph(self.number, text, self.section, self.order, source, meeting, items)


@dataclass(slots=True)
class NoteDraft:
    """A footnote in the making."""

    mark: str
    order: int
    passage: Passage

    def finished(self) -> Footnote:
        """The footnote as a value."""
        return Footnote(self.mark, self.passage.text, self.order, self.passage.source)


PAGE_NUMBER = re.compile(r"[0-9]{1,3}(?:/[0-9]{1,3})?")
"""``2/9`` or ``14`` alone between two pages; four digits are a year."""
RUNNING_HEADER = re.compile(r"[A-Z]{1,8}(?:/[\w.]+){2,}|V\.[0-9]{2}-[0-9]{5}(?: \([A-Z]\))?")
"""A document symbol or a job number that stands alone between two pages."""
YEAR_LENGTH = 4
LONGEST_NUMBER = 9


class _Reading:
    """One reading of one text, from the first line to the last."""

    def __init__(self, text: str, metadata: Metadata, file: Path) -> None:
        self.file = file
        self.metadata = metadata
        self.lines, furniture = read_lines(text)
        self.furniture = list(furniture)
        self.outline = Outline(metadata.meetings, file)
        self.paragraphs: list[ParagraphDraft] = []
        self.notes: list[NoteDraft] = []
        self.order = 0
        self.current: ParagraphDraft | None = None
        self.note: NoteDraft | None = None

    def document(self) -> Document:
        """The whole document."""
        masthead, position = self._masthead()
        while position < len(self.lines):
            position = self._read(position)
        if not self.paragraphs:
            raise self._error(self.lines[-1], "the end of the file without a numbered paragraph", "paragraph 1")
        self._refuse_empty_parts()
        sections = self.outline.complete()
        meetings = {section.path: section.meeting for section in sections}
        paragraphs = tuple(draft.finished(meetings[draft.section]) for draft in self.paragraphs)
        notes = tuple(note.finished() for note in self.notes)
        furniture = tuple(sorted(self.furniture, key=lambda mark: mark.source.start))
        return Document(self.metadata, masthead, sections, paragraphs, notes, furniture)

    def _refuse_empty_parts(self) -> None:
        for draft in self.paragraphs:
            parts = [(f"paragraph {draft.number}", draft.passage)]
            parts += [(f"item ({item.letter}) of paragraph {draft.number}", item.passage) for item in draft.items]
            for name, passage in parts:
                if not passage.text:
                    raise SourceError(self.file, passage.source.first_line, f"{name} without words", "its text")

    def _error(self, line: Line, found: str, expected: str) -> SourceError:
        return SourceError(self.file, line.number, found, expected)

    def _next_order(self) -> int:
        self.order += 1
        return self.order

    def _masthead(self) -> tuple[Masthead, int]:
        """The lines above the first section, and the position of its heading."""
        order, lines, position = self._next_order(), [], 0
        while position < len(self.lines) and not self._opens_body(self.lines[position]):
            if not self._is_note(self.lines[position]):
                lines.append(self.lines[position])
            position += 1
        if position == len(self.lines):
            last = self.lines[-1].number if self.lines else 1
            raise SourceError(self.file, last, "the end of the file without a section", "a heading “I. …”")
        title = " ".join(self.metadata.title.split())
        if title not in " ".join(" ".join(line.text for line in lines).split()):
            found = f"a masthead without the title {quoted(title)}"
            raise self._error(self.lines[position], found, "the title of the metadata above the first section")
        source = SourceRange(lines[0].number, lines[-1].number, lines[0].start, lines[-1].end)
        return Masthead(tuple(line.text for line in lines), order, source), position

    def _opens_body(self, line: Line) -> bool:
        """A numbered heading ends the masthead; one that is not set as a heading must be the first, I."""
        numbered = NUMBERED_HEADING.match(line.text)
        return numbered is not None and (line.signed or line.bold or (line.begins and numbered[1] == roman(1)))

    def _read(self, position: int) -> int:
        """Takes the line at a position, and for a heading those it is wrapped to; returns the position behind them."""
        line = self.lines[position]
        if self._is_layout(position) or self._is_note(line) or self._is_paragraph(line):
            return position + 1
        if self._is_heading(position):
            return self._heading(position)
        if self.current is None:
            found = f"{quoted(line.text)} without a number"
            raise self._error(line, found, f"paragraph {len(self.paragraphs) + 1} or {self.outline.expected()}")
        if not self._is_item(position, self.current):
            self.current.innermost.add(line)
        return position + 1

    def _ends_block(self, position: int) -> bool:
        return position + 1 == len(self.lines) or self.lines[position + 1].begins

    def _is_layout(self, position: int) -> bool:
        """Page numbers and running headers, alone in their block, are set aside."""
        line = self.lines[position]
        if not (line.begins and self._ends_block(position)):
            return False
        for kind, pattern in (("page number", PAGE_NUMBER), ("running header", RUNNING_HEADER)):
            if pattern.fullmatch(line.text):
                self.furniture.append(Furniture(kind, line.text, line.source))
                return True
        return False

    def _is_note(self, line: Line) -> bool:
        """Footnotes: the mark opens a block or follows another footnote; the lines of its block belong to it."""
        if not line.begins and self.note is None:
            return False
        if match := NOTE_MARK.match(line.text):
            passage = Passage(line, line.text[match.end() :])
            self.note = NoteDraft(match[1] or match[2], self._next_order(), passage)
            self.notes.append(self.note)
            return True
        if line.begins or self.note is None or line.bold or self._is_next_paragraph(line):
            self.note = None
            return False
        self.note.passage.add(line)
        return True

    def _is_next_paragraph(self, line: Line) -> bool:
        match = NUMBERED_PARAGRAPH.match(line.text)
        return match is not None and match[1] == str(len(self.paragraphs) + 1)

    def _is_paragraph(self, line: Line) -> bool:
        """A line whose number is the next one opens a paragraph. Another number is an error, unless the sentence above
        is open and the number is wrapped with it, or is a year behind a page break.
        """
        match = NUMBERED_PARAGRAPH.match(line.text)
        if match is None:
            return False
        if not self._is_next_paragraph(line):
            in_sentence = self.current is not None and not self.current.innermost.ends_sentence
            if in_sentence and not line.signed and (not line.begins or len(match[1]) == YEAR_LENGTH):
                return False
            again = any(str(draft.number) == match[1] for draft in self.paragraphs)
            found = f"paragraph {match[1][:LONGEST_NUMBER]}{' a second time' if again else ''}"
            raise self._error(line, found, f"paragraph {len(self.paragraphs) + 1}")
        passage, number = Passage(line, line.text[match.end() :]), len(self.paragraphs) + 1
        self.current = ParagraphDraft(number, self._next_order(), self.outline.path, passage)
        self.paragraphs.append(self.current)
        self.outline.count_paragraph()
        return True

    def _is_heading(self, position: int) -> bool:
        """Numbered or not, a line set as a heading is one, unless it continues an open sentence; so is a numbered line
        that is not set as one but opens a block and has no full stop, behind a sentence or when its number is the next.
        """
        line = self.lines[position]
        numbered = NUMBERED_HEADING.match(line.text)
        in_sentence = self.current is not None and not self.current.innermost.ends_sentence
        if not (line.signed or line.bold):
            if numbered is None or not line.begins or line.text.endswith("."):
                return False
            return not in_sentence or self.outline.is_next(numbered[1])
        if LETTERED_ITEM.match(line.text) and self.current is not None:
            return False
        if in_sentence and line.text[0].islower():
            return False
        if line.signed:
            return True
        if in_sentence:
            return line.begins and (self._ends_block(position) or self.lines[position + 1].bold)
        return line.begins or numbered is not None or not self.lines[position - 1].bold

    def _heading(self, position: int) -> int:
        """Opens a section; a heading that is bold, or bare and numbered, may be wrapped to further lines."""
        first = self.lines[position]
        passage, behind = Passage(first, first.text), position + 1
        while behind < len(self.lines):
            line = self.lines[behind]
            numbered = NUMBERED_HEADING.match(line.text) or NUMBERED_PARAGRAPH.match(line.text)
            if line.begins or numbered or line.bold != first.bold:
                break
            passage.add(line)
            behind += 1
        self.current = None
        self.outline.add(passage.text, self._next_order(), passage.source)
        return behind

    def _is_item(self, position: int, paragraph: ParagraphDraft) -> bool:
        """A mark in brackets opens an item where a list may go on; marks of a nested list stay in the item's text."""
        line = self.lines[position]
        match = LETTERED_ITEM.match(line.text)
        above = paragraph.innermost
        if match is None or not (line.begins or above.ends_phrase):
            return False
        expected = " or ".join(f"item ({mark})" for mark in paragraph.sequence.expected())
        kind = paragraph.sequence.take(match[1], lambda: self._following_mark(position))
        if kind is None and (paragraph.items or above.ends_sentence):
            raise self._error(line, f"item ({match[1]})", expected)
        if kind == "item":
            passage = Passage(line, line.text[match.end() :])
            paragraph.items.append(ItemDraft(match[1], self._next_order(), passage))
        return kind == "item"

    def _following_mark(self, position: int) -> str | None:
        for behind in range(position + 1, len(self.lines)):
            line = self.lines[behind]
            if match := LETTERED_ITEM.match(line.text):
                return match[1]
            if line.signed or NUMBERED_PARAGRAPH.match(line.text):
                break
        return None


def parse(text: str, metadata: Metadata, file: Path | None = None) -> Document:
    """The document that a text is. Raises `SourceError` with the line where the text is not what it should be.

    ``file`` is the name that errors give the source; without it they use ``metadata.source_file``.
    """
    place = file or Path(metadata.source_file)
    refuse_what_is_not_text(text, place)
    return _Reading(text, metadata, place).document()


def read_document(source: Path) -> Document:
    """The document whose ``.toml`` is given; its ``.md`` stands beside it under the same name.

    Raises `SourceError` for a file that is missing, too large, not UTF-8, or does not say what it should.
    """
    metadata = read_metadata(source)
    path = source.with_suffix(".md")
    raw = read_bytes(path)
    known = replace(metadata, sha256=hashlib.sha256(raw).hexdigest())
    return parse(decode(raw, path), known, path)
