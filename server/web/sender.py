"""What sends the response of one request, and remembers what was sent."""

from __future__ import annotations

from contextlib import ExitStack

from starlette.types import Message, Send

from server.web.answers import RawHeaders
from server.web.errors import Unavailable
from server.web.fairness import Unread
from server.web.request import Exchange
from server.web.sending import send_body


class Sender:
    """Sends to the client, adds the request's id and remembers what was sent. A large body that is in memory needs room
    among those that wait for their readers."""

    def __init__(self, send: Send, exchange: Exchange, unread: Unread) -> None:
        self._send = send
        self._client = exchange.client
        self._request_id = exchange.request_id
        self._unread = unread
        self._room = ExitStack()
        self.refusal: Unavailable | None = None
        self.holds_body = True
        self.status = 0
        self.media_type = ""

    def close(self) -> None:
        """Gives back the room of the body."""
        self._room.close()

    async def send(self, status: int, headers: RawHeaders, body: bytes, media_type: str) -> None:
        """Sends a whole response."""
        try:
            self._room.enter_context(self._unread.reserved(self._client, len(body)))
        except Unavailable as refusal:
            self.refusal = refusal
            return
        self.status, self.media_type = status, media_type
        headers = [*headers, (b"x-request-id", self._request_id.encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await send_body(self._send, body)

    async def __call__(self, message: Message) -> None:
        """Passes on a message of the framework."""
        if self.refusal is not None:
            return
        if message["type"] == "http.response.start":
            length = next((value for name, value in message["headers"] if name == b"content-length"), b"0")
            try:
                size = int(length) if self.holds_body else 0
                self._room.enter_context(self._unread.reserved(self._client, size))
            except Unavailable as refusal:
                self.refusal = refusal
                return
            self.status = message["status"]
            media_type = dict(message["headers"]).get(b"content-type", b"")
            self.media_type = media_type.partition(b";")[0].decode("latin-1")
            message = {**message, "headers": [*message["headers"], (b"x-request-id", self._request_id.encode())]}
        await self._send(message)
