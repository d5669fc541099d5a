"""In which words a qualifier stands in the texts, each with a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.pages.values import count, text
from server.pages.views import Link
from server.store import Row
from server.web.urls import Urls

LOOKED_AT = 200
"""At how many places ``qualifier-wordings`` looks."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words as the text has them, in small letters, with a link to one place; at how many places they stand."""

    place: Link
    places: int


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of a qualifier, the most frequent first. ``more`` says that not every place was looked at."""

    found: tuple[Wording, ...] = ()
    more: bool = False


def wordings(rows: Sequence[Row], urls: Urls) -> Wordings:
    """The wordings in rows of ``qualifier-wordings``."""
    found = tuple(
        Wording(Link(urls.of(NamedNode(text(row, "place"))), text(row, "words")), count(row, "places")) for row in rows
    )
    return Wordings(found, sum(each.places for each in found) >= LOOKED_AT)
