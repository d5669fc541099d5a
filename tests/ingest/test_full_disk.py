"""A disk that is full in any step: a sentence, nothing left behind, and what was there before stays as it was.

Each case runs in a mount namespace of its own, where a folder is a small disk in memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ontology.layout import ROOT

pytestmark = pytest.mark.linux

BEGINNING = """
import json, os, pathlib, shutil, subprocess, sys
disk, size = pathlib.Path(sys.argv[1]), int(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "none", str(disk)], check=True)
os.environ["TMPDIR"] = str(disk)
from dataclasses import replace
from ontology.namespaces import Base
from tests.conftest import publish_small
from ingest.corpus import BuildSettings
from ingest.command import run_build
base, said = Base("https://data.example.org/"), []

def leave():
    used = os.statvfs(disk)
    free = used.f_bavail * used.f_frsize
    with (disk / "filler").open("wb") as filler:
        filler.write(bytes(max(0, free - size)))

def files():
    return {str(path.relative_to(disk)): path.read_bytes().hex() for path in disk.rglob("*") if path.is_file()}
"""
END = """
import json
print(json.dumps({"status": status, "said": said, "same": before == files(), "free": size}))
"""
BUILD = """
old = publish_small(disk / "snapshots", base)
leave()
before = files()
status = run_build(BuildSettings(base=base, snapshots=disk / "snapshots", processes=1), said.append)
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
    "a build that describes": (BUILD, 300_000),
    "a build that loads the store": (BUILD, 9_000_000),
    "a build that writes its dumps": (BUILD, 6_000_000),
    "files for a bulk loader": (BULK, 8_000),
    "a document that is added": (ADD, 80_000),
    "a reviewer who is described": (REVIEWER, 0),
}


@pytest.mark.parametrize("what", CASES)
def test_on_a_full_disk(what: str, tmp_path: Path) -> None:
    code, size = CASES[what]
    alone = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    command = [*alone, sys.executable, "-c", BEGINNING + code + END, str(tmp_path), str(size)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["status"] == 1, outcome
    assert any("No space left" in sentence for sentence in outcome["said"]), outcome["said"]
    assert outcome["same"]
