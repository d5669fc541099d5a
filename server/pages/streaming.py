"""An answer that is made while it is sent: its pieces come from a thread, so that the event loop serves others."""

from __future__ import annotations

from collections.abc import Iterator

import anyio.to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.web.exchange import Exchange
from server.web.responses import Answer, finish


class Streamed(Response):
    """Sends a beginning, then one piece after another; ``answer`` has the headers, and a tag for the whole."""

    def __init__(self, beginning: str, pieces: Iterator[str], answer: Answer, exchange: Exchange) -> None:
        self._representation = finish(answer, exchange, compressible=False)
        self._beginning = beginning
        self._pieces = pieces
        self._exchange = exchange
        super().__init__(status_code=200)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Sends headers, then the pieces unless only headers or a 304 were asked for."""
        asked = self._exchange
        status, headers, _ = self._representation.parts("GET", "", asked.if_none_match, asked.if_modified_since)
        headers = [pair for pair in headers if pair[0] != b"content-length"]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if status == 200 and not self._exchange.headers_only:
            piece: str | None = self._beginning
            while piece is not None:
                await send({"type": "http.response.body", "body": piece.encode(), "more_body": True})
                piece = await anyio.to_thread.run_sync(next, self._pieces, None)
        await send({"type": "http.response.body", "body": b""})
