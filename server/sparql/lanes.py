"""Lanes: who may run now.

There are a few fast places and fewer slow ones. A query starts in a fast place. When it has run for a while it has to
move to a slow place, and is ended where none is free; so a fast place is free again soon, whatever strangers ask.

When all fast places are taken a query waits, briefly: in order, as long as places come free quickly enough for all that
wait. When they do not, next is one of the form that waits least often, and of these the newest, and when the queue is
full the oldest of the form that waits most often is refused at once. So a flood of one form does not push out what is
rare; a queue served in order would make everybody late.

A query whose form was slow a moment ago is taken for slow from the start: the hundred copies of a runaway take no fast
place and are refused in microseconds.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from server.sparql.limits import Limits
from server.sparql.outcomes import ClientBusy, QueryBusy
from server.sparql.scanner import shape

_REMEMBERED_SECONDS = 30.0
_MOST_REMEMBERED = 256
_LONGEST_QUEUE = 1_000
_LEARNING = 0.1
_QUICK_SECONDS = 0.25
_RETRY_SOON, _RETRY_SLOW = 1, 5
_FULL = "All places for long queries are taken."
_CROWDED = "More queries came than there are places for."


@dataclass(eq=False, slots=True)
class Place:
    """The place of one running query. ``slow`` says in which lane it is."""

    text: str
    client: str
    slow: bool


@dataclass(eq=False, slots=True)
class _Waiting:
    text: str
    client: str
    form: str
    place: asyncio.Future[Place]
    timer: asyncio.TimerHandle | None = field(default=None)


class Lanes:
    """The places of one server. All methods belong to the event loop's thread."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._fast_free = limits.workers
        self._slow_free = limits.slow_places
        self._queue: list[_Waiting] = []
        self._slow_shapes: OrderedDict[str, float] = OrderedDict()
        self._running: dict[str, int] = {}
        self._pace = 0.0

    async def enter(self, text: str, client: str) -> Place:
        """A place for a query, at once or after a short wait.

        Raises `ClientBusy` when the client has its share running, and `QueryBusy` when there is no place in time.
        """
        most = self._limits.client_queries
        if most and self._running.get(client, 0) >= most:
            raise ClientBusy(most)
        if self._slow_shapes and self._was_slow(shape(text)):
            if not self._slow_free:
                raise QueryBusy(_FULL, _RETRY_SLOW)
            self._slow_free -= 1
            return self._start(Place(text, client, slow=True))
        if self._fast_free:
            self._fast_free -= 1
            return self._start(Place(text, client, slow=False))
        return await self._wait(text, client)

    def become_slow(self, place: Place, *, remember: bool = True) -> bool:
        """Moves a query that has run long to the slow lane, and remembers its form; false when that lane is full."""
        if remember:
            self._remember(shape(place.text))
        moves = self._slow_free > 0
        if moves:
            self._slow_free -= 1
            place.slow = True
        self._observe(self._limits.slow_after)
        self._settle_known_slow()
        if moves:
            self._free_fast()
        return moves

    def leave(self, place: Place, seconds: float) -> None:
        """Gives a place back after a query of that many seconds."""
        count = self._running[place.client] - 1
        if count:
            self._running[place.client] = count
        else:
            del self._running[place.client]
        if place.slow:
            self._slow_free += 1
            if seconds < self._limits.slow_after:
                self._slow_shapes.pop(shape(place.text), None)
        else:
            self._observe(seconds)
            self._free_fast()

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return len(self._queue)

    def _start(self, place: Place) -> Place:
        self._running[place.client] = self._running.get(place.client, 0) + 1
        return place

    async def _wait(self, text: str, client: str) -> Place:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(text, client, shape(text), loop.create_future())
        waiting.timer = loop.call_later(self._limits.waiting_seconds, self._refuse, waiting)
        self._queue.append(waiting)
        if len(self._queue) > (self._limits.waiting if self._is_crowded() else _LONGEST_QUEUE):
            self._refuse(self._commonest())
        try:
            return await waiting.place
        except asyncio.CancelledError:
            if waiting.place.done() and not waiting.place.cancelled() and waiting.place.exception() is None:
                self.leave(waiting.place.result(), 0.0)
            else:
                self._drop(waiting)
            raise

    def _free_fast(self) -> None:
        self._fast_free += 1
        while self._fast_free and self._queue:
            waiting = self._rarest() if self._is_crowded() else self._queue[0]
            self._queue.remove(waiting)
            if waiting.timer is not None:
                waiting.timer.cancel()
            if not waiting.place.done():
                self._fast_free -= 1
                waiting.place.set_result(self._start(Place(waiting.text, waiting.client, slow=False)))

    def _observe(self, seconds: float) -> None:
        """Learns how long a fast place is held, the latest counting most."""
        self._pace += _LEARNING * (seconds - self._pace)

    def _is_crowded(self) -> bool:
        """Whether those that wait would not all have a place soon."""
        return self._pace * len(self._queue) / self._limits.workers > _QUICK_SECONDS

    def _rarest(self) -> _Waiting:
        counts = Counter(waiting.form for waiting in self._queue)
        return min(reversed(self._queue), key=lambda waiting: counts[waiting.form])

    def _commonest(self) -> _Waiting:
        counts = Counter(waiting.form for waiting in self._queue)
        return max(self._queue, key=lambda waiting: counts[waiting.form])

    def _drop(self, waiting: _Waiting) -> None:
        if waiting.timer is not None:
            waiting.timer.cancel()
        if waiting in self._queue:
            self._queue.remove(waiting)

    def _refuse(self, waiting: _Waiting, reason: str = _CROWDED) -> None:
        self._drop(waiting)
        if not waiting.place.done():
            waiting.place.set_exception(QueryBusy(reason, _RETRY_SOON))

    def _settle_known_slow(self) -> None:
        """Gives those that wait and are now known to be slow the slow places that are left, and refuses the others."""
        for waiting in [waiting for waiting in self._queue if self._was_slow(waiting.form)]:
            if self._slow_free and not waiting.place.done():
                self._drop(waiting)
                self._slow_free -= 1
                waiting.place.set_result(self._start(Place(waiting.text, waiting.client, slow=True)))
            else:
                self._refuse(waiting, _FULL)

    def _was_slow(self, known: str) -> bool:
        until = self._slow_shapes.get(known)
        if until is not None and until < self._clock():
            del self._slow_shapes[known]
            return False
        return until is not None

    def _remember(self, known: str) -> None:
        self._slow_shapes[known] = self._clock() + _REMEMBERED_SECONDS
        self._slow_shapes.move_to_end(known)
        while len(self._slow_shapes) > _MOST_REMEMBERED:
            self._slow_shapes.popitem(last=False)
