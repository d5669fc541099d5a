"""A running server on a graph of our own, and a client that sends requests exactly as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from ontology.namespaces import Base
from server.settings import Settings
from tests.conftest import free_port, publish_small, running

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint of a running server, and the base IRI of its data."""

    base: str
    client: httpx2.Client

    @property
    def address(self) -> str:
        return self.base + "sparql"

    def iri(self, path: str) -> str:
        return self.base + path

    def get(
        self, query: str | None = None, accept: str | None = None, /, **parameters: str | list[str]
    ) -> httpx2.Response:
        """A query by GET; parameters are encoded once."""
        pairs = [("query", query)] if query is not None else []
        for name, value in parameters.items():
            pairs += [(name.replace("_", "-"), one) for one in ([value] if isinstance(value, str) else value)]
        tail = "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs) if pairs else ""
        return self.client.get(self.address + tail, headers={"accept": accept} if accept is not None else {})

    def post(
        self, body: str | bytes, content_type: str | None, accept: str | None = None, tail: str = ""
    ) -> httpx2.Response:
        """A POST with a body as it is given."""
        headers = {
            name: value for name, value in (("content-type", content_type), ("accept", accept)) if value is not None
        }
        return self.client.post(self.address + tail, content=body, headers=headers)


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The server as an operator starts it, with a short deadline."""
    base = Base(f"http://localhost:{free_port()}/")
    root = tmp_path_factory.mktemp("conformance")
    publish_small(root, base, Path(__file__).parent / "data.trig")
    settings = Settings(base=base.iri, snapshots=root)
    with running(settings, QUERY_DEADLINE_SECONDS="2") as address, httpx2.Client(timeout=120) as client:
        client.headers["accept"] = "*/*"
        yield Endpoint(address, client)
