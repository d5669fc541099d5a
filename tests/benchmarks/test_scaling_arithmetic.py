"""The arithmetic of docs/scaling.md: figures come from tables that were measured, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.ingest import GROWTH, STAGES
from benchmarks.report import table
from benchmarks.scaling import NotMeasuredError, main, read_costs, section

STAGED = [
    ("11", "read, extract, describe", "3.0", "", "", ""),
    ("11", "validate", "6.0", "", "", ""),
    ("11", "write graph, dumps, tables, index", "1.0", "", "", ""),
    ("11", "load the store", "2.0", "", "", ""),
    ("11", "all", "12.0", "", "", ""),
]
GROWN = [
    ("2", "200", "100", "2.00", "0.5", "150", "30,000", "20,000", "50,000"),
    ("11", "1,000", "120", "1.00", "3.6", "120", "27,000", "20,000", "50,000"),
]
INGEST = "\n".join([*table(STAGES, STAGED), "", *table(GROWTH, GROWN)])
ENGINES = """
| recommendations | engine | quads | load s | CPU s | quads/s | disk MiB | load peak MiB | after MiB |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 1,000 | own store | 120,000 | – | – | – | 20 | – | – |
| 1,000 | Virtuoso | 240,000 | 3.0 | 2.0 | 80,000 | 50 | 300 | 400 |

| asked | recommendations | own store | Virtuoso |
| --- | ---: | ---: | ---: |
| recommendations by theme, counted | 1,000 | 20 (30) | given up (5) |
"""


def rows(text: str) -> dict[str, list[str]]:
    """The cells behind the first of every row of a table."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    return {row[0]: row[1:] for row in cells}


def test_the_costs_are_those_of_the_largest_corpus() -> None:
    costs = read_costs(INGEST)[-1]
    assert (costs.recommendations, costs.processor, costs.rebuild) == (1_000, 11.0, 3.6)
    assert costs.quads == 120_000
    assert costs.sizes == {"N-Quads": 27_000_000, "store": 20_000_000, "dumps": 50_000_000}


def test_every_figure_is_the_measured_one_times_the_ratio_of_recommendations() -> None:
    found = rows(section(INGEST, ENGINES))
    # 11 s of processor for 1,000 recommendations: 11,000 s are 3.06 h, ten times 30.6 h, a hundred times 12.7 days.
    assert found["processor time of a build from scratch"] == ["11 s", "3.1 h", "31 h", "13 days"]
    # Writing and loading: 3 s. A rebuild: 3.6 s, so an hour for a million.
    assert found["writing and loading, by one process"][:2] == ["3 s", "50 min"]
    assert found["rebuild after one document changed"] == ["3.6 s", "60 min", "10 h", "4.2 days"]
    assert found["quads"] == ["120,000", "120 million", "1,200 million", "12,000 million"]
    assert found["store, on disk"] == ["20 MB", "20 GB", "200 GB", "2.0 TB"]
    # 3 s to load; 50 MiB are 52,428,800 bytes.
    assert found["Virtuoso: load"] == ["3 s", "50 min", "8.3 h", "3.5 days"]
    assert found["Virtuoso: disk"] == ["52 MB", "52 GB", "524 GB", "5.2 TB"]


def test_growth_from_one_size_to_the_next_is_said() -> None:
    # 4 s for 200 recommendations are 20 ms each, 11 s for 1,000 are 11 ms: a factor of 0.55.
    assert "one changes by a factor of 0.55" in section(INGEST, ENGINES)


def test_the_size_at_which_a_count_takes_too_long_is_worked_out_for_who_answered() -> None:
    # 20 ms for 1,000: 10 s for 500,000.
    text = section(INGEST, ENGINES)
    assert "- own store: 1,000 recommendations are counted by theme in 0.02 s" in text
    assert "reached at about 500,000." in text
    assert "- Virtuoso" not in text


def test_without_a_measurement_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NotMeasuredError, match=r"benchmarks\.ingest"):
        section("# Benchmarks\n", ENGINES)
    (tmp_path / "ingest.md").write_text("# Benchmarks\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(ENGINES, encoding="utf-8")
    with pytest.raises(SystemExit, match="Run: python -m"):
        main(["--ingest", str(tmp_path / "ingest.md"), "--page", str(tmp_path / "page.md")])
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == ENGINES
