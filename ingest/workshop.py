"""Makes the parts of documents: read → extract → judge → describe, each document by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from ingest.accuracy import measure, measure_sentences
from ingest.describing.annotations import AnnotationDescriber
from ingest.describing.judgements import JudgementDescriber
from ingest.describing.meetings import describe_meetings
from ingest.describing.provenance import describe_provenance
from ingest.describing.structure import StructureDescriber
from ingest.describing.undescribed import describe_undescribed
from ingest.describing.writing_out import Superterms
from ingest.document import Document
from ingest.editorial import Editorial, read_editorial
from ingest.extraction import Extraction, extract
from ingest.parts import Facts, PartCache, line, reach
from ingest.reading import read_document
from ingest.reference import lexicon, reference_quads
from ingest.settings import BuildSettings
from ingest.shares import shares
from ingest.statistics import count
from ingest.tables import BuildQueries
from ontology.terms import Names
from queries.catalogue import read_catalogue


@dataclass(frozen=True, slots=True)
class Describe:
    """The task of making the part of one document, or the shared one (``source`` is None); kept under ``key``."""

    source: Path | None
    key: str


def shared_quads(names: Names, ground: Path) -> frozenset[Quad]:
    """The quads that no document brings, with all superclasses and superproperties."""
    quads = list(reference_quads(names, ground))
    return frozenset(superterms(quads, names).written_out(quads))


def superterms(quads: Collection[Quad], names: Names) -> Superterms:
    """What stands above each term of the vocabulary among quads."""
    return Superterms(quad.triple for quad in quads if quad.graph_name == names.graph("ontology"))


class DocumentWorkshop:
    """Holds the reference data ready for one document after another."""

    def __init__(self, settings: BuildSettings) -> None:
        self.settings = settings
        self.names = Names(settings.base)
        self.cache = PartCache(settings.parts)
        self.shared = shared_quads(self.names, settings.ground)
        self._superterms = superterms(self.shared, self.names)
        self._spellings = lexicon(self.names, settings.ground)
        self._catalogue = read_catalogue()
        self._known = {quad.subject for quad in self.shared if isinstance(quad.subject, NamedNode | BlankNode)}
        self._nothing = self._figures(self._queries(()))

    def make(self, task: Describe) -> None:
        """Makes a part and keeps it. Raises `SourceError` for a source or table that cannot be read."""
        if task.source is None:
            self._make_shared(task.key)
        else:
            self._make_document(task.source, task.key)

    def _make_shared(self, key: str) -> None:
        ordered = sorted(self.shared, key=str)
        lines = b"".join(map(line, ordered))
        facts = Facts(
            slug="",
            digest=hashlib.sha256(lines).hexdigest(),
            summary="",
            figures=self._nothing,
            statistics=count(()),
            accuracy=measure_sentences(self._spellings),
            unresolved=(),
            source="",
            spoken=tuple(sorted(map(str, self._known))),
            pointed=reach(ordered, "", self._known, self.names.base)["pointed"],
            uses={},
        )
        self._keep(key, b"", lines, facts, shares(ordered, self._queries(()), self._known))

    def _keep(self, key: str, own: bytes, rest: bytes, facts: Facts, files: Mapping[str, bytes]) -> None:
        written = {"own.nq": own, "rest.nq": rest, "facts.json": json.dumps(facts.as_json()).encode()}
        self.cache.write(key, {**written, **files})

    def _make_document(self, source: Path, key: str) -> None:
        document = read_document(source)
        known = document.metadata
        extraction = extract(document, self._spellings)
        keys = [paragraph.key for paragraph in document.paragraphs if paragraph.is_recommendation]
        numbers = frozenset(int(key) if key.isdigit() else key for key in keys)
        editorial = read_editorial(self.settings.editorial, document.slug, numbers)
        quads = frozenset(self._superterms.written_out(self._quads(document, extraction, editorial)))
        own = f"<{self.names.node(document.path).value}/"
        ordered = sorted(quads, key=str)
        lines = list(map(line, ordered))
        inside = b"".join(one for one in lines if one.startswith(own.encode()))
        outside = b"".join(one for one in lines if not one.startswith(own.encode()))
        queries = self._queries(quads)
        nodes = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode | BlankNode)}
        figures = {name: value - self._nothing[name] for name, value in self._figures(queries).items()}
        facts = Facts(
            document.slug,
            hashlib.sha256(inside + outside).hexdigest(),
            f"{len(document.paragraphs)} paragraphs in {len(document.sections)} sections",
            figures,
            count(quad for quad in ordered if str(quad.subject).startswith(own)),
            measure(document, extraction.findings),
            tuple(f"not resolved: {document.slug}: {finding}" for finding in extraction.unresolved)
            + tuple(f"{known.source_file}, line {one.line}: in doubt, {one.name}" for one in document.open_doubts),
            document.metadata.sha256,
            **reach(ordered, own, self._known, self.names.base),
        )
        self._keep(key, inside, outside, facts, shares(ordered, queries, nodes))

    def _quads(self, document: Document, extraction: Extraction, editorial: Editorial) -> Iterator[Quad]:
        yield from StructureDescriber(document, self.names).quads()
        yield from describe_meetings(document, self.names, self._known)
        yield from describe_undescribed(document, extraction, self.names, self._known)
        yield from AnnotationDescriber(document, extraction.findings, self.names).quads()
        yield from JudgementDescriber(document, editorial, self.names).quads()
        yield from describe_provenance(document, self.names)

    def _queries(self, quads: Collection[Quad]) -> BuildQueries:
        store = Store()
        store.bulk_extend(self.shared)
        store.bulk_extend(quads)
        return BuildQueries(store, self.names, self._catalogue)

    @staticmethod
    def _figures(queries: BuildQueries) -> dict[str, int]:
        return {name: int(value.value) for name, value in queries.rows("figures")[0].items()}
