"""What it takes to load a snapshot into the Oxigraph server and Virtuoso, what it occupies there, and how they answer.

``python -m benchmarks.engines`` builds corpora of 1 and 100 documents, or takes folders of snapshots
(``…/versions/VERSION``), and writes the section between the ``engines`` marks of ``docs/scaling.md``. An
engine gets what ``palermo publish --files`` writes: each statement twice, in its own graph and in that of everything.
The snapshot's own store is asked the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.engine_questions import Timed, held, own_store, questions, recommendations, remote, timed
from benchmarks.generator import write_corpus
from benchmarks.ingest import corpus_settings
from benchmarks.report import machine_lines, replace_section, table
from benchmarks.serving import free_port
from benchmarks.serving_peers import process, processor_seconds, set_up_peers
from benchmarks.watching import tree_memory
from ingest.build import build
from ingest.bulk_files import GRAPHS, RECORD, write_bulk_files
from ontology.namespaces import Base
from ontology.versions import Version

PAGE = Path(__file__).parent.parent / "docs" / "scaling.md"
MEBIBYTE = 1024 * 1024
_BUFFERS = 300_000
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
MaxCheckpointRemap = 20000
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
NumberOfBuffers = {buffers}
MaxDirtyBuffers = 225000
DirsAllowed = {folder}, {files}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
"""
LOADING = ("recommendations", "engine", "quads", "load s", "CPU s", "quads/s", "disk MiB", "load peak MiB", "after MiB")


@dataclass(slots=True)
class Loaded:
    """One engine with one snapshot: seconds and processor seconds of the load, bytes on disk, the most memory while it
    loaded and the memory after all questions (proportional set sizes), and the answers."""

    engine: str
    recommendations: int
    quads: int
    seconds: float = 0.0
    processor: float = 0.0
    disk: int = 0
    peak: int = 0
    after: int = 0
    answers: dict[str, Timed] = field(default_factory=dict)


@contextmanager
def _watched(process_id: int, loaded: Loaded) -> Iterator[None]:
    """Notes time, processor time and peak memory of a process while something runs in it."""
    ended = threading.Event()
    started, used = time.perf_counter(), processor_seconds(process_id)
    last = used

    def look() -> None:
        nonlocal last
        while not ended.wait(0.2):
            loaded.peak = max(loaded.peak, tree_memory(process_id))
            last = processor_seconds(process_id) or last

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        last = processor_seconds(process_id) or last
        ended.set()
        looking.join()
    loaded.seconds, loaded.processor = time.perf_counter() - started, last - used


def _built(folder: Path, documents: int) -> Path:
    """A snapshot of a generated corpus."""
    write_corpus(folder, documents)
    return build(corpus_settings(folder), lambda _: None).folder


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def oxigraph(files: Path, folder: Path, loaded: Loaded, ask: Callable[[str], None]) -> None:
    """Loads with ``oxigraph load``, then serves and asks."""
    program = str(set_up_peers() / "oxigraph")
    location = ["--location", str(folder / "store")]
    given = [argument for name in (GRAPHS, RECORD) for argument in ("--file", str(files / name))]
    loading = subprocess.Popen([program, "load", *location, *given], stderr=subprocess.DEVNULL)
    with _watched(loading.pid, loaded):
        if loading.wait() != 0:
            raise RuntimeError("oxigraph load failed.")
    loaded.disk = _size(folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}/query"
    with process([program, "serve-read-only", *location, "--bind", f"127.0.0.1:{port}"], address) as server:
        ask(address)
        loaded.after = tree_memory(server)


def virtuoso(files: Path, folder: Path, loaded: Loaded, ask: Callable[[str], None]) -> None:
    """Loads with one ``rdf_loader_run``, which ends with a checkpoint, and asks."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        raise RuntimeError("There is no Virtuoso here. On Debian: apt-get install virtuoso-opensource-7-bin")
    sql, http, ini = free_port(), free_port(), folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO.format(folder=folder, files=files, sql=sql, http=http, buffers=_BUFFERS))
    address = f"http://127.0.0.1:{http}/sparql"
    with process([program, "-f", "-c", str(ini)], address) as server:
        do = [f"ld_dir('{files}', '{name}', '{loaded.engine}'); rdf_loader_run();" for name in (GRAPHS, RECORD)]
        with _watched(server, loaded):
            command = [client, f"127.0.0.1:{sql}", "dba", "dba", f"exec={''.join(do)} checkpoint;"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        loaded.disk = (folder / "virtuoso.db").stat().st_size
        ask(address)
        loaded.after = tree_memory(server)


ENGINES = {"Oxigraph server": oxigraph, "Virtuoso": virtuoso}


def measure(snapshot: Path, engines: Sequence[str], scratch: Path) -> list[Loaded]:
    """Loads a snapshot into each engine, one after the other, and asks each the same; the own store first."""
    manifest = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    base = Base(manifest["base"])
    count, quads = manifest["figures"]["recommendations"], manifest["figures"]["triples"]
    asked = questions(base, recommendations(snapshot, base))
    own = Loaded("own store", count, quads, disk=_size(snapshot / "store"))
    ask = own_store(snapshot, base)
    own.answers = {name: timed(ask, texts) for name, texts in asked.items()}
    found = [own]
    files, statements = scratch / "files", set[int]()
    version: Version = write_bulk_files(snapshot, files)
    for name in engines:
        folder = scratch / "engine"
        folder.mkdir()
        with (files / GRAPHS).open("rb") as lines:
            loaded = Loaded(name, count, sum(1 for _ in lines))

        def ask_all(endpoint: str, loaded: Loaded = loaded) -> None:
            far = remote(endpoint, version)
            statements.add(held(endpoint, version))
            loaded.answers = {name: timed(far, texts) for name, texts in asked.items()}

        ENGINES[name](files, folder, loaded, ask_all)
        shutil.rmtree(folder)
        print(loaded, flush=True)
        found.append(loaded)
    shutil.rmtree(files)
    if len(statements) > 1:
        raise RuntimeError(f"The engines do not hold the same: {statements}.")
    return found


def loading_rows(found: Sequence[Loaded]) -> list[tuple[str, ...]]:
    """A row for each load; the own store is made by the build (`benchmarks.ingest`)."""
    return [
        (
            f"{each.recommendations:,}",
            each.engine,
            f"{each.quads:,}",
            *(
                (f"{each.seconds:.1f}", f"{each.processor:.1f}", f"{each.quads / each.seconds:,.0f}")
                if each.seconds
                else ("–", "–", "–")
            ),
            f"{each.disk / MEBIBYTE:,.0f}",
            f"{each.peak / MEBIBYTE:,.0f}" if each.peak else "–",
            f"{each.after / MEBIBYTE:,.0f}" if each.after else "–",
        )
        for each in found
    ]


def _milliseconds(value: float | None) -> str:
    return "given up" if value is None else f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def answer_rows(found: Sequence[Loaded]) -> list[tuple[str, ...]]:
    """A row for each question and size, with the first answer and the median of each engine."""
    rows = []
    for question in found[0].answers:
        for size in sorted({each.recommendations for each in found}):
            answers = [each.answers[question] for each in found if each.recommendations == size]
            cells = [f"{_milliseconds(one.median)} ({_milliseconds(one.first)})" for one in answers]
            rows.append((question, f"{size:,}", *cells))
    return rows


def section(found: Sequence[Loaded], command: str) -> str:
    """The section of the page, in Markdown."""
    engines = list(dict.fromkeys(each.engine for each in found))
    lines = ["### Engines", "", *machine_lines(command), ""]
    lines += ["An engine holds each statement twice. *After* is its memory once it has answered everything below;"]
    lines += [f"Virtuoso keeps up to {_BUFFERS:,} pages of 8 kB, as it was told.", ""]
    lines += [
        *table(LOADING, loading_rows(found)),
        "",
        "Milliseconds, the median, and in brackets the first answer:",
        "",
    ]
    lines += table(("asked", "recommendations", *engines), answer_rows(found))
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure what loading snapshots into engines takes.")
    parser.add_argument("snapshots", type=Path, nargs="*", help="folders of snapshots, the smallest first")
    parser.add_argument("--documents", type=int, nargs="+", default=[1, 100], help="to be built when none is given")
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--folder", type=Path, help="where to work; needs ten times the size of graph.nq")
    parser.add_argument("--page", type=Path, default=PAGE)
    chosen = parser.parse_args(arguments)
    found: list[Loaded] = []
    for given in chosen.snapshots or chosen.documents:
        with tempfile.TemporaryDirectory(prefix="palermo-engines-", dir=chosen.folder) as name:
            snapshot = given.resolve() if isinstance(given, Path) else _built(Path(name) / "corpus", given)
            found += measure(snapshot, chosen.engines, Path(name))
    sizes = ", ".join(f"{size:,}" for size in sorted({each.recommendations for each in found}))
    text = section(found, f"python -m benchmarks.engines SNAPSHOT … (of {sizes} recommendations)")
    replace_section(chosen.page, "engines", text)
    print(text)


if __name__ == "__main__":
    main()
