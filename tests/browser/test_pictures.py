"""Pictures: those that the server draws are links with names, and the explorer comes only when it is asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.kinds import ADDRESSES
from tests.browser.tools import package
from tests.browser.visitor import Visitor

RECOMMENDATION = ADDRESSES["recommendation that cites"]
CHOSEN = ".explorer-chosen a"


@pytest.fixture
def explorer(reader: Visitor) -> Visitor:
    """The explorer of a recommendation, opened."""
    reader.visit(RECOMMENDATION)
    reader.page.get_by_role("button", name="Explore its neighbourhood").click()
    reader.page.locator(CHOSEN).wait_for()
    return reader


def test_the_explorer_is_fetched_when_its_button_is_pressed_and_from_here(reader: Visitor) -> None:
    fetched: list[str] = []
    reader.page.on("request", lambda request: fetched.append(request.url))
    reader.visit(RECOMMENDATION)
    assert not [url for url in fetched if "explorer" in url or "neighbours" in url]
    reader.page.get_by_role("button", name="Explore its neighbourhood").click()
    reader.page.locator(CHOSEN).wait_for()
    assert [url for url in fetched if "vendor/explorer.js" in url]
    assert reader.strangers == []
    assert reader.complaints == []
    assert reader.page.locator(CHOSEN).get_attribute("href") == RECOMMENDATION


def test_the_explorer_is_walked_with_the_keyboard_and_says_where_one_is(explorer: Visitor) -> None:
    said = explorer.page.locator(".explorer [role=status]")
    assert "more thing" in said.inner_text() or "links shown" in said.inner_text()
    explorer.page.locator(".explorer-canvas").focus()
    explorer.page.keyboard.press("ArrowRight")
    second = explorer.page.locator(CHOSEN).get_attribute("href")
    assert second != RECOMMENDATION
    assert (second or "").startswith("/doc/")
    before = said.inner_text()
    explorer.page.keyboard.press("Enter")
    expect(said).not_to_have_text(before)
    explorer.page.keyboard.press("Tab")
    assert explorer.page.locator(CHOSEN).evaluate("element => element === document.activeElement")
    assert explorer.complaints == []


def test_the_open_explorer_takes_the_place_of_the_drawn_picture_is_legible_on_a_telephone_and_closes(
    reader: Visitor,
) -> None:
    reader.width(390)
    reader.visit(RECOMMENDATION)
    button = reader.page.get_by_role("button", name="Explore its neighbourhood")
    button.click()
    reader.page.locator(CHOSEN).wait_for()
    assert not reader.page.locator(".picture > svg").is_visible()
    assert (
        "Dashed: suggested; its own page says by whom, and who reviewed it."
        in reader.page.locator(".explorer").inner_text()
    )
    with reader.page.expect_download() as saved:
        reader.page.get_by_role("button", name="Save the picture").click()
    assert saved.value.suggested_filename.endswith(".png")
    reader.page.get_by_role("button", name="Closer").click()
    reader.page.get_by_role("button", name="Close", exact=True).click()
    assert button.evaluate("element => element === document.activeElement")
    assert reader.complaints == []
    reader.width(1440)


def test_the_page_of_the_explorer_offers_it_and_says_the_same_in_words(reader: Visitor, plain_reader: Visitor) -> None:
    """Seven have the theme return: 21, 22, 27, 29, 63, 76 and 79."""
    reader.visit("/explore?of=id/theme/return")
    reader.page.get_by_role("button", name="Explore its neighbourhood").click()
    reader.page.locator(CHOSEN).wait_for()
    plain_reader.visit("/explore?of=id/theme/return")
    words = plain_reader.page.locator("main .tags a").all_inner_texts()
    assert {f"Recommendation {number}" for number in (21, 22, 27, 29, 63, 76, 79)} < set(words)


def test_axe_finds_nothing_in_the_open_explorer(explorer: Visitor) -> None:
    explorer.ask(package("axe-core/axe.min.js").read_text(encoding="utf-8"))
    assert explorer.ask("async () => (await axe.run()).violations.map((each) => each.id)") == []


def test_without_scripts_there_is_the_drawn_picture_and_no_button(plain_reader: Visitor) -> None:
    plain_reader.visit(RECOMMENDATION)
    assert plain_reader.page.locator(".picture svg").is_visible()
    assert plain_reader.page.get_by_role("button", name="Explore").count() == 0


@pytest.mark.parametrize("name", ["recommendation that cites", "themes", "vocabulary", "home"])
def test_everything_in_a_drawn_picture_has_a_name_and_leads_somewhere(name: str, reader: Visitor) -> None:
    reader.visit(ADDRESSES[name])
    assert reader.page.locator("main svg[aria-label], main .cells").count() >= 1
    links = reader.page.locator("main svg a, main .cells a")
    nameless = links.evaluate_all(
        "all => all.filter((each) => !(each.textContent.trim() || each.getAttribute('aria-label'))).length"
    )
    assert links.count() > 3
    assert nameless == 0
