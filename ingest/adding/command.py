"""What `palermo add` does: asks for the metadata, checks the document, shows what was read, writes files to review."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.adding.drafting import editorial_files, keep_judgements, keep_version, metadata_text, with_what_is_known
from ingest.adding.guessing import Guess, Known, guess
from ingest.adding.noticing import doubt_lines, left_out_lines, notice, noticed_lines, proposal_lines, recognised_lines
from ingest.adding.questions import (
    HOW,
    MAIN_BODIES,
    Ask,
    Given,
    StoppedError,
    answers_to,
    command_for,
    confirmed,
    given_in,
    questions_about,
    questions_of_doubt,
)
from ingest.corpus import EARLIER, LIST, BuildSettings
from ingest.document import Document, Metadata
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
        _Adding(file, settings, given, ask, say).run()
        return 0
    except (BuildError, OSError) as error:
        say(f"palermo: {error}\nNothing was written.")
    except KeyboardInterrupt:
        say("palermo: Stopped.\nNothing was written.")
    return 1


class _Adding:
    """One document on its way into the corpus, and what its reference data and the rest of the corpus know."""

    def __init__(self, file: Path, settings: BuildSettings, given: Given, ask: Ask | None, say: Say) -> None:
        self.file, self.settings, self.given, self.ask, self.say = file, settings, given, ask, say
        self.readable = read_file(file, given.encoding)
        self.others = list(_known_in(settings.sources))
        _refuse_the_same(self.readable, settings.sources)
        names = Names(settings.base)
        quads = list(reference_quads(names, settings.root))
        self.described = described_paths(quads, names)
        self.known = Known(
            lexicon(names, settings.root, quads),
            values_of_kind(quads, names, "actor", term("rdfs:label")),
            (*known_meetings(quads, names), *(meeting for each in self.others for meeting in each.meetings)),
        )

    def run(self) -> None:
        """Asks, reads, shows and writes. Raises `BuildError`."""
        readable, given = self.readable, self.given
        guessed = guess(readable.text, self.file.name, self.known, readable.says, readable.left_out)
        before = _replaced(given, self.settings) if given.replaces else None
        if before:
            guessed = with_what_is_known(guessed, before.metadata)
        self.say(f"{self.file.name}: {readable.kind}, {len(readable.text.splitlines()):,} lines of text.")
        if readable.guess:
            self.say(GUESSED.format(readable.guess))
        self._tell(proposal_lines(guessed, given.values))
        metadata = self._metadata(self._completed(guessed), guessed.actors)
        related = self._related(metadata.symbol)
        metadata = replace(metadata, **({key: getattr(before.metadata, key) for key in LISTS} if before else related))
        document = self._read(metadata)
        self._tell(left_out_lines(readable.left_out, document))
        self._tell(doubt_lines(document))
        metadata = replace(metadata, confirmed=(*metadata.confirmed, *self._confirmed(document)))
        extraction = extract(document, self.known.lexicon)
        noticed = notice(document, extraction, self.described)
        self._tell(recognised_lines(document, extraction))
        self._tell(noticed_lines(noticed))
        self._write(metadata, editorial_files(document, extraction, noticed), before, document)
        self._tell(self._next_steps(metadata))

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.say(line)

    def _completed(self, guessed: Guess) -> Given:
        """What is given, with the answers to all other questions. A text that cannot be read is refused before the
        first; whoever stops is told the command that goes on from there."""
        if self.ask:
            parse(self.readable.text, Metadata("", "", date.min, "", ""), self._named)
            self.say(HOW)
        described = self.known.actors
        of_others = {slug for each in self.others for slug in each.actors}
        actors = {*described, *guessed.actors, *of_others, *MAIN_BODIES}
        questions = list(questions_about(guessed, self.given, self.readable.text, actors, self._in_use))
        try:
            answers = answers_to(questions, self.given.values, self.ask, self.say)
        except StoppedError as stopped:
            if stopped.answers.keys() - self.given.values.keys():
                self._tell_how_to_go_on("these answers", given_in(stopped.answers, self.given, guessed, described))
            raise
        self.given = given_in(answers, self.given, guessed, described)
        return self.given

    def _confirmed(self, document: Document) -> tuple[str, ...]:
        """What reading doubted and a person finds right."""
        if not self.ask:
            return ()
        try:
            return confirmed(document, answers_to(list(questions_of_doubt(document)), {}, self.ask, self.say))
        except StoppedError:
            self._tell_how_to_go_on("the answers before these", self.given)
            raise

    def _tell_how_to_go_on(self, answers: str, given: Given) -> None:
        self.say(f"To go on with {answers}:\n  {command_for(self.file, given)}{_elsewhere(self.settings)}")

    def _in_use(self, slug: str) -> str:
        """Where another document has a slug, in a sentence; empty where none has it."""
        sources = self.settings.sources
        for path in (sources / f"{slug}.md", sources / f"{slug}.toml", self.settings.editorial / slug):
            if path.exists() and not path.samefile(self.file) and not self.given.replaces:
                return (
                    f"{path} is there already. Choose another name with --slug, or say that the file is a new issue of "
                    f"it with --replaces {slug}."
                )
        return ""

    def _metadata(self, given: Given, actors: Mapping[str, str]) -> Metadata:
        """What is given as metadata, with those of the actors that it names and nobody described."""
        readable, slug = self.readable, given.values["slug"]
        values: dict[str, Any] = {**given.values, "issued": date.fromisoformat(given.values["issued"])}
        named = {*given.values.values(), *given.means.values(), *(meeting.body for meeting in given.meetings)}
        named -= self.known.actors.keys()
        original = f"{slug}.original{readable.suffix}" if readable.suffix in (".md", "") else f"{slug}{readable.suffix}"
        return Metadata(
            **values,
            means=given.means,
            actors={slug: name for slug, name in actors.items() if slug in named},
            meetings=given.meetings,
            original=original if readable.changed else "",
            original_sha256=hashlib.sha256(readable.raw).hexdigest() if readable.changed else "",
        )

    def _related(self, symbol: str) -> dict[str, tuple[str, ...]]:
        """The documents that one corrects or supersedes, by its symbol: that of another with "/Corr.1" or "/Rev.1"."""
        match = ISSUED_AFTER.fullmatch(symbol)
        if match is None:
            return {}
        key = {"Corr": "corrects", "Rev": "supersedes"}[match[2]]
        related = [known.slug for known in self.others if known.symbol == match[1]]
        self._tell(f"  {key} = {slug}    (its symbol {match[1]})" for slug in related)
        if not related:
            self._tell(
                [f"  {key}: no document of the corpus has the symbol {match[1]}; its .toml names it once it is there"]
            )
        return {key: tuple(related)}

    @property
    def _named(self) -> Path:
        """The name of the text in a message: that of the file, or of the text made of it."""
        return Path(f"{self.file} (as text)") if self.readable.changed else self.file

    def _read(self, metadata: Metadata) -> Document:
        """The document that the metadata and the text make; errors name the file that was given, or the text made of
        it."""
        with tempfile.TemporaryDirectory(prefix="palermo-") as folder:
            try:
                return read_document(self._put(Path(folder), metadata))
            except SourceError as error:
                shown = self._named if error.file.suffix == ".md" else error.file.name
                raise SourceError(shown, error.line, error.found, error.expected) from error

    def _put(self, folder: Path, metadata: Metadata) -> Path:
        """Writes text, metadata and the file as it came into a folder; returns the metadata file."""
        path = folder / f"{metadata.slug}.toml"
        path.with_suffix(".md").write_bytes(_source(self.readable))
        path.write_text(metadata_text(metadata), encoding="utf-8")
        if metadata.original:
            path.with_name(metadata.original).write_bytes(self.readable.raw)
        return path

    def _write(
        self, metadata: Metadata, tables: Mapping[str, str], before: Document | None, document: Document
    ) -> None:
        """Writes all files of a document, or none; of a new issue, those of the one before stay as an earlier
        version."""
        sources, editorial = self.settings.sources, self.settings.editorial / metadata.slug
        with _whole_or_not(sources, metadata.slug, editorial):
            editorial.mkdir(parents=True, exist_ok=bool(before))
            if before:
                kept = keep_version(sources, metadata.slug)
                self.say(f"The earlier version stays as {kept.with_suffix('.md')}.")
                self._tell(keep_judgements(editorial, before, document))
            for name, text in tables.items():
                if not before or name in BESIDE or table_path(editorial, Path(name).stem) is None:
                    (editorial / name).write_text(text, encoding="utf-8")
            self._put(sources, metadata)

    def _next_steps(self, metadata: Metadata) -> Iterator[str]:
        """What was written, and what a person does next."""
        slug, sources = metadata.slug, self.settings.sources
        written = [f"{sources / slug}.md", ".toml", *([metadata.original] if metadata.original else [])]
        yield f"\nWritten {', '.join(written)} and the tables in {self.settings.editorial / slug}"
        if self.readable.changed:
            yield f"{slug}.md is what is read: correct it where the {self.readable.kind} was not read rightly."
        yield "Judge it with palermo review, or fill in its tables: review.csv beside them shows what was read."
        yield f"Then run palermo validate{_elsewhere(self.settings)} and build."
        if (sources / LIST).exists():
            yield f'Add "{slug}" to {sources / LIST}: it lists the documents of the corpus.'


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


def _known_in(sources: Path) -> Iterator[Metadata]:
    """Yields the metadata in a folder; skips what cannot be read, which the build reports."""
    for path in sorted(sources.glob("*.toml")):
        with suppress(SourceError):
            if path.name != LIST:
                yield read_metadata(path)
