"""How every answer is finished: a route says what it has to say as an `Answer`; `respond` adds the manners."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.utils import format_datetime
from enum import Enum

from starlette.requests import Request
from starlette.responses import Response

from server.web.compression import is_compressible
from server.web.exchange import Exchange, exchange_of
from server.web.representation import FinishedResponse, Representation

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
_EXPOSED = (
    "Link, ETag, Location, Content-Location, Content-Disposition, Retry-After, Allow, Memento-Datetime, "
    "X-Request-Id, X-Palermo-Version"
)
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


class Freshness(Enum):
    """How long an answer may be kept: until the next snapshot, for ever, or not at all."""

    SNAPSHOT = "public, max-age=60, must-revalidate"
    IMMUTABLE = "public, max-age=31536000, immutable"
    NEVER = "no-store"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an answer (RFC 8288): target, relation and the target's media type if that matters."""

    href: str
    rel: str
    type: str = ""
    title: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.type}"' if self.type else ""
        title = f'; title="{self.title}"' if self.title else ""
        return f'<{self.href}>; rel="{self.rel}"{kind}{title}'


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route has to say.

    ``media_type`` is the whole `Content-Type`. ``negotiated`` says that `Accept` chose it. ``tag`` seeds the entity-tag
    where the snapshot and the question decide the bytes; without it the bytes do. ``cacheable`` lets the front keep it.
    """

    body: bytes
    media_type: str
    status: int = 200
    negotiated: bool = False
    freshness: Freshness = Freshness.SNAPSHOT
    content_location: str | None = None
    location: str | None = None
    links: tuple[Link, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    tag: str | None = None
    cacheable: bool = True
    filename: str | None = None


def html(text: str, *, links: tuple[Link, ...] = (), freshness: Freshness = Freshness.SNAPSHOT) -> Answer:
    """A page."""
    return Answer(text.encode(), HTML, links=links, freshness=freshness)


def redirect(status: int, location: str, *, links: tuple[Link, ...] = ()) -> Answer:
    """A redirection to a path-absolute URL, with a sentence for those whose client does not follow it."""
    return Answer(f"See {location}\n".encode(), TEXT, status=status, location=location, links=links)


def respond(request: Request, answer: Answer) -> Response:
    """The finished response, which the front may keep for the next request."""
    exchange = exchange_of(request)
    representation = finish(answer, exchange)
    keeps = answer.cacheable and answer.freshness is not Freshness.NEVER and answer.status in (200, 301, 303, 308)
    if keeps and request.method == "GET":
        exchange.representation = representation
    return FinishedResponse(representation, exchange)


def not_modified(request: Request, tag: str, media_type: str, **details: object) -> Response | None:
    """A 304 for a request that has the answer with this tag seed, or of this snapshot, already, before any work; else
    None. ``details`` are those members of the later `Answer` that show in the headers of a 304.
    """
    exchange = exchange_of(request)
    if not exchange.if_none_match and not exchange.if_modified_since:
        return None
    answer = Answer(b"", media_type, tag=tag, **details)  # type: ignore[arg-type]
    representation = finish(answer, exchange, compressible=True)
    status, _, _ = representation.parts(
        "GET", exchange.accept_encoding, exchange.if_none_match, exchange.if_modified_since
    )
    return FinishedResponse(representation, exchange) if status == 304 else None


def finish(answer: Answer, exchange: Exchange, *, compressible: bool | None = None) -> Representation:
    """The representation of an answer: all its headers, and its bytes in any coding."""
    if compressible is None:
        compressible = is_compressible(answer.media_type, len(answer.body))
    freshness = Freshness.IMMUTABLE if _is_final(answer, exchange) else answer.freshness
    headers = [
        ("content-type", answer.media_type),
        ("cache-control", freshness.value),
        ("x-palermo-version", exchange.snapshot.version),
        *STANDING,
        ("content-security-policy", _PAGE_POLICY if answer.media_type == HTML else _DATA_POLICY),
    ]
    varies = (["Accept"] if answer.negotiated else []) + (["Accept-Encoding"] if compressible else [])
    if varies:
        headers.append(("vary", ", ".join(varies)))
    if answer.content_location is not None:
        headers.append(("content-location", answer.content_location))
    if answer.location is not None:
        headers.append(("location", answer.location))
    if answer.filename is not None:
        headers.append(("content-disposition", f'attachment; filename="{answer.filename}"'))
    if answer.links:
        headers.append(("link", ", ".join(map(str, answer.links))))
    headers += [(name.lower(), value) for name, value in answer.headers]
    kept = answer.freshness is not Freshness.NEVER
    modified = exchange.snapshot.built if kept and answer.status == 200 else None
    if modified is not None:
        headers.append(("last-modified", format_datetime(modified, usegmt=True)))
        if exchange.pinned:
            headers.append(("memento-datetime", format_datetime(modified, usegmt=True)))
    return Representation(
        answer.status,
        [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers],
        answer.body,
        tag=_tag(answer, exchange) if kept and answer.status == 200 else "",
        modified=modified,
        compressible=compressible,
    )


STANDING = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", _EXPOSED),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
)


def _is_final(answer: Answer, exchange: Exchange) -> bool:
    return exchange.pinned and answer.freshness is Freshness.SNAPSHOT and answer.status == 200


def _tag(answer: Answer, exchange: Exchange) -> str:
    if answer.tag is None:
        return hashlib.sha256(answer.body).hexdigest()[:20]
    seed = f"{exchange.snapshot.etag_seed}\n{answer.media_type}\n{answer.tag}"
    return hashlib.sha256(seed.encode()).hexdigest()[:20]
