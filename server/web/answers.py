"""How a response is made and sent. A route returns an `Answer`; `finish` adds every header and makes it a
`StoredResponse`, which is sent now, and again from the cache, in the content coding that the request accepts.

Conditional requests are decided here (RFC 9110 §13): `If-None-Match` by weak comparison against the entity-tag of the
variant that would be sent, else `If-Modified-Since` against the time of the snapshot. Before them `If-Match` by strong
comparison, else `If-Unmodified-Since`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import brotli
import zstandard
from prometheus_client import Counter

from ontology import formats
from server.snapshot import Snapshot
from server.web.negotiation import choose_coding

HTML, TEXT = formats.HTML.content_type, formats.TEXT.content_type
RawHeaders = list[tuple[bytes, bytes]]
STANDING = (
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "Link, ETag, Location, Content-Location, Content-Disposition, Retry-After, Allow, Memento-Datetime, "
        "X-Request-Id, X-Palermo-Version",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "cross-origin"),
)
"""The headers of every response."""
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAMED_POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'"
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_OF_304 = (
    *(b"etag", b"vary", b"cache-control", b"content-location", b"last-modified", b"link"),
    *(b"access-control-", b"x-palermo", b"memento"),
)
_COMPRESSED_FROM = 600
_COMPRESSED = (
    *("text/", "application/json", "application/xml", "image/svg+xml", "application/n-", "application/javascript"),
)
_LARGE = 1 << 16  # bytes from which a body is compressed in a thread
_DATE_LAG = timedelta(seconds=2)  # at most, of the `Date` of a response, which is written once a second
_OVERHEAD = 2048  # bytes that a stored response takes beside its body and its key


class Freshness(Enum):
    """How long a response may be stored: until the next snapshot, for ever, or not at all."""

    SNAPSHOT = "public, max-age=60, must-revalidate"
    IMMUTABLE = "public, max-age=31536000, immutable"
    NEVER = "no-store"


class Link(NamedTuple):
    """A link of a response (RFC 8288): target, relation and the target's media type if that matters."""

    href: str
    rel: str
    type: str = ""
    title: str = ""
    profile: str = ""
    datetime: str = ""

    def __str__(self) -> str:
        written = f'<{self.href}>; rel="{self.rel}"'
        if any(self[2:]):
            written += "".join(
                [f'; {name}="{value}"' for name, value in zip(self._fields[2:], self[2:], strict=True) if value]
            )
        return written


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route returns.

    ``media_type`` is the whole `Content-Type`. ``negotiated`` says that `Accept` chose it. ``tag`` seeds the entity-tag
    where the snapshot and the request decide the bytes; without it the bytes do. ``cacheable`` lets the server's cache
    store it. ``modified`` is when what it shows last changed, in UTC; without it that is the time of the build.
    ``framed`` lets other sites show it in a frame: for what has nothing to press.
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
    modified: datetime | None = None
    framed: bool = False


def html(text: str, *, links: tuple[Link, ...] = ()) -> Answer:
    """A page."""
    return Answer(text.encode(), HTML, links=links)


def json_answer(value: object) -> Answer:
    """A value as JSON."""
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def see_other(location: str) -> Answer:
    """A 303 to a path-absolute URL, with a sentence for those whose client does not follow it."""
    return Answer(f"See {location}\n".encode(), TEXT, status=303, location=location)


class Conditions(NamedTuple):
    """What a request says about the variant it wants and the one it has: its method and five of its fields, empty
    where it lacks one."""

    method: str = "GET"
    accept_encoding: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    if_match: str = ""
    if_unmodified_since: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One content coding of a response. ``tag`` is its entity-tag with quotes, empty where it has none; ``lines`` are
    the headers as they are sent, once they were."""

    headers: RawHeaders
    headers_304: RawHeaders
    body: bytes
    tag: str
    lines: dict[int, bytes] = field(default_factory=dict)


class StoredResponse:
    """A finished response in all its content codings, each made on first use. ``headers`` are those that all codings
    share. Whoever stores it sets ``hits``, which counts its reuse."""

    __slots__ = (
        *("_headers", "_lines", "_modified", "_tag", "_variants"),
        *("body", "compressible", "hits", "media_type", "status"),
    )

    def __init__(
        self,
        status: int,
        headers: RawHeaders,
        body: bytes,
        media_type: str,
        *,
        tag: str,
        modified: datetime | None,
        compressible: bool,
    ) -> None:
        self.status = status
        self.body = body
        self.media_type = media_type
        self.compressible = compressible
        self.hits: Counter | None = None
        self._headers = headers
        self._lines = b""
        self._tag = tag
        self._modified = modified
        self._variants: dict[str, Variant] = {}

    def with_body(self, body: bytes, tag: str) -> StoredResponse:
        """A response with all of this one but its body and its entity-tag."""
        made = StoredResponse(
            self.status,
            self._headers,
            body,
            self.media_type,
            tag=tag,
            modified=self._modified,
            compressible=self.compressible,
        )
        made.hits = self.hits
        self._lines = made._lines = self._lines or _lines_of(self._headers)
        return made

    def variant(self, coding: str) -> Variant:
        """The response in a content coding, or in ``identity`` where it does not pay."""
        coding = coding if self.compressible else "identity"
        variant = self._variants.get(coding)
        return variant if variant is not None else self._make(coding)

    def is_ready(self, asked: Conditions) -> bool:
        """Whether `parts` has nothing to compress that takes long."""
        return len(self.body) < _LARGE or self._coding(asked) in (*self._variants, "identity")

    def parts(self, asked: Conditions) -> tuple[int, RawHeaders, bytes]:
        """Status, headers and body to send for a request."""
        variant = self.variant(self._coding(asked))
        if (asked.if_none_match or asked.if_modified_since) and self._is_unmodified(variant.tag, asked):
            return 304, variant.headers_304, b""
        return self.status, variant.headers, b"" if asked.method == "HEAD" else variant.body

    def lines(self, asked: Conditions) -> tuple[int, bytes, bytes]:
        """Status, the lines of the headers and body to send for a request."""
        conditional = asked.if_none_match or asked.if_modified_since or asked.method == "HEAD"
        if self._lines and self._tag and not conditional and self._coding(asked) == "identity":
            own = b'content-length: %d\r\netag: "%s"\r\n' % (len(self.body), self._tag.encode())
            return self.status, self._lines + own, self.body
        status, headers, body = self.parts(asked)
        known = self.variant(self._coding(asked)).lines
        if status not in known:
            shared = len(self._headers) if self._lines and status != 304 else 0
            known[status] = (self._lines if shared else b"") + _lines_of(headers[shared:])
        return status, known[status], body

    def _coding(self, asked: Conditions) -> str:
        return choose_coding(asked.accept_encoding) if self.compressible and asked.accept_encoding else "identity"

    def meets(self, asked: Conditions) -> bool:
        """Whether the preconditions of a request hold, by the tag of the variant it would get or by the date; those of
        a response that is no 200 are ignored (RFC 9110 §13.1.1, §13.1.4, §13.2.1)."""
        if self.status != 200 or asked.method not in ("GET", "HEAD"):
            return True
        if asked.if_match:
            tag = self.variant(self._coding(asked)).tag
            return matches_tag(asked.if_match, tag, weakly=False) if tag else asked.if_match.strip() == "*"
        since = moment_of(asked.if_unmodified_since) if asked.if_unmodified_since else None
        return since is None or self._modified is None or self._modified.replace(microsecond=0) <= since

    def _is_unmodified(self, tag: str, asked: Conditions) -> bool:
        if self.status != 200 or asked.method not in ("GET", "HEAD"):
            return False
        if asked.if_none_match:
            return tag != "" and matches_tag(asked.if_none_match, tag)
        return self._modified is not None and is_since(asked.if_modified_since, self._modified)

    def _make(self, coding: str) -> Variant:
        body = self.body if coding == "identity" else compress(self.body, coding)
        headers = [*self._headers, (b"content-length", str(len(body)).encode())]
        tag = ""
        if self._tag:
            tag = f'"{self._tag}"' if coding == "identity" else f'"{self._tag}-{coding}"'
            headers.append((b"etag", tag.encode()))
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode()))
        variant = Variant(headers, [pair for pair in headers if pair[0].startswith(_OF_304)], body, tag)
        self._variants[coding] = variant
        return variant


def _lines_of(headers: RawHeaders) -> bytes:
    return b"".join([b"%s: %s\r\n" % pair for pair in headers])


def stored_size(key: tuple[str | bytes, ...], stored: StoredResponse | tuple[str | bytes, ...]) -> int:
    """What a response takes in the cache, in bytes, with room for its codings, which together are about as large as the
    body; or what the key of one takes."""
    body = 0 if isinstance(stored, tuple) else len(stored.body) * (2 if stored.compressible else 1)
    return body + sum(map(len, key)) + _OVERHEAD


def finish(
    answer: Answer, snapshot: Snapshot, *, pinned: bool = False, compressible: bool | None = None
) -> StoredResponse:
    """The response to a request for a snapshot, with all its headers; ``pinned`` where the request names its version,
    whose responses never change."""
    if compressible is None:
        compressible = is_compressible(answer.media_type, len(answer.body))
    validated = answer.freshness is not Freshness.NEVER and answer.status == 200
    modified = (answer.modified or snapshot.built) if validated else None
    if modified is not None and modified > (now := datetime.now(UTC)):  # the clock is behind: RFC 9110 §8.8.2.1
        modified = now - _DATE_LAG
    pins = pinned and validated
    freshness = Freshness.IMMUTABLE if pins and answer.freshness is Freshness.SNAPSHOT else answer.freshness
    memento = snapshot.built if pins else None
    kind = (answer.media_type, freshness, answer.negotiated, compressible, answer.framed)
    headers = [(b"x-palermo-version", snapshot.version.encode()), *_headers_of(*kind, modified, memento)]
    own: list[tuple[str, str]] = []
    if answer.content_location is not None:
        own.append(("content-location", answer.content_location))
    if answer.location is not None:
        own.append(("location", answer.location))
    if answer.filename is not None:
        own.append(("content-disposition", f'attachment; filename="{answer.filename}"'))
    if answer.links:
        own.append(("link", ", ".join(map(str, answer.links))))
    headers += [(n.lower().encode("latin-1"), v.encode("latin-1", "replace")) for n, v in (*own, *answer.headers)]
    return StoredResponse(
        answer.status,
        headers,
        answer.body,
        answer.media_type.partition(";")[0],
        tag=_tag(answer, snapshot) if validated else "",
        modified=modified,
        compressible=compressible,
    )


@lru_cache(maxsize=512)
def _headers_of(
    media_type: str,
    freshness: Freshness,
    negotiated: bool,
    compressible: bool,
    framed: bool,
    modified: datetime | None,
    memento: datetime | None,
) -> RawHeaders:
    """The headers that most responses share. ``modified`` is None where a response cannot be validated, ``memento``
    where the request names no version."""
    policy = _FRAMED_POLICY if framed else _PAGE_POLICY if media_type == HTML else _DATA_POLICY
    headers = [
        ("content-type", media_type),
        ("cache-control", freshness.value),
        *STANDING,
        ("content-security-policy", policy),
    ]
    varies = (["Accept"] if negotiated else []) + (["Accept-Encoding"] if compressible else [])
    if varies:
        headers.append(("vary", ", ".join(varies)))
    for name, moment in (("last-modified", modified), ("memento-datetime", memento)):
        if moment is not None:
            headers.append((name, format_datetime(moment, usegmt=True)))
    return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]


def _tag(answer: Answer, snapshot: Snapshot) -> str:
    if answer.tag is None:
        return hashlib.sha256(answer.body).hexdigest()[:20]
    return seeded_tag(snapshot, answer.media_type, answer.tag)


def seeded_tag(snapshot: Snapshot, media_type: str, seed: str) -> str:
    """The entity-tag, without quotes, of what the snapshot and a seed decide."""
    return hashlib.blake2b(f"{snapshot.etag_seed}\n{media_type}\n{seed}".encode(), digest_size=10).hexdigest()


def is_compressible(media_type: str, size: int) -> bool:
    """Whether a body of this type and size, in bytes, is worth a content coding."""
    plain = media_type.partition(";")[0]
    return size >= _COMPRESSED_FROM and (plain.startswith(_COMPRESSED) or plain.endswith(("+json", "+xml")))


def compress(body: bytes, coding: str) -> bytes:
    """The body in a content coding: ``br``, ``zstd`` or ``gzip``. The same bytes every time."""
    if coding == "br":
        encoded: bytes = brotli.compress(body, quality=5)
        return encoded
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(body)
    return gzip.compress(body, 6, mtime=0)


def matches_tag(field: str, tag: str, *, weakly: bool = True) -> bool:
    """Whether an `If-None-Match` field names the tag, by weak comparison, or an `If-Match` field by strong comparison
    (RFC 9110 §8.8.3.2, §13.1)."""
    if field.strip() == "*":
        return True
    named = (candidate.strip() for candidate in field.split(","))
    return any((candidate.removeprefix("W/") if weakly else candidate) == tag for candidate in named)


def is_since(if_modified_since: str, modified: datetime) -> bool:
    """Whether nothing changed after the date of an `If-Modified-Since` field; a date that is none is ignored."""
    since = moment_of(if_modified_since)
    return since is not None and modified.replace(microsecond=0) <= since


def moment_of(date: str) -> datetime | None:
    """The moment that a field names; None for a date that is none."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None
