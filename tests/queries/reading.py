"""What a reader finds in the consolidated recommendations: tables written from the source, not from the graph.

`CITED`, `STATES`, `OTHER_ADDRESSEES` and the ranges below were written while reading the 92 paragraphs by the conventions of
`docs/conventions.md`. The judgements are read from their tables as they are, with plain Python.
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "ingest" / "editorial" / "som-wg-2015"
RECOMMENDATIONS = range(5, 93)

PROTOCOL, CONVENTION = "smuggling-protocol", "untoc"

# Every citation in a recommendation, in reading order. 46 names the Protocol twice on its own; 91 names the Convention in
# "tenth anniversary of … the Organized Crime Convention" and again in "full implementation of the Convention".
CITED: tuple[tuple[int, str], ...] = (
    (15, PROTOCOL),
    (19, f"{PROTOCOL}/chapter/2"),
    (24, "vccr"),
    (24, f"{PROTOCOL}/article/16/paragraph/5"),
    (29, "vccr"),
    (30, PROTOCOL),
    (31, PROTOCOL),
    (31, CONVENTION),
    (33, f"{PROTOCOL}/article/6/paragraph/1"),
    (33, f"{PROTOCOL}/article/6/paragraph/3"),
    (33, PROTOCOL),
    (38, PROTOCOL),
    (43, f"{CONVENTION}/article/20"),
    (46, PROTOCOL),
    (46, PROTOCOL),
    (49, PROTOCOL),
    (51, f"{PROTOCOL}/article/8"),
    (53, f"{PROTOCOL}/article/6"),
    (56, CONVENTION),
    (64, PROTOCOL),
    (72, CONVENTION),
    (79, f"{PROTOCOL}/article/18"),
    (83, f"{PROTOCOL}/article/10"),
    (86, PROTOCOL),
    (91, CONVENTION),
    (91, f"{CONVENTION}/article/32"),
    (91, f"{CONVENTION}/article/37"),
    (91, CONVENTION),
    (91, PROTOCOL),
)

# Where the text says "States" and not "States parties" of those who are to act. 51 says both in turn.
STATES = frozenset({22, 30, 51, 55, 57, 58, 59, 60, 61, 62, 63, 82, 83})
# Who else is to act. Everywhere else it is the States parties alone.
OTHER_ADDRESSEES: dict[int, frozenset[str]] = {
    30: frozenset({"states-not-yet-parties"}),
    46: frozenset({"secretariat"}),
    54: frozenset({"international-organizations"}),
    70: frozenset({"secretariat"}),
    71: frozenset({"states-parties-with-common-borders"}),
    72: frozenset({"countries-of-origin-transit-and-destination"}),
    80: frozenset({"unodc"}),
    83: frozenset({"unodc"}),
    85: frozenset({"conference-of-the-parties"}),
    86: frozenset({"working-group"}),
    87: frozenset({"working-group"}),
    89: frozenset({"conference-of-the-parties"}),
    90: frozenset({"conference-of-the-parties"}),
    91: frozenset({"unodc"}),
}
NOT_STATES_PARTIES = (STATES - {51}) | {46, 54, 70, 80, 85, 86, 87, 89, 90}

SECTIONS = {
    "II": range(5, 16),
    "III": range(16, 30),
    "IV": range(30, 47),
    "V": range(47, 82),
    "VI": range(82, 85),
    "VII": range(85, 93),
}
# Part B of each section; everything else is of 2012.
OF_2013 = frozenset({14, 15, 27, 28, 29, *range(42, 47), *range(64, 82), 84, *range(89, 93)})


def addressees(recommendation: int) -> frozenset[str]:
    """Who is to act by any directive of a recommendation."""
    found = OTHER_ADDRESSEES.get(recommendation, frozenset())
    if recommendation in STATES:
        found |= {"states"}
    if recommendation not in NOT_STATES_PARTIES:
        found |= {"states-parties"}
    return found


def section(recommendation: int) -> str:
    """The Roman number of a recommendation's section."""
    return next(number for number, numbers in SECTIONS.items() if recommendation in numbers)


@functools.cache
def _rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def related() -> list[dict[str, str]]:
    """The rows of the concordance: recommendation, provision, reason, confidence, agent, review_status."""
    return _rows("concordance")


def relations() -> list[dict[str, str]]:
    """The rows of the relations between recommendations: recommendation, relation, earlier, and why."""
    return _rows("relations")


@functools.cache
def themes() -> dict[int, frozenset[str]]:
    """The themes of each recommendation."""
    found: dict[int, frozenset[str]] = {}
    for row in _rows("themes"):
        number = int(row["recommendation"])
        found[number] = found.get(number, frozenset()) | {row["theme"]}
    return found


def with_theme(*wanted: str) -> list[int]:
    """The recommendations that have one of the themes, in order."""
    return sorted(number for number, given in themes().items() if given & set(wanted))


def is_part(provision: str, whole: str) -> bool:
    """Whether a provision, by its path, is the whole or a part of it. Articles 7 to 9 of the Protocol are its chapter II."""
    if provision == whole or provision.startswith(f"{whole}/"):
        return True
    return whole == f"{PROTOCOL}/chapter/2" and any(
        is_part(provision, f"{PROTOCOL}/article/{each}") for each in (7, 8, 9)
    )


def article(provision: str) -> str | None:
    """The article that a provision is or belongs to; None for a chapter or a whole instrument."""
    parts = provision.split("/")
    return "/".join(parts[:3]) if len(parts) >= 3 and parts[1] == "article" else None
