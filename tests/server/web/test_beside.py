"""Pages are made in threads, and nothing of the engine leaves its thread with an error."""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from server.settings import Settings
from server.web.beside import Beside
from server.web.errors import NotFound


def test_an_error_brings_no_rows_of_its_thread_into_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ignored: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: ignored.append(str(told.exc_value)))
    store = Store()
    store.extend(Quad(NamedNode("http://a"), NamedNode("http://b"), Literal(number)) for number in range(3))

    async def work() -> None:
        rows = store.quads_for_pattern(None, None, None)
        next(rows)
        raise NotFound("There is no such thing.")

    beside = Beside(Settings(base="https://data.example.org/", snapshots=tmp_path))
    with pytest.raises(NotFound):
        asyncio.run(beside.make("reader", work))
    gc.collect()
    beside.close()
    assert ignored == []
