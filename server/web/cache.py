"""Answers that were computed once and are sent again, bounded by their bytes, the longest unused going first."""

from __future__ import annotations

from collections import OrderedDict

from server.web.representation import Representation

Key = tuple[str, bytes, bytes, bytes]
OVERHEAD = 2048
"""Bytes that an answer takes beside its body and its key: its headers and the objects around them."""


class AnswerCache:
    """Finished answers by version, path, query string and `Accept`. ``limit`` is in bytes."""

    __slots__ = ("_limit", "_size", "_stored")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._stored: OrderedDict[Key, Representation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, key: Key) -> Representation | None:
        """The answer kept under a key."""
        found = self._stored.get(key)
        if found is not None:
            self._stored.move_to_end(key)
        return found

    def put(self, key: Key, answer: Representation) -> None:
        """Keeps an answer unless it alone would fill a quarter of the room."""
        cost = _cost(key, answer)
        if cost > self._limit // 4:
            return
        old = self._stored.pop(key, None)
        if old is not None:
            self._size -= _cost(key, old)
        self._stored[key] = answer
        self._size += cost
        while self._size > self._limit:
            gone, dropped = self._stored.popitem(last=False)
            self._size -= _cost(gone, dropped)


def _cost(key: Key, answer: Representation) -> int:
    """Bytes, with room for the three codings, which together are about as large as the answer."""
    body = len(answer.body) * (2 if answer.compressible else 1)
    return body + sum(map(len, key)) + OVERHEAD
