"""The tally: a result as it is written, counted in rows and bytes while it grows.

The engine writes results itself, many times faster than rows could be walked through here, so rows are counted in what
it writes. Each format has a byte sequence that stands between rows and cannot stand inside a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable


class Overflow(Exception):  # noqa: N818 (it names what happened, and never leaves the worker)
    """The result is over a limit; ``unit`` says which: rows or bytes."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_PARTWISE = {"json": b'}},{"', "xml": b"<result>", "tsv": b"\n"}


def _json_rows(whole: bytes) -> int:
    """Inside a value a quote follows a backslash, so ``}},{"`` only stands between rows. A row without any binding is
    ``{}``, which a value may hold as well; where there is one, values are emptied before counting."""
    rows = whole[whole.find(b'"bindings":[') + len(b'"bindings":[') : -3]
    if b"{}" in rows:
        return 1 + _STRING.sub(b'""', rows).count(b"},{")
    return 1 + rows.count(b'}},{"') if rows else 0


def _csv_rows(whole: bytes) -> int:
    """Line ends outside quotes, without the header's: of the parts that quotes cut, every second is outside."""
    return sum(part.count(b"\r\n") for part in whole.split(b'"')[::2]) - 1


_COUNTERS: dict[str, Callable[[bytes], int]] = {
    "json": _json_rows,
    "xml": lambda whole: whole.count(b"<result>"),
    "csv": _csv_rows,
    "tsv": lambda whole: whole.count(b"\n") - 1,
}


class Tally:
    """A file the engine writes a result into. Raises `Overflow` out of `write` as soon as a limit is passed for sure,
    and out of `close` when the exact number of rows is over it."""

    __slots__ = ("_chunks", "_form", "_most_bytes", "_most_rows", "_seen", "_size")

    def __init__(self, form: str, most_rows: int, most_bytes: int) -> None:
        self._form = form
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._chunks: list[bytes] = []
        self._size = 0
        self._seen = 0

    def write(self, written: bytes) -> int:
        """Takes a part of the result."""
        self._chunks.append(written)
        self._size += len(written)
        if self._size > self._most_bytes:
            raise Overflow("bytes")
        if self._form in _PARTWISE:
            self._seen += written.count(_PARTWISE[self._form])
            if self._seen > self._most_rows + 1:
                raise Overflow("rows")
        return len(written)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> tuple[bytes, int]:
        """The whole result and its number of rows. Raises `Overflow` when there are too many."""
        whole = b"".join(self._chunks)
        rows = _COUNTERS[self._form](whole)
        if rows > self._most_rows:
            raise Overflow("rows")
        return whole, rows
