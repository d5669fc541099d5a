"""The benchmark of ingest runs on a small corpus and says what it measured; the figures are on `docs/benchmarks.md`."""

from __future__ import annotations

from pathlib import Path

from benchmarks import rules
from benchmarks.answering import PAGES, answer
from benchmarks.beside import MEBIBYTE, ROOT, Cost, rows
from benchmarks.generator import write_corpus
from benchmarks.ingest import GROWTH, Measured, growth_rows, run_stages, stage_rows
from benchmarks.report import TITLE, replace_section, table
from benchmarks.watching import Watched
from ingest.corpus import BuildSettings
from server.settings import Settings
from tests.ingest.conftest import copy_note


def test_the_medians_of_builds_by_two_checkouts_stand_beside_each_other() -> None:
    ours, theirs = (
        [Cost(number, 2 * number, MEBIBYTE * number) for number in numbers] for numbers in ((1, 9, 2), (4, 4))
    )
    assert rows(0, ("this", "that"), (ours, theirs)) == [
        ("1", "this", "2.0", "4.0", "2"),
        ("1", "that", "4.0", "8.0", "4"),
        ("", "that over this", "2.00", "2.00", "2.00"),
    ]


def test_reading_and_the_rules_are_measured_in_a_checkout_and_stand_beside_those_of_another(tmp_path: Path) -> None:
    write_corpus(tmp_path, 1, size=10)
    (ours,) = rules.least((ROOT,), (tmp_path,), 1)
    assert all(seconds > 0 for seconds in ours)
    assert rules.rows((1.0, 2.0, 3.0), (2.0, 2.0, 2.0)) == [
        ("reading", "1.00", "2.00", "0.50"),
        ("rules", "2.00", "2.00", "1.00"),
        ("rules, each paragraph by itself", "3.00", "2.00", "1.50"),
    ]


def test_stages_of_a_build_and_pages_are_measured_and_the_tables_have_a_row_for_each_stage_and_size(
    tmp_path: Path, settings: Settings
) -> None:
    sources = copy_note(tmp_path / "sources", "res-78-901")
    built = run_stages(BuildSettings(sources=sources, snapshots=tmp_path / "snapshots", processes=1))
    assert all(seconds > 0 for seconds in built.stages.values())
    answered = answer(settings.snapshots, settings.base)
    assert set(answered.pages) == set(PAGES)
    measured = Measured(1, Watched(built, 1.0, 1.0, MEBIBYTE), 1, 1, 1, answered)
    assert [row[:2] for row in stage_rows([measured])[-1:]] == [("2", "all")]
    assert len(table(GROWTH, growth_rows([measured]))) == 2 + 1


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
