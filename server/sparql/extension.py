"""The routes of the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import lru_cache
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from server.snapshot import Snapshot
from server.sparql.endpoint import Endpoint
from server.sparql.request import FORM, QUERY
from server.sparql.results import Dataset
from server.sparql.service import QueryService
from server.sparql.view import QueryPage
from server.sparql.workers import Ground
from server.web.request import exchange_of


@lru_cache(maxsize=2)
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


def sparql_router(service: QueryService, page: QueryPage) -> APIRouter:
    """`/sparql`, with and without a slash at the end, because clients are configured with either. What the routes take
    is not a schema of FastAPI: the protocol has its own rules for parameters."""
    endpoint = Endpoint(service, page)

    async def handle(request: Request) -> Response:
        return await endpoint(request, dataset_of(exchange_of(request).snapshot))

    router = APIRouter(route_class=DirectRoute)
    for path in ("/sparql", "/sparql/"):
        for method, extra in (("GET", BY_GET), ("POST", BY_POST)):
            router.add_api_route(
                path,
                handle,
                methods=[method],
                response_model=None,
                summary=f"SPARQL 1.1 query by {method}",
                openapi_extra=extra,
                include_in_schema=path == "/sparql",
            )
    return router
