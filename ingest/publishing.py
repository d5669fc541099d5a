"""Quads to a snapshot folder, in one rename: a build that is killed at any moment leaves the old snapshot whole.

Everything is written into a folder beside the versions whose name starts with a dot; when it is complete it is renamed,
and ``current``, a symbolic link, is replaced by rename. A server that has the old snapshot open keeps it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from ingest.errors import BuildError
from ontology.namespaces import Base

FORMAT = 3
"""The layout of a snapshot folder; a server refuses one it does not know."""


def sorted_nquads(quads: Iterable[Quad]) -> bytes:
    """The canonical form of a graph without blank node ambiguity: N-Quads, sorted by code point, one line a quad."""
    return "".join(sorted({f"{quad} .\n" for quad in quads})).encode()


def sha256(path: Path) -> str:
    """The SHA-256 checksum of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """A snapshot in the making: its folder, version and the time of the build (UTC, whole seconds)."""

    folder: Path
    version: str
    built: datetime

    @property
    def built_text(self) -> str:
        """The time of the build as ``xsd:dateTime`` in UTC."""
        return self.built.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one build a base at a time; a second one is told so at once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"Another build is writing to {folder}. Wait for it to end.") from error
        yield


def _free_name(versions: Path, version: str) -> str:
    """The version, or the version with a number behind it when the same graph was published before that day."""
    candidates = (version if number == 1 else f"{version}.{number}" for number in range(1, 10_000))
    return next(name for name in candidates if not (versions / name).exists())


class Graph(Protocol):
    """A graph that can be written as sorted N-Quads and loaded into a store."""

    def write(self, path: Path) -> str:
        """Writes the file; returns its SHA-256."""
        ...

    def load(self, store: Store, path: Path) -> None:
        """Fills a store; ``path`` is the file that was written. Blank nodes keep their names."""
        ...


@dataclass(frozen=True, slots=True)
class SmallGraph:
    """A graph in memory, as sorted N-Quads."""

    nquads: bytes

    def write(self, path: Path) -> str:
        """Writes the file; returns its SHA-256."""
        path.write_bytes(self.nquads)
        return hashlib.sha256(self.nquads).hexdigest()

    def load(self, store: Store, path: Path) -> None:
        """Fills a store from the file."""
        load_small(store, path.read_bytes())


def load_small(store: Store, nquads: bytes) -> None:
    """Adds N-Quads to a store; unlike `Store.bulk_load` this keeps the names of blank nodes."""
    store.bulk_extend(parse(nquads, RdfFormat.N_QUADS))


def _load(folder: Path, graph: Graph, nquads: Path, catalogue: Path) -> list[str]:
    """Makes the store; returns the names of its graphs, sorted."""
    store = Store(str(folder))
    graph.load(store, nquads)
    load_small(store, catalogue.read_bytes())
    store.flush()
    store.optimize()
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))


def publish(
    root: Path,
    base: Base,
    graph: Graph | bytes,
    complete: Callable[[Draft], dict[str, object]],
    now: datetime | None = None,
) -> Path:
    """Writes a snapshot and makes it current; returns its folder.

    A graph given as bytes is sorted N-Quads. ``complete`` writes what else belongs into the folder (``catalogue.nq``,
    search index, dumps) and returns what the manifest says beside base, version, time and files. Raises `BuildError`
    when another build holds the folder.
    """
    home = root / base.slug
    versions = home / "versions"
    with _alone(home):
        versions.mkdir(exist_ok=True)
        for leftover in versions.glob(".*"):
            shutil.rmtree(leftover)
        built = (now or datetime.now(UTC)).replace(microsecond=0)
        folder = versions / ".building"
        folder.mkdir()
        content = SmallGraph(graph) if isinstance(graph, bytes) else graph
        checksum = content.write(folder / "graph.nq")
        version = _free_name(versions, f"{built:%Y%m%d}-{checksum[:10]}")
        draft = Draft(folder, version, built)
        said = complete(draft)
        graphs = _load(folder / "store", content, folder / "graph.nq", folder / "catalogue.nq")
        files = sorted(path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts)
        manifest = {
            "format": FORMAT,
            "base": base.iri,
            "version": version,
            "built": draft.built_text,
            "localhost": base.is_local,
            **said,
            "graphs": graphs,
            "files": {
                str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": sha256(path)} for path in files
            },
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        os.sync()
        final = versions / version
        folder.rename(final)
        link = home / ".current"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("versions") / version)
        link.rename(home / "current")
        return final
