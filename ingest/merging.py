"""Sorted runs to one sorted file, without holding a document in memory unless two speak about the same nodes.

Almost every line of a document begins with a node below the document's own IRI, so its run is one block that no other
line falls into and that is copied as it is. Lines about other nodes are few; they are sorted together with those of the
shared part. Order is by code point, as in `ingest.publishing.sorted_nquads`: the merged file has the same bytes.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LAST = b"\xff"
"""Behind every line that begins with a prefix: no line of UTF-8 has this byte."""


@dataclass(frozen=True, slots=True)
class Block:
    """The sorted lines of one document that begin with ``prefix``; ``read`` gives them."""

    prefix: bytes
    read: Callable[[], bytes]


def merge(blocks: Iterable[Block], lines: Iterable[bytes], path: Path) -> str:
    """Writes all lines in order, each once; returns the SHA-256 of the file.

    ``lines`` are those that belong to no block, in any order, each with its line feed.
    """
    single = sorted(set(lines))
    with path.open("wb") as file:
        output = _Hashed(file)
        written = 0
        for block in sorted(blocks, key=lambda block: block.prefix):
            start = bisect_left(single, block.prefix, written)
            end = bisect_left(single, block.prefix + LAST, start)
            output.write_all(single[written:start])
            output.write(_joined(block.read(), single[start:end]))
            written = end
        output.write_all(single[written:])
    return output.digest.hexdigest()


class _Hashed:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self.digest.update(content)

    def write_all(self, lines: Sequence[bytes]) -> None:
        if lines:
            self.write(b"".join(lines))


def _joined(block: bytes, lines: Sequence[bytes]) -> bytes:
    return b"".join(sorted({*block.splitlines(keepends=True), *lines})) if lines else block
