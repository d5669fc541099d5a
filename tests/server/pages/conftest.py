"""What tests of the site share: opening a page."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.server.pages.tree import Element, Visit, tree


@pytest.fixture
def visit(client: TestClient) -> Visit:
    """Opens a page by its path, as a browser does, and gives its tree."""

    def opened(path: str) -> Element:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return tree(answer.text)

    return opened
