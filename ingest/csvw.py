"""Metadata of tables as CSV on the Web requires (W3C Recommendation 17 December 2015): beside ``NAME.csv`` stands
``NAME.csv-metadata.json``, where a reader looks by itself (Model for Tabular Data §5.3)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from ontology.formats import CSVW
from ontology.namespaces import CATALOGUE_IRIS

LISTS = frozenset({"addressees", "askedActors", "qualifiers", "actions", "askedActions"})
"""The columns that hold several values with a space between them."""
KEYS = {
    "recommendations": ["recommendation"],
    "directives": ["directive"],
    "provisions": ["provision"],
    "actors": ["entity"],
}
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


def write_metadata(table: Path, kinds: Mapping[str, str], full: Collection[str], links: Collection[str]) -> None:
    """Writes the metadata of a table that is written as CSV: its columns in order with the kind of each, those without
    an empty cell, and those that hold IRIs."""
    datatypes = {"number": "integer", "truth": "boolean"}
    columns = []
    for name, kind in kinds.items():
        column: dict[str, object] = {"name": name, "titles": name, "required": name in full}
        if name in MEANINGS:
            column["dc:description"] = MEANINGS[name]
        column["datatype"] = "anyURI" if name in links else datatypes.get(kind, "string")
        columns.append(column | ({"separator": " "} if name in LISTS else {}))
    schema: dict[str, object] = {"columns": columns}
    if table.stem in KEYS:
        schema["primaryKey"] = KEYS[table.stem]
    said = {
        "@context": [CATALOGUE_IRIS["csvw"], {"@language": "en"}],
        "url": table.name,
        "dc:title": f"The table {table.stem}",
        "dialect": {"header": True, "lineTerminators": ["\r\n"], "encoding": "utf-8"},
        "tableSchema": schema,
    }
    path = table.with_name(table.name.removesuffix(".csv") + CSVW.suffix)
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
