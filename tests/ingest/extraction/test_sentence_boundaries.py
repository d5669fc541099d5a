"""Where sentences begin and end, abbreviations and all, with their positions."""

from __future__ import annotations

import pytest

from ingest.document import Span
from ingest.extraction.clauses import sentences, starts_sentence, without_closing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("States should act. UNODC should help.", ["States should act.", "UNODC should help."]),
        ("States should act, e.g. UNODC could help.", ["States should act, e.g. UNODC could help."]),
        ("Under para. 5 States should act. They may.", ["Under para. 5 States should act.", "They may."]),
        ("See No. Five of the list.", ["See No. Five of the list."]),
        ("Mr. Smith and J. Jones met.", ["Mr. Smith and J. Jones met."]),
        ("The U.N. Office met. It rose.", ["The U.N. Office met.", "It rose."]),
        ("Banks such as Acme Inc. States should act.", ["Banks such as Acme Inc.", "States should act."]),
        ("Acme Inc. Limited should act.", ["Acme Inc. Limited should act."]),
        ("Visas, tickets, etc. The list goes on.", ["Visas, tickets, etc.", "The list goes on."]),
        ("As in annex A. States should act.", ["As in annex A.", "States should act."]),
        ("He said “act now.” States should act.", ["He said “act now.”", "States should act."]),
        ("Is it so? It is! States act", ["Is it so?", "It is!", "States act"]),
        ("CTOC/COP/WG.7/2015/1 is the agenda.", ["CTOC/COP/WG.7/2015/1 is the agenda."]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences_end_at_full_stops_that_end_something(text: str, expected: list[str]) -> None:
    assert [span.cut(text) for span in sentences(text)] == expected


def test_positions_count_code_points() -> None:
    text = "𝕊tates – should act. Åland should help."
    assert sentences(text) == (Span(0, 20), Span(21, 39))


def test_the_words_of_a_sentence_leave_out_its_closing_mark() -> None:
    text = " be considered at future meetings: "
    assert without_closing(text, Span(0, len(text))).cut(text) == "be considered at future meetings"


def test_a_sentence_starts_at_the_beginning_and_after_a_full_stop() -> None:
    text = "Migrants left. Migrants came"
    assert [starts_sentence(text, position) for position in (0, 9, 15, 24)] == [True, False, True, False]
