"""The server under attack: the whole real site, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from server.settings import Settings
from tests.conftest import process_of
from tests.processes import free_port


@pytest.fixture(scope="module")
def victim(settings: Settings) -> Iterator[str]:
    """The base of the running server. After a module's cases it is as ready as before and counts no error of its own."""
    port = str(free_port())
    base = f"http://localhost:{port}/"
    with process_of(settings, PORT=port):
        began = _started(base)
        yield base
        assert httpx2.get(f"{base}health/ready").text.startswith("ready ")
        assert _started(base) == began
        assert 'status="500"' not in httpx2.get(f"{base}metrics").text


def _started(base: str) -> str:
    """The first half of a request's id, which belongs to one process."""
    return httpx2.get(f"{base}health/live").headers["x-request-id"].partition("-")[0]
