"""Bytes of a source file to text: what is too large, empty, not UTF-8 or not text is refused before it is read.

Positions are code points of the decoded file as it is: a byte order mark counts as one, a Windows line end as two.
"""

from __future__ import annotations

import re
from pathlib import Path

from ingest.errors import SourceError

LARGEST_SOURCE = 1024 * 1024
"""Bytes. A consolidated set of recommendations has some ten thousand; thirty times as much is no document."""

NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd-\uffff]")
"""Control characters, which RDF/XML cannot hold, and U+FFFD, which a wrong decoding leaves where a word was."""


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


def decode(raw: bytes, path: Path) -> str:
    """The text of UTF-8 bytes. Raises `SourceError` with line and byte position (from 0) where they are not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{raw[error.start]:02x} at byte position {error.start}, which is not UTF-8"
        raise SourceError(path, line, found, "a file saved as UTF-8") from error


def refuse_what_is_not_text(text: str, file: Path) -> None:
    """Raises `SourceError` for an empty text and for a character that no text has."""
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise SourceError(file, 1, "an empty file", "a masthead, headings from I on and paragraphs from 1 on")
    if match := NOT_TEXT.search(text):
        line = text.count("\n", 0, match.start()) + 1
        found = f"the character U+{ord(match[0]):04X} at position {match.start()}"
        raise SourceError(file, line, found, "text without control and replacement characters")
