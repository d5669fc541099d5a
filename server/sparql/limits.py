"""The limits of a visitor's query: time, memory, sizes, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. ``waiting`` is how many may wait for a slow place, ``waiting_seconds`` how long
    a query may wait for any; ``paused_memory`` what a stopped one may hold meanwhile."""

    deadline: float = 10.0
    workers: int = 4
    memory: int = 800_000_000
    slow_after: float = 0.5
    slow_places: int = 2
    waiting: int = 32
    waiting_seconds: float = 6.0
    paused_memory: int = 100_000_000
    text: int = 1_000_000
    nesting: int = 100
    operators: int = 2_000
    rows: int = 100_000
    size: int = 20_000_000
    table_rows: int = 1_000
    client_queries: int = 4

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Returns the limits from the settings."""
        return cls(
            deadline=settings.query_deadline_seconds,
            workers=settings.query_workers,
            memory=settings.query_memory_bytes,
            slow_after=settings.query_slow_after_seconds,
            slow_places=settings.query_slow_places,
            text=settings.query_text_bytes,
            nesting=settings.query_nesting,
            rows=settings.result_rows,
            size=settings.result_bytes,
            table_rows=settings.table_rows,
            client_queries=settings.client_queries,
        )
