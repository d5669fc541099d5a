"""Tables and selections of recommendations as files: CSV and XLSX for spreadsheets, DOCX for texts with a footnote that
cites each, RIS, BibTeX and CSL-JSON for reference managers, JSON-LD for programs.

Long lists are made and sent piece by piece, with work that is not the event loop's, so that nobody else waits.
What a table given as CSV holds is said as CSV on the Web requires: the metadata stand at the same address with
``.csv-metadata.json`` for ``.csv``, and the table's response links to them (Model for Tabular Data §5.2).
A Word document is written as the parts of Office Open XML that readers need (ECMA-376 part 1, §11): no library at hand
writes footnotes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from pyoxigraph import NamedNode
from pyroaring import BitMap

from ontology.csvw import MEANINGS, described, metadata
from ontology.formats import CSV, CSVW, JSON_LD, LISTS, SHEETS, Format
from server.page_index import LineRow
from server.pages.citing import REFERENCES, Source, Work, in_style, printed_place, work_of
from server.pages.judged import in_words, is_judged, judgements_behind
from server.pages.selection import Selection
from server.pages.tables import csv_text, guarded_cells
from server.pages.values import Link, View, line_rows
from server.web.answers import Answer, finish
from server.web.answers import Link as HeaderLink
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange, query_of
from server.web.sending import Response, StreamedResponse, pieces_from_thread, respond

COLUMNS = (
    "number", "iri", "document", "section", "year", "strongest", "directives", "considers_only", "text", "citation",
)  # fmt: skip
SUGGESTED = "suggested"
"""The column of what puts a recommendation into a list although no text says so, and whose judgement it is."""
FORMATS = LISTS | {JSON_LD.key: JSON_LD}
WHOLE_MOST = 2_000
"""The most recommendations that are given at once in a format that cannot be sent in pieces."""
PIECE, AT_ONCE = 500, 2_000
"""How many recommendations are made in one step, and up to how many are sent as one answer."""
LIMITS = {"xlsx": WHOLE_MOST, "docx": WHOLE_MOST, "csl.json": WHOLE_MOST}


class Citing:
    """Cites lines with the numbers that were chosen in a style, or in the operator's, with what is known of their
    documents."""

    def __init__(self, chosen: Sequence[int], style: str, exchange: Exchange) -> None:
        self._style = style or exchange.services.settings.citation_style
        self._local, numbers = exchange.snapshot.base.is_local, BitMap(chosen)
        self._works: dict[str, Work] = {}
        for document in exchange.snapshot.index.values("document").values():
            if document.members.intersect(numbers):
                iri = document.term[1:-1]
                self._works[iri] = work_of((exchange.store.select("document", document=NamedNode(iri)))[0])

    def source(self, line: LineRow | View) -> Source:
        """What a citation of a line needs."""
        return Source(self._works[_document(line)], printed_place(line.label), line.iri, line.text, self._local)

    def __call__(self, line: LineRow | View) -> str:
        """The citation of a line."""
        return in_style(self._style, self.source(line))


def exports(selection: Selection, total: int, exchange: Exchange) -> tuple[Link, ...]:
    """The selection as files, in the formats that hold so many recommendations."""
    fitting = (known for suffix, known in FORMATS.items() if 0 < total <= LIMITS.get(suffix, total))
    return files_at(selection.href(exchange, as_one=True), fitting)


def onward(selection: Selection, total: int, exchange: Exchange) -> View | None:
    """Where a list of so many recommendations leads: to itself with filters, to the cross-reference narrowed to it, to
    files, and for one meeting to the cross-reference that names its recommendations. Nowhere when there is none."""
    if not total:
        return None
    crossref, meetings = selection.href(exchange, "crossref"), selection.chosen.get("meeting", ())
    return View(
        total=total,
        href=selection.href(exchange),
        crossref=crossref,
        files=exports(selection, total, exchange),
        named=f"{crossref}&by=meeting&named=1" if len(meetings) == 1 else "",
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A recommendation on a page: what the index holds of it, the heading it stands under there, what the page says of
    it beside its words, each with a name, and whose judgement put it there."""

    line: LineRow | View
    heading: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    said: str = ""


def files_of(address: str, total: int) -> tuple[Link, ...]:
    """The files with what the page at an address shows of so many recommendations."""
    return files_at(address, LISTS.values()) if 0 < total <= WHOLE_MOST else ()


def export_page(path: str, listed: Sequence[Listed], title: str, style: str, exchange: Exchange) -> Response:
    """What a page shows, as the file that a path asks for. Raises `NotFound` for a format that there is not, and
    `BadRequest` for a page that is too long for it."""
    stem, _, asked = path.rpartition("/")[2].partition(".")
    suffix = _suffix(asked, "This page")
    if len(listed) > WHOLE_MOST:
        raise BadRequest(f"A page is given as a file up to {WHOLE_MOST} recommendations; choose fewer.")
    cite = Citing([each.line.id for each in listed], style, exchange)
    return _respond(f"{stem}.{suffix}", title, listed, cite, exchange)


def export(asked: str, selection: Selection, chosen: Sequence[int], title: str, exchange: Exchange) -> Response:
    """The chosen recommendations of a selection as a file under a title. Raises `NotFound` for a format that there is
    not, and `BadRequest` for a list that is too long for it."""
    suffix = _suffix(asked, "A selection", FORMATS)
    if len(chosen) > LIMITS.get(suffix, len(chosen)):
        raise BadRequest(
            f"A selection is given as {FORMATS[suffix].name} up to {LIMITS[suffix]} recommendations, and these are "
            f"{len(chosen):,}. Choose fewer, or take the whole graph from the page of downloads."
        )
    cite, name = Citing(chosen, selection.style, exchange), f"recommendations.{suffix}"
    if len(chosen) <= AT_ONCE:
        return _respond(name, title, _listed(selection, line_rows(chosen, exchange), exchange), cite, exchange)

    names, links = [SUGGESTED] if is_judged(selection) else [], links_of_table(exchange) if suffix == "csv" else ()
    if asked != suffix:
        return respond_metadata(exchange, title, _heads(names), ())

    def write(lines: Sequence[LineRow]) -> str:
        shown = _listed(selection, lines, exchange)
        if suffix == "csv":
            return csv_text(map(guarded_cells, _rows(shown, names, cite)))
        return REFERENCES[suffix](_once(shown, cite))

    beginning = csv_text([_heads(names)]) if suffix == "csv" else ""
    tag = exchange.request.scope["query_string"].decode("latin-1")
    answer = Answer(b"", LISTS[suffix].content_type, filename=name, tag=tag, links=links)
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned, compressible=False)
    pieces = pieces_from_thread(chain((beginning,), _pieces(chosen, write, exchange)))
    return StreamedResponse(stored, pieces)


def _suffix(asked: str, what: str, formats: Mapping[str, Format] = LISTS) -> str:
    """The format that is asked for, where the metadata of a table count as the table."""
    suffix = "csv" if asked in TABLES else asked
    if suffix not in formats:
        raise NotFound(f"{what} has the formats .{', .'.join(formats)}, and no .{suffix}.")
    return suffix


def _pieces(chosen: Sequence[int], write: Callable[[Sequence[LineRow]], str], exchange: Exchange) -> Iterator[str]:
    """The text of the file, so many recommendations at a time."""
    for start in range(0, len(chosen), PIECE):
        yield write(line_rows(chosen[start : start + PIECE], exchange))


def _listed(selection: Selection, lines: Sequence[LineRow], exchange: Exchange) -> list[Listed]:
    """The lines of a selection, each with whose judgement put it there where no text does."""
    behind, shown = judgements_behind(selection, [line.id for line in lines], exchange), []
    for line in lines:
        whose = in_words(behind.get(line.id, ()))
        shown.append(Listed(line, "", ((SUGGESTED, whose),) if is_judged(selection) else (), whose))
    return shown


def _respond(name: str, title: str, shown: Sequence[Listed], cite: Citing, exchange: Exchange) -> Response:
    """All of it as the one file of a name. Reference managers get each recommendation once, however often it is
    shown."""
    suffix = name.partition(".")[2]
    if suffix in REFERENCES:
        body = REFERENCES[suffix](_once(shown, cite)).encode()
    elif suffix == "docx":
        body = docx(title, [View(listed=each, citation=cite(each.line)) for each in shown])
    else:
        names = list(dict.fromkeys(name for each in shown for name, _ in each.facts))
        heads, rows = _heads(names), _rows(shown, names, cite)
        if any(each.heading for each in shown):
            heads = ["under", *heads]
            rows = [[each.heading, *row] for each, row in zip(shown, rows, strict=True)]
        return as_file(Sheet(title, heads, rows), name, exchange)
    return respond(exchange, Answer(body, LISTS[suffix].content_type, filename=name))


def _once(shown: Sequence[Listed], cite: Citing) -> list[Source]:
    """What reference managers get of lines: each recommendation once, with all that put it there."""
    whose = defaultdict[str, dict[str, None]](dict)
    for each in shown:
        whose[each.line.iri] |= dict.fromkeys(filter(None, [each.said]))
    lines = {each.line.iri: each.line for each in shown}
    return [replace(cite.source(line), said="; ".join(whose[iri])) for iri, line in lines.items()]


def _heads(names: Sequence[str]) -> list[str]:
    """The columns, with what else a page says of a recommendation before the citation."""
    return [*COLUMNS[:-1], *names, COLUMNS[-1]]


def _rows(shown: Sequence[Listed], names: Sequence[str], cite: Citing) -> list[list[str | int]]:
    """A row a recommendation."""
    return [
        [
            line.number,
            line.iri,
            _document(line).rpartition("/")[2],
            line.section,
            line.year,
            line.force or "",
            line.directives,
            str(bool(line.considers)).lower(),
            line.text,
            *(dict(each.facts).get(name, "") for name in names),
            cite(line),
        ]
        for each in shown
        for line in (each.line,)
    ]


def _document(line: LineRow | View) -> str:
    """The IRI of the document of a recommendation."""
    return str(line.iri).partition("/paragraph/")[0]


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
    stem, _, asked = path.rpartition("/")[2].partition(".")
    suffix = _suffix(asked, "This table", SHEETS)
    if suffix == "csv":
        written = csv_text([sheet.heads, *map(guarded_cells, sheet.rows)])
        return respond_table(exchange, written, sheet.title, f"{stem}.csv")
    body = as_workbook(sheet) if suffix == "xlsx" else docx(sheet.title, sheet=sheet)
    return respond(exchange, Answer(body, SHEETS[suffix].content_type, filename=f"{stem}.{suffix}"))


def links_of_table(exchange: Exchange) -> tuple[HeaderLink, ...]:
    """The link of a table's response to its metadata."""
    path = exchange.path.removeprefix("/").removesuffix(CSV.suffix) + CSVW.suffix
    return (HeaderLink(exchange.urls.path(path) + query_of(exchange), "describedby", CSVW.media_type),)


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


def files_at(address: str, formats: Iterable[Format] = SHEETS.values()) -> tuple[Link, ...]:
    """The files of the table or list at an address, whose query string stands behind the suffix."""
    stem, mark, query = address.partition("?")
    return tuple(Link(f"{stem}{known.suffix}{mark}{query}", known.name) for known in formats)


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
