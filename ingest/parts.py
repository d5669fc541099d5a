"""Parts of a build, kept on disk under the checksum of all that made them: a rebuild makes only what changed.

A part is what one document brings: its quads as sorted N-Quads (``own``: lines about nodes below the document's IRI;
``rest``: the few others), its share of tables and dumps, and the facts about it. Every file is compressed with a
checksum; an entry is complete or absent, since it is renamed into place.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import zstandard
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from ingest.accuracy import Accuracy, Score
from ingest.errors import BuildError
from ingest.statistics import Statistics
from ontology.namespaces import Base

LEVEL = 1
"""Fastest: N-Quads shrink to a twentieth with it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a build must know of a part without reading it.

    ``spoken`` are the nodes outside the document's own that it speaks about, ``pointed`` those of others that it points
    to, ``uses`` one line for each property and shared node that it points to with it.
    """

    slug: str
    digest: str
    summary: str
    figures: Mapping[str, int]
    statistics: Statistics
    accuracy: Accuracy
    unresolved: tuple[str, ...]
    source: str
    spoken: tuple[str, ...]
    pointed: tuple[str, ...]
    uses: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """The facts as plain values."""
        return {
            "slug": self.slug,
            "digest": self.digest,
            "summary": self.summary,
            "figures": dict(self.figures),
            "statistics": self.statistics.as_json(),
            "accuracy": self.accuracy.as_json(),
            "unresolved": self.unresolved,
            "source": self.source,
            "spoken": self.spoken,
            "pointed": self.pointed,
            "uses": dict(self.uses),
        }


class Reach(TypedDict):
    """How far a part reaches beyond its own nodes; see `Facts`."""

    spoken: tuple[str, ...]
    pointed: tuple[str, ...]
    uses: Mapping[str, str]


def line(quad: Quad) -> bytes:
    """A quad as a line of N-Quads."""
    return f"{quad} .\n".encode()


def reach(quads: Collection[Quad], own: str, shared: Collection[object], base: Base) -> Reach:
    """How far the quads of a document reach; ``own`` is how its own nodes begin, in N-Quads."""
    subjects = {quad.subject for quad in quads}
    pointed = {quad.object for quad in quads if isinstance(quad.object, NamedNode)} - subjects
    return Reach(
        spoken=tuple(sorted(str(node) for node in subjects if not str(node).startswith(own))),
        pointed=tuple(sorted(str(node) for node in pointed if node not in shared and node.value.startswith(base.iri))),
        uses={f"{quad.predicate} {quad.object}": line(quad).decode() for quad in quads if quad.object in shared},
    )


def _facts(content: bytes) -> Facts:
    values = json.loads(content)
    names = ("sample", "kind", "expected", "found", "missed", "wrong")
    scores = [{name: score[name] for name in names} for score in values["accuracy"]]
    values["accuracy"] = Accuracy(
        tuple(Score(**(score | {"missed": tuple(score["missed"]), "wrong": tuple(score["wrong"])})) for score in scores)
    )
    values["statistics"] = Statistics.from_json(values["statistics"])
    return Facts(**(values | {name: tuple(values[name]) for name in ("unresolved", "spoken", "pointed")}))


class PartCache:
    """Entries by key in one folder: ``<folder>/<key>/<name>``, each file compressed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, key: str) -> bool:
        """Whether an entry is there."""
        return (self.folder / key).is_dir()

    def write(self, key: str, files: Mapping[str, bytes]) -> None:
        """Writes an entry as a whole; one that another process wrote meanwhile stays."""
        draft = self.folder / f".{key}-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        for name, content in files.items():
            (draft / name).write_bytes(compressor.compress(content))
        try:
            draft.rename(self.folder / key)
        except OSError:
            shutil.rmtree(draft)

    def read(self, key: str, name: str) -> bytes:
        """The content of a file of an entry. Raises `BuildError` when it is damaged."""
        path = self.folder / key / name
        try:
            return zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except (zstandard.ZstdError, OSError) as error:
            raise BuildError(f"{path} is damaged. Remove the folder {self.folder} and build again.") from error

    def facts(self, key: str) -> Facts:
        """The facts of an entry."""
        return _facts(self.read(key, "facts.json"))

    def quads(self, key: str) -> list[Quad]:
        """The quads of an entry."""
        content = self.read(key, "own.nq") + self.read(key, "rest.nq")
        return list(parse(content, RdfFormat.N_QUADS, rename_blank_nodes=False))

    def lines(self, key: str, subjects: Collection[str], objects: Collection[str]) -> list[bytes]:
        """The lines of an entry whose subject or object is one of these nodes (in N-Quads)."""
        starts = tuple(f"{node} ".encode() for node in subjects)
        inside = tuple(f" {node} ".encode() for node in objects)
        lines = (self.read(key, "own.nq") + self.read(key, "rest.nq")).splitlines(keepends=True)
        return [line for line in lines if line.startswith(starts) or any(words in line for words in inside)]

    def keep(self, keys: Collection[str]) -> None:
        """Removes every entry but these."""
        if self.folder.is_dir():
            for entry in self.folder.iterdir():
                if entry.name not in keys:
                    shutil.rmtree(entry, ignore_errors=True)
