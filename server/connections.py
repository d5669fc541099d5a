"""HTTP/1.1 connections with an end to every wait: a uvicorn protocol with limits on heads, silence, unread responses
and the number of connections, which never changes to another protocol.
"""

from __future__ import annotations

import asyncio
import logging
import re
import resource
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import Any

import httptools

from server.direct import DirectHttp, Heads
from server.settings import Settings
from server.web.answers import STANDING
from server.web.request import BEGUN

HEAD_BYTES = 65_536
"""How long a request may be before its body begins, what comes between two bytes of a body (chunk extensions), and what
comes after it (trailers); uvicorn itself has no limit with httptools."""
_RESERVED = 128  # descriptors for files, workers and the log, beside connections
_FRAMING = (b"content-length", b"transfer-encoding")
_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ HTTP/1\.[01]\r\n")
_OTHER_VERSION = re.compile(rb"[^ \r\n]+ [^ \r\n]+ HTTP/(?!1\.[01])[0-9]\.[0-9]\r\n")
_TARGET = re.compile(rb"/[^#]*|\*|https?://[^/?#@]+(?:[/?][^#]*)?", re.IGNORECASE)
"""A path, the server as a whole, or the URL of a resource here, without user and fragment (RFC 9112 §3.2, RFC 9110
§4.2.4)."""
_NO_PATH = re.compile(rb"(https?://[^/?]+)(\?.*)?", re.IGNORECASE)
_VERSIONS = ("1.0", "1.1")
_log = logging.getLogger("palermo.connections")
_PHRASES = {int(status): status.phrase.encode() for status in HTTPStatus} | {414: b"URI Too Long"}
"""With the name that RFC 9110 §15.5.15 has, as Python from 3.13 on."""


def connections_at_most(settings: Settings) -> int:
    """How many connections are held at once: the setting, or what the limit of descriptors leaves room for."""
    room = max(16, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _RESERVED)
    return min(settings.connections, room) if settings.connections else room


def bounded_protocol(settings: Settings) -> Callable[..., BoundedHttp]:
    """Makes connections for these settings, and counts all that it makes."""
    return partial(BoundedHttp, settings, connections_at_most(settings), Counter(), {})


def of_environment(**given: Any) -> BoundedHttp:
    """A connection of one of several processes, whose settings are in the environment."""
    return _protocol_of_environment()(**given)


@cache
def _protocol_of_environment() -> Callable[..., BoundedHttp]:
    return bounded_protocol(Settings())


class BoundedHttp(DirectHttp):
    """One connection.

    By the settings a request, head and body, has so long to come, and a new connection may be silent as long; so long
    may a response wait for its reader without any progress. ``most`` bounds all connections; those of one address are
    counted in ``clients`` and bounded by a setting, unless it is a proxy's. ``heads`` are the fields of requests
    that came before, on any of them.

    A request that offers another protocol (`Upgrade: h2c`, as Java's HttpClient does in every request) is answered as
    it is, which RFC 9110 §7.8 allows. httptools stops at the head of such a request and takes what follows for the
    other protocol, so its body is read by a parser of its own, which goes on with the connection.
    """

    _head = 0
    _fields = 0
    _in_head = True
    _resuming = False
    _incoming: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def __init__(self, settings: Settings, most: int, clients: Counter[str], heads: Heads, **given: Any) -> None:
        super().__init__(heads, **given)
        self._settings = settings
        self._most = most
        self._clients = clients

    def connection_made(self, transport: Any) -> None:
        """Counts the connection and starts its first wait, or refuses it."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._clients[self._address] += 1
        trusted = self._address in (self._proxies or ())
        if self._clients[self._address] > self._settings.client_connections and not trusted:
            self._refuse(429, "This address has too many connections.")
        elif len(self.connections) > self._most and not self._make_room():
            self._refuse(503, "The server has too many connections.")
        else:
            self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends all waits of the connection."""
        self._clients[self._address] -= 1
        if not self._clients[self._address]:
            del self._clients[self._address]
        self._incoming = _cancelled(self._incoming)
        self._unread = _cancelled(self._unread)
        if self._begun is not None:
            self._begun()
            self._begun = None
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """Whether no response is under way."""
        return self._begun is None and (self.cycle is None or self.cycle.response_complete)

    def count(self, why: str) -> None:
        """Counts the connection among those that the server ended."""
        if self._front is not None:
            self._front.services.metrics.ended(why).inc()

    def _make_room(self) -> bool:
        """Closes another connection that is idle; whether there was one."""
        for other in self.connections:
            if other is not self and isinstance(other, BoundedHttp) and other.is_idle:
                other.transport.abort()
                other.count("idle")
                self.connections.discard(other)
                return True
        return False

    def data_received(self, data: bytes) -> None:
        """Reads a piece of the connection."""
        if self.transport.is_closing():
            return
        if self._begun is not None:  # One request is answered at a time, and what follows waits.
            self._later += data
            self.transport.pause_reading()
            return
        if self._between and self.is_idle and self._answer_at_once(data):
            return
        self._read(data)

    def _arrived(self) -> None:
        self._incoming = _cancelled(self._incoming)

    def _read(self, data: bytes) -> None:
        self._head += len(data)
        self._unset_keepalive_if_required()
        if self._incoming is None and self.is_idle:
            self._expect_request()
        try:
            self._feed(data)
        except httptools.HttpParserInvalidMethodError:
            if self._in_head and _REQUEST_LINE.match(data):
                self._refuse(501, "There is no such method.")
            else:
                self._refuse(400, "Invalid HTTP request received.")
        except httptools.HttpParserError:
            if self._in_head and _OTHER_VERSION.match(data):
                self._refuse(505, "This server speaks HTTP/1.1.")
            else:
                self._refuse(400, "Invalid HTTP request received.")
        else:
            if self._head > HEAD_BYTES:
                self._refuse_head()

    def _expect_request(self) -> None:
        self._incoming = self.loop.call_later(
            self._settings.request_seconds, self._refuse, 408, "The request took too long."
        )

    def _refuse_head(self) -> None:
        if len(self.url) > HEAD_BYTES // 2:
            self._refuse(414, "The target of this request is too long.")
        else:
            self._refuse(431, "The head of this request is too long.")

    def _refuse(self, status: int, reason: str) -> None:
        """Ends the connection, with a response where none is under way."""
        if self.transport.is_closing():
            return
        self.count(str(status))
        _log.info("request refused", extra={"client": self._address, "status": status, "reason": reason})
        if self.is_idle or not self.cycle.response_started:
            head = [
                b"HTTP/1.1 %d %s" % (status, _PHRASES[status]),
                b"content-type: text/plain; charset=utf-8",
                b"content-length: %d" % len(reason),
                *([b"retry-after: 5"] if status in (429, 503) else []),
                b"cache-control: no-store",
                *(b"%s: %s" % (name.encode(), value.encode()) for name, value in STANDING),
                b"connection: close",
            ]
            self.transport.write(b"\r\n".join(head) + b"\r\n\r\n" + reason.encode("ascii"))
        self.transport.close()

    def _feed(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
                self._read_body_of_upgrade()

    def _read_body_of_upgrade(self) -> None:
        """Parses the body of a request whose head was parsed, with a new parser that gets only its framing fields."""
        framing = [name + b": " + value for name, value in self.headers if name in _FRAMING]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._resuming = True
        self.parser.feed_data(b"\r\n".join([b"POST / HTTP/1.1", *framing, b"\r\n"]))

    def on_message_begin(self) -> None:
        """A request begins, unless it is the rest of one."""
        if not self._resuming:
            self._fields = 0
            self._between = False
            super().on_message_begin()
            if self._exchange is not None:
                scope: Any = self.scope
                scope[BEGUN], self._exchange = self._exchange, None

    def on_url(self, url: bytes) -> None:
        """A piece of the request's target."""
        if not self._resuming:
            self._fields += len(url)
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the request. One that comes after the body is not among those of the head (RFC 9110 §6.5.1)."""
        if self._resuming:
            return
        self._fields += len(name) + len(value) + 4
        if self._in_head:
            super().on_header(name, value)
        elif self._fields > HEAD_BYTES:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """The head ends; what follows is counted by the application."""
        if self._resuming:
            self._resuming = False
            return
        self._in_head = False
        fresh, self._fresh = self._fresh, None
        if self.transport.is_closing():
            return
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # RFC 9110 §10.1.1
        if without := _NO_PATH.fullmatch(self.url):
            self.url = without[1] + b"/" + (without[2] or b"")  # RFC 9110 §4.2.3
        if self.parser.get_http_version() not in _VERSIONS:
            self._refuse(505, "This server speaks HTTP/1.1.")
        elif self._fields > HEAD_BYTES:
            self._refuse_head()
        elif not _TARGET.fullmatch(self.url):
            self._refuse(400, "The target of this request is none.")
        else:
            self._remember(fresh)
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body, which the application counts."""
        self._head = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next head begins; of a request that offers another protocol, only its head has been read."""
        if self.parser.should_upgrade():
            return
        self._in_head = True
        self._between = True
        self._head = 0
        self._incoming = _cancelled(self._incoming)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The reader is slower than the response: from now on it has to make progress."""
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The reader has caught up."""
        self._unread = _cancelled(self._unread)
        super().resume_writing()

    def _watch_reader(self, size: int) -> None:
        self._unread = _cancelled(self._unread)
        self._unread = self.loop.call_later(self._settings.unread_seconds, self._check_reader, size)

    def _check_reader(self, size: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= size:
            self.count("unread")
            _log.info("response not read", extra={"client": self._address, "bytes": left})
            self.transport.abort()
        else:
            self._watch_reader(left)


def _cancelled(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Ends a wait; the None that takes its place."""
    if timer is not None:
        timer.cancel()
    return None
