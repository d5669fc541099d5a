"""Bytes of a text to its letters. An encoding that no byte tells for certain is guessed, and the guess is said.

What is UTF-8 or has a mark of Unicode is certain. Of other encodings of eight bits several give letters for all bytes:
charset-normalizer ranks them by how much like a language the letters look, and a person sees some words to judge by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from ingest.errors import SourceError

MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""The byte order marks of Unicode (Unicode 16, §23.8)."""
HELD = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_5"),
    *("iso8859_6", "koi8_r", "koi8_u", "cp866", "mac_roman", "mac_cyrillic", "cp850"),
    *("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"),
]
"""The encodings of files that people hold, the more frequent first."""
USUAL = "cp1252"
"""The encoding of Western Europe, taken where the bytes look as well in it as in any other."""
CENTRAL = frozenset({"Croatian", "Czech", "Hungarian", "Polish", "Romanian", "Slovak", "Slovene"})
WESTERN = re.compile(
    r"\b(?:the|of|and|should|les|des|et|que|los|las|del|para|os|uma|die|und|der|di|che|della|och|att|og|van|het)\b",
    re.I,
)
"""Languages that are written in others than the usual letters, and words that none of them has: where the bytes look
as well in both, they tell."""
NO_TEXT, KINDS = "a file that is neither text nor of a known kind", "a DOCX, ODT, PDF, HTML or text file"
WORD = re.compile(r"\w+")
MOSTLY, SHOWN = 5, 6


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file; ``guess`` says in which encoding it was read, where no byte told that for certain."""

    text: str
    guess: str = ""


def decoded(raw: bytes, path: Path, encoding: str = "") -> Decoded:
    """The text of a file, in the encoding that is given, or in whatever it is. Raises `SourceError` for bytes
    that are no text, and for an encoding that is unknown or not that of the bytes."""
    found = Decoded(_as_given(raw, path, encoding)) if encoding else _found_out(raw, path)
    if found.text.count("\x00") * 20 > len(found.text) > 0:
        raise SourceError(path, None, "a file that is no text", KINDS)
    return found


def is_unicode(raw: bytes) -> bool:
    """Whether bytes are UTF-8, or have the mark of another encoding of Unicode."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.startswith(tuple(mark for mark, _ in MARKED))
    return True


def _as_given(raw: bytes, path: Path, encoding: str) -> str:
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        where = f", at byte position {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise SourceError(path, None, f"bytes that are no {encoding}{where}", "its own encoding") from error
    except (LookupError, ValueError) as error:
        known = "one that Python names, such as cp1252, cp1250, iso8859-2, mac_roman or utf-8"
        raise SourceError(path, None, f"the unknown encoding {encoding!r}", known) from error


def _found_out(raw: bytes, path: Path) -> Decoded:
    for mark, name in MARKED:
        if raw.startswith(mark):
            return Decoded(raw.decode(name, errors="replace"))
    for name, zeros in (("utf-16-le", raw[1::2]), ("utf-16-be", raw[::2])):
        if zeros.count(0) * MOSTLY > len(zeros) * (MOSTLY - 1) and len(raw) % 2 == 0:
            return Decoded(raw.decode(name, errors="replace"))
    try:
        return Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        _refuse_broken_unicode(raw, path, error)
    return _guessed(raw, path)


def _refuse_broken_unicode(raw: bytes, path: Path, error: UnicodeDecodeError) -> None:
    """Raises `SourceError` for bytes that are UTF-8 but for a few, which no other encoding makes words of."""
    replaced = raw.decode("utf-8", errors="replace")
    broken = replaced.count("\ufffd")
    if sum(sign > "\x7f" for sign in replaced) > 2 * broken:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = f"a text in UTF-8 with {broken:,} broken letters, the first in line {line}"
        raise SourceError(path, None, problem, "a text saved in one encoding; or give it with --encoding")


def _guessed(raw: bytes, path: Path) -> Decoded:
    if raw.count(0) * 20 > len(raw):
        raise SourceError(path, None, NO_TEXT, KINDS)
    matches = from_bytes(raw, cp_isolation=HELD)
    best = matches.best()
    if best is None:
        raise SourceError(path, None, NO_TEXT, KINDS)
    as_good = {one.encoding for one in matches if (one.chaos, one.coherence) == (best.chaos, best.coherence)}
    bare = not any(0x80 <= byte < 0xA0 for byte in raw)
    name = best.encoding
    if USUAL in as_good and (best.language not in CENTRAL or WESTERN.search(str(best))):
        name = USUAL
    elif "iso8859_2" in as_good and bare:
        name = "iso8859_2"
    text = raw.decode(name)
    others = dict.fromkeys(word for word in WORD.findall(text) if not word.isascii())
    words = ", ".join(islice(others, SHOWN))
    return Decoded(text, f"{name}, with words such as {words}" if words else name)
