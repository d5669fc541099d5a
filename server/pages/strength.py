"""How strong the language is: directives counted by modality. Distributions and medians only; the scale is ordinal."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from server.pages.views import Link


@dataclass(frozen=True, slots=True)
class Bar:
    """One modality with its number of directives and its share of the largest number, in per cent."""

    modality: Link
    force: int | None
    directives: int
    share: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """Bars from the strongest modality down. ``median`` counts only directives that have a place on the scale."""

    bars: tuple[Bar, ...]
    total: int
    median: str


def distribution(found: Sequence[tuple[Link, int | None, int]]) -> Distribution:
    """The distribution of directives over modalities, given with their strength and their number of directives."""
    ordered = sorted(found, key=lambda each: (-(each[1] or 0), each[0].label))
    most = max((directives for _, _, directives in ordered), default=1)
    bars = tuple(Bar(modality, force, number_, round(100 * number_ / most)) for modality, force, number_ in ordered)
    scaled = sorted((force, directives) for _, force, directives in found if force is not None)
    return Distribution(bars, sum(bar.directives for bar in bars), median(scaled))


def median(scaled: Sequence[tuple[int, int]]) -> str:
    """The median of ordinal values, sorted and with how often each occurs: one of them, or two with "to" between where
    the middle lies between them."""
    total = sum(times for _, times in scaled)
    if not total:
        return ""
    low, high = (_at(scaled, place) for place in ((total - 1) // 2, total // 2))
    return str(low) if low == high else f"{low} to {high}"


def _at(scaled: Sequence[tuple[int, int]], place: int) -> int:
    """The value at a place of the sorted values, counted from 0."""
    ends = itertools.accumulate(times for _, times in scaled)
    return next(value for (value, _), end in zip(scaled, ends, strict=True) if place < end)
