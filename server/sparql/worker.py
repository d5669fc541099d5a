"""The worker process, and the template from which workers are forked.

A worker reads jobs from a socket, runs them on one store and writes replies. It isolates itself before it opens the
store and may be killed at any moment; it keeps nothing that matters. The outcome of a job is ok, syntax, failed (the
query cannot be evaluated), rows, bytes, memory, unknown (a term is in no statement), store (it
cannot be read) or engine (a fault of the engine).

The template is a process that has loaded what a worker needs, where the store is in memory its statements too, and runs
no query. It forks a worker whenever it is asked: ready in a few milliseconds, where an interpreter takes two hundred,
and with the same pages of memory. It forks twice, so that the kernel gives the worker to the nearest ancestor that
adopts orphans: the server, whose child it then is (`server.sparql.pool`, Linux).

A job or a reply is a frame: a length of four bytes, big-endian, of a head and of a body each, then both. The head is a
JSON object, or, of a result, the four numbers that are told of one.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import socket
import struct
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples, Store

from ontology.namespaces import base_with
from server.linkeddata.jsonld import read_context
from server.sparql import isolation
from server.sparql.serializing import Overflow, write_graph, write_results
from server.store import is_unread, read_into_memory

NUMBER = struct.Struct(">I")
_RESULT = struct.Struct(">IddI")  # rows, seconds, processor seconds, peak memory: never begins with a brace
_LENGTHS = struct.Struct(">II")
_OF_RESULT = ("outcome", "rows", "seconds", "worked", "peak")
_PRIORITY = 5  # behind the server itself and behind workers that are starting
_ADOPTION_SECONDS = 5.0
BETWEEN = "\0"
"""Between the two forms of a query, of which the second is for data that know all terms that are needed for it."""
_NO_PATTERN = (
    "{} is no regular expression here, and would match nothing: a bracket is not closed, a flag is unknown, or it "
    "looks around or back, which the engine of this endpoint cannot"
)
Frame = tuple[dict[str, Any], bytes]


class Begun(NamedTuple):
    """A template that runs already: the files it has in memory, its process, and the socket by which it is asked."""

    files: tuple[Path, ...]
    pid: int
    channel: socket.socket


_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = lru_cache(maxsize=64)(json.loads)


def packed_head(head: Mapping[str, Any]) -> bytes:
    """The head of a frame, for `pack`."""
    if tuple(head) == _OF_RESULT and head["outcome"] == "ok":
        return _RESULT.pack(head["rows"], head["seconds"], head["worked"], head["peak"])
    return _encode(head).encode()


@lru_cache(maxsize=256)
def job_head(
    form: str,
    default: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    patterns: tuple[str, ...],
    needed: tuple[str, ...],
    rows: int,
    size: int,
) -> bytes:
    """What a worker is told beside the query, which is mostly the same."""
    head = {"format": form, "default": default, "named": named, "patterns": patterns, "needed": needed}
    return packed_head({**head, "rows": rows, "size": size})


def _read_head(head: bytes) -> dict[str, Any]:
    if head.startswith(b"{"):
        return _decode(head)  # type: ignore[no-any-return]
    return dict(zip(_OF_RESULT, ("ok", *_RESULT.unpack(head)), strict=True))


def pack(head: Mapping[str, Any] | bytes, body: bytes = b"") -> bytes:
    """One frame."""
    told = head if isinstance(head, bytes) else packed_head(head)
    return _LENGTHS.pack(len(told), len(body)) + told + body


class FrameReader:
    """Collects bytes until they are a frame."""

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, received: bytes) -> Frame | None:
        """The frame these bytes complete, or None."""
        collected: bytes | bytearray = received
        if self._bytes:
            self._bytes += received
            collected = self._bytes
        if len(collected) >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(collected)
            start = _LENGTHS.size + head
            if len(collected) >= start + body:
                self._bytes = bytearray()
                whole = memoryview(collected)[: start + body]
                return _read_head(bytes(whole[_LENGTHS.size : start])), bytes(whole[start:])
        if collected is received:
            self._bytes += received
        return None


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

    def answer(self, job: dict[str, Any], text: str) -> Frame:
        """The reply to a job; whatever a query does wrong is in it."""
        started = time.perf_counter()
        try:
            head, body = self._run(job, text)
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

    def _run(self, job: dict[str, Any], text: str) -> Frame:
        default, named, form, rows = job["default"], job["named"], job["format"], job["rows"]
        chosen = default is not None or named is not None
        if job["needed"]:
            sure, _, quick = text.partition(BETWEEN)
            text = quick if all(map(self._knows, job["needed"])) else sure
        for pattern in job["patterns"]:
            tried = self._store.query(f"SELECT (REGEX('', {pattern}) AS ?x) {{}}")
            if isinstance(tried, QuerySolutions) and next(tried)["x"] is None:
                return {"outcome": "failed", "message": _NO_PATTERN.format(pattern)}, b""
        results = self._store.query(
            text,
            base_iri=self._base,
            use_default_graph_as_union=not chosen,
            default_graph=[NamedNode(graph) for graph in default or ()] if chosen else None,
            named_graphs=[NamedNode(graph) for graph in named or ()] if chosen else None,
        )
        if isinstance(results, QueryTriples):
            return write_graph(results, form, rows, job["size"], self._prefixes, self._context)
        return write_results(results, form, rows, job["size"])

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
    reader = FrameReader()
    runner: Runner | None = None
    while received := channel.recv(1 << 16):
        frame = reader.feed(received)
        if frame is None:
            continue
        head, body = frame
        if runner is None:
            runner, isolated = _open(head)
            isolation.tie_to_parent(server)  # Again: a change of rights unties it.
            channel.sendall(pack({"outcome": "ready", "isolation": isolated, "worked": time.thread_time()}))
            with suppress(OSError):  # without it they only compete more with the server
                os.nice(_PRIORITY)
        else:
            channel.sendall(pack(*runner.answer(head, body.decode())))


def _fork(channel: socket.socket, handed: list[int], server: int) -> int:
    """The process id of a new worker with a socket and a pipe for what it writes to standard error; 0 if there is
    none."""
    reading, writing = os.pipe()
    between = os.fork()
    if not between:
        try:
            number = os.fork()
            if number:
                os.write(writing, NUMBER.pack(number))
                os._exit(0)
            channel.close()
            for inherited in (0, reading, writing):
                os.close(inherited)
            os.dup2(handed[1], 2)
            os.close(handed[1])
            _work(handed[0], server)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        found = told.read(NUMBER.size)
    os.waitpid(between, 0)
    return int(NUMBER.unpack(found)[0]) if found else 0


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
        number = _fork(channel, handed, server)
        for descriptor in handed:
            os.close(descriptor)
        channel.sendall(NUMBER.pack(number))


def main() -> None:
    """``serve SERVER`` is a worker with an interpreter of its own, ``fork SERVER FILE…`` a template for workers that
    have these files in memory; both have the process id of the server and a socket as standard input."""
    server = int(sys.argv[2])
    isolation.tie_to_parent(server)
    with socket.socket(fileno=os.dup(0)) as channel:
        if sys.argv[1] == "serve":
            serve(channel, server)
            return
        if len(sys.argv) > 3:
            with suppress(OSError, SyntaxError, ValueError):  # a worker tries again, and says what is wrong
                read_into_memory(tuple(map(Path, sys.argv[3:])))
        channel.sendall(NUMBER.pack(1))
        gc.freeze()  # What is loaded stays shared: no collection touches it in a worker.
        fork_workers(channel, server)


if __name__ == "__main__":
    main()
