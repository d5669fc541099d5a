"""Serving, measured: requests a second and latency beside a constant body, nginx and the peers, in one run.

    python -m benchmarks.serving                 prints the section
    python -m benchmarks.serving --write         puts it between its marks in docs/benchmarks.md
    python -m benchmarks.serving --seconds 1 --rounds 1 --connections 1,32

Every figure in the section was printed by the run that it names.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.serving_load import Load, Rate, measure, save
from benchmarks.serving_peers import (
    ROOT,
    constant,
    file_server,
    nginx,
    oxigraph,
    palermo,
    processor_seconds,
    rdflib_endpoint,
)
from benchmarks.serving_report import Measured, Start, section, write_section
from benchmarks.serving_work import PAGE, TURTLE, constants, ours, theirs
from benchmarks.watching import tree_memory
from ontology.namespaces import Base

OURS, PAIR, ASGI, NGINX = "Palermo", "Palermo, 2 processes", "raw ASGI, constant", "nginx, file"
Serving = Callable[[int], AbstractContextManager[int]]
TWO = ("page, computed", "look-up", "join of 100 rows")
"""What is asked of two processes as well."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its name in the report, its address, its process, and what it can be asked."""

    name: str
    address: str
    process: int
    loads: dict[str, Load]

    def settle(self) -> None:
        """Waits until it has nothing left to do: what clients of the last measurement no longer wait for."""
        until, before = time.monotonic() + 30, -1.0
        while (now := processor_seconds(self.process)) - before > 0.02 and time.monotonic() < until:
            before = now
            time.sleep(0.25)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often: connections of each measurement, seconds and rounds."""

    connections: tuple[int, ...]
    seconds: float
    rounds: int

    def run(self, servers: Sequence[Server]) -> Iterator[Measured]:
        """Measures everything, one thing after the other; in each round all servers that have it, one right after the
        other, so that a machine that has other things to do has them for all."""
        for what in dict.fromkeys(name for server in servers for name in server.loads):
            asked = [server for server in servers if what in server.loads]
            for server in asked:
                measure(server.address, server.loads[what], 8, 1)
                server.settle()
            for connections in self.connections:
                rounds = [[self._once(server, what, connections) for server in asked] for _ in range(self.rounds)]
                for server, found in zip(asked, zip(*rounds, strict=True), strict=True):
                    costs = statistics.median(cost for _, cost in found)
                    yield _said(Measured(server.name, what, connections, tuple(rate for rate, _ in found), costs))

    def _once(self, server: Server, what: str, connections: int) -> tuple[Rate, float]:
        """One measurement, and the processor time of a request in milliseconds."""
        before = processor_seconds(server.process)
        rate = measure(server.address, server.loads[what], connections, self.seconds)
        cost = (processor_seconds(server.process) - before) * 1000 / max(1, rate.sent)
        server.settle()
        return rate, cost


def _said(found: Measured) -> Measured:
    middle = found.median
    print(
        f"{found.who:22} {found.what:28} {found.connections:4} connections  {middle.per_second:9.0f} a second  "
        f"median {middle.median:8.2f} ms  99 % {middle.late:8.2f} ms  refused {middle.refused:.1%}  "
        f"processor {found.processor:.3f} ms",
        file=sys.stderr,
        flush=True,
    )
    return found


def free_port() -> int:
    """A port that nothing listens on."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def fetch(address: str, accept: str) -> bytes:
    """The body of an address in one format."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept}), timeout=20) as reply:
        body: bytes = reply.read()
        return body


def measure_start(base: str, snapshots: Path, port: int, rounds: int) -> Start:
    """From the command to the first page, and Python's part of it: the imports alone."""
    whole, imports = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        with palermo(base, snapshots, port):
            fetch(f"http://127.0.0.1:{port}/", "text/html")
            whole.append(time.perf_counter() - started)
        started = time.perf_counter()
        command = [sys.executable, "-c", "import palermo, server.running, server.command"]
        subprocess.run(command, cwd=ROOT, check=True)
        imports.append(time.perf_counter() - started)
    return Start(statistics.median(whole), statistics.median(imports))


def run(plan: Plan, folder: Path) -> str:
    """Measures everything and returns the section."""
    from ingest.build import build
    from ingest.corpus import BuildSettings

    base = Base(f"http://localhost:{free_port()}/")
    snapshots = folder / "snapshots"
    build(BuildSettings(base=base, snapshots=snapshots), lambda line: print(line, file=sys.stderr))
    current = (snapshots / base.slug / "current").resolve()
    with contextlib.ExitStack() as stack:
        servers: list[Server] = []

        def add(name: str, serving: Serving, make: Callable[[str], dict[str, Load]]) -> str:
            port = free_port()
            process = stack.enter_context(serving(port))
            servers.append(Server(name, f"http://127.0.0.1:{port}", process, make(f"http://127.0.0.1:{port}")))
            return servers[-1].address

        start = measure_start(base.iri, snapshots, free_port(), max(3, plan.rounds))
        address = add(OURS, partial(palermo, base.iri, snapshots), partial(ours, base.iri))
        time.sleep(2)
        idle = tree_memory(servers[0].process)
        for what, path, accept in (("page", PAGE, "text/html"), ("resource in Turtle", TURTLE, "text/turtle")):
            body = save(folder / accept.partition("/")[2], "body.html", fetch(address + path, accept))
            add(ASGI, partial(constant, body), partial(constants, what, "/"))
            if nginx() is not None:
                add(NGINX, partial(file_server, body), partial(constants, what, "/body.html"))
        pair = partial(palermo, base.iri, snapshots, processes=2)
        add(PAIR, pair, lambda at: {name: load for name, load in ours(base.iri, at).items() if name in TWO})
        peer = partial(oxigraph, current / "graph.nq", folder / "oxigraph")
        add("Oxigraph server", peer, lambda _: theirs(base.iri, "/query"))
        endpoint = partial(rdflib_endpoint, current / "dumps" / "palermo.ttl")
        add("rdflib-endpoint", endpoint, lambda _: theirs(base.iri, "/"))
        return section(list(plan.run(servers)), start, idle, plan.seconds, plan.rounds)


def main() -> int:
    """Measures as the arguments say, prints the section and, if told so, writes it down."""
    options = argparse.ArgumentParser(description="Measures how fast pages, resources and queries are served.")
    options.add_argument("--connections", default="1,32,256", help="numbers of connections, with commas")
    options.add_argument("--seconds", type=float, default=3, help="length of one measurement")
    options.add_argument("--rounds", type=int, default=3, help="how often each is repeated; the median counts")
    options.add_argument("--write", action="store_true", help="write the section into docs/benchmarks.md")
    chosen = options.parse_args()
    plan = Plan(tuple(map(int, chosen.connections.split(","))), chosen.seconds, chosen.rounds)
    with tempfile.TemporaryDirectory() as folder:
        text = run(plan, Path(folder))
    print(text)
    if chosen.write:
        write_section(ROOT / "docs" / "benchmarks.md", "serving", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
