"""Formats the numbers that word processors generate for lists: "24.", "III.", "(a)"."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.outline import letter, roman


def formatted(number: int, style: str) -> str:
    """A number in a style of OOXML (``lowerLetter``), ODF (``a``) or HTML (``lower-alpha``)."""
    if number < 1:
        return str(number)
    if style in ("upperRoman", "I", "upper-roman"):
        return roman(number)
    if style in ("lowerRoman", "i", "lower-roman"):
        return roman(number).lower()
    if style in ("upperLetter", "A", "upper-alpha", "upper-latin"):
        return letter(number)
    if style in ("lowerLetter", "a", "lower-alpha", "lower-latin"):
        return letter(number).lower()
    return f"{number:02}" if style == "decimalZero" else str(number)


class Counters:
    """The counters of one list: a higher level starts the lower ones again."""

    def __init__(self, starts: Sequence[int]) -> None:
        self._starts = list(starts)
        self._values: dict[int, int] = {}

    def next(self, level: int, at: int | None = None) -> tuple[int, ...]:
        """Counts one at a level (or sets it); the numbers of all levels from the highest down to it."""
        start = self._starts[level] if level < len(self._starts) else 1
        self._values[level] = at if at is not None else self._values.get(level, start - 1) + 1
        for below in [one for one in self._values if one > level]:
            del self._values[below]
        return tuple(
            self._values.get(one, self._starts[one] if one < len(self._starts) else 1) for one in range(level + 1)
        )
