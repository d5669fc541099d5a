"""The service: from a query text to its result, through the gate, a place and a worker process.

Two requests for the same result share one run. A run that nobody waits for any more is ended and its worker freed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from queries.binding import Term
from server.integrity import SnapshotError
from server.sparql.admission import Admission, Place
from server.sparql.gate import CheckedQuery, check_graph, check_query
from server.sparql.grammar import explain
from server.sparql.limits import Limits
from server.sparql.outcomes import (
    METRIC,
    ClientBusy,
    EngineFault,
    QueryBusy,
    QueryFailed,
    QueryMalformed,
    QueryOutOfMemory,
    QueryTooSlow,
    ResultTooLarge,
    WorkerEnded,
    WorkersAway,
)
from server.sparql.pool import Pool
from server.sparql.processes import StoreLocation, Worker, WorkerDied
from server.sparql.serializing import read_rows
from server.sparql.worker import BETWEEN, Frame, pack, packed_head
from server.web.errors import PalermoError

_WORKED = 0.5  # of the time after which a query is slow: so much it must have had on a processor
_ENDED = "The query has run a while, and all places for long queries are taken: it was ended without a result."
_LONG = 4_000  # characters from which a text is read in a thread
_log = logging.getLogger("palermo.workers")
_slow_log = logging.getLogger("palermo.queries")
_OF_ENGINE = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP)
_DEEP = 200  # characters that a query has at least whose nesting overflows the stack
Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What queries are asked of: the store that workers open, and the published graphs by IRI. ``version`` changes
    whenever a result may."""

    location: StoreLocation
    version: str
    graphs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One query as it is to be answered. ``default_graphs`` and ``named_graphs`` come from the protocol (§2.1.4) and
    are None where it says nothing; ``format`` is the name of a result format, ``html`` for rows in a page."""

    checked: CheckedQuery
    format: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A whole result as bytes. ``seconds`` is the engine's time. The last three are for the format ``html``."""

    body: bytes
    rows: int
    seconds: float
    head: tuple[str, ...] = ()
    boolean: bool | None = None
    truncated: bool = False

    @classmethod
    def of(cls, head: Mapping[str, Any], body: bytes) -> Result:
        """The result in a worker's reply."""
        columns = tuple(head.get("head", ()))
        return cls(body, head["rows"], head["seconds"], columns, head.get("boolean"), head.get("truncated", False))


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows for a page; ``truncated`` says that there are more. Graphs have three columns."""

    form: str
    head: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    boolean: bool | None
    truncated: bool
    milliseconds: float


def table_of(result: Result, checked: CheckedQuery) -> Table:
    """A result in the format ``html`` as rows."""
    rows = read_rows(result.body)
    return Table(checked.form, result.head, rows, result.boolean, result.truncated, result.seconds * 1000)


@dataclass(eq=False, slots=True)
class Run:
    """A run of a query, and those that wait for it."""

    task: asyncio.Task[None] = field(init=False)
    waiting: set[asyncio.Future[Result]] = field(default_factory=set)


_Key = tuple[str, Question]


class QueryService:
    """Answers visitors' queries on the data set it was last moved to, and on older ones while requests hold them.

    ``report`` is told the outcome and the seconds of every query, for counting.
    """

    def __init__(self, limits: Limits, report: Report) -> None:
        self.limits = limits
        self._report = report
        self._pool = Pool(limits.workers, limits.memory)
        self._admission = Admission(limits, time.monotonic)
        self._runs: dict[_Key, Run] = {}

    async def move_to(self, dataset: Dataset) -> None:
        """Has workers ready on this data set, from now on the usual one. Raises `SnapshotError` when none starts."""
        try:
            await self._pool.move_to(dataset.location)
        except WorkerDied as died:
            raise SnapshotError(
                f"No process that runs queries can be started on {dataset.location.store}: {died}"
            ) from died

    @property
    def problem(self) -> str:
        """Why no query can be answered at the moment; empty when queries are."""
        return self._pool.problem

    @property
    def isolation(self) -> Mapping[str, bool]:
        """What holds for the processes that run queries: no network, a memory ceiling, no files, no rights."""
        return self._pool.isolation

    @property
    def state(self) -> Mapping[str, float]:
        """Figures for an operator: processes, those idle, free places, who waits, and whether every isolation holds."""
        fast, slow = self._admission.free
        return {
            "processes": self._pool.size,
            "processes_idle": self._pool.idle,
            "places_free": fast,
            "places_free_slow": slow,
            "waiting": self._admission.waiting,
            "isolated": float(bool(self.isolation) and all(self.isolation.values())),
        }

    async def close(self) -> None:
        """Ends all runs and workers."""
        for run in list(self._runs.values()):
            run.task.cancel()
        await asyncio.gather(*(run.task for run in self._runs.values()), return_exceptions=True)
        await self._pool.close()

    async def check(self, text: str, dataset: Dataset, named: tuple[str, ...] | None = None) -> CheckedQuery:
        """What the gate finds a text to be, with the named graphs of a request that says which; a long one is read in a
        thread, so that others do not wait. Raises what `gate.check_query` raises, which is counted."""
        try:
            given = (text, self.limits, dataset.location.base, dataset.graphs, named)
            return await asyncio.to_thread(check_query, *given) if len(text) > _LONG else check_query(*given)
        except PalermoError as error:
            self._report(METRIC[type(error)], 0.0)
            raise

    def begin(self, question: Question, dataset: Dataset, client: str) -> tuple[Run, asyncio.Future[Result]]:
        """The run of a question, begun unless it is going on, and what will have its result or the outcome of
        `server.sparql.outcomes` that it ended with. Whoever begins has to `leave`."""
        key = (dataset.version, question)
        run = self._runs.get(key)
        loop = asyncio.get_running_loop()
        if run is None:
            run = Run()
            run.task = loop.create_task(self._run(run, key, dataset, client))
            if not question.checked.volatile:  # else each has a result of its own
                self._runs[key] = run
        result: asyncio.Future[Result] = loop.create_future()
        run.waiting.add(result)
        return run, result

    def leave(self, run: Run, result: asyncio.Future[Result]) -> None:
        """Ends a run that goes on and that nobody else waits for."""
        run.waiting.discard(result)
        if not run.waiting and not run.task.done():
            run.task.cancel()

    async def answer(self, question: Question, dataset: Dataset, client: str) -> Result:
        """The result of a question. Raises the outcomes of `server.sparql.outcomes`."""
        run, result = self.begin(question, dataset, client)
        try:
            return await result
        finally:
            self.leave(run, result)

    async def _run(self, run: Run, key: _Key, dataset: Dataset, client: str) -> None:
        """Has a question answered, and tells those that wait."""
        started, outcome, text = time.perf_counter(), "gone", key[1].checked.text
        try:
            result = await self._place_and_run(key[1], dataset, client)
            outcome = "ok"
            for waiting in run.waiting:
                if not waiting.done():
                    waiting.set_result(result)
        except Exception as error:
            outcome = METRIC.get(type(error), "store")
            for waiting in run.waiting:
                if not waiting.done():
                    waiting.set_exception(error)
        finally:
            for waiting in run.waiting:
                waiting.cancel()
            if self._runs.get(key) is run:
                del self._runs[key]
            seconds = time.perf_counter() - started
            self._report(outcome, seconds)
            if seconds >= self.limits.slow_after:
                self._log_slow(text, outcome, seconds, client)

    @staticmethod
    def _log_slow(text: str, outcome: str, seconds: float, client: str) -> None:
        hashed = hashlib.sha256(text.encode()).hexdigest()[:16]
        told = {"outcome": outcome, "milliseconds": round(seconds * 1000), "client": client, "hash": hashed}
        _slow_log.info("slow query", extra={**told, "query": text[:2_000]})

    async def _place_and_run(self, question: Question, dataset: Dataset, client: str) -> Result:
        for graph in (*(question.default_graphs or ()), *(question.named_graphs or ())):
            check_graph(graph, dataset.graphs)
        place = await self._admission.enter(question.checked.text, client)
        started = time.monotonic()
        try:
            return await self._evaluate(question, dataset, place)
        finally:
            self._admission.leave(place, quick=time.monotonic() - started < self.limits.slow_after)

    async def _evaluate(self, question: Question, dataset: Dataset, place: Place) -> Result:
        """The result of a question that has its place."""
        worker = self._pool.take_idle(dataset.location)
        if worker is None:
            try:
                async with asyncio.timeout(self.limits.deadline):
                    worker = await self._pool.take(dataset.location)
            except (WorkerDied, TimeoutError):
                raise WorkersAway from None
        head, body = await self._ask(worker, place, question)
        if head["outcome"] == "syntax":
            raise await asyncio.to_thread(explain, question.checked.text, head["message"])
        return self._read(question, head, body)

    async def _ask(self, worker: Worker, place: Place, question: Question) -> Frame:
        """The worker's reply, or the outcome for which it was ended. The worker goes back or away."""
        loop, limits = asyncio.get_running_loop(), self.limits
        ended: list[PalermoError] = []
        watching: list[asyncio.Task[None]] = []

        def end(outcome: PalermoError) -> None:
            ended.append(outcome)
            worker.kill()

        def watch() -> None:
            timers.append(loop.call_later(limits.deadline - limits.slow_after, end_late))
            watching.append(loop.create_task(self._watch(worker, place, question.checked.text, end)))

        def end_late() -> None:
            waits = place.begun and not place.held
            end(self._admission.refusal(place) if waits else QueryTooSlow(limits.deadline))

        watched = not place.slow and limits.slow_after < limits.deadline
        timers = [loop.call_later(*(limits.slow_after, watch) if watched else (limits.deadline, end_late))]
        try:
            head, body = await worker.ask(self._frame(question))
        except WorkerDied as died:
            self._pool.discard(worker)
            raise (ended[0] if ended else self._why(died, question)) from None
        except asyncio.CancelledError:
            self._pool.discard(worker)
            raise
        finally:
            for timer in timers:
                timer.cancel()
            for task in watching:
                task.cancel()
        if watching:
            worker.resume()
        worker.worked = head["worked"]
        self._pool.give_back(worker, head["peak"])
        return head, body

    async def _watch(self, worker: Worker, place: Place, text: str, end: Callable[[PalermoError], None]) -> None:
        """Finds a slow place for a query that has had its time in a fast one; it is stopped while it waits for it."""
        limits, before, passed = self.limits, worker.worked, self.limits.slow_after
        while not self._is_slow(worker, before, passed):
            await asyncio.sleep(limits.slow_after / 4)
            passed += limits.slow_after / 4
        worker.pause()
        used = worker.used_seconds()
        try:
            await self._admission.become_slow(
                place,
                text,
                patient=worker.memory() <= limits.paused_memory,
                remember=used is None or used - before >= limits.slow_after / 20,
            )
        except QueryBusy:
            end(QueryBusy(_ENDED, 5))
        except ClientBusy as refusal:
            end(refusal)
        else:
            worker.lower_priority()
            worker.resume()

    def _is_slow(self, worker: Worker, before: float, passed: float) -> bool:
        """Whether a query had its time on a processor; on a busy machine it may just have waited for one, but not for
        ever."""
        used = worker.used_seconds()
        return used is None or used - before >= _WORKED * self.limits.slow_after or passed >= 2 * self.limits.slow_after

    def _why(self, died: WorkerDied, question: Question) -> PalermoError:
        """Why a query's process ended by itself: too deep a stack faults, too much memory aborts, as does the engine
        where it finds itself at fault, which it says. Any other signal came from outside."""
        words, text = died.words, question.checked.text
        if "overflowed its stack" in words or (died.signal == signal.SIGSEGV and len(text) >= _DEEP):
            return QueryMalformed("The query is nested too deeply to be planned")
        if died.signal not in _OF_ENGINE and not words:
            _log.warning("worker was ended from outside", extra={"signal": died.signal})
            return WorkerEnded()
        if "panicked" not in words and (died.signal == signal.SIGABRT or "MemoryError" in words):
            return QueryOutOfMemory(self.limits.memory)
        return self._fault(words or f"signal {died.signal}", question)

    def _fault(self, reason: str, question: Question) -> PalermoError:
        """A fault of the engine, which goes to the log with the query."""
        _log.error("engine failed on a query", extra={"reason": reason, "query": question.checked.text[:2_000]})
        return EngineFault("total order" in reason)

    def _frame(self, question: Question) -> bytes:
        checked, default, named = question.checked, question.default_graphs, question.named_graphs
        if default is None and named is None and checked.graphs is not None:
            default, named = checked.graphs
        rows, size = self._most_rows(question), self.limits.size
        head = _job_head(question.format, default, named, checked.patterns, checked.needed, rows, size)
        return pack(head, (checked.detour + BETWEEN + checked.quick if checked.needed else checked.detour).encode())

    def _most_rows(self, question: Question) -> int:
        return self.limits.table_rows if question.format == "html" else self.limits.rows

    def _read(self, question: Question, head: dict[str, Any], body: bytes) -> Result:
        outcome = head["outcome"]
        if outcome == "ok":
            return Result.of(head, body)
        if outcome == "memory":
            raise QueryOutOfMemory(self.limits.memory)
        if outcome in ("rows", "bytes"):
            raise ResultTooLarge(outcome, self.limits.rows if outcome == "rows" else self.limits.size)
        if outcome == "store":
            _log.error("store cannot be read", extra={"reason": head["message"]})
            raise WorkersAway
        if outcome == "engine":
            raise self._fault(head["message"], question)
        raise QueryFailed(f"{head['message']}.")


@lru_cache(maxsize=256)
def _job_head(
    form: str,
    default: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    patterns: tuple[str, ...],
    needed: tuple[str, ...],
    rows: int,
    size: int,
) -> bytes:
    """What a worker is told beside the query, which is mostly the same."""
    head = {"format": form, "default": default, "named": named, "patterns": patterns, "needed": needed}
    return packed_head({**head, "rows": rows, "size": size})
