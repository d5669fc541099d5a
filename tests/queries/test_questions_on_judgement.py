"""Questions 10 and 19: what was judged, by whom and why; and where a link stands."""

from __future__ import annotations

from tests.queries.conftest import Asker, columns
from tests.queries.reading import CITED, OF_2013, related, relations


def test_recommendations_of_2013_that_take_up_one_of_2012(ask: Asker) -> None:
    rows = ask("which-of-2013-take-up-one-of-2012")
    found = columns(rows, "later", "relation", "earlier", "reason", "confidence", "agent", "reviewStatus")
    expected = [
        tuple(
            row[name]
            for name in ("recommendation", "relation", "earlier", "reason", "confidence", "agent", "review_status")
        )
        for row in relations()
    ]
    assert sorted(found) == sorted(expected)
    assert all(int(row["later"]) in OF_2013 and int(row["earlier"]) not in OF_2013 for row in rows)


def test_some_that_take_up_an_earlier_one(ask: Asker) -> None:
    pairs = set(columns(ask("which-of-2013-take-up-one-of-2012"), "later", "relation", "earlier"))
    # 24 "may wish to consider involving their consular … representations"; 29 "should … notify without delay the consular
    # authorities". 85 "should discuss the future programme of work"; 89 "should consider initiating discussions".
    assert {("29", "sharpens", "24"), ("89", "softens", "85")} <= pairs
    # 87 asks for a panel on the establishment of multi-agency centres; 70 asks for guidance on it.
    assert ("70", "followsUp", "87") in pairs


def test_every_link_is_in_the_text_or_suggested_and_says_which(ask: Asker) -> None:
    rows = ask("which-links-are-in-the-text-and-which-editorial")
    in_text = [row for row in rows if row["standing"] == "in the text"]
    suggested = [row for row in rows if row["standing"] == "suggested"]
    assert len(in_text) + len(suggested) == len(rows)
    assert sorted((int(row["recommendation"]), row["other"]) for row in in_text) == sorted(CITED)
    expected = [(row["recommendation"], "relatesTo", row["provision"]) for row in related()]
    expected += [(row["recommendation"], row["relation"], row["earlier"]) for row in relations()]
    assert sorted(columns(suggested, "recommendation", "relation", "other")) == sorted(expected)


def test_links_in_the_text_have_words_and_suggested_ones_reasons(ask: Asker) -> None:
    for row in ask("which-links-are-in-the-text-and-which-editorial"):
        is_text = row["standing"] == "in the text"
        assert ("words" in row) is is_text
        assert all((name in row) is not is_text for name in ("reason", "confidence", "reviewStatus"))
        assert row["agent"] == "palermo-rules" if is_text else row["agent"]


def test_an_editorial_link_carries_the_row_of_its_table(ask: Asker) -> None:
    columns_of_table = ("reason", "confidence", "agent", "review_status")
    expected = {
        (row["recommendation"], row["provision"]): tuple(row[name] for name in columns_of_table) for row in related()
    }
    for row in ask("which-links-are-in-the-text-and-which-editorial"):
        if row["relation"] == "relatesTo":
            found = tuple(row[name] for name in ("reason", "confidence", "agent", "reviewStatus"))
            assert found == expected[row["recommendation"], row["other"]]
