"""Directives of invented sentences (`directives.tsv`): modality, who is to act, whom to ask, only to consider. Those of the
source are compared with what readers wrote down (`tests/ingest/test_accuracy.py`)."""

from __future__ import annotations

import time

import pytest

from ingest.extraction.directives import find_directives
from ingest.extraction.findings import Directive
from ingest.extraction.names import Naming
from tests.ingest.extraction.marks import plain, sentences_of, with_marks


def asked(naming: Naming, text: str, who: str = "working-group") -> tuple[Directive, ...]:
    """What a text asks; behind "reviews" stands the State under review."""
    issuer, _, state = who.partition(" reviews ")
    return find_directives(text, naming.mentions(text), issuer, f"id/actor/{state}" if state else "")


def name(directive: Directive) -> str:
    words = " ".join((directive.modality, *directive.addressees))
    words += f", asks {' '.join(directive.asked)}" if directive.asked else ""
    return words + ", only to consider" * directive.consider_only


def as_marked(naming: Naming, row: str) -> str:
    """The row with the marks of what is found, each of the kinds that it has."""
    who, marked = row.split("\t")
    text = plain(marked)
    found = asked(naming, text, who)
    names = [(each.operative, name(each) if "|" in marked or "[" not in marked else "") for each in found]
    return f"{who}\t{with_marks(text, names, [each.span for each in found] if '{' in marked else ())}"


def test_a_sentence_asks_what_its_marks_say(naming: Naming) -> None:
    read = {row: as_marked(naming, row) for row in sentences_of("directives.tsv")}
    assert {row: found for row, found in read.items() if found != row} == {}


def test_what_is_to_be_done_stands_behind_the_condition_or_the_task(naming: Naming) -> None:
    text = (
        "The Committee would be grateful if States could review their laws. The Board is tasked with counting ferries."
    )
    found = asked(naming, text, "committee")
    assert [[action.span.cut(text) for action in each.actions] for each in found] == [["review"], ["counting"]]


def test_adverbs_in_a_row_do_not_double_the_cost_with_each(naming: Naming) -> None:
    def cost(adverbs: int) -> float:
        started = time.process_time()
        assert asked(naming, "Particularly " + "particularly " * adverbs + "the people.") == ()
        return time.process_time() - started

    cost(1)
    assert cost(21) < 50 * cost(8)


@pytest.mark.parametrize("run", ["\N{NO-BREAK SPACE}", ", ", "also "])
@pytest.mark.parametrize("text", ["States should review{}and strengthen laws.", "Urges States{}to act: (a) report;"])
def test_a_long_run_does_not_double_the_cost_of_each_of_its_signs(naming: Naming, text: str, run: str) -> None:
    def cost(times: int) -> float:
        words = text.format(f" {run * times} ")
        started = time.process_time()
        assert len(asked(naming, words)) == 1
        return time.process_time() - started

    cost(1)
    assert cost(4000) < 40 * cost(500)
