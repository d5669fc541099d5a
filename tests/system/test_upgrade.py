"""An upgrade beside a running server, as docs/operating.md has it: a folder for each release, and a link that changes."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from urllib.parse import quote

import httpx2

from ontology.layout import ROOT
from ontology.namespaces import Base
from tests.conftest import publish_small
from tests.processes import await_answer, free_port, started

PROGRAM = ("ontology", "queries", "shapes", "server", "palermo.py", "pyproject.toml")
FIRST_USED = ("/", "/about", "/search?q=states", "/recommendations.xlsx", "/doc/document/som-wg-2015/paragraph/24.ttl")


def test_a_running_server_goes_on_in_its_folder_when_the_link_names_another_release(tmp_path: Path) -> None:
    """The other release has nothing of the old one, so whatever is looked for through the link is missing."""
    old, link = tmp_path / "palermo-1", tmp_path / "palermo"
    for name in PROGRAM:
        if (ROOT / name).is_dir():
            kept = shutil.ignore_patterns("node_modules", "__pycache__")
            shutil.copytree(ROOT / name, old / name, symlinks=True, ignore=kept)
        else:
            shutil.copy(ROOT / name, old / name)
    link.symlink_to(old.name)
    address = f"http://localhost:{(port := free_port())}"
    publish_small(tmp_path / "snapshots", Base(f"{address}/"))
    command = ["env", "-C", str(link), sys.executable, "palermo.py", "serve", "--base", f"{address}/"]
    settings = os.environ | {"PALERMO_SNAPSHOTS": str(tmp_path / "snapshots"), "PALERMO_LOG_LEVEL": "warning"}
    with started([*command, "--port", str(port)], f"{address}/health/ready", settings) as server:
        (tmp_path / "palermo-2").mkdir()
        (tmp_path / "palermo.next").symlink_to("palermo-2")
        (tmp_path / "palermo.next").replace(link)
        for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        await_answer(f"{address}/sparql?format=json&query={quote('ASK { ?s ?p ?o }')}", "{")
        for path in FIRST_USED:
            assert httpx2.get(f"{address}{path}", headers={"accept": "text/html, */*;q=0.1"}).status_code == 200, path
        assert await_answer(f"{address}/health/ready", "ready").status_code == 200
