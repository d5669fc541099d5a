"""What a reviewer decides about a row, as the cells of that row: who, what and when, beside what others decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ingest.editorial import REJECTED, REVIEWED
from ingest.judged_texts import JUDGED_TEXT
from ingest.review.tables import Record, Table, read_table, with_column, write_table

UNREVIEWED = "unreviewed"
STATUS = {"accept": REVIEWED, "reject": REJECTED}
"""The review status that each decision leaves."""


def opinions(cells: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Who reviewed a row, with status and day. A row that is unreviewed has none."""
    agents, statuses = cells.get("agent", "").split(), cells.get("review_status", "").split()
    if not agents or statuses in ([], [UNREVIEWED]):
        return {}
    reviewers = agents[1:] or agents
    days = cells.get(REVIEWED, "").split() or [""]
    each = (len(statuses) == len(reviewers), len(days) == len(reviewers))
    return {
        reviewer: (statuses[place] if each[0] else statuses[0], days[place] if each[1] else days[0])
        for place, reviewer in enumerate(reviewers)
    }


def decided(cells: Mapping[str, str], reviewer: str, decision: str, today: date) -> dict[str, str]:
    """The cells of a row after a decision (``accept`` or ``reject``), what other reviewers decided kept."""
    opinion_by = opinions(cells)
    opinion_by[reviewer] = (STATUS[decision], today.isoformat())
    suggested = cells["agent"].split()[:1]
    if len(opinion_by) > 1:
        opinion_by.pop("".join(suggested), None)
    agents = dict.fromkeys([*suggested, *opinion_by])
    return {
        **cells,
        "agent": " ".join(agents),
        "review_status": _one_or_each([status for status, _ in opinion_by.values()]),
        REVIEWED: _one_or_each([day for _, day in opinion_by.values() if day]),
    }


def _one_or_each(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else " ".join(values)


def write_decision(table: Table, key: tuple[str, ...], cells: Mapping[str, str]) -> Record | None:
    """Write the row with a key anew; a key that no row has gets one behind the rows of its recommendation.

    Returns the record as it was, None where there was none. Another row with the new key makes it a `KeyError`.
    """
    table = read_table(table.path)
    for column in ("review_status", REVIEWED, JUDGED_TEXT):
        table = with_column(table, column)
    place, new = table.find(key), table.key(cells)
    if new != key and table.find(new) is not None:
        raise KeyError(f"There is a row for {', '.join(new)} already.")
    records = list(table.records)
    record = Record(table.line(cells), cells)
    before = None if place is None else records[place]
    if place is None:
        records.insert(_behind(records, cells), record)
    else:
        records[place] = record
    write_table(table, records)
    return before


def restore(table: Table, key: tuple[str, ...], before: Record | None) -> None:
    """Put a row back as it was, or take away one that was not there."""
    table = read_table(table.path)
    place = table.find(key)
    if place is None:
        raise KeyError(f"The row for {', '.join(key)} has gone.")
    records = list(table.records)
    records[place : place + 1] = [] if before is None else [before]
    write_table(table, records)


def _natural(number: str) -> list[tuple[str, int]]:
    """A number as people order it: "9" before "24", "24" before "24.1", "annex-3" behind all plain ones."""
    return [(word, int(digits or 0)) for word, digits in re.findall(r"([^\d]*)(\d*)", number) if word or digits]


def _behind(records: list[Record], cells: Mapping[str, str]) -> int:
    """Where a new row goes: behind the last of its recommendation, or of the last recommendation before it."""
    number = _natural(cells["recommendation"])
    places = [place for place, record in enumerate(records) if _natural(record.cells["recommendation"]) <= number]
    return places[-1] + 1 if places else 0
