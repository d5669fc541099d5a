"""When a directive asks only to consider."""

from __future__ import annotations

import pytest

from ingest.extraction.operative import is_consider_only

CASES = [
    (" consider establishing centres", True),
    (" consider ways to enhance cooperation and exchange information", True),
    (" consider the importance of cooperation in order to strengthen control, conduct investigations and develop tools",
     True),
    (" consider how to prioritize the work and to consider including an item", True),
    (" consider reform and consider including an item", True),
    (", as appropriate, consider reform", True),
    (", in preventing, combating and prosecuting such crimes, consider reform", True),
    (", as appropriate, reform their laws and, where necessary, consider new ones", False),
    (" consider, in accordance with national law, making use of methods", True),
    (" continue to consider reform", True),
    (" consider involving partners to coordinate and undertake investigations", True),
    (" consider mechanisms that would allow and enable it", True),
    (" consider training and support for officials", True),
    (" consider measures to be taken", True),
    (" consider the use of drones as a means of surveillance", True),
    (" consider amending laws, as well as enforcing them", True),
    (" be considered at future meetings", True),
    (" be considered", True),
    (" give due consideration to reform", True),
    (" consider them to be distinct crimes", False),
    (" consider it necessary to act", False),
    (" consider the Convention as a legal basis for extradition", False),
    (" be considered victims of crime", False),
    (" consider using the digest and support and contribute to the portal", False),
    (" consider using the digest and provide training", False),
    (" consider involving partners and to provide funding", False),
    (" review and consider reform", False),
    (" take into account", False),
    (" bear in mind", False),
    ("", False),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[words[:50] for words, _ in CASES])
def test_consider_counts_only_when_it_governs_everything_asked(words: str, expected: bool) -> None:
    assert is_consider_only(words, 0, len(words)) is expected


def test_consideration_that_should_be_given_is_considering() -> None:
    text = "Due consideration should be given to reform"
    assert is_consider_only(text, len("Due consideration should"), len(text), "Due consideration")
    text = "Priority should be given to reform"
    assert not is_consider_only(text, len("Priority should"), len(text), "Priority")
