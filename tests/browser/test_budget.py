"""What a page may cost: 100 kilobytes on the wire, without fonts, the editor and the icon, which the browser keeps."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.browser.kinds import ADDRESSES, LOOKED_AT
from tests.browser.visitor import Visitor
from tests.processes import PATIENCE

BYTES = 100_000
NOT_COUNTED = re.compile(r"\.woff2|vendor/editor\.|/icon\.svg")


def test_every_kind_of_page_is_under_100_kilobytes_on_the_wire(reader: Visitor) -> None:
    """With its stylesheets, scripts and picture, compressed as the browser gets them, what memory has as well."""
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("Network.enable")
    paths: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def finished(event: dict[str, Any]) -> None:
        path = paths.get(event["requestId"], "")  # What comes from memory counts as when it came.
        sizes[path] = max(event["encodedDataLength"], sizes.get(path, 0))

    session.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", finished)
    heavy = {}
    for name in LOOKED_AT:
        paths.clear()
        reader.visit(ADDRESSES[name])
        reader.page.wait_for_load_state("load")
        ends = time.monotonic() + PATIENCE
        while not sizes.keys() >= set(paths.values()) and time.monotonic() < ends:
            reader.page.wait_for_timeout(
                10
            )  # The session tells the end of a response after the page has its load event.
        counted = {path: sizes[path] for path in paths.values() if not NOT_COUNTED.search(path)}
        assert len(counted) >= 3, name
        assert min(counted.values()) > 0, name
        if sum(counted.values()) >= BYTES:
            heavy[name] = counted
    session.detach()
    assert heavy == {}


def test_the_editor_is_fetched_on_the_query_page_only(reader: Visitor) -> None:
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(request.url))
    reader.visit("/about")
    assert not [url for url in fetched if "editor" in url]
    reader.visit("/sparql")
    assert [url for url in fetched if "vendor/editor.js" in url]
