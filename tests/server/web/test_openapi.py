"""The OpenAPI description is whole; Schemathesis asks the running server for all of it in another file."""

from __future__ import annotations

import json

from starlette.testclient import TestClient


def test_every_described_error_is_a_problem_document(small_client: TestClient) -> None:
    document = json.loads(small_client.get("/openapi.json").content)
    assert document["openapi"].startswith("3.")
    assert document["servers"] == [{"url": "/"}]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert "422" not in operation["responses"]
            for status in ("400", "404", "default"):
                assert "application/problem+json" in operation["responses"][status]["content"]
