"""Limits of a visitor's query, and outcomes: how one can end without a result, each with its status and a sentence for
the client.

What is the text's fault is 400, because clients show the sentence of a 400 and hide that of a 403.
"""

# ruff: noqa: N818 (the names say what happened; each class is an error by its base)

from __future__ import annotations

import logging
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from server.settings import Settings
from server.web.errors import JSON, PalermoError

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


class QueryError(PalermoError):
    """A query that ended without a result. ``outcome`` is the name under which it is counted; ``at`` is the line and
    the column where it goes wrong, from 1; ``limit`` what it reached, and in which unit."""

    outcome = ""

    def __init__(
        self,
        detail: str,
        *,
        at: tuple[int, int] | None = None,
        limit: tuple[float, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        extra: dict[str, JSON] = {}
        if at is not None:
            extra["line"], extra["column"] = at
            detail = f"Line {at[0]}, column {at[1]}: {detail}"
        if limit is not None:
            extra["limit"], extra["unit"] = limit
        super().__init__(detail, extra=extra, retry_after=retry_after)


class QueryMalformed(QueryError):
    """The text is not a SPARQL 1.1 query."""

    status, outcome = HTTPStatus.BAD_REQUEST, "syntax"
    title = "This is not a SPARQL query"

    def __init__(self, reason: str, at: tuple[int, int] | None = None) -> None:
        super().__init__(f"{reason}.", at=at)


class QueryTooComplex(QueryMalformed):
    """It has more brackets or operators than the engine bears."""

    title = "The query is too complex to be run here"


class QueryFailed(QueryError):
    """It is SPARQL and cannot be evaluated, or only wrongly."""

    status, outcome = HTTPStatus.BAD_REQUEST, "syntax"
    title = "The query cannot be evaluated"


class QueryOutOfMemory(QueryError):
    """It reached the memory ceiling of its worker process."""

    status, outcome = HTTPStatus.BAD_REQUEST, "memory"
    title = "The query needs too much memory"

    def __init__(self, ceiling: int) -> None:
        super().__init__(
            f"The query needed more memory than one query may have ({ceiling // 1_000_000:,} MB) and was ended without "
            f"a result. Joins without a shared variable and sorting large results are the usual cause.",
            limit=(ceiling, "bytes"),
        )


class QueryRefused(QueryError):
    """It asks for what is done for nobody: other servers, changes, other graphs."""

    status, outcome = HTTPStatus.FORBIDDEN, "refused"
    title = "This query is not run here"


class QueryTooLong(QueryError):
    """Its text is longer than is read."""

    status, outcome = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large"
    title = "The query is too long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"The query has {size:,} bytes, and one may have {limit:,}. Ask in parts: split the rows of a VALUES, and "
            f"put the results together.",
            limit=(limit, "bytes"),
        )


class ResultTooLarge(QueryError):
    """Its result has more rows or bytes than are sent. It is never cut: a part would pass for the whole."""

    status, outcome = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large"
    title = "The result is too large"

    def __init__(self, unit: str, limit: int) -> None:
        super().__init__(
            f"The result has more than {limit:,} {unit}, the most that is sent in one answer, and nothing of it was "
            f"sent. Ask for a part with LIMIT and OFFSET, or take the whole data from the dumps below /data.",
            limit=(limit, unit),
        )


class QueryTooSlow(QueryError):
    """It reached its deadline."""

    status, outcome = HTTPStatus.GATEWAY_TIMEOUT, "timeout"
    title = "The query took too long"

    def __init__(self, deadline: float) -> None:
        super().__init__(
            f"The query was ended at its time limit of {deadline:g} seconds, before it had a result. That is not an "
            f"empty result: ask for less, or run it on your own machine with the dumps below /data.",
            limit=(deadline, "seconds"),
        )


class QueryBusy(QueryError):
    """Every place for it is taken."""

    status, outcome = HTTPStatus.SERVICE_UNAVAILABLE, "busy"
    title = "Too many queries at the moment"

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(f"{reason} Try again in {retry_after} seconds.", retry_after=retry_after)


class ClientBusy(QueryError):
    """This client has its share of queries running."""

    status, outcome = HTTPStatus.TOO_MANY_REQUESTS, "busy"
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


class WorkerEnded(QueryError):
    """Its process was ended from outside, as the kernel does when memory is short."""

    status, outcome = HTTPStatus.SERVICE_UNAVAILABLE, "ended"
    title = "The query was interrupted"

    def __init__(self) -> None:
        super().__init__(
            "The process that ran the query was ended from outside, as happens when the machine is short of memory. "
            "Try again in 1 second.",
            retry_after=1,
        )


class WorkersAway(QueryError):
    """No process that would run it can be started, or none can read the store."""

    status, outcome = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"
    title = "Queries cannot be answered at the moment"

    def __init__(self) -> None:
        super().__init__(
            "The query was not run: no process that runs queries can be started now. That is no fault of the query; "
            "try again in 5 seconds.",
            retry_after=5,
        )


class EngineFault(QueryError):
    """The engine ended on it, by a fault of its own."""

    outcome = "engine"
    title = "The engine failed on this query"

    def __init__(self, sorting: bool) -> None:
        super().__init__(
            "The engine cannot sort a column that holds numbers beside texts, a fault of its own, and gave no result. "
            "Sort by the text of the values: ORDER BY STR(?name)."
            if sorting
            else "The query is right as far as can be seen, and the engine ended on it without a result, by a fault of "
            "its own. Another way to write the same may work."
        )


class ClientGone(QueryError):
    """Nobody waits for it any more. Counted apart from the server's own errors, and never sent."""

    status, outcome = HTTPStatus.BAD_REQUEST, "gone"
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
