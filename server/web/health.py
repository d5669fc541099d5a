"""Whether the server lives, whether it can answer, and what it has counted."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server.web.answers import TEXT, Answer, Freshness
from server.web.errors import Unavailable
from server.web.metrics import CONTENT_TYPE
from server.web.request import Here, respond


def health_router() -> APIRouter:
    """`/health/live`, `/health/ready` and `/metrics`."""
    router = APIRouter(tags=["operation"])
    router.get("/health/live", response_model=None, summary="Whether the process answers")(live)
    router.get("/health/ready", response_model=None, summary="Whether a query is answered")(ready)
    router.get("/metrics", response_model=None, summary="Counters for Prometheus")(metrics)
    return router


async def live(request: Request) -> Response:
    """200 as long as the process answers at all."""
    return respond(request, Answer(b"live\n", TEXT, freshness=Freshness.NEVER))


async def ready(request: Request, exchange: Here) -> Response:
    """200 when a query on the current snapshot is answered, else 503."""
    try:
        answered = await exchange.store.ask("is-there-data")
    except OSError as problem:
        raise Unavailable("The store does not answer.", retry_after=5) from problem
    if not answered:
        raise Unavailable("The store is empty.", retry_after=5)
    return respond(request, Answer(f"ready {exchange.snapshot.version}\n".encode(), TEXT, freshness=Freshness.NEVER))


async def metrics(request: Request, exchange: Here) -> Response:
    """The counters in the text format of Prometheus."""
    return respond(request, Answer(exchange.services.metrics.text(), CONTENT_TYPE, freshness=Freshness.NEVER))
