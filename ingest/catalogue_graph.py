"""The catalogue of one build in ``graph/catalogue``: VoID with computed partitions, DCAT with distributions, PROV.

What it says in every build stands in ``ontology/catalogue.ttl``. Written last and outside the byte-equal dump, since it
holds that dump's checksum and the date.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from ingest.describe import KINDS, activity_of
from ingest.dumps import CHECKSUMS
from ingest.publish import Draft
from ontology.formats import CSV, CSVW, format_of_file
from ontology.layout import DUMPS, ROOT
from ontology.namespaces import CATALOGUE_IRIS, shorten
from ontology.terms import Names, date_time, english, integer, term
from ontology.turtle import read_turtle
from ontology.version import program_version

FILE_TYPES = {
    ".nq": "RDF_N_QUADS", ".trig": "RDF_TRIG", ".ttl": "RDF_TURTLE", ".jsonld": "JSON_LD", ".csv": "CSV", ".zip": "ZIP",
    ".parquet": "PARQUET",
}  # fmt: skip
"""The names of formats in the authority table of the European Union, which DCAT-AP asks for. It has none for SQLite."""
ALIKE = ROOT / "ontology" / "catalogue.ttl"
WITHOUT_WORDS = {"actors", "links", "provisions"}
"""The tables that hold no words of a source document, so that a licence for the whole is true."""
NAMED = 3
"""How many documents the description names; the others are counted."""
SLICES = 64
"""Into how many slices checksums are divided to count the distinct ones: a slice of them is in a set at once."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a graph (VoID §4): quads, distinct triples and subjects; things by class, triples by property and
    quads by graph (all by IRI); sorted 64-bit checksums of its distinct objects."""

    quads: int
    triples: int
    subjects: int
    classes: Counter[str]
    properties: Counter[str]
    graphs: Counter[str]
    objects: Sequence[array[int]]

    @property
    def distinct_objects(self) -> int:
        """How many different objects there are, in memory that does not grow with their number."""
        total = 0
        for at in range(SLICES):
            first, last = (bound * (2**64 // SLICES) for bound in (at, at + 1))
            slices = (each[bisect_left(each, first) : bisect_left(each, last)] for each in self.objects)
            total += len(set().union(*slices))
        return total


def statistics(lines: Iterable[bytes]) -> Statistics:
    """The numbers of lines of N-Quads that hold all that is said about their subjects, all in named graphs."""
    split = [line.rpartition(b" <") for line in lines]
    graphs = Counter(map(itemgetter(2), split))
    triples = [triple.split(b" ", 2) for triple in set(map(itemgetter(0), split))]
    type_ = str(term("rdf:type")).encode()
    objects = set(map(itemgetter(2), triples))
    checksums = sorted(int.from_bytes(blake2b(value, digest_size=8).digest()) for value in objects)
    return Statistics(
        len(split),
        len(triples),
        len(set(map(itemgetter(0), triples))),
        _by_iri(Counter(value for _, predicate, value in triples if predicate == type_)),
        _by_iri(Counter(map(itemgetter(1), triples))),
        _by_iri(Counter({b"<" + graph.removesuffix(b" ."): number for graph, number in graphs.items()})),
        [array("Q", checksums)],
    )


def _by_iri(counts: Counter[bytes]) -> Counter[str]:
    """Counts of what is written in N-Quads by IRI, those of blank nodes left out."""
    return Counter({name[1:-1].decode(): number for name, number in counts.items() if name.startswith(b"<")})


def summed(parts: Sequence[Statistics]) -> Statistics:
    """The numbers of all parts together; no two of them say something about the same subject."""

    def total(name: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        for part in parts:
            counts.update(getattr(part, name))
        return counts

    return Statistics(
        sum(part.quads for part in parts),
        sum(part.triples for part in parts),
        sum(part.subjects for part in parts),
        total("classes"),
        total("properties"),
        total("graphs"),
        [objects for part in parts for objects in part.objects],
    )


class CatalogueWriter:
    """Describes one snapshot whose dumps are already written; ``documents`` has the title of each and the path of one
    thing in it, ``contact`` the IRI (``mailto:…`` or a page) of whom to write to."""

    def __init__(
        self,
        draft: Draft,
        statistics: Statistics,
        documents: Sequence[tuple[str, str]],
        names: Names,
        contact: str = "",
    ) -> None:
        self.contact = contact
        self.draft = draft
        self.statistics = statistics
        self.documents = documents
        self.names = names
        self.graph = names.graph("catalogue")
        self.dataset = names.node("dataset")
        self.built = date_time(draft.built)

    def quads(self) -> Iterator[Quad]:
        """All quads of the catalogue graph."""
        for triple in read_turtle(ALIKE, self.names.base):
            yield Quad(triple.subject, triple.predicate, triple.object, self.graph)
        yield from self._dataset()
        yield from self._partitions()
        yield from self._named_graphs()
        yield from self._distributions()
        yield from self._linksets()
        yield from self._contacts()
        yield from self._activity()

    def _say(self, subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, term(predicate), value, self.graph)

    def _dataset(self) -> Iterator[Quad]:
        node, names = self.dataset, self.names
        titles = ", ".join(f"“{title}”" for title, _ in self.documents[:NAMED])
        others = f" and in {len(self.documents) - NAMED:,} more" if self.documents[NAMED:] else ""
        description = (
            f"The recommendations in {titles}{others} with their directives, citations, actors and themes, the "
            "articles of the treaties that they cite, and editorial links between them. What stands in the text, what "
            "rules read in it and what was judged are kept in separate named graphs. The counts of triples, subjects, "
            "objects, classes and properties are those of the named graphs together, without this catalogue, which is "
            "written after them."
        )
        yield self._say(node, "dcterms:description", english(description))
        for described in (node, names.node("dataset#catalogue")):
            yield self._say(described, "dcterms:issued", self.built)
            yield self._say(described, "dcterms:modified", self.built)
        yield self._say(node, "dcat:version", Literal(self.draft.version))
        yield self._say(node, "void:uriSpace", Literal(names.base.iri))
        yield self._say(node, "void:exampleResource", names.node(self.documents[0][1]))
        yield self._say(node, "void:triples", integer(self.statistics.triples))
        yield self._say(node, "void:distinctSubjects", integer(self.statistics.subjects))
        yield self._say(node, "void:distinctObjects", integer(self.statistics.distinct_objects))

    def _typed(self, iri: str, type_: str) -> Quad:
        """The class of something of others, which the shapes of DCAT-AP ask for beside it."""
        return self._say(NamedNode(iri), "rdf:type", term(type_))

    def _contacts(self) -> Iterator[Quad]:
        """Whom to write to, where the build was told."""
        if self.contact:
            contact = self.names.node("dataset#contact")
            for path in ("dataset", "dataset#catalogue", "sparql"):
                yield self._say(self.names.node(path), "dcat:contactPoint", contact)
            yield self._say(contact, "rdf:type", term("vcard:Kind"))
            yield self._say(contact, "rdfs:label", english("Contact"))
            yield self._say(contact, "vcard:fn", english("The Palermo project"))
            kind = "vcard:hasEmail" if self.contact.startswith("mailto:") else "vcard:hasURL"
            yield self._say(contact, kind, NamedNode(self.contact))

    def _linksets(self) -> Iterator[Quad]:
        """How many links lead to other vocabularies, by their property (VoID §5)."""
        concepts = (f"skos:{way}Match" for way in ("exact", "close", "broad", "narrow", "related"))
        for prefixed in (*concepts, "schema:sameAs"):
            name, count = prefixed.partition(":")[2], self.statistics.properties[term(prefixed).value]
            if count:
                node = self.names.node(f"dataset#linkset-{name}")
                yield self._say(self.dataset, "void:subset", node)
                yield self._say(node, "rdf:type", term("void:Linkset"))
                yield self._say(node, "rdfs:label", english(f"Links to other vocabularies: {name}"))
                yield self._say(node, "void:linkPredicate", term(prefixed))
                yield self._say(node, "void:subjectsTarget", self.dataset)
                yield self._say(node, "void:triples", integer(count))

    def _rights(self, node: NamedNode, *, words: bool, ours: bool) -> Iterator[Quad]:
        """What may be done with something: a licence for what is ours, the rights in words that are not."""
        if ours:
            yield self._say(node, "dcterms:license", NamedNode(CATALOGUE_IRIS["annotations-licence"]))
        if words:
            yield self._say(node, "dcterms:rights", self.names.node("dataset#rights-of-text"))

    def _partitions(self) -> Iterator[Quad]:
        for kind, key, counted, counts in (
            ("class", "class", "entities", self.statistics.classes),
            ("property", "property", "triples", self.statistics.properties),
        ):
            for iri, number in sorted(counts.items()):
                node = self.names.node(f"dataset#{kind}-{_short(iri, self.names)}")
                yield self._say(self.dataset, f"void:{kind}Partition", node)
                yield self._say(node, f"void:{key}", NamedNode(iri))
                yield self._say(node, f"void:{counted}", integer(number))
                yield self._say(node, "rdfs:label", english(f"{kind.title()} {_short(iri, self.names)}"))

    def _named_graphs(self) -> Iterator[Quad]:
        for iri, number in sorted(self.statistics.graphs.items()):
            graph = NamedNode(iri)
            yield self._say(self.dataset, "void:subset", graph)
            yield self._say(graph, "rdf:type", term("void:Dataset"))
            yield self._say(graph, "void:triples", integer(number))
            yield self._say(graph, "sd:name", graph)
            kind = self.names.path(graph).split("/")[1]
            yield from self._rights(graph, words=kind in ("document", "annotation"), ours=kind != "document")

    def _distributions(self) -> Iterator[Quad]:
        folder = self.draft.folder / "dumps"
        for path in sorted(folder.iterdir()):
            known = format_of_file(path.name)
            if path.name == CHECKSUMS or known is None or known is CSVW:
                continue
            node = self.names.node(f"dataset#dump-{path.name.replace('.', '-')}")
            download = self.names.node(f"dumps/{path.name}")
            yield self._say(self.dataset, "dcat:distribution", node)
            if path.suffix in {".nq", ".trig", ".ttl", ".jsonld"}:
                yield self._say(self.dataset, "void:dataDump", download)
            title = DUMPS[path.name]
            yield self._say(node, "rdf:type", term("dcat:Distribution"))
            yield self._say(node, "rdfs:label", english(title))
            yield self._say(node, "dcterms:title", english(title))
            yield self._say(node, "dcterms:description", english(f"{title}, in version {self.draft.version}."))
            yield self._say(node, "dcat:accessURL", download)
            yield self._say(node, "dcat:downloadURL", download)
            yield self._say(node, "dcterms:issued", self.built)
            media_type = CATALOGUE_IRIS["media-types"] + known.media_type
            file_type = FILE_TYPES.get(path.suffix)
            format_ = CATALOGUE_IRIS["file-types"] + file_type if file_type else media_type
            yield self._say(node, "dcterms:format", NamedNode(format_))
            yield self._typed(format_, "dcterms:MediaTypeOrExtent")
            yield self._say(node, "dcat:mediaType", NamedNode(media_type))
            yield self._typed(media_type, "dcterms:MediaType")
            available = NamedNode(CATALOGUE_IRIS["available"])
            yield Quad(node, NamedNode(CATALOGUE_IRIS["availability"]), available, self.graph)
            yield self._typed(available.value, "skos:Concept")
            yield self._say(available, "skos:prefLabel", english("stable"))
            yield self._typed(download.value, "rdfs:Resource")
            yield self._say(download, "rdfs:label", english(path.name))
            if known is CSV:
                metadata = path.name.removesuffix(CSV.suffix) + CSVW.suffix
                yield self._say(node, "rdfs:seeAlso", self.names.node(f"dumps/{metadata}"))
            alone = path.stem in WITHOUT_WORDS
            yield from self._rights(node, words=not alone, ours=alone)
            size = Literal(str(path.stat().st_size), datatype=term("xsd:nonNegativeInteger"))
            yield self._say(node, "dcat:byteSize", size)
            yield from self._checksum(node, path)

    def _checksum(self, node: NamedNode, path: Path) -> Iterator[Quad]:
        checksum = NamedNode(f"{node.value}-sha256")
        yield self._say(node, "spdx:checksum", checksum)
        yield self._say(checksum, "rdf:type", term("spdx:Checksum"))
        yield self._say(checksum, "rdfs:label", english(f"SHA-256 of {path.name}"))
        yield self._say(checksum, "spdx:algorithm", term("spdx:checksumAlgorithm_sha256"))
        yield self._typed(term("spdx:checksumAlgorithm_sha256").value, "spdx:ChecksumAlgorithm")
        yield self._say(
            checksum, "spdx:checksumValue", Literal(self.draft.checksum(path), datatype=term("xsd:hexBinary"))
        )

    def _activity(self) -> Iterator[Quad]:
        node = self.names.node(f"id/activity/build-{self.draft.version}")
        yield self._say(self.dataset, "prov:wasGeneratedBy", node)
        yield self._say(self.graph, "prov:wasGeneratedBy", node)
        yield self._say(node, "rdf:type", term("prov:Activity"))
        yield self._say(node, "rdfs:label", english(f"The build of version {self.draft.version}"))
        yield self._say(node, "prov:startedAtTime", self.built)
        yield self._say(node, "prov:endedAtTime", date_time(datetime.now(UTC)))
        yield self._say(node, "prov:wasAssociatedWith", self.names.node("id/agent/palermo-build"))
        for iri in sorted(self.statistics.graphs):
            kind, _, slug = self.names.path(NamedNode(iri)).removeprefix("graph/").partition("/")
            if kind in KINDS and slug:
                yield self._say(node, "prov:wasInformedBy", activity_of(kind, slug, self.names))
        for agent in ("palermo-build", "palermo-reader", "palermo-rules"):
            version = Literal(program_version())
            yield self._say(self.names.node(f"id/agent/{agent}"), "schema:softwareVersion", version)


def _short(iri: str, names: Names) -> str:
    """A name for a fragment: prefix and local name joined by a dash, ``skos-prefLabel``."""
    return re.sub(r"[^\w-]", "-", shorten(iri, names.base.prefixes()))
