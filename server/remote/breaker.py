"""The breaker: an engine that fails is left alone for a while, so that a crowd of readers does not keep it down."""

from __future__ import annotations

import math
from collections.abc import Callable

from server.remote.failures import StoreAway

_FAILURES = 3
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_TRIAL_SECONDS = 15.0


class Breaker:
    """After three failures in a row nothing is sent for a second, then one request as a trial; each trial that fails
    doubles the pause, up to 30 seconds, and one that succeeds ends it. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._pause = 0.0
        self._until = 0.0

    def check(self) -> None:
        """Raises `StoreAway` while the engine is left alone; lets one request through when the pause is over."""
        if not self._pause:
            return
        now = self._clock()
        if now < self._until:
            raise StoreAway("It is left alone for a moment after it failed.", max(1, math.ceil(self._until - now)))
        self._until = now + _TRIAL_SECONDS

    def succeeded(self) -> None:
        """The engine answered."""
        self._failures, self._pause = 0, 0.0

    def failed(self) -> None:
        """The engine did not answer, or not as an engine should."""
        self._failures += 1
        if self._failures >= _FAILURES:
            self._pause = min(self._pause * 2, _LONGEST_PAUSE) if self._pause else _FIRST_PAUSE
            self._until = self._clock() + self._pause
