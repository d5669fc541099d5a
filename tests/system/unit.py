"""The systemd unit that operators are given, run by hand: its command and its environment, with folders of a test."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ontology.layout import ROOT
from tests.processes import started

UNIT = ROOT / "docs" / "deploy" / "palermo@.service"


def values(name: str) -> list[str]:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"{name}=") for line in lines if line.startswith(f"{name}=")]


def command(port: int) -> list[str]:
    """The unit's command for a port, with this checkout in the place of the installation."""
    (line,) = values("ExecStart")
    installed, *arguments = shlex.split(line.replace("%i", str(port)))
    assert installed == "/opt/palermo/.venv/bin/palermo"
    return [sys.executable, str(ROOT / "palermo.py"), *arguments]


def environment(base: str, snapshots: Path, **further: str) -> dict[str, str]:
    """The unit's environment, with a base and a snapshots folder of the test, and further settings."""
    given = dict(value.split("=", 1) for value in values("Environment"))
    own = {"PALERMO_BASE": base, "PALERMO_SNAPSHOTS": str(snapshots)}
    assert own.keys() <= given.keys()
    return os.environ | given | own | {f"PALERMO_{name}": value for name, value in further.items()}


@contextlib.contextmanager
def server(port: int, base: str, snapshots: Path, **further: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server started as the unit starts it, answering; stopped as systemd stops it."""
    given = environment(base, snapshots, LOG_LEVEL="warning", **further)
    address = f"http://127.0.0.1:{port}/health/ready"
    with started(command(port), address, given, output=subprocess.DEVNULL) as process:
        yield process
