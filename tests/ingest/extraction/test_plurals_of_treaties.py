"""One plural may name several treaties: each that reference data or the text's own number say, and no others."""

from __future__ import annotations

import pytest

from ingest.extraction import Lexicon, extract_text

CIVIL = "international-covenant-on-civil-and-political-rights"
SOCIAL = "international-covenant-on-economic-social-and-cultural-rights"
CHILD = "optional-protocol-to-the-convention-on-the-rights-of-the-child"
DRUGS = "convention-against-illicit-traffic-in-narcotic-drugs-and-psychotropic-substances"


def cited(text: str, lexicon: Lexicon) -> set[tuple[str, str]]:
    """Words and path of each treaty or provision that a text cites."""
    found = extract_text(text, lexicon, "working-group").mentions
    return {(each.span.cut(text), each.entity.removeprefix("id/instrument/")) for each in found if each.cites}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("States should ratify both Covenants.", {("both Covenants", CIVIL), ("Covenants", SOCIAL)}),
        ("Guided by the International Covenants on Human Rights, ports are open.",
         {("International Covenants on Human Rights", CIVIL), ("Covenants on Human Rights", SOCIAL)}),
        (
            "The international drug control conventions bind ports.",
            {
                ("international drug control conventions", DRUGS),
                ("drug control conventions", "convention-on-psychotropic-substances"),
                ("control conventions", "single-convention-on-narcotic-drugs"),
            },
        ),
        # a provision is one of each
        (
            "Apply article 1, paragraph 2, common to the two Covenants.",
            {
                ("article 1, paragraph 2, common to the two Covenants", f"{CIVIL}/article/1/paragraph/2"),
                ("article 1, paragraph 2", f"{SOCIAL}/article/1/paragraph/2"),
            },
        ),
        # the text says how many protocols, and so many are described
        (
            "Ratify ICCPR and its two Optional Protocols.",
            {
                ("ICCPR", CIVIL),
                ("two Optional Protocols", f"optional-protocol-to-the-{CIVIL}"),
                ("Optional Protocols", f"second-optional-protocol-to-the-{CIVIL}"),
            },
        ),
        (
            "Ratify the three Optional Protocols to the Convention on the Rights of the Child.",
            {
                ("three Optional Protocols", f"{CHILD}-on-a-communications-procedure"),
                ("Optional Protocols", f"{CHILD}-on-the-involvement-of-children-in-armed-conflict"),
                ("Protocols", f"{CHILD}-on-the-sale-of-children-child-prostitution-and-child-pornography"),
                ("Convention on the Rights of the Child", "convention-on-the-rights-of-the-child"),
            },
        ),
        # it does not say which
        ("Ratify the Convention on the Rights of the Child and the two Optional Protocols thereto.",
         {("Convention on the Rights of the Child", "convention-on-the-rights-of-the-child")}),
        ("Ratify the Harbour Conventions and Protocols I and II.", set()),
    ],
)  # fmt: skip
def test_a_plural_names_each_treaty_that_it_says(
    corpus_lexicon: Lexicon, text: str, expected: set[tuple[str, str]]
) -> None:
    assert cited(text, corpus_lexicon) == expected


def test_a_short_plural_behind_two_treaties_means_neither_alone(corpus_lexicon: Lexicon) -> None:
    text = "The International Covenants on Human Rights (the Covenants) bind; ports apply the Covenants."
    assert cited(text, corpus_lexicon) == {
        ("International Covenants on Human Rights", CIVIL),
        ("Covenants on Human Rights", SOCIAL),
    }


def test_a_bare_article_behind_an_optional_protocol_stays_open(corpus_lexicon: Lexicon) -> None:
    protocol = "Second Optional Protocol to the International Covenant on Civil and Political Rights"
    text = f"Ratify the {protocol} and report under article 40."
    assert not [path for _, path in cited(text, corpus_lexicon) if "article" in path]
    own = f"The {protocol}, as its preamble and article 1 say, is such; the declaration under article 2 thereof is too."
    assert sorted(path for _, path in cited(own, corpus_lexicon) if "article" in path) == [
        f"second-optional-protocol-to-the-{CIVIL}/article/1",
        f"second-optional-protocol-to-the-{CIVIL}/article/2",
    ]
