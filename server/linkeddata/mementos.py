"""Versions over time (RFC 7089): the TimeGate of a document leads to the version that was current at a moment, its
TimeMap lists all that are kept. ``/v/VERSION/…`` are the mementos themselves. A query string, which chooses from a
list, is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from server.linkeddata.representing import LINK_FORMAT
from server.linkeddata.resources import DocumentPath, topic_of, unknown
from server.web.answers import TEXT, Answer, Freshness, Link, moment_of
from server.web.errors import BadRequest
from server.web.front import Route, routes_of
from server.web.request import Exchange, query_of
from server.web.sending import Response, respond


def mementos_routes() -> tuple[Route, ...]:
    """The routes of this module."""
    return routes_of(
        "versions",
        ("/timegate/{path:path}", timegate, "The version of a document at a time (Accept-Datetime)"),
        ("/timemap/{path:path}", timemap, "All versions of a document that are kept"),
    )


def timegate(path: DocumentPath, exchange: Exchange) -> Response:
    """Sends to the version that was current at the time of `Accept-Datetime`, or is current (RFC 7089 §4.5)."""
    field, versions = exchange.request.headers.get("accept-datetime"), _versions(path, exchange)
    path += query_of(exchange)
    chosen = versions[-1][0]
    if field is not None:
        moment = _moment(field)
        chosen = max((pair for pair in versions if pair[1] <= moment), key=lambda pair: pair[1], default=versions[0])[0]
    urls = exchange.urls
    links = (
        Link(urls.canonical(path), "original"),
        Link(urls.canonical(f"timemap/{path}"), "timemap", LINK_FORMAT),
        *_ends(path, versions, exchange),
    )
    at = urls.absolute(urls.version(chosen, path))
    answer = Answer(
        f"See {at}\n".encode(),
        TEXT,
        status=302,
        location=at,
        links=links,
        headers=(("vary", "Accept-Datetime"),),
        freshness=Freshness.NEVER,
    )
    return respond(exchange, answer)


def timemap(path: DocumentPath, exchange: Exchange) -> Response:
    """Lists the versions of a document, the oldest first (RFC 7089 §5)."""
    versions, urls = _versions(path, exchange), exchange.urls
    path += query_of(exchange)
    own = urls.canonical(f"timemap/{path}")
    ends = f'; from="{_written(versions[0][1])}"; until="{_written(versions[-1][1])}"'
    lines = [
        str(Link(urls.canonical(path), "original")),
        str(Link(own, "self", LINK_FORMAT)) + ends,
        str(Link(urls.canonical(f"timegate/{path}"), "timegate")),
        *(str(_memento(path, version, built, exchange)) for version, built in versions),
    ]
    return respond(exchange, Answer((",\n".join(lines) + "\n").encode(), LINK_FORMAT))


def _versions(path: str, exchange: Exchange) -> list[tuple[str, datetime]]:
    """The versions that have a document, with their times, the oldest first. Raises `NotFound` where none has it."""
    snapshots, topic = exchange.services.snapshots, topic_of(path, exchange) if path else None
    if topic is not None and not exchange.store.exists(topic):
        raise unknown(path)
    created = datetime.min.replace(tzinfo=UTC)
    if topic is not None and path.startswith("doc/"):
        created = exchange.snapshot.history.dates(topic.value)[0]
    versions = [(version, snapshots.built(version)) for version in snapshots.versions()]
    present = [(version, built) for version, built in versions[::-1] if built >= created]
    return sorted(present, key=lambda pair: pair[1]) or [(exchange.snapshot.version, exchange.snapshot.built)]


def _ends(path: str, versions: list[tuple[str, datetime]], exchange: Exchange) -> tuple[Link, ...]:
    first, last = versions[0], versions[-1]
    if first == last:
        return (_memento(path, *first, exchange, "first last memento"),)
    return (_memento(path, *first, exchange, "first memento"), _memento(path, *last, exchange, "last memento"))


def _memento(path: str, version: str, built: datetime, exchange: Exchange, rel: str = "memento") -> Link:
    at = exchange.urls.absolute(exchange.urls.version(version, path))
    return Link(at, rel, datetime=_written(built))


def _written(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _moment(field: str) -> datetime:
    """The moment of an `Accept-Datetime` field (RFC 7089 §2.1.1.2). Raises `BadRequest` for what is no date."""
    moment = moment_of(field)
    if moment is None:
        raise BadRequest("Accept-Datetime is a date as in HTTP: Sun, 29 Nov 2026 12:00:00 GMT (RFC 7089 §2.1.1.2).")
    return moment
