"""What a table given as CSV holds, in the words of CSV on the Web (W3C Recommendation 17 December 2015): of the tables
for download, which the build writes, and of those of pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ontology.namespaces import CATALOGUE_IRIS

MEANINGS = {
    "recommendation": "The recommendation.",
    "directive": "The directive: one operative phrase of the recommendation.",
    "number": "The printed number.",
    "section": "The section that the recommendation stands in.",
    "heading": "The heading of the outermost section, as printed.",
    "sectionHeading": "The heading of the section, as printed.",
    "meeting": "The meeting that adopted the recommendation.",
    "text": "The exact words.",
    "modality": "The kind of the operative phrase.",
    "force": "How strongly the modality speaks, from 1 to 5: an order, a convention of this project.",
    "considerOnly": "Whether no more is asked than to consider something.",
    "addressees": "Who is to act, as rules read it.",
    "askedActors": "Whom the addressee is to ask, as rules read it.",
    "qualifiers": "The phrases that limit what is asked, as rules read them.",
    "actions": "What is asked, as the verbs that say it.",
    "askedActions": "What those are to do whom the addressee is to ask.",
    "source": "The paragraph or item in whose text the positions count.",
    "start": "The first character of the words, in Unicode code points from 0.",
    "end": "The character after the last one of the words.",
    "words": "The words as the text has them.",
    "entity": "What is named, or what the row is about.",
    "cites": "Whether the words cite it.",
    "relation": "The property that the judgement is about.",
    "target": "What the recommendation is judged to be related to.",
    "reason": "The reason of the judgement, in one sentence.",
    "confidence": "How sure the judgement is.",
    "agent": "Who suggested the judgement.",
    "reviewStatus": "Whether a named person has reviewed the judgement.",
    "reviewedBy": "Who reviewed it.",
    "reviewedOn": "The day of the review.",
    "provision": "The provision.",
    "label": "Its name.",
    "title": "Its title in the treaty.",
    "whole": "What it is directly a part of.",
    "summary": "A summary written for this project; not the authentic text.",
    "name": "Its preferred name.",
    "kind": "Its class in the vocabulary.",
    "acronym": "Its acronym.",
    "definition": "What it is.",
}
"""What is said of the columns of tables beside their name."""


def described(column: str, meanings: Mapping[str, str] = MEANINGS) -> dict[str, object]:
    """What the description of a column says in words, where that is known."""
    return {"dc:description": meanings[column]} if column in meanings else {}


def metadata(
    address: str, title: str, columns: Sequence[Mapping[str, object]], more: Mapping[str, object] | None = None
) -> str:
    """The metadata of a table as JSON; ``more`` is what its schema says beside the columns."""
    said = {
        "@context": [CATALOGUE_IRIS["csvw"], {"@language": "en"}],
        "url": address,
        "dc:title": title,
        "dialect": {"header": True, "lineTerminators": ["\r\n"], "encoding": "utf-8"},
        "tableSchema": {"columns": columns, **(more or {})},
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"
