"""No request holds the event loop: what takes long is done in threads, and the loop's steps stay short.

Measured is the processor time of each step, so that other programs on the machine change nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot, open_snapshot
from server.sparql.endpoint import dataset_of
from server.store.embedded import EmbeddedStore
from server.web.answers import HTML, Answer, Conditions, finish
from tests.server.engine import small_engine

LONGEST = 0.02
FORM = {"content-type": "application/x-www-form-urlencoded"}
BR = {"accept": "text/html", "accept-encoding": "br"}
ROWS = "SELECT * { ?s ?p ?o } LIMIT 3000"
GETS = (
    "/search?q=" + "+".join("a" * 245),
    "/search?q=" + "a" * 500,
    "/graph/annotation/som-wg-2015.rdf",
    "/graph/annotation/som-wg-2015",
    "/doc/document/som-wg-2015",
    "/recommendations.xlsx",
    "/recommendations.jsonld",
    "/crossref.csv",
    "/ontology",
    f"/sparql?query={quote(ROWS)}",
    "/sparql?query=" + quote("SELECT * { VALUES ?n { " + " ".join(map(str, range(2_500))) + " } }"),
)


def test_a_page_does_not_hold_the_event_loop_although_its_store_is_elsewhere(
    settings: Settings, snapshot: Snapshot, steps: list[float]
) -> None:
    slow: dict[str, float] = {}
    with small_engine() as engine:
        engine.load(snapshot)
        chosen = settings.model_copy(update={"store": engine.address})
        with TestClient(create_app(chosen), follow_redirects=False) as client:
            for path in ("/doc/document/som-wg-2015", "/recommendations", "/graph/reference"):
                steps.clear()
                assert client.get(path, headers=BR).status_code == 200
                slow[path] = max(steps)
    assert {path: taken for path, taken in slow.items() if taken > LONGEST} == {}


def test_a_store_on_disk_which_may_not_answer_is_not_read_on_the_event_loop(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[tuple[str, bool]] = set()

    def watched(reading: Callable[..., Any]) -> Callable[..., Any]:
        def watching(*given: Any, **named: Any) -> Any:
            read.add((path, asyncio._get_running_loop() is not None))
            return reading(*given, **named)

        return watching

    for name in ("known", "exists", "ask", "select", "placed", "construct"):
        monkeypatch.setattr(EmbeddedStore, name, watched(getattr(EmbeddedStore, name)))
    paths = ("/id/actor/unodc", "/sparql", "/doc/actor/unodc", "/health/ready")
    with TestClient(create_app(small_settings.model_copy(update={"memory_triples": 0}))) as client:
        for path in paths:
            client.get(path, headers={"accept": "text/turtle"}, follow_redirects=False)
    assert read == {(path, False) for path in paths}


def test_a_look_up_in_a_store_on_disk_is_for_a_worker(small_snapshot: Snapshot, small_settings: Settings) -> None:
    assert not small_snapshot.in_memory
    assert dataset_of(small_snapshot).opened is None
    assert dataset_of(open_snapshot(small_snapshot.folder, small_settings.memory_triples)).opened is not None


def test_no_request_holds_the_event_loop(settings: Settings, steps: list[float]) -> None:
    slow: dict[str, float] = {}
    with TestClient(create_app(settings), follow_redirects=False) as client:
        version = client.get("/health/ready").text.split()[1]
        forms = (b"a=1&" * 250_000, b"query=ASK%7B%7D&" + b"a=1&" * 9_000, b"query=" + b"%28" * 300_000)
        for path in (*GETS, f"/v/{version}/ontology.ttl"):
            for _ in range(2):  # the second comes from the cache where the first is stored
                steps.clear()
                assert client.get(path, headers=BR).status_code in (200, 400), path[:80]
                slow[path] = max(*steps, slow.get(path, 0))
        for form in forms:
            steps.clear()
            assert client.post("/sparql", content=form, headers=FORM).status_code < 500
            slow[form[:20].decode()] = max(steps)
    assert {path[:80]: taken for path, taken in slow.items() if taken > LONGEST} == {}


def test_a_large_body_is_ready_to_be_sent_once_it_was_compressed(small_snapshot: Snapshot) -> None:
    """What is not ready is compressed in a thread."""
    wanted, plain = Conditions(accept_encoding="br"), Conditions()
    small, large = (finish(Answer(b"word " * words, HTML), small_snapshot) for words in (1_000, 20_000))
    assert (small.is_ready(wanted), large.is_ready(plain), large.is_ready(wanted)) == (True, True, False)
    large.parts(wanted)
    assert large.is_ready(wanted)
