"""Limits of a visitor's query, and outcomes: how one can end without a result, each with its status and a sentence for
the client.

What is the text's fault is 400, because clients show the sentence of a 400 and hide that of a 403.

QueryMalformed     400  it is not SPARQL 1.1; says line and column
QueryTooComplex    400  it has more brackets or operators than a query may have
QueryFailed        400  it is SPARQL and could not be evaluated, or only wrongly
QueryOutOfMemory   400  it needed more memory than a query may have
QueryRefused       403  it asks for what is done for nobody: other servers, changes, other graphs
QueryTooLong       413  its text is longer than is read
ResultTooLarge     413  its result has more rows or bytes than are sent
QueryTooSlow       504  it reached the time limit
QueryBusy          503  every place is taken, says when to come back
WorkerEnded        503  its process was ended from outside, as the kernel does when memory is short
WorkersAway        503  no process can be started that would run it
EngineFault        500  the engine failed on it, by a fault of its own
ClientBusy         429  this client has too many running
ClientGone         400  nobody is waiting any more; never sent
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from server.settings import Settings
from server.web.errors import BadRequest, Forbidden, PalermoError, TooLarge, Unavailable

_OF_ENGINE = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP)
_DEEP = 200  # characters that a query has at least whose nesting overflows the stack
_log = logging.getLogger("palermo.workers")
READ_ONLY = "This endpoint answers questions and changes nothing: SPARQL Update is not available here."


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. ``waiting`` is how many may wait for a slow place, ``waiting_seconds`` how long
    a query may wait for any; ``paused_memory`` what a stopped one may hold meanwhile."""

    deadline: float = 10.0
    workers: int = 4
    memory: int = 800_000_000
    slow_after: float = 0.5
    slow_places: int = 2
    waiting: int = 32
    waiting_seconds: float = 6.0
    paused_memory: int = 100_000_000
    text: int = 1_000_000
    nesting: int = 100
    operators: int = 2_000
    rows: int = 100_000
    size: int = 20_000_000
    table_rows: int = 1_000
    client_queries: int = 4

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Returns the limits from the settings."""
        return cls(
            deadline=settings.query_deadline_seconds,
            workers=settings.query_workers,
            memory=settings.query_memory_bytes,
            slow_after=settings.query_slow_after_seconds,
            slow_places=settings.query_slow_places,
            text=settings.query_text_bytes,
            nesting=settings.query_nesting,
            rows=settings.result_rows,
            size=settings.result_bytes,
            table_rows=settings.table_rows,
            client_queries=settings.client_queries,
        )


class QueryMalformed(BadRequest):
    """The text is not a SPARQL 1.1 query. ``line`` and ``column`` count from 1."""

    title = "This is not a SPARQL query"

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        where = f"Line {line}, column {column}: " if line is not None else ""
        extra = {"line": line, "column": column} if line is not None else {}
        super().__init__(f"{where}{reason}.", extra=extra)


class QueryTooComplex(BadRequest):
    """The query has more brackets or operators than the engine bears. ``line`` and ``column`` count from 1."""

    title = "The query is too complex to be run here"

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"Line {line}, column {column}: {reason}.", extra={"line": line, "column": column})


class QueryTooLong(TooLarge):
    """The text exceeds the size limit; it is not parsed."""

    title = "The query is too long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"The query has {size:,} bytes, and one may have {limit:,}. Ask in parts: split the rows of a VALUES, and "
            f"put the results together.",
            extra={"limit": limit, "unit": "bytes"},
        )


class QueryRefused(Forbidden):
    """The query uses a feature that the endpoint refuses to every client."""

    title = "This query is not run here"


class QueryFailed(BadRequest):
    """The query was read and cannot be evaluated."""

    title = "The query cannot be evaluated"


class ResultTooLarge(TooLarge):
    """The result is over a limit. It is never cut: a part would pass for the whole."""

    title = "The result is too large"

    def __init__(self, unit: str, limit: int) -> None:
        super().__init__(
            f"The result has more than {limit:,} {unit}, the most that is sent in one answer, and nothing of it was "
            f"sent. Ask for a part with LIMIT and OFFSET, or take the whole data from the dumps below /data.",
            extra={"limit": limit, "unit": unit},
        )


class QueryOutOfMemory(BadRequest):
    """The query reached the memory ceiling of its worker process."""

    title = "The query needs too much memory"

    def __init__(self, ceiling: int) -> None:
        super().__init__(
            f"The query needed more memory than one query may have ({ceiling // 1_000_000:,} MB) and was ended without "
            f"a result. Joins without a shared variable and sorting large results are the usual cause.",
            extra={"limit": ceiling, "unit": "bytes"},
        )


class QueryTooSlow(Unavailable):
    """The query reached its deadline."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    title = "The query took too long"

    def __init__(self, deadline: float) -> None:
        super().__init__(
            f"The query was ended at its time limit of {deadline:g} seconds, before it had a result. That is not an "
            f"empty result: ask for less, or run it on your own machine with the dumps below /data.",
            extra={"limit": deadline, "unit": "seconds"},
        )


class QueryBusy(Unavailable):
    """There is no place for the query now."""

    title = "Too many queries at the moment"

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(f"{reason} Try again in {retry_after} seconds.", retry_after=retry_after)


class WorkerEnded(Unavailable):
    """The process that ran the query was ended by somebody else."""

    title = "The query was interrupted"

    def __init__(self) -> None:
        super().__init__(
            "The process that ran the query was ended from outside, as happens when the machine is short of memory. "
            "Try again in 1 second.",
            retry_after=1,
        )


class WorkersAway(Unavailable):
    """No process that runs queries can be started, or none can read the store."""

    title = "Queries cannot be answered at the moment"

    def __init__(self) -> None:
        super().__init__(
            "The query was not run: no process that runs queries can be started now. That is no fault of the query; "
            "try again in 5 seconds.",
            retry_after=5,
        )


class EngineFault(PalermoError):  # noqa: N818 (it is the engine's)
    """The engine ended on the query, by a fault of its own."""

    title = "The engine failed on this query"

    def __init__(self, sorting: bool) -> None:
        super().__init__(
            "The engine cannot sort a column that holds numbers beside texts, a fault of its own, and gave no result. "
            "Sort by the text of the values: ORDER BY STR(?name)."
            if sorting
            else "The query is right as far as can be seen, and the engine ended on it without a result, by a fault of "
            "its own. Another way to write the same may work."
        )


class ClientBusy(Unavailable):
    """The client has its share of queries running."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many queries from you at once"

    @classmethod
    def of(cls, limit: int) -> ClientBusy:
        """So many are running, and none ended while this one waited."""
        return cls(
            f"You have {limit} queries running, the most one client may have at once. Try again when one has ended.",
            retry_after=1,
        )

    @classmethod
    def of_long(cls, limit: int) -> ClientBusy:
        """So many that have run a while are running, and this one would be one more."""
        many = "a long query" if limit == 1 else f"{limit} long queries"
        return cls(
            f"You have {many} running, the most one client may have at once, and this one is long as well: it was "
            f"ended without a result, or not begun. Try again when the other has ended.",
            retry_after=5,
        )


class ClientGone(PalermoError):  # noqa: N818 (it names what happened)
    """The client has disconnected. Counted apart from the server's own errors, and never sent."""

    status = HTTPStatus.BAD_REQUEST
    title = "The client went away"


def why_ended(number: int, words: str, text: str, limits: Limits) -> PalermoError:
    """Why the process of a query ended by itself, by the number of the signal and what it said: too deep a stack
    faults, too much memory aborts, as does the engine where it finds itself at fault. Any other signal came from
    outside."""
    if "overflowed its stack" in words or (number == signal.SIGSEGV and len(text) >= _DEEP):
        return QueryMalformed("The query is nested too deeply to be planned")
    if number not in _OF_ENGINE and not words:
        _log.warning("worker was ended from outside", extra={"signal": number})
        return WorkerEnded()
    if "panicked" not in words and (number == signal.SIGABRT or "MemoryError" in words):
        return QueryOutOfMemory(limits.memory)
    return _fault(words or f"signal {number}", text)


def why_failed(head: Mapping[str, Any], text: str, limits: Limits) -> PalermoError:
    """What a reply says that is no result."""
    outcome = head["outcome"]
    if outcome == "memory":
        return QueryOutOfMemory(limits.memory)
    if outcome in ("rows", "bytes"):
        return ResultTooLarge(outcome, limits.rows if outcome == "rows" else limits.size)
    if outcome == "store":
        _log.error("store cannot be read", extra={"reason": head["message"]})
        return WorkersAway()
    if outcome == "engine":
        return _fault(head["message"], text)
    return QueryFailed(f"{head['message']}.")


def _fault(reason: str, text: str) -> EngineFault:
    """Logs a fault of the engine with the query."""
    _log.error("engine failed on a query", extra={"reason": reason, "query": text[:2_000]})
    return EngineFault("total order" in reason)


METRIC = {
    QueryMalformed: "syntax",
    QueryFailed: "syntax",
    QueryTooComplex: "syntax",
    QueryTooLong: "too-large",
    QueryRefused: "refused",
    ResultTooLarge: "too-large",
    QueryOutOfMemory: "memory",
    QueryTooSlow: "timeout",
    QueryBusy: "busy",
    ClientBusy: "busy",
    WorkerEnded: "ended",
    WorkersAway: "unavailable",
    EngineFault: "engine",
    ClientGone: "gone",
}
