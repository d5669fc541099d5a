"""What directives ask to do: the verbs of the real document, read by hand, and of sentences in other forms."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.extraction import Lexicon, extract_text
from ingest.extraction.actions import find_actions
from ingest.extraction.findings import Mention
from ingest.extraction.verbs import base_form

PARAGRAPHS = {
    10: "strengthen / criminalize",
    11: "bear-in-mind / take-measures scrutinize detect",
    12: "strengthen / request",
    13: "raise-awareness / provide / establish",
    17: "take-measures protect / provide",
    19: "give-attention / prioritize",
    23: "request > exchange share",
    24: "involve / give-attention",
    28: "prioritize / assess",
    38: "request > provide",
    40: "request > provide",
    41: "request > facilitate deliver develop disseminate",
    51: "notify / inform include",
    63: "establish / request",
    68: "involve / encourage > coordinate hold share undertake",
    83: "request > collect prepare / include / include / assess",
    84: "use / support contribute",
    87: "request > organize",
}
"""By recommendation, its directives apart by a stroke; behind ``>`` what those are to do who are to be asked. Others have
one directive, whose actions `tests/ingest/test_accuracy.py` compares with what a reader wrote down."""


def slugs(actions: tuple[Mention, ...]) -> str:
    return " ".join(each.entity.removeprefix("id/action/") for each in actions)


@pytest.mark.parametrize("number", PARAGRAPHS)
def test_a_recommendation_asks_to_do_what_its_verbs_say(
    number: int, paragraphs: Mapping[int, str], lexicon: Lexicon
) -> None:
    found = extract_text(paragraphs[number], lexicon, "working-group").directives
    read = [" > ".join(filter(None, (slugs(each.actions), slugs(each.asked_actions)))) for each in found]
    assert " / ".join(read) == PARAGRAPHS[number]


OTHER_SENTENCES = {
    "States should develop, implement and evaluate strategies, in consultation with civil society, and report thereon.": "develop implement evaluate report",
    "Measures should be collected, analysed and shared with UNODC.": "collect analyse share",
    "Legislation should be reviewed and strengthened by States parties.": "review strengthen",
    "Smuggled migrants should not be detained or expelled.": "refrain",
    "States should never disclose the identity of witnesses.": "refrain",
    "States should refrain from detaining children.": "refrain",
    "States should not only investigate cases but also protect witnesses.": "investigate protect",
    "States should establish as a serious criminal offence the forging of visas.": "criminalize",
    "States should make the forging of visas a criminal offence.": "criminalize",
    "States parties should criminalise the conduct.": "criminalize",
    "States should ensure and facilitate access to courts.": "ensure facilitate",
    "States should take all necessary steps to ratify and implement the Convention.": "take-measures ratify implement",
    "States should make every effort to identify victims and to protect them.": "identify protect",
    "States should step up their efforts to combat corruption.": "intensify combat",
    "States should, with the assistance of UNODC, where needed, train, equip and mentor investigators.": "train equip mentor",
    "States should seek to establish contact points and exchange best practices.": "establish exchange",
    "States should enhance and, where necessary, establish mechanisms.": "enhance establish",
    "States should review, revise and/or repeal laws that criminalize migrants and provide remedies.": "review revise repeal",
    "States should strengthen their laws in order to protect victims and prosecute traffickers.": "strengthen",
    "States should continue advising practitioners and sharing their experience.": "advise share",
    "States should consider ways of involving banks.": "involve",
    "States should consider how best to measure results and to publish them.": "measure publish",
    "States should consider, as appropriate, extending permits.": "extend",
    "States should consider the ratification of the Convention.": "consider",
    "States should give priority consideration to requests.": "consider",
    "States should rescue migrants at sea and bring them to a place of safety.": "rescue bring",
    "States should work together to dismantle networks.": "cooperate",
    "States should join the Convention and support the Fund.": "accede support",
    "Recommendations should be implemented and, where possible, be made public.": "implement make",
}


@pytest.mark.parametrize("text", OTHER_SENTENCES)
def test_the_verbs_of_any_sentence_are_read(text: str) -> None:
    start = text.index("should") + len("should")
    assert slugs(find_actions(text, start, len(text) - 1, "").own) == OTHER_SENTENCES[text]


def test_what_somebody_is_to_be_asked_is_told_from_the_asking() -> None:
    text = "States should invite UNODC to train judges and to report thereon."
    found = find_actions(text, text.index(" invite"), len(text))
    assert (slugs(found.own), slugs(found.asked)) == ("invite", "train report")


def test_verbs_of_the_issuer_ask_to_do_what_follows_them(lexicon: Lexicon) -> None:
    text = (
        "Requests the Secretariat to collect replies and to prepare a report; calls for the strengthening of controls."
    )
    first, second = extract_text(text, lexicon, "working-group").directives
    assert (slugs(first.actions), slugs(second.actions)) == ("collect prepare", "strengthen")


def test_an_action_is_a_mention_at_its_words(paragraphs: Mapping[int, str], lexicon: Lexicon) -> None:
    text = paragraphs[31]
    found = [each for each in extract_text(text, lexicon, "working-group").mentions if each.kind == "action"]
    assert [(each.span.cut(text), each.entity) for each in found] == [
        ("review", "id/action/review"),
        ("strengthen", "id/action/strengthen"),
        ("establish as criminal offences", "id/action/criminalize"),
    ]


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("establishing", "establish"), ("ratifying", "ratify"), ("acceding", "accede"), ("submitting", "submit"),
        ("organised", "organize"), ("analysed", "analyse"), ("agreed", "agree"), ("taken", "take"), ("put", "put"),
        ("bring", "bring"), ("digitized", "digitize"), ("seconding", "second"), ("benchmarked", "benchmark"),
        ("decentralized", "decentralize"), ("vetted", "vet"),
    ],
)  # fmt: skip
def test_the_base_form_of_a_verb(word: str, base: str) -> None:
    assert base_form(word) == base
