"""Errors as responses: made where their reader does not keep others waiting."""

from __future__ import annotations

import logging
from contextlib import suppress

from server.web.answers import StoredResponse, finish
from server.web.errors import NotFound, PalermoError, Unavailable, plain_error_page, problem_answer, wants_page
from server.web.request import Exchange, Services
from server.web.withdrawn import gone

_log = logging.getLogger("palermo.request")


class Problems:
    """Makes errors responses in the reader's format."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def beside(self, error: PalermoError, exchange: Exchange) -> StoredResponse:
        """The response to an error that was met on the event loop. What looks for what may have been meant is made
        beside it like all pages; that there is no room, or no time, is said in a page from memory."""

        async def make() -> StoredResponse:
            return self.response(error, exchange)

        looks = isinstance(error, NotFound) or wants_page(exchange.accept)
        if looks and not isinstance(error, Unavailable):
            with suppress(Unavailable):
                return await self._services.beside.make(exchange.client, make)
        return self._finished(error, exchange, plain=True)

    def response(self, error: PalermoError, exchange: Exchange) -> StoredResponse:
        """The response to an error. When the site's page of it fails there is a plain one."""
        if isinstance(error, NotFound):
            error = gone(exchange) or error
        return self._finished(error, exchange, plain=False)

    def _finished(self, error: PalermoError, exchange: Exchange, *, plain: bool) -> StoredResponse:
        def page() -> str:
            try:
                if not plain:
                    return self._services.error_page(error, exchange)
            except Exception:
                _log.exception("error page failed", extra={"request_id": exchange.request_id})
            return plain_error_page(error, exchange.request_id, exchange.urls.home())

        return finish(problem_answer(error, exchange.accept, exchange.request_id, page), exchange.snapshot)
