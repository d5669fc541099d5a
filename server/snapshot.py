"""Snapshots: one published version as an immutable value, and the holder that notices a new one.

A snapshot is a folder that nothing changes after it was published (the contract with `ingest/publish.py`). Requests
keep the snapshot they began with, so that a switch drops nothing; older versions are opened when asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

from pyoxigraph import NamedNode, Store

from ontology.layout import HISTORY, MANIFEST, QUADS, SEARCH, VERSION, VERSIONS, number_of
from ontology.namespaces import Base
from ontology.terms import Names
from ontology.version import program_checksum
from server.cache import Cache
from server.history import History
from server.integrity import (
    CHECKED_BYTES,
    Files,
    NoSnapshotError,
    SnapshotError,
    SnapshotPending,
    faults,
    read_json,
    read_manifest,
)
from server.page_index import Index
from server.settings import Settings
from server.store import read_into_memory

_log = logging.getLogger("palermo.snapshot")
_LONGEST_PAUSE = 60.0  # seconds between two tries of a snapshot that was refused
_ASKED_GRAPHS = 100
_ENGINE_THREADS = 20  # RocksDB opens files in 16 and has three that stay
T = TypeVar("T")


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Snapshot:
    """One published version, opened read-only. ``built`` is in UTC; ``etag_seed`` changes with data and program.

    ``store`` is None on a server whose store is an engine elsewhere: it needs the small files of the folder only.
    ``in_memory`` says that it is a copy of the files of `quads`. ``document_versions`` is as the function returns it.
    """

    folder: Path
    version: str
    base: Base
    built: datetime
    manifest: Mapping[str, Any]
    validation: Mapping[str, Any]
    accuracy: Sequence[Mapping[str, Any]]
    store: Store | None
    in_memory: bool
    names: Names
    prefixes: Mapping[str, str]
    graphs: tuple[NamedNode, ...]
    etag_seed: str
    index: Index
    files: Files
    history: History
    document_versions: Mapping[str, Sequence[Mapping[str, Any]]]

    @property
    def store_path(self) -> Path:
        """The RocksDB folder, for processes that open it themselves."""
        return self.folder / "store"

    @property
    def quads(self) -> tuple[Path, ...]:
        """The files that hold all statements, which are in the store as well."""
        return tuple(self.folder / name for name in QUADS)


def open_snapshot(
    folder: Path, memory_triples: int = 0, *, store_elsewhere: bool = False, base: Base | None = None
) -> Snapshot:
    """The snapshot in a folder, proved: its files are what the manifest says, and store and index answer a question.

    The store is in memory when it has at most so many triples, or left alone. Raises `SnapshotError` for anything that
    is missing or damaged, of another format, or of another base than the one given.
    """
    try:
        manifest = read_manifest(folder, base)
        fault = next(faults(folder, manifest, most_bytes=CHECKED_BYTES, store_elsewhere=store_elsewhere), None)
        if fault is not None:
            raise SnapshotError(fault)
        base = Base(manifest["base"], manifest.get("vocabulary", ""))
        in_memory = 0 < manifest["figures"].get("triples", 0) <= memory_triples
        snapshot = Snapshot(
            folder=folder,
            version=manifest["version"],
            base=base,
            built=datetime.fromisoformat(manifest["built"]).astimezone(UTC),
            manifest=manifest,
            validation=read_json(folder, "validation.json", dict),
            accuracy=read_json(folder, "accuracy.json", list, dict),
            store=None if store_elsewhere else _open_store(folder, in_memory),
            in_memory=in_memory,
            names=Names(base),
            prefixes=base.prefixes(),
            graphs=tuple(map(NamedNode, manifest["graphs"])),
            etag_seed=f"{manifest['version']}/{program_checksum()}",
            index=Index(folder / SEARCH),
            files=Files(folder, manifest),
            history=History(folder / HISTORY, datetime.fromisoformat(manifest["built"]).astimezone(UTC)),
            document_versions=document_versions(folder),
        )
        _ask(snapshot)
        return snapshot
    except SnapshotError:
        raise
    except Exception as problem:  # whatever the engine, SQLite or the disk raises about a folder
        reason = " ".join(str(problem).split()) or repr(problem)
        raise SnapshotError(f"{folder} is not a readable snapshot: {reason.rstrip('.')}.") from problem


def _ask(snapshot: Snapshot) -> None:
    """Asks store, index and history a question each. Raises `SnapshotError` when one has no answer."""
    if snapshot.store is not None:
        for graph in snapshot.graphs[:_ASKED_GRAPHS]:
            if next(iter(snapshot.store.quads_for_pattern(None, None, None, graph)), None) is None:
                raise SnapshotError(f"The store in {snapshot.folder} has no statement in {graph.value}.")
    snapshot.index.values("document")
    snapshot.history.dates(snapshot.base.iri)
    _ = snapshot.history.numbers


def _open_store(folder: Path, in_memory: bool) -> Store:
    """The store for our own questions, on disk or a copy of it in memory."""
    _try_threads()
    on_disk = Store.read_only(str(folder / "store"))
    if not in_memory:
        return on_disk
    if next(iter(on_disk), None) is None:
        raise SnapshotError(f"The store in {folder} is empty.")
    return read_into_memory(tuple(folder / name for name in QUADS))


def _try_threads() -> None:
    """Raises `RuntimeError` where the machine has no threads for the engine to open files with, which then ends the
    whole process."""
    end, started = Event(), list[Thread]()
    try:
        for _ in range(_ENGINE_THREADS):
            thread = Thread(target=end.wait, daemon=True)
            thread.start()
            started.append(thread)
    finally:
        end.set()
        for thread in started:  # one that has not ended yet takes the place of one of the engine
            thread.join()


def _age(folder: Path) -> tuple[str, float, int]:
    """What sorts versions by time: the day, the time of publishing, the number of the same graph on one day."""
    try:
        written = (folder / MANIFEST).stat().st_mtime
    except OSError:
        written = 0.0
    return folder.name[:8], written, number_of(folder.name)


@lru_cache(maxsize=16)
def document_versions(folder: Path) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The versions of each document that was issued again, oldest first, by slug: ``issued``, ``title`` and ``parts``
    (name, label and words of each)."""
    path = folder / VERSIONS
    return read_json(folder, VERSIONS, dict) if path.is_file() else {}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the manifest of a version says: when it was built, and its documents by slug."""

    built: datetime
    documents: frozenset[str]


Prepare = Callable[[Snapshot], Awaitable[None]]


class Snapshots:
    """The current snapshot of one base, or the one that a setting names, and the older ones on demand.

    `watch` runs for the life of the server and switches to a new version when the link ``current`` changes. A version
    that cannot be served is logged once with its reason, which `refusal` keeps, and tried again with growing pauses;
    the one in place keeps serving. ``prepare`` is awaited with a new snapshot before requests see it.
    """

    def __init__(self, settings: Settings, prepare: Prepare | None = None) -> None:
        self._prepare = prepare
        self._home = settings.folder
        self._base = Base(settings.base)
        self._fixed = settings.snapshot
        self._poll = settings.snapshot_poll_seconds
        self._memory_triples = settings.memory_triples
        self._store_elsewhere = bool(settings.store)
        self._older: Cache[str, Snapshot] = Cache(settings.snapshots_open)
        self._told: dict[str, _Told] = {}
        self._refused_older: dict[str, tuple[float, str]] = {}
        self._again = asyncio.Event()
        self._looking = ThreadPoolExecutor(1, "snapshot")
        self._pause = 0.0
        self._tried = ("", 0.0)
        self.refusal = ""
        self.refusals = 0
        self.current = self._open(self._target(), self._memory_triples)

    def version(self, version: str) -> Snapshot:
        """The snapshot with this version. Raises `NoSnapshotError` when it was never published or is gone, and
        `SnapshotError` when it is damaged; then it is not looked at again for a while."""
        if version == self.current.version:
            return self.current
        folder, opened = self.folder(version), self._older.get(version)
        if opened is not None:
            return opened
        until, reason = self._refused_older.get(version, (0.0, ""))
        if time.monotonic() < until:
            raise SnapshotError(reason)
        try:
            opened = self._open(folder)
        except SnapshotError as problem:
            self._refused_older[version] = time.monotonic() + _LONGEST_PAUSE, str(problem)
            raise
        self._older.put(version, opened)
        return opened

    def versions(self) -> tuple[str, ...]:
        """All versions on disk whose manifests can be read, newest first."""
        folders = (path for path in (self._home / "versions").glob("*") if VERSION.fullmatch(path.name))
        return tuple(path.name for path in sorted(folders, key=_age, reverse=True) if self._manifest(path.name))

    def folder(self, version: str) -> Path:
        """The folder of a version, without opening it. Raises `NoSnapshotError` when it is none, or is gone."""
        folder = self._home / "versions" / version
        if version == self.current.version:
            return self.current.folder
        if not VERSION.fullmatch(version) or not folder.is_dir() or self._manifest(version) is None:
            raise NoSnapshotError(f"There is no version {version}.")
        return folder

    def has(self, version: str, slug: str) -> bool:
        """Whether a version that can be read has a document."""
        told = self._manifest(version)
        return told is not None and slug in told.documents

    def last_with(self, slug: str) -> str:
        """The newest version on disk that has a document; empty for none."""
        return next((version for version in self.versions() if self.has(version, slug)), "")

    def built(self, version: str) -> datetime:
        """When a version on disk was built, in UTC. Raises `SnapshotError` for one that cannot be read."""
        told = self._manifest(version)
        if told is None:
            raise NoSnapshotError(f"There is no version {version}.")
        return told.built

    def _manifest(self, version: str) -> _Told | None:
        """What the manifest of a version on disk says, None where it cannot be read."""
        if version not in self._told:
            try:
                manifest = read_manifest(self._home / "versions" / version, self._base)
            except SnapshotError:
                return None
            built = datetime.fromisoformat(manifest["built"]).astimezone(UTC)
            self._told[version] = _Told(built, frozenset(source["slug"] for source in manifest["sources"]))
        return self._told[version]

    async def refresh(self) -> bool:
        """Switches to the version that ``current`` names. Returns whether it changed; never fails."""
        target = str(self._fixed or self._home / "current")
        try:
            folder = await self._beside(self._target)
            target = folder.name
            if folder == self.current.folder or target == self.current.version:
                self._accepted()
                return False
            if self._tried[0] == target and time.monotonic() < self._tried[1]:
                return False
            fresh = await self._beside(self._open, folder, self._memory_triples)
            if self._prepare is not None:
                await self._prepare(fresh)
        except SnapshotPending as problem:
            self._refused(target, "snapshot waits", logging.WARNING, str(problem), 0.0)
            return False
        except Exception as problem:  # the watcher must not end, whatever a folder makes happen
            reason = str(problem) if isinstance(problem, SnapshotError) else repr(problem)
            self._refused(target, "snapshot refused", logging.ERROR, reason, max(self._poll, self._pause * 2))
            return False
        self._older.put(self.current.version, self.current)
        self.current = fresh
        self._accepted()
        _log.info("snapshot switched", extra={"version": fresh.version})
        return True

    async def watch(self) -> None:
        """Looks for a new version until it is cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), self._poll)
                self._again.clear()
                self._tried = ("", 0.0)
            await self.refresh()
            await self._beside(self.current.files.compare)

    async def _beside(self, work: Callable[..., T], *given: Any) -> T:
        """What a function returns that reads the disk, which may not answer: no request waits for it meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._looking, work, *given)

    def close(self) -> None:
        """Lets the thread end that looks."""
        self._looking.shutdown(wait=False, cancel_futures=True)

    def look_again(self) -> None:
        """Has `watch` look at once. Belongs to the event loop's thread."""
        self._again.set()

    def _accepted(self) -> None:
        self.refusal, self._pause, self._tried = "", 0.0, ("", 0.0)

    def _refused(self, target: str, event: str, level: int, reason: str, pause: float) -> None:
        self._pause = min(pause, _LONGEST_PAUSE)
        self._tried = (target, time.monotonic() + self._pause)
        sentence = f"{target}: {reason}"
        if sentence != self.refusal:
            _log.log(level, event, extra={"version": target, "reason": reason})
            self.refusals += 1
        self.refusal = sentence

    def _open(self, folder: Path, memory_triples: int = 0) -> Snapshot:
        return open_snapshot(folder, memory_triples, store_elsewhere=self._store_elsewhere, base=self._base)

    def _target(self) -> Path:
        link = self._fixed or self._home / "current"
        try:
            return link.resolve(strict=True)
        except (OSError, RuntimeError) as problem:  # RuntimeError: a link that leads to itself, before Python 3.13
            raise SnapshotError(
                f"There is no snapshot at {link}: run 'palermo build --base {self._base.iri}' first."
            ) from problem
