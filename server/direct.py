"""Requests that a connection answers without a task and the messages of ASGI, which cost more than most responses: what
is in memory, and what a route begins at once.

Most clients send the same fields each time, and to read them again costs more than to answer from memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.web.answers import Conditions, StoredResponse
from server.web.front import Front
from server.web.request import Exchange, conditions_of, fields_of, may_be_stored, text_of
from server.web.sending import COUNTED_FROM

_PLAIN = re.compile(rb"GET (/[!-\"$->@-~]*)(?:\?([!-\"$-~]*))? HTTP/1\.1")
_PLAIN_BYTES, _PLAIN_HEAD = 16_384, 2_048  # of a request that is answered at once, and of its fields
_END = b"\r\n\r\n"
_MOST_HEADS = 1_000


class Head(NamedTuple):
    """What the fields of a GET without a body say, and from whom a proxy says it comes."""

    accept: bytes
    asked: Conditions
    forwarded: str


Heads = dict[bytes, Head]
"""What the fields of requests said that were GETs without a body, by the bytes of the fields."""


class DirectHttp(HttpToolsProtocol):
    """One connection, which answers from memory where it can.

    A GET whose header fields came before, byte for byte, is not parsed again. While one is being answered, what follows
    waits; where it has to go the whole way after all, its bytes are read as if they came now, with what was begun in
    the scope.
    """

    _address = ""
    _between = True
    _fresh: bytes | None = None
    _begun: Callable[[], None] | None = None
    _asked = b""
    _later = b""
    _exchange: Exchange | None = None
    _sent = 0.0
    _stopping = False

    def __init__(self, heads: Heads, **given: Any) -> None:
        super().__init__(**given)
        self._heads = heads
        application: Any = getattr(self.app, "app", self.app)  # uvicorn wraps it to read the headers of proxies
        self._front: Front | None = application if isinstance(application, Front) else None
        self._proxies: Any = getattr(self.app, "trusted_hosts", None)

    def _read(self, data: bytes) -> None:
        """Parses a piece of the connection."""
        super().data_received(data)

    def _arrived(self) -> None:
        """A request has come whole."""

    def _remember(self, lines: bytes | None) -> None:
        """Keeps what the fields of a request say under their bytes, for later requests with the same ones."""
        if lines is None or not self._is_plain():
            return
        fields = fields_of(self.headers)
        if b"content-length" in fields or b"x-request-id" in fields or not may_be_stored("GET", fields):
            return
        if len(self._heads) >= _MOST_HEADS:
            self._heads.clear()
        conditions = conditions_of("GET", fields)
        self._heads[lines] = Head(fields.get(b"accept", b""), conditions, text_of(fields, b"x-forwarded-for"))

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
        head = self._heads.get(fields)
        if head is None:
            alone = fields.find(_END) == len(fields) - len(_END)
            self._fresh = fields if alone and len(fields) <= _PLAIN_HEAD else None
            return False
        begun = self._begin(self._front, head, *plain.groups(b""))
        if not begun:
            return False
        self._arrived()
        if callable(begun):
            self._begun, self._asked = begun, data
        return True

    def _begin(self, front: Front, head: Head, raw_path: bytes, query: bytes) -> bool | Callable[[], None]:
        """Answers a GET, or begins to answer it and returns what ends that before `_end_begun` is called. False where
        the application has to be asked anyway."""
        services = front.services
        snapshot = services.snapshots.current
        key = (snapshot.version, raw_path, query, head.accept)
        stored = services.stored(key)
        if stored is not None:
            if front.logs_all or not _is_small(stored, head):
                return False
            if stored.hits is not None:
                stored.hits.inc()
            self._send(stored, head, front.next_id())
            return True
        path, base = raw_path.decode("latin-1"), snapshot.base.path
        if base != "/" and path.startswith(base):
            path = path[len(base) - 1 :]
        begin = front.routes.begins.get(path)
        if (
            begin is None
            or head.asked.if_none_match
            or head.asked.if_modified_since
            or len(raw_path) + len(query) > services.settings.target_bytes
        ):
            return False
        accept, client = head.accept.decode("latin-1"), self._client_of(head)
        exchange = Exchange(services, snapshot, front.next_id(), head.asked, key, accept, client, path, route=path)

        def answer(response: StoredResponse) -> None:
            front.count(exchange, "GET", raw_path, response.status, response.media_type)
            self._send(response, head, exchange.request_id)

        def told(outcome: object, response: StoredResponse | None) -> None:
            small = response is not None and _is_small(response, head)
            exchange.outcome = outcome
            self._end_begun(partial(answer, response) if response and small else None, exchange)

        begun = begin(exchange, query, told)
        if isinstance(begun, StoredResponse):
            answer(begun)
            return True
        return begun or False

    def _client_of(self, head: Head) -> str:
        """The client: the other end of the connection, or whom a trusted proxy names."""
        if head.forwarded and self._proxies is not None and self._address in self._proxies:
            return self._proxies.get_trusted_client_address(head.forwarded)[0] or self._address
        return self._address

    def _send(self, stored: StoredResponse, head: Head, request_id: str) -> None:
        status, lines, body = stored.lines(head.asked)
        common = b"".join([b"%s: %s\r\n" % header for header in self.server_state.default_headers])
        own = b"x-request-id: %s\r\n\r\n" % request_id.encode()
        self.transport.write(b"".join((STATUS_LINE[status], common, lines, own, body)))
        self._sent = self.loop.time()
        self.server_state.total_requests += 1
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _end_begun(self, answer: Callable[[], None] | None, exchange: Exchange) -> None:
        """Ends a request that was begun: with its response, or else the application makes one of its outcome."""
        data, later = self._asked, self._later
        self._begun, self._asked, self._later = None, b"", b""
        if self.transport.is_closing():
            return
        if answer is not None:
            answer()
        else:
            self._exchange = exchange
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


def _is_small(stored: StoredResponse, head: Head) -> bool:
    """Whether a response is sent in one piece, and needs no compression that takes long."""
    return len(stored.body) < COUNTED_FROM and stored.is_ready(head.asked)
