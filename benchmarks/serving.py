"""Serving, measured: requests a second and processor time beside the commit of 28 November 2026, a constant body,
nginx and the peers, in one run of about five minutes.

    python -m benchmarks.serving                 prints the section
    python -m benchmarks.serving --write         puts it between its marks in docs/benchmarks.md
    python -m benchmarks.serving --seconds 1 --rounds 1

Every figure in the section was printed by the run that it names.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import serving_peers as peers
from benchmarks import serving_report as report
from benchmarks.report import replace_section
from benchmarks.serving_load import Load, Rate, measure, save
from benchmarks.serving_peers import ROOT
from benchmarks.serving_report import COMPUTED, JOIN, LOOK_UP, NOW, OLD, Idle, Measured
from benchmarks.serving_work import PAGE, computed, constants, ours, theirs
from benchmarks.watching import processor_seconds, tree_memory
from ontology.namespaces import Base

Serving = Callable[[int], AbstractContextManager[int]]
CONNECTIONS = {report.PAGE: (1, 16, 32), LOOK_UP: (16, 32), JOIN: (16, 32), report.AGGREGATE: (16, 32), COMPUTED: (1,)}
"""What is measured, and on how many connections."""
ONCE = 32
"""The only number of connections for what is slow or stands beside other figures already."""
_ONCE = (report.RDFLIB, report.PAIR, report.BUSY, report.BUSY_PAIR)
WORKS = 0.00005
"""Seconds of an application that only computes, about as long as a look-up."""


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
            time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often."""

    seconds: float
    rounds: int

    def run(self, servers: Sequence[Server]) -> Iterator[Measured]:
        """Measures everything, one thing after the other; in each round all servers that have it, one right after the
        other, so that a machine that has other things to do has them for all."""
        for what, counts in CONNECTIONS.items():
            having = [server for server in servers if what in server.loads]
            for server in having:
                measure(server.address, server.loads[what], 8, 1)
                server.settle()
            for count in counts:
                asked = [server for server in having if server.name not in _ONCE or count == ONCE]
                rounds = [[self._once(server, what, count) for server in asked] for _ in range(self.rounds)]
                for server, found in zip(asked, zip(*rounds, strict=True), strict=True):
                    cost, own = (statistics.median(each[place] for each in found) for place in (1, 2))
                    yield _said(Measured(server.name, what, count, tuple(rate for rate, _, _ in found), cost, own))

    def _once(self, server: Server, what: str, connections: int) -> tuple[Rate, float, float]:
        """One measurement, and the processor time of a request in milliseconds: in all processes, and in the first."""
        before = [processor_seconds(server.process, alone=alone) for alone in (False, True)]
        rate = measure(server.address, server.loads[what], connections, self.seconds)
        after = [processor_seconds(server.process, alone=alone) for alone in (False, True)]
        whole, own = ((end - start) * 1000 / max(1, rate.sent) for start, end in zip(before, after, strict=True))
        server.settle()
        return rate, whole, own


def _said(found: Measured) -> Measured:
    middle = found.median
    print(
        f"{found.who:22} {found.what:18} {found.connections:4} connections  {middle.per_second:9.0f} a second  "
        f"median {middle.median:8.2f} ms  99 % {middle.late:8.2f} ms  refused {middle.refused:.1%}  "
        f"processor {found.processor:.3f} ms, own {found.own:.3f} ms",
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


def measure_idle(base: str, snapshots: Path, root: Path, rounds: int = 3) -> Idle:
    """Starts a checkout's server a few times."""
    starts, memory = [], []
    for _ in range(rounds):
        port, started = free_port(), time.perf_counter()
        with peers.palermo(base, snapshots, port, root=root) as process:
            fetch(f"http://127.0.0.1:{port}/", "text/html")
            starts.append(time.perf_counter() - started)
            time.sleep(2)
            memory.append(tree_memory(process))
    return Idle(statistics.median(starts), int(statistics.median(memory)))


def run(plan: Plan, folder: Path) -> str:
    """Measures everything and returns the section."""
    base = Base(f"http://localhost:{free_port()}/").iri
    with contextlib.ExitStack() as stack:
        servers: list[Server] = []

        def add(name: str, serving: Serving, make: Callable[[str], dict[str, Load]]) -> str:
            port = free_port()
            process = stack.enter_context(serving(port))
            servers.append(Server(name, f"http://127.0.0.1:{port}", process, make(f"http://127.0.0.1:{port}")))
            return servers[-1].address

        before = stack.enter_context(peers.checkout(peers.BEFORE, folder / "checkout"))
        new, old = folder / "new", folder / "old"
        idle: list[Idle] = []
        for root, snapshots in ((ROOT, new), (before, old)):
            peers.publish(base, snapshots, root)
            idle.append(measure_idle(base, snapshots, root))
        current = next(new.glob("*/current")).resolve()
        address = add(NOW, partial(peers.palermo, base, new), partial(ours, base))
        add(OLD, partial(peers.palermo, base, old, root=before), partial(ours, base))
        add(NOW, partial(peers.palermo, base, new, keeps=False), lambda _: computed())
        add(OLD, partial(peers.palermo, base, old, root=before, keeps=False), lambda _: computed())
        body = save(folder / "constant", "body.html", fetch(address + PAGE, "text/html"))
        add(report.ASGI, partial(peers.constant, body), partial(constants, report.PAGE, "/"))
        if peers.nginx() is not None:
            add(report.NGINX, partial(peers.file_server, body), partial(constants, report.PAGE, "/body.html"))
        pair = partial(peers.palermo, base, new, processes=2)
        add(report.PAIR, pair, lambda at: {name: load for name, load in ours(base, at).items() if name == LOOK_UP})
        for name, processes in ((report.BUSY, 1), (report.BUSY_PAIR, 2)):
            busy = partial(peers.constant, save(folder / "busy", "body.html", b"{}"), processes=processes, works=WORKS)
            add(name, busy, partial(constants, LOOK_UP, "/"))
        add(
            report.OXIGRAPH,
            partial(peers.oxigraph, current / "graph.nq", folder / "oxigraph"),
            lambda _: theirs(base, "/query"),
        )
        endpoint = partial(peers.rdflib_endpoint, current / "dumps" / "palermo.ttl")
        add(report.RDFLIB, endpoint, lambda _: {LOOK_UP: theirs(base, "/")[LOOK_UP]})
        found = list(plan.run(servers))
        return report.section(found, list(report.figures(found, *idle)), plan.seconds, plan.rounds)


def main() -> int:
    """Measures as the arguments say, prints the section and, if told so, writes it down."""
    options = argparse.ArgumentParser(description="Measures how fast pages and queries are served.")
    options.add_argument("--seconds", type=float, default=2, help="length of one measurement")
    options.add_argument("--rounds", type=int, default=3, help="how often each is repeated; the median counts")
    options.add_argument("--write", action="store_true", help="write the section into docs/benchmarks.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = run(Plan(chosen.seconds, chosen.rounds), Path(folder))
    print(text)
    if chosen.write:
        replace_section(ROOT / "docs" / "benchmarks.md", "serving", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
