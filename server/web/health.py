"""Whether the server lives, whether it can answer pages and queries, and what it has counted."""

from __future__ import annotations

from collections.abc import Callable

from server.web.answers import TEXT, Answer, Freshness
from server.web.errors import PalermoError, Unavailable, is_lack, lack
from server.web.front import Route, routes_of
from server.web.monitoring import CONTENT_TYPE
from server.web.request import Exchange
from server.web.sending import Response, respond

Says = Callable[[], str]
_OWN_SECONDS = 2.0  # for a store on this machine's disk
_MORE_SECONDS = 0.5  # than a store elsewhere, which says itself that it is late


def health_routes(problem: Says, isolation: Says) -> tuple[Route, ...]:
    """`/health/live`, `/health/ready` and `/metrics`. ``problem`` says why no query can be run, empty when one can;
    ``isolation`` says how the processes that run them are confined."""

    async def ready(exchange: Exchange) -> Response:
        """200 when pages and queries are answered, else 503 with the reason. The first line is the version served;
        further lines say how workers are confined and which snapshot was refused,
        and which files of the one served were changed."""

        threads, settings = exchange.services.threads, exchange.services.settings
        seconds = settings.store_seconds + _MORE_SECONDS if settings.store else _OWN_SECONDS

        def ask() -> bool:
            exchange.snapshot.files.look()
            exchange.snapshot.index.read_somewhere()
            return exchange.store.ask("is-there-data")

        try:
            answered = await threads.check(ask, seconds)
        except TimeoutError as late:
            raise Unavailable("Store or index do not answer in time.", retry_after=5) from late
        except PalermoError:  # a store elsewhere says itself what is wrong with it
            if not problem():
                raise
            answered = True
        except Exception as trouble:  # whatever store or index raise, the answer is that it is not ready
            if is_lack(trouble):
                raise lack(trouble, exchange.request_id) from trouble
            raise Unavailable("Store or index do not answer.", retry_after=5) from trouble
        if not answered:
            raise Unavailable("The store is empty.", retry_after=5)
        if threads.problem:
            raise Unavailable(f"Pages cannot be made. {threads.problem}", retry_after=5)
        if why := problem():
            raise Unavailable(f"Queries cannot be run. {why}", retry_after=5)
        snapshots = exchange.services.snapshots
        lines = [f"ready {exchange.snapshot.version}", f"built {exchange.snapshot.built:%Y-%m-%dT%H:%M:%SZ}"]
        lines += [f"workers {isolation()}"] if isolation() else []
        lines += [f"refused {snapshots.refusal}"] if snapshots.refusal else []
        lines += [f"changed {', '.join(changed)}"] if (changed := exchange.snapshot.files.changed) else []
        return respond(
            exchange, Answer("".join(f"{line}\n" for line in lines).encode(), TEXT, freshness=Freshness.NEVER)
        )

    return routes_of(
        "operation",
        ("/health/live", live, "Whether the process answers"),
        ("/health/ready", ready, "Whether pages and queries are answered"),
        ("/metrics", metrics, "Counters for Prometheus"),
    )


async def live(exchange: Exchange) -> Response:
    """200 as long as the process answers at all."""
    return respond(exchange, Answer(b"live\n", TEXT, freshness=Freshness.NEVER))


async def metrics(exchange: Exchange) -> Response:
    """The counters in the text format of Prometheus."""
    return respond(exchange, Answer(exchange.services.metrics.text(), CONTENT_TYPE, freshness=Freshness.NEVER))
