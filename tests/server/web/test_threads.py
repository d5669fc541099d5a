"""Pages are made in threads, and nothing of the engine leaves its thread with an error."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from httpx2 import Response
from pyoxigraph import Literal, NamedNode, Quad, Store
from starlette.testclient import TestClient

from ontology.layout import ROOT, SEARCH
from server.app import create_app
from server.settings import Settings
from server.sparql.request import QUERY
from server.web.errors import NotFound, Unavailable
from server.web.threads import WAITING, PageThreads, Turns
from tests.processes import until

NO_THREAD = """
import asyncio, pathlib, resource
from server.settings import Settings
from server.web.threads import PageThreads
from server.web.errors import Unavailable

def work():
    return "made"

threads = PageThreads(Settings(snapshots="/nowhere"))
pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
hard = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2_000_000, hard))
try:
    print(asyncio.run(threads.make("reader", work)))
except Unavailable as refusal:
    print(int(refusal.status), dict(refusal.headers)["Retry-After"])
resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
print(threads.turns.waiting, asyncio.run(threads.make("reader", work)))
"""


def no_thread(_: threading.Thread) -> None:
    """What starting a thread does when the machine allows no further one."""
    raise RuntimeError("can't start new thread")


@pytest.mark.linux
def test_a_page_for_which_there_is_no_thread_is_refused_and_the_next_is_made() -> None:
    done = subprocess.run([sys.executable, "-c", NO_THREAD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["503", "5", "0", "made"], done.stderr


def test_what_was_refused_for_want_of_a_thread_is_not_made_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def work() -> str:
        made.append("made")
        return "page"

    threads = PageThreads(Settings())
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", no_thread)
        for _ in range(3):
            with pytest.raises(Unavailable):
                asyncio.run(threads.make("reader", work))
    assert (asyncio.run(threads.make("reader", work)), made) == ("page", ["made"])
    threads.close()


WITHOUT_A_THREAD = {
    "a download": ("GET", "/dumps/palermo.nq", ""),
    "a result that is compressed": ("POST", "/sparql", "SELECT * { ?s ?p ?o } LIMIT 5000"),
    "an error that is explained": ("POST", "/sparql", "SELECT * { ?s ?p ?o BIND(1 AS ?s) }"),
}


@pytest.mark.parametrize("what", WITHOUT_A_THREAD)
def test_what_needs_a_thread_beside_pages_is_refused_without_one_and_comes_again_with_it(
    what: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    method, path, query = WITHOUT_A_THREAD[what]
    with TestClient(create_app(settings)) as client:

        def ask() -> Response:
            body = {"content": query, "headers": {"Content-Type": QUERY, "Accept-Encoding": "gzip"}} if query else {}
            return client.request(method, path, **body)  # type: ignore[arg-type]

        assert client.get("/data").status_code == 200  # pages have their thread
        with monkeypatch.context() as short:
            short.setattr(threading.Thread, "start", no_thread)
            refused = ask()
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert ask().status_code == (400 if what == "an error that is explained" else 200)


def test_an_error_brings_no_rows_of_its_thread_into_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ignored: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: ignored.append(str(told.exc_value)))
    store = Store()
    store.extend(Quad(NamedNode("http://a"), NamedNode("http://b"), Literal(number)) for number in range(3))

    def work() -> None:
        rows = store.quads_for_pattern(None, None, None)
        next(rows)
        raise NotFound("There is no such thing.")

    threads = PageThreads(Settings(base="https://data.example.org/", snapshots=tmp_path))
    with pytest.raises(NotFound):
        asyncio.run(threads.make("reader", work))
    gc.collect()
    threads.close()
    assert ignored == []


def test_pages_whose_disk_does_not_answer_are_refused_in_time_and_come_again_with_it(
    small_settings: Settings, tmp_path: Path
) -> None:
    """The index is a pipe that nobody writes into when a thread opens it, and a file again later."""
    shutil.copytree(small_settings.snapshots, tmp_path / "snapshots", symlinks=True)
    limits = {"snapshots": tmp_path / "snapshots", "page_seconds": 0.2, "store_seconds": 3600, "page_places": 1}
    with TestClient(create_app(small_settings.model_copy(update=limits))) as client:
        index = next((tmp_path / "snapshots").glob("*/versions/*")) / SEARCH
        away = index.rename(index.with_name("away"))
        os.mkfifo(index)
        try:
            for said in ("not made in time", "No page can be made"):
                page = client.get(f"/recommendations?q={said}", headers={"Accept": "text/html"})
                assert (page.status_code, "retry-after" in page.headers) == (503, True)
                assert said in page.text
            unready = client.get("/health/ready", headers={"Accept": "text/plain"})
            assert (unready.status_code, "do not answer in time" in unready.text) == (503, True)
            assert client.get("/health/live").status_code == 200
            assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200
            assert "palermo_pages_late 1.0" in client.get("/metrics").text
        finally:
            away.rename(index.with_name("file"))
            with contextlib.suppress(OSError):  # whoever waits for the pipe goes on, and finds no index in it
                os.close(os.open(index, os.O_WRONLY | os.O_NONBLOCK))
            index.with_name("file").rename(index)
        until(lambda: client.get("/health/ready").status_code == 200, "Readiness")
        until(lambda: client.get("/recommendations").status_code == 200, "A page in time")


def test_long_texts_of_one_client_are_read_in_its_turn_so_that_a_crowd_of_them_takes_one_thread(
    small_settings: Settings,
) -> None:
    """With room for one that waits, the third of three at once is refused, unlike three short ones."""
    with (
        TestClient(create_app(small_settings.model_copy(update={"client_connections": 1}))) as client,
        ThreadPoolExecutor(3) as threads,
    ):

        def three_at_once(words: str) -> list[int]:
            texts = [f"ASK {{}} # {number} {words}" for number in range(3)]
            sent = threads.map(
                lambda text: client.post("/sparql", content=text, headers={"Content-Type": QUERY}), texts
            )
            return sorted(answer.status_code for answer in sent)

        assert three_at_once("") == [200, 200, 200]
        assert three_at_once("\n?a " * 200_000)[-1] == 429


async def crowded() -> list[int]:
    """The status of a request beyond those that may wait in all, then of one beyond those of one client."""
    turns, refused = Turns(1, 2), list[int]()
    await turns.take("first")
    waiting = [asyncio.create_task(turns.take(f"client {number // 2}")) for number in range(WAITING)]
    await asyncio.sleep(0)
    for client in ("another", "client 0"):
        with pytest.raises(Unavailable) as refusal:
            await asyncio.wait_for(turns.take(client), 60)
        refused.append(int(refusal.value.status))
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert turns.waiting == 0
    return refused


def test_only_so_many_requests_wait_for_a_page_of_all_clients_and_of_one() -> None:
    assert asyncio.run(crowded()) == [503, 429]
