"""Ratios and growth of ingest, in processor time and memory, so that a slow or busy machine changes nothing."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from benchmarks.answering import PAGES, STEADY
from benchmarks.beside import MEBIBYTE, Cost, rows
from benchmarks.ingest import GROWTH, Measured, growth_rows, measure, stage_rows
from benchmarks.report import TITLE, replace_section, table
from benchmarks.watching import watch

SIZE = 20
"""Recommendations in a document."""
FEW, MANY = 2, 8


def hold(size: int) -> int:
    """Holds so many bytes for a moment."""
    import time

    held = bytearray(size)
    time.sleep(0.6)
    return len(held)


def fail() -> None:
    """Fails."""
    sys.exit(3)


def test_the_medians_of_builds_by_two_checkouts_stand_beside_each_other() -> None:
    ours, theirs = (
        [Cost(number, 2 * number, MEBIBYTE * number) for number in numbers] for numbers in ((1, 9, 2), (4, 4))
    )
    assert rows(0, ("this", "that"), (ours, theirs)) == [
        ("1", "this", "2.0", "4.0", "2"),
        ("1", "that", "4.0", "8.0", "4"),
        ("", "that over this", "2.00", "2.00", "2.00"),
    ]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, Measured]:
    """A small corpus and one of four times as many documents, built."""
    few, many = (measure(tmp_path_factory.mktemp("corpus"), number, SIZE, 1) for number in (FEW, MANY))
    return few, many


def test_cost_grows_no_faster_than_the_corpus(measured: tuple[Measured, Measured]) -> None:
    """The real document, which is in both, costs as much as about ten of the others."""
    few, many = (each.build.processor_seconds for each in measured)
    assert many < few * 2.5


def test_peak_memory_hardly_grows_with_the_corpus(measured: tuple[Measured, Measured]) -> None:
    few, many = (each.build.peak for each in measured)
    assert 0 < many < few * 1.5


def test_pages_and_look_ups_cost_hardly_more_in_a_larger_corpus(measured: tuple[Measured, Measured]) -> None:
    few, many = (each.answered for each in measured)
    assert set(few.pages) == set(PAGES)
    for name in STEADY:
        assert many.pages[name] < few.pages[name] * 2 + 5, name
    assert many.looked_up < few.looked_up * 3


def test_tables_have_a_row_for_each_stage_and_size(measured: tuple[Measured, Measured]) -> None:
    assert [row[:2] for row in stage_rows(measured)[-1:]] == [(str(MANY + 1), "all")]
    assert len(table(GROWTH, growth_rows(measured))) == 2 + len(measured)


def test_watching_sees_the_memory_of_a_step_and_what_it_gives() -> None:
    watched = watch(partial(hold, 200_000_000))
    assert watched.outcome == 200_000_000
    assert watched.peak > 200_000_000
    assert watched.seconds >= 0.6


def test_a_step_that_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        watch(fail)


def test_a_section_replaces_only_itself(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    replace_section(page, "ingest", "## Ingest\n\nold\n")
    replace_section(page, "serving", "## Serving\n")
    replace_section(page, "ingest", "## Ingest\n\nnew\n")
    text = page.read_text(encoding="utf-8")
    assert text.startswith(TITLE)
    assert "old" not in text
    assert text.count("## Ingest") == text.count("## Serving") == 1
    assert "<!-- ingest:begin -->\n## Ingest\n\nnew\n<!-- ingest:end -->" in text
