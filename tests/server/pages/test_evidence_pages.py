"""Findings show the words they were read from; judgements show both texts and how to correct them."""

from __future__ import annotations

from html import unescape

import pytest
from starlette.testclient import TestClient

PARAGRAPH = "/doc/document/som-wg-2015/paragraph"
LINK = f"{PARAGRAPH}/24/link/vccr/article/36/paragraph/1/letter/b"
SHOWN = {
    "a citation": (f"{PARAGRAPH}/24/mention/355-417", [
        "<mark>article 16, paragraph 5, of the Smuggling of Migrants Protocol</mark>.",
        "Article 16, paragraph 5, Smuggling of Migrants Protocol</a>",
        "characters 355 to 417",
    ]),
    # "Smuggling of vulnerable migrants, such as children, including " has 62 characters
    "a mention in an item": (f"{PARAGRAPH}/90/item/a/mention/62-84", ["including <mark>unaccompanied children</mark>;"]),
    # "States parties should, " has 23 characters and "where appropriate" has 17
    "a qualifier and what it limits": (f"{PARAGRAPH}/29/mention/23-40", [
        "States parties should, <mark>where appropriate</mark> and consistent",
        '<a href="/doc/qualifier/where-appropriate">where appropriate</a>',
        "Its words limit what a directive asks.",
        f'<a href="{PARAGRAPH}/29/directive/0">Recommendation 29, directive 1</a>',
    ]),
    "who should do what how strongly": (f"{PARAGRAPH}/40/directive/0", [
        "<mark>States parties may wish to request UNODC to provide technical assistance", "may wish to", ">UNODC</a>", "to act",
    ]),
    "both texts of a link, the reason and who judged": (LINK, [
        "In case of detention, States parties should give special attention to their obligations",
        "Article 36, paragraph 1 (b), Vienna Convention on Consular Relations",
        # the paragraph's own sentence, and the article as a whole
        "inform the consular post without delay, pass on messages to it",
        "as a whole: Secures communication between consular officers and the nationals",
        "not the authentic text",
        "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=III-6&chapter=3",
        "unreviewed", "suggested by <a", ">a language model</a>",
    ]),
    "the row of a link for correction": (LINK, [
        "ingest/editorial/som-wg-2015/concordance.csv", "24,vccr/article/36/paragraph/1/letter/b,",
    ]),
    "the row of a relation between meetings": (f"{PARAGRAPH}/29/link/paragraph/24", [
        "ingest/editorial/som-wg-2015/relations.csv", "29,sharpens,24,",
    ]),
    "the row of a theme": (f"{PARAGRAPH}/24/link/theme/detention", [
        "ingest/editorial/som-wg-2015/themes.csv",
        "24,detention,Asks for attention to consular obligations in case of detention.,high,",
        "The detention of smuggled migrants and what they are owed in it.",
    ]),
    "the judgements of a recommendation, and where each can be corrected": (f"{PARAGRAPH}/24", [
        "Asks for attention to consular obligations in case of detention.",
        f'href="{PARAGRAPH}/24/link/theme/detention">both texts, and a correction</a>',
        f'href="{LINK}">both texts, and a correction</a>',
    ]),
}  # fmt: skip


def page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("what", SHOWN)
def test_a_page_shows(what: str, client: TestClient) -> None:
    path, words = SHOWN[what]
    shown = page(client, path)
    assert [each for each in words if each not in shown] == []


def test_qualifier_limits_the_directive_in_whose_words_it_stands(client: TestClient) -> None:
    text = client.get(f"{PARAGRAPH}/17.txt").text
    start = text.index("when it is envisaged")
    shown = page(client, f"{PARAGRAPH}/17/mention/{start}-{text.rindex('.')}")
    assert "<mark>when it is envisaged in national legislation</mark>." in shown
    assert "Recommendation 17, directive 2</a>" in shown
    assert "Recommendation 17, directive 1</a>" not in shown


def test_the_page_of_an_action_marks_its_words_and_leads_to_what_it_is_and_where_it_is_asked(
    client: TestClient,
) -> None:
    text = client.get(f"{PARAGRAPH}/31.txt").text
    start = text.index("establish as criminal offences")
    end = start + len("establish as criminal offences")
    shown = page(client, f"{PARAGRAPH}/31/mention/{start}-{end}")
    assert "and <mark>establish as criminal offences</mark> the acts" in shown
    assert '<a href="/doc/action/criminalize">criminalize</a>' in shown
    assert "Recommendation 31, directive 1</a>" in shown


def test_of_two_directives_that_ask_for_the_same_the_words_are_those_of_one(client: TestClient) -> None:
    text = client.get(f"{PARAGRAPH}/83.txt").text
    for start, own, other in ((text.index("include all types"), 2, 3), (text.index("include the challenges"), 3, 2)):
        shown = page(client, f"{PARAGRAPH}/83/mention/{start}-{start + len('include')}")
        assert (f"directive {own}</a>" in shown, f"directive {other}</a>" in shown) == (True, False)


def test_a_list_says_of_how_many_directives_the_strongest_is_shown(client: TestClient) -> None:
    shown = page(client, "/doc/instrument/smuggling-protocol/article/16")
    entry = shown.partition("give special attention to their obligations under the Vienna Convention")[2][:900]
    assert "strongest of 2 directives" in entry


def test_a_list_says_when_a_recommendation_asks_only_to_consider(client: TestClient) -> None:
    shown = page(client, "/doc/theme/return")
    entry = shown.partition("States should consider repatriating smuggled migrants directly")[2][:900]
    assert "asks only to consider" in entry.partition("</li>")[0]
