"""When no process that runs queries can start: a refusal in time, readiness and metrics say so, and all comes back."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from tests.conftest import publish_small
from tests.processes import figure

pytestmark = pytest.mark.linux


def query_processes() -> list[int]:
    """The processes of this one that run queries, and the one they are forked from."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [int(pid) for file in children for pid in file.read_text().split()]
    found = []
    for pid in pids:
        with contextlib.suppress(OSError):  # a process may end while this looks
            if b"server.sparql.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def gauge(client: TestClient, name: str) -> float:
    return figure(client.get("/metrics").text, f"palermo_{name} ")


def test_a_store_that_is_away_is_told_in_time_and_found_again(tmp_path: Path) -> None:
    base = Base("https://data.example.org/")
    publish_small(tmp_path, base)
    with TestClient(create_app(Settings(base=base.iri, snapshots=tmp_path))) as client:
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert (gauge(client, "query_isolated"), gauge(client, "workers_failing")) == (1, 0)
        store = next((tmp_path / base.slug).glob("versions/*/store"))
        store.rename(store.parent / "elsewhere")
        for pid in query_processes():
            with contextlib.suppress(ProcessLookupError):  # with the one it was forked from, a process has ended
                os.kill(pid, signal.SIGKILL)
        refused = client.get("/sparql", params={"query": "SELECT ?s { ?s ?p 1 }"})
        while refused.json()["detail"].startswith("The process that ran the query was ended"):
            refused = client.get("/sparql", params={"query": "SELECT ?s { ?s ?p 1 }"})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "no process that runs queries can be started" in refused.json()["detail"]
        unready = client.get("/health/ready", headers={"Accept": "text/plain"})
        assert (unready.status_code, "store" in unready.text, gauge(client, "workers_failing")) == (503, True, 1)
        (store.parent / "elsewhere").rename(store)
        while client.get("/health/ready").status_code != 200:
            time.sleep(0.05)
        assert client.get("/sparql", params={"query": "SELECT ?s { ?s ?p 2 }"}).status_code == 200


def test_while_the_process_that_forks_stands_still_queries_are_refused_in_time_and_then_answered_again(
    small_settings: Settings,
) -> None:
    limits = {"query_deadline_seconds": 3.0, "query_slow_after_seconds": 2.5}  # below what a fork may take, 5
    with TestClient(create_app(small_settings.model_copy(update=limits))) as client:
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        for pid in query_processes():
            with contextlib.suppress(OSError):
                forks = Path(f"/proc/{pid}/fd/0").is_symlink()  # workers have no standard input
                os.kill(pid, signal.SIGSTOP if forks else signal.SIGKILL)
        told: list[httpx2.Response] = []
        while not told or told[-1].status_code != 200:
            told.append(client.get("/sparql", params={"query": f"SELECT ?s {{ ?s ?p {len(told)} }}"}))
        refused = [reply for reply in told if reply.status_code != 200]
        assert refused, "A process that stands still forks none."
        assert {(reply.status_code, "retry-after" in reply.headers) for reply in refused} == {(503, True)}
        while client.get("/health/ready").status_code != 200:
            time.sleep(0.05)
        assert gauge(client, "workers_failing") == 0
