"""Header fields of requests, and those of requests that came before.

Most clients send the same fields each time, and to read them again costs more than to answer from memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from server.web.answers import Conditions
from server.web.checks import HOST

_MOST = 1_000
Fields = dict[bytes, bytes]


class Head(NamedTuple):
    """What the fields of a GET without a body say, and from whom a proxy says it comes."""

    accept: bytes
    asked: Conditions
    forwarded: str


class Heads:
    """What the fields of requests said that were GETs without a body, by the bytes of the fields."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}
        self.get = self._known.get

    def remember(self, lines: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps what the fields of a request say."""
        fields = fields_of(headers)
        if b"content-length" in fields or b"x-request-id" in fields or not may_be_stored("GET", fields):
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        said = (b"accept-encoding", b"if-none-match", b"if-modified-since")
        asked = Conditions("GET", *(text_of(fields, name) for name in said))
        self._known[lines] = Head(fields.get(b"accept", b""), asked, text_of(fields, b"x-forwarded-for"))


def may_be_stored(method: str, fields: Fields) -> bool:
    """Whether a request has nothing that an answer from memory would pass over."""
    return (
        method in ("GET", "HEAD")
        and b"transfer-encoding" not in fields
        and b"content-encoding" not in fields
        and b"if-match" not in fields
        and b"if-unmodified-since" not in fields
        and HOST.fullmatch(fields.get(b"host", b" ")) is not None
    )


def fields_of(headers: Iterable[tuple[bytes, bytes]]) -> Fields:
    """The header fields by lower-case name, repeated ones joined (RFC 9110 §5.3)."""
    fields: Fields = {}
    for name, value in headers:
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def text_of(fields: Fields, name: bytes) -> str:
    """The value of a field; empty where it is missing."""
    value = fields.get(name)
    return "" if value is None else value.decode("latin-1")
