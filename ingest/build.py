"""One build from start to end: sources to a validated, published snapshot, with progress.

The order is read → extract → judge → describe → validate → publish. A violation stops before publishing, with a report
a person can read; the snapshot in place keeps serving.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from ingest.accuracy import Accuracy
from ingest.assembling import CorpusGraph, write_dumps
from ingest.cataloguing import CatalogueWriter
from ingest.errors import BuildError
from ingest.index_writing import write_index
from ingest.making import Made, Progress, make
from ingest.parts import PartCache
from ingest.publishing import Draft, publish, sorted_nquads
from ingest.settings import BuildSettings
from ontology.terms import Names
from shapes.report import Report, report_json, report_turtle

__all__ = ["BuildSettings", "Summary", "ViolationError", "build", "prepare"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build made, how long it took (seconds), and where it stands."""

    folder: Path
    version: str
    figures: dict[str, int]
    seconds: float
    report: Report
    accuracy: Accuracy
    unresolved: tuple[str, ...]


def prepare(settings: BuildSettings, progress: Progress) -> Made:
    """Reads all sources and validates the graph, without publishing.

    Raises `SourceError` for a source, table or Turtle file that cannot be read, with file and line.
    """
    return make(settings, progress)


def build(settings: BuildSettings, progress: Progress) -> Summary:
    """Builds and publishes a snapshot.

    Raises `SourceError` for what cannot be read, `ViolationError` with the report when validation fails, and
    `BuildError` when another build of the same base is running.
    """
    started = time.monotonic()
    made = prepare(settings, progress)
    if not made.report.conforms:
        raise ViolationError(made.report)
    progress(f"Validated: {len(made.report.shapes)} shapes, no violation. Publishing.")
    graph = CorpusGraph(made, settings.base)
    statistics, objects = graph.statistics()
    accuracy = Accuracy(tuple(made.totals.scores))
    figures = {**made.totals.figures, "triples": statistics.quads}

    def complete(draft: Draft) -> dict[str, object]:
        (draft.folder / "validation.json").write_text(report_json(made.report), encoding="utf-8")
        (draft.folder / "validation.ttl").write_text(report_turtle(made.report, settings.base), encoding="utf-8")
        (draft.folder / "accuracy.json").write_text(json.dumps(accuracy.as_json(), indent=2) + "\n", encoding="utf-8")
        write_index(draft.folder / "search.sqlite", made.cache, made.parts, made.totals.figures)
        write_dumps(draft.folder / "dumps", draft.folder / "graph.nq", made, settings.base)
        catalogue = CatalogueWriter(draft, statistics, objects, Names(settings.base))
        (draft.folder / "catalogue.nq").write_bytes(sorted_nquads(catalogue.quads()))
        progress("Written graph, dumps, tables and the index. Loading the store.")
        return {
            "figures": figures | {"seconds": round(time.monotonic() - started, 2)},
            "validation": made.report.figures(),
            "sources": [{"slug": slug, "sha256": checksum} for slug, checksum in made.totals.sources],
        }

    folder = publish(settings.snapshots, settings.base, graph, complete)
    made.cache.keep(made.parts)
    PartCache(settings.reports).keep(made.reports)
    seconds = time.monotonic() - started
    return Summary(folder, folder.name, figures, seconds, made.report, accuracy, tuple(made.totals.unresolved))


class ViolationError(BuildError):
    """The graph breaks its shapes; ``report`` says where and why."""

    def __init__(self, report: Report) -> None:
        super().__init__("The graph breaks its shapes; nothing was published.")
        self.report = report
