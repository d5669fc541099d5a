"""A crew of processes that work on documents side by side, each with its own workshop made once.

The first error stops the crew. With one process the work is done in the caller's own, without starting another.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Generic, Protocol, TypeVar

from ingest.errors import BuildError

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")
Task_contra = TypeVar("Task_contra", contravariant=True)
Outcome_co = TypeVar("Outcome_co", covariant=True)


MOST = 8
"""As many processes as a build takes by itself."""
FEW = 6
"""With fewer tasks, starting a process takes longer than the work."""


class Workshop(Protocol[Task_contra, Outcome_co]):
    """Does one task after another."""

    def work(self, task: Task_contra) -> Outcome_co:
        """Does a task. Raises `BuildError` when it cannot be done."""
        ...


def _serve(make: Callable[[], Workshop[Task, Outcome]], pipe: Connection) -> None:
    """What a process of the crew does until its pipe is closed."""
    workshop = None
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            workshop = workshop or make()
            pipe.send((True, workshop.work(task)))
        except Exception as error:
            pipe.send((False, error))


class Crew(Generic[Task, Outcome]):
    """Runs tasks on ``size`` processes, 0 for as many as there are processors.

    ``make`` makes a workshop and must be picklable. Few tasks are done in the caller's process in any case.
    """

    def __init__(self, make: Callable[[], Workshop[Task, Outcome]], size: int) -> None:
        self._make = make
        self._size = size or min(os.cpu_count() or 1, MOST)
        self._own: Workshop[Task, Outcome] | None = None
        self._processes: dict[Connection, SpawnProcess] = {}

    def __enter__(self) -> Crew[Task, Outcome]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in self._processes:
            pipe.close()
        for process in self._processes.values():
            if error is not None:
                process.terminate()
            process.join()
        self._processes = {}

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        for _ in range(self._size - len(self._processes)):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(self._make, there), daemon=True)
            process.start()
            there.close()
            self._processes[here] = process

    def run(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """The outcomes in the order in which they are ready. Raises the first error that a task raises."""
        tasks = list(tasks)
        if self._size == 1 or (len(tasks) < FEW and not self._processes):
            self._own = self._own or self._make()
            for task in tasks:
                yield self._own.work(task)
            return
        self._start()
        waiting = iter(tasks)
        busy = {pipe for pipe in self._processes if self._give(pipe, waiting)}
        while busy:
            for pipe in wait(list(busy)):
                assert isinstance(pipe, Connection)
                try:
                    good, outcome = pipe.recv()
                except EOFError as error:
                    raise BuildError("A process of the build ended before its work was done.") from error
                if not good:
                    raise outcome
                if not self._give(pipe, waiting):
                    busy.discard(pipe)
                yield outcome

    @staticmethod
    def _give(pipe: Connection, waiting: Iterator[Task]) -> bool:
        for task in waiting:
            pipe.send(task)
            return True
        return False
