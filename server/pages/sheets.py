"""Tables and recommendations as files: CSV and XLSX for spreadsheets, DOCX for texts, with a footnote that cites each.

A Word document is written as the parts of Office Open XML that readers need (ECMA-376 part 1, §11): no library at hand
writes footnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from ontology.formats import SHEETS
from ontology.terms import OFFICE
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
    makers = {"xlsx": as_workbook, "docx": as_document}
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


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = f'xmlns:w="{OFFICE["word"]}" xmlns:r="{OFFICE["relations"]}"'
_ALIKE = Path(__file__).with_name("docx")
"""The parts that are the same in every document: types, relations, settings, styles."""
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


def docx(title: str, entries: Sequence[Entry]) -> bytes:
    """The document with a title. Entries that follow each other under one heading share it."""
    return _archive(_document("".join(_body(title, entries))), entries)


def as_document(sheet: Sheet) -> bytes:
    """A Word document on broad paper with the title, the notes, and the table, whose head is repeated on each page."""
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="999999"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    inside = "".join(_row(row, not at) for at, row in enumerate((sheet.heads, *sheet.rows)))
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{'<w:gridCol/>' * len(sheet.heads)}</w:tblGrid>{inside}</w:tbl>"
    )
    paragraphs = "".join(_paragraph("Normal", f"<w:r>{_text(note)}</w:r>") for note in sheet.notes)
    body = f"{_paragraph('Title', f'<w:r>{_text(sheet.title)}</w:r>')}{paragraphs}{table}"
    return _archive(_document(body, broad=True), ())


def _row(cells: Sequence[str | int], is_head: bool) -> str:
    head, bold = ("<w:trPr><w:tblHeader/></w:trPr>", "<w:rPr><w:b/></w:rPr>") if is_head else ("", "")
    return f"<w:tr>{head}{''.join(_cell(str(words), bold) for words in cells)}</w:tr>"


def _cell(words: str, look: str) -> str:
    return f"<w:tc>{_paragraph('Cell', f'<w:r>{look}{_text(words)}</w:r>')}</w:tc>"


def _archive(document: str, entries: Sequence[Entry]) -> bytes:
    output = io.BytesIO()
    parts = {path.relative_to(_ALIKE).as_posix(): path.read_text("utf-8") for path in sorted(_ALIKE.rglob("*.*"))}
    own = {"word/document.xml": document, "word/footnotes.xml": _footnotes(entries)}
    parts |= {name: _DECLARATION + content for name, content in own.items()}
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _text(words: str) -> str:
    return f'<w:t xml:space="preserve">{escape(words)}</w:t>'


def _paragraph(style: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def _document(body: str, *, broad: bool = False) -> str:
    """The document on A4, whose sides are 11906 and 16838 twentieths of a point, with margins of an inch."""
    size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' if broad else '<w:pgSz w:w="11906" w:h="16838"/>'
    margins = "".join(f' w:{side}="1440"' for side in ("top", "right", "bottom", "left"))
    margins += ' w:header="720" w:footer="720" w:gutter="0"'
    return f"<w:document {_W}><w:body>{body}<w:sectPr>{size}<w:pgMar{margins}/></w:sectPr></w:body></w:document>"


def _body(title: str, entries: Sequence[Entry]) -> Iterator[str]:
    yield _paragraph("Title", f"<w:r>{_text(title)}</w:r>")
    heading = ""
    for number, entry in enumerate(entries, start=1):
        if entry.heading != heading:
            heading = entry.heading
            yield _paragraph("Heading1", f"<w:r>{_text(heading)}</w:r>")
        note = f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
        yield _paragraph("Heading2", f"<w:r>{_text(entry.label)}</w:r>")
        yield _paragraph("Normal", f"<w:r>{_text(entry.text)}</w:r>", note)
        for name, words in ((name, words) for name, words in entry.facts if words):
            line = f"{name[0].upper()}{name[1:]}: {words}"
            yield _paragraph("Normal", f"<w:r><w:rPr><w:i/></w:rPr>{_text(line)}</w:r>")


def _footnotes(entries: Sequence[Entry]) -> str:
    mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    notes = "".join(
        f'<w:footnote w:id="{number}">'
        + _paragraph("FootnoteText", mark, f"<w:r>{_text(' ' + entry.citation)}</w:r>")
        + "</w:footnote>"
        for number, entry in enumerate(entries, start=1)
    )
    return f"<w:footnotes {_W}>{separators}{notes}</w:footnotes>"
