"""A selection of recommendations as files: CSV for spreadsheets, JSON-LD for programs, RIS for reference managers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from pyoxigraph import NamedNode

from server.linkeddata.formats import JSON_LD
from server.linkeddata.representations import represent
from server.pages.citing import Source, printed_place, ris
from server.pages.facts import Facts
from server.pages.tables import guarded
from server.pages.values import text
from server.web.errors import NotFound
from server.web.exchange import Exchange
from server.web.responses import Answer

COLUMNS = ("number", "iri", "section", "year", "strongest", "directives", "considers_only", "text")
DOCUMENT = "id/document/som-wg-2015"


async def export(suffix: str, chosen: Sequence[str], facts: Facts, exchange: Exchange) -> Answer:
    """The chosen recommendations as a file. Raises `NotFound` for a format that there is not."""
    if suffix == "csv":
        return Answer(_csv(chosen, facts).encode(), "text/csv; charset=utf-8; header=present", filename=_name("csv"))
    if suffix == "jsonld":
        return Answer(await _json_ld(chosen, exchange), JSON_LD.content_type)
    if suffix == "ris":
        body = await _ris(chosen, facts, exchange)
        return Answer(body.encode(), "application/x-research-info-systems; charset=utf-8", filename=_name("ris"))
    raise NotFound(f"A selection has the formats .csv, .jsonld and .ris, and no .{suffix}.")


def _name(suffix: str) -> str:
    return f"recommendations.{suffix}"


def _csv(chosen: Sequence[str], facts: Facts) -> str:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for iri in chosen:
        line = facts.lines[iri]
        strength = (line.force or "", line.directives, str(line.considers).lower())
        writer.writerow([line.number, iri, facts.sections[iri], line.year, *strength, guarded(line.text)])
    return output.getvalue()


def _recommendation(subject: NamedNode) -> str:
    """The recommendation that a directive or an editorial link belongs to; a recommendation itself."""
    return subject.value.partition("/directive/")[0].partition("/link/")[0]


async def _json_ld(chosen: Sequence[str], exchange: Exchange) -> bytes:
    wanted = set(chosen)
    triples = await exchange.store.construct("recommendation-triples")
    mine = [
        triple
        for triple in triples
        if isinstance(triple.subject, NamedNode) and _recommendation(triple.subject) in wanted
    ]
    return represent(mine, JSON_LD, exchange.snapshot, [NamedNode(iri) for iri in chosen])


async def _ris(chosen: Sequence[str], facts: Facts, exchange: Exchange) -> str:
    rows = await exchange.store.select("document", document=exchange.snapshot.names.node(DOCUMENT))
    title, issued = text(rows[0], "title"), date.fromisoformat(text(rows[0], "issued"))
    local = exchange.snapshot.base.is_local
    lines = [(iri, facts.lines[iri]) for iri in chosen]
    return "".join(
        ris(Source(title, issued, printed_place(str(line.number)), iri, line.text, local)) for iri, line in lines
    )
