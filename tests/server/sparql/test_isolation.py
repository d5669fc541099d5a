"""What a worker process cannot do, tried from inside one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ontology.layout import ROOT

pytestmark = pytest.mark.linux

PROLOGUE = """
import errno, os, pathlib, socket, sys
from server.sparql import isolation
folder = pathlib.Path(sys.argv[1])
network = isolation.leave_network()
memory = isolation.limit_memory(50_000_000)
files, tcp = isolation.restrict_files(folder)
assert network and memory and files, (network, memory, files)
"""


def inside(tmp_path: Path, attempt: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "allowed").write_text("store")
    command = [sys.executable, "-c", PROLOGUE + attempt, str(tmp_path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_it_reads_below_its_folder(tmp_path: Path) -> None:
    done = inside(tmp_path, "print((folder / 'allowed').read_text(), sorted(os.listdir(folder)))")
    assert done.stdout == "store ['allowed']\n", done.stderr


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "os.listdir('/')",
        "open(folder / 'new', 'w')",
        "open(folder / 'allowed', 'a')",
        "os.remove(folder / 'allowed')",
        "os.mkdir(folder / 'new')",
        "os.symlink('/etc/passwd', folder / 'link')",
        "os.execv('/bin/sh', ['sh'])",
        "open('/tmp/escaped', 'w')",
    ],
)
def test_it_uses_no_other_file(tmp_path: Path, attempt: str) -> None:
    done = inside(tmp_path, attempt)
    assert "PermissionError" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("address", ["('127.0.0.1', 9)", "('192.0.2.1', 80)"])
def test_it_reaches_no_network(tmp_path: Path, address: str) -> None:
    done = inside(tmp_path, f"socket.create_connection({address}, 2)")
    assert "Error" in done.stderr
    assert any(sign in done.stderr for sign in ("unreachable", "not permitted", "Permission denied"))


def test_it_gets_no_more_memory_than_its_ceiling(tmp_path: Path) -> None:
    assert "MemoryError" in inside(tmp_path, "bytearray(200_000_000)").stderr
    assert inside(tmp_path, "bytearray(10_000_000)").returncode == 0


def test_it_ends_when_it_is_nobody_s_child() -> None:
    code = "from server.sparql import isolation; isolation.tie_to_parent(1); print('went on')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert os.getpid() != 1
    assert done.stdout == ""
