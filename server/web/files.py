"""A file of the snapshot, sent in pieces as it lies on disk: uncoded, with its checksum as its tag."""

from __future__ import annotations

from pathlib import Path

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.web.exchange import Exchange
from server.web.responses import Answer, finish

PIECE = 1 << 16


class FileResponse(Response):
    """Sends a file. ``size`` is in bytes; ``checksum`` identifies its content."""

    def __init__(self, path: Path, media_type: str, size: int, checksum: str, exchange: Exchange) -> None:
        answer = Answer(b"", media_type, tag=checksum, headers=(("accept-ranges", "none"),))
        self._representation = finish(answer, exchange, compressible=False)
        self._path = path
        self._size = size
        self._exchange = exchange
        super().__init__(status_code=200)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Sends headers, then the file unless only headers or a 304 were asked for."""
        asked = self._exchange
        status, headers, _ = self._representation.parts("GET", "", asked.if_none_match, asked.if_modified_since)
        if status == 200:
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers.append((b"content-length", str(self._size).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if status == 200 and not self._exchange.headers_only:
            async with await anyio.open_file(self._path, "rb") as file:
                while piece := await file.read(PIECE):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
