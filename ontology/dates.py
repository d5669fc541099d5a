"""Formats dates in English, whatever the locale, as documents of the United Nations print them."""

from __future__ import annotations

from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(day: date) -> str:
    """Formats a date: ``25 August 2015``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period_in_words(start: date, end: date) -> str:
    """Formats a period as short as it can be: ``11 to 13 November 2013``, ``30 May to 1 June 2012``."""
    if start == end:
        return in_words(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {in_words(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} to {in_words(end)}"
    return f"{in_words(start)} to {in_words(end)}"
