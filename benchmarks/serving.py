"""Serving, measured: requests a second and latency beside a constant body, nginx and the peers, in one run.

    python -m benchmarks.serving                 prints the section
    python -m benchmarks.serving --write         puts it between its marks in docs/benchmarks.md
    python -m benchmarks.serving --seconds 1 --rounds 1 --connections 1,32

Every figure in the section was printed by the run that it names.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving_load import Load, measure, save
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

TWO = ("page, computed", "look-up", "join of 100 rows")
"""What is asked of two processes as well."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often: connections of each measurement, seconds and rounds."""

    connections: tuple[int, ...]
    seconds: float
    rounds: int

    def run(self, base: str, loads: dict[str, Load], who: str, process: int) -> Iterator[Measured]:
        """Measures loads of one server: all rounds of one at each number of connections."""
        for name, load in loads.items():
            measure(base, load, min(8, max(self.connections)), 1)
            for connections in self.connections:
                rates, costs = [], []
                for _ in range(self.rounds):
                    before = processor_seconds(process)
                    rate = measure(base, load, connections, self.seconds)
                    rates.append(rate)
                    costs.append((processor_seconds(process) - before) * 1000 / max(1, rate.sent))
                yield _said(Measured(who, name, connections, tuple(rates), statistics.median(costs)))


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
    from ingest.build import BuildSettings, build

    base = Base(f"http://localhost:{free_port()}/")
    snapshots = folder / "snapshots"
    build(BuildSettings(base=base, snapshots=snapshots), lambda line: print(line, file=sys.stderr))
    current = (snapshots / base.slug / "current").resolve()
    port, beside = free_port(), free_port()
    found: list[Measured] = []
    start = measure_start(base.iri, snapshots, port, max(3, plan.rounds))
    address = f"http://127.0.0.1:{port}"
    with palermo(base.iri, snapshots, port) as process:
        time.sleep(2)
        idle = tree_memory(process)
        page = save(folder / "page", "body.html", fetch(address + PAGE, "text/html"))
        turtle = save(folder / "turtle", "body.html", fetch(address + TURTLE, "text/turtle"))
        found += plan.run(address, ours(base.iri, address), "Palermo", process)
    for body, what in ((page, "page"), (turtle, "resource in Turtle")):
        others: list[tuple[str, str, Callable[[Path, int], AbstractContextManager[int]]]] = [
            ("raw ASGI, constant", "/", constant)
        ]
        if nginx() is not None:
            others.append(("nginx, file", f"/{body.name}", file_server))
        for who, path, serving in others:
            with serving(body, beside) as process:
                found += plan.run(f"http://127.0.0.1:{beside}", constants(what, path), who, process)
    with palermo(base.iri, snapshots, port, processes=2) as process:
        loads = {name: load for name, load in ours(base.iri, address).items() if name in TWO}
        found += plan.run(address, loads, "Palermo, 2 processes", process)
    with oxigraph(current / "graph.nq", folder / "oxigraph", beside) as process:
        found += plan.run(f"http://127.0.0.1:{beside}", theirs(base.iri, "/query"), "Oxigraph server", process)
    with rdflib_endpoint(current / "dumps" / "palermo.ttl", beside) as process:
        found += plan.run(f"http://127.0.0.1:{beside}", theirs(base.iri, "/"), "rdflib-endpoint", process)
    return section(found, start, idle, plan.seconds, plan.rounds)


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
