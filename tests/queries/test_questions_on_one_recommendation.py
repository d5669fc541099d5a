"""Questions 18 and 20: everything about one recommendation, and which are most like it."""

from __future__ import annotations

import pytest

from server.snapshot import Snapshot
from tests.queries.conftest import PARAGRAPH, Asker
from tests.queries.reading import CITED, RECOMMENDATIONS, addressees, article, related, relations, themes


def facts(ask: Asker, number: int) -> dict[str, set[str]]:
    """The things of each kind of fact; where there is no thing, the words."""
    found: dict[str, set[str]] = {}
    for row in ask("everything-about-a-recommendation", recommendation=f"{PARAGRAPH}{number}"):
        found.setdefault(row["fact"][3:], set()).add(row.get("thing", row.get("words", "")))
    return found


def test_everything_about_recommendation_24(ask: Asker, snapshot: Snapshot) -> None:
    found = facts(ask, 24)
    assert found["Part of"] == {"section/III", "section/III/A"}
    assert found["Adopted at"] == {"som-wg-2012"}
    assert found["Directive"] == {"24/directive/0", "24/directive/198"}
    assert found["Modality"] == {"may-wish", "should"}
    assert found["Addressed"] == {"states-parties"}
    assert found["Cites"] == {"vccr", "smuggling-protocol/article/16/paragraph/5"}
    assert found["Mentions"] == {"states-parties", "consular-authorities", "smuggling-protocol"}
    assert found["Names the group"] == {"migrants", "smuggled-migrants"}
    assert found["Theme"] == set(themes()[24])
    assert found["Related to"] == {row["provision"] for row in related() if row["recommendation"] == "24"}
    assert found["Less far-reaching than"] == {row["recommendation"] for row in relations() if row["earlier"] == "24"}
    assert "Qualifier" not in found, "“In case of detention” is none."
    assert found["To cite it"] == {
        "Conference of the Parties to the United Nations Convention against Transnational Organized Crime, Working Group on "
        "the Smuggling of Migrants, “Consolidated recommendations of the Working Group on the Smuggling of Migrants,” note "
        f"by the Secretariat, 25 August 2015, para. 24, {snapshot.base.iri}{PARAGRAPH}24."
    }


def test_the_words_are_the_exact_ones(ask: Asker) -> None:
    assert facts(ask, 16)["Text"] == {
        "States parties should respect the fundamental human rights of smuggled migrants, irrespective of their migration "
        "status, nationality, gender, ethnicity, age or religion."
    }


def test_a_recommendation_with_items_and_one_with_clauses(ask: Asker) -> None:
    assert facts(ask, 90)["Item"] == {f"90/item/{letter}" for letter in "abcde"}
    assert facts(ask, 90)["Names the group"] == {"vulnerable-migrants", "children", "unaccompanied-minors"}
    assert facts(ask, 92)["Qualifier"] == {"where-appropriate", "in-accordance-with-national-law"}
    assert facts(ask, 41)["To be asked"] == {"unodc"}


@pytest.mark.parametrize("number", [28, 46, 73])
def test_what_a_later_recommendation_does_to_an_earlier_one(ask: Asker, number: int) -> None:
    found = facts(ask, number)
    words = {
        "restates": "Repeats",
        "sharpens": "Goes further than",
        "softens": "Is weaker than",
        "followsUp": "Follows up",
    }
    for relation, fact in words.items():
        own = (row for row in relations() if (int(row["recommendation"]), row["relation"]) == (number, relation))
        assert found.get(fact, set()) == {row["earlier"] for row in own}


def test_every_fact_says_where_it_comes_from(ask: Asker) -> None:
    standing = {row["fact"][3:]: row["standing"] for row in ask("everything-about-a-recommendation")}
    assert standing["Text"] == "text"
    assert standing["Cites"] == standing["Directive"] == "rules"
    assert standing["Theme"] == standing["Related to"] == "judgement"


@pytest.mark.parametrize("number", [24, 90])
def test_judgements_and_nothing_else_have_a_review_status(ask: Asker, number: int) -> None:
    rows = ask("everything-about-a-recommendation", recommendation=f"{PARAGRAPH}{number}")
    assert {(row["standing"], row.get("reviewStatus")) for row in rows} == {
        ("text", None),
        ("rules", None),
        ("judgement", "unreviewed"),
    }


def articles_of(number: int) -> set[str]:
    """The articles that a recommendation cites or is related to, whole or in part."""
    found = {article(cited) for citing, cited in CITED if citing == number}
    found |= {article(row["provision"]) for row in related() if int(row["recommendation"]) == number}
    return {each for each in found if each is not None}


def cited_articles(number: int) -> set[str]:
    return {whole for citing, cited in CITED if citing == number and (whole := article(cited)) is not None}


@pytest.mark.parametrize("number", [19, 24, 31, 33, 51, 91])
def test_most_like_one_is_a_count_that_can_be_checked(ask: Asker, number: int) -> None:
    rows = ask("which-recommendations-are-most-like-this-one", recommendation=f"{PARAGRAPH}{number}")
    shared = {
        other: (
            len(articles_of(number) & articles_of(other)),
            len(cited_articles(number) & cited_articles(other)),
            len(themes()[number] & themes()[other]),
            len(addressees(number) & addressees(other)),
        )
        for other in RECOMMENDATIONS
        if other != number
    }
    points = {other: counts[0] + counts[2] + counts[3] for other, counts in shared.items()}
    order = sorted(points, key=lambda other: (-points[other], -shared[other][0], other))
    assert [int(row["other"]) for row in rows] == order[:10]
    for row in rows:
        counts = tuple(int(row[name]) for name in ("articles", "citedByBoth", "themes", "addressees"))
        assert counts == shared[int(row["other"])]
        assert int(row["points"]) == points[int(row["other"])]
        assert len(row["shared"].split("; ")) == int(row["points"])
