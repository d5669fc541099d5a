"""What a million, ten and a hundred million recommendations would take: arithmetic on figures that were measured.

``python -m benchmarks.scaling`` reads the tables that `benchmarks.ingest` and `benchmarks.engines` wrote and writes the
section between the ``scaling`` marks of ``docs/scaling.md``. It measures nothing and holds no figure of its own: every
cost is the one of a recommendation in the largest corpus that was measured, times the number wanted.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines import LOADING
from benchmarks.ingest import GROWTH, STAGES
from benchmarks.report import replace_section, table

DOCS = Path(__file__).parent.parent / "docs"
SIZES = (1_000_000, 10_000_000, 100_000_000)
MEBIBYTE, GIGABYTE = 1024 * 1024, 1_000_000_000
DEADLINE = 10.0
"""Seconds after which the server ends a visitor's query (``PALERMO_QUERY_DEADLINE_SECONDS``)."""
COUNTED = "recommendations by theme, counted"
ASKED = ("asked", "recommendations")
Row = Mapping[str, str]


class NotMeasuredError(Exception):
    """A page does not hold the table that the arithmetic needs. The message says what to run."""


def tables(page: str) -> Iterator[tuple[Row, ...]]:
    """All Markdown tables of a page, each as rows by the names of their columns."""
    header: list[str] = []
    rows: list[Row] = []
    for line in (*page.splitlines(), ""):
        if line.startswith("| "):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not header:
                header = cells
            elif not set("".join(cells)) <= set("- :"):
                rows.append(dict(zip(header, cells, strict=True)))
        elif header:
            yield tuple(rows)
            header, rows = [], []


def table_with(page: str, columns: Sequence[str], command: str) -> tuple[Row, ...]:
    """The table that has these columns. Raises `NotMeasuredError` when there is none."""
    for found in tables(page):
        if found and set(columns) <= found[0].keys():
            return found
    raise NotMeasuredError(f"The page has no table with {', '.join(columns)}. Run: python -m {command}")


def number(cell: str) -> float:
    """The number in a cell, the first where a second stands in brackets. Raises `ValueError` where there is none."""
    return float(cell.partition(" (")[0].replace(",", ""))


@dataclass(frozen=True, slots=True)
class Costs:
    """What the largest corpus that was measured cost: processor seconds of the whole build, wall seconds of its stages
    by name and of a rebuild after one change, its quads and bytes by part, and its peak of memory in MiB."""

    documents: int
    recommendations: int
    processor: float
    stages: Mapping[str, float]
    rebuild: float
    peak: float
    quads: float
    sizes: Mapping[str, float]

    def times(self, value: float, recommendations: int) -> float:
        """A value of the whole corpus for so many recommendations."""
        return value * recommendations / self.recommendations


def read_costs(page: str) -> tuple[Costs, ...]:
    """What `benchmarks.ingest` measured, the smallest corpus first."""
    command = "benchmarks.ingest"
    stages, found = table_with(page, STAGES, command), []
    for row in table_with(page, GROWTH, command):
        documents, count = number(row["documents"]), int(number(row["recommendations"]))
        parts = (("N-Quads", "N-Quads B/rec."), ("store", "store B/rec."), ("dumps", "dumps B/rec."))
        found.append(
            Costs(
                int(documents),
                count,
                documents * number(row["CPU s/document"]),
                {one["stage"]: number(one["seconds"]) for one in stages if one["documents"] == row["documents"]},
                number(row["rebuild s"]),
                number(row["peak MiB"]),
                count * number(row["triples/rec."]),
                {name: count * number(row[column]) for name, column in parts},
            )
        )
    return tuple(found)


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _count(value: float) -> str:
    """Three digits, for the tables it comes from have no more."""
    short = float(f"{value:.3g}")
    return f"{short / 1_000_000:,g} million" if value >= 1_000_000 else f"{short:,.0f}"


def _time(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{_amount(seconds / size)} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"


def _space(size: float) -> str:
    for unit, bytes_ in (("TB", 1000 * GIGABYTE), ("GB", GIGABYTE)):
        if size >= bytes_:
            return f"{_amount(size / bytes_)} {unit}"
    return f"{_amount(size / 1_000_000)} MB"


def build_rows(costs: Costs) -> list[tuple[str, ...]]:
    """Documents, work, time and space of a build, a row for each of them and a column for each size."""
    together = ("read, extract, describe", "validate")
    alone = sum(seconds for stage, seconds in costs.stages.items() if stage not in (*together, "all"))
    values = [
        ("documents", float(costs.documents), _count),
        ("quads", costs.quads, _count),
        ("processor time of a build from scratch", costs.processor, _time),
        ("writing and loading, by one process", alone, _time),
        ("rebuild after one document changed", costs.rebuild, _time),
        *((f"{name}, on disk", size, _space) for name, size in costs.sizes.items()),
    ]
    sizes = (costs.recommendations, *SIZES)
    return [(name, *(show(costs.times(value, size)) for size in sizes)) for name, value, show in values]


def engine_rows(loading: Sequence[Row], answers: Sequence[Row]) -> list[tuple[str, ...]]:
    """What each engine would take, by its largest load that was measured."""
    rows: list[tuple[str, ...]] = []
    largest = max(number(row["recommendations"]) for row in loading)
    for row in (row for row in loading if number(row["recommendations"]) == largest):
        name = row["engine"]
        lines: list[tuple[str, float, Callable[[float], str]]] = [("disk", MEBIBYTE * number(row["disk MiB"]), _space)]
        if row["load s"] != "–":
            lines.insert(0, ("load", number(row["load s"]), _time))
        times = [
            each[name] for each in answers if each["asked"] == COUNTED and number(each["recommendations"]) == largest
        ]
        lines += [("a count over all of them", number(cell) / 1000, _time) for cell in times if cell[:1].isdigit()]
        rows += [
            (f"{name}: {what}", *(show(value * size / largest) for size in (largest, *SIZES)))
            for what, value, show in lines
        ]
    return rows


def limit_lines(loading: Sequence[Row], answers: Sequence[Row]) -> Iterator[str]:
    """At how many recommendations a count over all of them takes as long as a visitor's query may."""
    largest = max(number(row["recommendations"]) for row in loading)
    for row in answers:
        if row["asked"] != COUNTED or number(row["recommendations"]) != largest:
            continue
        for engine in (column for column in row if column not in ASKED):
            if row[engine][:1].isdigit():
                seconds = number(row[engine]) / 1000
                reached = largest * DEADLINE / seconds
                yield (
                    f"- {engine}: {largest:,.0f} recommendations are counted by theme in {seconds:.2g} s, so the "
                    f"{DEADLINE:.0f} s of a visitor's query are reached at about {float(f'{reached:.1g}'):,.0f}."
                )


def section(ingest: str, engines: str) -> str:
    """The section of the page, in Markdown."""
    measured = read_costs(ingest)
    costs = measured[-1]
    loading = table_with(engines, LOADING, "benchmarks.engines SNAPSHOT …")
    answers = table_with(engines, ASKED, "benchmarks.engines SNAPSHOT …")
    header = ("", f"{costs.recommendations:,} (measured)", *(f"{size:,}" for size in SIZES))
    lines = [
        "### Measured",
        "",
        "From the sections on ingest in [benchmarks.md](benchmarks.md) and on engines below.",
        "",
    ]
    lines += table(
        ("recommendations", "CPU s", "CPU ms/rec.", "peak MiB", "quads/rec."),
        [
            (
                f"{each.recommendations:,}",
                f"{each.processor:,.0f}",
                f"{1000 * each.processor / each.recommendations:.1f}",
                f"{each.peak:,.0f}",
                f"{each.quads / each.recommendations:,.0f}",
            )
            for each in measured
        ],
    )
    if len(measured) > 1:
        before = measured[-2]
        growth = costs.processor / costs.recommendations / (before.processor / before.recommendations)
        lines += [
            "",
            f"From {before.recommendations:,} to {costs.recommendations:,} recommendations the processor time of",
        ]
        lines += [f"one changes by a factor of {growth:.2f}; 1 is linear."]
    lines += ["", "### Arithmetic", ""]
    lines += [
        "Each figure is the measured one in its row times the ratio of recommendations: what it would be if growth"
    ]
    lines += ["stayed linear. Nothing right of the second column was measured.", ""]
    lines += [*table(header, build_rows(costs)), ""]
    engine_header = ("", f"{max(number(row['recommendations']) for row in loading):,.0f} (measured)", *header[2:])
    lines += [*table(engine_header, engine_rows(loading, answers)), ""]
    lines += ["Counting by theme, which touches every recommendation, meets the limit of a query first:", ""]
    lines += [*limit_lines(loading, answers)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Work out what larger corpora would take.")
    parser.add_argument("--ingest", type=Path, default=DOCS / "benchmarks.md", help="the page of benchmarks.ingest")
    parser.add_argument("--page", type=Path, default=DOCS / "scaling.md", help="the page to write, with the engines")
    chosen = parser.parse_args(arguments)
    try:
        text = section(chosen.ingest.read_text(encoding="utf-8"), chosen.page.read_text(encoding="utf-8"))
    except NotMeasuredError as missing:
        raise SystemExit(f"palermo: {missing}") from missing
    replace_section(chosen.page, "scaling", text)
    print(text)


if __name__ == "__main__":
    main()
