"""What it costs to make a snapshot of a corpus, by stage; how memory and cost grow.

``python -m benchmarks.ingest`` measures 1, 100 and 1,000 documents of about a hundred recommendations (an hour or less
on two cores) and writes the section between the ``ingest`` marks of ``docs/benchmarks.md``. ``--documents 1 30`` takes
other sizes. Nothing is written there that this run did not measure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks import answering
from benchmarks.answering import Answered, answer
from benchmarks.generator import write_corpus
from benchmarks.report import machine_line, replace_section, table
from benchmarks.watching import Watched, processor_seconds, watch
from ingest.build import build
from ingest.corpus import BuildSettings

SIZES = (1, 100, 1000)
MEBIBYTE = 1024 * 1024
STAGES = ("documents", "stage", "CPU s", "documents/CPU s", "recommendations/CPU s", "triples/CPU s")
GROWTH = (
    *("documents", "recommendations", "peak MiB", "CPU s/document"),
    *("triples/rec.", "N-Quads B/rec.", "store B/rec.", "dumps B/rec."),
)
STAGES_MEANING = "Processor seconds of all processes of a build together, which a busy machine changes least."
MEANING = (
    "Peak memory is the proportional set size of all processes of the build together. Figures per recommendation "
    "include the reference data and what describes the document. The real document is one of each corpus."
)


ENDS = {
    "read, extract, describe": "Described ",
    "validate": "Validated: ",
    "write graph, dumps, tables, index": "Written ",
}
"""How the line of progress begins that ends a stage; what follows the last loads the store."""


@dataclass(frozen=True, slots=True)
class Built:
    """Processor seconds of each stage of a build in all its processes, and what it built."""

    stages: dict[str, float]
    figures: dict[str, int]
    folder: Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: a build from scratch, the sizes of files in bytes, and how long pages take."""

    documents: int
    build: Watched[Built]
    graph: int
    store: int
    dumps: int
    answered: Answered

    @property
    def recommendations(self) -> int:
        """How many recommendations the corpus holds."""
        return self.build.outcome.figures["recommendations"]

    @property
    def triples(self) -> int:
        """How many quads the graph holds, those of the shared part included."""
        return self.build.outcome.figures["triples"]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def corpus_settings(folder: Path, processes: int = 0) -> BuildSettings:
    """The settings of a build of a generated corpus, from scratch; 0 processes are as many as there are processors."""
    snapshots = folder / "snapshots"
    shutil.rmtree(snapshots, ignore_errors=True)
    return BuildSettings(
        sources=folder / "sources", editorial=folder / "editorial", snapshots=snapshots, processes=processes
    )


def run_stages(settings: BuildSettings) -> Built:
    """Builds, and notes when each stage ends."""
    ends: dict[str, float] = {}

    def note(line: str) -> None:
        ends.update(
            (beginning, processor_seconds(os.getpid())) for beginning in ENDS.values() if line.startswith(beginning)
        )

    started = processor_seconds(os.getpid())
    summary = build(settings, note)
    moments = [started, *(ends[beginning] for beginning in ENDS.values()), processor_seconds(os.getpid())]
    spent = (after - before for before, after in pairwise(moments))
    return Built(dict(zip((*ENDS, "load the store"), spent, strict=True)), summary.figures, summary.folder)


def measure(folder: Path, documents: int, size: int = 100, processes: int = 0) -> Measured:
    """Writes a corpus, builds it and asks for its pages."""
    write_corpus(folder, documents, size=size)
    settings = corpus_settings(folder, processes)
    built = watch(partial(run_stages, settings))
    snapshot = built.outcome.folder
    return Measured(
        documents,
        built,
        (snapshot / "graph.nq").stat().st_size,
        _size(snapshot / "store"),
        _size(snapshot / "dumps"),
        watch(partial(answer, settings.snapshots, settings.base.iri)).outcome,
    )


def _rate(amount: int, seconds: float) -> str:
    if not seconds:
        return "–"
    return f"{amount / seconds:,.0f}" if amount / seconds >= 10 else f"{amount / seconds:.1f}"


def stage_rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    """Processor seconds and rates of each stage, a row for each size and stage."""
    rows = []
    for each in measured:
        stages = each.build.outcome.stages
        for name, seconds in (stages | {"all": sum(stages.values())}).items():
            rates = (_rate(amount, seconds) for amount in (each.documents + 1, each.recommendations, each.triples))
            rows.append((f"{each.documents + 1:,}", name, f"{seconds:.1f}", *rates))
    return rows


def growth_rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    """Memory, and what a recommendation costs, a row for each size."""
    return [
        (
            f"{each.documents + 1:,}",
            f"{each.recommendations:,}",
            f"{each.build.peak / MEBIBYTE:,.0f}",
            f"{each.build.processor_seconds / (each.documents + 1):.2f}",
            f"{each.triples / each.recommendations:,.0f}",
            f"{each.graph / each.recommendations:,.0f}",
            f"{each.store / each.recommendations:,.0f}",
            f"{each.dumps / each.recommendations:,.0f}",
        )
        for each in measured
    ]


def section(measured: Sequence[Measured], command: str) -> str:
    """The section of the page, in Markdown."""
    lines = ["## Ingest", "", machine_line(command), "", "### By stage", "", STAGES_MEANING, ""]
    lines += [*table(STAGES, stage_rows(measured)), "", "### Memory and growth", ""]
    lines += [MEANING, "", *table(GROWTH, growth_rows(measured))]
    sizes = [f"{each.recommendations:,} recommendations" for each in measured]
    lines += ["", "### Pages and look-ups", "", answering.MEANING, ""]
    lines += table((answering.HEADER, *sizes), answering.rows([each.answered for each in measured]))
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure how fast a corpus becomes a snapshot.")
    parser.add_argument("--documents", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--folder", type=Path, help="where to build; a temporary folder otherwise (15 GB for 1,000)")
    parser.add_argument("--page", type=Path, default=Path(__file__).parent.parent / "docs" / "benchmarks.md")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="palermo-bench-", dir=chosen.folder) as name:
        folder = Path(name)
        measured = []
        for documents in chosen.documents:
            measured.append(measure(folder / str(documents), documents))
            print(measured[-1], flush=True)
            shutil.rmtree(folder / str(documents))
    sizes = " ".join(map(str, chosen.documents))
    text = section(measured, f"python -m benchmarks.ingest --documents {sizes}")
    replace_section(chosen.page, "ingest", text)
    print(text)


if __name__ == "__main__":
    main()
