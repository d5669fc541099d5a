"""Work in a thread of its own: how it has something done in the event loop, and what its errors leave behind."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_LOOP: ContextVar[asyncio.AbstractEventLoop] = ContextVar("the event loop that a thread works for")


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


def run_for(loop: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What a coroutine function returns that awaits nothing but `in_loop`; this thread runs all of it."""
    _LOOP.set(loop)
    running = work()
    try:
        running.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    running.close()
    raise RuntimeError("A page waited for something, which no thread can.")


async def in_loop(asking: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that belongs to the event loop. The thread of a page waits for it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run_coroutine_threadsafe(asking, _LOOP.get()).result()
    return await asking
