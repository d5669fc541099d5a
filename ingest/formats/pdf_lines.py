"""The lines of a PDF page: words by their places, rows of tables, and columns.

pdfplumber gives each word with its place, size and font.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

RAISED, CELL_GAP = 0.8, 1.2
FEWEST_RULES, FEWEST_PARTED, SHORTEST_SIDE = 4, 8, 12
SHORT_RULE = 0.45
"""The part of the width of a page that a rule above notes has at most."""
SHORT_PAGE, NEAR = 3, 12
"""How many lines with text on both sides make columns on a page of a document that has pages with many; and how far,
in points, its gutter is from theirs."""


@dataclass(slots=True)
class Word:
    """A word with its place on the page, in points from the left and the top."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    italic: bool = False


@dataclass(slots=True)
class Line:
    """Words that stand on one line, from left to right."""

    words: list[Word] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    """The cells, for a line that is a row of a table."""
    under_rule: bool = False
    """Whether it stands below the short rule that parts the notes of a page from its text."""

    @property
    def size(self) -> float:
        """The size of most of its letters."""
        return median(word.size for word in self.words for _ in word.text)

    @property
    def top(self) -> float:
        """Where its highest word begins."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Where its words end, without raised ones."""
        return max(word.bottom for word in self.words if word.size >= self.size * RAISED)

    @property
    def x0(self) -> float:
        """Where its first word begins."""
        return self.words[0].x0

    @property
    def bold(self) -> bool:
        """Whether all its words are bold."""
        return all(word.bold for word in self.words if any(sign.isalpha() for sign in word.text)) and any(
            word.bold for word in self.words
        )

    @property
    def italic(self) -> bool:
        """Whether all its words with letters are italic."""
        return all(word.italic or not any(sign.isalpha() for sign in word.text) for word in self.words)

    @property
    def plain(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)


def page_lines(page: Any) -> list[Line]:
    """The lines of a page from top to bottom; each row of a table with ruled cells is one line."""
    lines, rule = _lines_and_rows(page), _rule(page)
    for line in lines if rule else ():
        line.under_rule = line.top >= rule - 1
    return lines


def _rule(page: Any) -> float:
    """The height of the lowest rule in the lower part of a page that is as short as one above notes; 0 for none."""
    drawn = [*page.lines, *page.rects]
    short = (one for one in drawn if one["height"] < 2 and 30 < one["width"] < SHORT_RULE * float(page.width))
    return max((one["top"] for one in short if one["top"] > 0.3 * float(page.height)), default=0.0)


def _lines_and_rows(page: Any) -> list[Line]:
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
                lines.append(Line(every, [" ".join((cell or "").split()) for cell in cells]))
    return sorted(lines, key=lambda line: (line.words[0].bottom, line.x0))


def _is_table(table: Any) -> bool:
    """Whether ruled lines make a table: at least two rows of at least two cells with words."""
    filled = [[cell for cell in row if cell and cell.strip()] for row in table.extract()]
    return sum(len(row) > 1 for row in filled) > 1


def in_columns(lines: list[Line], gutter: float) -> list[Line]:
    """The lines of a page in reading order: of two columns, parted at a place, the left one first."""
    if not gutter:
        return lines
    out: list[Line] = []
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        if line.row or _crosses(line, gutter):
            out += [*sides[0], *sides[1], line]
            sides = ([], [])
            continue
        for words, side in zip(_sides(line, gutter), sides, strict=True):
            if words:
                side.append(Line(words))
    return [*out, *sides[0], *sides[1]]


def cells_of(line: Line) -> list[str]:
    """The texts of a line that wide gaps part."""
    cells: list[str] = []
    for before, word in zip([None, *line.words], line.words, strict=False):
        if before is None or word.x0 - before.x1 > CELL_GAP * line.size:
            cells.append(word.text)
        else:
            cells[-1] += f" {word.text}"
    return cells


def _gutter(lines: list[Line], places: Iterable[int], fewest: int = FEWEST_PARTED) -> float:
    """Where two columns part: the place that few lines cross and that many have text beside; else 0."""
    lines = [line for line in lines if not line.row]
    free: list[float] = []
    for place in places:
        apart = [_sides(line, place) for line in lines if not _crosses(line, place)]
        long = [[len("".join(word.text for word in side)) >= SHORTEST_SIDE for side in both] for both in apart]
        enough = min(sum(each) for each in zip(*long, strict=True)) if long else 0
        if enough >= fewest and 4 * (len(lines) - len(apart)) <= len(lines):
            free.append(place)
    return free[len(free) // 2] if free else 0.0


def _sides(line: Line, gutter: float) -> tuple[list[Word], list[Word]]:
    """The words on both sides of a gutter."""
    left = [word for word in line.words if word.x1 <= gutter]
    return left, line.words[len(left) :]


def _crosses(line: Line, gutter: float) -> bool:
    """Whether a line goes on over a gutter: with a word, or with no more space than words have between them."""
    left, right = _sides(line, gutter)
    if right and right[0].x0 < gutter:
        return True
    return bool(left and right) and right[0].x0 - left[-1].x1 <= line.size


def _lines(page: Any) -> list[Line]:
    """The lines of a page from top to bottom; small raised words belong to the line beside them."""
    extracted = page.extract_words(
        x_tolerance_ratio=0.2, y_tolerance=2, keep_blank_chars=False, extra_attrs=["size", "fontname"]
    )
    words = [
        Word(
            each["text"], each["x0"], each["x1"], each["top"], each["bottom"], each["size"],
            any(sign in each["fontname"].lower() for sign in ("bold", "black", "heavy", "demi")),
            any(sign in each["fontname"].lower() for sign in ("italic", "oblique")),
        )
        for each in extracted
    ]  # fmt: skip
    if not words:
        return []
    usual = Counter(round(word.size, 1) for word in words for _ in word.text).most_common(1)[0][0]
    lines: list[Line] = []
    raised: list[Word] = []
    for word in sorted(words, key=lambda word: (round(word.bottom), word.x0)):
        if word.size < usual * RAISED and len(word.text) <= 4:
            raised.append(word)
        elif lines and abs(lines[-1].words[0].bottom - word.bottom) < 0.35 * max(word.size, lines[-1].words[0].size):
            lines[-1].words.append(word)
        else:
            lines.append(Line([word]))
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
            lines.append(Line([word]))
    for line in lines:
        line.words.sort(key=lambda word: word.x0)
    return sorted(lines, key=lambda line: (line.words[0].bottom, line.x0))


def gutters(pages: list[list[Line]], widths: list[float]) -> list[float]:
    """Where the columns of each page part (0 for none); a short page has those of the others."""
    middle = [range(int(0.4 * width), int(0.6 * width), 4) for width in widths]
    out = [_gutter(lines, places) for lines, places in zip(pages, middle, strict=True)]
    if found := [gutter for gutter in out if gutter]:
        usual = int(median(found))
        near = range(usual - NEAR, usual + NEAR + 1, 4)
        out = [own or _gutter(lines, near, SHORT_PAGE) for own, lines in zip(out, pages, strict=True)]
    return out
