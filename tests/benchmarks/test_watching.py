"""A step is watched in a process of its own: what it gives, what it holds, and that it fails."""

from __future__ import annotations

import sys
import time
from functools import partial

import pytest

from benchmarks.watching import watch


def hold(size: int) -> int:
    """Holds so many bytes for a moment."""
    held = bytearray(size)
    time.sleep(0.6)
    return len(held)


def test_watching_sees_the_memory_of_a_step_and_what_it_gives() -> None:
    watched = watch(partial(hold, 200_000_000))
    assert watched.outcome == 200_000_000
    assert watched.peak > 200_000_000
    assert watched.seconds >= 0.6


def test_a_step_that_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        watch(partial(sys.exit, 3))
