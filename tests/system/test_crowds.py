"""Crowds of clients that keep quiet: the server's memory hardly grows, and everybody else is served."""

from __future__ import annotations

import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from ontology.namespaces import Base
from tests.conftest import publish_small
from tests.processes import free_port, started

pytestmark = [pytest.mark.system, pytest.mark.linux]
GROWTH = 200_000_000
DESCRIPTORS = 1_024
IDLE = 5_000
READERS = 200
CODE = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}))
from server.running import run
from server.settings import Settings
raise SystemExit(run(Settings()))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server with few descriptors."""
    folder, port = tmp_path_factory.mktemp("crowd"), free_port()
    base = Base(f"http://localhost:{port}/")
    publish_small(folder, base)
    given = {"BASE": base.iri, "SNAPSHOTS": str(folder), "PORT": str(port), "LOG_LEVEL": "warning"}
    environment = {f"PALERMO_{name}": value for name, value in given.items()}
    command, address = [sys.executable, "-c", CODE], f"{base.iri}health/live"
    with started(command, address, environment, output=subprocess.DEVNULL, end=signal.SIGKILL) as process:
        ask(port)
        yield port, process.pid


def ask(port: int) -> None:
    """A reader of its own gets a page, a resource, a result and readiness."""
    for path in (
        "doc/actor/states-parties",
        "doc/actor/states-parties.ttl",
        f"sparql?query={quote('ASK {}')}",
        "health/ready",
    ):
        answer = httpx2.get(f"http://127.0.0.1:{port}/{path}", timeout=120)
        assert answer.status_code == 200, (path, answer.text)


def memory(pid: int) -> int:
    """The bytes that a process and its children have for themselves."""
    kilobytes = 0
    for each in (pid, *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        with suppress(OSError):  # a worker may end meanwhile
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024


@contextmanager
def connections(port: int, number: int, each: int, buffer: int = 0) -> Iterator[list[socket.socket]]:
    """Connections from addresses of this machine, so many from each."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], min(before[1], number + 500)), before[1]))
    with ExitStack() as closing:
        closing.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        opened = []
        for at in range(number):
            connection = closing.enter_context(socket.socket())
            if buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            connection.settimeout(30)
            connection.bind((f"127.0.{1 + at // each // 250}.{1 + at // each % 250}", 0))
            connection.connect(("127.0.0.1", port))
            opened.append(connection)
            if at % 1_000 == 999:
                ask(port)
        yield opened


def test_five_thousand_idle_connections_on_a_thousand_descriptors(place: tuple[int, int]) -> None:
    port, pid = place
    before = memory(pid)
    with connections(port, IDLE, 250):
        ask(port)
        assert len(list(Path(f"/proc/{pid}/fd").iterdir())) < DESCRIPTORS
        assert memory(pid) - before < GROWTH
    ask(port)


def test_two_hundred_readers_that_do_not_read(place: tuple[int, int]) -> None:
    """Each asks for five megabytes of its own, a gigabyte in all: half from one address, half from one each."""
    port, pid = place
    before = most = memory(pid)
    values = " ".join(map(str, range(3_000)))
    with connections(port, READERS // 2, READERS, 4096) as one, connections(port, READERS // 2, 1, 4096) as many:
        for number, connection in enumerate((*one, *many)):
            query = f'SELECT ?n ("{"x" * 1_500}{number}" AS ?pad) {{ VALUES ?n {{ {values} }} }}'.encode()
            head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(query) + query)
            most = max(most, memory(pid))
        for _ in range(5):
            ask(port)
            most = max(most, memory(pid))
            time.sleep(0.5)
    print(before, most)
    assert most - before < GROWTH
    ask(port)
