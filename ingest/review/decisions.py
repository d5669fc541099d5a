"""What a reviewer decides, as cells of a row: who, what and when, beside what others decided; who reviews; and what the
rules found, as rows: one that is right gets a row that confirms it, one that is wrong a correction.

A reviewer is a person with a name, described once in the reference data when the first decision is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.correction_cells import NONE
from ingest.corrections import COLUMNS, CONFIRM, EDITS, directive_cells, mention_cells
from ingest.document import Document
from ingest.editorial import REJECTED, REVIEW_STATUS, REVIEWED, UNREVIEWED
from ingest.errors import BuildError
from ingest.extraction import Extraction
from ingest.extraction.findings import Findings
from ingest.judged_texts import JUDGED_TEXT
from ingest.review.tables import Record, Table, put_in_place, read_table, with_column, write_table
from ontology.words import natural

STATUS = {"accept": REVIEWED, "reject": REJECTED}
"""The review status that each decision leaves."""


def opinions(cells: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Who reviewed a row, with status and day. A row that is unreviewed has none."""
    agents, statuses = cells.get("agent", "").split(), cells.get("review_status", "").split()
    if not agents or statuses in ([], [UNREVIEWED]):
        return {}
    reviewers = agents[1:] or agents
    days = cells.get(REVIEWED, "").split() or [""]
    each = (len(statuses) == len(reviewers), len(days) == len(reviewers))
    return {
        reviewer: (statuses[place] if each[0] else statuses[0], days[place] if each[1] else days[0])
        for place, reviewer in enumerate(reviewers)
    }


def decided(cells: Mapping[str, str], reviewer: str, decision: str, today: date) -> dict[str, str]:
    """The cells of a row after a decision (``accept`` or ``reject``), what other reviewers decided kept."""
    opinion_by = opinions(cells)
    opinion_by[reviewer] = (STATUS[decision], today.isoformat())
    suggested = cells["agent"].split()[:1]
    if len(opinion_by) > 1:
        opinion_by.pop("".join(suggested), None)
    agents = dict.fromkeys([*suggested, *opinion_by])
    return {
        **cells,
        "agent": " ".join(agents),
        "review_status": _one_or_each([status for status, _ in opinion_by.values()]),
        REVIEWED: _one_or_each([day for _, day in opinion_by.values() if day]),
    }


def _one_or_each(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else " ".join(values)


def write_decision(table: Table, key: tuple[str, ...], cells: Mapping[str, str]) -> Record | None:
    """Write the row with a key anew; a key that no row has gets one behind the rows of its recommendation, or of the
    last recommendation before it; "annex-3" is behind all plain numbers.

    Returns the record as it was, None where there was none. Another row with the new key makes it a `KeyError`.
    """
    table = read_table(table.path)
    for column in ("review_status", REVIEWED, JUDGED_TEXT):
        table = with_column(table, column)
    place, new = table.find(key), table.key(cells)
    if new != key and table.find(new) is not None:
        raise KeyError(f"There is a row for {', '.join(new)} already.")
    records = list(table.records)
    record = Record(table.line(cells), cells)
    before = None if place is None else records[place]
    if place is None:
        number = natural(cells["recommendation"])
        places = [at for at, each in enumerate(records) if natural(each.cells["recommendation"]) <= number]
        records.insert(places[-1] + 1 if places else 0, record)
    else:
        records[place] = record
    write_table(table, records)
    return before


def restore(table: Table, key: tuple[str, ...], before: Record | None) -> None:
    """Put a row back as it was, or take away one that was not there."""
    table = read_table(table.path)
    place = table.find(key)
    if place is None:
        raise KeyError(f"The row for {', '.join(key)} has gone.")
    records = list(table.records)
    records[place : place + 1] = [] if before is None else [before]
    write_table(table, records)


AGENTS = "ontology/reference/agents.ttl"
BLOCK = """
<id/agent/{slug}> a prov:Agent, prov:Person ;
    rdfs:label "{name}"@en ;
    skos:definition "Reviews judgements of this graph, and answers for those that name them as reviewer."@en .
"""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person: the slug that tables use, and the name as pages show it."""

    slug: str
    name: str


def reviewer_of(name: str, root: Path) -> Reviewer:
    """The person with a name or slug. Raises `BuildError` for a name that cannot be one, or a program's."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    if not slug or any(sign in name for sign in '"\\<>\n'):
        raise BuildError(f"{name!r} is no name of a person.")
    block = _block(slug, root)
    if block and "prov:Person" not in block:
        raise BuildError(f"{slug} is described in {AGENTS} as something else than a person; only people review.")
    label = re.search(r'rdfs:label "([^"]+)"', block)
    return Reviewer(slug, label[1] if label else " ".join(name.split()))


def describe(reviewer: Reviewer, root: Path) -> bool:
    """Add the person to the reference data unless they are there. Returns whether they were added."""
    if _block(reviewer.slug, root):
        return False
    path = root / AGENTS
    put_in_place(path, path.read_text("utf-8") + BLOCK.format(slug=reviewer.slug, name=reviewer.name))
    return True


def _block(slug: str, root: Path) -> str:
    """Returns the Turtle of an agent in the file; empty if there is none."""
    text = (root / AGENTS).read_text(encoding="utf-8")
    start = text.find(f"<id/agent/{slug}> ")
    return text[start : text.find(" .\n", start)] if start >= 0 else ""


AS_READ = "It is as the rules read it."
"""The reason of a row that confirms a finding, where the reviewer gives no other."""
SAME = {"directives": ("recommendation", "directive"), "mentions": ("recommendation", "item", "words", "occurrence")}
"""The cells that tell which finding a row is about."""


def findings(document: Document, extraction: Extraction) -> dict[str, list[dict[str, str]]]:
    """The directives and mentions of a document's recommendations, each as the cells of a row."""
    rows: dict[str, list[dict[str, str]]] = {"directives": [], "mentions": []}
    for text in document.numbered:
        if not text.paragraph.is_recommendation:
            continue
        found, number, words = extraction.findings.get(text.path, Findings()), text.paragraph.key, text.words
        about = {
            "recommendation": number,
            "change": "",
            "reason": "",
            "agent": "palermo-rules",
            REVIEW_STATUS: UNREVIEWED,
        }
        for place, directive in enumerate(found.directives, start=1):
            rows["directives"].append({**about, "directive": str(place), **directive_cells(directive, words)})
        for mention in found.mentions:
            if mention.kind != "qualifier":
                own, nth = mention.span.cut(words), words[: mention.span.end].count(mention.span.cut(words))
                place_of = {"item": text.letter, "words": own, "occurrence": str(nth)}
                rows["mentions"].append({**about, **place_of, **mention_cells(mention)})
    return rows


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
    """Whether two rows are about the same finding; one that counts nothing is about the first."""
    usual = {"directive": "1", "occurrence": "1"}
    return all((one.get(name) or usual.get(name)) == (other.get(name) or usual.get(name)) for name in SAME[table])
