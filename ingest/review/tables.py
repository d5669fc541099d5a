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
from ingest.source import decode, read_bytes
from ingest.spreadsheets import TOLD, UTF_16, WORKBOOKS, column_name, separator_of

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

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that say what is judged: ``recommendation`` and ``theme``, for example."""
        return self.columns[: self.columns.index(REASON)] if REASON in self.columns else self.columns

    def key(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """Returns the key of a row."""
        return tuple(cells[column] for column in self.key_columns)

    def find(self, key: Sequence[str]) -> int | None:
        """The place of the row with a key."""
        for place, record in enumerate(self.records):
            if self.key(record.cells) == tuple(key):
                return place
        return None

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
    raw_bytes = read_bytes(path)
    if path.suffix in WORKBOOKS or raw_bytes.startswith(UTF_16):
        problem = "a workbook" if path.suffix in WORKBOOKS else "a table in UTF-16"
        raise SourceError(
            path, None, f"{problem}, in which no single row can be written", "save it as CSV in UTF-8 first"
        )
    text = decode(raw_bytes, path)
    plain = text.removeprefix("\ufeff")
    told = TOLD.match(plain)
    before = text[: len(text) - len(plain)] + (told[0] if told else "")
    plain = plain[told.end() :] if told else plain
    separator = told[1] if told else separator_of(plain, KNOWN)
    lines = io.StringIO(plain, newline="").readlines()
    reader = csv.reader(iter(lines), delimiter=separator, strict=True)
    records: list[Record] = []
    columns: tuple[str, ...] = ()
    head, start = "", 0
    try:
        for cells in reader:
            raw, start = "".join(lines[start : reader.line_num]), reader.line_num
            if not columns:
                columns, head = tuple(column_name(cell) for cell in cells), before + raw
            elif cells:
                padded = [*cells, *[""] * (len(columns) - len(cells))]
                values = {column: cell.strip() for column, cell in zip(columns, padded, strict=False)}
                records.append(Record(raw, values))
    except csv.Error as error:
        raise SourceError(path, reader.line_num, f"a row that cannot be read ({error})", "one row a line") from error
    return Table(path, head, columns, tuple(records), separator)


def with_column(table: Table, column: str) -> Table:
    """The table with one more column at its end; rows need no cell in it."""
    if column in table.columns:
        return table
    head = table.head.rstrip("\r\n") + table.separator + column + table.ending
    return Table(table.path, head, (*table.columns, column), table.records, table.separator)


def write_table(table: Table, records: Iterable[Record]) -> None:
    """Put the table with these records in place, by one rename on the same disk."""
    lines = [record.raw for record in records]
    lines = [line if line.endswith(("\n", "\r")) else line + table.ending for line in lines]
    handle, name = tempfile.mkstemp(dir=table.path.parent, prefix=f".{table.path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(table.head)
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(table.path.stat().st_mode & 0o777)
        Path(name).replace(table.path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(table.path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
