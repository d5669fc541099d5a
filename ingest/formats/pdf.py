"""PDF pages: lines by the places of their words, without running heads and feet; headings by weight, notes by size.

pdfplumber gives each word with its place, size and font. A line at the edge of a page that is a symbol, a page number
or a job number, or that comes again on other pages, is layout. Small lines at the foot of a page are its notes; a
small raised number is the mark of one. A word that is split at the end of a line loses its hyphen where the document
has the whole word elsewhere; a page without words is named among what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from ingest.errors import SourceError
from ingest.formats.blocks import SEPARATOR, WITHOUT_PASSWORD, Blocks, note_mark
from ingest.formats.pdf_lines import RAISED, Line, Word, cells_of, gutters, in_columns, page_lines
from ingest.layout import EDGE, PAGE_FOOT, PAGE_NUMBER, SYMBOL, repeated, shape

BARCODE = re.compile(r"\*[0-9]{6,8}\*|Please recycle.*|[0-9]{6}|[\ue000-\uf8ff]{4,}")
"""What a page has at its foot for machines; a font of bars has its signs in the private area of Unicode."""
OPENING = re.compile(r"(?:[0-9]{1,4}\.(?:[0-9]{1,4}\.?)?|\(?[a-z]{1,5}\)|\([0-9]{1,2}\)|[IVXLC]+\.|[A-Z]\.|[•·▪–—*†])$")
PARAGRAPH = re.compile(r"[0-9]{1,4}\.(?:\s|[0-9])")
UNFINISHED = re.compile(r"(?:,|\b(?:of|the|and|or|to|in|on|for|with|by|from|a|an|at|as|that|which))$")
"""How a text ends that goes on behind the end of its page."""
NOTE = re.compile(r"([0-9]{1,3}|[*†‡]{1,4})$")
SMALL_NOTE = 0.6
SPLIT = re.compile(r"\b(\w*[^\W\d_])-\n([^\W\d_]\w*)")
"""A word that goes on behind the end of its line."""
LONGEST_HEADING = 150
OFTEN_WITHIN = 2
"""How often a line stands within pages that is no head of pages, though it stands at their edges as well."""
FEWEST_CELLS, FEWEST_ROWS = 3, 3
WIDE = 4.0
"""A gap of so many times the size of the letters parts two texts that stand side by side."""


NOT_OPENED = (PdfminerException, PDFSyntaxError, PDFPasswordIncorrect, ValueError, TypeError, KeyError, RecursionError)


def read_pdf(path: Path) -> Blocks:
    """The blocks of a PDF. Raises `SourceError` for a password, a broken file, or pages that are images."""
    try:
        with pdfplumber.open(path) as opened:
            pages, widths = [], list[float]()
            for page in opened.pages:
                pages.append(page_lines(page))
                widths.append(float(page.width))
                page.close()
    except NOT_OPENED as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise SourceError(path, None, "a PDF with a password", WITHOUT_PASSWORD) from error
        raise SourceError(path, None, "a PDF that cannot be opened", "a file that a PDF reader opens") from error
    if sum(len(line.words) for page in pages for line in page) < 5 * max(1, len(pages)):
        advice = "a PDF with text; recognize the text first (OCR), for instance with ocrmypdf, or ask for the Word file"
        raise SourceError(path, None, "a PDF whose pages are images", advice)
    return _Pages(pages, widths).blocks()


class _Pages:
    def __init__(self, pages: list[list[Line]], widths: list[float]) -> None:
        self.pages = pages
        self.widths = widths
        every = [line for page in pages for line in page]
        self.body = Counter(
            round(word.size, 1) for line in every for word in line.words for _ in word.text
        ).most_common(1)[0][0]
        self.leading = self._leading()
        self.within = Counter(shape(line.plain) for page in pages for line in page[EDGE:-EDGE])
        heads = repeated([[line.plain for line in page] for page in pages])
        self.repeated = {words for words in heads if self.within[words] < OFTEN_WITHIN}
        self.placed = self._placed()
        top = [word for line in pages[0][:EDGE] for word in self._text(line).split()]
        self.symbols = {word.rstrip("*") for word in top if SYMBOL.fullmatch(word)}
        self.out = Blocks()
        self.note = ""

    def blocks(self) -> Blocks:
        bodies = []
        for number, page in enumerate(self.pages, 1):
            lines = list(self._without_edges(page))
            foot = self._foot(lines)
            bodies.append(lines[:foot])
            self._notes(lines[foot:])
            self.out.left_out += [] if page else [f"page {number}, which has no words that can be read"]
        for number, (lines, gutter) in enumerate(zip(bodies, gutters(bodies, self.widths), strict=True)):
            self._page(in_columns(lines, gutter), first=number == 0)
        return self._with_whole_words()

    def _with_whole_words(self) -> Blocks:
        """The blocks, in which a word that was split at the end of a line is whole where the document has it whole
        elsewhere, and nowhere with its hyphen."""
        text = "\n\n".join(block.text for block in self.out.blocks).lower()
        words, compounds = set(re.findall(r"[^\W\d_]+", text)), set(re.findall(r"\w+-\w+", text))

        def whole(match: re.Match[str]) -> str:
            first, rest = match[1].lower(), match[2].lower()
            return match[1] + match[2] if first + rest in words and f"{first}-{rest}" not in compounds else match[0]

        self.out.blocks = [replace(block, text=SPLIT.sub(whole, block.text)) for block in self.out.blocks]
        return self.out

    def _leading(self) -> float:
        gaps = [
            below.words[0].bottom - above.words[0].bottom
            for page in self.pages
            for above, below in pairwise(page)
            if 0 < below.words[0].bottom - above.words[0].bottom < 3 * self.body
        ]
        return float(Counter(round(gap, 0) for gap in gaps).most_common(1)[0][0]) if gaps else self.body * 1.2

    def _edges(self, page: list[Line]) -> Iterable[Line]:
        return [*page[:EDGE], *page[-EDGE:]] if len(page) > 2 * EDGE else page

    def _placed(self) -> set[tuple[str, int]]:
        """The lines at the edges of pages that stand at the same height of several pages, and these heights: heads that
        are others on left and right pages."""
        edges = [line for page in self.pages for line in self._edges(page) if not line.row]
        counted = Counter((line.plain, round(line.top)) for line in edges)
        return {line for line, count in counted.items() if count > 1 and self.within[shape(line[0])] < OFTEN_WITHIN}

    def _without_edges(self, page: list[Line]) -> Iterator[Line]:
        edges, head = {id(line) for line in self._edges(page)}, self._head(page)
        for place, line in enumerate(page):
            words = line.plain
            layout = bool(PAGE_FOOT.fullmatch(words) or PAGE_NUMBER.fullmatch(words)) or shape(words) in self.repeated
            layout = layout or (page is not self.pages[0] and (words, round(line.top)) in self.placed) or place < head
            if len(line.words) > 1 and line.words[0].size < line.size * 0.9:
                layout = False  # a raised number opens a note
            if (id(line) in edges and layout) or BARCODE.fullmatch(words):
                self.out.left_out.append(words)
            else:
                yield line

    def _head(self, page: list[Line]) -> int:
        """How many lines the head of a page has that is the title with the symbol of the document, and a gap below."""
        for place, (line, below) in enumerate(pairwise(page[: EDGE + 1]), 1):
            if below.words[0].bottom - line.words[0].bottom > 1.3 * self.leading:
                own = any(word.text in self.symbols for each in page[:place] for word in each.words)
                return place if own and page is not self.pages[0] else 0
        return 0

    def _foot(self, lines: list[Line]) -> int:
        """Where the notes at the foot of a page begin: small lines, the first of which opens with a mark."""
        position = len(lines)
        while position and lines[position - 1].size <= self.body - SMALL_NOTE:
            position -= 1
        while position < len(lines) and not NOTE.match(lines[position].words[0].text) and not self.note:
            position += 1
        return min(position, self._large_foot(lines))

    def _large_foot(self, lines: list[Line]) -> int:
        """Where notes begin that are set as large as the text: under a rule, with a mark or behind those of the page
        before, which need the lower half of the page; or there, with a raised mark that is the next. No numbered
        paragraph is below them."""
        last = max((place for place, line in enumerate(lines, 1) if PARAGRAPH.match(line.plain)), default=0)
        for place, line in enumerate(lines[last:], last):
            mark, above = line.words[0], lines[place - 1] if place else Line()
            under = line.under_rule and not above.under_rule
            under = under or (bool(above.words) and SEPARATOR.fullmatch(above.plain) is not None)
            is_low = 2 * place >= len(lines) > 1
            raised = mark.size < line.size * RAISED and mark.text == self._next_note()
            if (is_low and raised) or (under and (NOTE.match(mark.text) or (is_low and self.note))):
                return place
        return len(lines)

    def _notes(self, lines: list[Line]) -> None:
        for line in lines:
            if SEPARATOR.fullmatch(line.plain):
                self.out.left_out.append(line.plain)
                continue
            first, *rest = line.words
            opens = (
                NOTE.match(first.text)
                and (rest or first.text == self._next_note())
                and (first.size < line.size * 0.9 or first.text == self._next_note() or not first.text.isdigit())
            )
            if opens and first.text not in self.out.notes:
                self.note = first.text
                self.out.notes[self.note] = self._joined(rest)
            elif self.note:
                self.out.notes[self.note] += " " + self._joined(line.words)

    def _next_note(self) -> str:
        numbers = [int(mark) for mark in self.out.notes if mark.isdigit()]
        return str(max(numbers, default=0) + 1)

    @staticmethod
    def _mark_rows(lines: list[Line]) -> None:
        """Makes rows of lines that stand in columns without rules: several of them, of several cells each."""
        run: list[tuple[Line, list[str]]] = []
        for line in [*lines, Line()]:
            cells = cells_of(line)
            if len(cells) >= FEWEST_CELLS and not any("...." in cell for cell in cells):
                run.append((line, cells))
                continue
            for each, row in run if len(run) >= FEWEST_ROWS else ():
                each.row = row
            run = []

    def _page(self, lines: list[Line], first: bool) -> None:
        self._mark_rows(lines)
        block: list[Line] = []
        pieces = [piece for line in lines for piece in (self._apart(line) if first and not line.row else [line])]
        for line in pieces:
            if block and (line.row or not self._goes_on(block[-1], line, block)):
                self._close(block)
                block = []
            if line.row:
                self.out.add_row(line.row)
            else:
                block.append(line)
        self._close(block)

    def _apart(self, line: Line) -> list[Line]:
        """The texts that stand side by side on a line, such as the columns of a masthead."""
        parts = [Line([line.words[0]])]
        for before, word in pairwise(line.words):
            if word.x0 - before.x1 > WIDE * line.size and not OPENING.fullmatch(before.text):
                parts.append(Line())
            parts[-1].words.append(word)
        return parts

    def _goes_on(self, above: Line, line: Line, block: list[Line]) -> bool:
        gap = line.words[0].bottom - above.words[0].bottom
        if not 0 < gap <= 1.45 * max(self.leading, above.size * 1.15):
            return False
        if abs(line.size - above.size) > 1.2 or (line.bold != above.bold and not self._bold_within(above, block)):
            return False
        if OPENING.match(line.words[0].text) and len(line.words) > 1:
            return False
        if line.bold:
            return True
        left = min(one.x0 for one in block[1:]) if len(block) > 1 else None
        return left is None or line.x0 - left < 1.5 * self.body

    @staticmethod
    def _bold_within(above: Line, block: list[Line]) -> bool:
        """Whether bold words in a sentence fill a line of it, or end above it."""
        goes_on = above.bold or above.words[-1].bold or UNFINISHED.search(above.plain) is not None
        return not block[0].bold and goes_on

    def _close(self, block: list[Line]) -> None:
        if not block:
            return
        text = "\n".join(self._text(line) for line in block)
        numbered = re.match(r"[0-9]+\.[0-9]*\s", text) and (
            len(text) > LONGEST_HEADING or text.endswith((".", ";", ":")) or UNFINISHED.search(text)
        )
        is_heading = all(line.bold for line in block) and not numbered and not text[0].islower()
        self.out.add(text, "heading" if is_heading else "italic" if all(line.italic for line in block) else "")

    def _text(self, line: Line) -> str:
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

    def _joined(self, words: list[Word]) -> str:
        return "".join(
            f"{'' if before is None or self._ends_word(before, word) else ' '}{word.text}"
            for before, word in zip([None, *words], words, strict=False)
        )

    @staticmethod
    def _ends_word(before: Word, word: Word) -> bool:
        """Whether a word goes on where its font changes, without a space."""
        return word.x0 - before.x1 < 0.12 * max(before.size, word.size)
