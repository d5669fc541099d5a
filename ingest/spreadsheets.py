"""Tables as spreadsheets write them: commas, semicolons or tabs, ``sep=;``, a byte order mark, XLSX, ODS.

A folder has one file for each table, ``directives.csv`` or ``directives.xlsx``; what else looks like a table is an
error, and never passed over.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ingest.errors import SourceError
from ingest.source import BROKEN_PACKAGE, NOT_TEXT, decode, read_bytes, refuse_large_parts

TEXTS = (".csv", ".tsv")
WORKBOOKS = (".xlsx", ".ods")
LIKE_TABLES = (*TEXTS, *WORKBOOKS, ".xls", ".xlsm", ".fods", ".numbers", ".tab")
SEPARATORS = (",", ";", "\t", "|")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
TOLD = re.compile(r"(?:\"?sep=([,;\t|])\"?)\r?\n", re.IGNORECASE)
"""A first line that says which separator the file has, as one office program writes it."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
XLSX_CELL = re.compile(
    r"<(?:\w+:)?c\b([^>]*[^>/])>\s*(<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    r"(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?\s*</(?:\w+:)?c>)?"
)
"""A cell that has something, and all of it where it is a formula without a value."""
XLSX_PLACE = re.compile(r"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
ODS_TAG = re.compile(r"<table:(table|table-row|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>")
ODS_REPEATED = re.compile(r"number-(?:rows|columns)-repeated=\"([0-9]{1,7})\"")
MOST_CELLS = 2_000_000
ABOVE = 5
"""How many rows may stand above the names of columns: a title, remarks."""
UNSEEN = "\u200b\u2060\ufeff"
QUOTES = "\"'“”„«»‘’"
OF_OTHER_FILES = (
    (b"PK\x03\x04", "a workbook under the name of a text", "its own name, which ends with .xlsx or .ods"),
    (b"\xd0\xcf\x11\xe0", "a workbook of the old kind (.xls)", "the table saved as .xlsx, .ods or .csv"),
)
_BESIDE = re.compile(r"(?:~\$|\.)")
"""How the lock files of office programs begin."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has at least one value: its file, its line or row number from 1, and its values by column name."""

    path: Path
    line: int
    values: dict[str, str]

    def error(self, found: str, expected: str, column: str = "") -> SourceError:
        """The error for what stands in it."""
        return SourceError(self.path, self.line, found, expected, column)

    def require(self, columns: Iterable[str], expected: str = "a value") -> None:
        """Raises `SourceError` for the first of these columns in which nothing stands."""
        for column in columns:
            if not self.values.get(column):
                raise self.error(f"an empty {column!r}", expected, column)

    def chosen(self, column: str, allowed: Sequence[str]) -> str:
        """The value of a column with a closed list, whatever its capitals, spaces and hyphens. Raises `SourceError`
        for any other."""
        value = self.values.get(column, "")
        for each in allowed:
            if column_name(each) == column_name(value):
                return each
        raise self.error(f"{column} {value!r}", f"one of {', '.join(allowed)}", column)


def table_path(folder: Path, name: str) -> Path | None:
    """The file of a table, whatever program wrote it and whatever its capitals; None if there is none. Raises
    `SourceError` if there are two."""
    paths = [
        path
        for path in sorted(folder.glob("*"))
        if path.stem.lower() == name and path.suffix.lower() in (*TEXTS, *WORKBOOKS) and path.is_file()
    ]
    if len(paths) > 1:
        raise SourceError(paths[1], None, f"a second table beside {paths[0].name}", f"one table {name}")
    return paths[0] if paths else None


def check_folder(folder: Path, names: Sequence[str], others: Sequence[str] = ()) -> None:
    """Raises `SourceError` for a file that looks like a table and has none of these names: also for one of them as the
    text that an office program writes, ``themes.txt`` or ``themes.csv.txt``."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        first, suffix = path.name.lower().partition(".")[0], path.suffix.lower()
        if suffix not in LIKE_TABLES and not (suffix == ".txt" and first in names):
            continue
        if _BESIDE.match(path.name) or path.name in others:
            continue
        if path.stem.lower() not in names or suffix not in (*TEXTS, *WORKBOOKS):
            expected = f"one of {', '.join(names)}, as {', '.join((*TEXTS, *WORKBOOKS))}"
            raise SourceError(path, None, f"a table of the unknown name {path.name!r}", expected)


def _all_records(path: Path, known: set[str]) -> Iterator[tuple[int, str, list[str]]]:
    return _workbook(path, known) if path.suffix.lower() in WORKBOOKS else read_text_table(path, known).records


def passed_over(folder: Path, known: Mapping[str, Sequence[str]], others: Sequence[str]) -> Iterator[str]:
    """Yields a sentence for each file of a folder of tables, and each column, that nobody reads; ``known`` has the
    columns of each table, ``others`` the files beside them."""
    read = {*others, *(path.name for name in known if (path := table_path(folder, name)))}
    for path in sorted(folder.glob("*")):
        if path.is_file() and path.name not in read and not _BESIDE.match(path.name):
            yield f"the file {path.name} is not read; {_nearest(path.stem, (*known, *others))}"
    for name, columns in known.items():
        table = table_path(folder, name)
        records = (values for _, _, values in _all_records(table, set(columns))) if table else iter(())
        header = next((values for values in records if any(values) and not values[0].startswith("#")), [])
        for column in map(column_name, header):
            if table and column and column not in columns:
                yield f"{table.name}: the column {column!r} is not read; {_nearest(column, columns)}"


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.lower(), known, 1)
    return f"the nearest name is {near[0]!r}" if near else f"what is read is {', '.join(known)}"


def read_rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of a table with these columns and, where it has them, the optional ones; empty rows are left out.

    Headers may be in capitals and have spaces; lines above them that begin with ``#`` are remarks. Raises `SourceError`
    for a file that is no table and for a column that is missing.
    """
    header: list[str] = []
    for line, _, values in _all_records(path, {*columns, *optional}):
        if not any(values) or (not header and values[0].startswith("#")):
            continue
        if not header:
            header = [column_name(value) for value in values]
            if missing := [column for column in columns if column not in header]:
                others = [name for name in header if name not in columns and name not in optional]
                near = get_close_matches(missing[0], others, 1)
                problem = f"the column {missing[0]!r} is missing" + (f", beside {near[0]!r}" if near else "")
                raise SourceError(path, line, problem, f"columns {', '.join(columns)}")
            if twice := [column for column in header if column and header.count(column) > 1]:
                raise SourceError(path, line, f"the column {twice[0]!r} twice", "every column once")
            continue
        if any(values[len(header) :]):
            raise SourceError(path, line, "more values than columns", "quotation marks around a value that has a comma")
        found_here = dict(zip(header, [*values, *[""] * (len(header) - len(values))], strict=False))
        yield Row(
            path, line, {name: value for name, value in found_here.items() if name in columns or name in optional}
        )
    if not header:
        raise SourceError(path, 1, f"the column {columns[0]!r} is missing", f"columns {', '.join(columns)}")


def column_name(name: str) -> str:
    """The name of a column, whatever its capitals, spaces and quotation marks."""
    return re.sub(r"[\s_-]+", "_", _clean(name).strip(QUOTES).lower()).strip("_")


def _clean(value: str) -> str:
    """A value without white space and signs that nobody sees around it."""
    return value.strip().strip(UNSEEN).strip()


class TextTable(NamedTuple):
    """A table in a text file: the byte order mark and ``sep=`` above it, its separator, and of each record the line on
    which it ends, the characters that it is in the file, and its values."""

    before: str
    separator: str
    records: Iterator[tuple[int, str, list[str]]]


def read_text_table(path: Path, known: set[str]) -> TextTable:
    """The table in a text file; ``known`` are names of columns, by which the separator is recognised."""
    raw = read_bytes(path)
    for magic, found, expected in OF_OTHER_FILES:
        if raw.startswith(magic):
            raise SourceError(path, None, found, expected)
    if raw.startswith(UTF_16):
        raw = raw.decode("utf-16", errors="replace").encode()
    text = decode(raw, path)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    if match := NOT_TEXT.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise SourceError(path, line, f"the character U+{ord(match[0]):04X}", "text without control characters")
    if told := TOLD.match(text):
        return TextTable(mark + told[0], told[1], _records(path, text[told.end() :], told[1], 1))
    separator = _separator(text, known)
    return TextTable(mark, separator, _records(path, text, separator, 0))


def _records(path: Path, text: str, separator: str, skipped: int) -> Iterator[tuple[int, str, list[str]]]:
    lines, start = io.StringIO(text, newline="").readlines(), 0
    reader = csv.reader(iter(lines), delimiter=separator, strict=True, skipinitialspace=True)
    try:
        for values in reader:
            raw, start = "".join(lines[start : reader.line_num]), reader.line_num
            yield reader.line_num + skipped, raw, [_clean(value) for value in values]
    except csv.Error as error:
        words = {",": "commas", ";": "semicolons", "\t": "tabs"}.get(separator, separator)
        problem = f"a row that cannot be read ({error})"
        raise SourceError(path, reader.line_num + skipped, problem, f"values apart by {words}") from error


def _separator(text: str, known: set[str]) -> str:
    """Detects the separator: the one by which most names of the header are known columns."""
    lines = (line for line in text.splitlines() if line.strip(" ,;\t") and not line.startswith("#"))
    first = next(lines, "")

    def fitting(separator: str) -> int:
        try:
            names = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            return -1
        return len({column_name(name) for name in names} & known)

    return max(SEPARATORS, key=fitting)


def _workbook(path: Path, known: set[str]) -> Iterator[tuple[int, str, list[str]]]:
    """The records of the sheet, from the row on, that has most of the known names of columns: what stands above it is
    a title, and other sheets are notes."""
    try:
        with zipfile.ZipFile(path) as package:
            refuse_large_parts(package, path)
            for name in package.namelist():
                if path.suffix == ".ods" and name == "content.xml":
                    _check_ods(path, package.read(name).decode(errors="replace"))
                elif SHEET.fullmatch(name):
                    _check_xlsx(path, package.read(name).decode(errors="replace"))
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = [_sheet(book.get_sheet_by_index(place)) for place in range(len(book.sheet_names))]
    except (CalamineError, *BROKEN_PACKAGE, OSError) as error:
        problem = f"a workbook that cannot be read ({error})"
        raise SourceError(path, None, problem, "a workbook without a password, or a .csv file") from error
    starts = [
        (len({column_name(value) for value in values} & known), sheet, place)
        for sheet, rows in enumerate(sheets)
        for place, values in islice(((place, row) for place, row in enumerate(rows) if any(row)), ABOVE)
    ]
    _, sheet, start = max(starts, key=lambda one: one[0], default=(0, 0, 0))
    for number, row in enumerate(sheets[sheet][start:] if sheets else [], start=start + 1):
        yield number, "", row


def _check_xlsx(path: Path, sheet: str) -> None:
    """Raises `SourceError` for a sheet that would be read wrongly or at length: a formula without its value, and a cell
    far from the others, for which all between are kept."""
    rows = columns = 0
    for cell in XLSX_CELL.finditer(sheet):
        if place := XLSX_PLACE.search(cell[1]):
            columns = max(columns, sum(26**at * (ord(sign) - 64) for at, sign in enumerate(reversed(place[1]))))
            rows = max(rows, int(place[2]))
            if cell[2] and 't="str"' not in cell[1]:  # the value of a text may be empty
                raise _without_value(path, int(place[2]), f"the formula in cell {place[1]}{place[2]}")
            _require_near(path, rows, columns)


def _check_ods(path: Path, content: str) -> None:
    row = column = columns = 0
    for tag in ODS_TAG.finditer(content):
        times = int(repeated[1]) if (repeated := ODS_REPEATED.search(tag[2])) else 1
        if tag[1] == "table":
            row = columns = 0
        elif tag[1] == "table-row":
            row, column = row + times, 0
        else:
            column += times
            if "table:formula=" in tag[2] and "office:value-type=" not in tag[2]:
                raise _without_value(path, row, f"a formula in row {row}")
            if not tag[2].endswith("/"):
                columns = max(columns, column)
                _require_near(path, row, columns)


def _without_value(path: Path, row: int, formula: str) -> SourceError:
    expected = "its value: open the file in a spreadsheet program and save it"
    return SourceError(path, row, f"{formula}, which has no stored value", expected)


def _require_near(path: Path, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        problem = f"a sheet that goes on to row {rows:,} and column {columns:,}"
        raise SourceError(path, rows, problem, f"at most {MOST_CELLS:,} cells: delete what stands far from the table")


def _sheet(sheet: CalamineSheet) -> list[list[str]]:
    """The rows of a sheet; a value of cells that are merged downwards is that of each of them."""
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1] if left == right and left < len(rows[0]) else ():
            row[left] = rows[top][left]
    return rows


def _cell(value: object) -> str:
    """A value as a person sees it: no point behind whole numbers, days as 2026-11-28."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _clean(str(value))
