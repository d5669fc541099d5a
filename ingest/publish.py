"""A snapshot folder, published in one rename: a build that is killed at any moment leaves the old snapshot whole.

Everything is written into a folder beside the versions whose name starts with a dot; when it is complete it is renamed,
and ``current``, a symbolic link, is replaced by rename. A server that has the old snapshot open keeps it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from ingest.errors import BuildError
from ingest.history import write_history
from ontology.layout import (
    FORMAT,
    HISTORY,
    MANIFEST,
    MANIFEST_BYTES,
    VERSION,
    checksum_of,
    home_of,
    read_file,
    sha256,
)
from ontology.namespaces import Base

AT_ONCE = 100_000
"""How many quads are loaded into the store at once: with a large graph as one, the loader takes a gigabyte more; pieces
must be merged, and a small graph is one."""
DATED = ("catalogue.nq", "manifest.json", "store/", HISTORY)
"""The files with the time of the build, or a checksum of one; two builds of the same source differ in these only."""


def sorted_nquads(quads: Iterable[Quad]) -> bytes:
    """The canonical form of a graph without blank node ambiguity: N-Quads, sorted by code point, one line a quad."""
    return "".join(sorted({f"{quad} .\n" for quad in quads})).encode()


class Draft:
    """A snapshot in the making: its folder, below that of its base, and the time of the build (UTC, whole seconds)."""

    def __init__(self, home: Path, base: Base, built: datetime) -> None:
        self.base = base
        self.built = built
        self.folder = home / "versions" / ".building"
        self._home = home
        self._checksums: dict[int, str] = {}

    @property
    def graph(self) -> Path:
        """The file with the graph as sorted N-Quads, which is written first."""
        return self.folder / "graph.nq"

    @property
    def built_text(self) -> str:
        """The time of the build as ``xsd:dateTime`` in UTC."""
        return self.built.strftime("%Y-%m-%dT%H:%M:%SZ")

    @cached_property
    def version(self) -> str:
        """The day and the checksum of the graph, with a number behind them when they were published before."""
        version = f"{self.built:%Y%m%d}-{self.checksum(self.graph)[:10]}"
        names = (version if number == 1 else f"{version}.{number}" for number in range(1, 10_000))
        return next(name for name in names if not (self.folder.parent / name).exists())

    def checksum(self, path: Path) -> str:
        """The SHA-256 of a file that is written; a file of several names is read once."""
        at = path.stat().st_ino
        if at not in self._checksums:
            self._checksums[at] = sha256(path)
        return self._checksums[at]

    def files(self) -> Mapping[str, dict[str, object]]:
        """Size and SHA-256 of every file of the snapshot, by its path in the folder."""
        paths = sorted((path.relative_to(self.folder).as_posix(), path) for path in self.folder.rglob("*"))
        return {
            name: {"bytes": path.stat().st_size, "sha256": self.checksum(path)}
            for name, path in paths
            if path.is_file()
        }

    def same_as_current(self) -> Path | None:
        """The current snapshot when it is of this format, has the same files, but for those with the date, and is
        whole: a damaged one is mended by building again."""
        current = self._home / "current"
        manifest = read_manifest(current)
        if manifest.get("format") != FORMAT or manifest.get("base") != self.base.iri:
            return None
        listed = manifest["files"]
        files = {name: facts for name, facts in listed.items() if not name.startswith(DATED)}
        same = files == {name: facts for name, facts in self.files().items() if not name.startswith(DATED)}
        return current.resolve() if same and _are_whole(current, listed, listed) else None

    def _previous(self) -> Path | None:
        """The version the history goes on from: the current one, or the newest whose graph and history are whole."""
        for folder in (self._home / "current", *reversed(versions_by_time(self._home))):
            listed = read_manifest(folder).get("files", {})
            if listed and _are_whole(folder, listed, [name for name in ("graph.nq", HISTORY) if name in listed]):
                return folder.resolve()
        return None

    def load_store(self) -> list[str]:
        """Makes the store of graph and catalogue; returns the names of its graphs, sorted."""
        store = Store(str(self.folder / "store"))
        # Parsed here, since a bulk load gives blank nodes new names.
        reading = partial(parse, format=RdfFormat.N_QUADS, rename_blank_nodes=False, lenient=True)
        quads = chain(reading(path=self.graph), reading(path=self.folder / "catalogue.nq"))
        for first in quads:
            store.bulk_extend(chain((first,), islice(quads, AT_ONCE)))
        store.flush()
        store.optimize()
        return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))

    def publish(self, said: Mapping[str, object]) -> Path:
        """Loads the store, writes the manifest and makes the snapshot current; returns its folder.

        ``said`` is what the manifest says beside base, version, time, graphs and files.
        """
        graphs, previous = self.load_store(), self._previous()
        before = read_manifest(previous) if previous else {}
        write_history(self.folder, self.version, self.built_text, self.base, previous, before)
        manifest: dict[str, object] = {
            "format": FORMAT,
            "base": self.base.iri,
            "vocabulary": self.base.vocabulary,
            "version": self.version,
            "built": self.built_text,
            "localhost": self.base.is_local,
            **said,
            "graphs": graphs,
            "files": self.files(),
        }
        manifest["checksum"] = checksum_of(manifest)
        (self.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        os.sync()
        final = self.folder.with_name(self.version)
        link = self._home / ".current"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("versions") / self.version)
        self.folder.rename(final)
        link.rename(self._home / "current")
        return final


@contextmanager
def new_draft(root: Path, base: Base, now: datetime | None = None) -> Iterator[Draft]:
    """An empty draft below the folder of all snapshots; gone at the end unless it was published.

    Raises `BuildError` when another build of the same base is running, or ``current`` is no link.
    """
    home = home_of(root, base)
    with _alone(home):
        if (home / "current").is_dir() and not (home / "current").is_symlink():
            raise BuildError(f"{home / 'current'} is a folder and must be a link to a version. Move it away.")
        versions = home / "versions"
        versions.mkdir(exist_ok=True)
        draft = Draft(home, base, (now or datetime.now(UTC)).replace(microsecond=0))
        for leftover in versions.glob(".*"):
            if leftover == draft.folder or VERSION.fullmatch(leftover.name[1:]):
                shutil.rmtree(leftover)
        draft.folder.mkdir()
        try:
            yield draft
        finally:
            shutil.rmtree(draft.folder, ignore_errors=True)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Locks the builds of a base: a second one fails at once."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"Another build is writing to {home}. Wait for it to end.") from error
        yield


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a snapshot; empty where there is none that can be read, or it is damaged."""
    try:
        manifest = json.loads(read_file(folder / MANIFEST, MANIFEST_BYTES))
        if manifest["checksum"] == checksum_of(manifest) and isinstance(manifest["files"], dict):
            return dict(manifest)
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        pass
    return {}


def _are_whole(folder: Path, listed: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether these files of a snapshot are as its manifest lists them."""
    try:
        return all(
            (path := folder / name).is_file()
            and path.stat().st_size == listed[name]["bytes"]
            and sha256(path) == listed[name]["sha256"]
            for name in names
        )
    except (OSError, ValueError, TypeError, LookupError):
        return False


def versions_by_time(home: Path) -> list[Path]:
    """The folders of all versions of a base, the oldest first."""

    def age(folder: Path) -> tuple[str, int]:
        number = folder.name.partition(".")[2]
        return str(read_manifest(folder).get("built", "")), int(number) if number.isdigit() else 0

    return sorted((p for p in (home / "versions").glob("*") if VERSION.fullmatch(p.name) and p.is_dir()), key=age)


def prune(root: Path, base: Base, keep: int) -> list[str]:
    """Removes all versions of a base but the newest, of which ``keep`` stay, and the current one; returns their names.

    Raises `BuildError` when a build of the same base is running.
    """
    home = home_of(root, base)
    if not (home / "versions").is_dir():
        raise BuildError(f"There is no snapshot of {base.iri} in {root}.")
    with _alone(home):
        current = (home / "current").resolve()
        others = [folder for folder in versions_by_time(home) if folder != current]
        kept = max(keep - 1, 0) if current.is_dir() else keep
        gone = others[: len(others) - kept] if kept else others
        for folder in gone:
            # Renamed first: a version is there as a whole or not at all, whenever this is stopped.
            shutil.rmtree(folder.rename(folder.with_name(f".{folder.name}")))
        return [folder.name for folder in gone]
