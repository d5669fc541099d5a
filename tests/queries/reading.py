"""What readers find in the consolidated recommendations, from the text and not from the graph: citations and addressees as
they wrote them down (`tests/gold`), sections and meetings as it prints them, judgements as their tables have them."""

from __future__ import annotations

import csv
import functools

from ontology.layout import ROOT

FOLDER = ROOT / "ingest" / "editorial" / "som-wg-2015"
GOLD = ROOT / "tests" / "gold" / "som-wg-2015"
RECOMMENDATIONS = range(5, 93)
PROTOCOL, CONVENTION = "smuggling-protocol", "untoc"


def written(table: str) -> list[dict[str, str]]:
    """The rows of a table of the readers that are about a recommendation."""
    with (GOLD / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if row["paragraph"].isdigit() and int(row["paragraph"]) in RECOMMENDATIONS]


CITED = tuple(
    (int(row["paragraph"]), row["entity"].removeprefix("id/instrument/"))
    for row in written("mentions")
    if row["cites"] == "yes"
)
"""Every citation in a recommendation, also of one provision twice."""

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


@functools.cache
def addressees(recommendation: int) -> frozenset[str]:
    """Who is to act by any directive of a recommendation."""
    rows = (row for row in written("directives") if row["paragraph"] == str(recommendation))
    return frozenset(slug for row in rows for slug in row["addressees"].split() if slug != "-")


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
