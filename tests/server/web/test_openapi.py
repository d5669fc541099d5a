"""The OpenAPI description is true: Schemathesis asks the running server for all it describes."""

from __future__ import annotations

import json

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from starlette.testclient import TestClient


def test_no_described_address_fails_whatever_it_is_asked(live_server: str) -> None:
    schema = schemathesis.openapi.from_url(f"{live_server}openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: schemathesis.Case) -> None:
            response = case.call()
            case.validate_response(response, checks=[not_a_server_error])
            assert "x-request-id" in response.headers

        ask()


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
