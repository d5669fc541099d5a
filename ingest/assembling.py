"""Puts the shares of all parts together in a snapshot: graph, store, tables and dumps, part by part."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from ingest.making import Made
from ingest.merging import Block, merge
from ingest.parts import PartCache
from ingest.publishing import load_small, sha256
from ingest.shares import DUMPS
from ingest.statistics import Statistics, count, distinct
from ingest.tables import CHECKSUMS, CSV_TABLES
from ontology.namespaces import Base

AT_ONCE = 20
"""How many documents are loaded into the store at once: with all of a large one, the loader takes a gigabyte more."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the same archive in every build."""


class CorpusGraph:
    """The graph of a corpus; one document at a time is in memory."""

    def __init__(self, made: Made, base: Base) -> None:
        self._made = made
        self._cache = made.cache
        self._documents = f"<{base.iri}id/document/"

    def _single(self) -> Iterator[bytes]:
        """The lines of all parts that stand in no document's block."""
        for key in self._made.parts:
            yield from self._cache.read(key, "rest.nq").splitlines(keepends=True)

    def write(self, path: Path) -> str:
        """Writes sorted N-Quads; returns their SHA-256."""
        slugs = (slug for slug, _ in self._made.totals.sources)
        blocks = [
            Block(f"{self._documents}{slug}/".encode(), _reader(self._cache, key))
            for slug, key in zip(slugs, self._made.parts[1:], strict=True)
        ]
        return merge(blocks, self._single(), path)

    def load(self, store: Store, path: Path) -> None:
        """Fills a store: the shared part by itself, since its blank nodes keep their names; then all documents."""
        del path
        shared, *documents = self._made.parts
        load_small(store, self._cache.read(shared, "rest.nq"))
        for start in range(0, len(documents), AT_ONCE):
            chosen = documents[start : start + AT_ONCE]
            contents = (self._cache.read(key, name) for key in chosen for name in ("own.nq", "rest.nq"))
            store.bulk_load(io.BufferedReader(_Joined(contents)), RdfFormat.N_QUADS)

    def statistics(self) -> tuple[Statistics, int]:
        """The numbers of the whole graph, and how many distinct objects it has."""
        whole = Statistics()
        whole.add(self._made.totals.statistics)
        whole.add(count(_quads(sorted(set(self._single())))))
        return whole, distinct(self._cache.read(key, "objects.bin") for key in self._made.parts)


def _reader(cache: PartCache, key: str) -> Callable[[], bytes]:
    return lambda: cache.read(key, "own.nq")


def _quads(lines: Iterable[bytes]) -> Iterator[Quad]:
    return iter(parse(b"".join(lines), RdfFormat.N_QUADS))


class _Joined(io.RawIOBase):
    """Contents as one file."""

    def __init__(self, contents: Iterator[bytes]) -> None:
        self._contents = contents
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            content = next(self._contents, None)
            if content is None:
                return 0
            self._rest = memoryview(content)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def write_dumps(folder: Path, graph: Path, made: Made, base: Base) -> None:
    """Writes the whole graph as N-Quads, TriG, Turtle and JSON-LD, and the tables as CSV, alone and as one archive.

    ``graph`` is the sorted N-Quads file, which the dump shares its bytes with where the file system can.
    ``SHA256SUMS`` beside them is what ``sha256sum --check`` reads.
    """
    folder.mkdir()
    try:
        os.link(graph, folder / "palermo.nq")
    except OSError:
        shutil.copyfile(graph, folder / "palermo.nq")
    for ending, form in DUMPS.items():
        contents = (made.cache.read(key, f"dump.{ending}") for key in made.parts)
        with (folder / f"palermo.{ending}").open("wb") as file:
            joined = _joined_arrays(contents) if ending == "jsonld" else _joined_turtle(contents, form, base)
            file.writelines(joined)
    _write_tables(folder, made)
    lines = [f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _joined_turtle(contents: Iterable[bytes], form: RdfFormat, base: Base) -> Iterator[bytes]:
    """Turtle or TriG, its prefixes once."""
    header = serialize((), format=form, prefixes=base.prefixes()) or b""
    yield header
    for content in contents:
        yield content.removeprefix(header)


def _joined_arrays(contents: Iterable[bytes]) -> Iterator[bytes]:
    """JSON arrays as one."""
    opening = b"["
    for content in contents:
        inside = content.strip().removeprefix(b"[").removesuffix(b"]")
        if inside:
            yield opening + inside
            opening = b","
    yield b"]" if opening == b"," else b"[]"


def _write_tables(folder: Path, made: Made) -> None:
    with zipfile.ZipFile(folder / "palermo-tables.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in CSV_TABLES:
            entry = zipfile.ZipInfo(f"{name}.csv", EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with ExitStack() as stack:
                outputs = (
                    stack.enter_context((folder / f"{name}.csv").open("wb")),
                    stack.enter_context(archive.open(entry, "w", force_zip64=True)),
                )
                for position, key in enumerate(made.parts):
                    header, body = json.loads(made.cache.read(key, "tables.json"))[name]
                    for output in outputs:
                        output.write((header + body if position == 0 else body).encode())
