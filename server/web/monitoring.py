"""What an operator sees of the server: its log and its counters.

The log has one line an event, as JSON or as text, with the request's id where there is one. Requests are counted by
route and type, our own and visitors' queries. Each application counts apart.
"""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.process_collector import ProcessCollector

from ontology.version import program_version
from server.settings import Settings

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: time, level, logger, event, what was given as ``extra``, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A record as a readable line, with what was given as ``extra`` behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in _STANDARD)
        return f"{super().format(record)} {extra}".rstrip()


class PatientHandler(logging.Handler):
    """Hands records to another handler in a thread of its own, so that a log that nobody reads stops nothing: beyond
    `MOST` records that wait, further ones are dropped, and how many is said once there is room."""

    MOST = 10_000

    def __init__(self, target: logging.Handler) -> None:
        super().__init__()
        self._target = target
        self._records: queue.Queue[logging.LogRecord] = queue.Queue(self.MOST)
        self._dropped = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Takes a record, or counts it as dropped."""
        try:
            if self._dropped:
                message = f"{self._dropped} log records were dropped, because nobody read them"
                self._records.put_nowait(logging.LogRecord("palermo.log", logging.WARNING, "", 0, message, (), None))
                self._dropped = 0
            self._records.put_nowait(record)
        except queue.Full:
            self._dropped += 1

    def flush(self) -> None:
        """Waits a moment for what has been taken: called when the process ends."""
        end = time.monotonic() + 1
        while self._records.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    def _write(self) -> None:
        while True:
            self._target.handle(self._records.get())
            self._records.task_done()


def configure_logging(settings: Settings) -> None:
    """Sends everything to standard error in the chosen format. Called by the command, not by the application."""
    handler = logging.StreamHandler(sys.stderr)
    text = TextFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else text)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[PatientHandler(handler)], force=True)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log every request to a store elsewhere


class Metrics:
    """The counters of one application. Labels are route templates and media types, never addresses.

    ``requests`` counts those that were computed, by route, type and status, ``seconds`` how long each took, by route;
    ``kept`` those of a route that were answered from memory; ``ended`` the connections that the server ended: by the
    status of a request that was no request, as ``idle`` where one gave way to a new one, as ``unread`` where nobody
    read the response; ``named`` questions of the catalogue, whether they ran or their rows were kept; ``queries`` of
    visitors by one of the outcomes of `server.sparql.outcomes` or ok, and ``query_seconds`` how long each took. The
    library looks for a counter under a lock each time: all are kept.
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
        self.named = counter("named_queries", "Questions of the catalogue that answers took.", "query")
        self.queries = counter("queries", "Visitors' queries by outcome.", "outcome")
        self.query_seconds = Histogram(
            "palermo_query_seconds", "Duration of visitors' queries.", buckets=_BUCKETS, registry=registry
        )
        Info("palermo_build", "The program.", registry=registry).info({"version": program_version()})
        ProcessCollector(namespace="palermo", registry=registry)

    def gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Adds a gauge whose value is computed when the metrics are read."""
        Gauge(f"palermo_{name}", meaning, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)
