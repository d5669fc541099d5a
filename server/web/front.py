"""The front: a thin ASGI application that answers from memory and hands everything else, cleaned, to the routes.

It reads the path as it came, strips the base's prefix, opens the version named by ``/v/<version>/``, turns HEAD into
GET, answers OPTIONS, holds the limits of a request and makes sure that whatever fails becomes an answer in our manners.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.snapshot import SnapshotError
from server.web.cache import AnswerCache, Key
from server.web.errors import BadRequest, MethodNotAllowed, NotFound, PalermoError, PayloadTooLarge
from server.web.errors import UriTooLong as TargetTooLong
from server.web.exchange import KEY, Exchange, Services
from server.web.paths import check_query, path_below, split_version
from server.web.problems import internal_error, problem_answer
from server.web.representation import Representation
from server.web.responses import STANDING, finish

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_CURRENT_ONLY = ("/sparql", "/id/", "/health/", "/metrics", "/v/", "/static/")
_ALLOW_HEADERS = "Accept, Accept-Encoding, Content-Type, If-None-Match, If-Modified-Since, X-Request-Id"
_log = logging.getLogger("palermo.request")

AllowedMethods = Callable[[str], Iterable[str]]


class Front:
    """Wraps the routes. ``allowed`` says which methods a path below the base has, empty when there is no such path."""

    def __init__(self, routes: ASGIApp, services: Services, allowed: AllowedMethods) -> None:
        self._routes = routes
        self._services = services
        self._allowed = allowed
        self._name = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._cache = AnswerCache(services.settings.page_cache_bytes)
        self._logs_all = services.settings.access_log == "all"
        self._logs_computed = services.settings.access_log != "off"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; lifespan and what is not HTTP go straight to the routes."""
        if scope["type"] != "http":
            await self._routes(scope, receive, send)
            return
        fields = _fields(scope["headers"])
        method, snapshot = scope["method"], self._services.snapshots.current
        key: Key = (snapshot.version, scope["raw_path"], scope["query_string"], fields.get(b"accept", b""))
        kept = self._cache.get(key) if method in ("GET", "HEAD") and b"transfer-encoding" not in fields else None
        if kept is not None:
            await self._send_again(kept, scope, send, fields)
            return
        exchange = Exchange(self._services, snapshot, self._request_id(fields), headers_only=method == "HEAD")
        exchange.accept = _text(fields, b"accept")
        exchange.accept_encoding = _text(fields, b"accept-encoding")
        exchange.if_none_match = _text(fields, b"if-none-match")
        exchange.if_modified_since = _text(fields, b"if-modified-since")
        exchange.client = scope["client"][0] if scope.get("client") else ""
        await self._compute(scope, receive, send, exchange, fields)
        if exchange.representation is not None:
            exchange.representation.hits = self._services.metrics.hit_counter(exchange.route)
            self._cache.put(key, exchange.representation)

    async def _send_again(self, kept: Representation, scope: Scope, send: Send, fields: dict[bytes, bytes]) -> None:
        method, request_id = scope["method"], self._request_id(fields)
        status, headers, body = kept.parts(
            method,
            _text(fields, b"accept-encoding"),
            _text(fields, b"if-none-match"),
            _text(fields, b"if-modified-since"),
        )
        kept.hits.inc()
        headers = [*headers, (b"x-request-id", request_id.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if self._logs_all:
            path = scope["raw_path"].decode("latin-1")
            extra = {"request_id": request_id, "method": method, "path": path, "status": status, "kept": True}
            _log.info("request", extra=extra)

    def _request_id(self, fields: dict[bytes, bytes]) -> str:
        given = fields.get(b"x-request-id")
        if given is not None and _REQUEST_ID.fullmatch(given):
            return given.decode()
        return f"{self._name}-{next(self._numbers):x}"

    async def _compute(
        self, scope: Scope, receive: Receive, send: Send, exchange: Exchange, fields: dict[bytes, bytes]
    ) -> None:
        sender = _Sender(send, exchange, scope["method"] == "HEAD")
        try:
            self._check(scope, fields)
            self._place(scope, exchange)
            if scope["method"] == "OPTIONS":
                await self._options(exchange, sender)
            else:
                inner = self._inner_scope(scope, exchange)
                try:
                    await self._routes(inner, self._bounded(receive), sender)
                finally:
                    exchange.route = getattr(inner.get("route"), "path", "")
        except PalermoError as error:
            await self._fail(error, exchange, sender)
        except Exception:
            _log.exception("unexpected error", extra={"request_id": exchange.request_id, "path": exchange.path})
            await self._fail(internal_error(exchange), exchange, sender)
        seconds = time.perf_counter() - exchange.started
        self._services.metrics.request(exchange.route or "(none)", sender.media_type, sender.status, seconds)
        if self._logs_computed:
            self._record(scope, exchange, sender.status)

    def _check(self, scope: Scope, fields: dict[bytes, bytes]) -> None:
        settings = self._services.settings
        close = [("Connection", "close")]
        if b"transfer-encoding" in fields and b"content-length" in fields:
            raise BadRequest(
                "A request has Content-Length or Transfer-Encoding, not both (RFC 9112 §6.1).", headers=close
            )
        length = fields.get(b"content-length", b"0")
        if length.isdigit() and int(length) > settings.request_bytes:
            raise PayloadTooLarge(f"A request body here has at most {settings.request_bytes} bytes.", headers=close)
        if len(scope["raw_path"]) + len(scope["query_string"]) > settings.target_bytes:
            raise TargetTooLong(
                f"An address here has at most {settings.target_bytes} bytes. Send a long query by POST."
            )
        check_query(scope["query_string"])

    def _place(self, scope: Scope, exchange: Exchange) -> None:
        path = path_below(scope["raw_path"], exchange.snapshot.base.path)
        version, exchange.path = split_version(path)
        if version:
            try:
                exchange.snapshot = self._services.snapshots.version(version)
            except SnapshotError:
                raise NotFound(f"There is no version {version!r} of this data.") from None
            exchange.version = version
            if exchange.path.startswith(_CURRENT_ONLY):
                raise NotFound("This address exists for the current version only.")

    def _inner_scope(self, scope: Scope, exchange: Exchange) -> Scope:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        return {**scope, "path": exchange.path, "root_path": "", "method": method, KEY: exchange}

    def _bounded(self, receive: Receive) -> Receive:
        limit = self._services.settings.request_bytes
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise PayloadTooLarge(
                    f"A request body here has at most {limit} bytes.", headers=[("Connection", "close")]
                )
            return message

        return bounded

    async def _options(self, exchange: Exchange, send: Send) -> None:
        methods = self.methods(exchange.path)
        if not methods:
            raise NotFound("Nothing is at this address.")
        exchange.route = "OPTIONS"
        listed = ", ".join(methods)
        headers = [
            ("allow", listed),
            ("access-control-allow-methods", listed),
            ("access-control-allow-headers", _ALLOW_HEADERS),
            ("access-control-max-age", "86400"),
            *STANDING,
        ]
        raw = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": 204, "headers": raw})
        await send({"type": "http.response.body", "body": b""})

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods a path has, with those that come with others; empty when there is no such path."""
        found = set(self._allowed(path))
        if not found:
            return ()
        found |= {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())
        return tuple(sorted(found))

    def method_error(self, exchange: Exchange, method: str) -> MethodNotAllowed:
        """The 405 for a method that a path lacks."""
        allow = self.methods(exchange.path)
        return MethodNotAllowed(f"{method} does not work here; {', '.join(allow)} do.", allow=allow)

    async def _fail(self, error: PalermoError, exchange: Exchange, sender: _Sender) -> None:
        if not sender.status:
            answer = problem_answer(error, exchange)
            status, headers, body = finish(answer, exchange).parts("POST", exchange.accept_encoding)
            await sender({"type": "http.response.start", "status": status, "headers": headers})
            await sender({"type": "http.response.body", "body": body})

    def _record(self, scope: Scope, exchange: Exchange, status: int) -> None:
        extra = {
            "request_id": exchange.request_id,
            "method": scope["method"],
            "path": scope["raw_path"].decode("latin-1"),
            "status": status,
            "route": exchange.route,
            "milliseconds": round((time.perf_counter() - exchange.started) * 1000, 2),
            "kept": False,
        }
        _log.info("request", extra=extra)


class _Sender:
    """Sends to the client, drops the body of a HEAD, adds the request's id and remembers what was sent."""

    def __init__(self, send: Send, exchange: Exchange, headers_only: bool) -> None:
        self._send = send
        self._exchange = exchange
        self._headers_only = headers_only
        self.status = 0
        self.media_type = ""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.media_type = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
            identity = (b"x-request-id", self._exchange.request_id.encode())
            message = {**message, "headers": [*message["headers"], identity]}
        elif self._headers_only and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The header fields by lower-case name, repeated ones joined (RFC 9110 §5.3)."""
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def _text(fields: dict[bytes, bytes], name: bytes) -> str:
    found = fields.get(name)
    return "" if found is None else found.decode("latin-1")
