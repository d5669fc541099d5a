"""What browser tests need from outside Python: Chromium, and packages from npm. Each is looked for, and named if missing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
"""Chromium's: nothing of its own in the background, and no other host can be reached."""


def chromium(own: str) -> str:
    """The path of Chromium: the system's, or else ``own``, the one that Playwright installs."""
    system = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if system is not None:
        return system
    if Path(own).is_file():
        return own
    pytest.fail(
        "Chromium is missing: there is no `chromium` on the PATH (Debian: apt-get install chromium), and Playwright's "
        f"own browser is not at {own} (.venv/bin/playwright install chromium)."
    )


def node() -> str:
    """The path of Node.js: the system's, or the one in the virtual environment."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if found is None:
        pytest.fail("Node.js 20.19 or newer is missing: there is no `node` on the PATH or in .venv/bin.")
    return found


def package(path: str) -> Path:
    """A file of a package from npm."""
    found = PACKAGES / path
    if not found.exists():
        pytest.fail(f"{path} is missing in tests/browser/node_modules: run `npm ci` in tests/browser.")
    return found
