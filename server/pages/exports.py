"""A selection of recommendations as files: CSV for spreadsheets, JSON-LD for programs, RIS for reference managers.

Long lists are made and sent piece by piece, with work that is not the event loop's, so that nobody else waits.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain

from pyoxigraph import NamedNode
from pyroaring import BitMap
from starlette.requests import Request
from starlette.responses import Response

from ontology.formats import JSON_LD
from server import page_index
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import write_triples
from server.page_index import LineRow
from server.pages.citing import Source, Work, printed_place, ris, work_of
from server.pages.recommendations import GRAPH_MOST
from server.pages.tables import guarded
from server.web.answers import Answer, StreamedResponse, finish, pieces_from_thread
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange, respond

COLUMNS = ("number", "iri", "document", "section", "year", "strongest", "directives", "considers_only", "text")
TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
PIECE, AT_ONCE = 500, 2_000
"""How many recommendations are made in one step, and up to how many are sent as one answer."""


async def export(suffix: str, chosen: Sequence[int], request: Request, exchange: Exchange) -> Response:
    """The chosen recommendations as a file. Raises `NotFound` for a format that there is not, and `BadRequest` for a
    list that is too long for it."""
    if suffix == "jsonld":
        return respond(request, Answer(await _json_ld(chosen, exchange), JSON_LD.content_type))
    if suffix not in TYPES:
        raise NotFound(f"A selection has the formats .csv, .jsonld and .ris, and no .{suffix}.")
    pieces = _pieces(chosen, _rows_of_csv if suffix == "csv" else await _records(chosen, exchange), exchange)
    beginning = _written([COLUMNS]) if suffix == "csv" else ""
    name = f"recommendations.{suffix}"
    if len(chosen) <= AT_ONCE:
        body = beginning + "".join(pieces)
        return respond(request, Answer(body.encode(), TYPES[suffix], filename=name))
    answer = Answer(b"", TYPES[suffix], filename=name, tag=request.scope["query_string"].decode("latin-1"))
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned, compressible=False)
    return StreamedResponse(stored, exchange.conditions, pieces_from_thread(chain((beginning,), pieces)))


def _pieces(chosen: Sequence[int], write: Callable[[Sequence[LineRow]], str], exchange: Exchange) -> Iterator[str]:
    """The text of the file, so many recommendations at a time."""
    with closing(exchange.snapshot.index.another()) as index:
        for start in range(0, len(chosen), PIECE):
            yield write(list(page_index.lines(index.database, chosen[start : start + PIECE])))


def _written(table: Sequence[Sequence[object]]) -> str:
    output = io.StringIO()
    csv.writer(output).writerows(table)
    return output.getvalue()


def _rows_of_csv(lines: Sequence[LineRow]) -> str:
    return _written(
        [
            (
                line.number,
                line.iri,
                line.document.rpartition("/")[2],
                line.section,
                line.year,
                line.force or "",
                line.directives,
                str(bool(line.considers)).lower(),
                guarded(line.text),
            )
            for line in lines
        ]
    )


async def _records(chosen: Sequence[int], exchange: Exchange) -> Callable[[Sequence[LineRow]], str]:
    """Writes RIS records, each with what is known of its document."""
    local, wanted = exchange.snapshot.base.is_local, BitMap(chosen)
    known: dict[str, Work] = {}
    for document in exchange.snapshot.index.values("document").values():
        if document.members.intersect(wanted):
            iri = document.term[1:-1]
            known[iri] = work_of((await exchange.store.select("document", document=NamedNode(iri)))[0])
            await asyncio.sleep(0)

    def write(lines: Sequence[LineRow]) -> str:
        return "".join(
            ris(Source(known[line.document], printed_place(str(line.number)), line.iri, line.text, local))
            for line in lines
        )

    return write


async def _json_ld(chosen: Sequence[int], exchange: Exchange) -> bytes:
    if len(chosen) > GRAPH_MOST:
        raise BadRequest(
            f"A selection is given as JSON-LD up to {GRAPH_MOST} recommendations, and these are {len(chosen):,}. "
            "Choose fewer, or take the whole graph from the page of downloads."
        )
    nodes = [NamedNode(row.iri) for row in page_index.lines(exchange.snapshot.index.database, chosen)]
    triples = []
    for node in nodes:
        triples += await exchange.store.construct("recommendation-triples", recommendation=node)
        await asyncio.sleep(0)
    snapshot = exchange.snapshot
    return write_triples(triples, JSON_LD, snapshot.prefixes, read_context(snapshot.base), nodes)
