"""Blocks of a document, as every format gives them, the numbers that word processors generate for lists, and the
Markdown that `ingest.source` reads.

A block is one paragraph, heading, item or table row. Signs that Markdown would take as marks are escaped, so that the
words stay as they are; notes come last, under their marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ingest.outline import letter, looks_like_heading, roman

_ESCAPED = re.compile(r"([\\*_])")
_SPACE = re.compile(r"[ \t\f\v\r]+")
_AT_THE_START = re.compile(r"(?m)^(#{1,6}\s|\||-{3,}|={3,})")
_UNPRINTED = str.maketrans({"\u00ad": None, "\u200b": None, "\ufeff": None, "\u2011": "-", "\x0c": " ", "\x0b": "\n"})
_NUMBERED = re.compile(r"(?:[0-9]+|[IVX]+)\.\s|[(\[]?[0-9]{1,3}[)\]]\s|§")
_PARAGRAPH = re.compile(r"[0-9]{1,4}\.\s")
_FIGURE = re.compile(r"[(–-]?[0-9][0-9 .,\u00a0]*\)?%?")
_PAGE = re.compile(r"[0-9]{1,4}")
_LETTERS = re.compile(r"[^\W\d_]{3}")
BULLET, LONGEST_BOLD = "•", 300
LEADERS, FEWEST_ENTRIES, LONGEST_IN_FRONT = "....", 2, 300
"""What print has between an entry of a table of contents and its page."""
WITHOUT_PASSWORD = "a file without a password; save it again"
SEPARATOR = re.compile(r"[_–—=\s-]{3,}")
"""A rule drawn with signs, as above the notes of a page."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
MARK = "\ue000{}\ue001"
"""How a format writes the mark of a note into a text, so that it is not escaped: `note_mark`."""
_MARKS = re.compile("\ue000(\\w+)\ue001")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that stands by itself. ``set_as`` is "heading", "bold", "italic" (a heading only above a
    numbered paragraph), "row" (cells apart by tabs) or empty.

    Line feeds in ``text`` are line breaks of the print; a note's mark is written by `note_mark`.
    """

    text: str
    set_as: str = ""


@dataclass(slots=True)
class Blocks:
    """The blocks of a document in reading order, its notes by their marks, and the lines of pages that are in neither:
    page numbers, heads and feet."""

    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def add(self, text: str, set_as: str = "") -> None:
        """Adds a block; one without words, or of signs that draw a rule, is left out."""
        text = clean(text)
        if SEPARATOR.fullmatch(text):
            self.left_out.append(text)
        elif text:
            self.blocks.append(Block(text, set_as))

    def leave_out(self, words: str) -> None:
        """Keeps words that are none of the document, once."""
        if words and words not in self.left_out:
            self.left_out.append(words)

    def add_table(
        self,
        rows: Sequence[Sequence[Any]],
        words: Callable[[Any], str],
        read: Callable[[Any], object],
        numbered: Callable[[Any], str] | None = None,
    ) -> None:
        """Adds a table, given as cells of which ``words`` returns the text and ``read`` adds the blocks. One in the
        front (before anything numbered) is layout: its cells are blocks. ``numbered`` returns the text with the numbers
        of lists, where these are not in the words."""
        texts = [[words(cell) for cell in row] for row in rows]
        if self.add_contents(texts):
            return
        is_layout = self.is_layout(texts)
        for cells in rows:
            if is_layout or len(cells) == 1:
                for cell in cells:
                    read(cell)
            else:
                self.add_row([(numbered or words)(cell) for cell in cells])

    def add_row(self, cells: Iterable[str]) -> None:
        """Adds a row of a table. A numbered paragraph in its first cell stands by itself, before the other cells."""
        row = [" ".join(clean(cell).split()) for cell in cells]
        if row and re.match(r"[0-9]+\.(?:[0-9]+\.?)?\s", row[0]):
            self.add(row.pop(0))
        if any(row):
            self.blocks.append(Block("\t".join(row), "row"))

    def add_box(self, texts: Iterable[str]) -> None:
        """Adds the words of a box that stands beside the text: in the front blocks, behind it rows of one cell, which
        belong to no paragraph."""
        for text in texts:
            if self._is_front:
                self.add(text)
            else:
                self.add_row([text])

    @property
    def _is_front(self) -> bool:
        """Whether neither a numbered block nor a whole paragraph came yet."""
        return not any(
            (_NUMBERED.match(block.text) or len(block.text) > LONGEST_IN_FRONT) and not block.text.endswith(LEADERS)
            for block in self.blocks
        )

    def is_layout(self, rows: Iterable[Iterable[str]]) -> bool:
        """Whether a table only sets a masthead, whose cells stand by themselves: in the front, and without figures."""
        return self._is_front and not any(_FIGURE.fullmatch(clean(cell)) for row in rows for cell in row)

    def add_contents(self, rows: Iterable[Iterable[str]]) -> bool:
        """Adds the rows of a table of contents, each behind leaders as print has them; False for another table."""
        written = [[" ".join(clean(cell).split()) for cell in row] for row in rows]
        filled = [[cell for cell in row if cell] for row in written]
        paged = [row for row in filled if len(row) > 1 and _PAGE.fullmatch(row[-1]) and _LETTERS.search(" ".join(row))]
        if not self._is_front or len(paged) < FEWEST_ENTRIES or 2 * len(paged) < sum(1 for row in filled if row):
            return False
        for row in filled:
            self.add(f"{' '.join(row)} {LEADERS}" if row else "")
        return True

    def markdown(self) -> str:
        """The source text."""
        out: list[str] = []
        before = ""
        for block, behind in pairwise([*self.blocks, Block("")]):
            if before and not (block.set_as == before == "row"):
                out.append("")
            out.append(_written(block, behind))
            before = block.set_as or "text"
        for mark, text in self.notes.items():
            sign = f"[^{mark}]:" if mark.isalnum() else _escaped(mark)
            out += ["", f"{sign} {_escaped(' '.join(clean(text).split()))}"]
        return "\n".join(out) + "\n"


def own_rows(table: Any, row_tag: str) -> list[Any]:
    """The rows of an XML table that belong to no table inside it."""
    return [row for row in table.iter(row_tag) if next(row.iterancestors(table.tag)) is table]


def unwrapped(text: str | None, keeps_lines: bool = False) -> str:
    """Text of XML or HTML, in which a line end is a space, unless an element keeps its lines."""
    return re.sub(r"[ \t\r\f]+" if keeps_lines else r"[ \t\r\n\f]+", " ", text or "")


def note_mark(mark: str) -> str:
    """The mark of a note, to be put into a text; a sign such as ``*`` stays a sign."""
    return MARK.format(mark) if mark.isalnum() else mark


def clean(text: str) -> str:
    """A text without what is not printed: soft hyphens, control characters, white space around lines."""
    text = _CONTROL.sub("", unicodedata.normalize("NFC", text).translate(_UNPRINTED))
    return "\n".join(line for line in (_SPACE.sub(" ", line).strip() for line in text.split("\n")) if line)


def _escaped(text: str) -> str:
    text = _AT_THE_START.sub(r"\\\1", _ESCAPED.sub(r"\\\1", text))
    return _MARKS.sub(r"[^\1]", text)


def _written(block: Block, behind: Block) -> str:
    if block.set_as == "row":
        return "| " + " | ".join(_escaped(cell).replace("|", "/") for cell in block.text.split("\t")) + " |"
    above_paragraph = _PARAGRAPH.match(behind.text) is not None
    if block.set_as == "heading" or (block.set_as == "italic" and above_paragraph and looks_like_heading(block.text)):
        return "## " + _escaped(" ".join(block.text.split()))
    if block.set_as == "bold":
        return "**" + _escaped(" ".join(block.text.split())) + "**"
    return _escaped(block.text)


def formatted(number: int, style: str) -> str:
    """A number in a style of OOXML (``lowerLetter``), ODF (``a``) or HTML (``lower-alpha``)."""
    if number < 1:
        return str(number)
    if style in ("upperRoman", "I", "upper-roman"):
        return roman(number)
    if style in ("lowerRoman", "i", "lower-roman"):
        return roman(number).lower()
    if style in ("upperLetter", "A", "upper-alpha", "upper-latin"):
        return letter(number)
    if style in ("lowerLetter", "a", "lower-alpha", "lower-latin"):
        return letter(number).lower()
    return f"{number:02}" if style == "decimalZero" else str(number)


class Counters:
    """The counters of one list: a higher level starts the lower ones again, or only the levels above the one that
    ``restarts`` has for a lower one (0 for none)."""

    def __init__(self, starts: Sequence[int], restarts: Mapping[int, int] | None = None) -> None:
        self._starts = list(starts)
        self._restarts = restarts or {}
        self._values: dict[int, int] = {}

    def next(self, level: int, at: int | None = None) -> tuple[int, ...]:
        """Counts one at a level (or sets it); the numbers of all levels from the highest down to it."""
        start = self._starts[level] if level < len(self._starts) else 1
        self._values[level] = at if at is not None else self._values.get(level, start - 1) + 1
        for below in [one for one in self._values if level < min(one, self._restarts.get(one, one))]:
            del self._values[below]
        return tuple(
            self._values.get(one, self._starts[one] if one < len(self._starts) else 1) for one in range(level + 1)
        )
