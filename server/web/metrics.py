"""What is counted: requests by route and type, our own and visitors' queries. Each application counts apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.process_collector import ProcessCollector

from ontology.version import program_version

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one application. Labels are route templates and media types, never addresses.

    ``requests`` counts those that were computed, by route, type and status, ``seconds`` how long each took, by route;
    ``kept`` those of a route that were answered from memory; ``ended`` the connections that the server ended: by the
    status of a request that was no request, as ``idle`` where one gave way to a new one, as ``unread`` where nobody
    read the response. The library looks for a counter under a lock each time: all are kept.
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Callable[..., Counter]:
            return cache(Counter(f"palermo_{name}", meaning, labels, registry=registry).labels)

        self.requests = counter("requests", "Requests answered.", "route", "type", "status")
        self.ended = counter("connections_ended", "Connections that the server ended.", "why")
        self.kept = counter("kept_answers", "Requests answered from memory.", "route")
        taken = "Time to compute an answer, without those from memory."
        histogram = Histogram("palermo_request_seconds", taken, ("route",), buckets=_BUCKETS, registry=registry)
        self.seconds: Callable[[str], Histogram] = cache(histogram.labels)
        self._named = counter("named_queries", "Questions of the catalogue that answers took.", "query")
        self._queries = counter("queries", "Visitors' queries by outcome.", "outcome")
        self._query_seconds = Histogram(
            "palermo_query_seconds", "Duration of visitors' queries.", buckets=_BUCKETS, registry=registry
        )
        Info("palermo_build", "The program.", registry=registry).info({"version": program_version()})
        ProcessCollector(namespace="palermo", registry=registry)

    def gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Adds a gauge whose value is computed when the metrics are read."""
        Gauge(f"palermo_{name}", meaning, registry=self.registry).set_function(value)

    def named_query(self, name: str) -> None:
        """Counts one of our own questions, whether it ran or its rows were kept."""
        self._named(name).inc()

    def query(self, outcome: str, seconds: float) -> None:
        """Counts a visitor's query by one of the outcomes of `server.sparql.outcomes`, ok or cached."""
        self._queries(outcome).inc()
        self._query_seconds.observe(seconds)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)
