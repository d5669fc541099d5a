"""A cache bounded in bytes and entries that forgets what was used longest ago."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Keeps values up to a number of entries and a sum of sizes; ``size`` says how many bytes a value counts for.

    A value that would take more than a quarter of the room is not kept: it would push out all that is small.
    """

    __slots__ = ("_entries", "_held", "_most_bytes", "_most_entries", "_size")

    def __init__(self, most_entries: int, most_bytes: int, size: Callable[[Value], int]) -> None:
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._size = size
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self._held = 0

    def get(self, key: Key) -> Value | None:
        """The value under a key, which counts as a use."""
        value = self._entries.get(key)
        if value is not None:
            self._entries.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keeps a value, and forgets others for it where there is no room."""
        if self._size(value) > self._most_bytes // 4:
            return
        replaced = self._entries.pop(key, None)
        if replaced is not None:
            self._held -= self._size(replaced)
        self._entries[key] = value
        self._held += self._size(value)
        while self._held > self._most_bytes or len(self._entries) > self._most_entries:
            _, forgotten = self._entries.popitem(last=False)
            self._held -= self._size(forgotten)

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()
        self._held = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def held(self) -> int:
        """The bytes of all values kept."""
        return self._held
