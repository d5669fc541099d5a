"""The service: from a query text to its result, through the gate, a place and a worker process.

Two requests for the same result share one run. A run that nobody waits for any more is ended and its worker freed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from queries.prologue import Graphs
from server.integrity import SnapshotError
from server.sparql.admission import Admission, Place
from server.sparql.explanations import explain
from server.sparql.gate import CheckedQuery, Gate, check_graph
from server.sparql.lookups import looked_up
from server.sparql.outcomes import (
    ClientBusy,
    ClientGone,
    Limits,
    QueryBusy,
    QueryError,
    QueryOutOfMemory,
    QueryTooSlow,
    WorkersAway,
    why_ended,
    why_failed,
)
from server.sparql.pool import Pool
from server.sparql.processes import Dataset, Template, Worker, WorkerDied, job
from server.sparql.serializing import Reply, Result
from server.web.errors import PalermoError
from server.web.monitoring import Metrics

_WORKED = 0.5  # of the time after which a query is slow: so much it must have had on a processor
_ENDED = "The query has run a while, and all places for long queries are taken: it was ended without a result."
LONG = 4_000  # characters from which a text is read in its client's turn
_log = logging.getLogger("palermo.workers")
_slow_log = logging.getLogger("palermo.queries")
InTurn = Callable[[Callable[[], CheckedQuery]], Awaitable[CheckedQuery]]  # computes in a thread, in a client's turn
Tell = Callable[["Result | Exception"], None]
_Key = tuple[object, ...]


class Question(NamedTuple):
    """One query as it is to be answered; ``format`` is the name of a result format, ``html`` for rows in a page."""

    checked: CheckedQuery
    format: str


def result_of(head: Mapping[str, Any], body: bytes) -> Result:
    """The result in a reply."""
    columns = tuple(head.get("head", ()))
    return Result(body, head["rows"], head["seconds"], columns, head.get("boolean"), head.get("truncated", False))


@dataclass(eq=False, slots=True)
class Run:
    """A query on its way, begun and given to its worker at a time: those that wait for it, its place and its worker
    once it has them, what it waits for beside its worker, the end of its time, and why its worker was ended."""

    question: Question
    dataset: Dataset
    client: str
    key: _Key
    started: float
    waiting: list[Tell] = field(default_factory=list)
    place: Place | None = None
    worker: Worker | None = None
    work: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None
    asked: float = 0.0
    refusal: PalermoError | None = None
    done: bool = False


class QueryService:
    """Answers visitors' queries on the data set it was last moved to, and on older ones while requests hold them.

    The outcome and the seconds of every query are counted in ``metrics``; ``template`` is for the `Pool`.
    """

    def __init__(self, limits: Limits, metrics: Metrics, template: Template | None = None) -> None:
        self.limits = limits
        self._metrics = metrics
        self.pool = Pool(limits.workers, limits.memory, template)
        self._gate = Gate(limits)
        self._admission = Admission(limits, time.monotonic)
        self._runs: dict[_Key, Run] = {}

    async def move_to(self, dataset: Dataset) -> None:
        """Starts workers on this data set, from now on the current one. Raises `SnapshotError` when none starts."""
        try:
            await self.pool.move_to(dataset)
        except WorkerDied as died:
            raise SnapshotError(f"No process that runs queries can be started on {dataset.store}: {died}") from died

    @property
    def state(self) -> Mapping[str, float]:
        """Figures for an operator: processes, those idle, free places, who waits, and whether every isolation holds."""
        fast, slow = self._admission.free
        return {
            "processes": self.pool.size,
            "processes_idle": self.pool.idle,
            "places_free": fast,
            "places_free_slow": slow,
            "waiting": self._admission.waiting,
            "isolated": float(bool(self.pool.isolation) and all(self.pool.isolation.values())),
        }

    async def close(self) -> None:
        """Ends all runs and workers."""
        for run in list(self._runs.values()):
            self._abandon(run, WorkersAway())
        await self.pool.close()

    def check_now(self, text: str, dataset: Dataset, chosen: Graphs | None = None) -> CheckedQuery:
        """What the gate finds a text to be, with the graphs that a request names. Raises as `Gate.check`."""
        checked = self._gate.check(text, dataset.base, dataset.graphs, chosen)
        for graph in chain(*chosen or ()):
            check_graph(graph, dataset.graphs)
        return checked

    async def check(
        self, text: str, dataset: Dataset, chosen: Graphs | None = None, in_turn: InTurn = asyncio.to_thread
    ) -> CheckedQuery:
        """The same; a long text is read ``in_turn``, so that others do not wait. What is raised is counted."""
        try:
            if len(text) > LONG:
                return await in_turn(lambda: self.check_now(text, dataset, chosen))
            return self.check_now(text, dataset, chosen)
        except PalermoError as error:
            self._report(error.outcome if isinstance(error, QueryError) else "busy", 0.0)
            raise

    def answer_now(self, question: Question, dataset: Dataset, client: str) -> Result | None:
        """The result of a look-up whose client might run a query now; None where there has to be a run."""
        checked, store = question.checked, dataset.opened
        if checked.look_up is None or store is None or checked.graphs or not self._admission.has_room(client):
            return None
        found = looked_up(checked.text, checked.look_up, question.format, store, dataset.base)
        if found is not None:
            self._report("ok", found[0]["seconds"])
        return None if found is None else result_of(*found)

    def _report(self, outcome: str, seconds: float) -> None:
        self._metrics.queries(outcome).inc()
        self._metrics.query_seconds.observe(seconds)

    def begin(self, question: Question, dataset: Dataset, client: str, tell: Tell) -> Run:
        """The run of a question, begun unless it is going on. ``tell`` is called later with its result, or with the
        outcome of `server.sparql.outcomes` that it ended with, unless its caller has left by then."""
        key = (dataset.version, question.checked.text, question.checked.graphs, question.format)
        run = self._runs.get(key)
        if run is not None:
            run.waiting.append(tell)
            return run
        run = Run(question, dataset, client, key, time.perf_counter(), [tell])
        if not question.checked.volatile:  # else each has a result of its own
            self._runs[key] = run
        if not self._run_at_once(run):
            run.work = asyncio.get_running_loop().create_task(self._prepare(run))
        return run

    def leave(self, run: Run, tell: Tell) -> None:
        """Removes one waiting client; ends the query when no other client waits for it."""
        if tell in run.waiting:
            run.waiting.remove(tell)
        if not run.waiting and not run.done:
            self._abandon(run, ClientGone("The client went away before the query had a result."))

    async def answer(
        self, question: Question, dataset: Dataset, client: str, result: asyncio.Future[Result] | None = None
    ) -> Result:
        """The result of a question. Raises the outcomes of `server.sparql.outcomes`. A future that is given is awaited,
        so that whoever has it can end the wait."""
        if (now := self.answer_now(question, dataset, client)) is not None:
            return now
        result = asyncio.get_running_loop().create_future() if result is None else result

        def tell(outcome: Result | Exception) -> None:
            if result.done():
                return
            if isinstance(outcome, Result):
                result.set_result(outcome)
            else:
                result.set_exception(outcome)

        run = self.begin(question, dataset, client, tell)
        try:
            return await result
        finally:
            self.leave(run, tell)

    def _finish(self, run: Run, outcome: Result | Exception) -> None:
        """Releases the place of a run and notifies the waiting ones."""
        if run.done:
            return
        run.done = True
        if self._runs.get(run.key) is run:
            del self._runs[run.key]
        now = time.perf_counter()
        if run.place is not None:
            self._admission.leave(run.place, quick=now - run.asked < self.limits.slow_after)
        seconds = now - run.started
        name = "ok" if isinstance(outcome, Result) else "store"
        if isinstance(outcome, QueryError):
            name = outcome.outcome
        self._report(name, seconds)
        if seconds >= self.limits.slow_after:
            self._log_slow(run.question.checked.text, name, seconds, run.client)
        for tell in run.waiting:
            tell(outcome)

    def _abandon(self, run: Run, outcome: PalermoError) -> None:
        """Ends a running query and kills its worker."""
        if run.done:
            return
        self._stop_watching(run)
        worker, run.worker = run.worker, None
        if worker is not None:
            self.pool.discard(worker)
        self._finish(run, outcome)

    @staticmethod
    def _stop_watching(run: Run) -> None:
        if run.timer is not None:
            run.timer.cancel()
        if run.work is not None:
            run.work.cancel()

    @staticmethod
    def _log_slow(text: str, outcome: str, seconds: float, client: str) -> None:
        hashed = hashlib.sha256(text.encode()).hexdigest()[:16]
        told = {"outcome": outcome, "milliseconds": round(seconds * 1000), "client": client, "hash": hashed}
        _slow_log.info("slow query", extra={**told, "query": text[:2_000]})

    def _run_at_once(self, run: Run) -> bool:
        """Starts to evaluate a question if a place and a worker are free; returns whether they were."""
        text = run.question.checked.text
        run.place, run.asked = self._admission.enter_at_once(text, run.client), time.perf_counter()
        if run.place is None:
            return False
        worker = self.pool.take_idle(run.dataset)
        if worker is None:
            return False
        self._ask(run, worker)
        return True

    async def _prepare(self, run: Run) -> None:
        """Waits for a place and a worker, then evaluates a question."""
        try:
            if run.place is None:
                run.place = await self._admission.enter(run.question.checked.text, run.client)
            await self._evaluate(run)
        except Exception as error:
            self._finish(run, error)

    async def _evaluate(self, run: Run) -> None:
        """Sends a question that has its place to a worker."""
        try:
            async with asyncio.timeout(self.limits.deadline):
                worker = await self.pool.take(run.dataset)
        except (WorkerDied, TimeoutError):
            raise WorkersAway from None
        self._ask(run, worker)

    def _ask(self, run: Run, worker: Worker) -> None:
        run.worker, run.asked = worker, time.perf_counter()
        soon = min(self.limits.slow_after, self.limits.deadline)
        run.timer = asyncio.get_running_loop().call_later(soon, self._begin_watching, run, worker)
        worker.send(self._job(run.question), partial(self._replied, run))

    def _begin_watching(self, run: Run, worker: Worker) -> None:
        run.work = asyncio.get_running_loop().create_task(self._watch(run, worker))

    def _end(self, run: Run, outcome: PalermoError) -> None:
        run.refusal = run.refusal or outcome
        if run.worker is not None:
            run.worker.kill()
        else:
            self._abandon(run, outcome)

    def _replied(self, run: Run, reply: Reply | WorkerDied) -> None:
        """Ends a run with the reply of its worker, or with the outcome for which it was ended. The worker goes back or
        away."""
        worker, question = run.worker, run.question
        if run.done or worker is None:
            return
        self._stop_watching(run)
        run.worker = None
        if isinstance(reply, WorkerDied):
            self.pool.discard(worker)
            why = run.refusal or why_ended(reply.signal, reply.words, question.checked.text, self.limits)
            blameless = isinstance(why, QueryOutOfMemory | QueryTooSlow) and run.dataset.is_damaged
            self._finish(run, WorkersAway() if blameless else why)
            return
        head, body = reply
        if run.work is not None:  # it may have been stopped a moment ago
            worker.resume()
        self.pool.give_back(worker, head["peak"])
        if head["outcome"] == "syntax":
            run.work = asyncio.get_running_loop().create_task(self._explain(run, head["message"]))
        else:
            outcome = result_of(head, body) if head["outcome"] == "ok" else None
            self._finish(run, outcome or why_failed(head, question.checked.text, self.limits))

    async def _explain(self, run: Run, message: str) -> None:
        explaining = asyncio.to_thread(explain, run.question.checked.text, message)
        told: Sequence[Any] = await asyncio.gather(explaining, return_exceptions=True)  # or no thread for it
        self._finish(run, *told)

    async def _watch(self, run: Run, worker: Worker) -> None:
        """Ends a query at its deadline, or before, when it needs a slow place and there is none for it."""
        limits, place = self.limits, run.place
        assert place is not None
        try:
            async with asyncio.timeout(limits.deadline - limits.slow_after):
                if not place.slow and limits.slow_after < limits.deadline:
                    await self._become_slow(run, worker, place)
                await asyncio.sleep(limits.deadline)
        except TimeoutError:
            waits = place.begun and not place.held
            self._end(run, self._admission.refusal(place) if waits else QueryTooSlow(limits.deadline))
        except QueryBusy:
            self._end(run, QueryBusy(_ENDED, 5))
        except ClientBusy as refusal:
            self._end(run, refusal)

    async def _become_slow(self, run: Run, worker: Worker, place: Place) -> None:
        """Finds a slow place for a query that has had its time in a fast one; it is stopped while it waits for it."""
        limits, before, passed = self.limits, worker.worked, self.limits.slow_after
        while not self._is_slow(worker, before, passed):
            await asyncio.sleep(limits.slow_after / 4)
            passed += limits.slow_after / 4
        worker.pause()
        used = worker.used_seconds()
        await self._admission.become_slow(
            place,
            run.question.checked.text,
            patient=worker.memory() <= limits.paused_memory,
            remember=used is None or used - before >= limits.slow_after / 20,
        )
        worker.lower_priority()
        worker.resume()

    def _is_slow(self, worker: Worker, before: float, passed: float) -> bool:
        """Whether a query had its time on a processor; on a busy machine it may just have waited for one, but not for
        ever."""
        used = worker.used_seconds()
        return used is None or used - before >= _WORKED * self.limits.slow_after or passed >= 2 * self.limits.slow_after

    def _job(self, question: Question) -> bytes:
        checked = question.checked
        return job(
            checked.detour,
            format=question.format,
            rows=self._most_rows(question),
            size=self.limits.size,
            graphs=checked.graphs,
            patterns=checked.patterns,
            quick=checked.quick,
            needed=checked.needed,
        )

    def _most_rows(self, question: Question) -> int:
        return self.limits.table_rows if question.format == "html" else self.limits.rows
