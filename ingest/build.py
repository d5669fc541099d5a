"""One build from start to end: sources to a validated, published snapshot, with progress.

The order is read → extract → judge → describe → validate → publish. A violation stops before publishing, with a report
a person can read; the snapshot in place keeps serving.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Quad, Store

from ingest.accuracy import Accuracy, measure, measure_sentences
from ingest.cataloguing import CatalogueWriter
from ingest.describing.annotations import AnnotationDescriber
from ingest.describing.judgements import JudgementDescriber
from ingest.describing.provenance import describe_provenance
from ingest.describing.structure import StructureDescriber
from ingest.describing.writing_out import Superterms
from ingest.document import Document
from ingest.editorial import Editorial, read_editorial
from ingest.errors import BuildError, SourceError
from ingest.extraction import Extraction, extract
from ingest.publishing import Draft, publish, sorted_nquads
from ingest.reading import read_document
from ingest.reference import lexicon, reference_quads
from ingest.tables import BuildQueries, write_dumps, write_search_index
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names
from queries.catalogue import read_catalogue
from shapes.report import report_json, report_turtle
from shapes.validation import Report, validate

ROOT = Path(__file__).parent.parent
SNAPSHOTS = ROOT / "var" / "snapshots"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Where a build reads and writes, and the base IRI of what it publishes.

    ``ground`` is the folder that holds ``ontology/`` and the Turtle of ``shapes/``.
    """

    base: Base = field(default_factory=lambda: Base(DEFAULT_BASE))
    sources: Path = ROOT / "ingest" / "sources"
    editorial: Path = ROOT / "ingest" / "editorial"
    ground: Path = ROOT
    snapshots: Path = SNAPSHOTS


@dataclass(frozen=True, slots=True)
class Prepared:
    """A graph that is built and judged but not published."""

    nquads: bytes
    store: Store
    report: Report
    figures: dict[str, int]
    accuracy: Accuracy
    sources: tuple[tuple[str, str], ...]
    unresolved: tuple[str, ...]


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


def source_files(folder: Path) -> tuple[Path, ...]:
    """The metadata files of all documents, sorted. Raises `SourceError` when there is none."""
    found = tuple(sorted(folder.glob("*.toml")))
    if not found:
        raise SourceError(folder, 1, "no document", "a .md file with a .toml file of the same name beside it")
    return found


def _document_quads(document: Document, extraction: Extraction, editorial: Editorial, names: Names) -> Iterator[Quad]:
    yield from StructureDescriber(document, names).quads()
    yield from AnnotationDescriber(document, extraction.findings, names).quads()
    yield from JudgementDescriber(document, editorial, names).quads()
    yield from describe_provenance(document, names)


def prepare(settings: BuildSettings, progress: Progress) -> Prepared:
    """Reads all sources and validates the graph, without publishing.

    Raises `SourceError` for a source, table or Turtle file that cannot be read, with file and line.
    """
    names = Names(settings.base)
    spellings = lexicon(names, settings.ground)
    quads = list(reference_quads(names, settings.ground))
    sources: list[tuple[str, str]] = []
    unresolved: list[str] = []
    measured = Accuracy(())
    for path in source_files(settings.sources):
        document = read_document(path)
        progress(f"Read {path.stem}: {len(document.paragraphs)} paragraphs in {len(document.sections)} sections.")
        extraction = extract(document, spellings)
        unresolved.extend(f"{document.slug}: {finding}" for finding in extraction.unresolved)
        numbers = frozenset(paragraph.number for paragraph in document.paragraphs if paragraph.is_recommendation)
        editorial = read_editorial(settings.editorial, document.slug, numbers)
        progress(
            f"Found {sum(len(found.directives) for found in extraction.findings.values())} directives and "
            f"{sum(len(found.mentions) for found in extraction.findings.values())} mentions; "
            f"{len(editorial.links)} editorial links."
        )
        measured = measured.joined(measure(document, extraction.findings))
        quads.extend(_document_quads(document, extraction, editorial, names))
        sources.append((document.slug, document.metadata.sha256))
    superterms = Superterms(quad.triple for quad in quads if quad.graph_name == names.graph("ontology"))
    complete = frozenset(superterms.written_out(quads))
    nquads = sorted_nquads(complete)
    progress(f"Described: {len(complete):,} quads. Validating.")
    report = validate(complete, settings.base)
    store = Store()
    store.bulk_extend(complete)
    row = BuildQueries(store, names, read_catalogue()).rows("figures")[0]
    figures = {name: int(value.value) for name, value in row.items()} | {"triples": len(complete)}
    measured = measured.joined(measure_sentences(spellings))
    return Prepared(nquads, store, report, figures, measured, tuple(sources), tuple(unresolved))


def build(settings: BuildSettings, progress: Progress) -> Summary:
    """Builds and publishes a snapshot.

    Raises `SourceError` for what cannot be read, `ViolationError` with the report when validation fails, and
    `BuildError` when another build of the same base is running.
    """
    started = time.monotonic()
    names = Names(settings.base)
    prepared = prepare(settings, progress)
    if not prepared.report.conforms:
        raise ViolationError(prepared.report)
    progress(f"Validated: {len(prepared.report.shapes)} shapes, no violation. Publishing.")
    queries = BuildQueries(prepared.store, names, read_catalogue())

    def complete(draft: Draft) -> dict[str, object]:
        (draft.folder / "validation.json").write_text(report_json(prepared.report), encoding="utf-8")
        (draft.folder / "validation.ttl").write_text(report_turtle(prepared.report, settings.base), encoding="utf-8")
        (draft.folder / "accuracy.json").write_text(
            json.dumps(prepared.accuracy.as_json(), indent=2) + "\n", encoding="utf-8"
        )
        write_search_index(draft.folder / "search.sqlite", queries)
        write_dumps(draft.folder / "dumps", queries)
        catalogue = CatalogueWriter(draft, queries, names)
        (draft.folder / "catalogue.nq").write_bytes(sorted_nquads(catalogue.quads()))
        return {
            "figures": prepared.figures | {"seconds": round(time.monotonic() - started, 2)},
            "validation": prepared.report.figures(),
            "sources": [{"slug": slug, "sha256": checksum} for slug, checksum in prepared.sources],
        }

    folder = publish(settings.snapshots, settings.base, prepared.nquads, complete)
    return Summary(
        folder,
        folder.name,
        prepared.figures,
        time.monotonic() - started,
        prepared.report,
        prepared.accuracy,
        prepared.unresolved,
    )


class ViolationError(BuildError):
    """The graph breaks its shapes; ``report`` says where and why."""

    def __init__(self, report: Report) -> None:
        super().__init__("The graph breaks its shapes; nothing was published.")
        self.report = report
