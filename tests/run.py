"""Runs every check and test in order, and names at the end each part that could not run and why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PROCESSES = min(8, 2 * (os.cpu_count() or 1))
"""In how many processes tests run that share the cores: two a core, since much of a test is waiting for a server."""
OUTSIDE = (
    ("nginx", "nginx-light", "behind_nginx or many_servers"),
    ("systemd-analyze", "systemd", "confined"),
    ("apache2", "apache2-bin", "permanent_place"),
    ("/usr/share/java/owlapi-distribution.jar", "default-jdk-headless libowlapi-java", "owl_profile"),
    ("/usr/share/java/jena-arq.jar", "default-jdk-headless libapache-jena-java", "beside_jena"),
    ("virtuoso-t", "virtuoso-opensource-7-bin", "virtuoso"),
)
"""Programs or files from outside, Debian's packages that have them, and the names of the tests that need them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One command of the run. Only what judges time is tried twice: any other test that fails now and then has a fault.
    What runs beside the others takes one core."""

    name: str
    command: list[str]
    judges_time: bool = False
    beside: bool = False


def absent() -> list[tuple[str, str, str]]:
    """Which of those programs are not on this machine."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    return [each for each in OUTSIDE if not (shutil.which(each[0], path=path) or Path(each[0]).is_file())]


def parts_of(system: bool, platform: str) -> list[Part]:
    """All parts, cheapest first. Tests that judge time run by themselves; the others share the cores.

    Tests that need servers from outside are among the others, so that all use what was built once. Tests of what only
    Linux offers are left out of them on another platform (`needing_linux` names them).
    """
    pytest = [sys.executable, "-m", "pytest", "-q", "--durations=5"]
    shared = [*pytest, f"--numprocesses={PROCESSES}", "--dist=loadfile", "--no-loadscope-reorder"]
    here = ("" if system else " and not system") + ("" if platform == "linux" else " and not linux")
    without = " or ".join(tests for _, _, tests in absent())
    chosen = ["-k", f"not (system and ({without}))"] if system and without else []
    return [
        Part("lint", [str(BIN / "ruff"), "check", "."]),
        Part("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Part("types", [str(BIN / "mypy")], beside=True),
        Part("tests", [*shared, *chosen, "-m", f"not timing{here}"]),
        Part("tests of time", [*pytest, *files_with("timing"), "-m", f"timing{here}"], judges_time=True),
    ]


def files_with(mark: str) -> list[str]:
    """The files of tests in which this mark stands: to collect all the others takes longer than some parts run."""
    found = (path for path in sorted((ROOT / "tests").rglob("test_*.py")) if "node_modules" not in path.parts)
    words = ((path, path.read_text(encoding="utf-8")) for path in found)
    return [str(path.relative_to(ROOT)) for path, text in words if f"pytest.mark.{mark}" in text]


def needing_linux() -> list[str]:
    """The tests that need Linux, by name."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "linux", *files_with("linux")]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [line for line in listed.splitlines() if "::" in line]


def run(command: list[str]) -> bool:
    """Whether the command ends well. Python may keep what it compiled: tests start some hundred processes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def run_all(parts: Sequence[Part]) -> tuple[list[str], list[str]]:
    """Runs all parts even when one fails; returns the names of those that failed and of those that needed a second try.

    Tests that judge time are tried once more by themselves, since a busy machine can break them.
    """
    failed: list[str] = []
    again: list[str] = []

    def judge(part: Part) -> None:
        started = time.monotonic()
        passed = run(part.command)
        if not passed and part.judges_time:
            print(f"== {part.name}: what failed is tried once more by itself", flush=True)
            passed = run([*part.command, "--last-failed", "--numprocesses=0"])
            again.append(part.name)
        print(f"== {part.name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if not passed:
            failed.append(part.name)

    with ThreadPoolExecutor() as threads:
        beside = [threads.submit(judge, part) for part in parts if part.beside]
        for part in parts:
            if not part.beside:
                judge(part)
        for each in beside:
            each.result()
    return failed, again


def main() -> int:
    """Runs everything and says what failed or could not run; the exit status is 1 when anything failed."""
    system = "--system" in sys.argv[1:]
    begun = time.monotonic()
    failed, again = run_all(parts_of(system, sys.platform))
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
