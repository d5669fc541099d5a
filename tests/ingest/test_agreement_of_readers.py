"""The agreement that pages and the graph report is what the readers' own tables say."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from ingest.editorial import read_editorial

EDITORIAL = Path(__file__).parents[2] / "ingest" / "editorial"
READINGS = EDITORIAL / "som-wg-2015" / "readings"


def pairs(name: str, *columns: str, without: str = "drop") -> set[tuple[str, ...]]:
    """What a table holds; of a second or third reading, what it does not drop, or what was there before it."""
    with (READINGS / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("verdict") != without]
    return {tuple(row[column] for column in columns) for row in rows}


def agreement(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> int:
    """Positive agreement in percent: twice what both have over what each has."""
    return round(200 * len(one & other) / (len(one) + len(other)))


def to_article(links: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {(number, "/".join(provision.split("/")[:3])) for number, provision in links}


@pytest.fixture(scope="module")
def method() -> str:
    return read_editorial(EDITORIAL, "som-wg-2015", frozenset(range(5, 93))).method


def test_agreement_is_what_the_readings_say(method: str) -> None:
    tables = {"concordance": "provision", "themes": "theme", "relations": "earlier"}
    expected: list[int] = []

    def compare(one: str, other: str, name: str, before: str = "drop") -> None:
        columns = ("recommendation", tables[name])
        ours, theirs = pairs(one, *columns, without=before), pairs(other, *columns)
        expected.append(agreement(ours, theirs))
        if name == "concordance":
            expected.append(agreement(to_article(ours), to_article(theirs)))

    for name, stem in {"concordance": "reader", "themes": "themes", "relations": "relations"}.items():
        compare(f"{stem}-a.csv", f"{stem}-b.csv", name)
    for first in ("first-", "../"):
        for name in tables:
            compare(f"{first}{name}.csv", f"second-{name}.csv", name)
    for name in tables:
        compare(f"third-{name}.csv", f"third-{name}.csv", name, before="add")
    assert [int(figure) for figure in re.findall(r"(\d+) %", method)] == expected


@pytest.mark.parametrize(
    ("name", "column"), [("concordance", "provision"), ("themes", "theme"), ("relations", "earlier")]
)
def test_two_full_readings_have_a_verdict_on_every_row(name: str, column: str) -> None:
    columns = ("recommendation", column)
    assert pairs(f"second-{name}.csv", *columns, without="") == pairs(f"third-{name}.csv", *columns, without="add")
    assert pairs(f"../{name}.csv", *columns) == pairs(f"third-{name}.csv", *columns)


def test_method_says_who_read_and_that_nobody_reviewed(method: str) -> None:
    assert "language models" in method
    assert "No named lawyer has reviewed" in method
