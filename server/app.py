"""The application: settings in, ASGI application out. Everything is built here and nothing is shared between two."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Protocol

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from queries.catalogue import read_catalogue
from server.linkeddata.extension import LinkedDataExtension
from server.linkeddata.plain import plain_resource_page
from server.pages.routes import PagesExtension
from server.remote.engine import Engine
from server.remote.extension import RemoteExtension
from server.settings import Settings
from server.snapshot import Snapshots, program_version
from server.sparql.extension import SparqlExtension
from server.web.errors import BadRequest, NotFound, PalermoError
from server.web.exchange import Services, exchange_of
from server.web.front import Front
from server.web.health import HealthExtension
from server.web.metrics import Metrics
from server.web.openapi import describe_api
from server.web.problems import internal_error, plain_error_page, problem_answer
from server.web.responses import Answer, respond


class Extension(Protocol):
    """A part of the server: its routes, below the base, and what it does when the server starts and stops."""

    def router(self) -> APIRouter:
        """The routes, without HEAD and OPTIONS, which the front adds."""

    async def start(self, services: Services) -> None:
        """Begins work that lives as long as the server."""

    async def stop(self) -> None:
        """Ends it."""


def default_extensions() -> tuple[Extension, ...]:
    """The parts of the whole server. Where two have a route for one path, the earlier wins."""
    return (HealthExtension(), SparqlExtension(), LinkedDataExtension(), PagesExtension())


def create_app(settings: Settings, extensions: Sequence[Extension] | None = None) -> Front:
    """The server for these settings. Raises `SnapshotError` when there is no snapshot to serve."""
    parts = default_extensions() if extensions is None else tuple(extensions)
    services = Services(
        settings, Snapshots(settings), read_catalogue(), Metrics(), plain_error_page, plain_resource_page
    )

    if settings.store:
        services.engine = Engine(settings.store, services.catalogue, settings.store_connections, settings.store_seconds)
        parts = (RemoteExtension(), *parts)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(services.snapshots.watch())
        async with contextlib.AsyncExitStack() as stack:
            for part in parts:
                await part.start(services)
                stack.push_async_callback(part.stop)
            yield
        watching.cancel()

    application = FastAPI(
        title="Palermo",
        description="Linked data for the soft law of the Palermo Convention. Every address answers GET, HEAD, OPTIONS.",
        version=program_version(),
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    for part in parts:
        application.include_router(part.router())
    _serve_description(application)
    front = Front(application, services, lambda path: _methods(application, path))
    _handle_errors(application, front)
    return front


def _serve_description(application: FastAPI) -> None:
    async def describe(request: Request) -> Response:
        document = describe_api(application, exchange_of(request).snapshot.base)
        return respond(request, Answer(json.dumps(document, indent=1).encode(), "application/json"))

    application.add_api_route("/openapi.json", describe, response_model=None, include_in_schema=False)


def _methods(application: FastAPI, path: str) -> Iterable[str]:
    """The methods of all routes that match a path below the base."""
    for method in ("GET", "POST"):
        scope: Scope = {"type": "http", "path": path, "root_path": "", "method": method, "headers": []}
        if any(route.matches(scope)[0] is Match.FULL for route in application.router.routes):
            yield method


def _handle_errors(application: FastAPI, front: Front) -> None:
    async def handle_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, PalermoError)
        return respond(request, problem_answer(error, exchange_of(request)))

    async def handle_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        exchange = exchange_of(request)
        if error.status_code == 405:
            return await handle_ours(request, front.method_error(exchange, request.method))
        if error.status_code == 404:
            return await handle_ours(request, NotFound("Nothing is at this address."))
        return await handle_ours(request, BadRequest("The request could not be read."))

    async def handle_parameters(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        wrong = "; ".join(f"{'.'.join(map(str, item['loc'][1:]))}: {item['msg']}" for item in error.errors())
        return await handle_ours(request, BadRequest(f"A parameter is wrong. {wrong}"))

    async def handle_unknown(request: Request, _: Exception) -> Response:
        exchange = exchange_of(request)
        return await handle_ours(request, internal_error(exchange))

    application.add_exception_handler(Exception, handle_unknown)
    application.add_exception_handler(PalermoError, handle_ours)
    application.add_exception_handler(HTTPException, handle_http)
    application.add_exception_handler(RequestValidationError, handle_parameters)
