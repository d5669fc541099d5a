"""Fonts: of this server, asked for at once, and there when a page is seen for the first time."""

from __future__ import annotations

from tests.browser.kinds import ADDRESSES
from tests.browser.visitor import Visitor

LOADED = "async () => (await document.fonts.ready, [...document.fonts].filter((f) => f.status === 'loaded' && f.style === 'normal').map((f) => f.family.replaceAll('\"', '')))"
PRELOADED = "() => [...document.querySelectorAll('link[rel=preload][as=font]')].map((link) => link.href)"


def test_pages_load_the_two_main_fonts_which_they_ask_for_first(reader: Visitor) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    for name in ("home", "recommendation with qualifiers", "query editor", "nothing at this address"):
        asked.clear()
        reader.visit(ADDRESSES[name])
        wanted = reader.ask(PRELOADED)
        assert len(wanted) == 2, name
        assert {"Source Sans 3", "Source Serif 4"} <= set(reader.ask(LOADED)), name
        assert all(asked.count(url) == 1 for url in wanted), "the style sheet names the files that are preloaded"
