"""Lines joined to the text of a part: a line end or a page break is one space, none behind a hyphen that splits a word.

A passage knows where in the source it stands and whether its last line ends a sentence, which tells a page break in
mid-sentence from a new beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.document import Item, Paragraph, SourceRange, UnnumberedText, paragraph_key
from ingest.errors import SourceError
from ingest.outline import ItemSequence, SectionPath
from ingest.source import Line

SENTENCE_END = re.compile(r"[.:;?!。؟][\"'”’»)\]]*(?:\s?(?:[*†‡§¹²³⁴-⁹⁰]+|[0-9]{1,3}/))?$")
PHRASE_END = re.compile(r"(?:[.,:;?!—–][\"'”’»)\]]*|\b(?:and|or|y|o|et|ou))$")
LIST_ENDING = (";", ",", " and", " or")
"""How an item ends behind which the sentence goes on with another."""
SPLIT_WORD = re.compile(r"\w-$")
SUSPENDED = re.compile(r"(?:and|or|to|nor)\b")
ANNOUNCED = re.compile(r"\brecommendations\b.*\b(?:below|following)\b|\bfollowing recommendations\b", re.DOTALL)
LONGEST_ENDING = 20


class Passage:
    """A text in the making."""

    def __init__(self, line: Line, text: str) -> None:
        self._first = self._last = line
        self._pieces = [text] if text else []
        self.marks = [mark for _, mark in line.marks]

    def add(self, line: Line) -> None:
        """Continues the text with a whole line."""
        ending = self._ending()
        if ending:
            hyphenated = SPLIT_WORD.search(ending) and line.text[0].isalnum() and not SUSPENDED.match(line.text)
            self._pieces.append("" if hyphenated else " ")
        self._pieces.append(line.text)
        self.marks += (mark for _, mark in line.marks)
        self._last = line

    def add_row(self, line: Line, text: str) -> None:
        """Continues the text with a row of a table, on a line of its own."""
        self._pieces += ["\n", text]
        self.marks += (mark for _, mark in line.marks)
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
    printed: str
    within: str
    order: int
    section: SectionPath
    passage: Passage
    items: list[ItemDraft] = field(default_factory=list)
    sequence: ItemSequence = field(default_factory=ItemSequence)

    @property
    def key(self) -> str:
        """What names it in IRIs and tables."""
        return paragraph_key(self.within, self.printed or str(self.number))

    @property
    def innermost(self) -> Passage:
        """The passage that a line without a number continues."""
        return self.items[-1].passage if self.items else self.passage

    @property
    def in_list(self) -> bool:
        """Whether the last item is not the end of its list."""
        return bool(self.items) and self.innermost.text.endswith(LIST_ENDING)

    def open_item(self, letter: str, order: int, line: Line, text: str) -> None:
        """Adds an item that begins with the words of a line behind its mark."""
        self.items.append(ItemDraft(letter, order, Passage(line, text)))

    def parts(self) -> Iterator[tuple[str, Passage]]:
        """The names and passages of the paragraph and of its items."""
        name = f"paragraph {self.printed or self.number}"
        yield name, self.passage
        for item in self.items:
            yield f"item ({item.letter}) of {name}", item.passage

    def finished(self, meeting: str | None, recommended: bool) -> Paragraph:
        """The paragraph as a value."""
        items = tuple(item.finished() for item in self.items)
        text, source = self.passage.text, self.passage.source
        return Paragraph(
            self.number, text, self.section, self.order, source, meeting, items, self.printed, self.within, recommended
        )


def announces_recommendations(above: ParagraphDraft | None) -> bool:
    """Whether a paragraph leads in to recommendations that have numbers of their own: 1, 2, and so on."""
    return above is not None and ANNOUNCED.search(above.passage.text) is not None


def refuse_empty_parts(paragraphs: Iterable[ParagraphDraft], file: Path) -> None:
    """Raises `SourceError` for the first paragraph or item that has a number and no words."""
    for draft in paragraphs:
        for name, passage in draft.parts():
            if not passage.text:
                raise SourceError(file, passage.source.first_line, f"{name} without words", "its text")


@dataclass(slots=True)
class TextDraft:
    """Words outside the numbered paragraphs, in the making."""

    kind: str
    order: int
    section: SectionPath
    passage: Passage

    def finished(self) -> UnnumberedText:
        """The text as a value."""
        return UnnumberedText(self.kind, self.passage.text, self.section, self.order, self.passage.source)
