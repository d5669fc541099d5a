"""What all tests share: a published snapshot, the application on it, and a running server.

Fixtures that begin with ``small`` stand on the few things of `tests/server/small.trig`; the others on the whole build of
the real document, made once a run, by the first of its processes that needs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import functools
import gc
import inspect
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpcore2
import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.testclient import TestClient

from ingest.page_index import IndexWriter
from ingest.publish import new_draft, sorted_nquads
from ontology.layout import ROOT, SEARCH
from ontology.namespaces import DEFAULT_BASE, Base
from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot, open_snapshot
from server.web.front import Front
from tests.processes import PATIENCE, await_answer, free_port, started

httpcore2.default_ssl_context = functools.cache(httpcore2.default_ssl_context)  # all certificates, for every request
usual = inspect.signature(httpx2.Client).parameters["timeout"].default
usual.connect = usual.read = usual.write = usual.pool = PATIENCE  # instead of five seconds, too few on a busy machine

SMALL_GRAPH = ROOT / "tests" / "server" / "small.trig"


def publish_small(root: Path, base: Base, source: Path = SMALL_GRAPH, now: datetime | None = None) -> Path:
    """Publishes the small graph, or another, below a folder; returns the snapshot's folder."""
    quads = list(parse(source.read_bytes(), RdfFormat.TRIG, base_iri=base.iri, rename_blank_nodes=False))
    catalogue = NamedNode(base.iri + "graph/catalogue")
    inside = [quad for quad in quads if quad.graph_name != catalogue]

    with new_draft(root, base, now) as draft:
        draft.graph.write_bytes(sorted_nquads(inside))
        (draft.folder / "catalogue.nq").write_bytes(sorted_nquads(q for q in quads if q.graph_name == catalogue))
        (draft.folder / "validation.json").write_text('{"conforms": true, "results": []}')
        (draft.folder / "validation.ttl").write_text("[] a <http://www.w3.org/ns/shacl#ValidationReport> .")
        (draft.folder / "accuracy.json").write_text("{}")
        dumps = draft.folder / "dumps"
        dumps.mkdir()
        (dumps / "palermo.nq").write_bytes(sorted_nquads(inside))
        IndexWriter(draft.folder / SEARCH).finish({})
        return draft.publish({"figures": {"triples": len(quads)}, "validation": {"conforms": True}, "sources": []})


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Leaves what collecting makes, 400,000 objects that stay to the end, out of every later search for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


LONGEST = (
    "test_remote_engines",
    "test_every_kind_of_page",
    "test_many_servers",
    "test_site_files_served",
    "test_keyboard",
)
LONGEST += ("test_shapes_beside_jena", "test_large_corpus", "test_beside_jena", "test_behind_nginx", "test_every_link")
"""The files that take longest: they begin, so that no process has one of them for itself when all else is done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest files first, and leaves all others in their order."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    """Lets go of what the tests of a module leave behind in the thread that made it, as iterators of the engine ask."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def base() -> Base:
    """The base IRI of snapshots that are served in the process of a test, where nothing listens."""
    return Base(DEFAULT_BASE)


@contextlib.contextmanager
def process_of(settings: Settings, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, on the port of its base or on `PORT`, answering; it is stopped at the end."""
    port = environment.get("PORT") or settings.base.rstrip("/").rpartition(":")[2].partition("/")[0]
    chosen = {"BASE": settings.base, "SNAPSHOTS": str(settings.snapshots), "PORT": port, "LOG_LEVEL": "warning"}
    given = os.environ | {f"PALERMO_{name}": value for name, value in (chosen | environment).items()}
    with started([sys.executable, "palermo.py", "serve"], f"http://127.0.0.1:{port}/health/live", given) as process:
        yield process


@contextlib.contextmanager
def running(settings: Settings, **environment: str) -> Iterator[str]:
    """The base of a server in a process of its own, with further settings by name: `QUERY_WORKERS="1"`."""
    with process_of(settings, **environment):
        yield settings.base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that one process of this run makes and all read."""
    own = factory.getbasetemp()
    root = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            make(root.with_suffix(".new"))
            root.with_suffix(".new").rename(root)
    return root


def build_real(base: Base, snapshots: Path) -> None:
    """The whole build of the real document."""
    from ingest.build import build
    from ingest.corpus import BuildSettings

    build(BuildSettings(base=base, snapshots=snapshots), lambda _: None)


@pytest.fixture(scope="session")
def built_snapshot(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Path:
    """A snapshots folder with the whole build of the real document."""
    return made_once(tmp_path_factory, "built", lambda root: build_real(base, root))


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
def unlike_settings(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Settings:
    """Settings for invented documents of another body, and no other document."""
    from ingest.build import build
    from ingest.corpus import BuildSettings

    corpus = ROOT / "tests" / "fixtures" / "corpus"

    def make(root: Path) -> None:
        build(BuildSettings(base, corpus / "sources", corpus / "editorial", snapshots=root), lambda _: None)

    return Settings(base=base.iri, snapshots=made_once(tmp_path_factory, "unlike", make), log_format="text")


@pytest.fixture(scope="session")
def unlike_client(unlike_settings: Settings) -> Iterator[TestClient]:
    """A client of the whole application on these documents."""
    with TestClient(create_app(unlike_settings), follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base of a running server on the real document, built for the port where it listens; one for all processes of
    this run. The process of tests that needs it first starts it, and ends it when no other uses it any longer."""
    port = made_once(tmp_path_factory, "port", lambda path: path.write_text(str(free_port()))).read_text()
    base = Base(f"http://localhost:{port}/")
    root = made_once(tmp_path_factory, "live", lambda root: build_real(base, root))
    users, servers = (root.with_suffix(f".{name}") for name in ("users", "server"))
    with users.open("w") as used, servers.open("w") as served, contextlib.ExitStack() as stack:
        fcntl.flock(used, fcntl.LOCK_SH)
        try:
            fcntl.flock(served, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await_answer(f"{base.iri}health/live")
        else:
            stack.enter_context(running(Settings(base=base.iri, snapshots=root)))
            stack.callback(fcntl.flock, used, fcntl.LOCK_EX)  # waits for the others, before the server is ended
        yield base.iri


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
    """The application on the small graph."""
    return create_app(small_settings)


@pytest.fixture(scope="session")
def small_client(small_app: Front) -> Iterator[TestClient]:
    """A client of the application on the small graph, which follows no redirection and accepts anything."""
    with TestClient(small_app, follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def small_snapshot(small_settings: Settings) -> Snapshot:
    """The small graph, opened."""
    return open_snapshot((small_settings.folder / "current").resolve())


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The processor time of each step of event loops, without a search for garbage among what other tests hold."""
    gc.collect()
    gc.freeze()
    taken: list[float] = []
    run = asyncio.events.Handle._run

    def measured(handle: asyncio.events.Handle) -> None:
        started = time.thread_time()
        run(handle)
        taken.append(time.thread_time() - started)

    monkeypatch.setattr(asyncio.events.Handle, "_run", measured)
    return taken
