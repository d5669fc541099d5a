"""Meetings by the dates that a heading prints: ``…held in Vienna from 30 May to 1 June 2012``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from ingest.document import MeetingReference
from ingest.errors import SourceError

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY, _MONTH, _YEAR = r"([0-9]{1,2})", f"({'|'.join(MONTHS)})", r"([0-9]{4})"
DATES = re.compile(
    rf"(?<!\w)(?:{_DAY}(?:\s+{_MONTH}(?:\s+{_YEAR})?)?(?:\s+(?:to|and|until)\s+|\s*[-–—]\s*))?"
    rf"{_DAY}\s+{_MONTH}\s+{_YEAR}(?!\w)"
)
"""``11 to 13 November 2013``, ``30 May to 1 June 2012``, ``28 December 2015 to 2 January 2016``, ``14 July 2015``."""


def days(meeting: MeetingReference) -> str:
    """The dates of a meeting in the style of the United Nations: ``30 May to 1 June 2012``."""
    start, end = meeting.start, meeting.end
    last = f"{end.day} {MONTHS[end.month - 1]} {end.year}"
    if start == end:
        return last
    first = str(start.day)
    if (start.month, start.year) != (end.month, end.year):
        first += f" {MONTHS[start.month - 1]}"
    if start.year != end.year:
        first += f" {start.year}"
    return f"{first} to {last}"


def period(match: re.Match[str]) -> tuple[date, date]:
    """The first and the last day of a match of `DATES`. Raises `ValueError` for a day that the calendar lacks."""
    first_day, first_month, first_year, day, month, year = match.groups()
    end = date(int(year), MONTHS.index(month) + 1, int(day))
    if first_day is None:
        return end, end
    start_month = MONTHS.index(first_month) + 1 if first_month else end.month
    return date(int(first_year or year), start_month, int(first_day)), end


def meeting_of_heading(
    heading: str, meetings: tuple[MeetingReference, ...], file: Path, line: int
) -> MeetingReference | None:
    """The declared meeting whose dates a heading prints, None for a heading without dates.

    Raises `SourceError` for dates that no declared meeting has, that the calendar does not have, and for two meetings
    in one heading.
    """
    expected = "the dates of a meeting in the metadata: " + "; ".join(
        f"{meeting.slug}, {days(meeting)}" for meeting in meetings
    )
    found: MeetingReference | None = None
    for match in DATES.finditer(heading):
        try:
            found_days = period(match)
        except ValueError as error:
            raise SourceError(file, line, f"the impossible date “{match[0]}” in a heading", expected) from error
        named = next((meeting for meeting in meetings if (meeting.start, meeting.end) == found_days), None)
        if named is None:
            raise SourceError(file, line, f"the dates “{match[0]}” in a heading", expected)
        if found not in (None, named):
            raise SourceError(file, line, "the dates of two meetings in one heading", "one heading for each meeting")
        found = named
    return found
