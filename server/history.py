"""The history of a snapshot, read: when things came and last changed, and the changes from version to version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from server.page_index import Opened

_TAKEN_OUT = """
SELECT moment, coalesce(
  (SELECT max(moment) FROM change WHERE iri = ?1 AND way = 'create'), (SELECT moment FROM since)
) FROM change WHERE iri = ?1 AND way = 'delete' ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a thing in a version: ``way`` is create, update or delete. Numbers of events never change."""

    number: int
    version: str
    moment: datetime
    way: str
    iri: str


class History(Opened):
    """The file with the history of a snapshot. A snapshot without one says its own time of all."""

    def __init__(self, path: Path, built: datetime) -> None:
        super().__init__(path)
        self._built, self._is_there = built, path.is_file()

    def _rows(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        """The rows of a statement; none where there is no history."""
        return self.database.execute(statement, given).fetchall() if self._is_there else []

    @cached_property
    def since(self) -> datetime:
        """When the first version was built that the history knows."""
        rows = self._rows("SELECT moment FROM since")
        return _moment(rows[0][0]) if rows else self._built

    def dates(self, iri: str) -> tuple[datetime, datetime]:
        """When a thing came, and when what is said of it last changed."""
        rows = self._rows("SELECT created, modified FROM thing WHERE iri = ?", iri)
        return (_moment(rows[0][0]), _moment(rows[0][1])) if rows else (self.since, self.since)

    @cached_property
    def changed(self) -> Mapping[str, datetime]:
        """When each thing last changed that changed since the first version."""
        return {iri: _moment(modified) for iri, modified in self._rows("SELECT iri, modified FROM thing")}

    def taken_out(self, iri: str) -> tuple[datetime, datetime] | None:
        """When a thing was last taken out of the data, and when it had come; nothing for one that never was."""
        rows = self._rows(_TAKEN_OUT, iri)
        return (_moment(rows[0][0]), _moment(rows[0][1])) if rows else None

    @property
    def numbers(self) -> tuple[int, int]:
        """The numbers of the first and the last event that are kept; 0 and 0 where there is none."""
        first, last = next(iter(self._rows("SELECT MIN(id), MAX(id) FROM change")), (0, 0))
        return first or 0, last or 0

    def events(self, first: int, last: int) -> list[Event]:
        """The events with these numbers, the oldest first."""
        statement = "SELECT id, version, moment, way, iri FROM change WHERE id BETWEEN ? AND ? ORDER BY id"
        rows = self._rows(statement, first, last)
        return [Event(number, version, _moment(moment), way, iri) for number, version, moment, way, iri in rows]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
