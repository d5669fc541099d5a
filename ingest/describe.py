"""Turns one document into quads, with its corrections and judgements, and makes the part that no document brings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad

from ingest.accuracy import Accuracy, measure
from ingest.corpus import BuildSettings, earlier_versions
from ingest.corrections import Corrected, correct
from ingest.describing.annotations import AnnotationDescriber
from ingest.describing.judgements import JudgementDescriber
from ingest.describing.provenance import describe_provenance
from ingest.describing.structure import StructureDescriber
from ingest.describing.undescribed import describe_meetings, describe_undescribed
from ingest.describing.writing_out import Superterms
from ingest.document import Document, Metadata
from ingest.editorial import Editorial, read_editorial
from ingest.extraction import Extraction, Unresolved, extract
from ingest.judged_texts import recommended_texts
from ingest.reading import read_document
from ingest.reference import lexicon, reference_quads
from ontology.terms import Names


@dataclass(frozen=True, slots=True)
class Description:
    """The quads of one document, with the figures that the terminal prints."""

    document: Document
    quads: frozenset[Quad]
    accuracy: Accuracy
    unresolved: tuple[str, ...]


class Describer:
    """Holds the reference data ready for one document after another.

    ``shared`` are the quads that no document brings, with all superclasses and superproperties; ``nodes`` what they are
    about.
    """

    def __init__(self, settings: BuildSettings) -> None:
        self.names = Names(settings.base)
        given = list(reference_quads(self.names, settings.ground))
        self._superterms = Superterms(quad.triple for quad in given if quad.graph_name == self.names.graph("ontology"))
        self.shared = frozenset(self._superterms.written_out(given))
        self.nodes = described(self.shared)
        self.lexicon = lexicon(self.names, settings.ground)
        self._editorial = settings.editorial

    def describe(self, source: Path) -> Description:
        """Describes the document of a metadata file. Raises `SourceError` for what cannot be read."""
        document = read_document(source)
        earlier = [read_document(path).metadata for path in earlier_versions(source.parent, document.slug)]
        file, extraction = document.metadata.source_file, extract(document, self.lexicon)
        keys = [paragraph.key for paragraph in document.paragraphs if paragraph.is_recommendation]
        numbers = frozenset(int(key) if key.isdigit() else key for key in keys)
        editorial = read_editorial(self._editorial, document.slug, numbers, recommended_texts(document))
        corrected = correct(document, extraction.findings, self._editorial / document.slug)
        return Description(
            document,
            frozenset(
                self._superterms.written_out(
                    self._quads(document, earlier, corrected, editorial, extraction.unresolved)
                )
            ),
            measure(document, extraction.findings),
            (
                *(f"not resolved: {document.slug}: {finding}" for finding in extraction.unresolved),
                *(f"{document.slug}: {row}" for row in (*editorial.changed, *corrected.changed)),
                *(f"{file}, line {doubt.line}: in doubt, {doubt.name}" for doubt in document.open_doubts),
            ),
        )

    def _quads(
        self,
        document: Document,
        earlier: Sequence[Metadata],
        corrected: Corrected,
        editorial: Editorial,
        unresolved: Sequence[Unresolved],
    ) -> Iterator[Quad]:
        yield from StructureDescriber(document, self.names, earlier).quads()
        yield from describe_meetings(document, self.names, self.nodes)
        yield from describe_undescribed(document, Extraction(corrected.findings), self.names, self.nodes)
        yield from AnnotationDescriber(
            document, corrected.findings, self.names, corrected.corrections, unresolved
        ).quads()
        yield from JudgementDescriber(document, editorial, self.names).quads()
        yield from describe_provenance(document, self.names)


def described(quads: Collection[Quad]) -> frozenset[NamedNode | BlankNode]:
    """The subjects of quads."""
    return frozenset(node for node in {quad.subject for quad in quads} if isinstance(node, NamedNode | BlankNode))
