"""Errors as pages: what happened in one sentence, and where to go on."""

from __future__ import annotations

import re
from http import HTTPStatus

from ontology.layout import SEARCH
from server import page_index
from server.page_index import Index
from server.pages.page import Page, Questions
from server.pages.search import find
from server.pages.values import Link
from server.web.errors import Gone, PalermoError
from server.web.request import Exchange

DOCUMENTS = 3
"""In how many documents a paragraph is looked for."""
_NUMBER = re.compile(r"(recommendation|paragraph|article)s?/?0*(\d+)", re.IGNORECASE)


def error_view(error: PalermoError, exchange: Exchange) -> Page:
    """The view of an error. Never fails for want of an index: then it suggests nothing."""
    missing = error.status == HTTPStatus.NOT_FOUND and (exchange.snapshot.folder / SEARCH).exists()
    above = nearest(exchange) if missing else ()
    near = above or (_suggestions(exchange) if missing else ())
    if isinstance(error, Gone) and error.at:
        near = (Link(error.at, f"The same address in version {error.version}"),)
    sought = exchange.path.removeprefix("/doc/") if missing and not above else ""
    words = " ".join(re.findall(r"[A-Za-z]{3,}|\d+", sought))
    return Questions(exchange).page(
        "error.html",
        exchange.path.lstrip("/"),
        error.title,
        error.detail,
        indexed=False,
        error=error,
        request_id=exchange.request_id,
        suggestions=near,
        hits=tuple(hit for hit in find(words, exchange, 5)[0] if hit.link not in near) if words else (),
    )


def _suggestions(exchange: Exchange) -> tuple[Link, ...]:
    """Pages that an address with a number may have meant: paragraph 24 of a document, article 24 of a treaty."""
    urls, index = exchange.urls, exchange.snapshot.index
    number = _NUMBER.search(exchange.path)
    if not number:
        return ()
    documents = [urls.canonical(f"id/document/{slug}/paragraph") for slug in list(index.values("document"))[:DOCUMENTS]]
    treaties = [f"{treaty}/article" for treaty in page_index.treaties(index)]
    wanted = [f"{folder}/{int(number[2])}" for folder in (*documents, *treaties)]
    return tuple(Link(urls.of(iri), label) for iri in wanted if (label := index.known(iri)) is not None)


NUMBERED = ("paragraph", "article", "chapter")
"""Kinds of parts that are counted with numbers in their addresses."""
TEXT = "The whole text"
RANGE = """
SELECT min(number), max(number) FROM (
  SELECT CAST(substr(iri, length(:start) + 1) AS INTEGER) AS number FROM entry
  WHERE substr(iri, 1, length(:start)) = :start AND substr(iri, length(:start) + 1) NOT GLOB '*[^0-9]*'
)
"""


def nearest(exchange: Exchange) -> tuple[Link, ...]:
    """The closest thing above the address that exists, said with the numbers of its parts where one was asked for.

    ``/doc/document/NAME/paragraph/999`` leads to the document, whose paragraphs run from 1 to 92.
    """
    segments = exchange.path.strip("/").split("/")
    if segments[0] == "queries":
        return (Link(exchange.urls.path("queries"), "All questions"),)
    if segments[0] not in ("doc", "id"):
        return ()
    urls, index = exchange.urls, exchange.snapshot.index
    for length in range(len(segments) - 1, 2, -1):
        iri, kind = urls.canonical("/".join(("id", *segments[1:length]))), segments[length]
        note, label = _directives(iri, index) if kind == "directive" else _numbers(iri, kind, index), index.known(iri)
        if label is not None or note:
            return (Link(urls.of(iri), label or TEXT, note),)
    return ()


def _directives(iri: str, index: Index) -> str:
    """How many directives a paragraph has."""
    number = index.number(iri)
    if number is None:
        return ""
    (row,) = page_index.lines(index, [number])
    return f"It has {row.directives or 'no'} directive{'s' * (row.directives != 1)}."


def _numbers(iri: str, kind: str, index: Index) -> str:
    if kind not in NUMBERED:
        return ""
    first, last = index.database.execute(RANGE, {"start": f"{iri}/{kind}/"}).fetchone()
    return "" if first is None else f"Its {kind}s run from {first} to {last}."
