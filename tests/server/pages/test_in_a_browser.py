"""The site in a real browser: with the keyboard, without scripts, on a phone, enlarged, on paper, and for axe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.server.pages.kinds import DOCUMENT, PAGES

pytestmark = pytest.mark.browser
FRONTEND = Path(__file__).parents[3] / "server" / "frontend" / "node_modules"
AXE = FRONTEND / "axe-core" / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
SCHEMES = {"light": "", "dark": "runOnly: ['color-contrast', 'link-in-text-block']"}
WIDTHS = (360, 640, 768, 1440)
"""CSS pixels; 640 is a window of 1280 at 200 per cent."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one of this system, or else the one that Playwright brought."""
    with sync_playwright() as playwright:
        if CHROMIUM is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("Chromium is not installed.")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def window(browser: Browser, live_server: str) -> Iterator[Page]:
    """A window at the base, whose console and requests are watched until it closes."""
    context = browser.new_context(base_url=live_server, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(live_server) else said.append(request.url))
    yield page
    context.close()
    assert not said


def test_no_page_complains_or_asks_another_host(window: Page) -> None:
    for path in PAGES:
        window.goto(path)


def test_axe_finds_nothing_on_any_kind_of_page_in_light_and_dark(browser: Browser, live_server: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci in server/frontend.")
    context = browser.new_context(base_url=live_server, bypass_csp=True)
    context.add_init_script(path=AXE)
    page, found = context.new_page(), []
    for path in PAGES:
        page.goto(path)
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            result = page.evaluate(f"() => axe.run(document, {{resultTypes: ['violations'], {rules}}})")
            found += [(path, scheme, each["id"], each["nodes"][0]["html"][:120]) for each in result["violations"]]
    context.close()
    assert not found


def test_no_page_is_wider_than_its_window_on_a_phone_enlarged_or_on_a_desk(browser: Browser, live_server: str) -> None:
    context = browser.new_context(base_url=live_server)
    page, wide = context.new_page(), []
    for path in PAGES:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            extra = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wide += [(path, width, extra)] if extra > 0 else []
    context.close()
    assert not wide


def test_the_first_stop_of_the_keyboard_skips_to_the_content(window: Page) -> None:
    window.goto(f"{DOCUMENT}/paragraph/24")
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.textContent") == "Skip to the content"
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "main"


def test_search_is_reached_walked_and_opened_with_the_keyboard(window: Page) -> None:
    window.goto("/about")
    window.keyboard.press("/")
    window.keyboard.type("sherl", delay=20)
    window.wait_for_selector(".suggestions a")
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    window.wait_for_url("**/doc/tool/sherloc")


def test_suggestions_go_away_with_escape(window: Page) -> None:
    window.goto("/")
    window.fill("#search-home", "unodc")
    window.wait_for_selector(".suggestions a")
    window.keyboard.press("Escape")
    assert window.locator(".suggestions:visible").count() == 0


def test_every_place_that_the_keyboard_reaches_can_be_seen(window: Page) -> None:
    window.goto("/recommendations")
    for _ in range(25):
        window.keyboard.press("Tab")
        assert window.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_a_filter_applies_as_soon_as_it_is_chosen(window: Page) -> None:
    window.goto("/recommendations")
    window.check("input[name=section][value=VI]")
    window.wait_for_url("**/recommendations?section=VI")
    assert window.locator("#found .line").count() == 3


def test_marks_can_be_switched_off(window: Page) -> None:
    window.goto(f"{DOCUMENT}/paragraph/24")
    link = window.locator(".words .mark-actor > a").first
    assert "dotted" in link.evaluate("e => getComputedStyle(e).textDecorationStyle")
    window.uncheck("#show-actor")
    assert link.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"


def test_the_editor_runs_a_query_with_the_keyboard_and_completes_names(window: Page) -> None:
    if not (FRONTEND.parents[1] / "static" / "vendor" / "editor.js").exists():
        pytest.skip("The editor is not built: run npm ci and npm run build in server/frontend.")
    window.goto("/editor?query=ASK%20%7B%7D")
    field = window.locator(".cm-content")
    field.click()
    window.keyboard.press("Control+End")
    window.keyboard.type("\n# pal:cit", delay=20)
    window.wait_for_selector(".cm-tooltip-autocomplete li:has-text('pal:cites')")
    window.keyboard.press("Escape")
    window.keyboard.press("Control+Enter")
    window.wait_for_url("**/sparql?query=*")
    assert window.locator("#result ~ p strong").inner_text() == "Yes."


def test_without_scripts_filters_questions_and_queries_work(browser: Browser, live_server: str) -> None:
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/recommendations")
    page.check("input[name=section][value=VI]")
    page.click("text=Apply the filters")
    assert page.locator("#found .line").count() == 3
    page.goto("/sparql")
    page.fill("textarea[name=query]", "ASK { }")
    page.click("button:has-text('Run')")
    assert "Yes." in page.inner_text("main")
    page.goto("/queries/which-recommendations-cite-an-article")
    page.click("button:has-text('Answer')")
    assert page.locator("table.result tbody tr").count() > 0
    page.fill("#search-top", "hotlines")
    page.click(".masthead button")
    assert "Recommendation 18" in page.inner_text("main")
    context.close()


def test_paper_has_the_text_without_the_controls(browser: Browser, live_server: str) -> None:
    context = browser.new_context(base_url=live_server)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(DOCUMENT)
    assert not page.locator(".navigation").is_visible()
    assert not page.locator(".sheet-contents").is_visible()
    assert page.locator("#paragraph-24").is_visible()
    context.close()
