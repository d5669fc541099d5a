"""Filters keep the reader's place; a basket keeps what was ticked; tables are cards on telephones."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_a_filter_keeps_scroll_and_focus(reader: Visitor) -> None:
    reader.visit("/recommendations")
    page = reader.page
    box = page.locator("input[name=theme][value=return]")
    box.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 150)")
    before = reader.ask("scrollY")
    assert before > 0
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/recommendations?theme=return")
    expect(box).to_be_checked()
    assert abs(reader.ask("scrollY") - before) <= 2
    assert reader.ask("document.activeElement.value") == "return"
    assert page.locator(".found .line-number").count() == 7
    assert reader.complaints == []


def test_on_a_telephone_filters_stand_behind_one_button_and_the_list_comes_first(reader: Visitor) -> None:
    reader.width(390)
    reader.visit("/recommendations?theme=return")
    assert reader.ask("document.querySelector('#found').getBoundingClientRect().top + scrollY") < 700
    reader.page.locator(".fold > summary").click()
    assert reader.page.locator("input[name=meeting]").first.count() == 1


def test_what_is_ticked_stays_in_the_basket_and_is_compared(reader: Visitor) -> None:
    reader.visit("/doc/theme/return")
    reader.page.locator("input[name=of][value='som-wg-2015/21']").check()
    reader.visit("/recommendations?section=III")
    reader.page.locator("input[name=of][value='som-wg-2015/16']").check()
    assert "2 in your basket" in reader.page.locator("#picked").inner_text()
    reader.page.locator("#picked button", has_text="compare").click()
    reader.page.wait_for_url("**/compare?*")
    assert [each.split()[1] for each in reader.page.locator(".compare-column h2").all_inner_texts()] == ["16", "21"]


def test_questions_are_cards_on_a_telephone_and_nothing_lies_outside(reader: Visitor) -> None:
    reader.width(390)
    for name in ("which-concern-return", "which-links-are-in-the-text-and-which-editorial", "what-is-unodc-asked"):
        reader.visit(f"/queries/{name}")
        outside = reader.ask(
            "[...document.querySelectorAll('.cards td, .cards td *')].filter(e => e.getBoundingClientRect().right > innerWidth).length"
        )
        assert outside == 0, name
