"""The queue for the fast places: who is next, and who has to go when there are too many."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

Place = TypeVar("Place")


class Order(Enum):
    """How the next is chosen: as they came; the form that waits least often, and of these the oldest or the newest."""

    AS_THEY_CAME = "as they came"
    RAREST_OLDEST = "rarest, oldest"
    RAREST_NEWEST = "rarest, newest"


@dataclass(eq=False, slots=True)
class Waiting(Generic[Place]):
    """A query that waits: its text and form, whose it is, and the place it is to get."""

    text: str
    client: str
    form: str
    place: asyncio.Future[Place]
    timer: asyncio.TimerHandle | None = field(default=None)


class Queue(Generic[Place]):
    """Those that wait, in the order in which they came."""

    __slots__ = ("_forms", "_line")

    def __init__(self) -> None:
        self._line: dict[Waiting[Place], None] = {}
        self._forms: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[Waiting[Place]]:
        return iter(list(self._line))

    def add(self, waiting: Waiting[Place]) -> None:
        """Puts one at the end."""
        self._line[waiting] = None
        self._forms[waiting.form] += 1

    def drop(self, waiting: Waiting[Place]) -> None:
        """Takes one out, if it is in, and stops its clock."""
        if waiting.timer is not None:
            waiting.timer.cancel()
        if waiting in self._line:
            del self._line[waiting]
            self._forms[waiting.form] -= 1
            if not self._forms[waiting.form]:
                del self._forms[waiting.form]

    def next(self, order: Order, may_run: Callable[[str], bool]) -> Waiting[Place] | None:
        """The one that gets the next place, among those whose client may have one."""
        if order is Order.AS_THEY_CAME:
            return next((waiting for waiting in self._line if may_run(waiting.client)), None)
        line = self._line if order is Order.RAREST_OLDEST else reversed(self._line)
        forms = self._forms
        able = (waiting for waiting in line if may_run(waiting.client))
        return min(able, key=lambda waiting: forms[waiting.form], default=None)

    def commonest(self) -> Waiting[Place]:
        """The oldest of the form that waits most often."""
        forms = self._forms
        return max(self._line, key=lambda waiting: forms[waiting.form])
