"""What is near an address where nothing is: the thing that it would be a part of, and how far the numbers there go."""

from __future__ import annotations

from pathlib import Path

from server.pages.index import existing, opened
from server.pages.views import Link
from server.web.exchange import Exchange

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

    ``/doc/document/som-wg-2015/paragraph/999`` leads to the document, whose paragraphs run from 1 to 92.
    """
    segments = exchange.path.strip("/").split("/")
    if segments[0] not in ("doc", "id"):
        return ()
    urls, index = exchange.urls, exchange.snapshot.search_path
    lengths = range(len(segments) - 1, 2, -1)
    wholes = {length: urls.canonical("/".join(("id", *segments[1:length]))) for length in lengths}
    labels = existing(index, tuple(wholes.values()))
    for length, iri in wholes.items():
        note = _numbers(index, iri, segments[length])
        if iri in labels or note:
            return (Link(urls.of(iri), labels.get(iri, TEXT), note),)
    return ()


def _numbers(index: Path, iri: str, kind: str) -> str:
    if kind not in NUMBERED:
        return ""
    with opened(index) as connection:
        first, last = connection.execute(RANGE, {"start": f"{iri}/{kind}/"}).fetchone()
    return "" if first is None else f"Its {kind}s run from {first} to {last}."
