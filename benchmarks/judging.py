"""Judging by parts beside judging the whole graph, in one run on one corpus; the findings must be the same."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Quad

from benchmarks.generator import write_corpus
from benchmarks.watching import Watched, watch
from ingest.making import make
from ingest.settings import BuildSettings
from shapes.results import Report
from shapes.validation import validate


@dataclass(frozen=True, slots=True)
class Compared:
    """The same corpus judged in parts by one process, and as a whole; seconds are those of judging alone."""

    documents: int
    recommendations: int
    parts: Watched[float]
    whole: Watched[float]
    same: bool

    @property
    def ratio(self) -> float:
        """How many times longer the whole takes."""
        return self.whole.outcome / self.parts.outcome

    def lines(self) -> list[str]:
        """The comparison in words."""
        agree = "the same report" if self.same else "ANOTHER REPORT"
        parts, whole = (f"{each.outcome:.1f} s ({each.peak / 2**20:,.0f} MiB)" for each in (self.parts, self.whole))
        return [
            f"{self.documents:,} documents, {self.recommendations:,} recommendations, one process: {parts} document by "
            f"document, {whole} for the whole graph at once, {self.ratio:.1f} times as long, with {agree}. On a "
            "rebuild only what changed is judged. That both find the same on planted faults of every kind is a test "
            "(`tests/ingest/scale/`)."
        ]


def _settings(folder: Path) -> BuildSettings:
    return BuildSettings(
        sources=folder / "sources", editorial=folder / "editorial", snapshots=folder / "snapshots", processes=1
    )


def judge_parts(folder: Path) -> float:
    """Seconds of judging a corpus by parts: what `make` takes after it has described everything."""
    described: list[float] = []

    def note(line: str) -> None:
        if line.startswith("Described "):
            described.append(time.perf_counter())

    make(_settings(folder), note)
    return time.perf_counter() - described[-1]


def corpus_quads(folder: Path) -> list[Quad]:
    """All quads of a corpus that was made."""
    made = make(_settings(folder), lambda _: None)
    return [quad for key in made.parts for quad in made.cache.quads(key)]


def judge_whole(folder: Path) -> float:
    """Seconds of judging a corpus that was made as one graph."""
    quads = corpus_quads(folder)
    started = time.perf_counter()
    validate(quads, _settings(folder).base)
    return time.perf_counter() - started


def _summary(report: Report) -> tuple[Counter[object], tuple[object, ...], int]:
    return Counter(report.results), report.shapes, report.checked


def compare(folder: Path, documents: int, size: int = 100) -> Compared:
    """Judges a generated corpus both ways."""
    count = write_corpus(folder, documents, size=size)
    parts = watch(partial(judge_parts, folder))
    whole = watch(partial(judge_whole, folder))
    settings = _settings(folder)
    quads = corpus_quads(folder)
    same = _summary(make(settings, lambda _: None).report) == _summary(validate(quads, settings.base))
    return Compared(documents, count, parts, whole, same)
