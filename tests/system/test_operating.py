"""What docs/operating.md tells an operator to do and to watch is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from ontology.layout import ROOT
from ontology.namespaces import Base
from server.settings import misspelt_variables
from tests.conftest import publish_small
from tests.processes import await_answer, free_port, started
from tests.system.unit import server

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
FILES = ("docs/operating.md", "docs/deploy/nginx.conf", "docs/deploy/palermo@.service")
SHARED = "doc/actor/states-parties.nt"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, str, str]]:
    """A running server started as the unit does: its address, its snapshots folder, an older and the current version."""
    folder, port = tmp_path_factory.mktemp("operated"), free_port()
    base = Base(f"http://localhost:{port}/")
    old, new = publish_small(folder, base).name, publish_small(folder, base).name
    with server(port, base.iri, folder, SNAPSHOT_POLL_SECONDS="0.1"):
        yield base.iri, folder / base.slug, old, new


@pytest.mark.parametrize("file", FILES)
def test_every_setting_that_is_named_exists(file: str) -> None:
    named = set(re.findall(r"PALERMO_[A-Z_]+", (ROOT / file).read_text(encoding="utf-8")))
    assert named
    assert misspelt_variables(dict.fromkeys(named, "")) == ()


def test_every_metric_that_is_named_is_there_with_its_labels(place: tuple[str, Path, str, str]) -> None:
    base = place[0]
    httpx2.get(f"{base}sparql", params={"query": "ASK {}"})
    httpx2.get(f"{base}doc/actor/states-parties")
    httpx2.get(f"{base}doc/actor/states-parties")
    metrics = httpx2.get(f"{base}metrics").text
    named = set(re.findall(r"palermo_[a-z_]+", PAGE))
    there = set(re.findall(r"(?m)^# TYPE (palermo_(?!process_)\w+?)(?:_created)? ", metrics))
    explained = {name.removesuffix("_total") for name in named}
    assert {name.removesuffix("_total") for name in there} - explained == set(), "Each metric is explained."
    for name in named:
        assert f"# TYPE {name.removesuffix('_total')}" in metrics or f"# TYPE {name}" in metrics, name
    assert re.search(r'palermo_requests_total{route="/sparql",status="200"', metrics)
    assert 'palermo_queries_total{outcome="ok"}' in metrics


def test_every_outcome_and_event_that_is_named_occurs_in_the_program() -> None:
    program = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "server").rglob("*.py"))
    for outcome in set(re.findall(r'outcome="(\w+)"', PAGE)):
        assert f'"{outcome}"' in program, outcome
    events = re.findall(r"""(?:log\.\w+\(|_refused\(target, |_log\.log\(level, )"([^"{]+)\"""", program)
    explained = {
        event
        for line in re.findall(r"(?m)^\| (`[a-z].*?) \| [A-Z]", _events())
        for event in line.strip("`").split("`, `")
    }
    assert len(explained) > 10
    assert explained == set(events)


def _events() -> str:
    """The table of events in the page."""
    return PAGE.partition("| Event | It means |")[2].partition("## ")[0]


def test_a_copied_version_is_served_elsewhere_with_the_same_bytes(
    place: tuple[str, Path, str, str], tmp_path: Path
) -> None:
    base, home, _, version = place
    shutil.copytree(home / "versions" / version, tmp_path / version)
    port = free_port()
    command = [sys.executable, str(ROOT / "palermo.py"), "serve", "--base", base, "--port", str(port)]
    command += ["--snapshot", str(tmp_path / version)]
    address = f"http://127.0.0.1:{port}/{SHARED}"
    with started(command, address, output=subprocess.DEVNULL):
        restored = httpx2.get(address)
        assert restored.content == httpx2.get(f"{base}{SHARED}").content
        assert restored.headers["x-palermo-version"] == version
        assert restored.headers["etag"] == httpx2.get(f"{base}{SHARED}").headers["etag"]


def test_an_older_version_named_in_the_link_is_served_again(place: tuple[str, Path, str, str]) -> None:
    base, home, old, new = place
    for version in (old, new):
        (home / "next").symlink_to(f"versions/{version}")
        (home / "next").rename(home / "current")
        await_answer(f"{base}health/ready", f"ready {version}\n")


def test_a_version_that_is_not_whole_is_refused_and_the_old_one_serves_on(place: tuple[str, Path, str, str]) -> None:
    base, home, _, new = place
    broken = home / "versions" / "20990101-0123456789"
    shutil.copytree(home / "versions" / new, broken)
    (broken / "manifest.json").unlink()
    (home / "next").symlink_to(f"versions/{broken.name}")
    (home / "next").rename(home / "current")
    time.sleep(0.6)
    assert httpx2.get(f"{base}health/ready").text.startswith(f"ready {new}\n")
    (home / "next").symlink_to(f"versions/{new}")
    (home / "next").rename(home / "current")


def test_a_removed_version_answers_404_and_the_current_one_serves_on(place: tuple[str, Path, str, str]) -> None:
    """Last in this module: it removes the older version."""
    base, home, old, new = place
    shutil.rmtree(home / "versions" / old)
    assert httpx2.get(f"{base}{SHARED}").headers["x-palermo-version"] == new
    port = free_port()
    with server(port, base, home.parent):
        assert httpx2.get(f"http://127.0.0.1:{port}/v/{old}/{SHARED}").status_code == 404


def test_without_a_snapshot_the_start_says_so(tmp_path: Path) -> None:
    code = "from server.running import run; from server.settings import Settings; raise SystemExit(run(Settings()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PALERMO_SNAPSHOTS": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "There is no snapshot at" in done.stderr
