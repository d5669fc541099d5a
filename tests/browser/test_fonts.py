"""Fonts: of this server, asked for at once, and there when a page is seen for the first time."""

from __future__ import annotations

import pytest

from tests.browser.kinds import ADDRESSES, ONE_OF_EACH
from tests.browser.visitor import Visitor

LOADED = "async () => (await document.fonts.ready, [...document.fonts].filter((f) => f.status === 'loaded' && f.style === 'normal').map((f) => f.family.replaceAll('\"', '')))"
PRELOADED = "() => [...document.querySelectorAll('link[rel=preload][as=font]')].map((link) => link.href)"


@pytest.mark.parametrize("name", sorted(ONE_OF_EACH))
def test_every_kind_of_page_loads_the_two_main_fonts_it_asks_for_first(name: str, reader: Visitor) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.visit(ADDRESSES[name])
    wanted = reader.ask(PRELOADED)
    assert len(wanted) == 2
    assert {"Source Sans 3", "Source Serif 4"} <= set(reader.ask(LOADED))
    assert all(asked.count(url) == 1 for url in wanted), "the style sheet names the files that are preloaded"
