"""Which words bound a directive and which do not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.extraction.directives import find_directives
from ingest.extraction.naming import Naming
from ingest.extraction.qualifiers import find_qualifiers

CASES = [
    ("should, as appropriate, strengthen", ["where-appropriate"]),
    ("Where appropriate, States should", ["where-appropriate"]),
    ("where necessary and appropriate", ["where-necessary", "where-appropriate"]),
    ("including legislation, if necessary, to protect", ["where-necessary"]),
    ("and, where applicable, their options", ["where-applicable"]),
    ("and, where relevant, the authorities", ["where-relevant"]),
    ("to legal assistance when it is envisaged in national legislation", ["where-envisaged-in-national-law"]),
    ("where permitted by domestic law", ["where-envisaged-in-national-law"]),
    ("in accordance with national law", ["in-accordance-with-national-law"]),
    ("consistent with their domestic legislation", ["in-accordance-with-national-law"]),
    ("to the extent permitted by their national law", ["in-accordance-with-national-law"]),
    (
        "in a manner consistent with their respective domestic, legal and administrative systems",
        ["consistent-with-domestic-systems"],
    ),
    ("subject to the fundamental principles of its domestic legal system", ["consistent-with-domestic-systems"]),
    ("to Member States, upon request, to support", ["upon-request"]),
    ("assist States, upon their request", ["upon-request"]),
    ("support Member States, at their request, in doing so", ["upon-request"]),
    ("with the approval of the individual concerned", ["with-consent-of-the-individual"]),
    ("with the informed consent of the person concerned", ["with-consent-of-the-individual"]),
    ("in accordance with the international law of the sea", ["in-accordance-with-international-law"]),
    (
        "where appropriate and consistent with their obligations under the Vienna Convention on Consular Relations and other treaties",
        ["where-appropriate", "in-accordance-with-international-law"],
    ),
    (
        "in accordance with international law and domestic legislation",
        ["in-accordance-with-international-law", "in-accordance-with-national-law"],
    ),
    (
        "on the basis of the principles of national sovereignty, solidarity and the fair sharing of responsibility",
        ["national-sovereignty-and-solidarity"],
    ),
    ("should use, to the fullest extent possible, formal", ["to-the-fullest-extent-possible"]),
    # not qualifiers
    ("their rights under domestic law", []),
    ("In accordance with article 8 of the Smuggling of Migrants Protocol, States", []),
    ("commensurate with the needs, within a reasonable time, at all times, without delay, inter alia", []),
    ("while ensuring the full respect of rights, giving due regard to them, taking into account", []),
    ("provide appropriate and necessary measures; relevant and applicable tools", []),
    ("developed at the request of the Bali Process, and requests for cooperation", []),
    ("incorporating the provisions into their national legislation", []),
]


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[words[:50] for words, _ in CASES])
def test_qualifiers_are_read_from_the_closed_list(words: str, expected: list[str]) -> None:
    assert list(find_qualifiers(words)) == expected


PARAGRAPHS = {
    17: [["where-necessary"], ["where-envisaged-in-national-law"]],
    29: [
        [
            "where-appropriate",
            "in-accordance-with-international-law",
            "with-consent-of-the-individual",
            "where-relevant",
        ]
    ],
    43: [["in-accordance-with-national-law"]],
    50: [["to-the-fullest-extent-possible", "in-accordance-with-international-law"]],
    51: [[], []],
    68: [["in-accordance-with-national-law"], ["where-appropriate", "where-relevant"]],
    92: [["where-appropriate", "in-accordance-with-national-law"]],
}


@pytest.mark.parametrize("number", PARAGRAPHS)
def test_a_directive_has_the_qualifiers_inside_its_words(
    naming: Naming, paragraphs: Mapping[int, str], number: int
) -> None:
    text = paragraphs[number]
    found = find_directives(text, naming.mentions(text), "working-group")
    assert [list(each.qualifiers) for each in found] == PARAGRAPHS[number]
