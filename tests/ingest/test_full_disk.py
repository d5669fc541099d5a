"""A disk that is full in any step: a sentence, nothing left behind, and what was there before stays as it was.

All cases run in one process in a mount namespace of its own, where each has a folder that is a small disk in memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from ontology.layout import ROOT

pytestmark = pytest.mark.linux

PROGRAM = """
import json, os, pathlib, shutil, subprocess, sys, tempfile
from ontology.namespaces import Base
from tests.conftest import publish_small
from tests.ingest.conftest import copy_note
from tests.ingest.test_full_disk import CASES
from ingest.corpus import BuildSettings
from ingest.command import run_build
base, outcomes = Base("https://data.example.org/"), {}
note = copy_note(pathlib.Path(sys.argv[1], "note"))

def leave():
    used = os.statvfs(disk)
    free = used.f_bavail * used.f_frsize
    with (disk / "filler").open("wb") as filler:
        filler.write(bytes(max(0, free - size)))

def files():
    return {path: path.read_bytes() for path in disk.rglob("*") if path.is_file() and path.name != "filler"}

for what, (code, size) in CASES.items():
    said, disk = [], pathlib.Path(sys.argv[1], what)
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", str(disk)], check=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(disk)
    exec(code)
    outcomes[what] = {"status": status, "said": said, "same": before == files(), "free": size}
print(json.dumps(outcomes))
"""
BUILD = """
old = publish_small(disk / "snapshots", base)
leave()
before = files()
status = run_build(BuildSettings(base, note, snapshots=disk / "snapshots", processes=1), said.append)
assert (disk / "snapshots" / base.slug / "current").resolve() == old
"""
BULK = """
from ingest.remote_publishing import run_bulk_files
old = publish_small(disk / "snapshots", base)
(disk / "bulk").mkdir()
leave()
before = files()
status = run_bulk_files(old, disk / "bulk", said.append)
"""
ADD = """
from ingest.adding.command import Given, run_add
from tests.ingest.test_full_disk import DOCUMENT
(disk / "sources").mkdir()
shutil.copytree("ingest/editorial", disk / "editorial")
(disk / "given.md").write_text(DOCUMENT)
leave()
before = files()
settings = BuildSettings(base=base, sources=disk / "sources", editorial=disk / "editorial")
status = run_add(disk / "given.md", settings, Given({"slug": "given"}, (), {}), None, said.append)
"""
REVIEWER = """
from ingest.review.decisions import AGENTS, Reviewer, describe
(disk / AGENTS).parent.mkdir(parents=True)
shutil.copy(AGENTS, disk / AGENTS)
leave()
before = files()
try:
    describe(Reviewer("jane-doe", "Jane Doe"), disk)
except OSError as problem:
    status, said = 1, [problem.strerror]
"""
DOCUMENT = (ROOT / "ingest" / "sources" / "som-wg-2015.md").read_text(encoding="utf-8").replace("the", "this", 1)
CASES = {
    "a build that describes": (BUILD, 1_000_000),
    "a build that loads the store": (BUILD, 5_000_000),
    "a build that writes its dumps": (BUILD, 8_000_000),
    "files for a bulk loader": (BULK, 8_000),
    "a document that is added": (ADD, 80_000),
    "a reviewer who is described": (REVIEWER, 0),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How each case ended, what it said, and whether all files were as before."""
    alone = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    command = [*alone, sys.executable, "-c", PROGRAM, str(tmp_path_factory.mktemp("disks"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ended: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return ended


@pytest.mark.parametrize("what", CASES)
def test_on_a_full_disk(what: str, outcomes: dict[str, Any]) -> None:
    outcome = outcomes[what]
    assert outcome["status"] == 1, outcome
    assert any("No space left" in sentence for sentence in outcome["said"]), outcome["said"]
    assert outcome["same"]
