"""The numbers of a graph (VoID §4), counted part by part and summed.

A document's own nodes are its own alone, so their numbers add up; other nodes are counted where all that is said about
them stands together. Distinct objects are counted by 64-bit checksums in buckets on disk.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO

from pyoxigraph import NamedNode, Quad, Triple

from ontology.terms import term

BUCKETS = 64


@dataclass(slots=True)
class Statistics:
    """Quads, distinct triples and subjects; things by class, triples by property, quads by graph (all by IRI)."""

    quads: int = 0
    triples: int = 0
    subjects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    graphs: Counter[str] = field(default_factory=Counter)

    def add(self, other: Statistics) -> None:
        """Counts another part in."""
        self.quads += other.quads
        self.triples += other.triples
        self.subjects += other.subjects
        self.classes += other.classes
        self.properties += other.properties
        self.graphs += other.graphs

    def as_json(self) -> dict[str, object]:
        """The numbers as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Statistics:
        """The numbers that `as_json` gave."""
        read = cls()
        for name, value in values.items():
            setattr(read, name, Counter(value) if isinstance(value, dict) else value)
        return read


def count(quads: Iterable[Quad]) -> Statistics:
    """The numbers of quads that hold all that is said about their subjects and come subject by subject."""
    found = Statistics()
    subject: object = None
    seen: set[Triple] = set()
    for quad in quads:
        found.quads += 1
        if isinstance(quad.graph_name, NamedNode):
            found.graphs[quad.graph_name.value] += 1
        if quad.subject != subject:
            subject, seen = quad.subject, set()
            found.subjects += 1
        triple = quad.triple
        if triple in seen:
            continue
        seen.add(triple)
        found.triples += 1
        found.properties[quad.predicate.value] += 1
        if quad.predicate == term("rdf:type") and isinstance(quad.object, NamedNode):
            found.classes[quad.object.value] += 1
    return found


def checksums(quads: Iterable[Quad]) -> bytes:
    """The checksums of the distinct objects, eight bytes each."""
    values = {str(quad.object) for quad in quads}
    return b"".join(sorted(blake2b(value.encode(), digest_size=8).digest() for value in values))


def distinct(parts: Iterable[bytes]) -> int:
    """How many different checksums there are, in memory that does not grow with their number."""
    with tempfile.TemporaryDirectory(prefix="palermo-") as folder:
        files: list[BinaryIO] = [open(f"{folder}/{number}", "w+b") for number in range(BUCKETS)]  # noqa: SIM115, PTH123
        try:
            for part in parts:
                for number, content in _divided(part):
                    files[number].write(content)
            total = 0
            for file in files:
                file.seek(0)
                total += len(set(array("Q", file.read())))
            return total
        finally:
            for file in files:
                file.close()


def _divided(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The sorted checksums by bucket: those that begin with the same bits stand together."""
    start, size = 0, 256 // BUCKETS
    for number in range(BUCKETS):
        end = start
        while end < len(part) and part[end] // size == number:
            end += 8
        if end > start:
            yield number, part[start:end]
        start = end
