"""The description of the addresses in OpenAPI, made from the routes and made true: errors are problem documents, every
GET has a HEAD beside it, and nothing claims a type it does not send."""

from __future__ import annotations

import copy
import re
from typing import Any

from fastapi import FastAPI

from ontology.namespaces import Base
from server.web.errors import PROBLEM

_ERRORS = {
    "400": "The request is malformed.",
    "404": "Nothing is at this address.",
    "406": "No format fits what the request accepts.",
    "413": "The request is too large.",
    "414": "The address is too long.",
}
_METHODS = ("get", "post")
_VARIABLE = re.compile(r"{(\w+)}")


def describe_api(application: FastAPI, base: Base) -> dict[str, Any]:
    """The OpenAPI document for a base, as plain values."""
    document = copy.deepcopy(application.openapi())
    document["servers"] = [{"url": base.path.rstrip("/") or "/"}]
    document["components"] = {"schemas": {"Problem": _problem()}}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                _correct(methods[method], path)
                _describe_places(methods[method], path)
    return document


def _describe_places(operation: dict[str, Any], path: str) -> None:
    """Adds the variables of a path that its handler does not take as parameters."""
    described = operation.setdefault("parameters", [])
    known = {parameter["name"] for parameter in described}
    for name in _VARIABLE.findall(path):
        if name not in known:
            described.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})


def _correct(operation: dict[str, Any], path: str) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    success = responses.get("200", {})
    if success.get("content") == {"application/json": {"schema": {}}}:
        del success["content"]
    if "{" in path:
        responses["303"] = {"description": "The answer is at another address."}
    responses["304"] = {"description": "What the client has is still good."}
    for status, description in _ERRORS.items():
        responses.setdefault(status, _error(description))
    responses["default"] = _error("Any other error.")


def _error(description: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {PROBLEM: schema, "text/html": {}, "text/plain": {}}}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "title": "Problem document (RFC 9457)",
        "required": ["type", "title", "status", "detail", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "request_id": {"type": "string"},
        },
    }
