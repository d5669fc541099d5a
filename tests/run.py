"""Runs every check and test in order, and names at the end each part that could not run and why."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def steps(system: bool) -> list[tuple[str, list[str]]]:
    """The parts by name, cheapest first."""
    marker = "not system" if not system else "system or not system"
    return [
        ("lint", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("types", [str(BIN / "mypy")]),
        ("tests", [sys.executable, "-m", "pytest", "-q", "-m", marker, "--durations=10"]),
    ]


def main() -> int:
    """Runs all parts even when one fails; the exit status is 1 when any failed."""
    failed: list[str] = []
    for name, command in steps("--system" in sys.argv[1:]):
        started = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(f"== {name}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if status:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
