"""What a page may cost: nine questions to the store, and 100 kilobytes on the wire without fonts and the editor."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.browser.kinds import ADDRESSES, ONE_OF_EACH
from tests.browser.visitor import Visitor

QUESTIONS = 9
BY_ROW = {"result of a query": 20}
"""What may be asked besides: the label of each thing in a result that search does not know, here in 20 rows."""
BYTES = 100_000


def asked(live_server: str) -> float:
    """How many questions the server has asked its store."""
    counted = re.findall(r"^palermo_named_queries_total\{.*\} (\S+)$", httpx2.get(f"{live_server}metrics").text, re.M)
    return sum(map(float, counted))


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_asks_at_most_nine_questions(name: str, live_server: str) -> None:
    path = ADDRESSES[name]
    unkept = f"{path}{'&' if '?' in path else '?'}unkept=1"
    before = asked(live_server)
    answer = httpx2.get(live_server.rstrip("/") + unkept, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert asked(live_server) - before <= QUESTIONS + BY_ROW.get(name, 0)


def test_the_counter_counts(live_server: str) -> None:
    before = asked(live_server)
    question = "queries/which-recommendations-concern-an-article?provision=id/instrument/untoc/article/36"
    httpx2.get(live_server + question, headers={"Accept": "text/html"})
    assert 0 < asked(live_server) - before <= QUESTIONS


def test_every_kind_of_page_is_under_100_kilobytes_on_the_wire(reader: Visitor, live_server: str) -> None:
    """With its stylesheets, scripts and picture, compressed as the browser gets them, and nothing from memory."""
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, float] = {}
    paths: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    heavy = {}
    for name in sorted(ONE_OF_EACH):
        sizes.clear()
        reader.visit(ADDRESSES[name])
        reader.page.wait_for_function("() => document.readyState === 'complete'")
        counted = {
            paths[key]: size
            for key, size in sizes.items()
            if not re.search(r"\.woff2|vendor/editor\.", paths.get(key, ""))
        }
        assert len(counted) >= 3, name
        if sum(counted.values()) >= BYTES:
            heavy[name] = counted
    session.detach()
    assert heavy == {}
    assert live_server


def test_the_editor_is_fetched_on_the_query_page_only(reader: Visitor) -> None:
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(request.url))
    reader.visit("/about")
    assert not [url for url in fetched if "editor" in url]
    reader.visit("/sparql")
    assert [url for url in fetched if "vendor/editor.js" in url]
