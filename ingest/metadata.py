"""What is known about a document beside its text: its ``.toml`` file, every key checked by name and type.

Meetings are told apart by the dates that a heading prints: ``…held in Vienna from 30 May to 1 June 2012``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.document import MeetingReference, Metadata
from ingest.errors import SourceError
from ingest.source import decode, read_bytes
from ontology.words import MONTHS

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}")
SHA256 = re.compile(r"[0-9a-f]{64}")
KINDS = ("note", "report", "resolution", "decision", "recommendation", "declaration", "letter", "paper", "corrigendum")
KEYS = {
    "slug": "a name in lower-case letters, digits and hyphens",
    "title": "the title as the masthead prints it",
    "issued": "a date such as 2015-08-25",
    "language": "a language code such as en",
    "issuer": "the slug of the actor whose recommendations they are",
    "kind": f"what kind of document it is: {', '.join(KINDS[:-1])} or {KINDS[-1]}",
    "symbol": "the document's own symbol, empty when none is printed",
    "body": "the slug or name of the body that the document is for",
    "publisher": "the slug of the actor who publishes the document",
    "author": "the slug of the actor who wrote the document",
    "distribution": "a word such as General",
    "agenda_symbol": "the symbol of the agenda, empty when none is printed",
    "corrects": "the slugs of the documents that it corrects",
    "supersedes": "the slugs of the documents that it replaces",
    "withdrawn": "the day on which it was withdrawn: its addresses answer 410 from then on",
    "recommendations": "the sections (III, III/A) and paragraphs (5, 12-40) that hold recommendations",
    "confirmed": "what reading doubted and a person found right",
    "original": "the name of the file as it came",
    "original_sha256": "the SHA-256 checksum of the file as it came",
    "means": "a table [means] of short names and the slugs of what they stand for",
    "actors": "a table [actors] of slugs and names",
    "meetings": "one or more [[meetings]] tables",
}
REQUIRED = ("slug", "title", "issued", "language", "issuer")
ASKED = {
    key: KEYS[key]
    for key in (
        *("slug", "title", "kind", "symbol", "body", "publisher", "issuer", "author"),
        *("issued", "distribution", "language", "agenda_symbol"),
    )
}
"""The keys that `palermo add` asks for, in its order."""
MEETING_KEYS = {
    "slug": "a name in lower-case letters, digits and hyphens",
    "start": "a date such as 2012-05-30",
    "end": "a date such as 2012-06-01",
    "place": "the name of a place",
    "label": "what people call the meeting, where no reference data describe it",
    "body": "the slug of the actor whose meeting it is",
}
REQUIRED_OF_A_MEETING = ("slug", "start", "end", "place")
PATTERNS = {
    **dict.fromkeys(("slug", "issuer", "author", "publisher"), SLUG),
    "language": LANGUAGE,
    "original_sha256": SHA256,
}
DATES = frozenset({"issued", "start", "end", "withdrawn"})
LISTS = ("corrects", "supersedes", "recommendations", "confirmed")
TABLES = ("means", "actors")


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file; ``header`` is the line that opens it, 0 for the file itself."""

    path: Path
    lines: tuple[str, ...]
    header: int
    values: dict[str, object]
    keys: Mapping[str, str]
    required: Sequence[str]

    def error(self, key: str, found: str, expected: str) -> SourceError:
        """An error at the line where the key stands, or where its table opens."""
        for number, line in enumerate(self.lines[self.header :], start=self.header + 1):
            if line.lstrip().startswith("["):
                break
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return SourceError(self.path, number, found, expected)
        return SourceError(self.path, self.header or 1, found, expected)

    def check_names(self) -> None:
        """Raises `SourceError` for a missing or unknown key."""
        for key in self.required:
            if key not in self.values:
                raise self.error(key, f"no key “{key}”", self.keys[key])
        for key in self.values:
            if key not in self.keys:
                raise self.error(key, f"the unknown key “{key}”", f"one of {', '.join(self.keys)}")

    def text(self, key: str) -> str:
        """The value of a key that holds words or a slug; empty for an optional one that is absent."""
        value = self.values.get(key, "")
        if not isinstance(value, str) or not (value.strip() or (key not in self.required and not value)):
            raise self.error(key, f"{key} = {value!r}", f"a text, {self.keys[key]}")
        if value and (pattern := PATTERNS.get(key)) and not pattern.fullmatch(value):
            raise self.error(key, f"{key} = {value!r}", self.keys[key])
        return value

    def day(self, key: str) -> date:
        """The value of a key that holds a date without a time."""
        value = self.values[key]
        if type(value) is not date:
            raise self.error(key, f"{key} = {value!r}", f"{self.keys[key]}, without quotation marks or time")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """The texts of a key that holds a list; one text alone is a list of one."""
        value = self.values.get(key, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self.error(key, f"{key} = {value!r}", f"a list of texts, {self.keys[key]}")
        return tuple(texts)

    def table(self, key: str) -> dict[str, str]:
        """The names and texts of a key that holds a table."""
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(text, str) and text.strip() for text in value.values()):
            raise self.error(key, f"{key} = {value!r}", self.keys[key])
        return value


def _meetings(whole: _Table) -> tuple[MeetingReference, ...]:
    tables = whole.values.get("meetings", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise whole.error("meetings", "“meetings” that are no tables", whole.keys["meetings"])
    headers = [number for number, line in enumerate(whole.lines, 1) if re.match(r"\s*\[\[\s*meetings\s*\]\]", line)]
    meetings: list[MeetingReference] = []
    for position, values in enumerate(tables):
        header = headers[position] if position < len(headers) else 0
        table = _Table(whole.path, whole.lines, header, values, MEETING_KEYS, REQUIRED_OF_A_MEETING)
        table.check_names()
        days = table.day("start"), table.day("end")
        meeting = MeetingReference(
            table.text("slug"), *days, table.text("place"), table.text("label"), table.text("body")
        )
        if meeting.end < meeting.start:
            raise table.error("end", f"end = {meeting.end} before start = {meeting.start}", "an end on or after it")
        for other in meetings:
            if other.slug == meeting.slug:
                raise table.error("slug", f"the meeting {meeting.slug!r} a second time", "another slug")
            if (other.start, other.end, other.body) == (meeting.start, meeting.end, meeting.body):
                raise table.error("start", f"the dates of {other.slug!r} a second time", "other dates")
        meetings.append(meeting)
    return tuple(meetings)


def read_metadata(path: Path) -> Metadata:
    """The metadata of a ``.toml`` file, with the name of the ``.md`` beside it; ``sha256`` is left to its reader.

    Raises `SourceError` with the line for TOML that cannot be read, a key that is missing, unknown or of another type,
    a slug that is not the file's name, and two meetings of one name, or of one body and date.
    """
    text = decode(read_bytes(path), path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise SourceError(path, line, "TOML that cannot be read", str(error)) from error
    whole = _Table(path, tuple(text.splitlines()), 0, values, KEYS, REQUIRED)
    whole.check_names()
    plain = [key for key in KEYS if key not in (*DATES, *LISTS, *TABLES, "meetings")]
    words: dict[str, Any] = {key: whole.text(key) for key in plain}
    if words["slug"] != path.name.partition(".")[0]:
        raise whole.error("slug", f"slug = {words['slug']!r}", f"the name of the file, {path.name.partition('.')[0]}")
    if words["kind"] and words["kind"] not in KINDS:
        raise whole.error("kind", f"kind = {words['kind']!r}", whole.keys["kind"])
    means = whole.table("means")
    if wrong := [slug for slug in (*means.values(), *whole.table("actors")) if not SLUG.fullmatch(slug)]:
        raise whole.error("means", f"{wrong[0]!r} in a table", "slugs of instruments and actors")
    words |= {key: whole.words(key) for key in LISTS}
    return Metadata(
        issued=whole.day("issued"),
        withdrawn=whole.day("withdrawn") if "withdrawn" in values else None,
        meetings=_meetings(whole),
        means=means,
        actors=whole.table("actors"),
        source_file=path.with_suffix(".md").name,
        **words,
    )


_DAY, _MONTH, _YEAR = r"([0-9]{1,2})", f"({'|'.join(MONTHS)})", r"([0-9]{4})"
PRINTED_DATES = re.compile(
    rf"(?<!\w)(?:{_DAY}(?:\s+{_MONTH}(?:\s+{_YEAR})?)?(?:\s+(?:to|and|until)\s+|\s*[-–—]\s*))?"
    rf"{_DAY}\s+{_MONTH}\s+{_YEAR}(?!\w)"
)
"""``11 to 13 November 2013``, ``30 May to 1 June 2012``, ``28 December 2015 to 2 January 2016``, ``14 July 2015``."""


LONGEST_MEETING = 60
"""In days: the dates of a longer period are no meeting's."""


def period(match: re.Match[str]) -> tuple[date, date]:
    """The first and the last day of a match of `PRINTED_DATES`. Raises `ValueError` for an impossible day."""
    first_day, first_month, first_year, day, month, year = match.groups()
    end = date(int(year), MONTHS.index(month) + 1, int(day))
    if first_day is None:
        return end, end
    start_month = MONTHS.index(first_month) + 1 if first_month else end.month
    return date(int(first_year or year), start_month, int(first_day)), end


def meeting_of_heading(heading: str, meetings: tuple[MeetingReference, ...]) -> tuple[MeetingReference | None, str]:
    """The declared meeting whose dates a heading prints, None for a heading without dates, and what is odd about them.

    Odd are dates that no declared meeting has, that the calendar does not have, and two meetings in one heading.
    """
    if not meetings:
        return None, ""
    printed: MeetingReference | None = None
    for match in PRINTED_DATES.finditer(heading):
        try:
            found_days = period(match)
        except ValueError:
            return None, f"the impossible date “{match[0]}” in a heading"
        named = next((meeting for meeting in meetings if (meeting.start, meeting.end) == found_days), None)
        if named is None and (found_days[1] - found_days[0]).days > LONGEST_MEETING:
            continue
        if named is None:
            return printed, f"the dates “{match[0]}” in a heading are those of no meeting in the metadata"
        if printed not in (None, named):
            return printed, "the dates of two meetings in one heading"
        printed = named
    return printed, ""
