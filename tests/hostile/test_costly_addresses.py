"""Addresses that cost most, asked for again and again so that no front cache helps: others are answered meanwhile."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.hostile.wire import harmless, request

COSTLY = ("/graph/annotation/som-wg-2015.rdf", "/ontology", "/dumps/palermo.nq")


@pytest.mark.parametrize("path", COSTLY)
def test_asking_for_a_large_document_in_ever_new_ways_keeps_nobody_waiting(path: str, victim: str) -> None:
    harmless(victim, request(path))
    statuses: list[int] = []
    until = time.monotonic() + 0.8

    def ask(number: int) -> None:
        turn = 0
        with httpx2.Client(timeout=120) as client:
            while not turn or time.monotonic() < until:
                turn += 1
                fields = {"accept": f"application/rdf+xml;x={number}-{turn}", "accept-encoding": "br"}
                statuses.append(client.get(f"{victim}{path[1:]}?n={number}-{turn}", headers=fields).status_code)

    beside = 0
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(ask, range(8))
        while not beside or time.monotonic() < until:
            beside += 1
            harmless(victim, request(f"/search?q=beside{beside}"), 200)
    assert len(list(asked)) == 8
    assert set(statuses) == {200}
