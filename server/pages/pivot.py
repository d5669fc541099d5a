"""A result as a matrix: articles down, something across, and in each cell how many cite and how many are related.

For questions whose header says ``show: matrix``: their rows are cells, with a thing, its title, the thing across, a
``standing`` ("cited", "related" or "neither") and a number last. What is cited and what is related is never added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from server.pages.tables import LABEL, Cell, term_cell
from server.store import Row
from server.web.urls import Urls

STANDING = "standing"


@dataclass(frozen=True, slots=True)
class PivotRow:
    """One row: its thing, the thing's title, and for each column how many cite and how many are related, as words."""

    head: Cell
    title: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A matrix with the things across as links."""

    columns: tuple[Cell, ...]
    rows: tuple[PivotRow, ...]


def pivot(columns: Sequence[str], rows: Sequence[Row], urls: Urls, prefixes: Mapping[str, str]) -> Pivot | None:
    """The matrix of a result with these columns, or None for one that has no ``standing``."""
    if STANDING not in columns:
        return None
    down, number = columns[0], columns[-1]
    named = [name for name in columns[: columns.index(STANDING)] if name + LABEL in columns]
    across = named[-1]

    def cell(row: Row, name: str) -> Cell:
        return term_cell(row.get(name), urls, prefixes, label=row.get(name + LABEL))

    found: dict[Cell, dict[tuple[Cell, str], str]] = {}
    titles: dict[Cell, str] = {}
    for row in rows:
        head = cell(row, down)
        titles[head] = row["title"].value if "title" in row else ""
        counts = found.setdefault(head, {})
        if across in row:
            counts[cell(row, across), row[STANDING].value] = row[number].value
    heads = _in_order([[column for column, _ in counts] for counts in found.values()])
    return Pivot(
        heads,
        tuple(
            PivotRow(
                head,
                titles[head],
                tuple((counts.get((column, "cited"), ""), counts.get((column, "related"), "")) for column in heads),
            )
            for head, counts in found.items()
        ),
    )


def _in_order(sequences: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    """The columns in the order that the query gives them within each article, though no article has all of them.

    Columns that no article brings together stay in the order of their first use; so do all when the orders disagree.
    """
    before: TopologicalSorter[Cell] = TopologicalSorter()
    for sequence in sequences:
        distinct = list(dict.fromkeys(sequence))
        for place, column in enumerate(distinct):
            before.add(column, *distinct[max(place - 1, 0) : place])
    try:
        return tuple(before.static_order())
    except CycleError:
        return tuple(dict.fromkeys(column for sequence in sequences for column in sequence))
