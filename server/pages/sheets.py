"""Tables and recommendations as files: CSV and XLSX for spreadsheets, DOCX for texts, with a footnote that cites each.

A Word document is written as the parts of Office Open XML that readers need (ECMA-376 part 1, §11): no library at hand
writes footnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import Response

from ontology.formats import SHEETS
from server.pages.csv_metadata import TABLES, respond_table
from server.pages.tables import csv_text, guarded_cells
from server.pages.values import Link
from server.web.answers import Answer
from server.web.errors import NotFound
from server.web.request import respond

_BROAD, _MIDDLE, _NARROW = 70, 32, 14
"""How broad columns are, in characters: of long texts, of names at most, and at least."""
_LINE, _A4 = 15, 9
"""The height of a line in points; the number of a size of paper (ECMA-376 part 1, §18.3.1.63)."""


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
    makers: dict[str, Callable[[Sheet], bytes]] = {
        "xlsx": as_workbook,
        "docx": lambda sheet: docx(sheet.title, sheet=sheet),
    }
    if suffix not in makers:
        raise NotFound(f"This table has the formats .{', .'.join(SHEETS)}, and no .{suffix}.")
    return respond(request, Answer(makers[suffix](sheet), SHEETS[suffix].content_type, filename=f"{stem}.{suffix}"))


def files_at(address: str) -> tuple[Link, ...]:
    """The files of the table at an address, whose query string stands behind the suffix."""
    stem, mark, query = address.partition("?")
    return tuple(Link(f"{stem}{known.suffix}{mark}{query}", known.name) for known in SHEETS.values())


def as_csv(sheet: Sheet) -> bytes:
    """RFC 4180 with a header row. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return csv_text([sheet.heads, *map(guarded_cells, sheet.rows)]).encode()


def as_workbook(sheet: Sheet) -> bytes:
    """A workbook with one sheet: its head stays in sight, columns can be filtered, no cell is a formula; in print it is
    as broad as the paper."""
    from xlsxwriter import Workbook  # Two megabytes, for the first workbook that somebody asks for.

    output = io.BytesIO()
    with Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, bold = book.add_worksheet("Palermo"), book.add_format({"bold": True, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        longest = [max((len(str(row[at])) for row in sheet.rows), default=0) for at in range(len(sheet.heads))]
        widths = [
            max(_NARROW, each) if each <= _MIDDLE else _MIDDLE if each < 2 * _MIDDLE else _BROAD for each in longest
        ]
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        for at, row in enumerate((sheet.heads, *sheet.rows)):
            page.write_row(at, 0, row, wrapped if at else bold)
            page.set_row(at, _LINE * max(_lines(str(cell), width) for cell, width in zip(row, widths, strict=True)))
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.heads) - 1)
        for at, note in enumerate((sheet.title, *sheet.notes) if sheet.notes else (), start=len(sheet.rows) + 2):
            page.write_string(at, 0, note)
    return output.getvalue()


def _lines(words: str, width: int) -> int:
    """About how many lines words take in a column: unlike Excel, LibreOffice fits no heights to what is wrapped."""
    return max(1, -(-len(words) * 11 // (10 * width)))


_PARTS = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("docx")), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
"""The parts of a Word document by their names in it; those that say nothing of the list are the same in every one."""
_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of all parts, so that the same list gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A recommendation in the document: the heading it stands under, its name, its words, its citation, and what else
    is said of it, each with a name."""

    heading: str
    label: str
    text: str
    citation: str
    facts: tuple[tuple[str, str], ...] = ()


def docx(title: str, entries: Sequence[Entry] = (), sheet: Sheet | None = None) -> bytes:
    """A Word document with a title and entries, of which those that follow each other under one heading share it; or
    with a sheet on broad paper: its notes, and the table, whose head is repeated on each page."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _PARTS.list_templates():
            content = _PARTS.get_template(name).render(title=title, entries=entries, sheet=sheet)
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()
