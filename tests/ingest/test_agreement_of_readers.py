"""The agreement that pages and the graph report is what the readers' own tables say."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from ingest.editorial import read_editorial

EDITORIAL = Path(__file__).parents[2] / "ingest" / "editorial"
READINGS = EDITORIAL / "som-wg-2015" / "readings"


def pairs(name: str, *columns: str) -> set[tuple[str, ...]]:
    with (READINGS / name).open(encoding="utf-8", newline="") as file:
        return {tuple(row[column] for column in columns) for row in csv.DictReader(file)}


def agreement(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> int:
    """Positive agreement in percent: twice what both have over what each has."""
    return round(200 * len(one & other) / (len(one) + len(other)))


def to_article(links: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {(number, "/".join(provision.split("/")[:3])) for number, provision in links}


@pytest.fixture(scope="module")
def method() -> str:
    return read_editorial(EDITORIAL, "som-wg-2015", frozenset(range(5, 93))).method


def test_agreement_is_what_the_readings_say(method: str) -> None:
    one, other = (pairs(f"reader-{reader}.csv", "recommendation", "provision") for reader in "ab")
    themes = [pairs(f"themes-{reader}.csv", "recommendation", "theme") for reader in "ab"]
    relations = [pairs(f"relations-{reader}.csv", "recommendation", "earlier") for reader in "ab"]
    expected = [
        agreement(one, other), agreement(to_article(one), to_article(other)), agreement(*themes), agreement(*relations)
    ]  # fmt: skip
    assert [int(figure) for figure in re.findall(r"(\d+) %", method)] == expected


def test_method_says_who_read_and_that_nobody_reviewed(method: str) -> None:
    assert "language models" in method
    assert "No named lawyer has reviewed" in method
