"""Linked data as a part of the server."""

from __future__ import annotations

from fastapi import APIRouter

from server.linkeddata import catalogue, graphs, resources, sitemap
from server.web.exchange import Services


class LinkedDataExtension:
    """`/id/…`, `/doc/…`, `/graph/…`, the vocabulary, and what catalogues and crawlers read."""

    def router(self) -> APIRouter:
        """All routes of linked data."""
        router = APIRouter()
        resources.add_routes(router)
        graphs.add_routes(router)
        catalogue.add_routes(router)
        sitemap.add_routes(router)
        return router

    async def start(self, services: Services) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""
