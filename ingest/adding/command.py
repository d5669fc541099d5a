"""What `palermo add` does: asks for the metadata, checks the document, shows what was read, writes files to review."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.adding.drafting import editorial_files, metadata_text
from ingest.adding.guessing import Guess, described, guess, known_actors, known_meetings
from ingest.adding.noticing import notice, noticed_lines, recognised_lines
from ingest.corpus import LIST, BuildSettings
from ingest.document import MeetingReference
from ingest.errors import BuildError, SourceError
from ingest.extraction import extract
from ingest.metadata import ASKED, DATES, OPTIONAL_KEYS, SLUG, read_metadata
from ingest.reading import read_document
from ingest.reference import lexicon, reference_quads
from ingest.source import decode, read_bytes
from ontology.terms import Names

Say = Callable[[str], None]
Ask = Callable[[str, str], str]
"""Asks a person a question with a default; returns the answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says: values by key, and meetings in place of those that the headings name."""

    values: Mapping[str, str]
    meetings: tuple[MeetingReference, ...] = ()


def read_meeting(text: str) -> MeetingReference:
    """A meeting as the command line has it: ``SLUG/2012-05-30/2012-06-01/Vienna[/Label]``. Raises `BuildError`."""
    parts = text.split("/", 4)
    try:
        slug, start, end, place = parts[:4]
        if not SLUG.fullmatch(slug) or not place:
            raise ValueError(text)
        return MeetingReference(slug, date.fromisoformat(start), date.fromisoformat(end), place, "".join(parts[4:]))
    except ValueError as error:
        raise BuildError(
            f"The meeting {text!r} is not SLUG/2012-05-30/2012-06-01/PLACE, with /LABEL behind it."
        ) from error


def run_add(file: Path, settings: BuildSettings, given: Given, ask: Ask | None, say: Say) -> int:
    """Adds a document; without ``ask`` guesses and given values are taken as they are.

    Returns the exit status: 0, or 1 when something is missing or the document cannot be read; then nothing is written.
    """
    try:
        return _add(file, settings, given, ask, say)
    except (BuildError, OSError) as error:
        say(f"palermo: {error}\nNothing was written.")
        return 1


def _add(file: Path, settings: BuildSettings, given: Given, ask: Ask | None, say: Say) -> int:
    names = Names(settings.base)
    raw = read_bytes(file)
    quads = list(reference_quads(names, settings.ground))
    guessed = guess(decode(raw, file), file.name, known_meetings(quads, names))
    values = _values(guessed, given, ask, known_actors(quads, names), say)
    others = _meetings_of(settings.sources)
    found = tuple(others.get((meeting.start, meeting.end), meeting) for meeting in guessed.meetings)
    meetings = _confirmed(given.meetings or found, ask)
    slug = values["slug"]
    for taken in (settings.sources / f"{slug}.md", settings.sources / f"{slug}.toml", settings.editorial / slug):
        if taken.exists() and not taken.samefile(file):
            raise BuildError(f"{taken} is there already. Choose another name with --slug.")
    with tempfile.TemporaryDirectory(prefix="palermo-") as folder:
        draft = Path(folder) / f"{slug}.toml"
        draft.write_text(metadata_text(values, meetings), encoding="utf-8")
        draft.with_suffix(".md").write_bytes(raw)
        try:
            document = read_document(draft)
        except SourceError as error:
            shown = file if error.file.suffix == ".md" else error.file.name
            raise SourceError(shown, error.line, error.found, error.expected) from error
        metadata = draft.read_bytes()
    extraction = extract(document, lexicon(names, settings.ground))
    noticed = notice(document, extraction, described(quads, names))
    for line in (*recognised_lines(document, extraction), *noticed_lines(noticed)):
        say(line)
    settings.sources.mkdir(parents=True, exist_ok=True)
    editorial = settings.editorial / slug
    editorial.mkdir(parents=True)
    for name, text in editorial_files(document, extraction, noticed).items():
        (editorial / name).write_text(text, encoding="utf-8")
    (settings.sources / f"{slug}.md").write_bytes(raw)
    (settings.sources / f"{slug}.toml").write_bytes(metadata)
    say(f"\nWritten {settings.sources / slug}.md, .toml and the tables in {editorial}")
    say("Judge it with palermo review, or fill in its tables: review.csv beside them shows what was read.")
    say(f"Then run palermo validate{_elsewhere(settings)} and build.")
    if (settings.sources / "corpus.toml").exists():
        say(f'Add "{slug}" to {settings.sources / "corpus.toml"}: it lists the documents of the corpus.')
    return 0


def _elsewhere(settings: BuildSettings) -> str:
    """The options that name the folders of the corpus, where they are not those of the checkout."""
    usual = BuildSettings()
    options = (("--sources", settings.sources, usual.sources), ("--editorial", settings.editorial, usual.editorial))
    return "".join(f" {option} {folder}" for option, folder, own in options if folder != own)


def _meetings_of(sources: Path) -> dict[tuple[date, date], MeetingReference]:
    """The meetings that other documents of the corpus describe, by their days."""
    known = [read_metadata(path) for path in sorted(sources.glob("*.toml")) if path.name != LIST]
    return {(meeting.start, meeting.end): meeting for each in known for meeting in each.meetings}


def _wrong(key: str, value: str, actors: frozenset[str]) -> str:
    """What is wrong with a value, in a sentence; empty when nothing is."""
    if not value and key not in OPTIONAL_KEYS:
        return f"The masthead does not say {key}, {ASKED[key]}. Give it with --{key.replace('_', '-')}."
    if key == "slug" and not SLUG.fullmatch(value):
        return f"The slug {value!r} is not {ASKED['slug']}."
    if value and key in ("issuer", "author") and value not in actors:
        return f"The {key} {value!r} is not described. It is one of {', '.join(sorted(actors))}."
    if key in DATES and not _is_date(value):
        return f"The value {value!r} of {key} is not {ASKED[key]}."
    return ""


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _values(guessed: Guess, given: Given, ask: Ask | None, actors: frozenset[str], say: Say) -> dict[str, str]:
    """All values; a person who gives a wrong one is told and asked again."""
    values: dict[str, str] = {}
    for key, meaning in ASKED.items():
        default = given.values.get(key, guessed.values.get(key, ""))
        values[key] = default if ask is None or key in given.values else ask(f"{key} ({meaning})", default)
        while ask is not None and key not in given.values and (problem := _wrong(key, values[key], actors)):
            say(problem)
            values[key] = ask(f"{key} ({meaning})", default)
    for key, value in values.items():
        if problem := _wrong(key, value, actors):
            raise BuildError(problem)
    return values


def _confirmed(meetings: tuple[MeetingReference, ...], ask: Ask | None) -> tuple[MeetingReference, ...]:
    if not meetings:
        raise BuildError("No heading names the dates of a meeting. Give each meeting with --meeting.")
    if ask is None:
        return meetings
    confirmed = []
    for meeting in meetings:
        about = f"{meeting.start} to {meeting.end}"
        slug = ask(f"slug of the meeting {about}", meeting.slug)
        place = ask(f"place of the meeting {about}", meeting.place)
        label = ask(f"label of the meeting {about}", meeting.label) if meeting.label else ""
        confirmed.append(MeetingReference(slug, meeting.start, meeting.end, place, label))
    return tuple(confirmed)
