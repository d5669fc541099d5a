"""Tables and recommendations as files: CSV and XLSX for spreadsheets, DOCX for texts, with a footnote that cites each.

What a table given as CSV holds is said as CSV on the Web requires: the metadata stand at the same address with
``.csv-metadata.json`` for ``.csv``, and the table's response links to them (Model for Tabular Data §5.2).
A Word document is written as the parts of Office Open XML that readers need (ECMA-376 part 1, §11): no library at hand
writes footnotes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from ontology.csvw import MEANINGS, described, metadata
from ontology.formats import CSV, CSVW, SHEETS, Format
from server.pages.tables import csv_text, guarded_cells
from server.pages.values import Link as PageLink
from server.pages.values import View
from server.web.answers import Answer, Link
from server.web.errors import NotFound
from server.web.request import Exchange, query_of
from server.web.sending import Response, respond

_BROAD, _MIDDLE, _NARROW = 70, 32, 14
"""How broad columns are, in characters: of long texts, of names at most, and at least."""
_LINE, _A4 = 15, 9
"""The height of a line in points; the number of a size of paper (ECMA-376 part 1, §18.3.1.63)."""


TABLES = (CSV.suffix[1:], CSVW.suffix[1:])
"""The suffixes that ask for a table as CSV or for its metadata."""
DATATYPES = (
    ("integer", re.compile(r"0|-?[1-9][0-9]*")),
    ("boolean", re.compile(r"true|false")),
    ("date", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    ("anyURI", re.compile(r"https?://[^\s<>\"]+")),
)
"""The datatypes of columns all of whose cells are written so; every other column is of strings."""
OWN_MEANINGS = {
    "number": MEANINGS["number"],
    "text": MEANINGS["text"],
    "iri": "The recommendation; the same values as in the column recommendation of /dumps/recommendations.csv.",
    "document": "The document that the recommendation stands in, by the last part of its IRI.",
    "section": "The heading of the section that the recommendation stands in.",
    "year": "The year of the meeting that adopted the recommendation.",
    "strongest": "The strength of its strongest directive, from 1 to 5: an order, a convention of this project.",
    "directives": "How many directives the recommendation has.",
    "considers_only": "Whether some directive asks no more than to consider something.",
    "citation": "A citation of the recommendation, ready to be used.",
    "suggested": "Whose judgement it is, where no text says it.",
    "judgement": "Whose judgement it is, where no text says it.",
    "recommendations": "How many recommendations concern it, each counted once.",
    "address": "Where it is described.",
}
"""What is said of columns of pages: of many, a table for download has one of the same name that holds other things."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a title and notes, a line each."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    notes: Sequence[str] = ()


def as_file(sheet: Sheet, path: str, exchange: Exchange) -> Response:
    """The sheet as the file that a path names. Raises `NotFound` for a format that there is not."""
    stem, _, suffix = path.rpartition("/")[2].partition(".")
    if suffix in TABLES:
        return respond_table(
            exchange, csv_text([sheet.heads, *map(guarded_cells, sheet.rows)]), sheet.title, f"{stem}.csv"
        )
    makers: dict[str, Callable[[Sheet], bytes]] = {
        "xlsx": as_workbook,
        "docx": lambda sheet: docx(sheet.title, sheet=sheet),
    }
    if suffix not in makers:
        raise NotFound(f"This table has the formats .{', .'.join(SHEETS)}, and no .{suffix}.")
    return respond(exchange, Answer(makers[suffix](sheet), SHEETS[suffix].content_type, filename=f"{stem}.{suffix}"))


def links_of_table(exchange: Exchange) -> tuple[Link, ...]:
    """The link of a table's response to its metadata."""
    path = exchange.path.removeprefix("/").removesuffix(CSV.suffix) + CSVW.suffix
    return (Link(exchange.urls.path(path) + query_of(exchange), "describedby", CSVW.media_type),)


def respond_table(exchange: Exchange, text: str, title: str, filename: str | None = None) -> Response:
    """A table that is written as CSV, or what it holds, as the address asks."""
    if exchange.path.endswith(CSVW.suffix):
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        return respond_metadata(exchange, title, head, rows)
    return respond(exchange, Answer(text.encode(), CSV.content_type, filename=filename, links=links_of_table(exchange)))


def respond_metadata(exchange: Exchange, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Response:
    """What the table with this head holds; without rows every column is said to be of strings."""
    table = exchange.path.rpartition("/")[2].removesuffix(CSVW.suffix) + CSV.suffix
    columns = [_column(name, [row[at] for row in rows]) for at, name in enumerate(head)]
    body = metadata(table + query_of(exchange), title, columns)
    return respond(exchange, Answer(body.encode(), CSVW.content_type))


def _column(name: str, cells: Sequence[str]) -> dict[str, object]:
    filled = [cell for cell in cells if cell]
    fitting = (type_ for type_, form in DATATYPES if filled and all(map(form.fullmatch, filled)))
    return {"titles": name, "datatype": next(fitting, "string"), **described(name, OWN_MEANINGS)}


def files_at(address: str, formats: Iterable[Format] = SHEETS.values()) -> tuple[PageLink, ...]:
    """The files of the table or list at an address, whose query string stands behind the suffix."""
    stem, mark, query = address.partition("?")
    return tuple(PageLink(f"{stem}{known.suffix}{mark}{query}", known.name) for known in formats)


def as_workbook(sheet: Sheet) -> bytes:
    """A workbook with one sheet: its header row is frozen, columns can be filtered, no cell is a formula; in print it
    is scaled to the width of the paper."""
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


def docx(title: str, entries: Sequence[View] = (), sheet: Sheet | None = None) -> bytes:
    """A Word document with a title and recommendations, each with its words, what is said of it and a footnote that
    cites it; those that follow each other under one heading share it. Or with a sheet on broad paper: its notes, and
    the table, whose head is repeated on each page."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _PARTS.list_templates():
            content = _PARTS.get_template(name).render(title=title, entries=entries, sheet=sheet)
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()
