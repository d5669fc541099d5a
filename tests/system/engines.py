"""Real SPARQL engines as processes: the Oxigraph server and Virtuoso, on free ports, each with an empty store of its own.

The Oxigraph server comes in a wheel, pinned, in a folder beside the project's own packages (below ``var``). Virtuoso
is Debian's ``virtuoso-opensource-7-bin``; without it the tests that need it fail and say so.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.remote_publishing import graph_store, publish_version
from ontology.layout import ROOT
from server.settings import Settings
from tests.processes import free_port, started

OXIGRAPH = "oxigraph==0.5.13"
PLACE = ROOT / "var" / OXIGRAPH
_QUIET = {"output": subprocess.DEVNULL, "end": signal.SIGKILL}
_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 3
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
CheckpointInterval = 60
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
{sparql}
"""


@dataclass(slots=True)
class Engine:
    """A running engine: where it answers queries, where graphs are put, with what credentials, and its process."""

    name: str
    sparql: str
    graphs: str
    user: str
    password: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Ends the process as a crash would."""
        self.process.kill()
        self.process.wait(timeout=120)


def oxigraph_program() -> Path:
    """The pinned Oxigraph server, installed by the first process that needs it."""
    program = PLACE / "bin" / "oxigraph"
    PLACE.parent.mkdir(exist_ok=True)
    with PLACE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
            subprocess.run([*pip, "--target", str(PLACE), OXIGRAPH], check=True)
    return program


@contextlib.contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[Engine]:
    """The Oxigraph server on a folder's store."""
    port = port or free_port()
    command = [str(oxigraph_program()), "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    address = f"http://127.0.0.1:{port}"
    with started(command, f"{address}/query?query=ASK%7B%7D", **_QUIET) as process:
        yield Engine("oxigraph", f"{address}/query", f"{address}/store", "", "", process)


@contextlib.contextmanager
def virtuoso(folder: Path, sparql: str = "ResultSetMaxRows = 1000000", port: int | None = None) -> Iterator[Engine]:
    """Virtuoso on a folder's database, with these lines in its section ``[SPARQL]``."""
    program = shutil.which("virtuoso-t")
    assert program, "These tests need Virtuoso: apt-get install virtuoso-opensource-7-bin"
    port = port or free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=folder, sql=free_port(), http=port, sparql=sparql))
    address = f"http://127.0.0.1:{port}"
    command = [program, "-f", "-c", str(ini)]
    with started(command, f"{address}/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", **_QUIET) as process:
        graphs = f"{address}/sparql-graph-crud-auth"
        yield Engine("virtuoso", f"{address}/sparql", graphs, "dba", "dba", process)


Start = Callable[..., contextlib.AbstractContextManager[Engine]]
ENGINES: dict[str, Start] = {"oxigraph": oxigraph, "virtuoso": virtuoso}


def load(engine: Engine, snapshot: Path) -> None:
    """Publishes the snapshot in a folder to an engine."""
    publish_version(snapshot, graph_store(engine.graphs, engine.user, engine.password), lambda _: None)


def before(settings: Settings, engine: Engine, **further: object) -> Settings:
    """Settings for a server in front of an engine."""
    return settings.model_copy(update={"store": engine.sparql, "store_seconds": 30.0, **further})


LEFT_OUT = re.findall(r"--exclude='?/?([^\s']+)", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
"""What a machine with an engine elsewhere does without."""


def copy_version(version: Path, snapshots: Path, slug: str, *, small: bool) -> None:
    """Copies a version into another machine's snapshots, or only its small files, then makes it current."""
    home = snapshots / slug
    left_out = shutil.ignore_patterns(*LEFT_OUT) if small else None
    shutil.copytree(version, home / "versions" / version.name, ignore=left_out)
    (home / "next").symlink_to(f"versions/{version.name}")
    (home / "next").rename(home / "current")
