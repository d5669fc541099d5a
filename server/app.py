"""The application: settings in, ASGI application out. Everything is built here and nothing is shared between two."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.routing import Router

from queries.catalogue import read_catalogue
from server.cache import Cache
from server.integrity import SnapshotError
from server.linkeddata.discovery import discovery_routes
from server.linkeddata.resources import resources_routes
from server.linkeddata.signposts import signposts_routes
from server.pages.routes import endpoint_page, error_page, resource_page, site_routes, whole_text
from server.reconciliation.draft import draft_routes
from server.reconciliation.protocol import reconciliation_routes
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.sparql.endpoint import Endpoint, dataset_of, sparql_routes
from server.sparql.outcomes import Limits
from server.sparql.processes import Template
from server.sparql.service import QueryService
from server.store.embedded import DiskStore, EmbeddedStore, Store
from server.web.answers import Answer, stored_size
from server.web.front import Front, Route, Routes
from server.web.health import health_routes
from server.web.monitoring import Metrics
from server.web.openapi import describe
from server.web.request import Exchange, Services
from server.web.sending import Response, respond
from server.web.threads import PageThreads

if TYPE_CHECKING:
    from server.mcp.protocol import ModelServer
    from server.store.remote import Engine


@dataclass(frozen=True, slots=True)
class _Parts:
    """What answers requests, whichever way they come."""

    services: Services
    queries: QueryService
    engine: Engine | None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Has workers, and looks for new snapshots meanwhile."""
        services, snapshots = self.services, self.services.snapshots
        with contextlib.suppress(SnapshotError):  # queries are refused until a worker starts, and readiness says why
            await self.queries.move_to(dataset_of(snapshots.current))
        services.store(snapshots.current)
        with contextlib.suppress(ValueError, RuntimeError):  # in a thread, as in tests, there are no signals
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, snapshots.look_again)
        watching = asyncio.create_task(snapshots.watch())
        try:
            yield
        finally:
            watching.cancel()
            snapshots.close()
            services.threads.close()
            await self.queries.close()
            if self.engine:
                await self.engine.close()


def _parts(settings: Settings, template: Template | None = None) -> _Parts:
    metrics, catalogue, limits = Metrics(), read_catalogue(), Limits.of(settings)
    engine: Engine | None = None
    queries: QueryService
    if settings.store:
        from server.sparql.elsewhere import RemoteQueryService
        from server.store import remote  # Four megabytes, an HTTP client, that most servers do not need.

        engine = remote.Engine(settings.store, catalogue, settings.store_connections, settings.store_seconds)
        queries = RemoteQueryService(limits, metrics, engine)
    else:
        queries = QueryService(limits, metrics, template)

    async def prepare(snapshot: Snapshot) -> None:
        if engine:
            await engine.prepare(snapshot)
        await queries.move_to(dataset_of(snapshot))

    def open_store(snapshot: Snapshot) -> Store:
        if engine:
            return remote.RemoteStore(snapshot, catalogue, engine, metrics.named)
        if snapshot.manifest["figures"].get("triples", 0) > settings.memory_triples:
            dataset, seconds = dataset_of(snapshot), settings.page_seconds

            def evaluate(text: str, form: str) -> Coroutine[Any, Any, bytes]:
                return queries.pool.evaluate(dataset, text, form, seconds)

            return DiskStore(snapshot, catalogue, metrics.named, evaluate)
        return EmbeddedStore(snapshot, catalogue, metrics.named)

    snapshots = Snapshots(settings, prepare)
    _add_gauges(metrics, snapshots, queries)
    cache = Cache(settings.page_cache_bytes, stored_size)
    threads = PageThreads(settings)
    metrics.gauge("pages_waiting", "Pages that wait for their turn.", lambda: threads.turns.waiting)
    metrics.gauge("pages_late", "Pages that did not come in time and are still made.", lambda: threads.late)
    results = Cache(settings.query_cache_bytes, stored_size)
    services = Services(settings, snapshots, catalogue, metrics, cache, results, open_store, error_page, threads)
    return _Parts(services, queries, engine)


def create_app(settings: Settings, template: Template | None = None) -> Front:
    """The server for these settings, whose first query workers come from a template that runs already, if one does.
    Raises `SnapshotError` when there is no snapshot to serve."""
    parts = _parts(settings, template)
    services, queries = parts.services, parts.queries
    models = _models(parts) if settings.mcp else None

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with parts.running(), models.running() if models else contextlib.nullcontext():
            yield

    def described(exchange: Exchange) -> Response:
        document = json.dumps(describe(routes.by_path, exchange.snapshot.base), indent=1)
        return respond(exchange, Answer(document.encode(), "application/json"))

    routes = Routes(
        (
            *sparql_routes(Endpoint(queries, endpoint_page)),
            *health_routes(lambda: queries.pool.problem, lambda: _isolation(queries)),
            *resources_routes(resource_page, whole_text),
            *site_routes(),
            *discovery_routes(),
            *signposts_routes(),
            *reconciliation_routes(),
            *draft_routes(),
            *([models.route()] if models else []),
            Route("/openapi.json", described),
        )
    )
    return Front(routes, services, Router(lifespan=lifespan))


def _models(parts: _Parts) -> ModelServer:
    from server.mcp.protocol import ModelServer  # It takes half a second to import what most servers have off.

    return ModelServer(parts.services, parts.queries)


@contextlib.asynccontextmanager
async def model_server(settings: Settings) -> AsyncIterator[ModelServer]:
    """What answers a language model, without a server around it. Raises `SnapshotError` as `create_app` does."""
    parts = _parts(settings)
    async with parts.running():
        yield _models(parts)


def _add_gauges(metrics: Metrics, snapshots: Snapshots, queries: QueryService) -> None:
    def built() -> float:
        return snapshots.current.built.timestamp()

    metrics.gauge("snapshot_built_seconds", "When the current snapshot was built.", built)
    metrics.gauge("snapshot_refused", "1 while a snapshot is refused.", lambda: float(bool(snapshots.refusal)))
    metrics.gauge("snapshot_refusals", "Snapshots refused since the start.", lambda: snapshots.refusals)
    metrics.gauge(
        "files_changed", "Files of the snapshot that were changed.", lambda: len(snapshots.current.files.changed)
    )
    metrics.gauge("workers_failing", "1 while no worker starts.", lambda: float(bool(queries.pool.problem)))
    for name in queries.state:
        meaning = f"Visitors' queries now: {name.replace('_', ' ')}."
        metrics.gauge(f"query_{name}", meaning, partial(lambda name: queries.state[name], name))


def _isolation(queries: QueryService) -> str:
    """How the processes that run queries are confined, in a line: each measure and whether it holds."""
    return ", ".join(f"{measure}: {'yes' if holds else 'NO'}" for measure, holds in queries.pool.isolation.items())
