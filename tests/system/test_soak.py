"""A soak: mixed requests with 5 % runaways, killed workers, a killed fork server, a switch of snapshots.

At its end memory, descriptors and processes are where they were, and no request was lost but those that were broken on
purpose. `make soak`, or ``EVERY=1``, lasts the ten minutes that show a slow leak; `make test-system` a quarter of one, with the
same events.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from ontology.layout import MANIFEST, checksum_of
from server.settings import Settings
from tests.conftest import free_port, process_of
from tests.hostile.flooding import RUNAWAYS
from tests.processes import until
from tests.system.test_crowds import memory

pytestmark = [pytest.mark.system, pytest.mark.linux]
SECONDS = float(os.environ.get("SOAK_SECONDS", "600" if os.environ.get("EVERY") else "16"))
CLIENTS = 6
BROKEN_FOR = 3.0
"""Seconds after a process was killed in which a query may be told so."""
MORE_MEMORY = 60_000_000
"""Half of it is what the allocator keeps of the largest answer that any thread has made."""
PAGES = (
    "/",
    "/doc/document/som-wg-2015",
    "/doc/document/som-wg-2015/paragraph/24",
    "/doc/document/som-wg-2015/paragraph/24.ttl",
    "/search?q=border+{n}",
    "/recommendations?q=training+{n}",
    "/recommendations.csv",
    "/crossref",
    "/queries/which-articles-under-which-theme",
    "/doc/instrument/smuggling-protocol/article/{few}",
    "/graph/editorial/som-wg-2015",
    "/dumps/palermo.nq",
    "/health/ready",
    "/metrics",
)
QUERIES = (
    "SELECT ({n} AS ?n) {{ }}",
    "SELECT ?s {{ ?s a ?class . FILTER(?s != <urn:{n}>) }} LIMIT 20",
    "SELECT (COUNT(*) + {n} AS ?n) {{ ?s a ?class }}",
)


@dataclass(slots=True)
class Soak:
    """What was asked and answered. ``killed`` is when a process was killed last."""

    port: int
    until: float
    answered: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    killed: float = 0.0

    def client(self, number: int) -> None:
        """One client on one connection, until the end."""
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while time.monotonic() < self.until:
            n, address = chance.randrange(10**9), f"10.3.{number}.1"
            if chance.random() < 0.05:
                path, address = "/sparql?query=" + quote(chance.choice(RUNAWAYS) % n), f"10.4.{number}.{n % 250}"
                kind, good = "runaway", (504, 503, 429, 400)
            elif chance.random() < 0.4:
                path = "/sparql?query=" + quote(chance.choice(QUERIES).format(n=n))
                kind, good = "query", (200,)
            else:
                path, kind, good = chance.choice(PAGES).format(n=n, few=1 + n % 20), "page", (200,)
            asked = time.monotonic()
            try:
                connection.request("GET", path, headers={"X-Forwarded-For": address, "Accept": "*/*"})
                reply = connection.getresponse()
                reply.read()
                status = reply.status
            except (OSError, http.client.HTTPException) as problem:
                self.lost.append(f"{path}: {problem!r}")
                connection.close()
                continue
            self.answered[f"{kind} {status}"] += 1
            told = status == 503 and reply.headers["Retry-After"] and (kind == "query" or path == "/health/ready")
            if status not in good and not (told and asked < self.killed + BROKEN_FOR):
                self.lost.append(f"{path}: {status}")
        connection.close()


def children(pid: int) -> dict[int, bool]:
    """The processes of a server that run queries, and of each whether it is the one that forks the others: workers have
    no standard input."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):
            if Path(f"/proc/{child}/cmdline").read_bytes():  # else it has ended
                found[int(child)] = Path(f"/proc/{child}/fd/0").is_symlink()
    return found


def held(pid: int) -> tuple[int, int]:
    """How many descriptors a server has open, and how many processes."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir())), len(children(pid))


def kill(soak: Soak, pid: int, *kinds: bool) -> None:
    """Kills the workers of a server (False), the process that forks them (True), or both."""
    soak.killed = time.monotonic()
    for child, forks in children(pid).items():
        if forks in kinds:
            os.kill(child, signal.SIGKILL)


def another_version(home: Path) -> Path:
    """The current version once more under another name."""
    current = (home / "current").resolve()
    copy = current.with_name(f"{current.name}.2")
    shutil.copytree(current, copy)
    manifest = json.loads((copy / MANIFEST).read_text()) | {"version": copy.name}
    (copy / MANIFEST).write_text(json.dumps(manifest | {"checksum": checksum_of(manifest)}))
    return copy


def test_nothing_leaks_and_nothing_is_lost(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.snapshots, tmp_path / "snapshots", symlinks=True)
    own = settings.model_copy(update={"snapshots": tmp_path / "snapshots"})
    fresh, port = another_version(own.folder), free_port()
    small = {"PAGE_CACHE_BYTES": "4000000", "QUERY_CACHE_BYTES": "4000000", "QUERY_DEADLINE_SECONDS": "3"}
    with process_of(own, PORT=str(port), SNAPSHOT_POLL_SECONDS="0.5", **small) as server:
        soak = Soak(port, time.monotonic() + SECONDS)
        clients = [threading.Thread(target=soak.client, args=(number,)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(SECONDS / 4)
        warm = memory(server.pid)
        kill(soak, server.pid, False)
        time.sleep(SECONDS / 4)
        (own.folder / "next").symlink_to(f"versions/{fresh.name}")
        (own.folder / "next").rename(own.folder / "current")
        time.sleep(SECONDS / 8)
        kill(soak, server.pid, True)
        time.sleep(SECONDS / 8)
        kill(soak, server.pid, True, False)
        for client in clients:
            client.join()
        assert not soak.lost, (soak.lost[:10], soak.answered)
        assert all(soak.answered[f"{kind} 200"] for kind in ("page", "query")), soak.answered

        def ask(path: str) -> str:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                connection.request("GET", path, headers={"Connection": "close"})
                return connection.getresponse().read().decode()

        until(lambda: ask("/health/ready").startswith(f"ready {fresh.name}\n"), "The switch")
        assert 'status="500"' not in ask("/metrics")
        until(lambda: held(server.pid)[1] <= 3, "The end of all workers but the two that stand by")
        now = held(server.pid)
        grown = memory(server.pid) - warm
        print(f"{sum(soak.answered.values())} requests in {SECONDS:g} s: {dict(soak.answered)}; {grown:+} bytes; {now}")
        assert now[0] <= 60
        assert grown < MORE_MEMORY
