"""The opened index: values of filters and the recommendations that have them, as sets of numbers.

What is asked of it costs what is shown, and for counts one intersection of compressed sets a value, not what the corpus
holds. The file never changes after it was published; sets that were read once stay, a few bytes a fact.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyroaring import BitMap

KEPT = 5_000
"""How many sets of things are kept once read; those of filters are all kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a filter: what stands in addresses for it, its name, its term as SPARQL writes it, and who has it.
    One that is ``narrow`` counts in its wider one as well."""

    slug: str
    label: str
    term: str
    narrow: bool
    members: BitMap


class Index:
    """The index in a file. Numbers of paragraphs run through the corpus, by document and then by paragraph; so do
    numbers of directives. A recommendation is a paragraph that a meeting adopted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, Mapping[str, Value]] = {}
        self._points: OrderedDict[tuple[str, str], BitMap] = OrderedDict()

    @cached_property
    def database(self) -> sqlite3.Connection:
        """The file, opened when it is first needed. It is read-only, so any thread may use it in its turn."""
        return self.another()

    def another(self) -> sqlite3.Connection:
        """One more connection, for work beside the event loop; whoever asks for it closes it."""
        address = f"file:{self._path}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    @cached_property
    def recommendations(self) -> BitMap:
        """All recommendations."""
        return BitMap.union(BitMap(), *(value.members for value in self.values("document").values()))

    @cached_property
    def documents(self) -> int:
        """How many documents have recommendations."""
        return len(self.values("document"))

    def values(self, name: str) -> Mapping[str, Value]:
        """The values of a filter by slug, in the order in which they are listed; none for an unknown one."""
        if name not in self._values:
            rows = self.database.execute(
                "SELECT slug, label, term, narrow, members FROM value WHERE filter = ? ORDER BY id", (name,)
            )
            self._values[name] = {
                slug: Value(slug, label, term, bool(narrow), BitMap.deserialize(members))
                for slug, label, term, narrow, members in rows
            }
        return self._values[name]

    def with_value(self, name: str, slug: str) -> BitMap:
        """The recommendations that have a value of a filter."""
        value = self.values(name).get(slug)
        return value.members if value else BitMap()

    def pointing(self, way: str, things: Iterable[str]) -> BitMap:
        """The paragraphs, or the directives, that point to one of these things in a way; see `queries/tables`."""
        return BitMap.union(BitMap(), *(self._point(way, thing) for thing in things))

    def _point(self, way: str, thing: str) -> BitMap:
        key = (way, thing)
        found = self._points.get(key)
        if found is not None:
            self._points.move_to_end(key)
            return found
        row = self.database.execute("SELECT members FROM point WHERE way = ? AND thing = ?", key).fetchone()
        found = self._points[key] = BitMap.deserialize(row[0]) if row else BitMap()
        if len(self._points) > KEPT:
            self._points.popitem(last=False)
        return found

    def targets(self, way: str) -> list[str]:
        """All things that are pointed to in a way."""
        return [thing for (thing,) in self.database.execute("SELECT thing FROM point WHERE way = ?", (way,))]

    @cached_property
    def figures(self) -> Mapping[str, int]:
        """The figures of the build by name."""
        return dict(self.database.execute("SELECT name, number FROM figure").fetchall())

    def known(self, iri: str) -> str | None:
        """The label of a thing that search knows, or None."""
        row = self.database.execute("SELECT label FROM entry WHERE iri = ?", (iri,)).fetchone()
        return str(row[0]) if row else None

    def number(self, iri: str) -> int | None:
        """The number of a thing that search knows, or None."""
        row = self.database.execute("SELECT id FROM entry WHERE iri = ?", (iri,)).fetchone()
        return int(row[0]) if row else None

    def close(self) -> None:
        """Closes the file."""
        if "database" in self.__dict__:
            self.database.close()
