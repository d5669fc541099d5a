"""What `palermo add` does: asks for the metadata, checks the document, shows what was read, writes files to review."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ingest.adding.asking import HOW, Ask, StoppedError, answers_to
from ingest.adding.drafting import (
    editorial_files,
    keep_judgements,
    keep_version,
    metadata_text,
    with_what_is_known,
)
from ingest.adding.guessing import Guess, Known, guess
from ingest.adding.noticing import doubt_lines, left_out_lines, notice, noticed_lines, proposal_lines, recognised_lines
from ingest.adding.questions import (
    MAIN_BODIES,
    Given,
    command_for,
    confirmed,
    given_in,
    questions_about,
    questions_of_doubt,
)
from ingest.corpus import EARLIER, LIST, BuildSettings
from ingest.document import Document, MeetingReference, Metadata
from ingest.editorial import BESIDE
from ingest.errors import BuildError, SourceError
from ingest.extraction import extract
from ingest.formats.files import Readable, read_file
from ingest.metadata import LISTS, read_metadata
from ingest.reading import parse, read_document
from ingest.reference import described_paths, known_meetings, lexicon, reference_quads, values_of_kind
from ingest.spreadsheets import table_path
from ontology.layout import Say
from ontology.terms import Names, term

GUESSED = "In doubt: its letters are not Unicode; read by guess as {}. If they are wrong, name another with --encoding."
ISSUED_AFTER = re.compile(r"(.+)/(Corr|Rev)\.[0-9]+")
"""A symbol that says itself of which document it is a corrigendum or a revision."""


def run_add(file: Path, settings: BuildSettings, given: Given, ask: Ask | None, say: Say) -> int:
    """Adds a document; without ``ask`` guesses and given values are taken as they are.

    Returns the exit status: 0, or 1 when something is missing or the document cannot be read; then nothing is written.
    """
    try:
        return _add(file, settings, given, ask, say)
    except (BuildError, OSError) as error:
        say(f"palermo: {error}\nNothing was written.")
    except KeyboardInterrupt:
        say("palermo: Stopped.\nNothing was written.")
    return 1


def _add(file: Path, settings: BuildSettings, given: Given, ask: Ask | None, say: Say) -> int:
    readable = read_file(file, given.encoding)
    _refuse_the_same(readable, settings.sources)
    names = Names(settings.base)
    quads = list(reference_quads(names, settings.root))
    known = Known(
        lexicon(names, settings.root),
        values_of_kind(quads, names, "actor", term("rdfs:label")),
        (*known_meetings(quads, names), *_meetings_of(settings.sources)),
    )
    guessed = guess(readable.text, file.name, known, readable.says, readable.left_out)
    before = _replaced(given, settings) if given.replaces else None
    if before:
        guessed = with_what_is_known(guessed, before.metadata)
    say(f"{file.name}: {readable.kind}, {len(readable.text.splitlines()):,} lines of text.")
    if readable.guess:
        say(GUESSED.format(readable.guess))
    for line in proposal_lines(guessed, given.values):
        say(line)
    given = _completed(file, settings, readable, known, guessed, given, ask, say)
    new = {slug: name for slug, name in guessed.actors.items() if slug not in known.actors}
    related = _related(given.values["symbol"], settings.sources, say)
    kept = {key: getattr(before.metadata, key) for key in LISTS} if before else related
    metadata = replace(_metadata(readable, given, new), **kept)
    document = _read(metadata, readable, file)
    for line in (*left_out_lines(readable.left_out, document), *doubt_lines(document)):
        say(line)
    if ask and (right := _confirmed(file, settings, document, given, ask, say)):
        metadata = replace(metadata, confirmed=(*metadata.confirmed, *right))
    extraction = extract(document, lexicon(names, settings.root))
    noticed = notice(document, extraction, described_paths(quads, names))
    for line in (*recognised_lines(document, extraction), *noticed_lines(noticed)):
        say(line)
    _write(settings, metadata, readable, editorial_files(document, extraction, noticed), (before, document), say)
    for line in _next_steps(settings, metadata, readable):
        say(line)
    return 0


def _completed(
    file: Path,
    settings: BuildSettings,
    readable: Readable,
    known: Known,
    guessed: Guess,
    given: Given,
    ask: Ask | None,
    say: Say,
) -> Given:
    """What is given, with the answers to all other questions. A text that cannot be read is refused before the first;
    whoever stops is told the command that goes on from there."""
    if ask:
        _parsed(readable, file)
        say(HOW)
    actors = {*known.actors, *guessed.actors, *_actors_of(settings.sources), *MAIN_BODIES}
    questions = list(questions_about(guessed, given, readable.text, actors, partial(_in_use, file, settings, given)))
    try:
        return given_in(answers_to(questions, given.values, ask, say), given, guessed, known.actors)
    except StoppedError as stopped:
        if stopped.answers.keys() - given.values.keys():
            so_far = given_in(stopped.answers, given, guessed, known.actors)
            say(f"To go on with these answers:\n  {command_for(file, so_far)}{_elsewhere(settings)}")
        raise


def _confirmed(
    file: Path, settings: BuildSettings, document: Document, given: Given, ask: Ask, say: Say
) -> tuple[str, ...]:
    """What reading doubted and a person finds right."""
    try:
        return confirmed(document, answers_to(list(questions_of_doubt(document)), {}, ask, say))
    except StoppedError:
        say(f"To go on with the answers before these:\n  {command_for(file, given)}{_elsewhere(settings)}")
        raise


def _in_use(file: Path, settings: BuildSettings, given: Given, slug: str) -> str:
    """Where another document has a slug, in a sentence; empty where none has it."""
    for path in (settings.sources / f"{slug}.md", settings.sources / f"{slug}.toml", settings.editorial / slug):
        if path.exists() and not path.samefile(file) and not given.replaces:
            return (
                f"{path} is there already. Choose another name with --slug, or say that the file is a new issue of it "
                f"with --replaces {slug}."
            )
    return ""


def _metadata(readable: Readable, given: Given, actors: Mapping[str, str]) -> Metadata:
    values: dict[str, Any] = {**given.values, "issued": date.fromisoformat(given.values["issued"])}
    named = {*given.values.values(), *given.means.values(), *(meeting.body for meeting in given.meetings)}
    return Metadata(
        **values,
        means=given.means,
        actors={slug: name for slug, name in actors.items() if slug in named},
        meetings=given.meetings,
        original=_original_name(given.values["slug"], readable) if readable.changed else "",
        original_sha256=hashlib.sha256(readable.raw).hexdigest() if readable.changed else "",
    )


def _write(
    settings: BuildSettings,
    metadata: Metadata,
    readable: Readable,
    tables: Mapping[str, str],
    issues: tuple[Document | None, Document],
    say: Say,
) -> None:
    """Writes all files of a document, or none; of a new issue, those of the one before stay as an earlier version."""
    before, document = issues
    slug = metadata.slug
    editorial = settings.editorial / slug
    with _whole_or_not(settings.sources, slug, editorial):
        editorial.mkdir(parents=True, exist_ok=bool(before))
        if before:
            kept = keep_version(settings.sources, slug)
            say(f"The earlier version stays as {kept.with_suffix('.md')}.")
            for line in keep_judgements(editorial, before, document):
                say(line)
        for name, text in tables.items():
            if not before or name in BESIDE or table_path(editorial, Path(name).stem) is None:
                (editorial / name).write_text(text, encoding="utf-8")
        (settings.sources / f"{slug}.md").write_bytes(_source(readable))
        (settings.sources / f"{slug}.toml").write_text(metadata_text(metadata), encoding="utf-8")
        if metadata.original:
            (settings.sources / metadata.original).write_bytes(readable.raw)


def _next_steps(settings: BuildSettings, metadata: Metadata, readable: Readable) -> Iterator[str]:
    """What was written, and what a person does next."""
    slug = metadata.slug
    written = [f"{settings.sources / slug}.md", ".toml", *([metadata.original] if metadata.original else [])]
    yield f"\nWritten {', '.join(written)} and the tables in {settings.editorial / slug}"
    if readable.changed:
        yield f"{slug}.md is what is read: correct it where the {readable.kind} was not read rightly."
    yield "Judge it with palermo review, or fill in its tables: review.csv beside them shows what was read."
    yield f"Then run palermo validate{_elsewhere(settings)} and build."
    if (settings.sources / LIST).exists():
        yield f'Add "{slug}" to {settings.sources / LIST}: it lists the documents of the corpus.'


def _replaced(given: Given, settings: BuildSettings) -> Document:
    """The document of which a file is a new issue. Raises `BuildError` where there is none of that name."""
    path = settings.sources / f"{given.replaces}.toml"
    if not path.is_file():
        there = ", ".join(sorted(each.stem for each in settings.sources.glob("*.toml") if each.name != LIST))
        raise BuildError(f"There is no document {given.replaces!r} to replace; there are {there or 'none'}.")
    if given.values.get("slug", given.replaces) != given.replaces:
        raise BuildError("A new issue keeps the name of its document: give --replaces without --slug.")
    return read_document(path)


@contextmanager
def _whole_or_not(sources: Path, slug: str, editorial: Path) -> Iterator[None]:
    """Puts all files of a document back as they were when writing them fails, as on a full disk."""

    def files() -> list[Path]:
        own = [*sources.rglob(f"{slug}.*"), *editorial.rglob("*")]
        return [path for path in own if path.is_file()]

    before = {path: path.read_bytes() for path in files()}
    had_folder = editorial.is_dir()
    try:
        sources.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in files():
            if before.get(path) is None:
                path.unlink()
        for path, content in before.items():
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)
        if not had_folder and editorial.is_dir():
            editorial.rmdir()
        raise


def _source(readable: Readable) -> bytes:
    return readable.text.encode() if readable.changed else readable.raw


def _original_name(slug: str, readable: Readable) -> str:
    """The name of the file as it came, beside the source text."""
    return f"{slug}.original{readable.suffix}" if readable.suffix in (".md", "") else f"{slug}{readable.suffix}"


def _parsed(readable: Readable, file: Path) -> None:
    """Raises `SourceError` for a text that no metadata make a document."""
    parse(readable.text, Metadata("", "", date.min, "", ""), _named(readable, file))


def _named(readable: Readable, file: Path) -> Path:
    """The name of the text in a message: that of the file, or of the text made of it."""
    return Path(f"{file} (as text)") if readable.changed else file


def _read(metadata: Metadata, readable: Readable, file: Path) -> Document:
    """The document that the metadata and the text make; errors name the file that was given, or the text made of it."""
    with tempfile.TemporaryDirectory(prefix="palermo-") as folder:
        path = Path(folder) / f"{metadata.slug}.toml"
        path.write_text(metadata_text(metadata), encoding="utf-8")
        path.with_suffix(".md").write_bytes(_source(readable))
        if metadata.original:
            path.with_name(metadata.original).write_bytes(readable.raw)
        try:
            return read_document(path)
        except SourceError as error:
            shown = _named(readable, file) if error.file.suffix == ".md" else error.file.name
            raise SourceError(shown, error.line, error.found, error.expected) from error


def _refuse_the_same(readable: Readable, sources: Path) -> None:
    """Raises `BuildError` for a file that is in the corpus already, as source text or as the file it was made from."""
    digests = {hashlib.sha256(readable.raw).hexdigest(), hashlib.sha256(_source(readable)).hexdigest()}
    for known in (*_known_in(sources), *_known_in(sources / EARLIER)):
        text = sources / (EARLIER if ".v" in known.source_file else "") / known.source_file
        own = hashlib.sha256(text.read_bytes()).hexdigest() if text.is_file() else ""
        if digests & {own, known.original_sha256}:
            slug, _, version = text.stem.partition(".v")
            raise BuildError(f"This file is in the corpus already, as {slug}{f', version {version}' * bool(version)}.")


def _elsewhere(settings: BuildSettings) -> str:
    """The options that name the folders of the corpus, where they are not those of the checkout."""
    usual = BuildSettings()
    options = (("--sources", settings.sources, usual.sources), ("--editorial", settings.editorial, usual.editorial))
    return "".join(f" {option} {folder}" for option, folder, own in options if folder != own)


def _related(symbol: str, sources: Path, say: Say) -> dict[str, tuple[str, ...]]:
    """The documents that one corrects or supersedes, by its symbol: that of another with "/Corr.1" or "/Rev.1"."""
    match = ISSUED_AFTER.fullmatch(symbol)
    key = {"Corr": "corrects", "Rev": "supersedes"}[match[2]] if match else ""
    found = [known for known in _known_in(sources) if match and known.symbol == match[1]]
    for known in found:
        say(f"  {key} = {known.slug}    (its symbol {known.symbol})")
    return {key: tuple(known.slug for known in found)} if found else {}


def _meetings_of(sources: Path) -> tuple[MeetingReference, ...]:
    """The meetings that other documents of the corpus describe."""
    return tuple(meeting for each in _known_in(sources) for meeting in each.meetings)


def _actors_of(sources: Path) -> set[str]:
    """The actors that other documents of the corpus name."""
    return {slug for each in _known_in(sources) for slug in each.actors}


def _known_in(sources: Path) -> Iterator[Metadata]:
    """Yields the metadata in a folder; skips what cannot be read, which the build reports."""
    for path in sorted(sources.glob("*.toml")):
        with suppress(SourceError):
            if path.name != LIST:
                yield read_metadata(path)
