"""What the rules found, as rows: one that is right gets a row that confirms it, one that is wrong a correction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ingest.corrections import CONFIRM, NONE, directive_cells, mention_cells
from ingest.document import Document
from ingest.editorial import REVIEWED
from ingest.extraction import Extraction
from ingest.extraction.findings import Findings

COLUMNS = {
    "directives": ("recommendation", "change", "directive", "words", "operative", "modality", "addressee", "asked",
                   "consider_only", "reason", "agent", "review_status", "reviewed"),
    "mentions": ("recommendation", "item", "change", "words", "occurrence", "names", "cites", "reason", "agent",
                 "review_status", "reviewed"),
}  # fmt: skip
EDITS = {
    "directives": ("words", "operative", "modality", "addressee", "asked", "consider_only"),
    "mentions": ("names", "cites"),
}
"""The cells of a finding that a correction may change."""
AS_READ = "It is as the rules read it."
"""The reason of a row that confirms a finding, where the reviewer gives no other."""
SAME = {"directives": ("recommendation", "directive"), "mentions": ("recommendation", "item", "words", "occurrence")}
"""The cells that tell which finding a row is about."""


def findings(document: Document, extraction: Extraction) -> dict[str, list[dict[str, str]]]:
    """The directives and mentions of a document's recommendations, each as the cells of a row."""
    rows: dict[str, list[dict[str, str]]] = {"directives": [], "mentions": []}
    for paragraph in document.paragraphs:
        if not paragraph.is_recommendation:
            continue
        texts = [("", document.paragraph_path(paragraph.key), paragraph.text)]
        texts += [(item.letter, document.item_path(paragraph.key, item.letter), item.text) for item in paragraph.items]
        for letter, path, text in texts:
            findings = extraction.findings.get(path, Findings())
            rows["directives"] += _directives(paragraph.key, text, findings)
            rows["mentions"] += _mentions(paragraph.key, letter, text, findings)
    return rows


def _directives(number: str, text: str, findings: Findings) -> Iterator[dict[str, str]]:
    for place, each in enumerate(findings.directives, start=1):
        yield {
            "recommendation": number, "change": "", "directive": str(place), **directive_cells(each, text),
            "reason": "", "agent": "palermo-rules", "review_status": "unreviewed",
        }  # fmt: skip


def _mentions(number: str, letter: str, text: str, findings: Findings) -> Iterator[dict[str, str]]:
    for each in findings.mentions:
        words = each.span.cut(text)
        if each.kind != "qualifier":
            yield {
                "recommendation": number, "item": letter, "change": "", "words": words,
                "occurrence": str(text[: each.span.end].count(words)),
                **mention_cells(each),
                "reason": "", "agent": "palermo-rules", "review_status": "unreviewed",
            }  # fmt: skip


def correction(
    table: str, finding: Mapping[str, str], decision: str, edits: Mapping[str, str], reviewer: str, today: date
) -> dict[str, str]:
    """Returns the row for a decision about a finding: confirmed, changed in some cells, or removed."""
    changed = {name: edits[name] for name in EDITS[table] if name in edits and edits[name] != finding[name]}
    kept = {name: finding[name] for name in SAME[table]}
    reason = " ".join(edits.get("reason", "").split())
    if decision != "accept":
        change, cells = "remove", {}
    elif changed:
        change, cells = "correct", {name: value or NONE for name, value in changed.items()}
    else:
        change, cells, reason = CONFIRM, {name: finding[name] for name in EDITS[table]}, reason or AS_READ
    return {
        **dict.fromkeys(COLUMNS[table], ""), **kept, **cells,
        "change": change,
        "reason": reason, "agent": reviewer,
        "review_status": REVIEWED, REVIEWED: today.isoformat(),
    }  # fmt: skip


def same_finding(table: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows are about the same finding."""
    return all((one.get(name) or _usual(name)) == (other.get(name) or _usual(name)) for name in SAME[table])


def _usual(name: str) -> str:
    return "1" if name in ("directive", "occurrence") else ""
