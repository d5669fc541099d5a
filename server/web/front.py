"""The front: the outermost ASGI application, which answers from the cache and hands everything else on to the routes,
one for each method at a path.

It reads the path as it came (``raw_path``), because an encoded slash is not a slash (RFC 3986 §2.2), strips the base's
prefix, which a proxy may leave, opens the version named by ``/v/<version>/``, turns HEAD into GET, answers OPTIONS,
holds the limits of a request, and makes whatever fails a response in the reader's format.

A handler of a route is a function of an exchange, which a thread runs, or a coroutine function, which runs on the event
loop. Its other parameters are variables of the path, or else parameters of the query string, which are validated by
their types.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from http import HTTPStatus
from inspect import iscoroutinefunction, signature
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.integrity import NoSnapshotError
from server.web.answers import STANDING, Conditions, RawHeaders, StoredResponse
from server.web.errors import READING, BadRequest, NotFound, PalermoError, TooLarge, explained
from server.web.problems import error_response, response_beside
from server.web.request import (
    BEGUN,
    Exchange,
    Fields,
    Services,
    Tell,
    check_request,
    conditions_of,
    discard,
    fields_of,
    may_be_stored,
    path_below,
    refuse_unknown,
    text_of,
)
from server.web.sending import Response, Sender, Unread, send_body, stored_of

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_CURRENT_ONLY = ("/sparql", "/mcp", "/timegate/", "/timemap/", "/health/", "/metrics", "/v/", "/static/")
_ALLOW_HEADERS = (
    "*, Authorization, Accept, Accept-Encoding, Content-Type, If-None-Match, If-Modified-Since, X-Request-Id"
)
"""The star does not stand for Authorization (Fetch §4.8), and old browsers do not know it."""
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_VERSION = re.compile(r"/v/([^/]+)(/.*)?")
_log = logging.getLogger("palermo.request")


Handler = Callable[..., Response | Awaitable[Response]]
Begin = Callable[[Exchange, bytes, Tell], StoredResponse | Callable[[], None] | None]


@dataclass(frozen=True, eq=False)
class Route:
    """What answers one method at a path. ``summary`` and ``tag`` describe it, where it is described at all; ``details``
    are further members of that (OpenAPI 3.1 §4.8.10). An address has no parameters but ``names``, if there are any.
    ``begin`` answers, or begins to answer, a GET without a task; ``otherwise`` says what to do instead of another
    method."""

    path: str
    handler: Handler
    summary: str = ""
    tag: str = ""
    status: int = 200
    method: str = "GET"
    names: Collection[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    begin: Begin | None = None
    otherwise: str = ""

    @cached_property
    def is_quick(self) -> bool:
        """Whether the handler computes little itself, or elsewhere, and waits for nobody's page."""
        return iscoroutinefunction(self.handler)

    @cached_property
    def parameters(self) -> type[BaseModel]:
        """The parameters that the handler takes from the address."""
        taken, places = signature(self.handler, eval_str=True).parameters, compile_path(self.path)[2]
        fields: dict[str, Any] = {
            name: (each.annotation, ... if name in places or each.default is each.empty else each.default)
            for name, each in taken.items()
            if name != "exchange"
        }
        return create_model("Parameters", **fields)

    def answer(self, exchange: Exchange, places: Mapping[str, str]) -> Any:
        """What the handler returns. ``places`` are the variables of the path."""
        names = self.parameters.model_fields
        if not names and not self.names:
            return self.handler(exchange=exchange)
        query = exchange.request.query_params
        if self.names:
            refuse_unknown(query, self.names)
        try:
            given = self.parameters.model_validate({**query, **places})
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise BadRequest(f"A parameter is wrong. {wrong}") from None
        return self.handler(exchange=exchange, **{name: getattr(given, name) for name in names})


def routes_of(tag: str, *routes: tuple[str, Handler, str]) -> tuple[Route, ...]:
    """The routes of GET requests at some paths, described under one heading: what answers each, and its summary."""
    return tuple(Route(path, handler, summary, tag) for path, handler, summary in routes)


class Routes:
    """All routes, ``by_path`` and method. One with variables is found in the order in which they are given; ``begins``
    are those that need no task, by path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        by_path: dict[str, dict[str, Route]] = {}
        for route in routes:
            by_path.setdefault(route.path, {})[route.method] = route
        self.by_path = by_path
        self._open = [
            (path.partition("{")[0], compile_path(path)[0], methods) for path, methods in by_path.items() if "{" in path
        ]
        self.begins = {path: methods["GET"].begin for path, methods in by_path.items() if "GET" in methods}

    def at(self, path: str) -> tuple[Mapping[str, Route], Mapping[str, str]]:
        """The routes at a path, by method, and the variables in it; no routes where nothing is."""
        if path in self.by_path and "{" not in path:
            return self.by_path[path], {}
        for beginning, pattern, methods in self._open:
            if path.startswith(beginning) and (match := pattern.match(path)):
                return methods, match.groupdict()
        return {}, {}


class Front:
    """Answers by the routes; ``lifespan`` gets the messages that are no request."""

    def __init__(self, routes: Routes, services: Services, lifespan: ASGIApp) -> None:
        self.routes = routes
        self._lifespan = lifespan
        self.services = services
        self._name = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        settings = services.settings
        self._unread = Unread(settings.unread_bytes, settings.client_unread_bytes)
        self.logs_all = services.settings.access_log == "all"
        self._logs_computed = services.settings.access_log != "off"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._lifespan(scope, receive, send)
            return
        fields = fields_of(scope["headers"])
        asked = conditions_of(scope["method"], fields)
        version = self.services.snapshots.current.version
        key = (version, scope["raw_path"], scope["query_string"], fields.get(b"accept", b""))
        if may_be_stored(asked.method, fields):
            stored = self.services.stored(key)
            if stored is not None and await self._send_stored(stored, scope, send, asked, fields):
                return
        exchange: Exchange = scope.get(BEGUN) or Exchange(
            self.services,
            self.services.snapshots.current,
            self._request_id(fields),
            asked,
            key,
            accept=text_of(fields, b"accept"),
            client=_client(scope),
        )
        await self._compute(scope, receive, send, exchange, fields)

    async def _send_stored(
        self, stored: StoredResponse, scope: Scope, send: Send, asked: Conditions, fields: Fields
    ) -> bool:
        """Sends a response from the cache; False where it has to be made after all, with what goes wrong shown."""
        request_id, client = self._request_id(fields), _client(scope)
        sender = Sender(send, client, request_id, asked, self._unread)
        try:
            if not stored.is_ready(asked):
                await self.services.threads.make(client, partial(stored.parts, asked))
            await sender.send(stored)
        except PalermoError:
            return False
        if stored.hits is not None:
            stored.hits.inc()
        if self.logs_all:
            _log_request(request_id, client, asked.method, scope["raw_path"], sender.status, kept=True)
        return True

    def _request_id(self, fields: Fields) -> str:
        given = fields.get(b"x-request-id")
        if given is not None and _REQUEST_ID.fullmatch(given):
            return given.decode()
        return self.next_id()

    def next_id(self) -> str:
        return f"{self._name}-{next(self._numbers):x}"

    async def _compute(self, scope: Scope, receive: Receive, send: Send, exchange: Exchange, fields: Fields) -> None:
        sender = Sender(send, exchange.client, exchange.request_id, exchange.conditions, self._unread)
        try:
            try:
                check_request(scope, fields, self.services.settings)
            except TooLarge:
                if b"expect" not in fields:  # else its body is not sent before it is asked for
                    await discard(receive)
                raise
            await self._place(scope, exchange)
            if scope["method"] == "OPTIONS":
                exchange.route = "OPTIONS"
                await sender.start(204, self._options(exchange))
                await send_body(send, b"")
            else:
                await sender.send(await self._response(scope, receive, exchange))
        except Exception as problem:
            error = explained(problem, exchange.request_id, exchange.path)
            if not sender.status:
                await sender.send(await response_beside(error, exchange))
            del error  # whose traceback has this frame, and that of a large body that was refused
        self.count(exchange, scope["method"], scope["raw_path"], sender.status, sender.media_type)

    def count(self, exchange: Exchange, method: str, raw_path: bytes, status: int, media_type: str) -> None:
        """Counts a request that was computed, and logs it."""
        seconds = time.perf_counter() - exchange.started
        metrics, route = self.services.metrics, exchange.route or "(none)"
        metrics.requests(route, media_type, str(status)).inc()
        metrics.seconds(route).observe(seconds)
        if self._logs_computed:
            fields = {"route": exchange.route, "milliseconds": round(seconds * 1000, 2), "kept": False}
            _log_request(exchange.request_id, exchange.client, method, raw_path, status, **fields)

    async def _response(self, scope: Scope, receive: Receive, exchange: Exchange) -> Response:
        """The response of a route: most are made beside the event loop."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        methods, places = self.routes.at(exchange.path)
        if not methods:
            raise NotFound("Nothing is at this address.")
        route = methods.get(method)
        exchange.route = (route or next(iter(methods.values()))).path
        if route is None:
            raise self._method_error(methods, exchange, scope["method"])
        inner: Scope = {**scope, "path": exchange.path, "root_path": "", "method": method}
        exchange.request = Request(inner, self._bounded(receive))
        if route.is_quick:
            made: Response = await route.answer(exchange, places)
            return made

        def make() -> Response:
            response: Response
            try:
                response = route.answer(exchange, places)
            except (PalermoError, *READING) as problem:
                response = error_response(explained(problem, exchange.request_id, exchange.path), exchange)
            stored_of(response).parts(exchange.conditions)  # what is to be compressed is compressed here
            return response

        if route.path.startswith("/id/") and exchange.snapshot.in_memory:  # it asks only whether a thing is there
            return make()
        return await exchange.in_turn(make)

    async def _place(self, scope: Scope, exchange: Exchange) -> None:
        if scope["raw_path"] == b"*":  # OPTIONS of the server as a whole (RFC 9110 §9.3.7)
            exchange.path = "*"
            return
        exchange.path = path_below(scope["raw_path"], exchange.snapshot.base.path)
        versioned = _VERSION.fullmatch(exchange.path)
        if versioned:
            version, exchange.path = versioned[1], versioned[2] or "/"
            try:
                exchange.snapshot = await exchange.in_turn(partial(self.services.snapshots.version, version))
            except NoSnapshotError:
                raise NotFound(f"There is no version {version!r} of this data.") from None
            exchange.version = version
            if exchange.path.startswith(_CURRENT_ONLY):
                raise NotFound("This address exists for the current version only.")

    def _bounded(self, receive: Receive) -> Receive:
        limit = self.services.settings.request_bytes
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                if message.get("more_body", False):
                    await discard(receive)
                raise TooLarge(f"A request body here has at most {limit} bytes.", headers=[("Connection", "close")])
            return message

        return bounded

    def _options(self, exchange: Exchange) -> RawHeaders:
        """The headers of the response to OPTIONS."""
        methods = _METHODS if exchange.path == "*" else self.methods(exchange.path)
        if not methods:
            raise NotFound("Nothing is at this address.")
        listed = ", ".join(methods)
        headers = [
            ("allow", listed),
            ("access-control-allow-methods", listed),
            ("access-control-allow-headers", _ALLOW_HEADERS),
            ("access-control-max-age", "86400"),
            *STANDING,
        ]
        return [(name.encode(), value.encode()) for name, value in headers]

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods a path has, with those that come with others; empty when there is no such path."""
        methods, _ = self.routes.at(path)
        if not methods:
            return ()
        return tuple(sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}))

    def _method_error(self, methods: Mapping[str, Route], exchange: Exchange, method: str) -> PalermoError:
        """The 405 for a method that a path lacks (RFC 9110 §15.5.6)."""
        allow = self.methods(exchange.path)
        instead = next(iter(methods.values())).otherwise
        return PalermoError(
            instead or f"{method} does not work here; {', '.join(allow)} do.",
            status=HTTPStatus.METHOD_NOT_ALLOWED,
            headers=[("Allow", ", ".join(allow))],
            extra={"allow": list(allow)},
        )


def _log_request(request_id: str, client: str, method: str, raw_path: bytes, status: int, **further: object) -> None:
    path = raw_path.decode("latin-1")
    fields = {"request_id": request_id, "client": client, "method": method, "path": path, "status": status}
    _log.info("request", extra=fields | further)


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
