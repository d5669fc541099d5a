"""The pool of idle worker processes.

A few are idle at any time, and one more is started as soon as one is taken or killed, so that neither a crowd nor the
killing of a query makes anybody wait. Those that a crowd needed leave when it is quiet. No wait here is without an end:
a worker that does not start within its time is given up, with the reason in the log and in `Pool.problem`, and starting
is tried again every second.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Mapping

from server.sparql.processes import Dataset, Template, Worker, WorkerDied, job
from server.web.errors import Unreadable

_SPARE = 2
_GROWN = 250_000  # kilobytes of peak memory after which a worker is not used again
_RETRY_SECONDS = 1.0
_QUIET_SECONDS = 10.0
_CLOSE_SECONDS = 5.0
_MOST_OF_OURS = 200_000_000  # rows, and bytes, of a result for a page
_log = logging.getLogger("palermo.workers")


class Pool:
    """Idle workers on the current store. All methods belong to the event loop's thread.

    ``most`` is how many are in use at once, ``memory`` the ceiling of each in bytes, ``template`` the first one if it
    runs already. ``problem`` says why no worker starts; it is empty when the last one that was tried did. ``isolation``
    is what holds for the one that started last.
    """

    def __init__(self, most: int, memory: int, template: Template | None = None) -> None:
        self.problem = ""
        self.isolation: Mapping[str, bool] = {}
        self._memory = memory
        self._most = most
        self._spare = _SPARE if sys.platform == "linux" else most
        self._template = template or Template()
        self._dataset: Dataset | None = None
        self._idle: list[Worker] = []  # the one used last at the end
        self._all: set[Worker] = set()
        self._adding: set[asyncio.Task[None] | None] = set()
        self._leaving: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def size(self) -> int:
        """How many processes there are."""
        return len(self._all)

    @property
    def idle(self) -> int:
        """How many of those on the current store have nothing to do."""
        return sum(worker.dataset == self._dataset for worker in self._idle)

    async def move_to(self, dataset: Dataset) -> None:
        """Starts a worker on this store, and ends the idle ones on another. Raises `WorkerDied` when none starts; on
        the first store that is tried again until one does."""
        same = self._template.files == dataset.in_memory
        template = self._template if same else Template(dataset.in_memory)
        try:
            first = await self._start(dataset, template)
        except WorkerDied:
            if self._dataset is None:
                self._dataset, self._template = dataset, template
                self._fill()
            elif not same:
                template.close()
            raise
        if not same:
            self._template.close()
        leaving, self._idle, self._dataset, self._template = self._idle, [first], dataset, template
        for worker in leaving:
            self._end(worker)
        self._fill()

    def take_idle(self, dataset: Dataset) -> Worker | None:
        """A worker on this store that is idle, if there is one: the one used last, whose memory is warm."""
        for worker in self._idle[::-1]:
            if worker.dataset == dataset:
                self._idle.remove(worker)
                if worker.takes_jobs:
                    self._fill()
                    return worker
                self._end(worker)
        return None

    async def take(self, dataset: Dataset) -> Worker:
        """A worker on this store, an idle or a new one. Raises `WorkerDied` when none starts; that is tried again."""
        worker = self.take_idle(dataset)
        if worker is None:
            try:
                worker = await self._start(dataset)
            finally:
                self._fill()
        return worker

    async def evaluate(self, dataset: Dataset, text: str, form: str, seconds: float) -> bytes:
        """The result of a question of our own, by a worker that is ended after so many seconds. Raises `Unreadable`
        when there is no worker, and `OSError` when it was ended."""
        worker = None
        try:
            async with asyncio.timeout(seconds):
                worker = await self.take(dataset)
                head, body = await worker.ask(job(text, format=form, rows=_MOST_OF_OURS, size=_MOST_OF_OURS))
        except BaseException as problem:
            if worker is not None:
                self.discard(worker)
            if not isinstance(problem, WorkerDied | TimeoutError):
                raise
            if worker is None:
                raise Unreadable("No process that reads the data can be started.", retry_after=5) from None
            why = str(problem) or f"it took longer than {seconds:g} seconds"
            raise OSError(f"The process that evaluated a question of a page was ended: {why}.") from None
        self.give_back(worker, head["peak"])
        if head["outcome"] == "ok":
            return body
        raise (OSError if head["outcome"] in ("store", "memory") else RuntimeError)(head.get("message", "no memory"))

    def give_back(self, worker: Worker, peak: int) -> None:
        """Takes a worker that replied; ``peak`` is its highest memory in kilobytes. One that has grown, had its
        priority lowered, has an older graph in memory or is one too many is ended; one on the files of an older
        snapshot waits a moment for the next question about that."""
        of_use = worker.dataset == self._dataset or not worker.dataset.in_memory
        if of_use and worker.reusable and peak <= _GROWN and not self._closed and len(self._idle) < self._most + _SPARE:
            self._stand_by(worker)
        else:
            self.discard(worker)

    def discard(self, worker: Worker) -> None:
        """Ends a worker and starts its replacement."""
        self._end(worker)
        self._fill()

    async def close(self) -> None:
        """Ends all workers and waits until they are gone."""
        self._closed = True
        if self._leaving is not None:
            self._leaving.cancel()
        adding = [task for task in self._adding if task is not None and task.cancel()]
        await asyncio.gather(*adding, return_exceptions=True)
        workers, self._idle = list(self._all), []
        for worker in workers:
            worker.kill()
        ending = [asyncio.ensure_future(worker.ended()) for worker in workers]
        if ending:
            await asyncio.wait(ending, timeout=_CLOSE_SECONDS)
        self._template.close()

    async def _start(self, dataset: Dataset, template: Template | None = None) -> Worker:
        if self._closed:
            raise WorkerDied(0, "The server is stopping.")
        try:
            worker = await Worker.start(dataset, self._memory, template or self._template)
        except WorkerDied as died:
            if str(died) != self.problem:
                _log.error("worker did not start", extra={"reason": str(died)})
            self.problem = str(died)
            raise
        if worker.isolation != self.isolation:
            level = logging.INFO if all(worker.isolation.values()) else logging.WARNING
            _log.log(level, "workers are isolated as follows", extra={"isolation": dict(worker.isolation)})
        self.problem, self.isolation = "", worker.isolation
        self._all.add(worker)
        return worker

    def _stand_by(self, worker: Worker) -> None:
        """Adds a worker to the idle ones; where there are enough of them, some are ended after a while."""
        worker.idle_since = time.monotonic()
        self._idle.append(worker)
        self._look_later()

    def _look_later(self) -> None:
        if len(self._idle) > self._spare and self._leaving is None and not self._closed:
            self._leaving = asyncio.get_running_loop().call_later(_QUIET_SECONDS, self._let_leave)

    def _let_leave(self) -> None:
        """Ends the workers that were idle for a while, but for a few on the current store."""
        self._leaving = None
        ours = [worker for worker in self._idle if worker.dataset == self._dataset]
        for worker in [each for each in self._idle if each not in ours[-self._spare :]]:
            if time.monotonic() - worker.idle_since >= _QUIET_SECONDS:
                self._idle.remove(worker)
                self._end(worker)
        self._look_later()

    def _end(self, worker: Worker) -> None:
        worker.kill()
        self._all.discard(worker)

    def _fill(self) -> None:
        """Starts as many workers as are missing to have a few idle."""
        for _ in range(0 if self._closed else self._spare - self.idle - len(self._adding)):
            self._adding.add(asyncio.get_running_loop().create_task(self._add()))

    async def _add(self) -> None:
        """Starts an idle worker on the current store, trying again until one starts."""
        try:
            while not self._closed and self._dataset is not None:
                try:
                    worker = await self._start(self._dataset)
                except WorkerDied:
                    await asyncio.sleep(_RETRY_SECONDS)
                    continue
                if worker.dataset == self._dataset:
                    self._stand_by(worker)
                    return
                self._end(worker)
        finally:
            self._adding.discard(asyncio.current_task())
