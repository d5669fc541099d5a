"""Whether a snapshot folder is what its manifest says: files, sizes, checksums, base, format; each fault a sentence."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ontology.layout import (
    FORMAT,
    HISTORY,
    MANIFEST,
    MANIFEST_BYTES,
    QUADS,
    SEARCH,
    VERSION,
    VERSIONS,
    checksum_of,
    read_file,
    sha256,
)
from ontology.namespaces import Base

_log = logging.getLogger("palermo.snapshot")
CHECKED_BYTES = 64_000_000
"""Files up to this size have their checksum compared whenever a snapshot is opened, larger ones by `palermo verify`."""
_COMPARED_SECONDS = 600.0
SMALL = (SEARCH, "validation.json", "validation.ttl", "accuracy.json")
"""The files that a server needs whose store is elsewhere."""
_SHAPE: dict[str, type] = {
    "base": str,
    "version": str,
    "built": str,
    "figures": dict,
    "graphs": list,
    "files": dict,
    "sources": list,
}


class SnapshotError(Exception):
    """There is no such snapshot, or the folder does not hold what a snapshot must. The message is for an operator."""


class NoSnapshotError(SnapshotError):
    """There never was such a version, or it is gone, or nothing says what it is."""


class SnapshotPending(SnapshotError):  # noqa: N818 (it will be there)
    """A part of the server is not ready for a snapshot yet: it is tried again."""


def read_manifest(folder: Path, base: Base | None) -> dict[str, Any]:
    """The manifest of a snapshot, of this base where one is given. Raises `SnapshotError` when it is missing, damaged,
    of another format or of another base."""
    manifest: dict[str, Any] = read_json(folder, MANIFEST, dict, most=MANIFEST_BYTES)
    if manifest.get("format") != FORMAT:
        raise SnapshotError(
            f"{folder} has format {manifest.get('format')}; this program reads format {FORMAT}. Build again."
        )
    if manifest.get("checksum") != checksum_of(manifest):
        raise SnapshotError(f"{folder / MANIFEST} is damaged: it does not match its own checksum.")
    if not _has_shape(manifest):
        raise SnapshotError(f"{folder / MANIFEST} is damaged: it does not hold what it must.")
    if base is not None and manifest["base"] != base.iri:
        raise SnapshotError(
            f"{folder} was built for the base {manifest['base']}, and this server's base is {base.iri}. "
            "Links in the data cannot be changed: serve that base, or build for this one."
        )
    try:
        datetime.fromisoformat(manifest["built"]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise SnapshotError(f"{folder / MANIFEST} gives no time of the build.") from None
    if not VERSION.fullmatch(manifest["version"]):
        raise SnapshotError(f"{folder / MANIFEST} names no version.")
    if VERSION.fullmatch(folder.name) and folder.name != manifest["version"]:
        raise SnapshotError(f"{folder} holds the version {manifest['version']}, and its name says another.")
    return manifest


def _has_shape(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest holds the kinds of values that are read from it."""
    return (
        all(isinstance(manifest.get(name), kind) for name, kind in _SHAPE.items())
        and isinstance(manifest.get("vocabulary", ""), str)
        and isinstance(manifest["figures"].get("triples", 0), int)
        and all(isinstance(graph, str) for graph in manifest["graphs"])
        and all(isinstance(source, dict) and isinstance(source.get("slug"), str) for source in manifest["sources"])
        and all(
            isinstance(facts, dict) and isinstance(facts.get("bytes"), int) and isinstance(facts.get("sha256"), str)
            for facts in manifest["files"].values()
        )
    )


def read_json(folder: Path, name: str, *kinds: type, most: int | None = None) -> Any:
    """A JSON file of a snapshot, of so many bytes at most. Raises `SnapshotError` when it is missing or holds none of
    these kinds of value."""
    path = folder / name
    try:
        value = json.loads(read_file(path, most).decode())
    except OSError as problem:
        raise SnapshotError(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    except (ValueError, RecursionError) as problem:
        raise SnapshotError(f"{path} is damaged: it is not JSON.") from problem
    if not isinstance(value, kinds):
        raise SnapshotError(f"{path} is damaged: it does not hold what it must.")
    return value


def faults(
    folder: Path, manifest: Mapping[str, Any], *, most_bytes: int | None, store_elsewhere: bool = False
) -> Iterator[str]:
    """What is wrong with the files of a snapshot, a sentence each. Files over ``most_bytes`` have their size compared
    only; None compares all. Where the store is elsewhere a copy may lack all files that are not needed. A file that is
    not listed is a fault where a server would read it, else for None."""
    for name in (*SMALL, *(() if store_elsewhere else QUADS)):
        if name not in manifest["files"]:
            yield f"{folder / MANIFEST} does not list {name}."
    for name, listed in manifest["files"].items():
        path = folder / name
        try:
            size = path.stat().st_size
            if not path.is_file():
                yield f"{path} is no file."
            elif size != listed["bytes"]:
                yield f"{path} has {size:,} bytes and the manifest says {listed['bytes']:,}."
            elif (most_bytes is None or size <= most_bytes) and sha256(path) != listed["sha256"]:
                yield f"{path} is damaged: its checksum is not the one in the manifest."
        except FileNotFoundError:
            if not store_elsewhere or name in SMALL:
                yield f"{path} is missing."
        except (OSError, ValueError) as problem:  # ValueError: no file can have this name
            yield f"{path} cannot be read: {getattr(problem, 'strerror', None) or problem}."
    read = [*(folder / "store").glob("*"), folder / HISTORY, folder / VERSIONS]
    for path in folder.rglob("*") if most_bytes is None else read:
        if path.is_file() and path.relative_to(folder).as_posix() not in {*manifest["files"], MANIFEST}:
            yield f"{path} is not listed in the manifest."


class Files:
    """Checks that the files of an opened snapshot are still what the manifest says.

    A file is read again only when its size or the time of its last change is another one than before.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self._folder = folder
        self._listed = manifest["files"]
        self._doubted, self._compared = False, -_COMPARED_SECONDS
        self._seen: dict[str, tuple[tuple[int, int] | None, bool]] = {}
        for name in self._listed:
            stamp = _stamp(folder / name)
            if stamp is not None:
                self._seen[name] = (stamp, True)

    def doubt(self) -> None:
        """Makes `compare` read the files of the store again, although no change to them was seen."""
        self._doubted = True

    def compare(self) -> None:
        """Reads the files of the store again if there is doubt about them, now and then at most."""
        if self._doubted and time.monotonic() - self._compared >= _COMPARED_SECONDS:
            self._doubted = False
            for name in (name for name in list(self._seen) if name.startswith("store/")):
                self._seen[name] = None, self._seen[name][1]
                self.is_whole(name)
            self._compared = time.monotonic()

    def is_whole(self, name: str) -> bool:
        """Whether a file is as it was when the snapshot was opened. One that was not there then is not looked for."""
        before, whole = self._seen.get(name, (None, False))
        path = self._folder / name
        now = _stamp(path)
        if now == before:
            return whole
        listed = self._listed[name]
        with suppress(OSError):
            whole = now is not None and now[0] == listed["bytes"] and sha256(path) == listed["sha256"]
        if not whole:
            _log.error("file changed", extra={"file": str(path)})
        self._seen[name] = (now, whole)
        return whole

    def look(self) -> None:
        """Checks all of them."""
        for name in list(self._seen):
            self.is_whole(name)

    @property
    def changed(self) -> list[str]:
        """The names of those that differed from the manifest at the last check."""
        return [name for name, (_, whole) in self._seen.items() if not whole]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_ctime_ns) if S_ISREG(status.st_mode) else None
