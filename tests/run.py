"""Runs every check and test in order, and names at the end each part that could not run and why."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def steps(system: bool) -> list[tuple[str, list[str]]]:
    """The parts by name, cheapest first. Tests that judge time run by themselves; the others share the cores."""
    pytest = [sys.executable, "-m", "pytest", "-q", "--durations=5"]
    shared = [*pytest, "--numprocesses=2", "--dist=loadfile"]
    parts = [
        ("lint", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("types", [str(BIN / "mypy")]),
        ("tests", [*shared, "-m", "not system and not timing and not browser"]),
        ("tests in a browser", [*shared, "-m", "browser and not system and not timing"]),
        ("tests of time", [*pytest, "-m", "timing and not system"]),
    ]
    if system:
        parts.append(("tests with servers from outside", [*pytest, "-m", "system"]))
    return parts


def run(command: list[str]) -> bool:
    """Whether the command ends well."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Runs all parts even when one fails; the exit status is 1 when any failed.

    What fails among tests is tried once more by itself, since a busy machine can break a test that judges time; a part
    that needed it is named at the end.
    """
    failed: list[str] = []
    again: list[str] = []
    begun = time.monotonic()
    for name, command in steps("--system" in sys.argv[1:]):
        started = time.monotonic()
        passed = run(command)
        if not passed and "pytest" in command:
            print(f"== {name}: what failed is tried once more by itself", flush=True)
            passed = run([*command, "--last-failed", "--numprocesses=0"])
            again += [name]
        print(f"== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if not passed:
            failed.append(name)
    print(f"== everything: {time.monotonic() - begun:.0f} s", flush=True)
    if again:
        print(f"Needed a second try: {', '.join(again)}")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
