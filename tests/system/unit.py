"""The systemd unit that operators are given, run by hand: its command and its environment, with folders of a test."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from tests.conftest import ROOT

UNIT = ROOT / "docs" / "deploy" / "palermo@.service"


def _values(name: str) -> list[str]:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"{name}=") for line in lines if line.startswith(f"{name}=")]


def command(port: int) -> list[str]:
    """The unit's command for a port, with this checkout in the place of the installation."""
    (line,) = _values("ExecStart")
    installed, *arguments = shlex.split(line.replace("%i", str(port)))
    assert installed == "/opt/palermo/.venv/bin/palermo"
    return [sys.executable, str(ROOT / "palermo.py"), *arguments]


def environment(base: str, snapshots: Path, **further: str) -> dict[str, str]:
    """The unit's environment, with a base and a snapshots folder of the test, and further settings."""
    given = dict(value.split("=", 1) for value in _values("Environment"))
    own = {"PALERMO_BASE": base, "PALERMO_SNAPSHOTS": str(snapshots)}
    assert own.keys() <= given.keys()
    return os.environ | given | own | {f"PALERMO_{name}": value for name, value in further.items()}


@contextlib.contextmanager
def server(port: int, base: str, snapshots: Path, **further: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server started as the unit starts it, answering; stopped as systemd stops it."""
    process = subprocess.Popen(
        command(port),
        cwd=ROOT,
        env=environment(base, snapshots, LOG_LEVEL="warning", **further),
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200:
                    break
            assert process.poll() is None, "The server stopped before it answered."
            assert time.monotonic() < deadline, "The server did not answer within 30 seconds."
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
