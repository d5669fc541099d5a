"""Content codings: which types are worth it, and the bytes of one coding. Done once for an answer that is kept."""

from __future__ import annotations

import zlib

import brotli
import zstandard

LEAST = 600
_TYPES = ("text/", "application/json", "application/xml", "image/svg+xml", "application/n-", "application/javascript")
_SUFFIXES = ("+json", "+xml")


def is_compressible(media_type: str, size: int) -> bool:
    """Whether an answer of this type and size, in bytes, is worth a content coding."""
    plain = media_type.partition(";")[0]
    return size >= LEAST and (plain.startswith(_TYPES) or plain.endswith(_SUFFIXES))


def compress(body: bytes, coding: str) -> bytes:
    """The body in a content coding: ``br``, ``zstd`` or ``gzip``. The same bytes every time."""
    if coding == "br":
        encoded: bytes = brotli.compress(body, quality=5)
        return encoded
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(body)
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
