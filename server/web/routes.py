"""The routes: which handler answers a method at a path, the parameters it takes, and the description of all of them in
OpenAPI, in which errors are problem documents and nothing claims a type that it does not send.

A handler is a function of an exchange, which a thread runs, or a coroutine function, which runs on the event loop. Its
other parameters are variables of the path, or else parameters of the query string, which are validated by their types.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import cleandoc, iscoroutinefunction, signature
from typing import Any

from pydantic import BaseModel, ValidationError, create_model
from starlette.routing import compile_path

from ontology.namespaces import Base
from ontology.version import program_version
from server.web.answers import StoredResponse
from server.web.errors import PROBLEM, BadRequest
from server.web.request import Exchange, Tell, refuse_unknown
from server.web.sending import Response

Handler = Callable[..., Response | Awaitable[Response]]
Begin = Callable[[Exchange, bytes, Tell], StoredResponse | Callable[[], None] | None]
_ABOUT = "United Nations recommendations as linked data. Every address answers GET, HEAD, OPTIONS."
_ERRORS = {
    "400": "The request is malformed.",
    "404": "Nothing is at this address.",
    "406": "No format fits what the request accepts.",
    "413": "The request is too large.",
    "414": "The address is too long.",
}


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
    """All routes. One with variables is found in the order in which they are given; ``begins`` are those that need no
    task, by path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        by_path: dict[str, dict[str, Route]] = {}
        for route in routes:
            by_path.setdefault(route.path, {})[route.method] = route
        self._all = by_path
        self._open = [
            (path.partition("{")[0], compile_path(path)[0], methods) for path, methods in by_path.items() if "{" in path
        ]
        self.begins = {path: methods["GET"].begin for path, methods in by_path.items() if "GET" in methods}

    def at(self, path: str) -> tuple[Mapping[str, Route], Mapping[str, str]]:
        """The routes at a path, by method, and the variables in it; no routes where nothing is."""
        if path in self._all and "{" not in path:
            return self._all[path], {}
        for beginning, pattern, methods in self._open:
            if path.startswith(beginning) and (match := pattern.match(path)):
                return methods, match.groupdict()
        return {}, {}

    def describe(self, base: Base) -> dict[str, Any]:
        """The OpenAPI document for a base, as plain values."""
        described = {
            compile_path(path)[1]: {by.lower(): _operation(route) for by, route in methods.items() if route.summary}
            for path, methods in self._all.items()
        }
        return {
            "openapi": "3.1.0",
            "info": {"title": "Palermo", "description": _ABOUT, "version": program_version()},
            "servers": [{"url": base.path.rstrip("/") or "/"}],
            "paths": {path: operations for path, operations in described.items() if operations},
            "components": {"schemas": {"Problem": _PROBLEM}},
        }


def _operation(route: Route) -> dict[str, Any]:
    """The description of a route."""
    _, path, places = compile_path(route.path)
    name, says = getattr(route.handler, "__name__", ""), cleandoc(route.handler.__doc__ or "")
    success = {"200": {"description": "Successful Response"}} if route.status == 200 else {}
    moved = {"303": {"description": "The answer is at another address."}} if places else {}
    schema = route.parameters.model_json_schema()
    known = {place: {"type": "string"} for place in places} | schema["properties"]
    required = {*places, *schema.get("required", ())}
    return {
        **({"tags": [route.tag]} if route.tag else {}),
        "summary": route.summary,
        **({"description": says} if says else {}),
        "operationId": re.sub(r"\W", "_", name + path) + f"_{route.method.lower()}",
        "parameters": [
            {"name": each, "in": "path" if each in places else "query", "required": each in required, "schema": said}
            | {name: said[name] for name in said if name == "description"}
            for each, said in known.items()
        ],
        "responses": {
            **success,
            **moved,
            "304": {"description": "What the client has is still good."},
            **{status: _error(description) for status, description in _ERRORS.items()},
            "default": _error("Any other error."),
        },
        **route.details,
    }


def _error(description: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {PROBLEM: schema, "text/html": {}, "text/plain": {}}}


_PROBLEM = {
    "type": "object",
    "title": "Problem document (RFC 9457)",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "request_id")}
    | {"status": {"type": "integer"}},
}
