"""What a table given as CSV holds, as CSV on the Web requires (W3C Recommendation 17 December 2015): its metadata stand
at the same address with ``.csv-metadata.json`` for ``.csv``, and the table's response links to them (§5.2)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from ontology.csvw import MEANINGS, described, metadata
from ontology.formats import CSV, CSVW
from server.web.answers import Answer, Link
from server.web.request import exchange_of, query_of, respond

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


def links_of_table(request: Request) -> tuple[Link, ...]:
    """The link of a table's response to its metadata."""
    exchange = exchange_of(request)
    path = exchange.path.removeprefix("/").removesuffix(CSV.suffix) + CSVW.suffix
    return (Link(exchange.urls.path(path) + query_of(request), "describedby", CSVW.media_type),)


def respond_table(request: Request, text: str | bytes, title: str, filename: str | None = None) -> Response:
    """A table that is written as CSV, or what it holds, as the address asks."""
    body = text.encode() if isinstance(text, str) else text
    if exchange_of(request).path.endswith(CSVW.suffix):
        head, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
        return respond_metadata(request, title, head, rows)
    return respond(request, Answer(body, CSV.content_type, filename=filename, links=links_of_table(request)))


def respond_metadata(request: Request, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Response:
    """What the table with this head holds; without rows every column is said to be of strings."""
    table = exchange_of(request).path.rpartition("/")[2].removesuffix(CSVW.suffix) + CSV.suffix
    columns = [_column(name, [row[at] for row in rows]) for at, name in enumerate(head)]
    body = metadata(table + query_of(request), title, columns)
    return respond(request, Answer(body.encode(), CSVW.content_type))


def _column(name: str, cells: Sequence[str]) -> dict[str, object]:
    filled = [cell for cell in cells if cell]
    fitting = (type_ for type_, form in DATATYPES if filled and all(map(form.fullmatch, filled)))
    return {"titles": name, "datatype": next(fitting, "string"), **described(name, OWN_MEANINGS)}
