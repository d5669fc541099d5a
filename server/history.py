"""The history of a snapshot, read: when things came and last changed, and the changes from version to version."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import local

from server.page_index import open_database

_TAKEN_OUT = """
SELECT moment, coalesce(
  (SELECT max(moment) FROM change WHERE iri = :iri AND way = 'create'), (SELECT moment FROM since)
) FROM change WHERE iri = :iri AND way = 'delete' ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a thing in a version: ``way`` is create, update or delete. Numbers of events never change."""

    number: int
    version: str
    moment: datetime
    way: str
    iri: str


class History:
    """The file with the history of a snapshot, which threads share. A snapshot without one says its own time of all."""

    def __init__(self, path: Path, built: datetime) -> None:
        self._path = path
        self._built = built
        self._opened = local()

    @property
    def _database(self) -> sqlite3.Connection | None:
        database: sqlite3.Connection | None = getattr(self._opened, "database", None)
        if database is None and self._path.is_file():
            database = self._opened.database = open_database(self._path)
        return database

    @cached_property
    def since(self) -> datetime:
        """When the first version was built that the history knows."""
        database = self._database
        return _moment(database.execute("SELECT moment FROM since").fetchone()[0]) if database else self._built

    def dates(self, iri: str) -> tuple[datetime, datetime]:
        """When a thing came, and when what is said of it last changed."""
        database = self._database
        row = (
            database.execute("SELECT created, modified FROM thing WHERE iri = ?", (iri,)).fetchone()
            if database
            else None
        )
        return (_moment(row[0]), _moment(row[1])) if row else (self.since, self.since)

    @cached_property
    def changed(self) -> Mapping[str, datetime]:
        """When each thing last changed that changed since the first version."""
        database = self._database
        rows = database.execute("SELECT iri, modified FROM thing") if database else ()
        return {iri: _moment(modified) for iri, modified in rows}

    def taken_out(self, iri: str) -> tuple[datetime, datetime] | None:
        """When a thing was last taken out of the data, and when it had come; nothing for one that never was."""
        database = self._database
        row = database.execute(_TAKEN_OUT, {"iri": iri}).fetchone() if database else None
        return (_moment(row[0]), _moment(row[1])) if row else None

    @property
    def numbers(self) -> tuple[int, int]:
        """The numbers of the first and the last event that are kept; 0 and 0 where there is none."""
        database = self._database
        row = database.execute("SELECT MIN(id), MAX(id) FROM change").fetchone() if database else (None, None)
        return row[0] or 0, row[1] or 0

    def events(self, first: int, last: int) -> list[Event]:
        """The events with these numbers, the oldest first."""
        database = self._database
        statement = "SELECT id, version, moment, way, iri FROM change WHERE id BETWEEN ? AND ? ORDER BY id"
        rows = database.execute(statement, (first, last)) if database else ()
        return [Event(number, version, _moment(moment), way, iri) for number, version, moment, way, iri in rows]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
