"""Visitors' queries as a part of the server: its routes, and the workers that live as long as it does."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from server.remote.queries import RemoteQueryService
from server.sparql.endpoint import Endpoint
from server.sparql.limits import Limits
from server.sparql.request import FORM, QUERY
from server.sparql.results import Dataset
from server.sparql.service import QueryService
from server.sparql.workers import Ground
from server.web.errors import Unavailable
from server.web.exchange import exchange_of

if TYPE_CHECKING:
    from server.snapshot import Snapshot
    from server.web.exchange import Services


def dataset_of(snapshot: Snapshot) -> Dataset:
    """What queries on a snapshot are asked of."""
    ground = Ground(snapshot.store_path, snapshot.base.iri, tuple(sorted(snapshot.prefixes.items())))
    return Dataset(ground, snapshot.etag_seed, frozenset(graph.value for graph in snapshot.graphs))


_GRAPHS = {"type": "array", "items": {"type": "string", "format": "uri"}}
_FIELDS: dict[str, dict[str, Any]] = {
    "query": {"type": "string"},
    "default-graph-uri": _GRAPHS,
    "named-graph-uri": _GRAPHS,
    "format": {"type": "string", "description": "A name of a result format; it comes before Accept."},
}
BY_GET: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in _FIELDS.items()
    ]
}
BY_POST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {"schema": {"type": "object", "required": ["query"], "properties": _FIELDS}},
            QUERY: {"schema": {"type": "string"}},
        },
    }
}


class DirectRoute(APIRoute):
    """A route whose endpoint takes the request and nothing else: what FastAPI would parse for it costs more than a
    look-up."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself."""
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


class SparqlExtension:
    """`/sparql`, with and without a slash at the end, because clients are configured with either."""

    def __init__(self) -> None:
        self._endpoint: Endpoint | None = None
        self._services: Services | None = None
        self._datasets: dict[str, Dataset] = {}

    def router(self) -> APIRouter:
        """The routes. What they take is not a schema of FastAPI: the protocol has its own rules for parameters."""
        router = APIRouter(route_class=DirectRoute)
        for path in ("/sparql", "/sparql/"):
            shown = path == "/sparql"
            for method, extra in (("GET", BY_GET), ("POST", BY_POST)):
                router.add_api_route(
                    path,
                    self._handle,
                    methods=[method],
                    response_model=None,
                    summary=f"SPARQL 1.1 query by {method}",
                    openapi_extra=extra,
                    include_in_schema=shown,
                )
        return router

    async def start(self, services: Services) -> None:
        """Starts workers on the current snapshot, and on each new one before it becomes current."""
        limits, report, engine = Limits.of(services.settings), services.metrics.query, services.engine
        service = RemoteQueryService(limits, report, engine) if engine else QueryService(limits, report)
        self._endpoint = Endpoint(service)
        self._services = services
        services.queries = service
        services.snapshots.subscribe(self._prepare)
        await self._prepare(services.snapshots.current)

    async def stop(self) -> None:
        """Ends the workers."""
        if self._endpoint is not None:
            await self._endpoint.service.close()

    async def _prepare(self, snapshot: Snapshot) -> None:
        if self._endpoint is not None:
            await self._endpoint.service.move_to(dataset_of(snapshot))

    async def _handle(self, request: Request) -> Response:
        if self._endpoint is None or self._services is None:
            raise Unavailable("The endpoint is starting.", retry_after=1)
        snapshot = exchange_of(request).snapshot
        dataset = self._datasets.get(snapshot.version)
        if dataset is None:
            self._datasets = {snapshot.version: (dataset := dataset_of(snapshot))}
        self._endpoint.page = self._services.query_page
        return await self._endpoint(request, dataset)
