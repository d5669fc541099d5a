"""Pages are made in threads, so that the event loop serves connections, kept responses and health meanwhile.

The store of this process answers at once, and one elsewhere has the thread wait (`server/store/remote.py`). Clients
have pages made in turn; who is refused for its own requests is told so (429), otherwise that others are in its way
(503).
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from server.settings import Settings
from server.web.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger("palermo.request")
WAITING = 1_000
_TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
_LOOP: ContextVar[asyncio.AbstractEventLoop] = ContextVar("the event loop that a thread works for")


def contained(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What a function returns. What it raises comes without the values in its frames: it is read in another thread, and
    iterators of the engine may be let go only in the one that made them."""
    try:
        return work(*given, **named)
    except BaseException as problem:
        error: BaseException | None = problem
        while error is not None:
            traceback.clear_frames(error.__traceback__)
            error = error.__context__
        raise


def run_for(loop: asyncio.AbstractEventLoop, work: Callable[[], T]) -> T:
    """What a function returns that may ask a loop for something (`in_loop`)."""
    _LOOP.set(loop)
    return work()


def in_loop(asking: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that belongs to the event loop. The thread of a page waits for it."""
    return asyncio.run_coroutine_threadsafe(asking, _LOOP.get()).result()


class Turns:
    """Lets a few requests compute at once, of one client half of them at most, and of those that wait, the clients in
    rotation: one with many requests keeps another waiting no longer than one with a single request does. Of one client
    ``most_of_client`` wait. All methods belong to the event loop's thread.
    """

    def __init__(self, places: int, most_of_client: int) -> None:
        self._free = places
        self._most_of_client = most_of_client
        self._share = max(1, places // 2)
        self._having: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many requests wait for a turn."""
        return sum(map(len, self._waiting.values()))

    async def take(self, client: str) -> None:
        """Waits for a turn. Raises `Unavailable`, a 429 or a 503, when this client, or all together, have too many
        waiting."""
        if self._free and self._having[client] < self._share:
            self._give(client)
            return
        if len(self._waiting.get(client, ())) >= self._most_of_client:
            raise Unavailable("Too many of your requests wait already.", status=_TOO_MANY, retry_after=2)
        if self.waiting >= WAITING:
            raise Unavailable("Too many requests wait already. Try again in a moment.", retry_after=2)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._waiting.setdefault(client, deque())
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.give_back(client)
            elif turn in queue:
                queue.remove(turn)
            raise

    def give_back(self, client: str) -> None:
        """Ends a turn of a client; the next client has it."""
        self._free += 1
        self._having[client] -= 1
        if not self._having[client]:
            del self._having[client]
        for other in list(self._waiting):
            if not self._free:
                return
            if self._having[other] < self._share:
                self._hand_over(other)

    def _give(self, client: str) -> None:
        self._free -= 1
        self._having[client] += 1

    def _hand_over(self, client: str) -> None:
        """Gives a turn to the oldest request of a client that waits, if there is one; then others come first."""
        queue = self._waiting.pop(client)
        while queue:
            turn = queue.popleft()
            if not turn.done():
                self._give(client)
                turn.set_result(None)
                break
        if queue:
            self._waiting[client] = queue


class PageThreads:
    """Makes pages, so many at once, of each client in turn. A page that does not come in its time, because a disk or an
    engine does not answer, keeps its place until its thread ends; when all places are kept so, further pages are
    refused at once."""

    def __init__(self, settings: Settings) -> None:
        self._places = settings.store_connections if settings.store else settings.page_places
        self._seconds = settings.page_seconds
        # A request waits on a connection of its own, so whoever may hold a connection may wait.
        self.turns = Turns(self._places, settings.client_connections)
        self._threads = ThreadPoolExecutor(self._places, "page")
        self._checking = ThreadPoolExecutor(1, "check")
        self._check: Future[Any] | None = None
        self._checked = 0.0
        self._late: set[Future[Any]] = set()

    @property
    def late(self) -> int:
        """How many pages did not come in time and are still being made."""
        self._late = {work for work in self._late if not work.done()}
        return len(self._late)

    @property
    def problem(self) -> str:
        """Why no page can be made at the moment; empty when pages are."""
        if self.late < self._places:
            return ""
        return f"{self.late} pages, as many as are made at once, have not come in {self._seconds:g} seconds."

    async def make(self, client: str, work: Callable[[], T]) -> T:
        """What a function returns. Raises `Unavailable` when too many wait, or it takes too long."""
        if self._late and self.problem:
            raise Unavailable("No page can be made at the moment. Try again in a moment.", retry_after=5)
        made: Future[T] | None = None
        try:
            async with asyncio.timeout(self._seconds):
                await self.turns.take(client)
                try:
                    made = self._begin(work)
                    return await asyncio.wrap_future(made)
                finally:
                    self._leave(client, made)
        except TimeoutError:
            if made is not None:
                self._late.add(made)
            raise Unavailable("The answer was not made in time. Try again in a moment.", retry_after=5) from None

    def _begin(self, work: Callable[[], T]) -> Future[T]:
        loop, wanted = asyncio.get_running_loop(), [work]
        try:
            return self._threads.submit(lambda: contained(run_for, loop, wanted.pop()))
        except RuntimeError as problem:  # there is no thread for it, or the server stops
            wanted.clear()  # it stays in the queue of the threads, and nobody waits for it
            _log.error("no thread for a page", extra={"reason": str(problem)})
            raise Unavailable("No page can be made at the moment. Try again in a moment.", retry_after=5) from None

    async def check(self, work: Callable[[], T], seconds: float) -> T:
        """What a function returns that waits for no page, or what one that has begun does. Raises
        `TimeoutError` so many seconds after it began."""
        if self._check is None or self._check.done():
            loop = asyncio.get_running_loop()
            self._check, self._checked = self._checking.submit(contained, run_for, loop, work), time.monotonic()
        async with asyncio.timeout(max(0.0, self._checked + seconds - time.monotonic())):
            return await asyncio.wrap_future(self._check)

    def close(self) -> None:
        """Lets the threads end."""
        for threads in (self._threads, self._checking):
            threads.shutdown(wait=False, cancel_futures=True)

    def _leave(self, client: str, made: Future[Any] | None) -> None:
        """Ends the turn of a client, if a thread is still busy then when it ends."""
        if made is None or made.done() or made.cancelled():
            self.turns.give_back(client)
            return
        loop = asyncio.get_running_loop()

        def later(_: Future[Any]) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self.turns.give_back, client)

        made.add_done_callback(later)
