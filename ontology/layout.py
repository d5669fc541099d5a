"""The layout of snapshots on disk, which the build writes and the server reads: folders, the manifest and its checksum.

SNAPSHOTS/<base.slug>/versions/<version>/manifest.json, graph.nq, store/, search.sqlite, dumps/, …
SNAPSHOTS/<base.slug>/current -> versions/<version>
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ontology.namespaces import Base

ROOT = Path(__file__).parent.parent
"""The folder that has the program and the sources it comes with."""
Say = Callable[[str], None]
"""What a command writes a line with."""
FORMAT = 5
"""The number of this layout; a server refuses a snapshot of another."""
MANIFEST = "manifest.json"
SEARCH = "search.sqlite"
VERSIONS = "versions.json"
"""The words of documents that were issued again, version by version."""
HISTORY = "history.sqlite"
VERSION = re.compile(r"\d{8}-[0-9a-f]{10}(\.\d+)?")
"""The day of the build and the first digits of the graph's checksum; a number where a day has the same graph twice."""


def home_of(snapshots: Path, base: Base) -> Path:
    """The folder of a base: the one of its slug, or one of the name that was given before November 2026, which several
    bases could share, where a snapshot of this base is current in it."""
    home, former = snapshots / base.slug, snapshots / base.former_slug
    try:
        manifest = json.loads((former / "current" / MANIFEST).read_text(encoding="utf-8"))
        is_ours = manifest["base"] == base.iri
    except (OSError, ValueError, TypeError, LookupError):
        is_ours = False
    return former if is_ours and not home.exists() else home


def number_of(version: str) -> int:
    """Returns the number after the version, which sorts ``….9`` before ``….10``; 1 where there is none."""
    return int(version.partition(".")[2] or 1)


def sha256(path: Path) -> str:
    """The SHA-256 checksum of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum_of(manifest: Mapping[str, Any]) -> str:
    """Returns the SHA-256 checksum of a manifest without its own checksum."""
    said = {name: value for name, value in manifest.items() if name != "checksum"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
