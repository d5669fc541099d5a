"""How a response leaves: a route returns it, wherever it is made, and the front sends it, whole or in pieces; and how
much may wait for its readers.

Who is refused for its own requests is told so (429); otherwise, that others are in its way (503).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import anyio
import anyio.to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.web.answers import Conditions, RawHeaders, StoredResponse
from server.web.errors import Changed, Unavailable

MADE = "palermo.made"
"""Where the scope of a request has the list that takes the response of its route."""
COUNTED_FROM = 262_144
"""Bodies below this many bytes are not counted: a connection's own buffers bound them."""
_PIECE = 1 << 17
_TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS


class SentResponse(Response):
    """A stored response as what a route returns: coded, or 304, or headers alone, as the request asks."""

    def __init__(self, stored: StoredResponse, asked: Conditions) -> None:
        self.status_code = stored.status
        self.background = None
        self.stored = stored
        self.asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Hands itself to the front, which sends it: this may be a thread of pages."""
        scope[MADE].append(self)

    async def parts(self) -> tuple[int, RawHeaders, bytes]:
        """Status, headers and body to send. A large body is compressed in a thread. Raises `Changed`."""
        if not self.stored.is_ready(self.asked):
            await anyio.to_thread.run_sync(self.stored.parts, self.asked)
        if not self.stored.meets(self.asked):
            raise Changed
        return self.stored.parts(self.asked)

    async def send_body(self, send: Send, body: bytes) -> None:
        """Sends the body."""
        await send_body(send, body)


async def send_body(send: Send, body: bytes) -> None:
    """Sends a body in pieces, so that it waits here and not in the connection when its reader is slow."""
    start = 0
    while len(body) - start > _PIECE:
        await send({"type": "http.response.body", "body": body[start : start + _PIECE], "more_body": True})
        start += _PIECE
    await send({"type": "http.response.body", "body": body[start:] if start else body})


class StreamedResponse(SentResponse):
    """Sends a body in pieces, uncoded. ``size`` is in bytes, where it is known; ``stored`` has the headers, and a tag
    for the whole."""

    def __init__(
        self, stored: StoredResponse, asked: Conditions, pieces: AsyncIterator[bytes], size: int | None = None
    ) -> None:
        super().__init__(stored, asked)
        self._pieces = pieces
        self._size = size
        self._first: bytes | None = None

    async def parts(self) -> tuple[int, RawHeaders, bytes]:
        """Status and headers, once the first piece is there: what fails until then has a status of its own."""
        status, headers, _ = await super().parts()
        if status == 200:
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            if self._size is not None:
                headers.append((b"content-length", str(self._size).encode()))
            if self.asked.method != "HEAD":
                self._first = await anext(self._pieces, b"")
        return status, headers, b""

    async def send_body(self, send: Send, body: bytes) -> None:
        """Sends the pieces, unless only headers or a 304 were asked for."""
        if self._first is not None:
            await send({"type": "http.response.body", "body": self._first, "more_body": True})
            async for piece in self._pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": body})


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

    def __init__(self, send: Send, client: str, request_id: str, unread: Unread) -> None:
        self._send = send
        self._client = client
        self._request_id = request_id
        self._unread = unread
        self.status = 0
        self.media_type = ""

    async def send(self, response: SentResponse) -> None:
        """Sends a response. Raises `Changed` or `Unavailable` before anything is sent."""
        status, headers, body = await response.parts()
        with self._unread.reserved(self._client, len(body)):
            self.media_type = response.stored.media_type
            await self.start(status, headers)
            await response.send_body(self._send, body)

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Sends the head of a response."""
        self.status = status
        headers = [*headers, (b"x-request-id", self._request_id.encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
