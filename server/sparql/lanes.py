"""Lanes: who may run now.

There are a few fast places and fewer slow ones. A query starts in a fast place. When it has run for a while it has to
move to a slow place, and is ended where none is free; so a fast place is free again soon, whatever strangers ask.

When all fast places are taken a query waits: in order, as long as all that wait have a place in a moment; then the form
that waits least often is first, so that a flood of one form does not push out what is rare. When more wait than can
have a place in time, the newest of a form comes before the oldest, for a queue served in order would make everybody
late, and the oldest of the form that waits most often is refused at once.

A query whose form was slow a moment ago is taken for slow from the start: the hundred copies of a runaway take no fast
place and are refused in microseconds.

One client has a share. What it asks beyond its share of all places waits until one of its own queries has ended, and is
refused when none of them can end soon. Of the slow places it has half at most, so that its runaways leave room for the
long query of somebody else. Refused for its own sake it is told so (429); otherwise, that others are in its way (503).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from queries.scanner import shape
from server.sparql.limits import Limits
from server.sparql.outcomes import ClientBusy, QueryBusy
from server.sparql.queue import Order, Queue, Waiting

_REMEMBERED_SECONDS = 30.0
_MOST_REMEMBERED = 256
_LONGEST_QUEUE = 1_000
_LEARNING = 0.04
_MOMENT_SECONDS = 0.25
_IN_TIME = 0.75  # of the time that a query may wait
_RETRY_SOON, _RETRY_SLOW = 1, 5
_FULL = "All places for long queries are taken."
_ENDED = "The query has run a while, and all places for long queries are taken: it was ended without a result."
_CROWDED = "More queries came than there are places for."
Refusal = QueryBusy | ClientBusy


@dataclass(eq=False, slots=True)
class Place:
    """The place of one running query. ``slow`` says in which lane it is."""

    text: str
    client: str
    slow: bool


@dataclass(slots=True)
class _Share:
    """How many places of each lane a client has."""

    fast: int = 0
    slow: int = 0


class Lanes:
    """The places of one server. All methods belong to the event loop's thread."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._fast_free = limits.workers
        self._slow_free = limits.slow_places
        self._queue: Queue[Place] = Queue()
        self._slow_shapes: OrderedDict[str, float] = OrderedDict()
        self._shares: dict[str, _Share] = {}
        self._pace = 0.0

    async def enter(self, text: str, client: str) -> Place:
        """A place for a query, at once or after a short wait.

        Raises `ClientBusy` when the client has its share and `QueryBusy` when others have all places.
        """
        if self._slow_shapes and self._was_slow(shape(text)):
            refusal = self._no_slow_place(client)
            if refusal is not None:
                raise refusal
            return self._start(Place(text, client, slow=True))
        if not self._may_run(client):
            if not self._shares[client].fast:
                raise ClientBusy.of(self._limits.client_queries)
        elif self._fast_free:
            return self._start(Place(text, client, slow=False))
        return await self._wait(text, client)

    def become_slow(self, place: Place, *, remember: bool = True) -> Refusal | None:
        """Moves a query that has run long to the slow lane, and remembers its form; or says why it has to end."""
        if remember:
            self._remember(shape(place.text))
        self._observe(self._limits.slow_after)
        refusal = self._no_slow_place(place.client, _ENDED)
        if refusal is None:
            self._end(place)
            place.slow = True
            self._start(place)
        self._settle()
        self._hand_out()
        return refusal

    def leave(self, place: Place, seconds: float) -> None:
        """Gives a place back after a query of that many seconds."""
        self._end(place)
        if not place.slow:
            self._observe(seconds)
        elif seconds < self._limits.slow_after:
            self._slow_shapes.pop(shape(place.text), None)
        self._hand_out()

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return len(self._queue)

    def _start(self, place: Place) -> Place:
        share = self._shares.setdefault(place.client, _Share())
        if place.slow:
            self._slow_free -= 1
            share.slow += 1
        else:
            self._fast_free -= 1
            share.fast += 1
        return place

    def _end(self, place: Place) -> None:
        share = self._shares[place.client]
        if place.slow:
            self._slow_free += 1
            share.slow -= 1
        else:
            self._fast_free += 1
            share.fast -= 1
        if not share.fast and not share.slow:
            del self._shares[place.client]

    def _may_run(self, client: str) -> bool:
        """Whether a client has fewer places than its share."""
        share, most = self._shares.get(client), self._limits.client_queries
        return not most or share is None or share.fast + share.slow < most

    def _no_slow_place(self, client: str, full: str = _FULL) -> Refusal | None:
        """Why a query of a client cannot have a slow place; None when it can."""
        share, most = self._shares.get(client), (self._limits.slow_places + 1) // 2
        if share is not None and self._limits.client_queries and share.slow >= most:
            return ClientBusy.of_long(most)
        return None if self._slow_free else QueryBusy(full, _RETRY_SLOW)

    async def _wait(self, text: str, client: str) -> Place:
        loop = asyncio.get_running_loop()
        waiting: Waiting[Place] = Waiting(text, client, shape(text), loop.create_future())
        waiting.timer = loop.call_later(self._limits.waiting_seconds, self._refuse, waiting)
        self._queue.add(waiting)
        if len(self._queue) > self._longest():
            self._refuse(self._queue.commonest())
        try:
            return await waiting.place
        except asyncio.CancelledError:
            if waiting.place.done() and not waiting.place.cancelled() and waiting.place.exception() is None:
                self.leave(waiting.place.result(), 0.0)
            else:
                self._queue.drop(waiting)
            raise

    def _hand_out(self) -> None:
        """Gives free fast places to those that wait and may have one."""
        while self._fast_free and self._queue:
            waiting = self._queue.next(self._order(), self._may_run)
            if waiting is None:
                return
            self._queue.drop(waiting)
            if not waiting.place.done():
                waiting.place.set_result(self._start(Place(waiting.text, waiting.client, slow=False)))

    def _observe(self, seconds: float) -> None:
        """Learns how long a fast place is held, the latest counting most."""
        self._pace += _LEARNING * (seconds - self._pace)

    def _order(self) -> Order:
        expected = self._pace * len(self._queue) / self._limits.workers
        if expected <= _MOMENT_SECONDS:
            return Order.AS_THEY_CAME
        return Order.RAREST_OLDEST if expected <= self._limits.waiting_seconds * _IN_TIME else Order.RAREST_NEWEST

    def _longest(self) -> int:
        """How many may wait: as many as have a place in time, and a few in any case."""
        in_time = self._limits.waiting_seconds * _IN_TIME * self._limits.workers / max(self._pace, 1e-4)
        return max(self._limits.waiting, min(_LONGEST_QUEUE, int(in_time)))

    def _refuse(self, waiting: Waiting[Place], refusal: Refusal | None = None) -> None:
        self._queue.drop(waiting)
        if not waiting.place.done():
            own = None if self._may_run(waiting.client) else ClientBusy.of(self._limits.client_queries)
            waiting.place.set_exception(refusal or own or QueryBusy(_CROWDED, _RETRY_SOON))

    def _settle(self) -> None:
        """Gives those that wait and are now known to be slow the slow places that are left, and refuses the others, and
        those of clients whose share runs long."""
        for waiting in self._queue:
            if self._was_slow(waiting.form):
                refusal = self._no_slow_place(waiting.client)
                if refusal is not None or waiting.place.done():
                    self._refuse(waiting, refusal)
                else:
                    self._queue.drop(waiting)
                    waiting.place.set_result(self._start(Place(waiting.text, waiting.client, slow=True)))
            elif not self._may_run(waiting.client) and not self._shares[waiting.client].fast:
                self._refuse(waiting)

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
