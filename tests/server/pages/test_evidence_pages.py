"""Findings show the words they were read from; judgements show both texts and how to correct them."""

from __future__ import annotations

from html import unescape

from starlette.testclient import TestClient

LINK = "/doc/document/som-wg-2015/paragraph/24/link/vccr/article/36/paragraph/1/letter/b"


def page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return unescape(answer.text)


def test_citation_page_marks_its_words_in_the_paragraph(client: TestClient) -> None:
    shown = page(client, "/doc/document/som-wg-2015/paragraph/24/mention/355-417")
    assert "<mark>article 16, paragraph 5, of the Smuggling of Migrants Protocol</mark>." in shown
    assert "Article 16, paragraph 5, Smuggling of Migrants Protocol</a>" in shown
    assert "characters 355 to 417" in shown


def test_mention_in_an_item_marks_its_words_in_the_item(client: TestClient) -> None:
    words = "Smuggling of vulnerable migrants, such as children, including unaccompanied children;"
    start = words.index("unaccompanied children")
    end = start + len("unaccompanied children")
    shown = page(client, f"/doc/document/som-wg-2015/paragraph/90/item/a/mention/{start}-{end}")
    assert "including <mark>unaccompanied children</mark>;" in shown


def test_qualifier_page_marks_its_words_and_says_what_they_limit(client: TestClient) -> None:
    # "States parties should, " has 23 characters and "where appropriate" has 17.
    shown = page(client, "/doc/document/som-wg-2015/paragraph/29/mention/23-40")
    assert "States parties should, <mark>where appropriate</mark> and consistent" in shown
    assert '<a href="/doc/qualifier/where-appropriate">where appropriate</a>' in shown
    assert "Its words limit what a directive asks." in shown
    assert '<a href="/doc/document/som-wg-2015/paragraph/29/directive/0">Recommendation 29, directive 1</a>' in shown


def test_qualifier_limits_the_directive_in_whose_words_it_stands(client: TestClient) -> None:
    text = client.get("/doc/document/som-wg-2015/paragraph/17.txt").text
    start = text.index("when it is envisaged")
    shown = page(client, f"/doc/document/som-wg-2015/paragraph/17/mention/{start}-{text.rindex('.')}")
    assert "<mark>when it is envisaged in national legislation</mark>." in shown
    assert "Recommendation 17, directive 2</a>" in shown
    assert "Recommendation 17, directive 1</a>" not in shown


def test_the_page_of_an_action_marks_its_words_and_leads_to_what_it_is_and_where_it_is_asked(
    client: TestClient,
) -> None:
    text = client.get("/doc/document/som-wg-2015/paragraph/31.txt").text
    start = text.index("establish as criminal offences")
    end = start + len("establish as criminal offences")
    shown = page(client, f"/doc/document/som-wg-2015/paragraph/31/mention/{start}-{end}")
    assert "and <mark>establish as criminal offences</mark> the acts" in shown
    assert '<a href="/doc/action/criminalize">criminalize</a>' in shown
    assert "Recommendation 31, directive 1</a>" in shown


def test_directive_page_says_who_should_do_what_how_strongly(client: TestClient) -> None:
    shown = page(client, "/doc/document/som-wg-2015/paragraph/40/directive/0")
    assert "<mark>States parties may wish to request UNODC to provide technical assistance" in shown
    assert "may wish to" in shown
    assert ">UNODC</a>" in shown
    assert "to act" in shown


def test_link_page_shows_both_texts_the_reason_and_who_judged(client: TestClient) -> None:
    shown = page(client, LINK)
    assert "In case of detention, States parties should give special attention to their obligations" in shown
    assert "Article 36, paragraph 1 (b), Vienna Convention on Consular Relations" in shown
    # The paragraph's own sentence, and the article as a whole.
    assert "inform the consular post without delay, pass on messages to it" in shown
    assert "as a whole: Secures communication between consular officers and the nationals" in shown
    assert "not the authentic text" in shown
    assert "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=III-6&chapter=3" in shown
    assert "unreviewed" in shown
    assert "suggested by <a" in shown
    assert ">a language model</a>" in shown


def test_link_page_offers_its_row_for_correction(client: TestClient) -> None:
    shown = page(client, LINK)
    assert "ingest/editorial/som-wg-2015/concordance.csv" in shown
    assert "24,vccr/article/36/paragraph/1/letter/b," in shown


def test_link_between_meetings_offers_the_row_of_relations(client: TestClient) -> None:
    shown = page(client, "/doc/document/som-wg-2015/paragraph/29/link/paragraph/24")
    assert "ingest/editorial/som-wg-2015/relations.csv" in shown
    assert "29,sharpens,24," in shown


def test_the_page_of_a_theme_s_judgement_offers_the_row_of_themes(client: TestClient) -> None:
    shown = page(client, "/doc/document/som-wg-2015/paragraph/24/link/theme/detention")
    assert "ingest/editorial/som-wg-2015/themes.csv" in shown
    assert "24,detention,Asks for attention to consular obligations in case of detention.,high," in shown
    assert "The detention of smuggled migrants and what they are owed in it." in shown


def test_each_theme_of_a_recommendation_has_its_reason_and_leads_to_its_judgement(client: TestClient) -> None:
    shown = page(client, "/doc/document/som-wg-2015/paragraph/24")
    assert "Asks for attention to consular obligations in case of detention." in shown
    assert (
        'href="/doc/document/som-wg-2015/paragraph/24/link/theme/detention">both texts, and a correction</a>' in shown
    )


def test_every_judgement_on_a_page_leads_to_where_it_can_be_corrected(client: TestClient) -> None:
    shown = page(client, "/doc/document/som-wg-2015/paragraph/24")
    assert f'href="{LINK}">both texts, and a correction</a>' in shown


def test_a_list_says_of_how_many_directives_the_strongest_is_shown(client: TestClient) -> None:
    shown = page(client, "/doc/instrument/smuggling-protocol/article/16")
    entry = shown.partition("give special attention to their obligations under the Vienna Convention")[2][:900]
    assert "strongest of 2 directives" in entry


def test_a_list_says_when_a_recommendation_asks_only_to_consider(client: TestClient) -> None:
    shown = page(client, "/doc/theme/return")
    entry = shown.partition("States should consider repatriating smuggled migrants directly")[2][:900]
    assert "asks only to consider" in entry.partition("</li>")[0]
