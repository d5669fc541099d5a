"""Snapshots: one published version as an immutable value, and the holder that notices a new one.

A snapshot is a folder that nothing changes after it was published (the contract with `ingest/publish.py`). Requests
keep the snapshot they began with, so that a switch drops nothing; older versions are opened when asked for.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Store

from ontology.namespaces import Base
from ontology.terms import Names
from server.page_index import Index
from server.settings import Settings

FORMAT = 4
SEARCH = "search.sqlite"
_VERSION = re.compile(r"\d{8}-[0-9a-f]{10}(\.\d+)?")
_log = logging.getLogger("palermo.snapshot")


class SnapshotError(Exception):
    """There is no such snapshot, or the folder does not hold what a snapshot must. The message is for an operator."""


class SnapshotPending(SnapshotError):  # noqa: N818 (it will be there)
    """A part of the server is not ready for a snapshot yet: it is tried again."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Snapshot:
    """One published version, opened read-only. ``built`` is in UTC; ``etag_seed`` changes with data and program.

    ``store`` is None on a server whose store is an engine elsewhere: it needs the small files of the folder only.
    """

    folder: Path
    version: str
    base: Base
    built: datetime
    manifest: Mapping[str, Any]
    validation: Mapping[str, Any]
    accuracy: Sequence[Mapping[str, Any]]
    store: Store | None
    names: Names
    prefixes: Mapping[str, str]
    graphs: tuple[NamedNode, ...]
    etag_seed: str
    index: Index

    @property
    def store_path(self) -> Path:
        """The RocksDB folder, for processes that open it themselves."""
        return self.folder / "store"

    @property
    def search_path(self) -> Path:
        """The full-text index, and the lists and counts of pages, as a SQLite file."""
        return self.folder / SEARCH

    @property
    def dumps_path(self) -> Path:
        """The folder with the files for download."""
        return self.folder / "dumps"


def program_version() -> str:
    """The version of this program; of a checkout without installation, ``0``."""
    try:
        return metadata.version("palermo")
    except metadata.PackageNotFoundError:
        return "0"


def open_snapshot(folder: Path, memory_triples: int = 0, *, store_elsewhere: bool = False) -> Snapshot:
    """The snapshot in a folder, its store in memory when it has at most so many triples, or left alone.

    Raises `SnapshotError` when it is missing, unreadable or of another format.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise SnapshotError(f"{folder} has format {manifest['format']}; this program reads format {FORMAT}.")
        base = Base(manifest["base"])
        in_memory = 0 < manifest["figures"].get("triples", 0) <= memory_triples
        store = None if store_elsewhere else _open_store(folder, in_memory)
        return Snapshot(
            folder=folder,
            version=manifest["version"],
            base=base,
            built=datetime.fromisoformat(manifest["built"]).astimezone(UTC),
            manifest=manifest,
            validation=_read_json(folder / "validation.json"),
            accuracy=_read_json(folder / "accuracy.json"),
            store=store,
            names=Names(base),
            prefixes=base.prefixes(),
            graphs=tuple(map(NamedNode, manifest["graphs"])),
            etag_seed=f"{manifest['version']}/{program_version()}",
            index=Index(folder / SEARCH),
        )
    except (OSError, KeyError, ValueError) as problem:
        raise SnapshotError(f"{folder} is not a readable snapshot: {problem!r}") from problem


def _open_store(folder: Path, in_memory: bool) -> Store:
    """The store for our own questions: a copy in memory answers about five times as fast as the one on disk."""
    if not in_memory:
        return Store.read_only(str(folder / "store"))
    store = Store()
    for name in ("graph.nq", "catalogue.nq"):
        store.bulk_load(path=str(folder / name), format=RdfFormat.N_QUADS)
    return store


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


Prepare = Callable[[Snapshot], Awaitable[None]]


class Snapshots:
    """The current snapshot of one base, or the one that a setting names, and the older ones on demand.

    `watch` runs for the life of the server and switches to a new version when the link ``current`` changes; a version
    that cannot be opened is logged once and the one in place keeps serving. ``prepare`` is awaited with a new snapshot
    before requests see it.
    """

    def __init__(self, settings: Settings, prepare: Prepare | None = None) -> None:
        self._prepare = prepare
        self._folder = settings.folder
        self._fixed = settings.snapshot
        self._poll = settings.snapshot_poll_seconds
        self._keep = settings.snapshots_open
        self._memory_triples = settings.memory_triples
        self._store_elsewhere = bool(settings.store)
        self._older: OrderedDict[str, Snapshot] = OrderedDict()
        self._refused = ""
        self._pending = ""
        self.current = self._open(self._target(), self._memory_triples)

    def version(self, version: str) -> Snapshot:
        """The snapshot with this version. Raises `SnapshotError` when it was never published or is gone."""
        if version == self.current.version:
            return self.current
        if version in self._older:
            self._older.move_to_end(version)
            return self._older[version]
        folder = self._folder / "versions" / version
        if not _VERSION.fullmatch(version) or not folder.is_dir():
            raise SnapshotError(f"There is no version {version}.")
        self._remember(self._open(folder))
        return self._older[version]

    def versions(self) -> tuple[str, ...]:
        """All versions on disk, newest first."""
        folder = self._folder / "versions"
        found = (path.name for path in folder.glob("*") if _VERSION.fullmatch(path.name))
        return tuple(sorted(found, reverse=True))

    async def refresh(self) -> bool:
        """Switches to the version that ``current`` names. Returns whether it changed."""
        target = self._target()
        if target.name in (self.current.version, self._refused):
            return False
        try:
            fresh = await asyncio.to_thread(self._open, target, self._memory_triples)
            if self._prepare is not None:
                await self._prepare(fresh)
        except SnapshotPending as problem:
            if target.name != self._pending:
                _log.warning("snapshot waits", extra={"version": target.name, "reason": str(problem)})
            self._pending = target.name
            return False
        except (SnapshotError, OSError) as problem:
            self._refused = target.name
            _log.error("snapshot refused", extra={"version": target.name, "reason": str(problem)})
            return False
        self._remember(self.current)
        self.current = fresh
        _log.info("snapshot switched", extra={"version": fresh.version})
        return True

    async def watch(self) -> None:
        """Looks for a new version until it is cancelled."""
        while True:
            await asyncio.sleep(self._poll)
            await self.refresh()

    def _open(self, folder: Path, memory_triples: int = 0) -> Snapshot:
        return open_snapshot(folder, memory_triples, store_elsewhere=self._store_elsewhere)

    def _target(self) -> Path:
        link = self._fixed or self._folder / "current"
        try:
            return link.resolve(strict=True)
        except OSError as problem:
            raise SnapshotError(f"There is no snapshot at {link}: run 'palermo build' first.") from problem

    def _remember(self, snapshot: Snapshot) -> None:
        self._older[snapshot.version] = snapshot
        while len(self._older) > self._keep:
            self._older.popitem(last=False)
