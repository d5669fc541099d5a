"""What one request sees: the services of the application, the snapshot it began with, and who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, cast
from weakref import WeakKeyDictionary

from fastapi import Depends
from starlette.requests import Request

from queries.catalogue import Catalogue
from server.remote.engine import Engine
from server.remote.store import RemoteStore
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.store import EmbeddedStore, Store
from server.web.errors import PalermoError
from server.web.metrics import Metrics
from server.web.urls import Urls

if TYPE_CHECKING:
    from server.linkeddata.description import Resource
    from server.sparql.service import QueryService
    from server.sparql.view import QueryPage
    from server.web.representation import Representation

KEY = "palermo.exchange"

ErrorPage = Callable[[PalermoError, "Exchange"], str]
ResourcePage = Callable[["Resource", "Exchange"], Awaitable[str]]


@dataclass(slots=True)
class Services:
    """What the application is made of.

    The makers of pages are plain, or absent, until the pages put theirs in place; ``queries`` runs visitors' queries
    once the endpoint has started. ``engine`` is the store elsewhere, if there is one.
    """

    settings: Settings
    snapshots: Snapshots
    catalogue: Catalogue
    metrics: Metrics
    error_page: ErrorPage
    resource_page: ResourcePage
    query_page: QueryPage | None = None
    queries: QueryService | None = None
    engine: Engine | None = None
    _stores: WeakKeyDictionary[Snapshot, Store] = field(default_factory=WeakKeyDictionary)

    def store(self, snapshot: Snapshot) -> Store:
        """The store of a snapshot, for our own queries."""
        found = self._stores.get(snapshot)
        if found is None:
            counted = self.metrics.named_query
            found = self._stores[snapshot] = (
                RemoteStore(snapshot, self.catalogue, self.engine, counted)
                if self.engine is not None
                else EmbeddedStore(snapshot, self.catalogue, counted)
            )
        return found


@dataclass(slots=True)
class Exchange:
    """One request and the answer it will get.

    ``path`` is below the base and decoded; ``accept`` joins all `Accept` fields; ``version`` is set below ``/v/``.
    """

    services: Services
    snapshot: Snapshot
    request_id: str
    path: str = "/"
    accept: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    client: str = ""
    version: str = ""
    route: str = ""
    headers_only: bool = False
    started: float = field(default_factory=perf_counter)
    representation: Representation | None = field(default=None)

    @property
    def store(self) -> Store:
        """The store of this request's snapshot."""
        return self.services.store(self.snapshot)

    @property
    def urls(self) -> Urls:
        """Makes URLs that stay in the version being read."""
        return Urls(self.snapshot.base, self.version)

    @property
    def pinned(self) -> bool:
        """Whether the request names a version, whose answers never change."""
        return bool(self.version)


def exchange_of(request: Request) -> Exchange:
    """The exchange of a request that came through the front."""
    return cast(Exchange, request.scope[KEY])


async def _exchange_here(request: Request) -> Exchange:
    """The same as a dependency: asynchronous, because FastAPI sends what is not to a thread."""
    return exchange_of(request)


Here = Annotated[Exchange, Depends(_exchange_here)]
"""The type of a handler's parameter that gets the exchange."""
