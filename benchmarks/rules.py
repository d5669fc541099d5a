"""Reads documents and runs the rules over them by this checkout and by another, in turn, a thousand paragraphs each.

Run as a script it measures the checkout whose modules it finds: ``PYTHONPATH=. python -P benchmarks/rules.py FOLDER``
prints the processor seconds of reading, of the rules, and of the rules over each paragraph by itself. It needs nothing
that commit 2cdcb90 has not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import cycle, pairwise
from pathlib import Path

from ingest.extraction import extract, extract_text
from ingest.reading import read_document
from ingest.reference import lexicon
from ontology.namespaces import Base
from ontology.terms import Names

PARTS = ("reading", "rules", "rules, each paragraph by itself")
PARAGRAPHS = 1000


def measure(sources: Path) -> list[float]:
    """Processor seconds of each of the `PARTS`, for a thousand paragraphs of the documents in a folder."""
    known = lexicon(Names(Base("http://localhost:8000/")), Path())
    count, spent = 0, [0.0] * len(PARTS)
    documents = cycle(sorted(sources.glob("*.toml")))
    while count < PARAGRAPHS:
        path, times = next(documents), [time.process_time()]
        document = read_document(path)
        times.append(time.process_time())
        extract(document, known)
        times.append(time.process_time())
        for paragraph in document.paragraphs:
            extract_text(paragraph.text, known, "working-group")
        times.append(time.process_time())
        count += len(document.paragraphs)
        spent = [each + later - earlier for each, (earlier, later) in zip(spent, pairwise(times), strict=True)]
    return [each * PARAGRAPHS / count for each in spent]


def least(checkouts: Sequence[Path], corpora: Sequence[Path], rounds: int) -> list[list[float]]:
    """What each checkout needs for its corpus, the least that a round took: others on the machine only add to it."""
    measured: list[list[list[float]]] = [[] for _ in checkouts]
    for _ in range(rounds):
        for kept, checkout, corpus in zip(measured, checkouts, corpora, strict=True):
            command = [sys.executable, "-P", str(Path(__file__).resolve()), str(corpus / "sources")]
            environment = {**os.environ, "PYTHONPATH": str(checkout)}
            printed = subprocess.check_output(command, cwd=checkout, env=environment, text=True)
            kept.append([float(each) for each in printed.split()])
    return [[min(rounds) for rounds in zip(*kept, strict=True)] for kept in measured]


def rows(ours: Sequence[float], theirs: Sequence[float]) -> list[tuple[str, ...]]:
    """A row for each part: our seconds, theirs, and how many times as much we take."""
    return [
        (part, f"{own:.2f}", f"{other:.2f}", f"{own / other:.2f}")
        for part, own, other in zip(PARTS, ours, theirs, strict=True)
    ]


if __name__ == "__main__":
    print(*measure(Path(sys.argv[1])))
