"""The server under attack: the whole real site, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest


@pytest.fixture(scope="module")
def victim(live_server: str) -> Iterator[str]:
    """The base of the running server. After a module's cases it is as ready as before and counts no error of its own."""
    began = _started(live_server)
    yield live_server
    assert httpx2.get(f"{live_server}health/ready").text.startswith("ready ")
    assert _started(live_server) == began
    assert 'status="500"' not in httpx2.get(f"{live_server}metrics").text


def _started(base: str) -> str:
    """The first half of a request's id, which belongs to one process."""
    return httpx2.get(f"{base}health/live").headers["x-request-id"].partition("-")[0]
