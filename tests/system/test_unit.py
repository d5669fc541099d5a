"""The systemd unit: what systemd says about it, and a server that runs under its restrictions."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from ontology.namespaces import Base
from tests.conftest import publish_small
from tests.processes import free_port, started
from tests.system.unit import UNIT, command, environment

pytestmark = [pytest.mark.system, pytest.mark.linux]
MISSING = "These tests need systemd-analyze, which need not run as a service. On Debian: apt-get install systemd"


def test_the_unit_confined_is_as_tight_as_the_server_bears() -> None:
    """systemd's own measure, from 0 to 10: what is left open are the network, namespaces for workers, and priorities."""
    found = shutil.which("systemd-analyze")
    assert found, MISSING
    told = subprocess.run(
        [found, "security", "--offline=true", "--threshold=20", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_server_confined_as_the_unit_says_serves_and_tells_systemd(tmp_path: Path) -> None:
    base = Base(f"http://localhost:{free_port()}/")
    port = int(base.iri.rstrip("/").rpartition(":")[2])
    publish_small(tmp_path / "snapshots", base)
    rights = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    confined = [*rights, sys.executable, "-m", "tests.system.confined", *command(port)]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        given = environment(base.iri, tmp_path / "snapshots", LOG_LEVEL="warning")
        given["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        with (
            (tmp_path / "log").open("wb") as log,
            started(confined, f"{base.iri}health/ready", given, output=log) as process,
        ):
            assert systemd.recv(100) == b"READY=1\nWATCHDOG=1"
            ready = httpx2.get(f"{base.iri}health/ready").text
            assert "workers network: yes, tcp: yes, memory: yes, files: yes, rights: yes" in ready
            for path in ("doc/actor/states-parties", "doc/actor/states-parties.rdf", "dumps/palermo.nq", "metrics"):
                assert httpx2.get(f"{base.iri}{path}").status_code == 200, path
            asked = httpx2.get(f"{base.iri}sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 3"})
            assert asked.status_code == 200
            status = Path(f"/proc/{process.pid}/status").read_text()
            assert "Seccomp:\t2\n" in status
            assert "NoNewPrivs:\t1\n" in status
    assert (tmp_path / "log").read_text().splitlines()[1:] == [], "It says that it serves, and complains of nothing."
