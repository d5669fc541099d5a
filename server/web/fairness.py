"""A share for each client: turns for responses that are computed, and room for bodies that wait for their reader.

Who is refused for its own requests is told so (429); otherwise, that others are in its way (503).
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from server.web.errors import Unavailable

TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
WAITING = 1_000
COUNTED_FROM = 262_144
"""Bodies below this many bytes are not counted: a connection's own buffers bound them."""


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
        self._count = 0

    @property
    def waiting(self) -> int:
        """How many requests wait for a turn."""
        return self._count

    async def take(self, client: str) -> None:
        """Waits for a turn. Raises `Unavailable`, a 429 or a 503, when this client, or all together, have too many
        waiting."""
        if self._free and self._having[client] < self._share:
            self._give(client)
            return
        queue = self._waiting.get(client, ())
        if len(queue) >= self._most_of_client:
            raise Unavailable("Too many of your requests wait already.", status=TOO_MANY, retry_after=2)
        if self._count >= WAITING:
            raise Unavailable("Too many requests wait already. Try again in a moment.", retry_after=2)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._count += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with_it = self._waiting.get(client)
                if with_it is not None and turn in with_it:
                    with_it.remove(turn)
                    self._count -= 1
                    if not with_it:
                        del self._waiting[client]
            else:
                self.give_back(client)
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
            self._count -= 1
            if not turn.done():
                self._give(client)
                turn.set_result(None)
                break
        if queue:
            self._waiting[client] = queue


class Unread:
    """Counts the bytes of large bodies that are being sent, and holds them below a limit for each client and in all."""

    def __init__(self, limit: int, client_limit: int) -> None:
        self._limit = limit
        self._client_limit = client_limit
        self._of_client: Counter[str] = Counter()
        self.held = 0

    @contextmanager
    def reserved(self, client: str, size: int) -> Iterator[None]:
        """Holds room for a body while it is sent. Raises `Unavailable`, a 429 or a 503, when there is none, unless
        nothing is held."""
        if size < COUNTED_FROM:
            yield
            return
        mine = self._of_client[client]
        if mine and mine + size > self._client_limit:
            raise Unavailable("Your large responses wait to be read. Read them first.", status=TOO_MANY, retry_after=5)
        if self.held and self.held + size > self._limit:
            raise Unavailable("Too many large responses wait to be read.", retry_after=5)
        self.held += size
        self._of_client[client] += size
        try:
            yield
        finally:
            self.held -= size
            self._of_client[client] -= size
            if not self._of_client[client]:
                del self._of_client[client]
