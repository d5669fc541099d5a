"""The engine as a part of the server: a new snapshot is served once the engine holds it; connections end with us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from ontology.versions import Version
from server.snapshot import SnapshotPending
from server.web.errors import PalermoError

if TYPE_CHECKING:
    from server.snapshot import Snapshot
    from server.web.exchange import Services


class RemoteExtension:
    """No routes of its own."""

    def __init__(self) -> None:
        self._services: Services | None = None

    def router(self) -> APIRouter:
        """No routes."""
        return APIRouter()

    async def start(self, services: Services) -> None:
        """Has every switch to a new snapshot wait for the engine. The engine need not be there yet."""
        self._services = services
        services.snapshots.subscribe(self._prepare)

    async def stop(self) -> None:
        """Ends the connections."""
        if self._services is not None and self._services.engine is not None:
            await self._services.engine.close()

    async def _prepare(self, snapshot: Snapshot) -> None:
        if self._services is None or self._services.engine is None:
            return
        try:
            await self._services.engine.stand_on(Version(snapshot.base, snapshot.version))
        except PalermoError as problem:
            raise SnapshotPending(problem.detail) from problem
