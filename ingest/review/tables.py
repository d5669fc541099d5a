"""A table of judgements as a file in which one row changes at a time, so that ``git diff`` shows one line a decision.

A file keeps its separator, its byte order mark and its line ending, as the spreadsheet that saved it wants them. Rows
keep the bytes they have; a changed row is written anew and the file is put in place by a rename, so that a crash
leaves either the old file or the new one. Another program may edit the file meanwhile: each change begins by reading.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.source import read_bytes
from ingest.spreadsheets import UTF_16, WORKBOOKS, column_name, read_text_table

KNOWN = {"recommendation", "reason", "agent", "confidence", "review_status", "reviewed", "change", "words"}
"""Names of columns by which the separator is told."""
REASON = "reason"
"""The first column after the key of a row."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its line as it stands in the file, and its cells by column; a cell that is missing is empty."""

    raw: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its path, what stands before the first record, columns, records and separator."""

    path: Path
    head: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]
    separator: str = ","

    def key(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """The key of a row: the cells that say what is judged, ``recommendation`` and ``theme`` for example."""
        columns = self.columns[: self.columns.index(REASON)] if REASON in self.columns else self.columns
        return tuple(cells[column] for column in columns)

    def find(self, key: Sequence[str]) -> int | None:
        """The place of the row with a key."""
        keys = (self.key(record.cells) for record in self.records)
        return next((place for place, each in enumerate(keys) if each == tuple(key)), None)

    @property
    def ending(self) -> str:
        """How lines of the file end."""
        return "\r\n" if self.head.endswith("\r\n") else "\n"

    def line(self, cells: Mapping[str, str]) -> str:
        """A row as it would stand in the file."""
        output = io.StringIO()
        writer = csv.writer(output, delimiter=self.separator, lineterminator=self.ending)
        writer.writerow([cells.get(column, "") for column in self.columns])
        return output.getvalue()


def read_table(path: Path) -> Table:
    """The table in a file. Raises `SourceError` for a file that is no table, and for one whose rows cannot be written
    one at a time: a workbook, or text in UTF-16.
    """
    if path.suffix.lower() in WORKBOOKS or read_bytes(path).startswith(UTF_16):
        problem = "a workbook" if path.suffix.lower() in WORKBOOKS else "a table in UTF-16"
        raise SourceError(
            path, None, f"{problem}, in which no single row can be written", "save it as CSV in UTF-8 first"
        )
    table = read_text_table(path, KNOWN)
    records: list[Record] = []
    columns: tuple[str, ...] = ()
    head = table.before
    for _, raw, cells in table.records:
        if not columns:
            head += raw
            if any(cells) and not cells[0].startswith("#"):
                columns = tuple(map(column_name, cells))
        elif cells:
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            records.append(Record(raw, dict(zip(columns, padded, strict=False))))
    return Table(path, head, columns, tuple(records), table.separator)


def with_column(table: Table, column: str) -> Table:
    """The table with one more column at its end; rows need no cell in it."""
    if column in table.columns:
        return table
    head = table.head.rstrip("\r\n") + table.separator + column + table.ending
    return Table(table.path, head, (*table.columns, column), table.records, table.separator)


def write_table(table: Table, records: Iterable[Record]) -> None:
    """Puts the table with these records in place."""
    lines = (record.raw for record in records)
    ended = (line if line.endswith(("\n", "\r")) else line + table.ending for line in lines)
    put_in_place(table.path, table.head + "".join(ended))


def put_in_place(path: Path, text: str) -> None:
    """Puts a text in place of what a file has, by one rename on the same disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
