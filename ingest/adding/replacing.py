"""A document that is issued again: what stood there before becomes an earlier version, and keeps what is known of it.

The earlier text, its metadata and its file go to ``earlier/<slug>.v<number>.*`` below the sources, numbered from 1. The
tables of judgements stay; their rows get the fingerprint of the words that they were about, so that a build can tell
which of them the new text has left behind.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.adding.guessing import Guess, Proposal
from ingest.corpus import EARLIER, earlier_versions
from ingest.document import Document, Metadata
from ingest.editorial import PENDING, TABLES
from ingest.judged_texts import JUDGED_TEXT, fingerprint, fingerprint_of, recommended_texts
from ingest.metadata import ASKED
from ingest.review.tables import Record, read_table, with_column, write_table

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
    path = folder / "themes.csv"
    if path.is_file():
        table = read_table(path)
        records = list(table.records)
        for key in (key for key in new if key not in old):
            cells = {"recommendation": key, "theme": PENDING, JUDGED_TEXT: fingerprint(new[key])}
            records.append(Record(table.line(cells), cells))
        write_table(table, records)
    changed = sum(old[key] != text for key, text in new.items() if key in old)
    numbers = f"{changed} with other words, {len(new.keys() - old.keys())} new, {len(old.keys() - new.keys())} gone"
    said = [f"Recommendations: {numbers}. Judgements about words that changed are unreviewed again."]
    return said + [f"{name} cannot keep which words were judged: save it as .csv." for name in left]


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
    """Writes the fingerprint of each row that has none; returns the tables that are no ``.csv`` and cannot get any."""
    left = [path.name for path in sorted(folder.glob("*")) if path.stem in names and path.suffix != ".csv"]
    for path in (folder / f"{name}.csv" for name in names):
        if not path.is_file():
            continue
        table = with_column(read_table(path), JUDGED_TEXT)
        records = []
        for record in table.records:
            kept = "" if record.cells.get(JUDGED_TEXT) else fingerprint_of(record.cells, slug, texts)
            cells = {**record.cells, JUDGED_TEXT: kept}
            records.append(replace(record, raw=table.line(cells), cells=cells) if kept else record)
        write_table(table, records)
    return left
