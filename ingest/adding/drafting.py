"""The files of a new document, its ``.toml`` and editorial tables that wait for a person's judgement, and of one
that is issued again: what stood there before becomes an earlier version, and keeps what is known of it.

``themes.csv`` has a row for every recommendation with the theme ``pending``, which states nothing and which validation
lets pass with a warning. ``concordance.csv`` and ``relations.csv`` have their header rows. ``review.csv`` shows beside
them what was read in each recommendation; the build does not read it.

The earlier text, its metadata and its file go to ``earlier/<slug>.v<number>.*`` below the sources, numbered from 1. The
tables of judgements stay; their rows get the fingerprint of the words that they were about, so that a build can tell
which of them the new text has left behind.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.adding.guessing import Guess, Proposal
from ingest.adding.noticing import Noticed
from ingest.corpus import EARLIER, earlier_versions
from ingest.document import Document, Metadata
from ingest.editorial import LINK_COLUMNS, PENDING, REVIEWED, TABLES
from ingest.errors import SourceError
from ingest.extraction import Extraction
from ingest.extraction.findings import Findings
from ingest.judged_texts import JUDGED_TEXT, fingerprint, fingerprint_of, recommended_texts
from ingest.metadata import ASKED, DATES, LISTS
from ingest.review.tables import Record, read_table, with_column, write_table
from ingest.spreadsheets import table_path

DETAILS = (*LINK_COLUMNS, REVIEWED, JUDGED_TEXT)
"""What each judgement has beside what it says."""
REVIEW = ("recommendation", "meeting", "section", "directives", "cites", "names", "not_recognised", "text")


def metadata_text(known: Metadata) -> str:
    """The ``.toml`` file of a document."""
    values = {key: getattr(known, key) for key in (*ASKED, "original", "original_sha256")}
    lines = [f"{key} = {value if key in DATES else _quoted(value)}" for key, value in values.items() if value]
    for key in LISTS:
        if listed := getattr(known, key):
            lines += [f"{key} = [", *(f"  {_quoted(name)}," for name in listed), "]"]
    for name, table in (("means", known.means), ("actors", known.actors)):
        if table:
            lines += ["", f"[{name}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in table.items())]
    for meeting in known.meetings:
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


def editorial_files(document: Document, extraction: Extraction, noticed: Noticed) -> dict[str, str]:
    """The tables of a document, by the name of their file."""
    recommendations = [paragraph for paragraph in document.paragraphs if paragraph.is_recommendation]
    open_points: defaultdict[str, list[str]] = defaultdict(list)
    for what, notices in noticed.items():
        for notice in notices:
            open_points[notice.key].append(what if what.startswith("no ") else f"{what}: {notice.words}")
    review, texts = [], recommended_texts(document)
    for paragraph in recommendations:
        items = (document.item_path(paragraph.key, item.letter) for item in paragraph.items)
        paths = (document.paragraph_path(paragraph.key), *items)
        own, *others = (extraction.findings.get(path, Findings()) for path in paths)
        mentions = [mention for findings in (own, *others) for mention in findings.mentions]
        asked = [f"{one.modality} → {' '.join(one.addressees) or 'nobody'}" for one in own.directives]
        cited = [mention.entity.removeprefix("id/instrument/") for mention in mentions if mention.cites]
        things = (mention for mention in mentions if not mention.cites and mention.kind != "action")
        named = sorted({mention.entity.removeprefix("id/") for mention in things})
        left = "; ".join(open_points[paragraph.key])
        cells = ("; ".join(asked), " ".join(cited), " ".join(named), left, texts[paragraph.key])
        review.append((paragraph.key, paragraph.meeting, "/".join(paragraph.section), *cells))
    pending = [(one.key, PENDING, *[""] * (len(DETAILS) - 1), fingerprint(texts[one.key])) for one in recommendations]
    return {
        "themes.csv": _table(("recommendation", "theme", *DETAILS), pending),
        "concordance.csv": _table(("recommendation", "provision", *DETAILS)),
        "relations.csv": _table(("recommendation", "relation", "earlier", *DETAILS)),
        "review.csv": _table(REVIEW, review),
    }


WITH_THE_EARLIER = "as the earlier version has it"
OF_THE_TEXT = ("title", "symbol", "issued", "agenda_symbol")
"""The keys read from a new issue; all others are copied from the earlier version."""


def with_what_is_known(guessed: Guess, earlier: Metadata) -> Guess:
    """The proposals for a new issue, where a person has confirmed them for the earlier version already."""
    values = {"slug": Proposal(earlier.slug, 0, WITH_THE_EARLIER)}
    for key in ASKED:
        value = getattr(earlier, key)
        known = Proposal(str(value), 0, WITH_THE_EARLIER) if value else None
        proposals = [guessed.values.get(key), known] if key in OF_THE_TEXT else [known, guessed.values.get(key)]
        if proposal := next((each for each in proposals if each), None):
            values.setdefault(key, proposal)
    means = guessed.means | {short: Proposal(slug, 0, WITH_THE_EARLIER) for short, slug in earlier.means.items()}
    days = {(meeting.start, meeting.end) for meeting in earlier.meetings}
    new = tuple(meeting for meeting in guessed.meetings if (meeting.start, meeting.end) not in days)
    return Guess(values, means, {**guessed.actors, **earlier.actors}, (*earlier.meetings, *new))


def keep_judgements(folder: Path, before: Document, after: Document) -> list[str]:
    """Gives the rows of a document's tables their fingerprints, and each new recommendation a row that waits for a
    theme; returns what to say."""
    old, new = recommended_texts(before), recommended_texts(after)
    left = keep_fingerprints(folder, TABLES, before.slug, old)
    path = table_path(folder, "themes")
    if path and path.name not in left:
        table = read_table(path)
        records = list(table.records)
        for key in (key for key in new if key not in old):
            cells = {"recommendation": key, "theme": PENDING, JUDGED_TEXT: fingerprint(new[key])}
            records.append(Record(table.line(cells), cells))
        write_table(table, records)
    changed = sum(old[key] != text for key, text in new.items() if key in old)
    numbers = f"{changed} with other words, {len(new.keys() - old.keys())} new, {len(old.keys() - new.keys())} gone"
    lines = [f"Recommendations: {numbers}. Judgements about words that changed are unreviewed again."]
    stale = "its rows are applied to the new words as they are: look through them, or save it as .csv in UTF-8 first"
    return lines + [f"{name} cannot keep which words were judged; {stale}." for name in left]


def keep_version(sources: Path, slug: str) -> Path:
    """Moves the files of a document to where earlier versions stand; returns the metadata file there."""
    home = sources / EARLIER
    home.mkdir(exist_ok=True)
    name = f"{slug}.v{len(earlier_versions(sources, slug)) + 1}"
    for path in sorted(sources.glob(f"{slug}.*")):
        if path.is_file() and path.suffix != ".toml":
            shutil.move(path, home / path.name.replace(slug, name, 1))
    text = (sources / f"{slug}.toml").read_text(encoding="utf-8")
    text = re.sub(rf'(?m)^(original\s*=\s*"){re.escape(slug)}\.', rf"\g<1>{name}.", text)
    kept = home / f"{name}.toml"
    kept.write_text(text, encoding="utf-8")
    (sources / f"{slug}.toml").unlink()
    return kept


def keep_fingerprints(folder: Path, names: Sequence[str], slug: str, texts: Mapping[str, str]) -> list[str]:
    """Writes the fingerprint of each row that has none; returns the tables in which no single row can be written, such
    as workbooks."""
    left = []
    for path in filter(None, (table_path(folder, name) for name in names)):
        try:
            table = with_column(read_table(path), JUDGED_TEXT)
        except SourceError:
            left.append(path.name)
            continue
        records = []
        for record in table.records:
            kept = "" if record.cells.get(JUDGED_TEXT) else fingerprint_of(record.cells, slug, texts)
            cells = {**record.cells, JUDGED_TEXT: kept}
            records.append(replace(record, raw=table.line(cells), cells=cells) if kept else record)
        write_table(table, records)
    return left
