"""Servers with an engine elsewhere and no more of a snapshot than its small files, as docs/operating.md copies them:
any number behind nginx, and a new version without a reader who sees half of it."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from ontology.layout import ROOT
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot
from tests.conftest import free_port, publish_small
from tests.processes import until
from tests.system.comparing import PAGES, differences
from tests.system.engines import ENGINES, Engine, before, load, oxigraph
from tests.system.nginx import ask, in_front_of
from tests.system.unit import server

pytestmark = pytest.mark.system

LEFT_OUT = re.findall(r"--exclude='?/?([^\s']+)", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
COUNT = (
    "sparql?format=csv&query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20a%20%3Contology%23Recommendation%3E%20%7D"
)
DOCUMENT = "doc/document/som-wg-2015/paragraph/24"


def copy_small(version: Path, snapshots: Path, slug: str) -> None:
    """Copies the small files of a version into another machine's snapshots, then makes it current."""
    home = snapshots / slug
    shutil.copytree(version, home / "versions" / version.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (home / "next").symlink_to(f"versions/{version.name}")
    (home / "next").rename(home / "current")


@pytest.fixture(scope="module")
def small_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for a machine with the small files of the real document's snapshot."""
    folder = tmp_path_factory.mktemp("front")
    copy_small((settings.folder / "current").resolve(), folder, Base(settings.base).slug)
    return settings.model_copy(update={"snapshots": folder})


def test_what_is_copied_is_small_and_has_no_graph(small_files: Settings) -> None:
    assert {"store", "dumps", "graph.nq"} == set(LEFT_OUT)
    there = sorted(path.name for path in (small_files.folder / "current").iterdir())
    assert "manifest.json" in there
    assert not {"store", "dumps", "graph.nq"} & set(there)


def test_a_machine_with_the_small_files_has_every_kind_of_page(
    client: TestClient, settings: Settings, small_files: Settings, tmp_path: Path
) -> None:
    with oxigraph(tmp_path) as engine:
        load(engine, (settings.folder / "current").resolve())
        with TestClient(create_app(before(small_files, engine)), follow_redirects=False) as front:
            site = re.findall(r"<loc>[^<]*?//[^/<]*([^<]*)</loc>", front.get("/sitemap.xml").text)
            assert len(site) > 1_000
            assert differences(client, front, [*PAGES, *site[::40]]) == {}
            missing = front.get("/dumps/palermo.nq")
            assert (missing.status_code, "holds no downloads" in missing.text) == (404, True)
            assert front.get("/health/ready").status_code == 200


@dataclass(frozen=True, slots=True)
class Site:
    """Where nginx answers for two machines with small files, a builder's snapshots, and an engine."""

    base: Base
    address: str
    builder: Path
    engine: Engine
    ports: tuple[int, int]
    folders: tuple[Path, Path]

    def one(self, number: int, path: str, **fields: str) -> httpx2.Response:
        """An answer of one server."""
        return ask(f"http://127.0.0.1:{self.ports[number]}/{path}", **fields)


@pytest.fixture(scope="module", params=ENGINES)
def site(
    request: pytest.FixtureRequest, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    outside, ports = free_port(), (free_port(), free_port())
    base, version = snapshot.base, snapshot.folder
    folders = (folder / "one", folder / "two")
    for each in folders:
        copy_small(version, each, base.slug)
    (folder / "engine").mkdir()
    with ENGINES[request.param](folder / "engine") as engine:
        load(engine, version)
        further = {"STORE": engine.sparql, "STORE_SECONDS": "30", "SNAPSHOT_POLL_SECONDS": "0.1"}
        with (
            server(ports[0], base.iri, folders[0], **further),
            server(ports[1], base.iri, folders[1], **further),
            in_front_of(ports, outside, folder / "front"),
        ):
            yield Site(base, f"http://localhost:{outside}/", folder / "builder", engine, ports, folders)


@pytest.mark.parametrize("path", ["", DOCUMENT, f"{DOCUMENT}.ttl", "ontology.jsonld", "recommendations.csv", COUNT])
def test_both_machines_give_the_same_bytes_and_the_same_tag(site: Site, path: str) -> None:
    one, two = (site.one(number, path) for number in (0, 1))
    assert (one.status_code, one.content) == (200, two.content)
    assert one.headers["etag"] == two.headers["etag"]
    assert site.one(1, path, if_none_match=one.headers["etag"]).status_code == 304


def test_the_cache_in_front_keeps_what_comes_from_an_engine(site: Site) -> None:
    seen = [httpx2.get(f"{site.address}doc/theme/sea", headers={"accept": "text/turtle"}) for _ in range(2)]
    assert [found.headers["x-cache"] for found in seen] == ["MISS", "HIT"]
    assert seen[0].content == seen[1].content


def test_no_reader_sees_half_a_corpus_while_versions_are_switched(site: Site) -> None:
    """Last in this module: it leaves both machines on the small graph. The link is changed before the engine has the
    version, so that servers have to wait for it."""
    old = site.one(0, "health/ready").text.split()[1]
    found: list[tuple[int, str, str]] = []
    stop = threading.Event()

    def read(number: int) -> None:
        with httpx2.Client(timeout=120) as client:
            for turn in range(10_000):
                reply = client.get(f"{site.address}{COUNT}%23{number}-{turn}")
                found.append((reply.status_code, reply.headers["x-palermo-version"], reply.text.split()[-1]))
                if stop.wait(0.02):
                    return

    readers = [threading.Thread(target=read, args=(number,)) for number in range(3)]
    for reader in readers:
        reader.start()
    fresh = publish_small(site.builder, site.base)
    for folder in site.folders:
        copy_small(fresh, folder, site.base.slug)
    time.sleep(1)
    assert {site.one(number, "health/ready").text.split()[1] for number in (0, 1)} == {old}
    load(site.engine, fresh)
    ready = lambda number: site.one(number, "health/ready").text  # noqa: E731
    until(lambda: {ready(number).split()[1] for number in (0, 1)} == {fresh.name}, "The switch")
    time.sleep(0.5)
    stop.set()
    for reader in readers:
        reader.join()
    small = sum(
        "ontology#Recommendation>" in line and "22-rdf-syntax-ns#type>" in line
        for line in (fresh / "graph.nq").read_text(encoding="utf-8").splitlines()
    )
    assert set(found) == {(200, old, "88"), (200, fresh.name, str(small))}
    assert json.loads((fresh / "manifest.json").read_text())["version"] == fresh.name
