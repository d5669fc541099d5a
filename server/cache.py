"""The cache: values that were computed once, bounded by the sum of their sizes, the least recently used evicted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Concatenate, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

Owner = TypeVar("Owner")
P = ParamSpec("P")
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def kept_with(make: Callable[Concatenate[Owner, P], Value]) -> Callable[Concatenate[Owner, P], Value]:
    """Caches the values of a function for each owner, such as a snapshot, and its other arguments, of which there are
    few combinations. An entry lives as long as its owner.

    A value must not refer to its owner, which would then live for ever.
    """
    entries: WeakKeyDictionary[Owner, dict[object, Value]] = WeakKeyDictionary()

    @wraps(make)
    def get(owner: Owner, /, *chosen: P.args, **named: P.kwargs) -> Value:
        values, key = entries.setdefault(owner, {}), (chosen, *named.items())
        if key not in values:
            values[key] = make(owner, *chosen, **named)
        return values[key]

    return get


class Cache(Generic[Key, Value]):
    """Stores values up to ``limit``: so many values, or so many bytes where ``size`` says how many each takes.

    A value that alone would take more than a quarter of the limit is not stored: it would evict all that is small.
    Threads may share it.
    """

    __slots__ = ("_limit", "_lock", "_size", "_values", "held")

    def __init__(self, limit: int, size: Callable[[Key, Value], int] | None = None) -> None:
        self._limit = limit
        self._size = size
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self.held = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """The value stored under a key, which counts as a use."""
        with self._lock:
            stored = self._values.get(key)
            if stored is None:
                return None
            self._values.move_to_end(key)
            return stored[0]

    def put(self, key: Key, value: Value) -> None:
        """Stores a value and evicts others where there is no room."""
        size = 1 if self._size is None else self._size(key, value)
        if self._size is not None and size > self._limit // 4:
            return
        with self._lock:
            self._remove(key)
            self._values[key] = value, size
            self.held += size
            while self.held > self._limit:
                self._remove(next(iter(self._values)))

    def _remove(self, key: Key) -> None:
        if key in self._values:
            self.held -= self._values.pop(key)[1]
