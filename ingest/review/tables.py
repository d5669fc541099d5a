"""A table of judgements as a file in which one row changes at a time, so that ``git diff`` shows one line a decision.

Rows keep the bytes they have; a changed row is written anew and the file is put in place by a rename, so that a crash
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

REASON = "reason"
"""The column behind those that say what is judged: what stands before it is the key of a row."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its line as it stands in the file, and its cells by column; a cell that is missing is empty."""

    raw: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its path, columns, line ending and records."""

    path: Path
    head: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that say what is judged: ``recommendation`` and ``theme``, for example."""
        return self.columns[: self.columns.index(REASON)] if REASON in self.columns else self.columns

    def key(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """What tells a row from all others."""
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
        csv.writer(output, lineterminator=self.ending).writerow([cells.get(column, "") for column in self.columns])
        return output.getvalue()


def read_table(path: Path) -> Table:
    """The table in a file. Raises `SourceError` for a file that is no table."""
    text = decode(read_bytes(path), path)
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="").readlines()
    reader = csv.reader(iter(lines), strict=True)
    records: list[Record] = []
    columns: tuple[str, ...] = ()
    head, start = "", 0
    try:
        for cells in reader:
            raw, start = "".join(lines[start : reader.line_num]), reader.line_num
            if not columns:
                columns, head = tuple(cells), text[: len(text) - len(text.removeprefix("\ufeff"))] + raw
            elif cells:
                padded = [*cells, *[""] * (len(columns) - len(cells))]
                values = {column: cell.strip() for column, cell in zip(columns, padded, strict=False)}
                records.append(Record(raw, values))
    except csv.Error as error:
        raise SourceError(path, reader.line_num, f"a row that cannot be read ({error})", "comma separated") from error
    return Table(path, head, columns, tuple(records))


def with_column(table: Table, column: str) -> Table:
    """The table with one more column at its end; rows need no cell in it."""
    if column in table.columns:
        return table
    head = table.head.rstrip("\r\n") + f",{column}" + table.ending
    return Table(table.path, head, (*table.columns, column), table.records)


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
