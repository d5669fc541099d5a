"""What a reviewer reads beside a judgement: the recommendation, the provision's sentences with the words both share,
and what each machine reading that is kept beside the tables says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Document
from ingest.extraction import Extraction
from ingest.extraction.findings import Findings
from ingest.judged_texts import words_of
from ingest.reference_tables import Provision, provision_name

READERS = {
    "themes": ("themes-a.csv", "themes-b.csv", "second-themes.csv", "third-themes.csv"),
    "concordance": ("reader-a.csv", "reader-b.csv", "second-concordance.csv", "third-concordance.csv"),
    "relations": ("relations-a.csv", "relations-b.csv", "second-relations.csv", "third-relations.csv"),
}
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
STEM = 6
"""Words of this length or more are the same family when they begin with the same letters; shorter ones never count."""
COMMON = frozenset({"partie", "states", "should", "articl", "paragr", "protoc", "conven"})
"""Families that stand in nearly every recommendation of any document."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation as reviewers see it, with the provisions that its words cite, and the families of its words.

    ``number`` is the last part of its name: "24", or "140-1" and "annex-3" where a document numbers so.
    """

    document: str
    number: str
    text: str
    cites: tuple[str, ...]
    stems: frozenset[str]


def stems(text: str) -> frozenset[str]:
    """The families of the longer words of a text."""
    return frozenset(stem for word in WORD.findall(text) if (stem := _stem(word)))


def _stem(word: str) -> str:
    stem = word.lower()[:STEM]
    return stem if len(word) >= STEM and stem not in COMMON else ""


def marked(text: str, families: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and of each whether it is a word of one of these families."""
    start = 0
    for match in WORD.finditer(text):
        if _stem(match[0]) in families:
            if match.start() > start:
                yield text[start : match.start()], False
            yield match[0], True
            start = match.end()
    if start < len(text):
        yield text[start:], False


def recommendations(document: Document, extraction: Extraction) -> dict[str, Recommendation]:
    """The recommendations of a document in reading order, items behind the text that leads in to them."""
    by_number: dict[str, Recommendation] = {}
    for paragraph in document.paragraphs:
        if not paragraph.is_recommendation:
            continue
        paths = [document.paragraph_path(paragraph.key)]
        paths += [document.item_path(paragraph.key, item.letter) for item in paragraph.items]
        mentions = [mention for path in paths for mention in extraction.findings.get(path, Findings()).mentions]
        cites = dict.fromkeys(mention.entity.removeprefix("id/instrument/") for mention in mentions if mention.cites)
        text = words_of(paragraph)
        by_number[paragraph.key] = Recommendation(document.slug, paragraph.key, text, tuple(cites), stems(text))
    return by_number


def sentences(path: str, provisions: Mapping[str, Provision]) -> list[tuple[str, str]]:
    """A provision's own sentence and those of what it is part of, innermost first: name and summary."""
    spans = []
    while "/" in path:
        if provision := provisions.get(path):
            spans.append((provision_name(path), provision.summary))
        path = path.rpartition("/")[0].rpartition("/")[0]
    return spans


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict of one machine reading on a judgement; ``held`` is false where the reading lacks it."""

    name: str
    held: bool
    confidence: str
    words: str


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a reading; none where it is not kept."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reading_of(name: str, rows: list[dict[str, str]], table: str, cells: Mapping[str, str], value: str) -> Reading:
    """The row of a reading for a judgement: the same, or for a link one to what the provision is part of."""
    for row in rows:
        there = row.get("provision") or row.get("theme") or row.get("earlier") or ""
        below = f"{value}/".startswith(f"{there}/")
        same = below and row["recommendation"] == cells["recommendation"]
        if same and (table != "relations" or row.get("relation") == cells.get("relation")):
            words = row.get("reason") or row.get("note") or ""
            return Reading(name, row.get("verdict") != "drop", row.get("confidence", ""), words)
    return Reading(name, False, "", "")
