"""Runs every check and test in order, and names at the end each part that could not run and why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
OUTSIDE = (
    ("nginx", "nginx-light", "behind_nginx or many_servers or front_machines"),
    ("virtuoso-t", "virtuoso-opensource-7-bin", "virtuoso"),
)
"""Programs from outside, Debian's packages that have them, and the names of the tests that need them."""


def absent() -> list[tuple[str, str, str]]:
    """Which of those programs are not on this machine."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    return [each for each in OUTSIDE if shutil.which(each[0], path=path) is None]


def steps(system: bool, platform: str) -> list[tuple[str, list[str]]]:
    """The parts by name, cheapest first. Tests that judge time run by themselves; the others share the cores.

    Tests of what only Linux offers are left out of them on another platform (`needing_linux` names them).
    """
    pytest = [sys.executable, "-m", "pytest", "-q", "--durations=5"]
    shared = [*pytest, "--numprocesses=2", "--dist=loadfile"]
    here = "" if platform == "linux" else " and not linux"
    parts = [
        ("lint", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("types", [str(BIN / "mypy")]),
        ("tests", [*shared, "-m", f"not system and not timing and not browser{here}"]),
        ("tests in a browser", [*shared, "-m", f"browser and not system and not timing{here}"]),
        ("tests of time", [*pytest, "-m", f"timing and not system{here}"]),
    ]
    if system:
        without = " and ".join(f"not ({tests})" for _, _, tests in absent())
        parts.append(("tests with servers from outside", [*shared, "-m", "system and not timing", "-k", without]))
        parts.append(("more tests of time", [*pytest, "-m", "system and timing"]))
    return parts


def needing_linux() -> list[str]:
    """The tests that need Linux, by name."""
    found = subprocess.run(
        ["git", "grep", "-l", "mark.linux", "--", "tests/**/test_*.py"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "linux", *found.stdout.split()]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [line for line in listed.splitlines() if "::" in line]


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
    system = "--system" in sys.argv[1:]
    begun = time.monotonic()
    for name, command in steps(system, sys.platform):
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
    if sys.platform != "linux":
        print("Not run here, since workers are isolated on Linux only:", *needing_linux(), sep="\n  ")
    if again:
        print(f"Needed a second try: {', '.join(again)}")
    for program, package, _ in absent() if system else ():
        print(f"Could not run: tests with {program}, which is not here. On Debian: apt-get install {package}")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
