"""How a response is sent: it is finished and stored for the next request, a route returns it, and the front sends it,
whole or in pieces; and how much may wait for slow readers.

Who is refused for its own requests is told so (429); otherwise, that others are in its way (503).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import anyio
import anyio.to_thread
from starlette.types import Send

from server.web.answers import Answer, Conditions, Freshness, Link, RawHeaders, StoredResponse, finish
from server.web.errors import Changed, Unavailable
from server.web.request import CacheKey, Exchange, Responses

COUNTED_FROM = 262_144
"""Bodies below this many bytes are not counted: a connection's own buffers bound them."""
_PIECE = 1 << 17
_TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS


async def send_body(send: Send, body: bytes) -> None:
    """Sends a body in pieces, so that it waits here and not in the connection when its reader is slow."""
    start = 0
    while len(body) - start > _PIECE:
        await send({"type": "http.response.body", "body": body[start : start + _PIECE], "more_body": True})
        start += _PIECE
    await send({"type": "http.response.body", "body": body[start:] if start else body})


class StreamedResponse(NamedTuple):
    """A body that is sent in pieces, uncoded. ``size`` is in bytes, where it is known; ``stored`` has the headers, and
    a tag for the whole."""

    stored: StoredResponse
    pieces: AsyncIterator[bytes]
    size: int | None = None


Response = StoredResponse | StreamedResponse


def stored_of(response: Response) -> StoredResponse:
    """The headers of a response, and its body where that is in memory."""
    return response.stored if isinstance(response, StreamedResponse) else response


async def pieces_of_file(path: Path, size: int) -> AsyncIterator[bytes]:
    """A file of a size in bytes in pieces as it lies on disk. Raises `OSError` when it is shorter by then, which ends
    the connection: its reader sees that the response is not whole."""
    left = size
    async with await anyio.open_file(path, "rb") as file:
        while left:
            piece = await file.read(min(_PIECE, left))
            if not piece:
                raise OSError(f"{path} became shorter while it was sent.")
            left -= len(piece)
            yield piece


async def pieces_from_thread(pieces: Iterator[str]) -> AsyncIterator[bytes]:
    """Texts that are made in a thread while they are sent, so that the event loop serves others."""
    while (piece := await anyio.to_thread.run_sync(next, pieces, None)) is not None:
        yield piece.encode()


def respond(exchange: Exchange, answer: Answer, cache: Responses | None = None) -> StoredResponse:
    """The finished response, which the cache, or the one given, stores for the next request like this one."""
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned)
    keeps = answer.cacheable and answer.freshness is not Freshness.NEVER and answer.status in (200, 301, 303, 308)
    if keeps and (exchange.request.method == "GET" or cache is not None):
        _store(exchange.cache_key, stored, exchange, cache)
    return stored


def respond_once(exchange: Exchange, variant: str, make: Callable[[], Answer]) -> StoredResponse:
    """The response in a variant that was chosen already, such as a format: made once for all requests that lead to it,
    whatever query string or `Accept` they have."""
    key = (exchange.snapshot.version, exchange.version, exchange.path, variant)
    stored = exchange.services.cache.get(key)
    if not isinstance(stored, StoredResponse):
        stored = finish(make(), exchange.snapshot, pinned=exchange.pinned)
        _store(key, stored, exchange)
    if not exchange.request.scope["query_string"]:  # what a stranger writes there makes no entries
        exchange.services.cache.put(exchange.cache_key, key)
    return stored


def _store(key: CacheKey, stored: StoredResponse, exchange: Exchange, cache: Responses | None = None) -> None:
    stored.hits = exchange.services.metrics.kept(exchange.route)
    (exchange.services.cache if cache is None else cache).put(key, stored)


def respond_file(exchange: Exchange, name: str, media_type: str, links: tuple[Link, ...] = ()) -> StreamedResponse:
    """A file that the manifest lists, uncoded, its checksum as its tag. Raises `Unavailable` when it was changed."""
    snapshot = exchange.snapshot
    if not snapshot.files.is_whole(name):
        raise Unavailable("This file is damaged on the server and is not sent.", retry_after=60)
    listed = snapshot.manifest["files"][name]
    answer = Answer(b"", media_type, tag=listed["sha256"], headers=(("accept-ranges", "none"),), links=links)
    stored = finish(answer, snapshot, pinned=exchange.pinned, compressible=False)
    size = listed["bytes"]
    return StreamedResponse(stored, pieces_of_file(snapshot.folder / name, size), size)


def not_modified(exchange: Exchange, tag: str, media_type: str, **details: object) -> StoredResponse | None:
    """A 304 for a request that has the answer with this tag seed, or of this snapshot, already, before any work; else
    None. ``details`` are those members of the later `Answer` that show in the headers of a 304.
    """
    _, _, tags, since, *preconditions = exchange.conditions
    if any(preconditions) or not (tags or since):  # those need the tag of the very variant
        return None
    answer = Answer(b"", media_type, tag=tag, **details)  # type: ignore[arg-type]
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned, compressible=True)
    asked = exchange.conditions._replace(method="GET")
    return stored if stored.parts(asked)[0] == 304 else None


class Unread:
    """Counts the bytes of large bodies that are being sent, and holds them below a limit for each client and in all."""

    def __init__(self, limit: int, client_limit: int) -> None:
        self._limit = limit
        self._client_limit = client_limit
        self._of_client: Counter[str] = Counter()
        self.held = 0

    @contextmanager
    def reserved(self, client: str, size: int) -> Iterator[None]:
        """Holds room for a body while it is sent. Raises `Unavailable`, a 429 or a 503, when there is none, unless
        nothing is held."""
        if size < COUNTED_FROM:
            yield
            return
        mine = self._of_client[client]
        if mine and mine + size > self._client_limit:
            raise Unavailable("Your large responses wait to be read. Read them first.", status=_TOO_MANY, retry_after=5)
        if self.held and self.held + size > self._limit:
            raise Unavailable("Too many large responses wait to be read.", retry_after=5)
        self.held += size
        self._of_client[client] += size
        try:
            yield
        finally:
            self.held -= size
            self._of_client[client] -= size
            if not self._of_client[client]:
                del self._of_client[client]


class Sender:
    """Sends one response to its client, with the id of its request, and remembers what was sent. A large body that is
    in memory needs room among those that wait for their readers."""

    def __init__(self, send: Send, client: str, request_id: str, asked: Conditions, unread: Unread) -> None:
        self._send = send
        self._client = client
        self._request_id = request_id
        self._asked = asked
        self._unread = unread
        self.status = 0
        self.media_type = ""

    async def send(self, response: Response) -> None:
        """Sends a response: coded, or 304, or headers alone, as the request asks. Raises `Changed` or `Unavailable`
        before anything is sent."""
        stored = stored_of(response)
        if not stored.is_ready(self._asked):
            await anyio.to_thread.run_sync(stored.parts, self._asked)
        if not stored.meets(self._asked):
            raise Changed
        status, headers, body = stored.parts(self._asked)
        streamed = response if isinstance(response, StreamedResponse) and status == 200 else None
        if streamed is not None:
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers += [] if streamed.size is None else [(b"content-length", str(streamed.size).encode())]
        if streamed is not None and self._asked.method != "HEAD":
            first = await anext(streamed.pieces, b"")  # what fails until then has a status of its own
            self.media_type = stored.media_type
            await self.start(status, headers)
            await self._piece(first)
            async for piece in streamed.pieces:
                await self._piece(piece)
            await send_body(self._send, b"")
            return
        with self._unread.reserved(self._client, len(body)):
            self.media_type = stored.media_type
            await self.start(status, headers)
            await send_body(self._send, body)

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Sends the head of a response."""
        self.status = status
        headers = [*headers, (b"x-request-id", self._request_id.encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _piece(self, piece: bytes) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})
