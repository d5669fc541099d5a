"""Tables as Apache Parquet files: flat columns of text, whole numbers and truth values, plain pages in zstd.

Written here and not by a library, because the smallest that writes Parquet is larger than all of this program's. The
footer is Thrift's compact protocol; names and numbers are those of `parquet.thrift` of Parquet 2.10.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import zstandard

Row = Sequence[str]
BOOLEAN, INT64, BYTE_ARRAY = 0, 2, 6
"""Physical types."""
I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
"""Types of the compact protocol."""
UTF8, REQUIRED, OPTIONAL, PLAIN, RLE, ZSTD, DATA_PAGE = 0, 0, 1, 0, 3, 6, 0
MAGIC = b"PAR1"
ROWS = 50_000
"""Rows of a row group, which is in memory as a whole."""
KINDS: Mapping[str, int] = {"text": BYTE_ARRAY, "number": INT64, "truth": BOOLEAN}


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Row], full: Collection[str] = ()) -> None:
    """Writes a table; ``columns`` gives the kind of each, "text", "number" or "truth". An empty cell is null; those in
    ``full`` have none, which spares readers a type that holds nulls."""
    groups: list[bytes] = []
    total, remaining = 0, iter(rows)
    with path.open("wb") as file:
        file.write(MAGIC)
        while batch := list(islice(remaining, ROWS)):
            chunks, size = [], 0
            for place, (name, kind) in enumerate(columns.items()):
                chunk, length = _column(
                    name, KINDS[kind], [row[place] for row in batch], file.tell(), full=name in full
                )
                file.write(chunk[0])
                chunks.append(chunk[1])
                size += length
            total += len(batch)
            groups.append(_struct((1, LIST, _list(STRUCT, chunks)), (2, I64, _int(size)), (3, I64, _int(len(batch)))))
        footer = _struct(
            (1, I32, _int(2)),
            (2, LIST, _list(STRUCT, _schema(columns, full))),
            (3, I64, _int(total)),
            (4, LIST, _list(STRUCT, groups)),
            (6, BINARY, _text("palermo")),
        )
        file.write(footer + struct.pack("<I", len(footer)) + MAGIC)


def _schema(columns: Mapping[str, str], full: Collection[str]) -> list[bytes]:
    root = _struct((4, BINARY, _text("schema")), (5, I32, _int(len(columns))))
    fields = [root]
    for name, kind in columns.items():
        said = [
            (1, I32, _int(KINDS[kind])),
            (3, I32, _int(REQUIRED if name in full else OPTIONAL)),
            (4, BINARY, _text(name)),
        ]
        fields.append(_struct(*said, *([(6, I32, _int(UTF8))] if kind == "text" else [])))
    return fields


def _column(name: str, kind: int, values: Sequence[str], at: int, *, full: bool) -> tuple[tuple[bytes, bytes], int]:
    """The one page of a column in a row group with what the footer says of it, and its length before compression."""
    body = _plain(kind, [value for value in values if value != ""])
    if not full:
        run = _varint((len(values) + 7) // 8 << 1 | 1) + _bits([value != "" for value in values])
        body = struct.pack("<I", len(run)) + run + body
    packed = zstandard.ZstdCompressor().compress(body)
    about = _struct((1, I32, _int(len(values))), (2, I32, _int(PLAIN)), (3, I32, _int(RLE)), (4, I32, _int(RLE)))
    head = _struct(
        (1, I32, _int(DATA_PAGE)), (2, I32, _int(len(body))), (3, I32, _int(len(packed))), (5, STRUCT, about)
    )
    length = len(head) + len(body)
    said = _struct(
        (1, I32, _int(kind)),
        (2, LIST, _list(I32, [_int(PLAIN), _int(RLE)])),
        (3, LIST, _list(BINARY, [_text(name)])),
        (4, I32, _int(ZSTD)),
        (5, I64, _int(len(values))),
        (6, I64, _int(length)),
        (7, I64, _int(len(head) + len(packed))),
        (9, I64, _int(at)),
    )
    return (head + packed, _struct((2, I64, _int(at)), (3, STRUCT, said))), length


def _plain(kind: int, values: Sequence[str]) -> bytes:
    if kind == INT64:
        return b"".join(struct.pack("<q", int(value)) for value in values)
    if kind == BOOLEAN:
        return _bits([value == "true" for value in values])
    return b"".join(struct.pack("<I", len(coded)) + coded for coded in (value.encode() for value in values))


def _bits(flags: Sequence[bool]) -> bytes:
    """Flags as bits, the least significant first."""
    number = sum(1 << place for place, flag in enumerate(flags) if flag)
    return number.to_bytes((len(flags) + 7) // 8, "little")


# ---- The compact protocol ----


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _int(number: int) -> bytes:
    return _varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _text(text: str) -> bytes:
    coded = text.encode()
    return _varint(len(coded)) + coded


def _list(kind: int, items: Sequence[bytes]) -> bytes:
    size = len(items)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return head + b"".join(items)


def _struct(*fields: tuple[int, int, bytes]) -> bytes:
    """Fields by number, in order, each as the distance from the one before."""
    out, before = bytearray(), 0
    for number, kind, value in fields:
        out += bytes([(number - before) << 4 | kind]) + value
        before = number
    return bytes(out) + b"\x00"
