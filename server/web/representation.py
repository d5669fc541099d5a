"""A finished answer: its headers and bytes in each content coding, ready to be sent, now or again from memory.

Conditional requests are decided here (RFC 9110 §13): `If-None-Match` by weak comparison against the tag of the variant
that would be sent, else `If-Modified-Since` against the time of the snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from prometheus_client import Counter
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.web.compression import compress
from server.web.exchange import Exchange
from server.web.negotiation import choose_coding

RawHeaders = list[tuple[bytes, bytes]]
_OF_304 = frozenset({b"etag", b"vary", b"cache-control", b"content-location", b"last-modified", b"link"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One coding of an answer. ``tag`` is its entity-tag with quotes, empty where it has none."""

    headers: RawHeaders
    headers_304: RawHeaders
    body: bytes
    tag: str


class Representation:
    """One answer in all its codings, made on first use. ``headers`` are those that all codings share; whoever keeps the
    answer sets ``hits``, which counts its reuse."""

    __slots__ = ("_headers", "_modified", "_tag", "_variants", "body", "compressible", "hits", "status")

    def __init__(
        self, status: int, headers: RawHeaders, body: bytes, *, tag: str, modified: datetime | None, compressible: bool
    ) -> None:
        self.status = status
        self.body = body
        self.compressible = compressible
        self.hits: Counter
        self._headers = headers
        self._tag = tag
        self._modified = modified
        self._variants: dict[str, Variant] = {}

    def variant(self, coding: str) -> Variant:
        """The answer in a content coding, or in ``identity`` where it does not pay."""
        coding = coding if self.compressible else "identity"
        found = self._variants.get(coding)
        return found if found is not None else self._make(coding)

    def parts(
        self, method: str, accept_encoding: str = "", if_none_match: str = "", if_modified_since: str = ""
    ) -> tuple[int, RawHeaders, bytes]:
        """Status, headers and body to send for a request with these fields, empty where it lacks one."""
        variant = self.variant(choose_coding(accept_encoding) if self.compressible and accept_encoding else "identity")
        if (if_none_match or if_modified_since) and self.is_unmodified(
            variant.tag, method, if_none_match, if_modified_since
        ):
            return 304, variant.headers_304, b""
        return self.status, variant.headers, b"" if method == "HEAD" else variant.body

    def is_unmodified(self, tag: str, method: str, if_none_match: str, if_modified_since: str) -> bool:
        """Whether a conditional request is answered with 304."""
        if self.status != 200 or method not in ("GET", "HEAD"):
            return False
        if if_none_match:
            return tag != "" and matches_tag(if_none_match, tag)
        return bool(if_modified_since) and self._modified is not None and is_since(if_modified_since, self._modified)

    def _make(self, coding: str) -> Variant:
        body = self.body if coding == "identity" else compress(self.body, coding)
        headers = [*self._headers, (b"content-length", str(len(body)).encode())]
        tag = ""
        if self._tag:
            tag = f'"{self._tag}"' if coding == "identity" else f'"{self._tag}-{coding}"'
            headers.append((b"etag", tag.encode()))
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode()))
        not_modified = [
            pair
            for pair in headers
            if pair[0] in _OF_304 or pair[0].startswith((b"access-control-", b"x-palermo", b"memento"))
        ]
        variant = Variant(headers, not_modified, body, tag)
        self._variants[coding] = variant
        return variant


class FinishedResponse(Response):
    """A representation as what a route returns."""

    def __init__(self, representation: Representation, exchange: Exchange) -> None:
        self._exchange = exchange
        self._representation = representation
        super().__init__(status_code=representation.status)
        self.raw_headers = representation.variant("identity").headers
        self.body = representation.body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Sends it as the request asks: coded, or 304, or headers alone."""
        asked = self._exchange
        status, headers, body = self._representation.parts(
            scope["method"], asked.accept_encoding, asked.if_none_match, asked.if_modified_since
        )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def matches_tag(if_none_match: str, tag: str) -> bool:
    """Whether an `If-None-Match` field names the tag, by weak comparison (RFC 9110 §8.8.3.2, §13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    return any(candidate.strip().removeprefix("W/") == tag for candidate in if_none_match.split(","))


def is_since(if_modified_since: str, modified: datetime) -> bool:
    """Whether nothing changed after the date of an `If-Modified-Since` field; a date that is none is ignored."""
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return since.tzinfo is not None and modified.replace(microsecond=0) <= since
