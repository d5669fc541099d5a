"""Work in a thread of its own whose errors leave what belongs to that thread behind."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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
