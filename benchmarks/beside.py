"""Builds the same documents by this checkout and by the commit of 28 November 2026, in turn: ``python -m
benchmarks.beside``, or beside another checkout: ``python -m benchmarks.beside ../other``.

Each writes its own corpus with the same seed, so that both read the same sentences. What counts is processor time, and
the peak memory of all processes of a build; a first round, in which files are read for the first time, is left out.
Reading and the rules are measured by themselves as well (`rules`).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import rules
from benchmarks.report import machine_line, replace_section, table
from benchmarks.serving_peers import BEFORE, checkout
from benchmarks.watching import PAUSE, tree_memory

ROOT = Path(__file__).parent.parent
SIZES = (0, 100)
"""Documents beside the real one."""
ROUNDS = 3
MEBIBYTE = 1024 * 1024
HEADER = ("documents", "checkout", "CPU s", "seconds", "peak MiB")


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and wall seconds of one build, and the peak memory of its processes in bytes."""

    processor: float
    seconds: float
    peak: int


def _python(checkout: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start compiles all modules, as none does in use
    return subprocess.Popen([sys.executable, *arguments], cwd=checkout, env=environment, stdout=subprocess.DEVNULL)


def build(checkout: Path, corpus: Path) -> Cost:
    """Has a checkout build a corpus from scratch. Raises `RuntimeError` when it cannot."""
    with tempfile.TemporaryDirectory(prefix="palermo-bench-", dir=corpus) as snapshots:
        before, started, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0
        folders = {"sources": corpus / "sources", "editorial": corpus / "editorial", "snapshots": snapshots}
        options = (f"--{name}={path}" for name, path in folders.items())
        process = _python(checkout, "palermo.py", "build", *options)
        while process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(PAUSE)
        seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{checkout} cannot build its corpus.")
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds, peak)


def compare(
    checkouts: Sequence[Path], folder: Path, documents: int, rounds: int, *, warm: bool = False
) -> list[list[Cost]]:
    """The costs of builds by each checkout, in turn; unless it is ``warm``, a first round does not count."""
    corpora = [folder / f"{at}-{documents}" for at, _ in enumerate(checkouts)]
    for source, corpus in zip(checkouts, corpora, strict=True):
        if _python(source, "-m", "benchmarks.generator", str(corpus), f"--documents={documents}").wait():
            raise RuntimeError(f"{source} cannot write its corpus.")
    costs: list[list[Cost]] = [[] for _ in checkouts]
    for number in range(rounds if warm else rounds + 1):
        for kept, source, corpus in zip(costs, checkouts, corpora, strict=True):
            cost = build(source, corpus)
            if number or warm:
                kept.append(cost)
    return costs


def rows(documents: int, names: Sequence[str], costs: Sequence[Sequence[Cost]]) -> list[tuple[str, ...]]:
    """Medians, a row for each checkout, and how many times as much the last one takes as the first."""
    medians = [
        [statistics.median(getattr(cost, name) for cost in of) for name in ("processor", "seconds", "peak")]
        for of in costs
    ]
    found = [
        (f"{documents + 1:,}", name, f"{processor:.1f}", f"{seconds:.1f}", f"{peak / MEBIBYTE:,.0f}")
        for name, (processor, seconds, peak) in zip(names, medians, strict=True)
    ]
    ratios = (f"{last / first:.2f}" for first, last in zip(medians[0], medians[-1], strict=True))
    return [*found, ("", f"{names[-1]} over {names[0]}", *ratios)]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Build the same documents by this checkout and by another.")
    parser.add_argument("other", type=Path, nargs="?", help=f"a checkout; commit {BEFORE} where none is given")
    parser.add_argument("--documents", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    chosen = parser.parse_args()
    lines: list[tuple[str, ...]] = []
    parts: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory(prefix="palermo-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        other = chosen.other or stack.enter_context(checkout(BEFORE, folder / "checkout"))
        commit = subprocess.check_output(["git", "-C", other, "rev-parse", "--short=7", "HEAD"], text=True).strip()
        for number, documents in enumerate(chosen.documents):
            costs = compare((ROOT, other.resolve()), folder, documents, chosen.rounds, warm=number > 0)
            lines += rows(documents, ("this", commit), costs)
            corpora = [folder / f"{at}-{documents}" for at in range(2)]
            spent = rules.least((ROOT, other.resolve()), corpora, chosen.rounds)
            parts += ((f"{documents + 1:,}", *row) for row in rules.rows(*spent))
    sizes = " ".join(map(str, chosen.documents))
    command = f"python -m benchmarks.beside --documents {sizes} --rounds {chosen.rounds}"
    header = ("documents", "of 1,000 paragraphs", "this, CPU s", f"{commit}, CPU s", f"this over {commit}")
    text = ["## A build beside an older one", "", machine_line(command), "", *table(HEADER, lines), ""]
    text += ["Reading and the rules by themselves, the least of the rounds:", "", *table(header, parts)]
    replace_section(chosen.page, "beside", "\n".join(text) + "\n")
    print("\n".join(text))


if __name__ == "__main__":
    main()
