"""What browser tests share: Chromium on the running server, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.tools import ARGUMENTS, chromium
from tests.browser.visitor import Visitor, visitor

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests in this folder have the marker ``browser``."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, once for the files in a row: while Playwright runs, no other test of this thread can have an event loop."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium(playwright.chromium.executable_path), args=ARGUMENTS
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def reader(browser: Browser, live_server: str) -> Iterator[Visitor]:
    """A visitor whose browser runs scripts."""
    made = visitor(browser, live_server)
    yield made
    made.page.context.close()


@pytest.fixture(scope="module")
def plain_reader(browser: Browser, live_server: str) -> Iterator[Visitor]:
    """A visitor whose browser runs no scripts."""
    made = visitor(browser, live_server, scripts=False)
    yield made
    made.page.context.close()
