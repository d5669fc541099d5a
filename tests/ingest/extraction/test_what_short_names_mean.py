"""What "the Protocol" or "the Committee" means: the document says it, and where it does not, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.document import Document
from ingest.extraction import Lexicon, extract, extract_text
from ingest.extraction.meanings import definitions

TRAFFICKING = {"the Protocol": "trafficking-protocol", "the Convention": "untoc"}
REFUGEES = {"the Convention": "convention-relating-to-the-status-of-refugees", "the Protocol": "protocol-relating-to-the-status-of-refugees"}  # fmt: skip
CORRUPTION = {"the Convention": "uncac", "the Conference": "uncac-conference", "resolution": "uncac-cosp"}


def cited(text: str, lexicon: Lexicon, means: dict[str, str]) -> list[str]:
    found = extract_text(text, lexicon, "working-group", means)
    return [mention.entity.split("/", 2)[2] for mention in found.mentions if mention.cites]


@pytest.mark.parametrize(
    ("text", "means", "expected"),
    [
        ("articles 6 and 7 of the Protocol", TRAFFICKING, ["trafficking-protocol/article/6", "trafficking-protocol/article/7"]),
        ("article 10 of the Protocol", {"the Protocol": "firearms-protocol"}, ["firearms-protocol/article/10"]),
        ("article 30 of the Convention", CORRUPTION, ["uncac/article/30"]),
        ("chapter V of the Convention", CORRUPTION, ["uncac/chapter/5"]),
        ("resolution 7/1", CORRUPTION, ["uncac-cosp-7-1"]),
        ("resolution 7/1 and resolution 58/4", CORRUPTION, ["uncac-cosp-7-1"]),
        ("decision 24/3", {"decision": "hrc"}, ["hrc-decision-24-3"]),
        ("Council resolution 16/21", {"the Council": "hrc"}, ["hrc-16-21"]),
        ("Article 35 of the 1951 Convention", REFUGEES, ["convention-relating-to-the-status-of-refugees/article/35"]),
        ("the spirit of the Convention and Protocol", REFUGEES, [*REFUGEES.values()]),
        ("Article 35 of the 1961 Convention", REFUGEES, []),
        ("articles 6 and 7 of the Protocol", {}, []),
        ("the Protocol; article 30 of the Convention; resolution 7/1", {}, []),
    ],
)  # fmt: skip
def test_a_short_name_means_what_the_metadata_say(
    corpus_lexicon: Lexicon, text: str, means: dict[str, str], expected: list[str]
) -> None:
    assert cited(text, corpus_lexicon, means) == expected


@pytest.mark.parametrize("name", ["Conference", "Working Group", "Secretariat", "Committee", "Extended Bureau"])
def test_a_short_name_of_a_body_names_nobody_without_a_meaning(corpus_lexicon: Lexicon, name: str) -> None:
    text = f"The {name} should report."
    (verb,) = extract_text(text, corpus_lexicon, "working-group").mentions
    assert (verb.span.cut(text), verb.kind) == ("report", "action")
    mention, _ = extract_text(text, corpus_lexicon, "working-group", {f"the {name}": "some-body"}).mentions
    assert (mention.span.cut(text), mention.entity) == (name, "id/actor/some-body")


@pytest.mark.parametrize(
    "text",
    [
        "The Trafficking in Persons Protocol (hereinafter “the Protocol”) is in force. Article 9 of the Protocol applies.",
        "The Trafficking in Persons Protocol (the Protocol) is in force. Article 9 of the Protocol applies.",
        "The Trafficking in Persons Protocol, hereinafter referred to as the Protocol, is in force. Article 9 of the Protocol",
        "the Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children, supplementing "
        "the United Nations Convention against Transnational Organized Crime (“the Protocol”). Article 9 of the Protocol",
    ],
)
def test_a_text_defines_its_own_short_names(corpus_lexicon: Lexicon, text: str) -> None:
    assert "trafficking-protocol/article/9" in cited(text, corpus_lexicon, {})


def test_metadata_go_before_a_definition_of_the_text(corpus_lexicon: Lexicon) -> None:
    text = "The Firearms Protocol (the Protocol) is in force. Article 9 of the Protocol applies."
    assert "trafficking-protocol/article/9" in cited(text, corpus_lexicon, TRAFFICKING)


def test_one_definition_may_give_two_names(corpus_lexicon: Lexicon) -> None:
    text = "The Convention on Ports (hereinafter the “Convention” or the “Harbour Convention”) binds. Article 4 of the Harbour Convention"
    assert "convention-on-ports/article/4" in cited(text, corpus_lexicon, {})


def test_an_article_of_a_law_in_parentheses_is_of_no_treaty(corpus_lexicon: Lexicon) -> None:
    text = "He claims equality (Constitution, art. 14) and work (art. 35)."
    means = {"the Protocol": "smuggling-protocol"}
    assert not [each for each in cited(text, corpus_lexicon, means) if "article" in each]
    assert [each for each in cited("He claims work (art. 35).", corpus_lexicon, means) if "article" in each]


def test_a_name_defined_in_two_ways_has_no_meaning(corpus_lexicon: Lexicon) -> None:
    text = "The Firearms Protocol (the Protocol) and the Trafficking in Persons Protocol (the Protocol): article 9 of the Protocol."
    assert not [each for each in cited(text, corpus_lexicon, {}) if each.endswith("article/9")]
    found = list(definitions(text, corpus_lexicon))
    assert [(each.name, each.span.cut(text)) for each in found] == [("Protocol", "Protocol")] * 2


def test_what_a_document_does_not_define_is_listed_with_its_words(document: Document, corpus_lexicon: Lexicon) -> None:
    text = "States should apply articles 6 and 7 of the Protocol, that Convention and Council resolution 16/21."
    paragraphs = (replace(document.paragraphs[4], text=text),)
    silent = replace(document, metadata=replace(document.metadata, means={}), paragraphs=paragraphs)
    assert [each.words for each in extract(silent, corpus_lexicon).unresolved] == [
        "articles 6 and 7 of the Protocol", "Convention", "resolution 16/21",
    ]  # fmt: skip
