"""Admission: which query may run now, which waits, and which is refused.

There are a few fast places and fewer slow ones. Every query starts in a fast place. One that has run for a while needs
a slow place: it gets one, or waits for one while its process is stopped, or is ended; so a fast place is free again
soon, whatever strangers ask. A query whose form was slow a moment ago waits for a slow place from the start, and takes
no fast one.

A client has a share: so many queries at once, and at most half of the slow places, so that its runaways leave room for
the long query of somebody else. What it asks beyond its share waits until one of its own has ended. The next place goes
to what has run already, then to the client that has the fewest, and among its queries to the oldest.

Every wait is bounded in time and number. Who is refused for its own sake is told so (429); otherwise, that others are
in its way (503).
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from queries.scanner import shape
from server.sparql.outcomes import ClientBusy, Limits, QueryBusy

_REMEMBERED_SECONDS = 30.0
_MOST_REMEMBERED = 256
_MOST_WAITING = 1_000
_SHAPED = 20_000  # characters that tell a form
_RETRY_SOON, _RETRY_SLOW = 1, 5
_FULL = "All places for long queries are taken."
_CROWDED = "More queries came than there are places for."
Refusal = QueryBusy | ClientBusy
_shape = lru_cache(maxsize=32)(shape)  # asked when a query comes, and again when it has to wait


@dataclass(eq=False, slots=True)
class Place:
    """The place of one query. ``slow`` says of which kind it is; ``form`` is the query without names and values;
    ``held`` whether the query has it, and does not wait for it; ``begun`` whether the query has run already."""

    form: str
    client: str
    slow: bool
    held: bool = False
    begun: bool = False


class Admission:
    """The places of one server. All methods belong to the event loop's thread; ``clock`` counts seconds."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._free = {False: limits.workers, True: limits.slow_places}
        self._running: Counter[str] = Counter()
        self._running_slow: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], Place] = {}
        self._paused = 0
        self._slow_forms: OrderedDict[str, float] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return len(self._waiting)

    @property
    def free(self) -> tuple[int, int]:
        """How many fast and slow places are free."""
        return self._free[False], self._free[True]

    async def enter(self, text: str, client: str) -> Place:
        """A place for a query, at once or after a bounded wait.

        Raises `ClientBusy` when the client has its share and `QueryBusy` when others have all places.
        """
        place = self.enter_at_once(text, client)
        if place is None:
            form = _form(text)
            place = Place(form, client, self._was_slow(form))
            await self._wait(place)
        return place

    def enter_at_once(self, text: str, client: str) -> Place | None:
        """A place for a query that need not wait for one, or None."""
        form = _form(text) if self._slow_forms or self._waiting or not self._free[False] else ""
        place = Place(form, client, self._was_slow(form))
        if not self._may_run(place):
            return None
        self._take(place)
        return place

    def has_room(self, client: str) -> bool:
        """Whether a query of this client that is known to be short could have a place now."""
        most = self._limits.client_queries
        return self._free[False] > 0 and (not most or self._running.get(client, 0) < most)

    async def become_slow(self, place: Place, text: str, *, patient: bool = True, remember: bool = True) -> None:
        """Moves a query that has run for a while to a slow place, at once or, if it is ``patient``, after a bounded
        wait in which it must not run; its fast place is free meanwhile. Raises as `enter` does; then it has no place.
        """
        self._give(place)
        place.slow, place.begun, place.form = True, True, _form(text)
        if self._may_run(place):
            self._take(place)
        if remember:
            self._remember(place.form)
        self._hand_out()
        if not place.held:
            if not patient or self._paused >= self._limits.workers:
                raise self.refusal(place)
            self._paused += 1
            try:
                await self._wait(place)
            finally:
                self._paused -= 1

    def leave(self, place: Place, *, quick: bool = False) -> None:
        """Gives a place back, if it is held; after a ``quick`` query its form is slow no more."""
        if not place.held:
            return
        self._give(place)
        if quick and place.slow:
            self._slow_forms.pop(place.form, None)
        self._hand_out()

    def _give(self, place: Place) -> None:
        place.held = False
        self._free[place.slow] += 1
        for counter in (self._running, self._running_slow) if place.slow else (self._running,):
            counter[place.client] -= 1
            if not counter[place.client]:
                del counter[place.client]

    def _take(self, place: Place) -> None:
        place.held = True
        self._free[place.slow] -= 1
        self._running[place.client] += 1
        if place.slow:
            self._running_slow[place.client] += 1

    def _may_run(self, place: Place) -> bool:
        """Whether there is a place, and the client may have one more."""
        return self._free[place.slow] > 0 and self._own_refusal(place) is None

    def _own_refusal(self, place: Place) -> ClientBusy | None:
        """Why this client may have no place of this kind, whatever others have; None when it may."""
        most, most_slow = self._limits.client_queries, (self._limits.slow_places + 1) // 2
        if most and place.slow and self._running_slow[place.client] >= most_slow:
            return ClientBusy.of_long(most_slow)
        if most and self._running[place.client] >= most:
            return ClientBusy.of(most)
        return None

    async def _wait(self, place: Place) -> None:
        """Waits for a place. Raises the refusal when there are too many that wait, or no place in time."""
        full = len(self._waiting) >= _MOST_WAITING or (place.slow and self._slow_waiting() >= self._limits.waiting)
        if full and not place.begun:
            raise self.refusal(place)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = place
        try:
            async with asyncio.timeout(self._limits.waiting_seconds):
                await turn
        except TimeoutError:
            if not place.held:  # Else the place came at the last moment.
                raise self.refusal(place) from None
        except BaseException:
            self.leave(place)
            raise
        finally:
            self._waiting.pop(turn, None)

    def refusal(self, place: Place) -> Refusal:
        """Why a query that waits for this place does not have it: its client has its share, or others have all."""
        own = self._own_refusal(place)
        return own or (QueryBusy(_FULL, _RETRY_SLOW) if place.slow else QueryBusy(_CROWDED, _RETRY_SOON))

    def _hand_out(self) -> None:
        """Gives free places to those that wait and may have one."""
        while self._waiting and any(self._free.values()):
            chosen: asyncio.Future[None] | None = None
            least = (True, 0)
            for turn, place in self._waiting.items():
                rank = (not place.begun, self._running[place.client])
                if (chosen is None or rank < least) and not turn.done() and self._may_run(place):
                    chosen, least = turn, rank
                    if not rank[1] and not self._paused:
                        break
            if chosen is None:
                return
            self._take(self._waiting.pop(chosen))
            chosen.set_result(None)

    def _slow_waiting(self) -> int:
        return sum(place.slow for place in self._waiting.values())

    def _was_slow(self, form: str) -> bool:
        until = self._slow_forms.get(form)
        if until is not None and until < self._clock():
            del self._slow_forms[form]
            return False
        return until is not None

    def _remember(self, form: str) -> None:
        self._slow_forms[form] = self._clock() + _REMEMBERED_SECONDS
        self._slow_forms.move_to_end(form)
        while len(self._slow_forms) > _MOST_REMEMBERED:
            self._slow_forms.popitem(last=False)
        slow = self._slow_waiting()
        for turn, place in self._waiting.items():
            if not place.slow and place.form == form:
                place.slow = True
                slow += 1
                if slow > self._limits.waiting and not turn.done():
                    turn.set_exception(self.refusal(place))


def _form(text: str) -> str:
    """The form of a query; of a long one, that of its beginning."""
    return _shape(text[:_SHAPED])
