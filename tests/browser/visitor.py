"""A reader's browser tab that notes what it complains about and which hosts it asks."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

from tests.processes import PATIENCE

EVERY = bool(os.environ.get("EVERY"))
SHORTEN = """() => {
  const named = (element) => `${element.tagName}.${element.getAttribute("class")}.${element.getAttribute("type")}`;
  const shape = (element) => [named(element), ...new Set([...element.querySelectorAll("*")].map(named).sort())].join(" ");
  for (const parent of document.body.querySelectorAll("*")) {
    const alike = Map.groupBy(parent.children.length > 3 ? parent.children : [], shape);
    for (const elements of alike.values()) elements.slice(2, -1).forEach((element) => element.remove());
  }
}"""
"""A shape is an element with the set of all that is in it, by tag and class: rows of one template differ in words only."""

expect.set_options(timeout=PATIENCE * 1_000)


@dataclass(slots=True)
class Visitor:
    """One tab on the site at ``base``. ``complaints`` and ``strangers`` are those since the last visit began."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def visit(self, path: str) -> Response:
        """Opens a page by its path and waits until all that it needs has come."""
        self.complaints.clear()
        self.strangers.clear()
        answer = self.page.goto(self.base.rstrip("/") + path, wait_until="load")
        assert answer is not None
        return answer

    def width(self, pixels: int) -> None:
        """Makes the window so many CSS pixels wide."""
        self.page.set_viewport_size({"width": pixels, "height": 800})

    def path(self) -> str:
        """Path and query of the page that is open."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def shorten(self) -> None:
        """Leaves of elements of one shape that follow each other the first two and the last; with ``EVERY=1`` all."""
        if not EVERY:
            self.page.evaluate(SHORTEN)

    def ask(self, script: str, argument: Any = None) -> Any:
        """The value of a script in the page."""
        return self.page.evaluate(script, argument)


def visitor(browser: Browser, base: str, *, scripts: bool = True) -> Visitor:
    """A visitor with a browser of 1440 by 800 pixels, in light colours and without animations."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 800}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1_000)
    made = Visitor(page, base)

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            made.complaints.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            made.strangers.append(request.url)

    page.on("console", hear)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on("request", see)
    return made


def unfold(visiting: Visitor, heading: str) -> None:
    """Opens the filter with a heading, unless it is open."""
    summary = visiting.page.locator("summary", has_text=heading).first
    if summary.evaluate("element => !element.parentElement.open"):
        summary.click()
