"""Runs a step in a process of its own and watches it: seconds, processor seconds, and the peak memory of its tree."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Generic, TypeVar

Outcome = TypeVar("Outcome")
PAUSE = 0.1
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Watched(Generic[Outcome]):
    """What a step gave and cost: wall seconds, processor seconds of its tree, peak memory of the tree in bytes."""

    outcome: Outcome
    seconds: float
    processor_seconds: float
    peak: int


def _tree(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in tasks.read_text().split():
                yield from _tree(int(child))


def tree_memory(process: int) -> int:
    """The memory of a process and all below it in bytes: proportional set sizes, so that shared pages count once."""
    total = 0
    for each in _tree(process):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            total += next((int(line.split()[1]) for line in rollup if line.startswith("Pss:")), 0) * 1024
    return total


def processor_seconds(process: int, *, alone: bool = False) -> float:
    """The processor time of a process so far; unless it is ``alone``, with all below it and all that they have ended
    (Linux; elsewhere 0)."""
    total = 0
    for each in [process] if alone else _tree(process):
        with contextlib.suppress(OSError):
            times = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11 : 13 if alone else 15]
            total += sum(map(int, times))
    return total / os.sysconf("SC_CLK_TCK")


def _run(step: Callable[[], Outcome], pipe: Connection) -> None:
    started = time.perf_counter()
    outcome = step()
    seconds = time.perf_counter() - started
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    pipe.send((outcome, seconds, sum(each.ru_utime + each.ru_stime for each in usage)))


def watch(step: Callable[[], Outcome]) -> Watched[Outcome]:
    """Runs a step, which must be picklable as its outcome must be. Raises `RuntimeError` when it fails.

    Memory can only be watched where there is ``/proc`` (Linux); elsewhere the peak is 0.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(step, there))
    process.start()
    there.close()
    peak, done = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(PAUSE):
            peak = max(peak, tree_memory(process.pid or os.getpid()))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        outcome, seconds, processor = here.recv()
    except EOFError as error:
        raise RuntimeError("The step that was measured failed.") from error
    finally:
        process.join()
        done.set()
        looking.join()
    return Watched(outcome, seconds, processor, peak)
