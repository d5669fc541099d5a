"""Pages are made in threads, so that the event loop serves connections, kept responses and health meanwhile.

Handlers are coroutines, because FastAPI calls them so. In a thread they wait for nothing: the store of this process
answers at once, and one elsewhere has its thread wait (`server/store/remote.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from server.settings import Settings
from server.threads import contained, run_for
from server.web.errors import Unavailable
from server.web.fairness import Turns

T = TypeVar("T")


class Beside:
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

    async def make(self, client: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What a coroutine function returns. Raises `Unavailable` when too many wait, or it takes too long."""
        if self._late and self.problem:
            raise Unavailable("No page can be made at the moment. Try again in a moment.", retry_after=5)
        made: Future[T] | None = None
        try:
            async with asyncio.timeout(self._seconds):
                await self.turns.take(client)
                try:
                    made = self._threads.submit(contained, run_for, asyncio.get_running_loop(), work)
                    return await asyncio.wrap_future(made)
                finally:
                    self._leave(client, made)
        except TimeoutError:
            if made is not None:
                self._late.add(made)
            raise Unavailable("The page was not made in time. Try again in a moment.", retry_after=5) from None

    async def check(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """What a coroutine function returns that waits for no page, or what one that has begun does. Raises
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
