"""The OpenAPI description against the running server: what it says of answers is what they are."""

from __future__ import annotations

import json
import re

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from starlette.testclient import TestClient

load_all_checks()
NAMES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


def test_the_description_is_whole_and_every_error_in_it_is_a_problem_document(small_client: TestClient) -> None:
    document = json.loads(small_client.get("/openapi.json").content)
    assert document["openapi"].startswith("3.")
    assert document["servers"] == [{"url": "/"}]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert "422" not in operation["responses"]
            for status in ("400", "404", "default"):
                assert "application/problem+json" in operation["responses"][status]["content"]
            described = {found["name"] for found in operation.get("parameters", []) if found["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path)), path


def test_answers_have_the_status_type_and_shape_that_are_described(live_server: str) -> None:
    schema = schemathesis.openapi.from_url(f"{live_server}openapi.json")
    checks = CHECKS.get_by_names(NAMES)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            assert "x-request-id" in case.call_and_validate(checks=checks).headers

        ask()
    assert asked > 100
