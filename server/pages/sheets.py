"""A table as a file: CSV and XLSX for spreadsheets, DOCX for a text that it goes into."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ontology.formats import CSV
from server.pages.csv_metadata import TABLES, respond_table
from server.pages.tables import csv_text, guarded_cells
from server.pages.values import Link
from server.pages.word import docx_table
from server.web.answers import Answer
from server.web.errors import NotFound
from server.web.request import respond

TYPES = {
    "csv": CSV.content_type,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NAMES = {"csv": "CSV", "xlsx": "Excel", "docx": "Word"}
_WIDE, _BROAD, _NARROW = 60, 70, 14
"""From how many characters a column is broad, and how broad columns are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a title, and what is to be known of it, a line each."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    notes: Sequence[str] = ()


def as_file(sheet: Sheet, path: str, request: Request) -> Response:
    """The sheet as the file that a path names. Raises `NotFound` for a format that there is not."""
    stem, _, suffix = path.rpartition("/")[2].partition(".")
    if suffix in TABLES:
        return respond_table(request, as_csv(sheet), sheet.title, f"{stem}.csv")
    makers = {"xlsx": as_workbook, "docx": as_document}
    if suffix not in makers:
        raise NotFound(f"This table has the formats .{', .'.join(TYPES)}, and no .{suffix}.")
    return respond(request, Answer(makers[suffix](sheet), TYPES[suffix], filename=f"{stem}.{suffix}"))


def files_at(address: str) -> tuple[Link, ...]:
    """The files of the table at an address, whose query string stands behind the suffix."""
    stem, mark, query = address.partition("?")
    return tuple(Link(f"{stem}.{suffix}{mark}{query}", name) for suffix, name in NAMES.items())


def as_csv(sheet: Sheet) -> bytes:
    """RFC 4180 with a header row. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return csv_text([sheet.heads, *map(guarded_cells, sheet.rows)]).encode()


def as_workbook(sheet: Sheet) -> bytes:
    """A workbook with one sheet: its head stays in sight, columns can be filtered, no cell is a formula."""
    from xlsxwriter import Workbook  # Two megabytes, for the first workbook that somebody asks for.

    output = io.BytesIO()
    with Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, bold = book.add_worksheet("Palermo"), book.add_format({"bold": True, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page.write_row(0, 0, sheet.heads, bold)
        for at, row in enumerate(sheet.rows, start=1):
            page.write_row(at, 0, row, wrapped)
        for at in range(len(sheet.heads)):
            longest = max((len(str(row[at])) for row in sheet.rows), default=0)
            page.set_column(at, at, _BROAD if longest >= _WIDE else _NARROW)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.heads) - 1)
        for at, note in enumerate((sheet.title, *sheet.notes) if sheet.notes else (), start=len(sheet.rows) + 2):
            page.write_string(at, 0, note)
    return output.getvalue()


def as_document(sheet: Sheet) -> bytes:
    """A Word document on broad paper with the title, the notes and the table."""
    return docx_table(sheet.title, sheet.notes, [sheet.heads, *([str(cell) for cell in row] for row in sheet.rows)])
