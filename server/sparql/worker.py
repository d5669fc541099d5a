"""The worker process, and the template from which workers are forked.

A worker reads jobs from a socket, runs them on one store and writes replies. It isolates itself before it opens the
store and may be killed at any moment; it keeps nothing that matters. The outcome of a job is ok, syntax, failed (the
query cannot be evaluated), rows, bytes, memory, store (it cannot be read) or engine (a fault of the engine).

The template is a process that has loaded what a worker needs, where the store is in memory its statements too, and runs
no query. It forks a worker whenever it is asked: ready in a few milliseconds, where an interpreter takes two hundred,
and with the same pages of memory. It forks twice, so that the kernel gives the worker to the nearest ancestor that
adopts orphans: the server, whose child it then is (`server.sparql.pool`, Linux).

A job is a line of JSON: a list of what is told beside a query, and the query. The line before all jobs says which store
the worker has, and how much memory. A reply is a line of JSON as well, and behind it as many bytes of a result as its
``size`` says.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions, Store

from ontology.namespaces import base_with
from server.linkeddata.jsonld import read_context
from server.sparql import isolation
from server.sparql.serializing import Overflow, Reply, write_reply
from server.store import is_unread, read_into_memory

_PRIORITY = 5  # behind the server itself and behind workers that are starting
_ADOPTION_SECONDS = 5.0
_NO_PATTERN = (
    "{} is no regular expression here, and would match nothing: a bracket is not closed, a flag is unknown, or it "
    "looks around or back, which the engine of this endpoint cannot"
)


class Runner:
    """Runs jobs on one store. ``setting`` says which store, the base IRI and the prefixes. Raises `OSError` for a store
    that cannot be opened."""

    def __init__(self, setting: dict[str, Any]) -> None:
        self._base: str = setting["base"]
        self._prefixes: dict[str, str] = setting["prefixes"]
        self._context = read_context(base_with(self._base, self._prefixes))
        files = tuple(map(Path, setting["in_memory"]))
        self._store = read_into_memory(files) if files else Store.read_only(setting["store"])
        self._begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def answer(self, told: dict[str, Any], query: str) -> Reply:
        """The reply to a query; whatever it does wrong is in it.

        The ``format`` of its result and the most ``rows`` and bytes (``size``) of that are told, and maybe the
        ``graphs`` it is asked of, default and named, ``patterns`` to be tried before, and a ``quick`` form of it for a
        store that knows all terms that are ``needed`` for it.
        """
        started = time.perf_counter()
        try:
            head, body = self._run(told, query)
        except Overflow as over:
            head, body = {"outcome": over.unit}, b""
        except SyntaxError as problem:
            head, body = {"outcome": "syntax", "message": str(problem)}, b""
        except MemoryError:
            head, body = {"outcome": "memory"}, b""
        except OSError as problem:
            outcome = "memory" if "memory" in str(problem) else "store"
            head, body = {"outcome": outcome, "message": str(problem)}, b""
        except (ValueError, RuntimeError) as problem:
            head, body = {"outcome": "store" if is_unread(problem) else "failed", "message": str(problem)}, b""
        except BaseException as problem:
            head, body = {"outcome": "engine", "message": str(problem)}, b""
        head["seconds"] = time.perf_counter() - started
        head["worked"] = time.thread_time()
        head["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self._begun
        return head, body

    def _run(self, told: dict[str, Any], query: str) -> Reply:
        default, named = (list[Any](map(NamedNode, part)) for part in told.get("graphs") or ((), ()))
        union = not default and not named
        if told.get("quick") and all(map(self._knows, told["needed"])):
            query = told["quick"]
        for pattern in told.get("patterns", ()):
            tried = self._store.query(f"SELECT (REGEX('', {pattern}) AS ?x) {{}}")
            if isinstance(tried, QuerySolutions) and next(tried)["x"] is None:
                return {"outcome": "failed", "message": _NO_PATTERN.format(pattern)}, b""
        results = self._store.query(
            query,
            base_iri=self._base,
            use_default_graph_as_union=union,
            default_graph=None if union else default,
            named_graphs=None if union else named,
        )
        return write_reply(results, told["format"], told["rows"], told["size"], self._prefixes, self._context)

    def _knows(self, iri: str) -> bool:
        """Whether a node is an end of a statement."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return False
        find = self._store.quads_for_pattern
        return any(next(find(*ends), None) for ends in ((node, None, None, None), (None, None, node, None)))


def _open(setting: dict[str, Any]) -> tuple[Runner, dict[str, bool]]:
    """A runner in a process that is isolated from then on, and what holds of the isolation."""
    isolation.end_first()
    network = isolation.leave_network()
    isolation.allow_deep_stack()
    runner = Runner(setting)
    memory = isolation.limit_memory(setting["memory"])
    files, tcp = isolation.restrict_files(Path(setting["store"]))
    rights = isolation.drop_rights()
    held = {"network": network, "tcp": network or tcp, "memory": memory, "files": files, "rights": rights}
    return runner, held


def serve(channel: socket.socket, server: int) -> None:
    """Isolates the process, and serves jobs until the socket closes or the server ends."""
    with channel.makefile("rb") as jobs:
        runner, isolated = _open(json.loads(jobs.readline()))
        isolation.tie_to_parent(server)  # Again: a change of rights unties it.
        _send(channel, {"outcome": "ready", "isolation": isolated, "worked": time.thread_time()}, b"")
        with suppress(OSError):  # without it they only compete more with the server
            os.nice(_PRIORITY)
        for job in jobs:
            _send(channel, *runner.answer(*json.loads(job)))


def _send(channel: socket.socket, head: dict[str, Any], body: bytes) -> None:
    channel.sendall(json.dumps({**head, "size": len(body)}).encode() + b"\n" + body)


def _fork(channel: socket.socket, handed: list[int], server: int) -> None:
    """Forks a worker with a socket and a pipe for what it writes to standard error, and tells its process id, or
    0."""
    between = os.fork()
    if between:
        if os.waitpid(between, 0)[1]:
            channel.sendall(b"0")
        return
    try:
        number = os.fork()
        if number:
            channel.sendall(b"%d" % number)
            os._exit(0)
        channel.close()
        os.close(0)
        os.dup2(handed[1], 2)
        os.close(handed[1])
        _work(handed[0], server)
    finally:
        os._exit(1)


def _work(handed: int, server: int) -> None:
    """Runs the worker once the server is its parent; writes an error to standard error."""
    until = time.monotonic() + _ADOPTION_SECONDS
    while os.getppid() != server:
        if time.monotonic() > until:
            return
        time.sleep(0.0002)
    isolation.tie_to_parent(server)
    try:
        with socket.socket(fileno=handed) as channel:
            serve(channel, server)
    except Exception as problem:
        os.write(2, f"{type(problem).__name__}: {problem}\n".encode())


def fork_workers(channel: socket.socket, server: int) -> None:
    """Forks a worker for each socket and pipe that come, until the channel closes."""
    while True:
        _, handed, _, _ = socket.recv_fds(channel, 1, 2)
        if not handed:
            return
        _fork(channel, handed, server)
        for descriptor in handed:
            os.close(descriptor)


def main() -> None:
    """``serve SERVER`` is a worker with an interpreter of its own, ``fork SERVER FILE…`` a template for workers that
    have these files in memory; both have the process id of the server and a socket as standard input."""
    server = int(sys.argv[2])
    isolation.tie_to_parent(server)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # a server of several processes hands its socket on to all it starts
    with socket.socket(fileno=os.dup(0)) as channel:
        if sys.argv[1] == "serve":
            serve(channel, server)
            return
        if len(sys.argv) > 3:
            with suppress(OSError, SyntaxError, ValueError):  # a worker tries again, and says what is wrong
                read_into_memory(tuple(map(Path, sys.argv[3:])))
        channel.sendall(b"1")
        gc.freeze()  # What is loaded stays shared: no collection touches it in a worker.
        fork_workers(channel, server)


if __name__ == "__main__":
    main()
