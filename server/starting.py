"""How a server of one process starts on Linux: as an interpreter that reads the snapshot into memory and forks the
template of its query workers before it imports anything else.

Server and template then have one copy of the graph between them. It has to be that early, for what a process imports
and computes is written into the gaps of what it has, and a page that one of the two writes is no longer shared; and
because the template is to have nothing that is the server's: there are no threads, no connections and no open files at
that time, and the environment is overwritten. What they do have in common are the seed of hashes and the layout of
addresses, as processes that are forked have.

The template of a later snapshot, one that takes the place of another, and those of a server of several processes are
interpreters of their own with a copy of their own (`server.sparql.processes`).
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from ontology.layout import QUADS, ROOT
from ontology.namespaces import Base
from server.integrity import SnapshotError, read_manifest
from server.sparql import isolation
from server.sparql.worker import fork_workers
from server.store import read_into_memory

_PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "  # an end without a traceback, while it starts
    f"sys.path[0] = {str(ROOT)!r}; from server.starting import main; main()"
)
_TITLE = "palermo serve"
"""What finds this process in the list of processes, as in that of its command."""


def become_server(base: Base, current: Path, most: int) -> None:
    """Replaces this program by a server for the settings in the environment that has the snapshot in memory. Returns
    where it has more than so many triples, or something is wrong with it, which a server says."""
    with suppress(SnapshotError, OSError, RuntimeError, KeyError):
        folder = current.resolve(strict=True)
        manifest = read_manifest(folder, base)
        files = [folder / name for name in QUADS]
        whole = all(path.is_file() and path.stat().st_size == manifest["files"][path.name]["bytes"] for path in files)
        if whole and 0 < manifest["figures"].get("triples", 0) <= most:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the server listens for it
            os.execv(sys.executable, [sys.executable, "-c", _PROGRAM, _TITLE, *map(str, files)])


def main() -> None:
    """Reads the files that are its further arguments, forks the template, and serves."""
    files = tuple(map(Path, sys.argv[2:]))
    begun = _begin(files)
    from server.running import run
    from server.settings import settings_of_environment
    from server.sparql.processes import Child, Template

    try:
        sys.exit(run(settings_of_environment(), template=Template(files, Child(begun[0]), begun[1]) if begun else None))
    except OSError as problem:
        sys.exit(f"palermo: {problem}")


def _begin(files: tuple[Path, ...]) -> tuple[int, socket.socket] | None:
    """A template that shares with this process what the files say, by its process id, and the socket by which it is
    asked; None where they cannot be read, which the server says when it has looked at the whole snapshot."""
    try:
        read_into_memory(files)
    except (OSError, SyntaxError, ValueError):
        return None
    server = os.getpid()
    ours, theirs = socket.socketpair()
    gc.freeze()  # No collection touches what is shared.
    pid = os.fork()
    if pid:
        theirs.close()
        ours.setblocking(False)
        return pid, ours
    try:
        isolation.tie_to_parent(server)
        _keep_only(theirs.detach())
        isolation.forget_environment()
        with socket.socket(fileno=os.dup(0)) as channel:
            fork_workers(channel, server)
    finally:
        os._exit(0)


def _keep_only(channel: int) -> None:
    """Leaves a socket as standard input, and nothing else that is open."""
    os.chdir(ROOT)
    nothing = os.open(os.devnull, os.O_RDWR)
    for place, opened in enumerate((channel, nothing, nothing)):
        os.dup2(opened, place)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
