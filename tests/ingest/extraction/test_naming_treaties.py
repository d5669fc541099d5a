"""Treaties as texts name them (`treaties.txt`), and articles behind them: a short name behind one treaty means that one."""

from __future__ import annotations

import pytest

from ingest.document import Span
from ingest.extraction import Lexicon, extract_text
from ingest.extraction.citations import find_citations
from tests.ingest.extraction.marks import plain, sentences_of, slug, with_marks

CHILD = "convention-on-the-rights-of-the-child"
CIVIL = "international-covenant-on-civil-and-political-rights"
SOCIAL = "international-covenant-on-economic-social-and-cultural-rights"


def named(text: str, lexicon: Lexicon, means: dict[str, str] | None = None) -> list[tuple[str, str, bool]]:
    """Words, treaty and whether it was inferred, of each treaty that a text names."""
    found = extract_text(text, lexicon, "working-group", means or {}).mentions
    treaties = [each for each in found if each.kind == "instrument"]
    return [(each.span.cut(text), each.entity.rpartition("/")[2], each.is_inferred) for each in treaties]


def as_marked(text: str, lexicon: Lexicon) -> str:
    treaties = [each for each in extract_text(text, lexicon, "working-group").mentions if each.kind == "instrument"]
    names = [(each.span, each.entity.rpartition("/")[2], ", inferred" * each.is_inferred) for each in treaties]
    return with_marks(text, [(span, (name if name != slug(span.cut(text)) else "") + how) for span, name, how in names])


def test_a_sentence_names_the_treaties_that_its_marks_say(corpus_lexicon: Lexicon) -> None:
    read = {marked: as_marked(plain(marked), corpus_lexicon) for marked in sentences_of("treaties.txt")}
    assert {marked: found for marked, found in read.items() if found != marked} == {}


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("Ratify the Optional Protocol to the Convention on the Right of the Child on a Communications Procedure.",
         "optional-protocol-to-the-convention-on-the-rights-of-the-child-on-a-communications-procedure"),
        ("Ratify the second Optional Protocol of the International Covenant on Civil and Political Rights.",
         f"second-optional-protocol-to-the-{CIVIL}"),
    ],
)  # fmt: skip
def test_a_protocol_is_told_by_its_treaty_though_words_are_mistaken(
    corpus_lexicon: Lexicon, text: str, protocol: str
) -> None:
    assert [each[1] for each in named(text, corpus_lexicon) if "protocol" in each[1]] == [protocol]


def test_a_provision_of_a_plural_is_one_of_each(corpus_lexicon: Lexicon) -> None:
    text = "Apply article 1, paragraph 2, common to the two Covenants."
    cited = [each for each in extract_text(text, corpus_lexicon, "working-group").mentions if each.cites]
    assert [(each.span.cut(text), each.entity) for each in cited] == [
        ("article 1, paragraph 2", f"id/instrument/{SOCIAL}/article/1/paragraph/2"),
        ("article 1, paragraph 2, common to the two Covenants", f"id/instrument/{CIVIL}/article/1/paragraph/2"),
    ]


def test_a_bare_article_behind_an_optional_protocol_stays_open(corpus_lexicon: Lexicon) -> None:
    protocol = "Second Optional Protocol to the International Covenant on Civil and Political Rights"

    def articles(text: str) -> list[str]:
        found = extract_text(text, corpus_lexicon, "working-group").mentions
        return [each.entity for each in found if each.cites and "/article/" in each.entity]

    assert articles(f"Ratify the {protocol} and report under article 40.") == []
    own = f"The {protocol}, as its preamble and article 1 say, is such; the declaration under article 2 thereof is too."
    path = f"id/instrument/second-optional-protocol-to-the-{CIVIL}/article"
    assert articles(own) == [f"{path}/1", f"{path}/2"]


def test_what_the_document_defines_stands(corpus_lexicon: Lexicon) -> None:
    text = "The Convention on the Rights of the Child is in force. The Convention protects."
    assert ("Convention", "untoc", False) in named(text, corpus_lexicon, {"the Convention": "untoc"})
    twice = (
        "The Ferry Protocol (the Protocol) and the Port Protocol (the Protocol) bind; article 9 of the Protocol too."
    )
    assert not [each for each in named(twice, corpus_lexicon) if each[2]]


def test_a_short_name_with_a_number_needs_no_article(corpus_lexicon: Lexicon) -> None:
    text = "Parties to Protocol V count ferries, as the Protocol says."
    assert named(text, corpus_lexicon, {"Protocol V": "ferry-protocol"}) == [
        ("Protocol V", "ferry-protocol", False),
        ("Protocol", "ferry-protocol", True),
    ]


def test_what_is_of_a_treaty_names_it_without_an_article(corpus_lexicon: Lexicon) -> None:
    text = "Violations of Covenant rights are reported. Covenant ships sail."
    means = {"the Covenant": "international-covenant-on-civil-and-political-rights"}
    assert named(text, corpus_lexicon, means) == [
        ("Covenant", "international-covenant-on-civil-and-political-rights", False)
    ]
    assert not named(text, corpus_lexicon)


def test_a_bare_article_is_of_the_one_treaty_that_the_document_defines(corpus_lexicon: Lexicon) -> None:
    text = "Ports report delays under article 12 (1). The Convention says so."
    found = extract_text(text, corpus_lexicon, "working-group", {"the Convention": "untoc"}).mentions
    articles = [(each.entity, each.is_inferred) for each in found if each.kind == "provision"]
    assert articles == [("id/instrument/untoc/article/12/paragraph/1", True)]


@pytest.mark.parametrize(
    ("text", "is_of_the_treaty"),
    [
        ("Ports are closed under article 12 where this is provided by law.", True),
        ("Article 12 binds, whatever the law of a State party says. Legislation on ferries follows.", True),
        ("Laws and regulations of harbours must meet article 12 and domestic criminal law.", True),
        ("Article 12 is carried out by the Ferries Act.", False),
        ("Law No. 5 repeats what article 12 says.", False),
        ("The Constitution of Norway was amended, and article 12 came into force.", False),
        ("The criminal code punishes captains; article 12 says how.", False),
        ("The new law on ferries is in force and article 12 closes ports.", False),
    ],
)
def test_law_as_such_names_no_law(corpus_lexicon: Lexicon, text: str, is_of_the_treaty: bool) -> None:
    found = extract_text(text, corpus_lexicon, "working-group", {"the Convention": "untoc"}).mentions
    articles = [each.entity for each in found if each.kind == "provision"]
    assert articles == ["id/instrument/untoc/article/12"] * is_of_the_treaty


def test_beside_another_law_it_is_only_in_parentheses(corpus_lexicon: Lexicon) -> None:
    text = "Under the Harbour Code, ports report delays (art. 12 (1)), and article 7 does not say how."
    found = extract_text(text, corpus_lexicon, "working-group", {"the Convention": "untoc"}).mentions
    articles = [(each.entity, each.is_inferred) for each in found if each.kind == "provision"]
    assert articles == [("id/instrument/untoc/article/12/paragraph/1", True)]
    two = {"the Convention": "untoc", "the Protocol": "smuggling-protocol"}
    assert not [each for each in extract_text(text, corpus_lexicon, "working-group", two).mentions if each.cites]


def test_a_provision_of_such_a_treaty_is_inferred_too(corpus_lexicon: Lexicon) -> None:
    text = "The Convention on the Rights of the Child is in force; article 12 of the Convention protects."
    found = extract_text(text, corpus_lexicon, "working-group")
    (article,) = [each for each in found.mentions if each.kind == "provision"]
    assert (article.entity, article.is_inferred) == (f"id/instrument/{CHILD}/article/12", True)
    assert article.span == Span(text.index("article 12"), text.index(" protects"))


def test_a_list_goes_on_with_the_body_named_before_its_noun(corpus_lexicon: Lexicon) -> None:
    text = "Recalling all relevant Human Rights Council resolutions, including resolutions 23/9 and 29/11,"
    found = extract_text(text, corpus_lexicon, "working-group", {"resolution": "ga"}).mentions
    assert [each.entity for each in found] == ["id/resolution/hrc-23-9", "id/resolution/hrc-29-11"]
    assert not find_citations(text, ()).provisions


def test_a_resolution_behind_its_title_is_of_the_body_that_goes_on(corpus_lexicon: Lexicon) -> None:
    text = "In its resolution 8/3, entitled “Safer ports, safer ferries”, the Human Rights Council asked for ferries."
    found = extract_text(text, corpus_lexicon, "secretariat").mentions
    assert [each.entity for each in found if each.kind == "resolution"] == ["id/resolution/hrc-8-3"]
