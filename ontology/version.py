"""The version of this program: the package's number, and the commit it was checked out at or else a checksum of it."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from ontology.layout import ROOT

_FOLDERS = ("ontology", "queries", "shapes", "server")
_SUFFIXES = {".py", ".rq", ".html", ".xml", ".css", ".js", ".svg", ".jsonld", ".ttl"}


@cache
def program_version() -> str:
    """The version for people: ``0.1.0+4fefecd1a2``."""
    return f"{_number()}+{_commit(ROOT)[:10] or program_checksum()}"


@cache
def program_checksum() -> str:
    """Changes with anything that the program's answers are made with: code, templates, queries, the interface."""
    digest = hashlib.sha256()
    files = (path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _SUFFIXES)
    for path in sorted(path for path in files if "node_modules" not in path.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def _number() -> str:
    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    except OSError:
        from importlib.metadata import version  # a checkout needs none of it

        return version("palermo")


def _commit(root: Path) -> str:
    """The commit that a checkout is at, read from git's own files; empty where there is none."""
    git = root / ".git"
    try:
        if git.is_file():
            git = root / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name, shared = head.removeprefix("ref: "), git / "commondir"
        places = [git, (git / shared.read_text(encoding="utf-8").strip()) if shared.is_file() else git]
        for place in places:
            if (place / name).is_file():
                return (place / name).read_text(encoding="utf-8").strip()
        packed = (places[-1] / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.partition(" ")[0] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""
