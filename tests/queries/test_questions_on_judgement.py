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


def test_every_link_is_in_the_text_or_suggested_and_says_which_with_its_words_or_the_row_of_its_table(
    ask: Asker,
) -> None:
    rows = ask("which-links-are-in-the-text-and-which-editorial")
    in_text = [row for row in rows if row["standing"] == "in the text"]
    assert sorted((int(row["recommendation"]), row["other"]) for row in in_text) == sorted(CITED)
    assert all(row["agent"] == "palermo-rules" for row in in_text)
    assert not any(row.keys() & {"reason", "confidence", "reviewStatus"} for row in in_text)
    assert all("words" in row for row in in_text)
    suggested = [row for row in rows if row not in in_text]
    assert {row["standing"] for row in suggested} == {"suggested"}
    assert not any("words" in row for row in suggested)
    said = ("reason", "confidence", "agent", "review_status")
    expected = [
        (
            row["recommendation"],
            row.get("relation", "relatesTo"),
            row.get("provision", row.get("earlier")),
            *map(row.get, said),
        )
        for row in [*related(), *relations()]
    ]
    found = columns(suggested, "recommendation", "relation", "other", "reason", "confidence", "agent", "reviewStatus")
    assert sorted(found) == sorted(expected)
