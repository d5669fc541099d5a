"""Frames: what the server and a worker process say to each other over a socket.

A frame is a length of four bytes, big-endian, of a JSON head and of a body each, then both. A job goes one way, a reply
the other, one at a time; the first frame a worker gets says what it works on.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

_LENGTHS = struct.Struct(">II")
HEADER = _LENGTHS.size

Head = Mapping[str, Any]


def pack(head: Head, body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


class Reader:
    """Collects bytes until they are a frame."""

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, received: bytes) -> tuple[dict[str, Any], bytes] | None:
        """The frame these bytes complete, or None."""
        collected = self._bytes
        collected += received
        if len(collected) < HEADER:
            return None
        head, body = _LENGTHS.unpack_from(collected)
        if len(collected) < HEADER + head + body:
            return None
        start = HEADER + head
        frame = json.loads(collected[HEADER:start]), bytes(memoryview(collected)[start : start + body])
        self._bytes = bytearray()
        return frame
