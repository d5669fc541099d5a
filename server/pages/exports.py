"""A selection of recommendations as files: CSV and XLSX for spreadsheets, DOCX for texts, RIS, BibTeX and CSL-JSON for
reference managers, JSON-LD for programs.

Long lists are made and sent piece by piece, with work that is not the event loop's, so that nobody else waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pyoxigraph import NamedNode
from pyroaring import BitMap

from ontology.formats import JSON_LD, LISTS, Format
from server.page_index import LineRow
from server.pages.citing import Source, Work, bibtex, csl_json, in_style, printed_place, ris, work_of
from server.pages.judged import in_words, is_judged, judgements_behind
from server.pages.selection import Selection
from server.pages.sheets import TABLES, Sheet, as_file, docx, files_at, links_of_table, respond_metadata
from server.pages.tables import csv_text, guarded_cells
from server.pages.values import Link, View, line_rows
from server.web.answers import Answer, finish
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange
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
        return _REFERENCES[suffix](_once(shown, cite))

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
    if suffix in _REFERENCES:
        body = _REFERENCES[suffix](_once(shown, cite)).encode()
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


_REFERENCES: dict[str, Callable[[Iterable[Source]], str]] = {
    "csl.json": lambda sources: csl_json(list(sources)),
    "ris": lambda sources: "".join(map(ris, sources)),
    "bib": lambda sources: "\n".join(map(bibtex, sources)),
}


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
