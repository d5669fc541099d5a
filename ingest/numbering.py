"""Printed numbers: roman, letter, arabic, and what comes next in each. Numbers are compared as they are printed."""

from __future__ import annotations

import re
from collections.abc import Callable

ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))

NUMBERED_HEADING = re.compile(r"([IVXLCDM]+|[A-Z])\.(?:\s+|$)")
"""``III. Recommendations…`` or ``B. Recommendations…``, whatever the number is worth."""

NUMBERED_PARAGRAPH = re.compile(r"([0-9]+)\.(?:\s+|$)")

LETTERED_ITEM = re.compile(r"\(([a-z]{1,6})\)(?:\s+|$)")

NOTE_MARK = re.compile(r"(?:(\*{1,5}|[†‡§]+|[¹²³⁴-⁹⁰]+)\s*|([0-9]{1,3}/|[a-z]/|\[\^\w{1,20}\]:)\s+)(?=\S)")
"""The mark that opens a footnote: ``*``, ``**``, ``†``, ``¹``, ``1/``, ``a/`` or ``[^1]:``."""


def roman(number: int) -> str:
    """The roman numeral of a positive number, in capitals."""
    numeral = []
    for value, sign in ROMAN:
        times, number = divmod(number, value)
        numeral.append(sign * times)
    return "".join(numeral)


def letter(number: int) -> str:
    """The letter of a positive number: A to Z, then AA, BB."""
    rounds, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (rounds + 1)


class ItemSequence:
    """The marks of the items of one paragraph, as they come: (a), (b), (c), or (i), (ii), (iii).

    The first mark says which of the two they are; marks of the other kind number a list inside an item.
    """

    def __init__(self) -> None:
        self._outer, self._inner = letter, roman
        self._items = self._nested = 0

    def expected(self) -> tuple[str, ...]:
        """The marks that may come next, in lower case without brackets."""
        if not self._items:
            return (letter(1).lower(), roman(1).lower())
        return (self._outer(self._items + 1).lower(), self._inner(self._nested + 1).lower())

    def take(self, mark: str, following: Callable[[], str | None]) -> str | None:
        """Whether a mark opens an ``item``, a list ``nested`` in one, or (None) is out of order and not taken.

        ``following`` tells the mark after this one; it is asked only where (i) may be the ninth letter or a one.
        """
        if not self._items and mark == roman(1).lower():
            self._outer, self._inner = roman, letter
        item, nested = self.expected()
        if mark not in (item, nested):
            return None
        if mark == nested and self._items:
            after = self._inner(self._nested + 2).lower()
            if mark != item or following() == after:
                self._nested += 1
                return "nested"
        self._items, self._nested = self._items + 1, 0
        return "item"
