"""Bytes of a source file to lines of plain words; Markdown marks are set aside as furniture, with the place of each.

What is too large, empty, not UTF-8 or not text is refused. Only marks are judged here, never structure: which line is
a heading of what is the business of `reading`. Blocks, emphasis and escapes follow CommonMark 0.31 (§3.1, §4.1, §4.2,
§6.2), leniently; the time is linear in the text. Positions are code points of the decoded file as it is: a byte order
mark counts as one, a Windows line end as two.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ingest.document import Furniture, SourceRange
from ingest.errors import SourceError

LARGEST_SOURCE = 1024 * 1024
"""Bytes. A consolidated set of recommendations has some ten thousand; thirty times as much is no document."""
LARGEST_PART = 50 * 1024 * 1024
LARGEST_PACKAGE = 6 * LARGEST_PART
"""Of the XML in a package such as DOCX or XLSX, and of all of it with its pictures, unpacked."""
BROKEN_PACKAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError)
"""What reading a part of a package raises that is damaged, missing, encrypted or compressed in an unusual way."""

NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd-\uffff]")
"""Control characters, which RDF/XML cannot hold, and U+FFFD, which a wrong decoding leaves where a word was."""


def refuse_large_parts(package: zipfile.ZipFile, path: Path) -> None:
    """Raises `SourceError` for a package that would be very large once it is unpacked: some XML in it, or the whole."""
    size = sum(part.file_size for part in package.infolist())
    if size > LARGEST_PACKAGE:
        raise SourceError(
            path, None, f"a package of {size:,} bytes, once unpacked", f"at most {LARGEST_PACKAGE:,} bytes"
        )
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels")) and part.file_size > LARGEST_PART:
            problem = f"a part {part.filename} of {part.file_size:,} bytes, once unpacked"
            raise SourceError(path, None, problem, f"at most {LARGEST_PART:,} bytes")


def read_bytes(path: Path) -> bytes:
    """The bytes of a source file. Raises `SourceError` when it is missing, unreadable, empty or too large."""
    if not path.is_file():
        raise SourceError(path, None, "no such file", f"a file named {path.name}")
    size = path.stat().st_size
    if size > LARGEST_SOURCE:
        raise SourceError(path, None, f"a file of {size:,} bytes", f"at most {LARGEST_SOURCE:,} bytes")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(path, None, f"a file that cannot be read ({error.strerror})", "a readable file") from error


def checksum(path: Path, expected: str) -> str:
    """The SHA-256 checksum of a file. Raises `SourceError` when it is missing or not the ``expected`` one."""
    if not path.is_file():
        raise SourceError(path, None, "no such file", f"the file as it came, named {path.name}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if expected not in ("", digest):
        raise SourceError(path, None, f"a file with the checksum {digest}", f"the file as it came, {expected}")
    return digest


def decode(raw: bytes, path: Path) -> str:
    """The text of UTF-8 bytes. Raises `SourceError` with line and byte position (from 0) where they are not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = f"the byte 0x{raw[error.start]:02x} at byte position {error.start}, which is not UTF-8"
        raise SourceError(path, line, problem, "a file saved as UTF-8") from error


def refuse_what_is_not_text(text: str, file: Path) -> None:
    """Raises `SourceError` for an empty text and for a character that no text has."""
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise SourceError(file, 1, "an empty file", "a masthead, headings from I on and paragraphs from 1 on")
    if match := NOT_TEXT.search(text):
        line = text.count("\n", 0, match.start()) + 1
        problem = f"the character U+{ord(match[0]):04X} at position {match.start()}"
        raise SourceError(file, line, problem, "text without control and replacement characters")


LINE_END = re.compile(r"\r\n|\r|\n")
HEADING_SIGN = re.compile(r"#{1,6}(?:[ \t]+|(?=[*_])|$)")
CLOSING_SIGN = re.compile(r"(?<=[ \t])#+$")
MARK = re.compile(r"\\(?:([!-/:-@\[-`{-~])|(?=[\r\n]|\Z))|\*\**|__*|\[\^\w{1,20}\](?!:)")
"""Each begins with one sign: the engine skips what is none of them."""
INNER_SPACE = re.compile(r"[ \t\f\v]+")
WORD = re.compile(r"\S+")
BOLD = "**"
RULES = frozenset("-*_=")
LONGEST_RUN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has words. ``start`` and ``end`` are positions in the file, from its first mark to its last.

    ``text`` is without marks. ``begins`` says that it stands first in its block (a blank line, a rule or a heading is
    before it), ``signed`` that it has a ``#``, ``bold`` that all of it is emphasised. ``marks`` are the marks of notes
    that were set aside, each with its place in ``text``.
    """

    number: int
    start: int
    end: int
    text: str
    begins: bool
    signed: bool
    bold: bool
    marks: tuple[tuple[int, str], ...] = ()

    @property
    def source(self) -> SourceRange:
        """Where the line stands."""
        return SourceRange(self.number, self.number, self.start, self.end)


class _Piece(NamedTuple):
    number: int
    start: int
    end: int
    words: str


def _pieces(text: str, first: int) -> Iterator[_Piece]:
    """All lines without the white space around them; a blank one is empty."""
    start = first
    ends = [*(match.span() for match in LINE_END.finditer(text, first)), (len(text), 0)]
    for number, (end, following) in enumerate(ends, start=1):
        words = text[start:end].strip()
        left = text.index(words, start)
        yield _Piece(number, left, left + len(words), words)
        start = following


def _flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a run of delimiters may open and may close (CommonMark §6.2, left- and right-flanking)."""
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    word_before, word_after = before.isalnum(), after.isalnum()
    left = not after.isspace() and (word_after or not word_before)
    right = not before.isspace() and (word_before or not word_after)
    if text[start] == "_":
        return left and not word_before, right and not word_after
    return left, right


class _Block:
    """Lines that belong together: the marks in them are found once, across the line ends."""

    def __init__(self, text: str, pieces: list[_Piece]) -> None:
        self.text = text
        self.pieces = pieces
        self.furniture: list[Furniture] = []
        self._cuts: list[tuple[int, int]] = []
        self._emphasis: list[tuple[int, int]] = []

    def lines(self) -> Iterator[Line]:
        """The lines of the block, plain."""
        _, start, end, words = self.pieces[0]
        signed = HEADING_SIGN.match(self.text, start, end) if words[0] == "#" else None
        if signed:
            start = signed.end()
            self._cut("heading sign", signed.start(), start)
            if closing := CLOSING_SIGN.search(self.text, start, end):
                self._cut("heading sign", closing.start(), closing.end())
        self._find_marks(start)
        if not self._cuts:
            for number, start, end, words in self.pieces:
                plain = INNER_SPACE.sub(" ", words) if "  " in words or not words.isprintable() else words
                yield Line(number, start, end, plain, number == self.pieces[0].number, False, False)
            return
        cuts = iter([*sorted(self._cuts), (self.pieces[-1].end, self.pieces[-1].end)])
        cut, begins = next(cuts), True
        bold = self._emphasised(start)
        for piece in self.pieces:
            parts, position = [], piece.start
            marks: list[tuple[int, str]] = []
            while cut[0] < piece.end:
                parts.append(self.text[position : cut[0]])
                position = cut[1]
                if self.text[cut[0]] == "[":
                    marks.append((len(_plain(parts)), self.text[cut[0] + 2 : cut[1] - 1]))
                cut = next(cuts)
            parts.append(self.text[position : piece.end])
            plain = _plain(parts)
            if plain:
                is_first = bool(signed) and begins
                is_bold = piece.number in bold
                yield Line(piece.number, piece.start, piece.end, plain, begins, is_first, is_bold, tuple(marks))
                begins = False

    def _emphasised(self, start: int) -> set[int]:
        """The numbers of the lines that have no word outside emphasis."""
        if not self._emphasis:
            return set()
        bare, position = [], start
        for opening, closing in sorted(self._emphasis):
            if closing > position:
                bare.append((position, max(opening, position)))
                position = closing
        bare.append((position, self.pieces[-1].end))
        starts = [piece.start for piece in self.pieces]
        plain: set[int] = set()
        for opening, closing in bare:
            for word in WORD.finditer(self.text, opening, closing):
                plain.add(self.pieces[bisect_right(starts, word.start()) - 1].number)
        return {piece.number for piece in self.pieces} - plain

    def _cut(self, kind: str, start: int, end: int) -> None:
        piece = self.pieces[bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1]
        self._cuts.append((start, end))
        self.furniture.append(
            Furniture(kind, self.text[start:end].strip(), SourceRange(piece.number, piece.number, start, end))
        )

    def _find_marks(self, start: int) -> None:
        open_: list[tuple[int, int, str]] = []
        lengths: defaultdict[tuple[str, int], int] = defaultdict(int)
        for match in MARK.finditer(self.text, start, self.pieces[-1].end):
            sign, position, run = match[0][0], match.start(), match.end() - match.start()
            if sign == "[":
                self._cut("note mark", position, match.end())
                continue
            if sign == "\\":
                self._cut("escape" if match[1] else "line break", position, position + 1)
                continue
            may_open, may_close = _flanks(self.text, position, match.end())
            while may_close and any(lengths[sign, length] for length in range(1, min(run, LONGEST_RUN) + 1)):
                opener, length, opened = open_.pop()
                lengths[opened, length] -= 1
                if opened == sign and length <= run:
                    for place in (opener, position):
                        self._cut("bold mark" if length > 1 else "italic mark", place, place + length)
                    self._emphasis.append((opener, position + length))
                    position, run = position + length, run - length
            if may_open and 0 < run <= LONGEST_RUN:
                open_.append((position, run, sign))
                lengths[sign, run] += 1


def _plain(words: list[str]) -> str:
    return INNER_SPACE.sub(" ", "".join(words)).strip()


def _is_rule(words: str) -> bool:
    if words[0] not in RULES:
        return False
    signs = "".join(words.split())
    return len(signs) > 2 and signs.count(signs[0]) == len(signs)


def read_lines(text: str) -> tuple[tuple[Line, ...], tuple[Furniture, ...]]:
    """The lines that have words, and the marks that were set aside, both in the order of the file."""
    lines: list[Line] = []
    furniture: list[Furniture] = []
    gathered: list[_Piece] = []

    def close() -> None:
        if gathered:
            block = _Block(text, gathered.copy())
            lines.extend(block.lines())
            furniture.extend(block.furniture)
            gathered.clear()

    first = 1 if text.startswith("\ufeff") else 0
    if first:
        furniture.append(Furniture("byte order mark", "\ufeff", SourceRange(1, 1, 0, 1)))
    for piece in _pieces(text, first):
        words = piece.words
        if not words:
            close()
        elif _is_rule(words):
            close()
            place = SourceRange(piece.number, piece.number, piece.start, piece.end)
            furniture.append(Furniture("page rule", words, place))
        elif words[0] == "#" and HEADING_SIGN.match(words):
            close()
            gathered.append(piece)
            if words.count(BOLD) % 2 == 0:
                close()
        else:
            gathered.append(piece)
    close()
    furniture.sort(key=lambda mark: mark.source.start)
    return tuple(lines), tuple(furniture)
