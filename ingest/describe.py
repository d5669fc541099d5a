"""Turns one document into quads, with its corrections and judgements, and makes the part that no document brings.

Of each graph it says what made it (PROV-O): only what is the same in every build, for dates and checksums of one build
are in ``graph/catalogue``. Superclasses and superproperties (RDFS rules rdfs7, rdfs9) are written into the graph of the
statement they follow from, so that clients need no reasoner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from ingest.accuracy import Scores, measure
from ingest.corpus import BuildSettings, earlier_versions
from ingest.corrections import COLUMNS, Corrected, correct
from ingest.describing.annotations import AnnotationDescriber
from ingest.describing.judgements import JudgementDescriber
from ingest.describing.structure import StructureDescriber
from ingest.describing.undescribed import describe_meetings, describe_undescribed
from ingest.document import Document, Metadata
from ingest.editorial import FOR_PEOPLE, LINK_COLUMNS, OF_A_JUDGEMENT, REVIEWED, Editorial, read_editorial
from ingest.extraction import Extraction, Unresolved, extract
from ingest.judged_texts import JUDGED_TEXT, recommended_texts
from ingest.reading import read_document
from ingest.reference import described_paths, lexicon, reference_quads
from ingest.spreadsheets import passed_over
from ontology.terms import Names, english, term

COLUMNS_OF_TABLES = {
    **{name: (*columns, *LINK_COLUMNS, REVIEWED, JUDGED_TEXT) for name, columns in OF_A_JUDGEMENT.items()},
    **{name: (*columns, JUDGED_TEXT) for name, columns in COLUMNS.items()},
}
"""All columns that the tables of a document may have."""


@dataclass(frozen=True, slots=True)
class Description:
    """The quads of one document, with the figures that the terminal prints; ``places`` says of what people judged, by
    its IRI, in which row of which table it stands."""

    document: Document
    quads: frozenset[Quad]
    accuracy: Scores
    unresolved: tuple[str, ...]
    places: Mapping[str, str]


class Describer:
    """Holds the reference data ready for one document after another.

    ``shared`` are the quads that no document brings, with all superclasses and superproperties; ``nodes`` what they are
    about.
    """

    def __init__(self, settings: BuildSettings) -> None:
        self.names = Names(settings.base)
        given = list(reference_quads(self.names, settings.root))
        ontology = self.names.graph("ontology")
        self._superterms = Superterms(quad.triple for quad in given if quad.graph_name == ontology)
        self.shared = frozenset(self._superterms.written_out(given))
        self.nodes = described(self.shared)
        self.lexicon = lexicon(self.names, settings.root, given)
        self._editorial = settings.editorial

    def describe(self, source: Path) -> Description:
        """Describes the document of a metadata file. Raises `SourceError` for what cannot be read."""
        document = read_document(source)
        earlier = [read_document(path).metadata for path in earlier_versions(source.parent, document.slug)]
        file, extraction = document.metadata.source_file, extract(document, self.lexicon)
        keys = [paragraph.key for paragraph in document.paragraphs if paragraph.is_recommendation]
        numbers = frozenset(int(key) if key.isdigit() else key for key in keys)
        folder, texts = self._editorial / document.slug, recommended_texts(document)
        editorial = read_editorial(self._editorial, document.slug, numbers, texts)
        corrected = correct(document, extraction.findings, folder, self._is_known, self._described)
        unread = passed_over(folder, COLUMNS_OF_TABLES, FOR_PEOPLE)
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
                *(f"{document.slug}: {row}" for row in (*editorial.changed, *corrected.changed, *unread)),
                *(f"{file}, line {doubt.line}: in doubt, {doubt.name}" for doubt in document.open_doubts),
            ),
            JudgementDescriber(document, editorial, self.names).places(),
        )

    @cached_property
    def _described(self) -> frozenset[str]:
        """The paths below the base that reference data describe."""
        return described_paths(list(self.shared), self.names)

    def _is_known(self, path: str) -> bool:
        """Whether reference data describe a path below the base."""
        return self.names.node(path) in self.nodes

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
        judges = {agent for link in editorial.links for agent in link.agent.split()}
        judges.update(agent for correction in corrected.corrections for agent in correction.agents)
        yield from describe_provenance(document, self.names, sorted(judges))


def described(quads: Collection[Quad]) -> frozenset[NamedNode | BlankNode]:
    """The subjects of quads."""
    return frozenset(node for node in {quad.subject for quad in quads} if isinstance(node, NamedNode | BlankNode))


KINDS = {
    "document": ("Reading", "the source text", ("palermo-reader",), "Structure, text and metadata of"),
    "annotation": ("Extraction", "rules over the text", ("palermo-rules",), "What rules read in the text of"),
    "editorial": ("Judgement", "by those who suggested and reviewed", (), "What was judged about"),
}

ENGLISH_ONLY = "The rules read English only. This document is in another language: they were not applied to it."


def activity_of(kind: str, slug: str, names: Names) -> NamedNode:
    """What made the graph of this kind of a document: ``id/activity/reading-…``."""
    return names.node(f"id/activity/{KINDS[kind][0].lower()}-{slug}")


def describe_provenance(document: Document, names: Names, judges: Sequence[str]) -> Iterator[Quad]:
    """Quads that say of the three graphs of a document what made them; ``judges`` are the agents of its judgements."""
    title = document.metadata.title
    for kind, (activity_name, means, agents, what) in KINDS.items():
        graph, activity = names.graph(f"{kind}/{document.slug}"), activity_of(kind, document.slug, names)
        text = names.node(f"{document.path}/{document.metadata.language}")
        used = text if kind == "document" else names.graph(f"document/{document.slug}")

        def say(subject: NamedNode, predicate: str, value: NamedNode, graph: NamedNode = graph) -> Quad:
            return Quad(subject, term(predicate), value, graph)

        yield say(graph, "rdf:type", term("prov:Entity"))
        yield say(graph, "rdf:type", term("sd:NamedGraph"))
        yield Quad(graph, term("rdfs:label"), english(f"{what} {title}"), graph)
        if kind == "annotation" and document.metadata.language != "en":
            yield Quad(graph, term("rdfs:comment"), english(ENGLISH_ONLY), graph)
        yield say(graph, "prov:wasGeneratedBy", activity)
        yield say(graph, "prov:wasDerivedFrom", used)
        yield say(activity, "rdf:type", term("prov:Activity"))
        yield Quad(activity, term("rdfs:label"), english(f"{activity_name}: {means}, {title}"), graph)
        yield say(activity, "prov:used", used)
        for agent in agents or judges or ("palermo",):  # the project, where nobody has judged yet
            yield say(activity, "prov:wasAssociatedWith", names.node(f"id/agent/{agent}"))


class Superterms:
    """Holds the transitive superclasses of each class and superproperties of each property."""

    def __init__(self, vocabulary: Iterable[Triple]) -> None:
        direct: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for triple in vocabulary:
            if triple.predicate in (term("rdfs:subClassOf"), term("rdfs:subPropertyOf")):
                subject, above = triple.subject, triple.object
                if isinstance(subject, NamedNode) and isinstance(above, NamedNode):
                    direct[subject].add(above)
        self._above: Mapping[NamedNode, tuple[NamedNode, ...]] = {low: _closure(low, direct) for low in list(direct)}

    def written_out(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yields each quad, followed by the quads inferred from it; a quad may be repeated."""
        type_ = term("rdf:type")
        for quad in quads:
            yield quad
            predicate = quad.predicate
            if predicate == type_ and isinstance(quad.object, NamedNode):
                for above in self._above.get(quad.object, ()):
                    yield Quad(quad.subject, type_, above, quad.graph_name)
            for above in self._above.get(predicate, ()):
                yield Quad(quad.subject, above, quad.object, quad.graph_name)


def _closure(low: NamedNode, direct: Mapping[NamedNode, set[NamedNode]]) -> tuple[NamedNode, ...]:
    superclasses: set[NamedNode] = set()
    waiting = [low]
    while waiting:
        for above in direct.get(waiting.pop(), ()):
            if above not in superclasses:
                superclasses.add(above)
                waiting.append(above)
    return tuple(sorted(superclasses, key=lambda node: node.value))
