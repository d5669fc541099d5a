"""The description of all routes in OpenAPI, in which errors are problem documents and nothing claims a type that it
does not send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from starlette.routing import compile_path

from ontology.namespaces import Base
from ontology.version import program_version
from server.web.errors import PROBLEM
from server.web.front import Route

_ABOUT = "United Nations recommendations as linked data. Every address answers GET, HEAD, OPTIONS."
_ERRORS = {
    "400": "The request is malformed.",
    "404": "Nothing is at this address.",
    "406": "No format fits what the request accepts.",
    "413": "The request is too large.",
    "414": "The address is too long.",
}


def describe(routes: Mapping[str, Mapping[str, Route]], base: Base) -> dict[str, Any]:
    """The OpenAPI document of routes by path and method, for a base, as plain values."""
    described = {
        compile_path(path)[1]: {by.lower(): _operation(route) for by, route in methods.items() if route.summary}
        for path, methods in routes.items()
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
