"""The page of results: sections between marks, written by the program that measured them."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

TITLE = "# Benchmarks\n\nEvery figure on this page was printed by the program named above it; run it to get your own.\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table, its numbers to the right."""
    right = ["---:" if any(cell[:1].isdigit() for cell in column) else "---" for column in zip(*rows, strict=True)]
    return ["| " + " | ".join(cells) + " |" for cells in (header, right, *rows)]


def _told(path: str, name: str) -> str:
    """What the system says of itself in a file of ``/proc``; empty elsewhere."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def machine_line(command: str, *libraries: str) -> str:
    """When, on what, with which versions and by which command something was measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", *libraries))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = _told("/proc/meminfo", "MemTotal").split()
    size = f", {int(memory[0]) / 2**20:.0f} GB" if memory else ""
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"`{command}` on {datetime.now(UTC):%d %B %Y}: {cores} cores of "
        f"{_told('/proc/cpuinfo', 'model name') or platform.machine()}{size}, {platform.system()} "
        f"{platform.release().partition('-')[0]}, Python {platform.python_version()}, {versions}{load}."
    )


def replace_section(page: Path, name: str, text: str) -> None:
    """Puts a section between its marks; a page or marks that are missing are made."""
    content = page.read_text(encoding="utf-8") if page.exists() else TITLE
    opening, closing = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, mark, rest = content.partition(opening)
    behind = rest.partition(closing)[2] if mark else "\n"
    page.write_text(f"{before if mark else before + chr(10)}{opening}\n{text}{closing}{behind}", encoding="utf-8")
