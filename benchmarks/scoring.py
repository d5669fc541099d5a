"""Extraction scored against the truth that the generator wrote, on many documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generator import write_corpus
from benchmarks.report import table
from ingest.accuracy import KINDS, measure
from ingest.extraction import extract
from ingest.reading import read_document
from ingest.reference import lexicon
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names


@dataclass(frozen=True, slots=True)
class Scored:
    """Expected, found, missed and wrong facts by kind, over all documents."""

    documents: int
    expected: Counter[str]
    found: Counter[str]
    missed: Counter[str]
    wrong: Counter[str]

    def precision(self, kind: str) -> float:
        """The share of what was found that is right; 1 where nothing was found."""
        return 1 - self.wrong[kind] / self.found[kind] if self.found[kind] else 1.0

    def recall(self, kind: str) -> float:
        """The share of what was expected that was found; 1 where nothing was expected."""
        return 1 - self.missed[kind] / self.expected[kind] if self.expected[kind] else 1.0

    def lines(self) -> list[str]:
        """The scores as a table."""
        rows = [
            (kind, f"{self.expected[kind]:,}", f"{self.precision(kind):.2%}", f"{self.recall(kind):.2%}")
            for kind in KINDS
        ]
        return [
            f"{self.documents:,} generated documents against the truth written with them. Their sentences come from "
            "one grammar, so this says that nothing breaks at scale, not how rules do on new prose; `accuracy.json` of "
            "a build says that.",
            "",
            *table(("kind", "expected", "precision", "recall"), rows),
        ]


def score(folder: Path, documents: int, size: int = 100) -> Scored:
    """Writes a corpus, reads and extracts it, and compares."""
    write_corpus(folder, documents, size=size)
    spellings = lexicon(Names(Base(DEFAULT_BASE)))
    counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter(), Counter())
    for path in sorted((folder / "sources").glob("coast-*.toml")):
        document = read_document(path)
        findings = extract(document, spellings).findings
        for each in measure(document, findings, folder / "gold"):
            amounts = (each.expected, each.found, len(each.missed), len(each.wrong))
            for counter, amount in zip(counts, amounts, strict=True):
                counter[each.kind] += amount
    return Scored(documents, *counts)
