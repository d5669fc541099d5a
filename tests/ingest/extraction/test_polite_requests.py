"""Polite and roundabout requests, in sentences of our own: the operative words of each directive, what kind it is and whom it
addresses; and what is said in like words and asks nothing."""

from __future__ import annotations

import pytest

from ingest.extraction.directives import find_directives
from ingest.extraction.names import Naming

Expected = list[tuple[str, str, str]]
CASES: list[tuple[str, str, Expected]] = [
    # grateful, glad, pleased
    ("committee", "The Committee would be grateful if States could report on ferries.",
     [("would be grateful", "requested", "states")]),
    ("committee", "The Committee would be most grateful if the State party would explain its law.",
     [("would be most grateful", "requested", "state-party")]),
    ("committee", "The Committee would be grateful for further information on ferries.",
     [("would be grateful", "requested", "")]),
    ("committee", "The Committee would be grateful for the support of ports.", []),
    ("committee", "The Committee would be pleased to receive comments from Member States.",
     [("would be pleased", "requested", "member-states")]),
    ("committee", "The Committee would be pleased to assist Member States.", []),
    ("committee", "Norway would be grateful if the Committee could report.", []),
    ("committee", "The Committee, which would be grateful if States could report, met in May.", []),
    ("assembly", "We should be grateful if Member States could lend ships.",
     [("should be grateful", "requested", "member-states")]),
    ("assembly", "I should be grateful if you would have the present letter circulated as a document.", []),
    # appreciate, welcome, like to receive
    ("committee", "The Committee would appreciate receiving information on ferries from the State party.",
     [("would appreciate", "requested", "state-party")]),
    ("committee", "The Committee would also appreciate it if the State party could explain its law.",
     [("would also appreciate", "requested", "state-party")]),
    ("committee", "The Committee thanks the State party and would appreciate receiving its report.",
     [("would appreciate", "requested", "")]),
    ("committee", "The Committee would appreciate the help that States give.", []),
    ("committee", "Several speakers would appreciate receiving the text.", []),
    ("committee", "It would be appreciated if States could report.", [("would be appreciated", "requested", "states")]),
    ("special-rapporteur", "The Special Rapporteur would welcome information from Governments on ferries.",
     [("would welcome", "requested", "governments")]),
    ("committee", "The Committee would welcome the adoption of the bill.", []),
    ("committee", "The Committee would like to receive details of the toll.", [("would like", "requested", "")]),
    ("committee", "The Committee would like to thank the State party.", []),
    # seeks from somebody, requires somebody to act, insists that somebody act
    ("special-rapporteur", "The Special Rapporteur seeks information from Governments on ferries.",
     [("seeks", "requested", "governments")]),
    ("committee", "The Committee seeks the views of States parties on the draft.", [("seeks", "requested", "states-parties")]),
    ("committee", "The Committee seeks to promote ferries.", []),
    ("assembly", "Requires all Parties to report each year.", [("Requires", "requested", "parties")]),
    ("assembly", "The Assembly requires that Parties report each year.", [("requires", "requested", "parties")]),
    ("assembly", "The Assembly requires more money for ports.", []),
    ("assembly", "The Convention on Ferries requires States to report. It requires States to count.", []),
    ("assembly", "The Assembly insists that Norway release the ferries.", [("insists", "urged", "norway")]),
    ("assembly", "The Assembly insists on the immediate release of the crews.", [("insists", "urged", "")]),
    ("assembly", "The Assembly insists that States should open ports.", [("should", "should", "states")]),
    ("assembly", "The Assembly insists that ferries are safe.", []),
    ("assembly", "The Assembly insists on the importance of ports.", []),
    # a task that is given here, and one that is only described
    ("assembly", "The Secretariat is directed to prepare a report.", [("is directed to", "requested", "secretariat")]),
    ("assembly", "The Board is tasked with counting ferries.", [("is tasked with", "requested", "board")]),
    ("assembly", "The Secretariat is hereby mandated to report.", [("is hereby mandated to", "requested", "secretariat")]),
    ("assembly", "The Board should be tasked with counting ferries.", [("should be tasked with", "requested", "board")]),
    ("committee", "The Secretariat was tasked with preparing a report.", [("was tasked with", "requested", "secretariat")]),
    ("assembly", "The Secretariat was tasked with preparing a report.", []),
    ("assembly", "The Board is mandated to count ferries.", []),
    ("assembly", "The Board is tasked by the Assembly to count ferries.", []),
    ("assembly", "The Board is entrusted with the count of ferries.", []),
    ("assembly", "Attention is directed to the report. Funds are directed to support ports.", []),
    ("assembly", "Efforts should be directed to opening ports.", [("should", "should", "")]),
    ("assembly", "States are required by the Convention to report.", []),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "text", "expected"), CASES, ids=[text[:60] for _, text, _ in CASES])
def test_who_asks_politely_asks(naming: Naming, issuer: str, text: str, expected: Expected) -> None:
    found = find_directives(text, naming.mentions(text), issuer)
    assert [(each.operative.cut(text), each.modality, " ".join(each.addressees)) for each in found] == expected


def test_what_is_to_be_done_stands_behind_the_condition_or_the_task(naming: Naming) -> None:
    text = (
        "The Committee would be grateful if States could review their laws. The Board is tasked with counting ferries."
    )
    found = find_directives(text, naming.mentions(text), "committee")
    assert [[action.span.cut(text) for action in each.actions] for each in found] == [["review"], ["counting"]]
