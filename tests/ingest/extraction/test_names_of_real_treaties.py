"""Real names of multilateral treaties, each read to its end and no further, in sentences of our own around them."""

from __future__ import annotations

import time

import pytest

from ingest.extraction import Lexicon, extract_text
from tests.cases import case
from tests.ingest.extraction.marks import sentences_of

FRAMES = [
    "States should ratify the {} without delay.",
    "Under the {}, and the rules of ports, they should act.",
    "It recalls the {} and the Convention on Ferries.",
]


@pytest.mark.parametrize("frame", FRAMES)
def test_the_name_of_a_treaty_is_read_to_its_end(corpus_lexicon: Lexicon, frame: str) -> None:
    for name in sentences_of("real_treaties.txt"):
        text = frame.format(name)
        cited = [each.span.cut(text) for each in extract_text(text, corpus_lexicon, "committee").mentions if each.cites]
        with case(name):
            ferries = ["Convention on Ferries"] * frame.endswith("Ferries.")
            assert cited in ([name, *ferries], [name.removeprefix("United Nations "), *ferries])


def test_names_in_a_long_row_are_read_in_time_that_grows_with_their_number(corpus_lexicon: Lexicon) -> None:
    def cost(names: int) -> float:
        started = time.process_time()
        extract_text("Convention on Ports, and " * names, corpus_lexicon, "committee")
        return time.process_time() - started

    assert min(cost(160) for _ in range(3)) < 40 * min(cost(20) for _ in range(3))
