"""The pool: workers that stand ready, for the snapshot of the day and, during a switch, for the one before.

A few are idle at any time, and one more is begun as soon as one is taken or ended, so that neither a crowd nor the
killing of a query makes anybody wait; when it is quiet again the others go. Where workers cannot be forked they take
long to start, so all that there are places for stay.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping

from server.sparql.forking import template
from server.sparql.limits import Limits
from server.sparql.workers import Ground, Worker, WorkerDied

_GROWN = 250_000  # kilobytes of peak memory after which a worker is not used again
_SPARE = 2
_QUIET_SECONDS = 30.0
_RETRY_SECONDS = 1.0
_log = logging.getLogger("palermo.workers")


class Pool:
    """Idle workers on the current ground. All methods belong to the event loop's thread.

    `take` hands out the one used last, whose memory is warm. `give_back` takes it again, or replaces it when it has
    answered its share, has grown, has been set behind the others or stands on an older snapshot.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = limits.workers + limits.slow_places + _SPARE
        self._template = template()
        self._taken = 0
        self._tidying: asyncio.TimerHandle | None = None
        self._ground: Ground | None = None
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._takers: deque[asyncio.Future[Worker]] = deque()
        self._closed = False

    async def stand_on(self, ground: Ground) -> None:
        """Has a worker ready on this ground, and lets those on another go. Raises `WorkerDied` when none starts."""
        first = await Worker.start(ground, self._limits.memory, self._template)
        leaving, self._idle, self._ground = self._idle, [], ground
        self._all.add(first)
        self._hand_out(first)
        for worker in leaving:
            self._end(worker)
        self._fill()

    async def take(self, ground: Ground) -> Worker:
        """A worker on this ground, started if none is ready. Raises `WorkerDied` when the pool is closed."""
        if self._closed:
            raise WorkerDied(0)
        self._taken += 1
        if ground != self._ground:
            worker = await Worker.start(ground, self._limits.memory, self._template)
            self._all.add(worker)
            return worker
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                self._fill()
                return worker
            self.discard(worker)
        taker: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._takers.append(taker)
        self._fill()
        try:
            return await taker
        except asyncio.CancelledError:
            if taker.done() and not taker.cancelled() and taker.exception() is None:
                self._hand_out(taker.result())
            raise

    def give_back(self, worker: Worker, peak: int) -> None:
        """Takes a worker that replied; ``peak`` is its highest memory in kilobytes."""
        worn = worker.uses >= self._limits.uses or peak > _GROWN or worker.low_priority
        if worn or worker.ground != self._ground or self._closed:
            self.discard(worker)
        else:
            self._hand_out(worker)

    def discard(self, worker: Worker) -> None:
        """Ends a worker and begins its replacement."""
        self._end(worker)
        self._fill()

    async def close(self) -> None:
        """Ends all workers and waits until they are gone."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        if self._tidying is not None:
            self._tidying.cancel()
        for taker in self._takers:
            if not taker.done():
                taker.set_exception(WorkerDied(0))
        workers = list(self._all)
        for worker in workers:
            worker.kill()
        await asyncio.gather(*(worker.ended() for worker in workers), *self._leaving)
        self._idle.clear()
        self._all.clear()
        if self._template is not None:
            self._template.close()

    @property
    def isolation(self) -> Mapping[str, bool]:
        """What holds for the workers here: network, memory, files."""
        return next((worker.isolation for worker in self._all), {})

    def _end(self, worker: Worker) -> None:
        worker.kill()
        self._all.discard(worker)
        leaving = asyncio.get_running_loop().create_task(worker.ended())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def _hand_out(self, worker: Worker) -> None:
        while self._takers:
            taker = self._takers.popleft()
            if not taker.done():
                taker.set_result(worker)
                return
        self._idle.append(worker)
        if len(self._idle) > _SPARE and self._template is not None and self._tidying is None and not self._closed:
            self._tidying = asyncio.get_running_loop().call_later(_QUIET_SECONDS, self._tidy, self._taken)

    def _tidy(self, taken: int) -> None:
        """Ends idle workers beyond the few, unless somebody took one meanwhile."""
        self._tidying = None
        quiet = taken == self._taken
        leaving = self._idle[:-_SPARE] if quiet else []
        self._idle = self._idle[len(leaving) :]
        for worker in leaving:
            self._end(worker)
        if not quiet and len(self._idle) > _SPARE:
            self._tidying = asyncio.get_running_loop().call_later(_QUIET_SECONDS, self._tidy, self._taken)

    def _fill(self) -> None:
        if self._closed or self._ground is None:
            return
        here = sum(worker.ground == self._ground for worker in self._all) + len(self._starting)
        busy = here - len(self._idle) - len(self._starting)
        wanted = self._most if self._template is None else min(self._most, busy + len(self._takers) + _SPARE)
        for _ in range(wanted - here):
            task = asyncio.get_running_loop().create_task(self._start(self._ground))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start(self, ground: Ground) -> None:
        while True:
            try:
                worker = await Worker.start(ground, self._limits.memory, self._template)
                break
            except (WorkerDied, TimeoutError, OSError) as problem:
                _log.error("worker did not start", extra={"reason": repr(problem)})
                await asyncio.sleep(_RETRY_SECONDS)
                if ground != self._ground:
                    return
        self._all.add(worker)
        if self._closed or ground != self._ground:
            self._end(worker)
        else:
            self._hand_out(worker)
