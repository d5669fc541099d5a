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


REFUSING_NAMESPACES = """
import ctypes, pathlib, socket, struct, sys
from pyoxigraph import Store
from ontology.namespaces import Base
from server.sparql.worker import _open

calls = {"x86_64": 272, "aarch64": 97}  # unshare(2), which the kernel answers with EPERM from here on
lines = ((0x20, 0, 0, 0), (0x15, 0, 1, calls[sys.argv[2]]), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000))
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(lines), ctypes.addressof(code)))
system = ctypes.CDLL(None)
assert system.prctl(38, 1, 0, 0, 0) == 0 and system.prctl(22, 2, program, 0, 0) == 0
folder = pathlib.Path(sys.argv[1]) / "store"
Store(str(folder)).flush()
base = Base("http://localhost/")
setting = {"store": str(folder), "base": base.iri, "prefixes": base.prefixes(), "in_memory": []}
_, held = _open(setting | {"memory": 900_000_000})
print(sorted(name for name in held if not held[name]))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9))
socket.create_connection(("127.0.0.1", 9))
"""


def test_where_only_tcp_is_refused_it_is_not_said_to_have_no_network(tmp_path: Path) -> None:
    command = [sys.executable, "-c", REFUSING_NAMESPACES, str(tmp_path), os.uname().machine]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "['network']\n", done.stderr
    assert "PermissionError" in done.stderr.splitlines()[-1], "of the connection, not of the datagram before it"
    assert "create_connection" in done.stderr


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
