"""The files of a new document: its ``.toml``, and editorial tables that wait for a person's judgement.

``themes.csv`` has a row for every recommendation with the theme ``pending``, which states nothing and which validation
lets pass with a warning. ``concordance.csv`` and ``relations.csv`` have their header rows. ``review.csv`` shows beside
them what was read in each recommendation; the build does not read it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.adding.noticing import Noticed
from ingest.document import Document, MeetingReference
from ingest.editorial import LINK_COLUMNS, PENDING, REVIEWED
from ingest.extraction import Extraction
from ingest.extraction.findings import Findings
from ingest.judged_texts import JUDGED_TEXT, fingerprint, recommended_texts
from ingest.metadata import ASKED, DATES

DETAILS = (*LINK_COLUMNS, REVIEWED, JUDGED_TEXT)
"""What each judgement has beside what it says."""
REVIEW = ("recommendation", "meeting", "section", "directives", "cites", "names", "not_recognised", "text")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the ``.toml`` of a new document says: values by key, tables, meetings, the file as it came."""

    values: Mapping[str, str]
    means: Mapping[str, str]
    actors: Mapping[str, str]
    meetings: tuple[MeetingReference, ...]
    original: str = ""
    original_sha256: str = ""
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


def metadata_text(draft: Draft) -> str:
    """The ``.toml`` file of a document."""
    values = draft.values
    lines = [f"{key} = {values[key] if key in DATES else _quoted(values[key])}" for key in ASKED if values[key]]
    for key in ("original", "original_sha256"):
        if value := getattr(draft, key):
            lines.append(f"{key} = {_quoted(value)}")
    for key, values_ in draft.lists.items():
        if values_:
            lines += [f"{key} = [", *(f"  {_quoted(name)}," for name in values_), "]"]
    for name, table in (("means", draft.means), ("actors", draft.actors)):
        if table:
            lines += ["", f"[{name}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in table.items())]
    for meeting in draft.meetings:
        lines += ["", "[[meetings]]", f"slug = {_quoted(meeting.slug)}"]
        lines += [f"label = {_quoted(meeting.label)}"] if meeting.label else []
        lines += [f"start = {meeting.start}", f"end = {meeting.end}", f"place = {_quoted(meeting.place or 'unknown')}"]
        lines += [f"body = {_quoted(meeting.body)}"] if meeting.body else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string (TOML 1.0, Strings)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _table(header: Sequence[str], rows: Iterable[Sequence[object]] = ()) -> str:
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows((header, *rows))
    return output.getvalue()


def _findings(extraction: Extraction, path: str) -> Findings:
    return extraction.findings.get(path, Findings())


def editorial_files(document: Document, extraction: Extraction, noticed: Noticed) -> dict[str, str]:
    """The tables of a document, by the name of their file."""
    recommendations = [paragraph for paragraph in document.paragraphs if paragraph.is_recommendation]
    open_points: defaultdict[str, list[str]] = defaultdict(list)
    for what, notices in (
        ("citation", noticed.unresolved),
        ("not described", noticed.undescribed),
        ("no directive", noticed.without_directive),
        ("no addressee", noticed.without_addressee),
        ("name", noticed.unknown_names),
    ):
        for notice in notices:
            number = notice.place.partition("/")[0].partition(" ")[0]
            open_points[number].append(what if what.startswith("no ") else f"{what}: {notice.words}")
    review = []
    for paragraph in recommendations:
        paths = [document.item_path(paragraph.key, item.letter) for item in paragraph.items]
        findings = extraction.findings[document.paragraph_path(paragraph.key)]
        mentions = [*findings.mentions, *(one for path in paths for one in _findings(extraction, path).mentions)]
        asked = [f"{one.modality} → {' '.join(one.addressees) or 'nobody'}" for one in findings.directives]
        cited = [mention.entity.removeprefix("id/instrument/") for mention in mentions if mention.cites]
        own = (mention for mention in mentions if not mention.cites and mention.kind != "action")
        named = sorted({mention.entity.removeprefix("id/") for mention in own})
        left = "; ".join(open_points[paragraph.label])
        text = " ".join((paragraph.text, *(f"({item.letter}) {item.text}" for item in paragraph.items)))
        cells = ("; ".join(asked), " ".join(cited), " ".join(named), left, text)
        review.append((paragraph.key, paragraph.meeting, "/".join(paragraph.section), *cells))
    texts = recommended_texts(document)
    pending = [(one.key, PENDING, *[""] * (len(DETAILS) - 1), fingerprint(texts[one.key])) for one in recommendations]
    return {
        "themes.csv": _table(("recommendation", "theme", *DETAILS), pending),
        "concordance.csv": _table(("recommendation", "provision", *DETAILS)),
        "relations.csv": _table(("recommendation", "relation", "earlier", *DETAILS)),
        "review.csv": _table(REVIEW, review),
    }
