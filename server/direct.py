"""Requests that a connection answers without a task and the messages of ASGI, which cost more than most responses: what
is in memory, and what the front begins at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.web.front import Front, Sent
from server.web.request import Head

_PLAIN = re.compile(rb"GET (/[!-\"$->@-~]*)(?:\?([!-\"$-~]*))? HTTP/1\.1")
_PLAIN_BYTES, _PLAIN_HEAD = 16_384, 2_048  # of a request that is answered at once, and of its fields
_END = b"\r\n\r\n"


class DirectHttp(HttpToolsProtocol):
    """One connection, which answers from memory where it can.

    A GET whose header fields came before, byte for byte, is not parsed again. While one is being answered, what follows
    waits; where it has to go the whole way after all, its bytes are read as if they came now, with the outcome that is
    known by then in the scope.
    """

    _address = ""
    _between = True
    _fresh: bytes | None = None
    _begun: Callable[[], None] | None = None
    _asked = b""
    _later = b""
    _known: object = None
    _sent = 0.0
    _stopping = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        application: Any = getattr(self.app, "app", self.app)  # uvicorn wraps it to read the headers of proxies
        self._front: Front | None = application if isinstance(application, Front) else None
        self._proxies: Any = getattr(self.app, "trusted_hosts", None)

    def _read(self, data: bytes) -> None:
        """Parses a piece of the connection."""
        super().data_received(data)

    def _arrived(self) -> None:
        """A request has come whole."""

    def _remember(self, fields: bytes | None) -> None:
        """Caches the parsed fields of the request under their bytes, for later requests with the same ones."""
        if fields is not None and self._front is not None and self._is_plain():
            self._front.heads.remember(fields, self.headers)

    def _is_plain(self) -> bool:
        """Whether a request asks nothing of its connection."""
        return (
            self.parser.get_method() == b"GET"
            and not self.expect_100_continue
            and self.parser.get_http_version() == "1.1"
            and bool(self.parser.should_keep_alive())
            and not self.parser.should_upgrade()
        )

    def _answer_at_once(self, data: bytes) -> bool:
        """Answers a request from memory, or begins to, if the application can; whether it did. Its fields are known by
        their bytes from one that went the whole way; whatever is not plain goes to the application."""
        if len(data) > _PLAIN_BYTES:
            return False
        line, _, fields = data.partition(b"\r\n")
        plain = _PLAIN.fullmatch(line)
        if plain is None or self._front is None or self.transport.get_write_buffer_size() > HIGH_WATER_LIMIT:
            return False
        head = self._front.heads.get(fields)
        if head is None:
            alone = fields.find(_END) == len(fields) - len(_END)
            self._fresh = fields if alone and len(fields) <= _PLAIN_HEAD else None
            return False
        path, query = plain.groups(b"")
        exchange = self._front.begin(head, path, query, self._client_of(head), self._end_begun)
        if exchange is None:
            return False
        self._arrived()
        if isinstance(exchange, tuple):
            self._send(exchange)
        else:
            self._begun, self._asked = exchange, data
        return True

    def _client_of(self, head: Head) -> str:
        """The client: the other end of the connection, or whom a trusted proxy names."""
        if head.forwarded and self._proxies is not None and self._address in self._proxies:
            return self._proxies.get_trusted_client_address(head.forwarded)[0] or self._address
        return self._address

    def _send(self, sent: Sent) -> None:
        status, lines, body = sent
        common = b"".join([b"%s: %s\r\n" % header for header in self.server_state.default_headers])
        self.transport.write(b"".join((STATUS_LINE[status], common, lines, b"\r\n", body)))
        self._sent = self.loop.time()
        self.server_state.total_requests += 1
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _end_begun(self, sent: Sent | None, outcome: object) -> None:
        """Sends the response to the request that was begun; without one the application makes it, by the outcome."""
        data, later = self._asked, self._later
        self._begun, self._asked, self._later = None, b"", b""
        if self.transport.is_closing():
            return
        if sent is not None:
            self._send(sent)
        else:
            self._known = outcome
            self._read(data)
        if self._stopping:
            super().shutdown()
        elif later:
            self.transport.resume_reading()
            self.data_received(later)

    def shutdown(self) -> None:
        """The server stops: the connection closes once its response is sent."""
        self._stopping = True
        if self._begun is None:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Closes the connection if it was silent for long enough since its last response."""
        quiet = 0.0 if self._begun is not None else self.loop.time() - self._sent
        if quiet < self.timeout_keep_alive:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive - quiet, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()
