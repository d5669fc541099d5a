"""How strong the language is: directives counted by modality. Distributions and medians only; the scale is ordinal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.values import count, number, text
from server.pages.views import Link, link
from server.store import Row
from server.web.urls import Urls


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


def distribution(rows: Iterable[Row], urls: Urls) -> Distribution:
    """The distribution in rows with ``modality``, ``label``, ``force`` and ``directives``."""
    found = [(link(row, "modality", "label", urls), number(row, "force"), count(row, "directives")) for row in rows]
    return _distribution(found)


def distribution_of_directives(rows: Iterable[Row], urls: Urls) -> Distribution:
    """The distribution in rows of which each is one directive with ``modality``, ``modalityLabel`` and ``force``."""
    counted: dict[str, tuple[Link, int | None, set[str]]] = {}
    for row in rows:
        modality = link(row, "modality", "modalityLabel", urls)
        counted.setdefault(modality.href, (modality, number(row, "force"), set()))[2].add(text(row, "directive"))
    return _distribution([(modality, force, len(directives)) for modality, force, directives in counted.values()])


def _distribution(found: list[tuple[Link, int | None, int]]) -> Distribution:
    ordered = sorted(found, key=lambda each: (-(each[1] or 0), each[0].label))
    most = max((directives for _, _, directives in ordered), default=1)
    bars = tuple(Bar(modality, force, number_, round(100 * number_ / most)) for modality, force, number_ in ordered)
    scaled = sorted(force for _, force, directives in found if force is not None for _ in range(directives))
    return Distribution(bars, sum(bar.directives for bar in bars), median(scaled))


def median(scaled: list[int]) -> str:
    """The median of sorted ordinal values: one of them, or two with "to" between where the middle lies between them."""
    if not scaled:
        return ""
    low, high = scaled[(len(scaled) - 1) // 2], scaled[len(scaled) // 2]
    return str(low) if low == high else f"{low} to {high}"
