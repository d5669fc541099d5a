"""The OpenAPI description against the running server: what it says of answers is what they are."""

from __future__ import annotations

import json
import re

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks

load_all_checks()
NAMES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


@pytest.fixture(scope="module")
def document(live_server: str) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    """The description as it is served."""
    found: dict[str, dict[str, dict[str, dict[str, object]]]] = json.loads(
        httpx2.get(f"{live_server}openapi.json").content
    )
    return found


def test_every_variable_of_an_address_is_described(
    document: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            given_parameters = operation.get("parameters", [])
            assert isinstance(given_parameters, list)
            described = {found["name"] for found in given_parameters if found["in"] == "path"}
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
