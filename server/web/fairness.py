"""A share for each client: turns for responses that are computed, and room for bodies that wait for their reader."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from server.web.errors import Unavailable

WAITING_OF_CLIENT = 64
WAITING = 1_000
COUNTED_FROM = 262_144
"""Bodies below this many bytes are not counted: a connection's own buffers bound them."""


class Turns:
    """Lets a few requests compute at once and, of those that wait, the clients in rotation: one with many requests
    keeps another waiting no longer than one with a single request does. All methods belong to the event loop's thread.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._count = 0

    async def take(self, client: str) -> None:
        """Waits for a turn. Raises `Unavailable` when this client, or all together, have too many waiting."""
        if self._free:
            self._free -= 1
            return
        queue = self._waiting.setdefault(client, deque())
        if len(queue) >= WAITING_OF_CLIENT or self._count >= WAITING:
            raise Unavailable("Too many requests wait already. Try again in a moment.", retry_after=2)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self._count += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with_it = self._waiting.get(client)
                if with_it is not None and turn in with_it:
                    with_it.remove(turn)
                    self._count -= 1
            else:
                self.give_back()
            raise

    def give_back(self) -> None:
        """Ends a turn; the next client has it."""
        while self._waiting:
            client, queue = self._waiting.popitem(last=False)
            while queue:
                turn = queue.popleft()
                self._count -= 1
                if not turn.done():
                    turn.set_result(None)
                    if queue:
                        self._waiting[client] = queue
                    return
        self._free += 1


class Unread:
    """Counts the bytes of large bodies that are being sent, and holds them below a limit for each client and in all."""

    def __init__(self, limit: int, client_limit: int) -> None:
        self._limit = limit
        self._client_limit = client_limit
        self._of_client: Counter[str] = Counter()
        self.held = 0

    @contextmanager
    def reserved(self, client: str, size: int) -> Iterator[None]:
        """Holds room for a body while it is sent. Raises `Unavailable` when there is none, unless nothing is held."""
        if size < COUNTED_FROM:
            yield
            return
        mine = self._of_client[client]
        if (self.held and self.held + size > self._limit) or (mine and mine + size > self._client_limit):
            raise Unavailable("Too many large responses wait to be read. Read them first.", retry_after=5)
        self.held += size
        self._of_client[client] += size
        try:
            yield
        finally:
            self.held -= size
            self._of_client[client] -= size
            if not self._of_client[client]:
                del self._of_client[client]
