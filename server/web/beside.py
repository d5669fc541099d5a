"""Pages are made in threads, so that the event loop serves connections, kept responses and health meanwhile.

Handlers are coroutines, because a store elsewhere answers them over the network. With the store of this process they
wait for nothing, and a thread runs each from its beginning to its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from server.settings import Settings
from server.threads import contained
from server.web.errors import Unavailable
from server.web.fairness import Turns

MOST_SECONDS = 20.0
"""How long a page may take with its wait for a turn. Only a crowd, or a disk that does not answer, makes it so long."""
T = TypeVar("T")


class Beside:
    """Makes pages, so many at once, of each client in turn."""

    def __init__(self, settings: Settings) -> None:
        self._remote = bool(settings.store)
        places = settings.store_connections if self._remote else settings.page_places
        # A request waits on a connection of its own, so whoever may hold a connection may wait.
        self.turns = Turns(places, settings.client_connections)
        self._threads = ThreadPoolExecutor(settings.page_places, "page")
        self._checking = ThreadPoolExecutor(1, "check")

    async def make(self, client: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What a coroutine function returns. Raises `Unavailable` when too many wait, or it takes too long."""
        try:
            async with asyncio.timeout(None if self._remote else MOST_SECONDS):
                await self.turns.take(client)
                try:
                    if self._remote:
                        return await work()
                    return await asyncio.get_running_loop().run_in_executor(self._threads, contained, _run, work)
                finally:
                    self.turns.give_back(client)
        except TimeoutError:
            raise Unavailable("The page was not made in time. Try again in a moment.", retry_after=5) from None

    async def check(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """What a coroutine function returns that waits for no page. Raises `TimeoutError`; a store elsewhere has limits
        of its own."""
        if self._remote:
            return await work()
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(self._checking, contained, _run, work)

    def close(self) -> None:
        """Lets the threads end."""
        for threads in (self._threads, self._checking):
            threads.shutdown(wait=False, cancel_futures=True)


def _run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What a coroutine function returns that waits for nothing."""
    running = work()
    try:
        running.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    running.close()
    raise RuntimeError("A page waited for something, which no thread can.")
