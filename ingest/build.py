"""One build from start to end: sources to a validated, published snapshot, with progress.

Every document is described (read → extract → describe), then validated with what its neighbours say; a violation stops
before publishing, with a report a person can read, and the snapshot in place keeps serving. Documents are worked on
side by side, and no document is in memory longer than its turn.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from ingest.accuracy import Scores, as_json
from ingest.catalogue_graph import CatalogueWriter, Statistics, statistics, summed
from ingest.corpus import BuildSettings, copy_sources, read_corpus, withdrawn_documents
from ingest.dumps import share, write_dumps, write_nquads
from ingest.editorial import tables_of
from ingest.errors import BuildError
from ingest.history import write_versions
from ingest.page_index import IndexWriter
from ingest.parts import Checked, Context, Neighbour, Neighbours, Part, Workbench, without_repeats
from ingest.publish import Draft, new_draft, read_manifest, sorted_nquads
from ontology.layout import VERSIONS
from ontology.terms import Names
from shapes.report import Report, report_json, report_turtle
from shapes.rules import ShapesError, read_rules
from shapes.validate import PartReport, joined

Progress = Callable[[str], None]
MOST = 8
"""As many processes as a build takes by itself."""
FEW = 6
"""With fewer parts, starting a process takes longer than the work."""
INDEX = "search.sqlite"
COLLECTED = (500_000, 20, 20)
"""How many values are made before garbage is looked for (`gc.set_threshold`)."""
EVERY = 50
"""The number of documents of a large corpus per line of progress."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that cannot be built, and why."""

    slug: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A corpus that is described and validated, its shares written to ``folder``. ``figures`` and the rest are of the
    documents that were not refused."""

    folder: Path
    parts: tuple[Part, ...]
    refused: tuple[Refused, ...]
    report: Report
    figures: Counter[str]
    statistics: tuple[Statistics, ...]
    accuracy: Scores

    @property
    def documents(self) -> list[Part]:
        """The parts that are documents."""
        return [part for part in self.parts if part.slug]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build made and of what, how long it took (seconds), and where it stands. ``is_new`` is false when the
    snapshot in place is the same already."""

    folder: Path
    version: str
    prepared: Prepared
    figures: dict[str, int]
    seconds: float
    unresolved: tuple[str, ...]
    is_new: bool


class ViolationError(BuildError):
    """The graph violates its shapes; ``report`` has the results."""

    def __init__(self, report: Report) -> None:
        super().__init__("The graph breaks its shapes; nothing was published.")
        self.report = report


@dataclass(frozen=True, slots=True)
class Job:
    """One build, as its processes receive it; ``begun`` distinguishes builds with the same settings."""

    settings: BuildSettings
    folder: Path
    begun: int


@lru_cache(maxsize=1)
def _workbench(job: Job) -> Workbench:
    """The workbench of this process for one build."""
    return Workbench(job.settings, job.folder)


def _describe(job: Job, at: int, source: Path | None) -> Part | Refused:
    try:
        return _workbench(job).describe(at, source)
    except BuildError as error:
        if source is None or not job.settings.keep_going:
            raise
        return Refused(source.stem, (str(error),))


def _check(job: Job, at: int, context: Context) -> Checked:
    try:
        return _workbench(job).check(at, context)
    except ShapesError as error:
        raise BuildError(str(error)) from error


def _begin_worker() -> None:
    """Has this process end as soon as the build that it works for is gone, however that ended."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    gc.set_threshold(*COLLECTED)
    parent = parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Has Python look for circular garbage less often than by default: a build makes many values and no circles."""
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _give_back_memory() -> None:
    """Has the C library return what is free to the system, where it can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


Map = Callable[..., Iterator[Any]]


@contextmanager
def _workers(settings: BuildSettings, parts: int) -> Iterator[Map]:
    """Returns a map that yields results in order; in parallel processes for a corpus that is large enough."""
    size = settings.processes or min(os.cpu_count() or 1, MOST)
    if size == 1 or (parts < FEW and not settings.processes):
        try:
            yield map
        finally:
            _workbench.cache_clear()
        return
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor  # one document needs neither
    from multiprocessing import get_context

    with ProcessPoolExecutor(size, get_context("spawn"), initializer=_begin_worker) as pool:
        try:
            yield pool.map
        except BrokenProcessPool as error:
            raise BuildError("A process of the build ended before its work was done; was memory short?") from error


def prepare(settings: BuildSettings, folder: Path, progress: Progress) -> Prepared:
    """Describes and validates all documents; their shares and the index are in ``folder``, which is empty before.

    Raises `SourceError` for a source, table or Turtle file that cannot be read.
    """
    sources = (None, *read_corpus(settings.sources))
    job = Job(settings, folder, time.monotonic_ns())
    with _workers(settings, len(sources)) as mapped:
        outcomes: list[Part | Refused] = []
        for outcome in mapped(partial(_describe, job), range(len(sources)), sources):
            outcomes.append(outcome)
            _say_every(len(outcomes), len(sources), "Described", progress)
        described = f"{len(sources) - 1:,} document" + "s" * (len(sources) != 2)
        progress(f"Described {described}. Validating {len(sources):,} parts.")
        refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
        shared, *parts = (outcome for outcome in outcomes if isinstance(outcome, Part))
        while True:
            prepared, reports = _validated(job, mapped, shared, parts, refused, progress)
            broken = {part.slug: report for part, report in zip(parts, reports[1:], strict=True) if _breaks(report)}
            if not (settings.keep_going and broken) or _breaks(reports[0]) or len(broken) == len(parts):
                return prepared
            for slug, report in broken.items():
                lines = dict.fromkeys(f"{result.label}: {result.message}" for result in report.results)
                refused.append(Refused(slug, tuple(lines)))
            parts = [part for part in parts if part.slug not in broken]


def _breaks(report: PartReport) -> bool:
    return any(result.severity == "Violation" for result in report.results)


def _say_every(number: int, of: int, done: str, progress: Progress) -> None:
    if number % EVERY == 0:
        progress(f"{done} {number:,} of {of:,}.")


def _validated(
    job: Job, mapped: Map, shared: Part, parts: Sequence[Part], refused: Sequence[Refused], progress: Progress
) -> tuple[Prepared, list[PartReport]]:
    """The corpus of these parts, and the report of each, that of the shared part first."""
    all_parts = (shared, *parts)
    _, *reaches = without_repeats([part.reach for part in all_parts])
    for part, (kept, _) in zip(parts, reaches, strict=True):
        lines = sorted(line for lines in kept.about.values() for line in lines)
        share(job.folder, part.at, "rest").write_text("".join(lines), encoding="utf-8")
    documents = [
        Neighbour(part.slug, kept, share(job.folder, part.at, "own"), share(job.folder, part.at, "uses"), repeated)
        for part, (kept, repeated) in zip(parts, reaches, strict=True)
    ]
    neighbours = Neighbours(documents, shared.nodes, shared.reach.pointing, job.settings.base)
    contexts = chain([neighbours.of_shared()], map(neighbours.of_document, range(len(parts))))
    (job.folder / INDEX).unlink(missing_ok=True)
    index = IndexWriter(job.folder / INDEX)
    figures: Counter[str] = Counter()
    counted: list[Statistics] = []
    reports: list[PartReport] = []
    for part, checked in zip(
        all_parts, mapped(partial(_check, job), (part.at for part in all_parts), contexts), strict=True
    ):
        index.add(checked.index)
        figures.update(checked.figures)
        counted.append(checked.statistics)
        reports.append(part.located(checked.report))
        _say_every(len(reports), len(all_parts), "Validated", progress)
        if part.slug and len(parts) <= EVERY:
            numbers = (checked.figures[name] for name in ("directives", "mentions", "links"))
            words = "; {} directives, {} mentions, {} editorial links."
            progress(f"{part.slug}: {part.summary}{words.format(*numbers)}")
    index.finish(figures)
    whole = joined(reports, read_rules(job.settings.base))
    accuracy = tuple(score for part in (*parts, shared) for score in part.accuracy)
    return Prepared(job.folder, all_parts, tuple(refused), whole, figures, tuple(counted), accuracy), reports


def build(settings: BuildSettings, progress: Progress) -> Summary:
    """Builds and publishes a snapshot; publishes nothing when the one in place is the same already.

    Raises `SourceError` for what cannot be read, `ViolationError` with the report when validation fails, and
    `BuildError` when another build of the same base is running.
    """
    started = time.monotonic()
    with _rare_collections(), new_draft(settings.snapshots, settings.base) as draft:
        folder = draft.folder / "shares"
        folder.mkdir()
        prepared = prepare(settings, folder, progress)
        if not prepared.report.conforms:
            raise ViolationError(prepared.report)
        tables = {part.slug: tables_of(settings.editorial / part.slug) for part in prepared.documents}
        lost = _lost_tables(read_manifest(settings.snapshots / settings.base.slug / "current"), tables)
        progress(f"Validated: {len(prepared.report.shapes)} shapes, no violation. Publishing.")
        counted = _write(draft, prepared)
        copy_sources(settings.sources, tables.keys(), draft.folder / "sources")
        write_versions(settings.sources, tables, draft.folder / VERSIONS)
        shutil.rmtree(folder)
        figures = {**prepared.figures, "triples": counted.all("quads")}
        published = draft.same_as_current()
        if published is None:
            named = [(part.title, part.example) for part in prepared.documents]
            catalogue = CatalogueWriter(draft, counted, named, Names(settings.base), settings.contact)
            (draft.folder / "catalogue.nq").write_bytes(sorted_nquads(catalogue.quads()))
            progress("Written graph, dumps, tables and the index. Loading the store.")
            _give_back_memory()  # the store needs as much as the build did until now
            published = draft.publish(
                {
                    "figures": figures | {"seconds": round(time.monotonic() - started, 2)},
                    "validation": prepared.report.figures(),
                    "sources": [
                        {"slug": part.slug, "sha256": part.source, "tables": tables[part.slug]}
                        for part in prepared.documents
                    ],
                    "withdrawn": [
                        {"slug": each.slug, "title": each.title, "day": str(each.withdrawn)}
                        for each in withdrawn_documents(settings.sources)
                    ],
                    "refused": [
                        {
                            "slug": each.slug,
                            "reasons": [said.replace(f"{settings.sources}/", "") for said in each.reasons],
                        }
                        for each in prepared.refused
                    ],
                }
            )
        return Summary(
            published,
            published.name,
            prepared,
            figures,
            time.monotonic() - started,
            (*lost, *(words for part in prepared.parts for words in part.unresolved)),
            is_new=published.name == draft.version,
        )


def _lost_tables(manifest: Mapping[str, Any], tables: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The editorial tables that the snapshot in place was built with and that are gone, in words."""
    for source in manifest.get("sources", ()):
        slug = source.get("slug")
        for name in source.get("tables", ()):
            if slug in tables and name not in tables[slug]:
                yield f"missing: {slug}: the table {name}, which the build before had; what it said is gone"


def _write(draft: Draft, prepared: Prepared) -> Statistics:
    """Writes what a snapshot holds beside its catalogue and store; returns the numbers of its graph."""
    folder, base = draft.folder, draft.base
    blocks = {
        f"<{base.iri}id/document/{part.slug}/": share(prepared.folder, part.at, "own") for part in prepared.documents
    }
    single = {
        line
        for part in prepared.parts
        for line in share(prepared.folder, part.at, "rest").read_bytes().splitlines(keepends=True)
    }
    write_nquads(draft.graph, blocks, single)
    counted = summed([*prepared.statistics, statistics(line.rstrip() for line in single)])
    (folder / "validation.json").write_text(report_json(prepared.report), encoding="utf-8")
    (folder / "validation.ttl").write_text(report_turtle(prepared.report, base), encoding="utf-8")
    accuracy = json.dumps(as_json(prepared.accuracy), indent=2) + "\n"
    (folder / "accuracy.json").write_text(accuracy, encoding="utf-8")
    (prepared.folder / INDEX).rename(folder / INDEX)
    places = [part.at for part in prepared.parts]
    write_dumps(folder / "dumps", draft.graph, prepared.folder, places, base, draft.checksum)
    return counted


def validate(settings: BuildSettings, progress: Progress) -> Prepared:
    """Describes and validates all documents without publishing anything. Raises as `build` does."""
    with _rare_collections(), tempfile.TemporaryDirectory(prefix="palermo-") as folder:
        return prepare(settings, Path(folder), progress)
