"""A selection of recommendations as files: CSV and XLSX for spreadsheets, DOCX for texts, RIS, BibTeX and CSL-JSON for
reference managers, JSON-LD for programs.

Long lists are made and sent piece by piece, with work that is not the event loop's, so that nobody else waits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode
from pyroaring import BitMap
from starlette.requests import Request
from starlette.responses import Response
from xlsxwriter import Workbook

from ontology.formats import JSON_LD
from server import page_index
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import write_triples
from server.page_index import LineRow
from server.pages.citation_styles import Written, in_style
from server.pages.citing import Source, Work, bibtex, csl_json, printed_place, ris, work_of
from server.pages.selection import Selection
from server.pages.tables import guarded
from server.pages.values import Link
from server.pages.word import Entry, docx
from server.web.answers import Answer, StreamedResponse, finish, pieces_from_thread
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange, respond

COLUMNS = (
    "number", "iri", "document", "section", "year", "strongest", "directives", "considers_only", "text", "citation",
)  # fmt: skip
TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NAMES = {
    "csv": "CSV", "xlsx": "Excel", "docx": "Word", "ris": "RIS", "bib": "BibTeX", "csl.json": "CSL-JSON",
    "jsonld": "JSON-LD",
}  # fmt: skip
GRAPH_MOST = 500
"""The most recommendations that are given as JSON-LD at once."""
WHOLE_MOST = 2_000
"""The most recommendations that are given at once in a format that cannot be sent in pieces."""
PIECE, AT_ONCE = 500, 2_000
"""How many recommendations are made in one step, and up to how many are sent as one answer."""
LIMITS = {"jsonld": GRAPH_MOST, "xlsx": WHOLE_MOST, "docx": WHOLE_MOST, "csl.json": WHOLE_MOST}
Cite = Callable[[LineRow], Source]


@dataclass(frozen=True, slots=True)
class Citing:
    """What a citation of a line needs, and how it is written."""

    source: Cite
    written: Written

    def __call__(self, line: LineRow) -> str:
        """The citation of a line in the style that was chosen."""
        return self.written(self.source(line))


def exports(selection: Selection, total: int, exchange: Exchange) -> tuple[Link, ...]:
    """The selection as files, in the formats that hold so many recommendations."""
    return tuple(
        Link(selection.href(exchange, f"recommendations.{suffix}", whole_list=True), name)
        for suffix, name in NAMES.items()
        if 0 < total <= LIMITS.get(suffix, total)
    )


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a list leads: to itself with filters, to the cross-reference narrowed to it, and to files."""

    all: Link
    crossref: Link
    files: tuple[Link, ...]


def onward(selection: Selection, total: int, exchange: Exchange) -> Onward | None:
    """Where a list of so many recommendations leads; nowhere when there is none."""
    if not total:
        return None
    words = "the recommendation" if total == 1 else f"all {total:,} recommendations"
    return Onward(
        Link(selection.href(exchange), f"{words[0].upper()}{words[1:]}, to filter"),
        Link(selection.href(exchange, "crossref"), "their cross-reference"),
        exports(selection, total, exchange),
    )


async def export(
    suffix: str, selection: Selection, chosen: Sequence[int], title: str, request: Request, exchange: Exchange
) -> Response:
    """The chosen recommendations of a selection as a file under a title. Raises `NotFound` for a format that there is
    not, and `BadRequest` for a list that is too long for it."""
    if suffix not in NAMES:
        raise NotFound(f"A selection has the formats .{', .'.join(NAMES)}, and no .{suffix}.")
    if len(chosen) > LIMITS.get(suffix, len(chosen)):
        raise BadRequest(
            f"A selection is given as {NAMES[suffix]} up to {LIMITS[suffix]} recommendations, and these are "
            f"{len(chosen):,}. Choose fewer, or take the whole graph from the page of downloads."
        )
    if suffix == "jsonld":
        return respond(request, Answer(await _json_ld(chosen, exchange), JSON_LD.content_type))
    cite, name = await _citations(chosen, selection.style, exchange), f"recommendations.{suffix}"
    if suffix in ("xlsx", "docx", "csl.json"):
        lines = list(page_index.lines(exchange.snapshot.index.database, chosen))
        return respond(request, Answer(_whole(suffix, title, lines, cite), TYPES[suffix], filename=name))
    write, beginning = {
        "csv": (lambda lines: _written([_cells(line, cite(line)) for line in lines]), _written([COLUMNS])),
        "ris": (lambda lines: "".join(ris(cite.source(line)) for line in lines), ""),
        "bib": (lambda lines: "\n".join(bibtex(cite.source(line)) for line in lines), ""),
    }[suffix]
    pieces = _pieces(chosen, write, exchange)
    if len(chosen) <= AT_ONCE:
        body = beginning + "".join(pieces)
        return respond(request, Answer(body.encode(), TYPES[suffix], filename=name))
    answer = Answer(b"", TYPES[suffix], filename=name, tag=request.scope["query_string"].decode("latin-1"))
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned, compressible=False)
    return StreamedResponse(stored, exchange.conditions, pieces_from_thread(chain((beginning,), pieces)))


def _pieces(chosen: Sequence[int], write: Callable[[Sequence[LineRow]], str], exchange: Exchange) -> Iterator[str]:
    """The text of the file, so many recommendations at a time."""
    for start in range(0, len(chosen), PIECE):
        yield write(list(page_index.lines(exchange.snapshot.index.database, chosen[start : start + PIECE])))


def _written(table: Sequence[Sequence[object]]) -> str:
    output = io.StringIO()
    csv.writer(output).writerows(table)
    return output.getvalue()


def _cells(line: LineRow, citation: str) -> tuple[str | int, ...]:
    return (
        line.number,
        line.iri,
        line.document.rpartition("/")[2],
        line.section,
        line.year,
        line.force or "",
        line.directives,
        str(bool(line.considers)).lower(),
        guarded(line.text),
        citation,
    )


def _whole(suffix: str, title: str, lines: Sequence[LineRow], cite: Citing) -> bytes:
    if suffix == "csl.json":
        return csl_json([cite.source(line) for line in lines]).encode()
    if suffix == "docx":
        return docx(title, [Entry(line.section, line.label, line.text, cite(line)) for line in lines])
    output = io.BytesIO()
    with Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet("Recommendations"), book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, COLUMNS, bold)
        for at, line in enumerate(lines, start=1):
            cells = _cells(line, cite(line))
            sheet.write_row(at, 0, (*cells[:-2], line.text, cells[-1]), wrapped)
        sheet.set_column(0, len(COLUMNS) - 3, 14)
        sheet.set_column(len(COLUMNS) - 2, len(COLUMNS) - 1, 70)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(lines), len(COLUMNS) - 1)
    return output.getvalue()


async def _citations(chosen: Sequence[int], style: str, exchange: Exchange) -> Citing:
    """Cites lines in a style, or in the operator's, with what is known of their documents."""
    local, numbers = exchange.snapshot.base.is_local, BitMap(chosen)
    works: dict[str, Work] = {}
    for document in exchange.snapshot.index.values("document").values():
        if document.members.intersect(numbers):
            iri = document.term[1:-1]
            works[iri] = work_of((await exchange.store.select("document", document=NamedNode(iri)))[0])

    def source(line: LineRow) -> Source:
        return Source(works[line.document], printed_place(str(line.number)), line.iri, line.text, local)

    return Citing(source, await in_style(style or exchange.services.settings.citation_style, works.values()))


async def _json_ld(chosen: Sequence[int], exchange: Exchange) -> bytes:
    nodes = [NamedNode(row.iri) for row in page_index.lines(exchange.snapshot.index.database, chosen)]
    triples = []
    for node in nodes:
        triples += await exchange.store.construct("recommendation-triples", recommendation=node)
    snapshot = exchange.snapshot
    return write_triples(triples, JSON_LD, snapshot.prefixes, read_context(snapshot.base), nodes)
