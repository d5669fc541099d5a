"""The catalogue of one build in ``graph/catalogue``: VoID with computed partitions, DCAT with distributions, PROV.

What it says in every build stands in ``ontology/catalogue.ttl``, what it says of each data set and file in the
queries of ``queries/builds/``. Written last and outside the byte-equal dump, since it holds that dump's checksum and
the date.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from ingest.describe import KINDS, activity_of
from ingest.dumps import CHECKSUMS
from ingest.publish import Draft
from ontology.formats import CSV, CSVW, format_of_file
from ontology.layout import DUMPS, ROOT
from ontology.namespaces import CATALOGUE_IRIS, shorten
from ontology.terms import Names, Term, date_time, english, integer, term
from ontology.turtle import read_turtle
from ontology.version import program_version
from queries.catalogue import FOLDER, bind, read_query

FILE_TYPES = {
    ".nq": "RDF_N_QUADS", ".trig": "RDF_TRIG", ".ttl": "RDF_TURTLE", ".jsonld": "JSON_LD", ".csv": "CSV", ".zip": "ZIP",
    ".parquet": "PARQUET",
}  # fmt: skip
"""The names of formats in the authority table of the European Union, which DCAT-AP asks for. It has none for SQLite."""
ALIKE, TEMPLATES = ROOT / "ontology" / "catalogue.ttl", FOLDER / "builds"
WITHOUT_WORDS = {"actors", "links", "provisions"}
"""The tables that hold no words of a source document, so that a licence for the whole is true."""
NAMED = 3
"""How many documents the description names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a graph (VoID §4) by what is counted and of what: all ``quads``, distinct ``triples`` and
    ``subjects``, and by IRI the things of a ``class``, the triples of a ``property`` and the quads of a ``graph``;
    sorted 64-bit checksums of the distinct objects of each part."""

    counts: Counter[tuple[str, str]]
    objects: Sequence[array[int]]

    @property
    def distinct_objects(self) -> int:
        """How many different objects there are, in memory that does not grow with their number."""
        return sum(1 for _ in groupby(merge(*self.objects)))

    def all(self, kind: str) -> int:
        """The number of something in the whole graph."""
        return self.counts[kind, ""]

    def each(self, kind: str) -> list[tuple[str, int]]:
        """The numbers of one kind with their IRIs, sorted."""
        return sorted((iri, number) for (counted, iri), number in self.counts.items() if counted == kind)


def statistics(lines: Iterable[bytes]) -> Statistics:
    """The numbers of lines of N-Quads that hold all that is said about their subjects, all in named graphs."""
    split = [line.rpartition(b" <") for line in lines]
    triples = [triple.split(b" ", 2) for triple in set(map(itemgetter(0), split))]
    type_ = str(term("rdf:type")).encode()
    by_iri = {
        "class": Counter(value for _, predicate, value in triples if predicate == type_),
        "property": Counter(map(itemgetter(1), triples)),
        "graph": Counter(b"<" + graph.removesuffix(b" .") for _, _, graph in split),
    }
    counts = Counter({("quads", ""): len(split), ("triples", ""): len(triples)})
    counts["subjects", ""] = len(set(map(itemgetter(0), triples)))
    for kind, numbers in by_iri.items():
        counts.update({(kind, name[1:-1].decode()): n for name, n in numbers.items() if not name.startswith(b"_")})
    objects = set(map(itemgetter(2), triples))
    checksums = sorted(int.from_bytes(blake2b(value, digest_size=8).digest()) for value in objects)
    return Statistics(counts, [array("Q", checksums)])


def summed(parts: Iterable[Statistics]) -> Statistics:
    """The numbers of all parts together; no two of them say something about the same subject."""
    counts: Counter[tuple[str, str]] = Counter()
    objects: list[array[int]] = []
    for part in parts:
        counts.update(part.counts)
        objects += part.objects
    return Statistics(counts, objects)


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
        self.dataset = names.node("dataset")
        self.built = date_time(draft.built)
        self._templates = {path.stem: read_query(path).absolute(names.base) for path in TEMPLATES.glob("*.rq")}

    def quads(self) -> Iterator[Quad]:
        """All quads of the catalogue graph."""
        graph = self.names.graph("catalogue")
        for part in (
            read_turtle(ALIKE, self.names.base),
            self._dataset(),
            self._partitions(),
            self._named_graphs(),
            self._distributions(),
            self._linksets(),
        ):
            for triple in part:
                yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def _said(self, template: str, **values: Term) -> Iterator[Triple]:
        """What a query of `queries/builds/` says with these values; a statement is left out that needs another."""
        text = bind(self._templates[template], values)
        return cast(QueryTriples, Store().query(text, base_iri=self.names.base.iri))

    def _dataset(self) -> Iterator[Triple]:
        """The data set and the build, and whom to write to, where the build was told."""
        names, draft, counted = self.names, self.draft, self.statistics
        titles = ", ".join(f"“{title}”" for title, _ in self.documents[:NAMED])
        others = f" and in {len(self.documents) - NAMED:,} more" if self.documents[NAMED:] else ""
        build = names.node(f"id/activity/build-{draft.version}")
        told: dict[str, Term] = {"contact": names.node("dataset#contact")} if self.contact else {}
        if self.contact:
            told["mail" if self.contact.startswith("mailto:") else "page"] = NamedNode(self.contact)
        yield from self._said(
            "dataset",
            titles=Literal(titles + others),
            space=Literal(names.base.iri),
            example=names.node(self.documents[0][1]),
            triples=integer(counted.all("triples")),
            subjects=integer(counted.all("subjects")),
            objects=integer(counted.distinct_objects),
            build=build,
            version=Literal(draft.version),
            built=self.built,
            ended=date_time(datetime.now(UTC)),
            program=Literal(program_version()),
            **told,
        )
        for iri, _ in counted.each("graph"):
            kind, _, slug = names.path(NamedNode(iri)).removeprefix("graph/").partition("/")
            if kind in KINDS and slug:
                yield Triple(build, term("prov:wasInformedBy"), activity_of(kind, slug, names))

    def _linksets(self) -> Iterator[Triple]:
        """How many links lead to other vocabularies, by their property (VoID §5)."""
        concepts = (f"skos:{way}Match" for way in ("exact", "close", "broad", "narrow", "related"))
        for prefixed in (*concepts, "schema:sameAs"):
            name, count = prefixed.partition(":")[2], self.statistics.counts["property", term(prefixed).value]
            if count:
                node = self.names.node(f"dataset#linkset-{name}")
                yield Triple(self.dataset, term("void:subset"), node)
                yield Triple(node, term("rdf:type"), term("void:Linkset"))
                yield Triple(node, term("rdfs:label"), english(f"Links to other vocabularies: {name}"))
                yield Triple(node, term("void:linkPredicate"), term(prefixed))
                yield Triple(node, term("void:subjectsTarget"), self.dataset)
                yield Triple(node, term("void:triples"), integer(count))

    def _rights(self, *, words: bool, ours: bool) -> dict[str, NamedNode]:
        """What may be done with something: a licence for what is ours, the rights in words that are not."""
        licence, rights = NamedNode(CATALOGUE_IRIS["annotations-licence"]), self.names.node("dataset#rights-of-text")
        return ({"license": licence} if ours else {}) | ({"rights": rights} if words else {})

    def _partitions(self) -> Iterator[Triple]:
        """How many things each class and how many triples each property has (VoID §4.5)."""
        prefixes = self.names.base.prefixes()
        for kind, counted in (("class", "entities"), ("property", "triples")):
            for iri, number in self.statistics.each(kind):
                short = re.sub(r"[^\w-]", "-", shorten(iri, prefixes))
                node = self.names.node(f"dataset#{kind}-{short}")
                yield Triple(self.dataset, term(f"void:{kind}Partition"), node)
                yield Triple(node, term(f"void:{kind}"), NamedNode(iri))
                yield Triple(node, term(f"void:{counted}"), integer(number))
                yield Triple(node, term("rdfs:label"), english(f"{kind.title()} {short}"))

    def _named_graphs(self) -> Iterator[Triple]:
        for iri, number in self.statistics.each("graph"):
            graph = NamedNode(iri)
            yield Triple(self.dataset, term("void:subset"), graph)
            yield Triple(graph, term("rdf:type"), term("void:Dataset"))
            yield Triple(graph, term("void:triples"), integer(number))
            yield Triple(graph, term("sd:name"), graph)
            kind = self.names.path(graph).split("/")[1]
            rights = self._rights(words=kind in ("document", "annotation"), ours=kind != "document")
            for name, value in rights.items():
                yield Triple(graph, term(f"dcterms:{name}"), value)

    def _distributions(self) -> Iterator[Triple]:
        for path in sorted((self.draft.folder / "dumps").iterdir()):
            known = format_of_file(path.name)
            if path.name == CHECKSUMS or known is None or known is CSVW:
                continue
            download, more = f"dumps/{path.name}", dict[str, Term]()
            if path.suffix in {".nq", ".trig", ".ttl", ".jsonld"}:
                more["dump"] = self.names.node(download)
            if known is CSV:
                more["metadata"] = self.names.node(download.removesuffix(CSV.suffix) + CSVW.suffix)
            media_type = CATALOGUE_IRIS["media-types"] + known.media_type
            file_type = FILE_TYPES.get(path.suffix)
            alone = path.stem in WITHOUT_WORDS
            yield from self._said(
                "distribution",
                file=Literal(path.name),
                title=english(DUMPS[path.name]),
                version=Literal(self.draft.version),
                built=self.built,
                format=NamedNode(CATALOGUE_IRIS["file-types"] + file_type if file_type else media_type),
                mediaType=NamedNode(media_type),
                size=Literal(str(path.stat().st_size), datatype=term("xsd:nonNegativeInteger")),
                sha256=Literal(self.draft.checksum(path), datatype=term("xsd:hexBinary")),
                **more,
                **self._rights(words=not alone, ours=alone),
            )
