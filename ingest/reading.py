"""Text to `Document`, by the printed numbering: sections, parts, sub-headings, numbered paragraphs, items, annexes.

The level of a Markdown heading is never believed; that a line is set as a heading (``#`` or bold) is, for headings that
print no number. What has no number of its own continues the paragraph above it: page breaks, wrapped lines, a sentence
that goes on behind a footnote. Where a text can be meant in two ways it is read in one, and the `Doubt` is kept for a
person; a `SourceError` is for a text that is no document.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from ingest.document import FRONT, UNNUMBERED_CLAUSE, Document, Doubt, Furniture, Masthead, Metadata, SourceRange
from ingest.doubts import doubts_about
from ingest.errors import SourceError
from ingest.front import begins_again, following_mark, plain, read_front, unwrapped
from ingest.layout import CLOSING, LONGEST, TABLE_RULE, Layout
from ingest.metadata import read_metadata
from ingest.notes import Marked, NoteDraft, marked_parts, tied
from ingest.numbering import Run, body_numbers, following_numbers, paragraph_numbers
from ingest.outline import (
    ITEM_MARK,
    NOTE_MARK,
    NUMBERED_HEADING,
    Outline,
    Recommending,
    looks_like_heading,
    missing_meetings,
    quoted,
    read_heading,
)
from ingest.passages import ParagraphDraft, Passage, TextDraft, announces_recommendations, opens_clause, without_empty
from ingest.source import Line, checksum, decode, read_bytes, read_lines, refuse_what_is_not_text

ABOVE = "the title of the metadata above the first section"
NO_PARAGRAPH = "the end of the file without a numbered paragraph"
NO_BODY = "the end of the file without a section or a numbered paragraph"
LONGEST_NUMBER, LARGEST_GAP, NEAR = 4, 60, 3


class _Reading:
    """One reading of one text, from the first line to the last."""

    def __init__(self, text: str, metadata: Metadata, file: Path) -> None:
        self.file = file
        self.metadata = metadata
        self.lines, furniture = read_lines(text)
        self.furniture = list(furniture)
        self.outline = Outline(metadata)
        self.doubts: list[Doubt] = []
        self.paragraphs: list[ParagraphDraft] = []
        self.notes: list[NoteDraft] = []
        self.headings: list[Marked] = []
        self.texts: list[TextDraft] = []
        self.current: ParagraphDraft | None = None
        self.text: TextDraft | None = None
        self.note: NoteDraft | None = None
        self.order, self.run = 0, Run()
        self.in_preamble = self.closing = self.unnumbered = False
        self.openings = paragraph_numbers(self.lines)
        self.numbers = [one.printed for one in self.openings]
        self.following = following_numbers(self.lines, self.numbers)
        self.layout = Layout(line.text for line in self.lines)

    def document(self) -> Document:
        """The whole document."""
        masthead, position = self._masthead()
        while position < len(self.lines):
            position = self._read(position)
        self.paragraphs, empty = without_empty(self.paragraphs)
        self.furniture += [Furniture("number", number, source) for number, source in empty]
        self.doubts += [Doubt(source.first_line, "empty", f"{number} without words") for number, source in empty]
        if not (self.paragraphs or self.texts):
            raise SourceError(self.file, self.lines[-1].number, NO_PARAGRAPH, "paragraph 1")
        sections = self.outline.complete()
        recommending = Recommending(self.metadata, sections)
        paragraphs = tuple(
            draft.finished(*recommending.meeting_of(draft.section, draft.number)) for draft in self.paragraphs
        )
        texts = tuple(draft.finished() for draft in self.texts)
        doubts = [*self.doubts, *self.outline.doubts, *doubts_about(paragraphs, texts)]
        notes, about_notes = tied(self.notes, [*self.headings, *marked_parts(self.paragraphs, self.texts)])
        doubts += [*about_notes, *missing_meetings(self.metadata, {paragraph.meeting for paragraph in paragraphs})]
        return Document(
            self.metadata,
            masthead,
            sections,
            paragraphs,
            notes,
            tuple(sorted(self.furniture, key=lambda mark: mark.source.start)),
            texts,
            tuple(sorted(doubts, key=lambda doubt: (doubt.line, doubt.name))),
        )

    def _doubt(self, line: Line, kind: str, words: str) -> None:
        self.doubts.append(Doubt(line.number, kind, words))

    def _next_order(self) -> int:
        self.order += 1
        return self.order

    # ---- The masthead ----

    def _masthead(self) -> tuple[Masthead, int]:
        """The lines above the first section, paragraph or clause of a preamble, and the position behind them."""
        front = read_front(self.lines, self.numbers, self.following, self.metadata)
        if front is None:
            last_line = self.lines[-1].number if self.lines else 1
            raise SourceError(self.file, last_line, NO_BODY, "a heading “I. …” or a paragraph “1. …”")
        order, lines, end, self.in_preamble = self._next_order(), [], front.end, front.preamble
        self.unnumbered = not any(body_numbers(self.lines, self.numbers, end))
        heads: set[str] = set()
        for position in range(end):
            line = self.lines[position]
            if position in front.contents:
                self.furniture.append(Furniture("contents", line.text, line.source))
            elif not self._is_note(position) and not (line.text in self.layout.repeated and line.text in heads):
                lines.append(line)
                heads.add(line.text)
        title = plain(self.metadata.title)
        if title not in plain(" ".join(line.text for line in lines)):
            problem = f"a masthead without the title {quoted(' '.join(self.metadata.title.split()))}"
            raise SourceError(self.file, self.lines[min(end, len(self.lines) - 1)].number, problem, ABOVE)
        source = SourceRange(lines[0].number, lines[-1].number, lines[0].start, lines[-1].end)
        masthead = Masthead(tuple(line.text for line in unwrapped(lines)), order, source)
        marks = [mark for line in lines for _, mark in line.marks]
        self.headings.append(Marked("masthead", order, source.first_line, masthead.text, marks))
        return masthead, end

    # ---- The body ----

    def _read(self, position: int) -> int:
        """Takes the line at a position, and for a heading those it is wrapped to; returns the position behind them."""
        line = self.lines[position]
        if self._is_layout(position) or self._is_note(position) or self._is_table(line):
            return position + 1
        if self.numbers[position] and self._is_paragraph(position):
            return position + 1
        if self._is_heading(position):
            return self._heading(position)
        if line.begins and CLOSING.match(line.text):
            self.current, self.closing = None, True
        may_open = self.unnumbered and line.begins and not self.outline.in_annex
        if may_open and opens_clause(line.text, self.metadata.kind):
            self.run.within = UNNUMBERED_CLAUSE
            self._open_paragraph(position, self.run.last + 1, "")
        elif self.current is None or not (self._is_item(position, self.current) or self.current.takes(line)):
            self.current = None
            self._unnumbered(line)
        return position + 1

    def _is_item(self, position: int, paragraph: ParagraphDraft) -> bool:
        line = self.lines[position]
        if (match := ITEM_MARK.match(line.text)) is None:
            return False
        following = partial(following_mark, self.lines, self.numbers, position)
        is_item, doubt = paragraph.take_item(line, match, following, self._next_order)
        self.doubts += [Doubt(line.number, "item", doubt)] if doubt else []
        return is_item

    def _ends_block(self, position: int) -> bool:
        return position + 1 == len(self.lines) or self.lines[position + 1].begins

    def _is_layout(self, position: int) -> bool:
        """Page numbers and running headers are set aside: alone in their block, or wherever they repeat."""
        line = self.lines[position]
        kind = self.layout.kind(line.text, line.begins and len(line.text) <= LONGEST and self._ends_block(position))
        self.furniture += [Furniture(kind, line.text, line.source)] if kind else []
        return kind != ""

    def _is_note(self, position: int) -> bool:
        """Footnotes: the mark opens a block or follows another footnote; the lines of its block belong to it."""
        line = self.lines[position]
        if not line.begins and self.note is None:
            return False
        if (match := NOTE_MARK.match(line.text)) and not self._is_bullet(line):
            passage = Passage(line, line.text[match.end() :])
            mark = match[1] or match[2]
            printed = mark.removeprefix("[^").removesuffix("]:")
            self.note = NoteDraft(printed, printed != mark, self._next_order(), passage)
            self.notes.append(self.note)
            return True
        if line.begins or self.note is None or line.bold or self.numbers[position] == self.run.next:
            self.note = None
            return False
        self.note.passage.add(line)
        return True

    def _is_bullet(self, line: Line) -> bool:
        """A star with a space is a bullet where a list goes on or may begin, else the mark of a footnote."""
        if self.current is None or not line.text.startswith("* "):
            return False
        return bool(self.current.items) or self.current.innermost.ends_with((":", ";", ","))

    def _is_table(self, line: Line) -> bool:
        """A row of a Markdown table; the rows are one text, a line each."""
        if not line.text.startswith("|"):
            return False
        self.note = None
        if TABLE_RULE.fullmatch(line.text):
            self.furniture.append(Furniture("table rule", line.text, line.source))
            return True
        row = " | ".join(cell.strip() for cell in line.text.strip("|").split("|"))
        if self.text is not None and self.text.kind == "table" and not line.begins:
            self.text.passage.add_row(line, row)
        else:
            self._open_text("table", line, row)
        return True

    def _open_text(self, kind: str, line: Line, words: str) -> None:
        self.text = TextDraft(kind, self._next_order(), self.outline.path, Passage(line, words))
        self.texts.append(self.text)
        self.outline.texts.add(self.outline.path)

    def _unnumbered(self, line: Line) -> None:
        """Words that no number opens and no paragraph above takes: each block is a text of its own."""
        if self.text is not None and self.text.takes(line):
            return
        kind = "preamble" if self.in_preamble else "closing" if self.closing else "text"
        self._open_text(kind, line, line.text)

    # ---- Numbered paragraphs ----

    def _is_paragraph(self, position: int) -> bool:
        """Whether the number that a line begins with opens a paragraph: the next number, a later one, or a new run."""
        line, number = self.lines[position], self.numbers[position]
        if "." in number:
            return line.text.rstrip(".") != number and self._is_inner_paragraph(position, number)
        if self._is_sub_heading(position) or len(number) > LONGEST_NUMBER or number.startswith("0"):
            return False
        expected = self.run.last + 1 if self.paragraphs else int(number)
        open_sentence = self.current is not None and not self.current.innermost.ends_sentence
        words, value = self.openings[position].words, int(number)
        if self.current and self.current.in_list and self.current.take_number(value, self._next_order, line, words):
            return True
        if number == str(expected):
            if not self.paragraphs and expected > 1:
                self._doubt(line, "begin", f"the first paragraph has the number {number}")
            if self.run.returns(value) and announces_recommendations(words):
                self.run.begin("")
            return self._open_paragraph(position, expected, "")
        if open_sentence and not line.signed and (not line.begins or len(number) == LONGEST_NUMBER):
            return False
        if not self.outline.in_annex and self.run.returns(value):
            self.run.begin("")
            return self._open_paragraph(position, value, "")
        if value == 1 and self.current is None:
            path = self.outline.path
            is_first = path[:1] == ("I",) and all(not draft.section for draft in self.paragraphs)
            for draft in self.paragraphs if is_first else ():
                draft.within = FRONT
            self.run.begin("" if is_first else "-".join(path).lower() or f"run-{line.number}")
            if not self.outline.in_annex:
                self._doubt(line, "again", f"the numbers begin again at 1 in section {'/'.join(path)}")
            return self._open_paragraph(position, 1, "")
        if line.begins and not self.run.within and self._opens_list_below(position, value):
            did = f"begin again at {value}" if value == 1 else f"of the list before go on at {value}"
            self._doubt(line, "again", f"the numbers {did} below paragraph {self.run.last}")
            self.run.begin(str(self.run.last))
            return self._open_paragraph(position, value, "")
        goes_on = self.following[position] == str(value + 1) or (not open_sentence and value <= expected + NEAR)
        is_near = value <= expected + LARGEST_GAP and (goes_on or (line.begins and not open_sentence))
        if expected < value and (is_near or (self.current is None and line.begins and goes_on)):
            missing = f"paragraph {expected}" if value == expected + 1 else f"paragraphs {expected} to {value - 1}"
            self._doubt(line, "gap", f"{missing} before paragraph {value}")
            return self._open_paragraph(position, value, "")
        if self.current is None or self.current.take_number(value, self._next_order, line, words):
            return self.current is not None
        self._doubt(line, "number", f"{number} inside paragraph {self.run.last}, read as its words")
        return False

    def _opens_list_below(self, position: int, value: int) -> bool:
        above = self.current
        announced = above is not None and announces_recommendations(above.passage.text)
        leads = above is not None and above.innermost.ends_with((":",))
        return self.run.begins_below(value, self.following[position], announced=announced, leads=leads)

    def _is_inner_paragraph(self, position: int, number: str) -> bool:
        """``140.1`` opens a paragraph below 140 when it is the next of them, or a later one that opens a block."""
        line, (outer, _, inner) = self.lines[position], number.partition(".")
        expected = f"{self.run.last}.{self.run.last_inner + 1}"
        if self.paragraphs and number != expected:
            known = any(draft.printed == number and draft.within == self.run.within for draft in self.paragraphs)
            if known or not line.begins or not (int(outer) == self.run.last or self.run.last_inner):
                return False
            self._doubt(line, "gap", f"paragraph {number} where {expected} would come next")
        return self._open_paragraph(position, int(outer), number, int(inner))

    def _open_paragraph(self, position: int, number: int, printed: str, inner: int = 0) -> bool:
        line = self.lines[position]
        passage = Passage(line, self.openings[position].words if self.numbers[position] else line.text)
        self.run.open(number, inner)
        self.text, self.in_preamble = None, False
        order = self._next_order()
        self.current = ParagraphDraft(number, printed, self.run.within, order, self.outline.path, passage)
        self.paragraphs.append(self.current)
        self.outline.paragraphs[self.outline.path] += 1
        return True

    # ---- Headings ----

    def _is_sub_heading(self, position: int) -> bool:
        """``1. General recommendations`` above paragraph 3: short, alone, and followed by it, at once or behind further
        such headings; one that is set as a heading, anywhere before paragraph 3."""
        line, number, expected = self.lines[position], self.numbers[position], self.run.next
        is_set, is_open = line.signed or line.bold, not line.text.endswith((".", ";", ":", ","))
        if not line.begins or not (is_set or (is_open and self._ends_block(position))):
            return False
        heading = read_heading(line.text)
        is_next = (self.outline.path or not number) and heading.words and self.outline.is_next(heading)
        if not is_next or not (is_set or looks_like_heading(heading.words)):
            return False
        if self.following[position] == expected or begins_again(self.lines, self.numbers, position, expected):
            return True
        return is_set and number != expected and expected in self.numbers[position + 1 :]

    def _is_heading(self, position: int) -> bool:
        """Numbered or not, a line set as a heading is one, unless it continues an open sentence; so is a numbered line
        that is not, opens a block and has no full stop, behind a sentence or when its number, with a stop, is next."""
        line = self.lines[position]
        if not (line.begins or line.signed or line.bold or line.text[1:9].count(".")):
            return False
        heading = read_heading(line.text)
        in_sentence = self.current is not None and not self.current.innermost.ends_sentence
        if heading.level == "arabic":
            return self._is_sub_heading(position)
        if heading.level == "annex" or (heading.level == "named" and self._ends_block(position)):
            alone = line.signed or line.bold or self._ends_block(position) or line.text.startswith(heading.words)
            return line.begins and alone and not in_sentence
        if not (line.signed or line.bold):
            goes_on = in_sentence and not (line.begins and line.text.startswith(f"{heading.printed}."))
            if heading.level != "numbered" or goes_on or line.text.endswith("."):
                return False
            if self.outline.is_next(heading) or in_sentence or not line.begins:
                return self.outline.is_next(heading)
            return self.outline.is_later(heading) or (self._ends_block(position) and looks_like_heading(heading.words))
        if heading.level == "lettered":
            return self.following[position] == self.run.next and self.outline.is_next(heading) and not in_sentence
        if in_sentence and line.text[0].islower():
            return False
        if line.signed:
            return True
        if in_sentence:
            return line.begins and (self._ends_block(position) or self.lines[position + 1].bold)
        return line.begins or heading.level == "numbered" or not self.lines[position - 1].bold

    def _heading(self, position: int) -> int:
        """Opens a section; a heading that is bold, or bare and numbered, may be wrapped to further lines."""
        first = self.lines[position]
        passage, behind = Passage(first, first.text), position + 1
        bare = not read_heading(first.text).words
        while behind < len(self.lines):
            line = self.lines[behind]
            numbered = NUMBERED_HEADING.match(line.text) or self.numbers[behind]
            if (line.begins and not bare) or numbered or (line.bold != first.bold and not bare):
                break
            passage.add(line)
            behind, bare = behind + 1, False
        if bare:
            raise SourceError(self.file, first.number, f"the heading {quoted(first.text)}", "words behind its number")
        self.current, self.text, self.closing = None, None, False
        order = self._next_order()
        self.outline.add(passage.text, order, passage.source)
        self.headings.append(Marked.of(f"section/{'/'.join(self.outline.path)}", order, passage))
        if self.outline.path and self.outline.in_annex and self.run.within != self.outline.path[0].lower():
            self.run.begin(self.outline.path[0].lower())
        return behind


def parse(text: str, metadata: Metadata, file: Path | None = None) -> Document:
    """The document that a text is. Raises `SourceError` with the line where the text is not what it should be.

    ``file`` is the name that errors give the source; without it they use ``metadata.source_file``.
    """
    place = file or Path(metadata.source_file)
    refuse_what_is_not_text(text, place)
    return _Reading(text, metadata, place).document()


def read_document(source: Path) -> Document:
    """The document whose ``.toml`` is given; its ``.md`` is beside it under the same name.

    Raises `SourceError` for a file that is missing, too large, not UTF-8, or does not say what it should, and for
    a file as it came that is not the one whose checksum the metadata give.
    """
    metadata = read_metadata(source)
    path = source.with_suffix(".md")
    raw = read_bytes(path)
    known = replace(metadata, sha256=hashlib.sha256(raw).hexdigest())
    if known.original:
        known = replace(known, original_sha256=checksum(source.with_name(known.original), known.original_sha256))
    return parse(decode(raw, path), known, path)
