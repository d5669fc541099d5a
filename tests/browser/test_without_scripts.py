"""Nothing needs a script: links and forms with JavaScript switched off."""

from __future__ import annotations

from tests.browser.visitor import Visitor, unfold


def test_a_reader_gets_from_the_home_page_to_the_words_by_links(plain_reader: Visitor) -> None:
    page = plain_reader.page
    plain_reader.visit("/")
    page.locator(".coverage .cell").filter(has_text="Protection and assistance measures").click()
    page.wait_for_url("**/doc/instrument/smuggling-protocol/article/16")
    page.locator("[aria-labelledby=citing] .line-number").first.click()
    page.wait_for_url("**/doc/document/som-wg-2015/paragraph/24")
    assert "article 16, paragraph 5, of the Smuggling of Migrants Protocol" in page.locator(".words").inner_text()


def test_search_is_a_plain_form(plain_reader: Visitor) -> None:
    plain_reader.visit("/")
    plain_reader.page.locator("#search-home").fill("detention")
    plain_reader.page.keyboard.press("Enter")
    plain_reader.page.wait_for_url("**/search?q=detention")
    assert "Recommendation 24" in plain_reader.page.locator("main").inner_text()


def test_filters_apply_with_their_button(plain_reader: Visitor) -> None:
    page = plain_reader.page
    plain_reader.visit("/recommendations")
    unfold(plain_reader, "Theme")
    page.locator("input[name=theme][value=return]").check()
    page.get_by_role("button", name="Apply the filters").click()
    page.wait_for_url("**theme=return*")
    assert page.locator("input[name=theme][value=return]").is_checked()
    assert page.locator(".found .line").count() == int(page.locator(".found-head strong").inner_text())


def test_the_columns_of_the_cross_reference_are_chosen_with_its_button(plain_reader: Visitor) -> None:
    plain_reader.visit("/crossref")
    plain_reader.page.locator("#by").select_option("meeting")
    plain_reader.page.get_by_role("button", name="Show").click()
    plain_reader.page.wait_for_url("**by=meeting*")
    assert plain_reader.page.locator("thead").first.inner_text().split()[1:] == ["2012", "2013", "All"]
