"""Reading rows: the values of a query's answer as text, numbers, dates and links."""

from __future__ import annotations

from datetime import date

from pyoxigraph import Literal, NamedNode

from server.store import Row
from server.web.urls import Urls

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""English, whatever the locale."""


def text(row: Row, name: str, otherwise: str = "") -> str:
    """The value as text, or the given text where the row has none."""
    value = row.get(name)
    return otherwise if value is None else value.value


def node(row: Row, name: str) -> NamedNode:
    """The value as an IRI. Raises `KeyError` or `TypeError` where the query promised one and has none."""
    value = row[name]
    if not isinstance(value, NamedNode):
        raise TypeError(f"?{name} is not an IRI: {value}")
    return value


def number(row: Row, name: str) -> int | None:
    """The value as a whole number, or None where the row has none."""
    value = row.get(name)
    return int(value.value) if isinstance(value, Literal) else None


def count(row: Row, name: str) -> int:
    """The value as a count; nothing is zero."""
    return number(row, name) or 0


def flag(row: Row, name: str) -> bool:
    """The value as a truth value; nothing is false."""
    return text(row, name) in ("true", "1")


def day(row: Row, name: str) -> str:
    """A date in words, ``25 August 2015``, or nothing."""
    value = text(row, name)
    return in_words(date.fromisoformat(value)) if value else ""


def in_words(value: date) -> str:
    """A date in words: ``25 August 2015``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def period(start: str, end: str) -> str:
    """Two ISO dates in words, as short as they can be: ``11 to 13 November 2013``."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {in_words(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} to {in_words(last)}"
    return f"{in_words(first)} to {in_words(last)}"


def local_name(iri: str) -> str:
    """The last part of an IRI, for people: ``sharpens`` of ``…ontology#sharpens``."""
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]


def is_ours(iri: NamedNode, urls: Urls) -> bool:
    """Whether an IRI is below the base."""
    return iri.value.startswith(urls.base.iri)
