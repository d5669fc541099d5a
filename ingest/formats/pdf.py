"""PDF pages: lines by the places of their words, without running heads and feet; headings by weight, notes by size.

pdfplumber gives each word with its place, size and font. A line at the edge of a page that is a symbol, a page number
or a job number, or that comes again on other pages, is layout. Small lines at the foot of a page are its notes; a
small raised number is the mark of one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from ingest.formats.blocks import Blocks, UnreadableFileError, note_mark
from ingest.layout import PAGE_FOOT, PAGE_NUMBER

BARCODE = re.compile(r"\*[0-9]{6,8}\*|Please recycle.*|[0-9]{6}|[\ue000-\uf8ff]{4,}")
"""What a page has at its foot for machines; a font of bars has its signs in the private area of Unicode."""
OPENING = re.compile(r"(?:[0-9]{1,4}\.(?:[0-9]{1,4}\.?)?|\(?[a-z]{1,5}\)|\([0-9]{1,2}\)|[IVXLC]+\.|[A-Z]\.|[•·▪–—*†])$")
UNFINISHED = re.compile(r"(?:,|\b(?:of|the|and|or|to|in|on|for|with|by|from|a|an|at|as|that|which))$")
"""How a text ends that goes on behind the end of its page."""
NOTE = re.compile(r"([0-9]{1,3}|[*†‡]{1,4})$")
RAISED, SMALL_NOTE = 0.8, 0.6
EDGE_LINES, LONGEST_HEADING = 3, 150
FEWEST_RULES, FEWEST_PARTED, SHORTEST_SIDE = 4, 8, 12
CELL_GAP, FEWEST_CELLS, FEWEST_ROWS = 1.2, 3, 3
WIDE = 4.0
"""A gap of so many times the size of the letters parts two texts that stand side by side."""


@dataclass(slots=True)
class _Word:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(slots=True)
class _Line:
    words: list[_Word] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    """The cells, for a line that is a row of a table."""

    @property
    def size(self) -> float:
        return median(word.size for word in self.words for _ in word.text)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words if word.size >= self.size * RAISED)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words if any(sign.isalpha() for sign in word.text)) and any(
            word.bold for word in self.words
        )

    @property
    def plain(self) -> str:
        return " ".join(word.text for word in self.words)


def read_pdf(path: Path) -> Blocks:
    """The blocks of a PDF. Raises `UnreadableFileError` for a password, a broken file, or pages that are images."""
    try:
        with pdfplumber.open(path) as opened:
            pages, widths = [], list[float]()
            for page in opened.pages:
                pages.append(_with_tables(page))
                widths.append(float(page.width))
                page.close()
    except (PdfminerException, PDFSyntaxError, PDFPasswordIncorrect) as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise UnreadableFileError(
                path, "a PDF with a password", "a file without a password; save it again"
            ) from error
        raise UnreadableFileError(path, "a PDF that cannot be opened", "a file that a PDF reader opens") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnreadableFileError(path, "a PDF that cannot be opened", "a file that a PDF reader opens") from error
    if sum(len(line.words) for page in pages for line in page) < 5 * max(1, len(pages)):
        advice = "a PDF with text; recognize the text first (OCR), for instance with ocrmypdf, or ask for the Word file"
        raise UnreadableFileError(path, "a PDF whose pages are images", advice)
    return _Pages(pages, widths).blocks()


def _with_tables(page: Any) -> list[_Line]:
    """The lines of a page from top to bottom; each row of a table with ruled cells is one line."""
    ruled = len(page.rects) + len(page.lines) + len(page.curves) >= FEWEST_RULES
    tables = [table for table in page.find_tables() if _is_table(table)] if ruled else []
    if not tables:
        return _lines(page)
    boxes = [table.bbox for table in tables]

    def outside(item: dict[str, Any]) -> bool:
        middle = (item["top"] + item["bottom"]) / 2
        return not any(x0 <= item["x0"] and item["x1"] <= x1 and top <= middle <= end for x0, top, x1, end in boxes)

    lines = _lines(page.filter(lambda item: item["object_type"] != "char" or outside(item)))
    for table in tables:
        for row, cells in zip(table.rows, table.extract(x_tolerance_ratio=0.2), strict=True):
            words = [line for line in _lines(page.crop(row.bbox, strict=False)) if line.words]
            if words:
                every = [word for line in words for word in line.words]
                lines.append(_Line(every, [" ".join((cell or "").split()) for cell in cells]))
    return sorted(lines, key=lambda line: (line.words[0].bottom, line.x0))


def _is_table(table: Any) -> bool:
    """Whether ruled lines make a table: at least two rows of at least two cells with words."""
    filled = [[cell for cell in row if cell and cell.strip()] for row in table.extract()]
    return sum(len(row) > 1 for row in filled) > 1


def _in_columns(lines: list[_Line], width: float) -> list[_Line]:
    """The lines of a page in reading order: of two columns the left one first."""
    gutter = _gutter([line for line in lines if not line.row], width)
    if not gutter:
        return lines
    out: list[_Line] = []
    sides: tuple[list[_Line], list[_Line]] = ([], [])
    for line in lines:
        if line.row or _crosses(line, gutter):
            out += [*sides[0], *sides[1], line]
            sides = ([], [])
            continue
        for words, side in zip(_sides(line, gutter), sides, strict=True):
            if words:
                side.append(_Line(words))
    return [*out, *sides[0], *sides[1]]


def _cells(line: _Line) -> list[str]:
    """The texts of a line that wide gaps part."""
    cells: list[str] = []
    for before, word in zip([None, *line.words], line.words, strict=False):
        if before is None or word.x0 - before.x1 > CELL_GAP * line.size:
            cells.append(word.text)
        else:
            cells[-1] += f" {word.text}"
    return cells


def _gutter(lines: list[_Line], width: float) -> float:
    """Where two columns part: the place in the middle that few lines cross and that many have text beside; else 0."""
    free: list[float] = []
    for place in range(int(0.4 * width), int(0.6 * width), 4):
        apart = [_sides(line, place) for line in lines if not _crosses(line, place)]
        long = [[len("".join(word.text for word in side)) >= SHORTEST_SIDE for side in both] for both in apart]
        enough = min(sum(each) for each in zip(*long, strict=True)) if long else 0
        if enough >= FEWEST_PARTED and 4 * (len(lines) - len(apart)) <= len(lines):
            free.append(place)
    return free[len(free) // 2] if free else 0.0


def _sides(line: _Line, gutter: float) -> tuple[list[_Word], list[_Word]]:
    """The words on both sides of a gutter."""
    left = [word for word in line.words if word.x1 <= gutter]
    return left, line.words[len(left) :]


def _crosses(line: _Line, gutter: float) -> bool:
    """Whether a line goes on over a gutter: with a word, or with no more space than words have between them."""
    left, right = _sides(line, gutter)
    if right and right[0].x0 < gutter:
        return True
    return bool(left and right) and right[0].x0 - left[-1].x1 <= line.size


def _lines(page: Any) -> list[_Line]:
    """The lines of a page from top to bottom; small raised words belong to the line beside them."""
    extracted = page.extract_words(
        x_tolerance_ratio=0.2, y_tolerance=2, keep_blank_chars=False, extra_attrs=["size", "fontname"]
    )
    words = [
        _Word(
            each["text"], each["x0"], each["x1"], each["top"], each["bottom"], each["size"],
            any(sign in each["fontname"].lower() for sign in ("bold", "black", "heavy", "demi")),
        )
        for each in extracted
    ]  # fmt: skip
    if not words:
        return []
    usual = Counter(round(word.size, 1) for word in words for _ in word.text).most_common(1)[0][0]
    lines: list[_Line] = []
    raised: list[_Word] = []
    for word in sorted(words, key=lambda word: (round(word.bottom), word.x0)):
        if word.size < usual * RAISED and len(word.text) <= 4:
            raised.append(word)
        elif lines and abs(lines[-1].words[0].bottom - word.bottom) < 0.35 * max(word.size, lines[-1].words[0].size):
            lines[-1].words.append(word)
        else:
            lines.append(_Line([word]))
    for word in raised:
        middle = (word.top + word.bottom) / 2
        near = [
            line
            for line in lines
            if line.top - 0.4 * line.size <= middle <= line.words[0].bottom and line.size > word.size
        ]
        if near:
            min(near, key=lambda line: abs(line.words[0].bottom - word.bottom)).words.append(word)
        else:
            lines.append(_Line([word]))
    for line in lines:
        line.words.sort(key=lambda word: word.x0)
    return sorted(lines, key=lambda line: (line.words[0].bottom, line.x0))


class _Pages:
    def __init__(self, pages: list[list[_Line]], widths: list[float]) -> None:
        self.pages = pages
        self.widths = widths
        every = [line for page in pages for line in page]
        self.body = Counter(
            round(word.size, 1) for line in every for word in line.words for _ in word.text
        ).most_common(1)[0][0]
        self.leading = self._leading()
        self.repeated = self._repeated()
        self.out = Blocks()
        self.note = ""

    def blocks(self) -> Blocks:
        bodies = []
        for number, page in enumerate(self.pages):
            lines = list(self._without_edges(page))
            foot = self._foot(lines)
            bodies.append((number, _in_columns(lines[:foot], self.widths[number])))
            self._notes(lines[foot:])
        for number, lines in bodies:
            self._page(lines, first=number == 0)
        return self.out

    def _leading(self) -> float:
        gaps = [
            below.words[0].bottom - above.words[0].bottom
            for page in self.pages
            for above, below in pairwise(page)
            if 0 < below.words[0].bottom - above.words[0].bottom < 3 * self.body
        ]
        return float(Counter(round(gap, 0) for gap in gaps).most_common(1)[0][0]) if gaps else self.body * 1.2

    def _edges(self, page: list[_Line]) -> Iterable[_Line]:
        return [*page[:EDGE_LINES], *page[-EDGE_LINES:]] if len(page) > 2 * EDGE_LINES else page

    def _repeated(self) -> set[str]:
        counted = Counter(words for page in self.pages for words in {_shape(line.plain) for line in self._edges(page)})
        enough = max(3, len(self.pages) // 3)
        return {words for words, count in counted.items() if count >= enough}

    def _without_edges(self, page: list[_Line]) -> Iterator[_Line]:
        edges = {id(line) for line in self._edges(page)}
        for line in page:
            words = line.plain
            layout = bool(PAGE_FOOT.fullmatch(words) or PAGE_NUMBER.fullmatch(words)) or _shape(words) in self.repeated
            if len(line.words) > 1 and line.words[0].size < line.size * 0.9:
                layout = False  # a raised number opens a note
            if (id(line) in edges and layout) or BARCODE.fullmatch(words):
                self.out.left_out.append(words)
            else:
                yield line

    def _foot(self, lines: list[_Line]) -> int:
        """Where the notes at the foot of a page begin: small lines, the first of which opens with a mark."""
        position = len(lines)
        while position and lines[position - 1].size <= self.body - SMALL_NOTE:
            position -= 1
        while position < len(lines) and not NOTE.match(lines[position].words[0].text) and not self.note:
            position += 1
        return position

    def _notes(self, lines: list[_Line]) -> None:
        for line in lines:
            first, *rest = line.words
            opens = (
                NOTE.match(first.text)
                and rest
                and (first.size < line.size * 0.9 or first.text == self._next_note() or not first.text.isdigit())
            )
            if opens and first.text not in self.out.notes:
                self.note = first.text
                self.out.notes[self.note] = " ".join(word.text for word in rest)
            elif self.note:
                self.out.notes[self.note] += " " + line.plain

    def _next_note(self) -> str:
        numbers = [int(mark) for mark in self.out.notes if mark.isdigit()]
        return str(max(numbers, default=0) + 1)

    @staticmethod
    def _mark_rows(lines: list[_Line]) -> None:
        """Makes rows of lines that stand in columns without rules: several of them, of several cells each."""
        run: list[tuple[_Line, list[str]]] = []
        for line in [*lines, _Line()]:
            cells = _cells(line)
            if len(cells) >= FEWEST_CELLS and not any("...." in cell for cell in cells):
                run.append((line, cells))
                continue
            for each, row in run if len(run) >= FEWEST_ROWS else ():
                each.row = row
            run = []

    def _page(self, lines: list[_Line], first: bool) -> None:
        self._mark_rows(lines)
        block: list[_Line] = []
        pieces = [piece for line in lines for piece in (self._apart(line) if first and not line.row else [line])]
        for line in pieces:
            if line.row:
                self._close(block)
                block = []
                self.out.add_row(line.row)
                continue
            if block and not self._goes_on(block[-1], line, block):
                self._close(block)
                block = []
            block.append(line)
        self._close(block)

    def _apart(self, line: _Line) -> list[_Line]:
        """The texts that stand side by side on a line, such as the columns of a masthead."""
        parts = [_Line([line.words[0]])]
        for before, word in pairwise(line.words):
            if word.x0 - before.x1 > WIDE * line.size and not OPENING.fullmatch(before.text):
                parts.append(_Line())
            parts[-1].words.append(word)
        return parts

    def _goes_on(self, above: _Line, line: _Line, block: list[_Line]) -> bool:
        gap = line.words[0].bottom - above.words[0].bottom
        if not 0 < gap <= 1.45 * max(self.leading, above.size * 1.15):
            return False
        if line.bold != above.bold or abs(line.size - above.size) > 1.2:
            return False
        if OPENING.match(line.words[0].text) and len(line.words) > 1:
            return False
        if line.bold:
            return True
        left = min(one.x0 for one in block[1:]) if len(block) > 1 else None
        return left is None or line.x0 - left < 1.5 * self.body

    def _close(self, block: list[_Line]) -> None:
        if not block:
            return
        text = "\n".join(self._text(line) for line in block)
        numbered = re.match(r"[0-9]+\.[0-9]*\s", text) and (
            len(text) > LONGEST_HEADING or text.endswith((".", ";", ":")) or UNFINISHED.search(text)
        )
        is_heading = all(line.bold for line in block) and not numbered and not text[0].islower()
        self.out.add(text, "heading" if is_heading else "")

    def _text(self, line: _Line) -> str:
        """The words of a line; a small raised number is the mark of a note, small raised letters end their word."""
        out = ""
        for before, word in zip([None, *line.words], line.words, strict=False):
            small = before is not None and word.size < line.size * RAISED and word.bottom < line.bottom - 0.5
            if small and re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{1,3})*", word.text):
                out += "".join(note_mark(one) for one in word.text.split(","))
            elif small or (before is not None and self._ends_word(before, word)):
                out += word.text
            else:
                out += (" " if out else "") + word.text
        return out

    @staticmethod
    def _ends_word(before: _Word, word: _Word) -> bool:
        """Whether a word goes on where its font changes, without a space."""
        return word.x0 - before.x1 < 0.12 * max(before.size, word.size)


def _shape(words: str) -> str:
    """A line with its digits made alike, so that page numbers do not tell two feet apart."""
    return re.sub(r"[0-9]+", "0", words)
