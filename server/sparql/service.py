"""The service: from a query text to its result, through the gate, the cache, the lanes and a worker process.

Two requests for the same result share one run. A run that nobody waits for any more is ended and its worker freed.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from server.sparql.cache import BoundedCache
from server.sparql.frames import pack
from server.sparql.gate import Verdict, check_graph, judge
from server.sparql.lanes import Lanes, Place
from server.sparql.limits import Limits
from server.sparql.outcomes import (
    METRIC,
    QueryBusy,
    QueryFailed,
    QueryMalformed,
    QueryTooHungry,
    QueryTooSlow,
    ResultTooLarge,
)
from server.sparql.pool import Pool
from server.sparql.results import Dataset, Question, Result, Table, table_of
from server.sparql.syntax import explain
from server.sparql.workers import Frame, Worker, WorkerDied
from server.web.errors import PalermoError

_WORKED_SECONDS = 0.02  # of processor time: many times what a look-up takes, little of what a long query gets
_OVERHEAD = 512  # bytes an entry of the cache takes beside its body
Report = Callable[[str, float], None]


@dataclass(eq=False, slots=True)
class Run:
    """A run of a query that some wait for."""

    task: asyncio.Task[Result]
    waiting: int = field(default=0)


_Key = tuple[str, Question]


class QueryService:
    """Answers visitors' queries on the data set it was last moved to, and on older ones while requests hold them.

    ``report`` is told the outcome and the seconds of every query, for counting.
    """

    def __init__(self, limits: Limits, report: Report) -> None:
        self.limits = limits
        self._report = report
        self._pool = Pool(limits)
        self._lanes = Lanes(limits, time.monotonic)
        self._results: BoundedCache[_Key, Result] = BoundedCache(
            limits.cache_entries, limits.cache_size, lambda result: len(result.body) + _OVERHEAD
        )
        self._verdicts: BoundedCache[tuple[str, str], Verdict] = BoundedCache(
            limits.cache_entries, limits.cache_size // 8, lambda verdict: 2 * len(verdict.text) + _OVERHEAD
        )
        self._runs: dict[_Key, Run] = {}

    async def move_to(self, dataset: Dataset) -> None:
        """Has workers ready on this data set, from now on the usual one."""
        await self._pool.stand_on(dataset.ground)

    async def close(self) -> None:
        """Ends all runs and workers."""
        for run in list(self._runs.values()):
            run.task.cancel()
        await asyncio.gather(*(run.task for run in self._runs.values()), return_exceptions=True)
        await self._pool.close()

    def judge(self, text: str, dataset: Dataset) -> Verdict:
        """The gate's verdict on a text. Raises what `gate.judge` raises, which is counted."""
        key = (dataset.version, text)
        verdict = self._verdicts.get(key)
        if verdict is None:
            try:
                verdict = judge(text, self.limits, dataset.ground.base, dataset.graphs)
            except PalermoError as error:
                self._report(METRIC[type(error)], 0.0)
                raise
            self._verdicts.put(key, verdict)
        return verdict

    def known(self, question: Question, dataset: Dataset) -> Result | None:
        """The result of a question, if it is in memory."""
        result = self._results.get((dataset.version, question))
        if result is not None:
            self._report("cached", 0.0)
        return result

    def join(self, question: Question, dataset: Dataset, client: str) -> Run:
        """The run of a question, begun unless it is going on. Whoever joins has to `leave`."""
        key = (dataset.version, question)
        run = self._runs.get(key)
        if run is None:
            run = Run(asyncio.get_running_loop().create_task(self._run(key, dataset, client)))
            if not question.verdict.volatile:
                self._runs[key] = run
        run.waiting += 1
        return run

    def leave(self, run: Run) -> None:
        """Ends a run that goes on and that nobody else waits for."""
        run.waiting -= 1
        if not run.waiting and not run.task.done():
            run.task.cancel()

    async def answer(self, question: Question, dataset: Dataset, client: str) -> Result:
        """The result of a question, from memory or a run. Raises the outcomes of `server.sparql.outcomes`."""
        known = self.known(question, dataset)
        if known is not None:
            return known
        run = self.join(question, dataset, client)
        try:
            return await asyncio.shield(run.task)
        finally:
            self.leave(run)

    async def table(self, text: str, dataset: Dataset, client: str) -> Table:
        """The first rows of a query's result, for a page."""
        verdict = self.judge(text, dataset)
        return table_of(await self.answer(Question(verdict, "html"), dataset, client), verdict)

    async def _run(self, key: _Key, dataset: Dataset, client: str) -> Result:
        question = key[1]
        started = time.perf_counter()
        outcome = "gone"
        try:
            result = await self._place_and_run(question, dataset, client)
            outcome = "ok"
            if not question.verdict.volatile:
                self._results.put(key, result)
            return result
        except PalermoError as error:
            outcome = METRIC.get(type(error), "store")
            raise
        finally:
            if self._runs.get(key, None) is not None:
                del self._runs[key]
            self._report(outcome, time.perf_counter() - started)

    async def _place_and_run(self, question: Question, dataset: Dataset, client: str) -> Result:
        for graph in (*(question.default_graphs or ()), *(question.named_graphs or ())):
            check_graph(graph, dataset.graphs)
        place = await self._lanes.enter(question.verdict.text, client)
        started = time.monotonic()
        try:
            return await self._evaluate(question, dataset, place)
        finally:
            self._lanes.leave(place, time.monotonic() - started)

    async def _evaluate(self, question: Question, dataset: Dataset, place: Place) -> Result:
        """The result of a question that has its place."""
        worker = await self._pool.take(dataset.ground)
        return self._read(question, *await self._ask(worker, place, self._frame(question)))

    async def _ask(self, worker: Worker, place: Place, frame: bytes) -> Frame:
        """The worker's reply, or the outcome for which it was ended. The worker goes back or away."""
        ended: list[PalermoError] = []

        def end(outcome: PalermoError) -> None:
            ended.append(outcome)
            worker.kill()

        def slow(again: bool) -> None:
            worked = self._has_worked(worker, before)
            if not worked and again:
                timers.append(loop.call_later(limits.slow_after / 2, slow, False))
                return
            refusal = self._lanes.become_slow(place, remember=worked)
            if refusal is None:
                worker.lower_priority()
            else:
                end(refusal)

        loop = asyncio.get_running_loop()
        limits = self.limits
        before = worker.worked
        timers = [loop.call_later(limits.deadline, end, QueryTooSlow(limits.deadline))]
        if not place.slow:
            timers.append(loop.call_later(limits.slow_after, slow, True))
        try:
            head, body = await worker.ask(frame)
        except WorkerDied as died:
            self._pool.discard(worker)
            raise (ended[0] if ended else self._why(died)) from None
        except asyncio.CancelledError:
            self._pool.discard(worker)
            raise
        finally:
            for timer in timers:
                timer.cancel()
        worker.worked = head["worked"]
        self._pool.give_back(worker, head["peak"])
        return head, body

    def _has_worked(self, worker: Worker, before: float) -> bool:
        """Whether a query has had some time on a processor; on a busy machine it may just have waited for one."""
        used = worker.used_seconds()
        return used is None or used - before >= min(_WORKED_SECONDS, self.limits.slow_after / 5)

    def _why(self, died: WorkerDied) -> PalermoError:
        """What a query did that ended its process from within: too much memory aborts, too deep a stack faults."""
        if died.signal == signal.SIGSEGV:
            return QueryMalformed("The query is nested too deeply to be planned")
        if died.signal == signal.SIGABRT:
            return QueryTooHungry(self.limits.memory)
        return QueryBusy("The process that ran the query was ended from outside.", 1)

    def _frame(self, question: Question) -> bytes:
        table = question.format == "html"
        head = {
            "format": question.format,
            "default": question.default_graphs,
            "named": question.named_graphs,
            "dataset": question.verdict.dataset,
            "rows": self.limits.table_rows if table else self.limits.rows,
            "size": self.limits.size,
        }
        return pack(head, question.verdict.text.encode())

    def _read(self, question: Question, head: dict[str, Any], body: bytes) -> Result:
        outcome = head["outcome"]
        if outcome == "ok":
            return Result.of(head, body)
        if outcome == "syntax":
            raise explain(question.verdict.text, head["message"])
        if outcome == "memory":
            raise QueryTooHungry(self.limits.memory)
        if outcome in ("rows", "bytes"):
            raise ResultTooLarge(outcome, self.limits.rows if outcome == "rows" else self.limits.size)
        raise QueryFailed(f"{head['message']}.")
