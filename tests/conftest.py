"""What all tests share: a published snapshot, the application on it, and a running server.

Fixtures that begin with ``small`` stand on the few things of `tests/server/small.trig`; the others on the whole build of
the real document, made once a session.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.testclient import TestClient

from ingest.index_writing import ENDING, SCHEMA
from ingest.publishing import Draft, publish, sorted_nquads
from ontology.namespaces import Base
from server.app import create_app
from server.linkeddata.extension import LinkedDataExtension
from server.settings import Settings
from server.snapshot import SEARCH, Snapshot, open_snapshot
from server.sparql.extension import SparqlExtension
from server.web.front import Front
from server.web.health import HealthExtension

ROOT = Path(__file__).parent.parent
SMALL_GRAPH = ROOT / "tests" / "server" / "small.trig"


TIMING = (
    "tests/benchmarks/",
    "tests/hostile/test_flood.py",
    "tests/browser/test_lighthouse.py",
    "tests/ingest/test_reading_errors.py",
    "tests/queries/test_query_files.py",
    "tests/server/sparql/test_gate.py",
    "tests/server/sparql/test_hostile.py",
    "tests/server/sparql/test_lanes.py",
    "tests/server/sparql/test_scanner.py",
    "tests/server/sparql/test_service.py",
    "tests/server/web/test_live.py",
)
"""Folders and files whose tests judge time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that judge time: `tests/run.py` runs them by themselves."""
    for item in items:
        if item.path.relative_to(ROOT).as_posix().startswith(TIMING):
            item.add_marker(pytest.mark.timing)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def publish_small(root: Path, base: Base, source: Path = SMALL_GRAPH) -> Path:
    """Publishes the small graph, or another, below a folder; returns the snapshot's folder."""
    quads = list(parse(source.read_bytes(), RdfFormat.TRIG, base_iri=base.iri, rename_blank_nodes=False))
    catalogue = NamedNode(base.iri + "graph/catalogue")
    inside = [quad for quad in quads if quad.graph_name != catalogue]

    def complete(draft: Draft) -> dict[str, object]:
        (draft.folder / "catalogue.nq").write_bytes(sorted_nquads(q for q in quads if q.graph_name == catalogue))
        (draft.folder / "validation.json").write_text('{"conforms": true, "results": []}')
        (draft.folder / "validation.ttl").write_text("[] a <http://www.w3.org/ns/shacl#ValidationReport> .")
        (draft.folder / "accuracy.json").write_text("{}")
        dumps = draft.folder / "dumps"
        dumps.mkdir()
        (dumps / "palermo.nq").write_bytes(sorted_nquads(inside))
        with contextlib.closing(sqlite3.connect(draft.folder / SEARCH)) as index:
            index.executescript(SCHEMA + ENDING)
        return {"figures": {}, "validation": {"conforms": True}, "sources": []}

    return publish(root, base, sorted_nquads(inside), complete)


@pytest.fixture(scope="session")
def base() -> Base:
    """The base IRI of all snapshots in tests: a free port of this machine, where `live_server` listens."""
    return Base(f"http://localhost:{free_port()}/")


@contextlib.contextmanager
def process_of(settings: Settings, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, on the port of its base or on `PORT`, answering; it is stopped at the end."""
    port = environment.get("PORT") or settings.base.rstrip("/").rpartition(":")[2].partition("/")[0]
    with socket.socket() as visitor:
        assert visitor.connect_ex(("127.0.0.1", int(port))), f"Another server listens on port {port} already."
    chosen = {"BASE": settings.base, "SNAPSHOTS": str(settings.snapshots), "PORT": port, "LOG_LEVEL": "warning"}
    command = "from server.running import run; from server.settings import Settings; raise SystemExit(run(Settings()))"
    process = subprocess.Popen(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env=os.environ | {f"PALERMO_{name}": value for name, value in (chosen | environment).items()},
    )
    try:
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(f"http://127.0.0.1:{port}/health/live").status_code == 200:
                    break
            assert process.poll() is None, "The server stopped before it answered."
            assert time.monotonic() < deadline, "The server did not answer within 20 seconds."
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextlib.contextmanager
def running(settings: Settings, **environment: str) -> Iterator[str]:
    """The base of a server in a process of its own, with further settings by name: `QUERY_WORKERS="1"`."""
    with process_of(settings, **environment):
        yield settings.base


@pytest.fixture(scope="session")
def built_snapshot(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Path:
    """A snapshots folder with the whole build of the real document."""
    from ingest.build import BuildSettings, build

    root = tmp_path_factory.mktemp("built")
    build(BuildSettings(base=base, snapshots=root), lambda _: None)
    return root


@pytest.fixture(scope="session")
def settings(built_snapshot: Path, base: Base) -> Settings:
    """Settings for the real document."""
    return Settings(base=base.iri, snapshots=built_snapshot, log_format="text")


@pytest.fixture(scope="session")
def snapshot(settings: Settings) -> Snapshot:
    """The real document's snapshot, opened."""
    return open_snapshot((settings.folder / "current").resolve())


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the whole application on the real document, which follows no redirection and accepts anything."""
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def live_server(settings: Settings) -> Iterator[str]:
    """The base of a running server on the real document."""
    with running(settings) as address:
        yield address


@pytest.fixture(scope="session")
def small_snapshots(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Path:
    """A snapshots folder with the small graph."""
    root = tmp_path_factory.mktemp("small")
    publish_small(root, base)
    return root


@pytest.fixture(scope="session")
def small_settings(small_snapshots: Path, base: Base) -> Settings:
    """Settings for the small graph."""
    return Settings(base=base.iri, snapshots=small_snapshots, log_format="text")


@pytest.fixture(scope="session")
def small_app(small_settings: Settings) -> Front:
    """The application on the small graph, with plain pages."""
    return create_app(small_settings, (HealthExtension(), SparqlExtension(), LinkedDataExtension()))


@pytest.fixture(scope="session")
def small_client(small_app: Front) -> Iterator[TestClient]:
    """A client of the application on the small graph, which follows no redirection and accepts anything."""
    with TestClient(small_app, follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def small_snapshot(small_settings: Settings) -> Snapshot:
    """The small graph, opened."""
    return open_snapshot((small_settings.folder / "current").resolve())
