"""What is counted: requests by route and type, our own and visitors' queries. Each application counts apart."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.process_collector import ProcessCollector

from ontology.version import program_version

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _ByLabel(dict[str, Counter]):
    """The counters of a family by their one label; the library looks for one under a lock each time."""

    def __init__(self, family: Counter) -> None:
        self._family = family

    def __missing__(self, label: str) -> Counter:
        counter = self[label] = self._family.labels(label)
        return counter


class Metrics:
    """The counters of one application. Labels are route templates and media types, never addresses."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "palermo_requests", "Requests answered.", ("route", "type", "status"), registry=self.registry
        )
        self._ended = Counter(
            "palermo_connections_ended", "Connections that the server ended.", ("why",), registry=self.registry
        )
        self._hits = _ByLabel(
            Counter("palermo_kept_answers", "Requests answered from memory.", ("route",), registry=self.registry)
        )
        self._seconds = Histogram(
            "palermo_request_seconds",
            "Time to compute an answer, without those from memory.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        named = "Questions of the catalogue that answers took."
        self._named = _ByLabel(Counter("palermo_named_queries", named, ("query",), registry=self.registry))
        outcomes = "Visitors' queries by outcome."
        self._queries = _ByLabel(Counter("palermo_queries", outcomes, ("outcome",), registry=self.registry))
        self._query_seconds = Histogram(
            "palermo_query_seconds", "Duration of visitors' queries.", buckets=_BUCKETS, registry=self.registry
        )

        self._children: dict[tuple[str, ...], tuple[Counter, Histogram]] = {}
        Info("palermo_build", "The program.", registry=self.registry).info({"version": program_version()})
        ProcessCollector(namespace="palermo", registry=self.registry)

    def gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Adds a gauge whose value is computed when the metrics are read."""
        Gauge(f"palermo_{name}", meaning, registry=self.registry).set_function(value)

    def request(self, route: str, media_type: str, status: int, seconds: float) -> None:
        """Counts a request that was computed."""
        labels = (route, media_type, str(status))
        metrics = self._children.get(labels)
        if metrics is None:
            metrics = self._children[labels] = (self._requests.labels(*labels), self._seconds.labels(route))
        metrics[0].inc()
        metrics[1].observe(seconds)

    def connection_ended(self, why: str) -> None:
        """Counts a connection that the server ended: the status of a request that was no request, ``idle`` for one that
        gave way to a new one, ``unread`` for one whose response nobody read."""
        self._ended.labels(why).inc()

    def kept(self, route: str) -> Counter:
        """What counts the requests of a route that are answered from memory."""
        return self._hits[route]

    def named_query(self, name: str) -> None:
        """Counts one of our own questions, whether it ran or its rows were kept."""
        self._named[name].inc()

    def query(self, outcome: str, seconds: float) -> None:
        """Counts a visitor's query by one of the outcomes of `server.sparql.outcomes`, ok or cached."""
        self._queries[outcome].inc()
        self._query_seconds.observe(seconds)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)
