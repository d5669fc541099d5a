"""Runs the server with uvicorn: one process, or several on one port."""

from __future__ import annotations

import sys

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.app import create_app
from server.settings import Settings
from server.snapshot import SnapshotError, Snapshots
from server.web.front import Front
from server.web.journal import configure_logging

HEAD_BYTES = 65_536
"""How long a request may be before its body begins; uvicorn itself has no limit with httptools."""


class BoundedHttp(HttpToolsProtocol):
    """HTTP/1.1 that ends a connection whose request head grows beyond `HEAD_BYTES`."""

    _head = 0
    _in_head = True

    def data_received(self, data: bytes) -> None:
        """Reads a piece of the connection."""
        self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of this request is too long.")

    def on_headers_complete(self) -> None:
        """The head ends; what follows is counted by the application."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head begins."""
        self._in_head = True
        self._head = 0
        super().on_message_complete()


def application() -> Front:
    """The application for the settings in the environment: what each process of several imports."""
    settings = Settings()
    configure_logging(settings)
    return create_app(settings)


def run(settings: Settings, processes: int = 1) -> int:
    """Serves until it is told to stop. Returns 0, or 2 when there is nothing to serve."""
    configure_logging(settings)
    served: str | Front = "server.running:application"
    try:
        if processes > 1:
            Snapshots(settings.model_copy(update={"memory_triples": 0}))
        else:
            served = create_app(settings)
    except SnapshotError as problem:
        print(f"palermo: {problem}", file=sys.stderr)
        return 2
    uvicorn.run(
        served,
        factory=processes > 1,
        workers=processes if processes > 1 else None,
        host=settings.host,
        port=settings.port,
        http=BoundedHttp,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_keep_alive=20,
    )
    return 0
