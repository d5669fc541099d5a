"""Runs the server with uvicorn: one process, or several on one port."""

from __future__ import annotations

import sys

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.app import create_app
from server.integrity import SnapshotError
from server.settings import Settings
from server.snapshot import Snapshots
from server.web.front import Front
from server.web.log import configure_logging

HEAD_BYTES = 65_536
"""How long a request may be before its body begins; uvicorn itself has no limit with httptools."""
_FRAMING = (b"content-length", b"transfer-encoding")


class BoundedHttp(HttpToolsProtocol):
    """HTTP/1.1 that ends a connection whose request head grows beyond `HEAD_BYTES`, and never changes its protocol.

    A request that offers another protocol (`Upgrade: h2c`, as Java's HttpClient does in every request) is answered as
    it is, which RFC 9110 §7.8 allows. httptools stops at the head of such a request and takes what follows for the
    other protocol, so its body is read by a parser of its own, which goes on with the connection.
    """

    _head = 0
    _in_head = True
    _resuming = False

    def data_received(self, data: bytes) -> None:
        """Reads a piece of the connection."""
        self._head += len(data)
        self._unset_keepalive_if_required()
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
            return
        if self._in_head and self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of this request is too long.")

    def _feed(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
                self._read_body_of_upgrade()

    def _read_body_of_upgrade(self) -> None:
        """Has a new parser, told of the framing only, read the body of the request whose head was read."""
        framing = [name + b": " + value for name, value in self.headers if name in _FRAMING]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._resuming = True
        self.parser.feed_data(b"\r\n".join([b"POST / HTTP/1.1", *framing, b"\r\n"]))

    def on_message_begin(self) -> None:
        """A request begins, unless it is the rest of one."""
        if not self._resuming:
            super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the request's target."""
        if not self._resuming:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the request."""
        if not self._resuming:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head ends; what follows is counted by the application."""
        if self._resuming:
            self._resuming = False
            return
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head begins; of a request that offers another protocol, only its head has been read."""
        if self.parser.should_upgrade():
            return
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
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_keep_alive=20,
    )
    return 0
