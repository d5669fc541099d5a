"""What `palermo add` does: asks for the metadata, checks the document, shows what was read, writes files to review."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ingest.adding.drafting import (
    Draft,
    editorial_files,
    keep_judgements,
    keep_version,
    metadata_text,
    with_what_is_known,
)
from ingest.adding.guessing import Guess, Known, guess, slug_of
from ingest.adding.noticing import doubt_lines, left_out_lines, notice, noticed_lines, proposal_lines, recognised_lines
from ingest.corpus import EARLIER, LIST, BuildSettings
from ingest.document import Document, MeetingReference, Metadata
from ingest.editorial import BESIDE
from ingest.errors import BuildError, SourceError
from ingest.extraction import extract
from ingest.extraction.resolutions import BODIES
from ingest.formats.files import Readable, read_file
from ingest.metadata import ASKED, DATES, KINDS, LISTS, OPTIONAL_KEYS, SLUG, read_metadata
from ingest.reading import read_document
from ingest.reference import described_paths, known_meetings, lexicon, reference_quads, values_of_kind
from ingest.spreadsheets import table_path
from ontology.layout import Say
from ontology.terms import Names, term

ACTOR_KEYS = ("issuer", "author", "body", "publisher")
MISSING = {
    "title": ("its title, as the masthead prints it", '"Report on ferries"'),
    "issued": ("when it was issued", "2015-08-25"),
    "issuer": ("whose recommendations they are", '"Committee on Ferries"'),
    "language": ("in which language it is", "en"),
}
"""What a document must have, in words for a person, and an example of an answer."""
GUESSED = "In doubt: its letters are not Unicode; read by guess as {}. If they are wrong, name another with --encoding."
ISSUED_AFTER = re.compile(r"(.+)/(Corr|Rev)\.[0-9]+")
"""A symbol that says itself of which document it is a corrigendum or a revision."""
Ask = Callable[[str, str], str]
"""Asks a person a question with a default; returns the answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says: values by key, meetings in place of those that the headings name, and the slug of the
    document of which the file is a new issue; the encoding of a text."""

    values: Mapping[str, str]
    meetings: tuple[MeetingReference, ...] = ()
    means: Mapping[str, str] = field(default_factory=dict)
    replaces: str = ""
    encoding: str = ""


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
    readable = read_file(file, given.encoding)
    _refuse_the_same(readable, settings.sources)
    names = Names(settings.base)
    quads = list(reference_quads(names, settings.root))
    known = Known(
        lexicon(names, settings.root),
        values_of_kind(quads, names, "actor", term("rdfs:label")),
        known_meetings(quads, names),
    )
    known = replace(known, meetings=(*known.meetings, *_meetings_of(settings.sources)))
    guessed = guess(readable.text, file.name, known, readable.says)
    before = _replaced(given, settings) if given.replaces else None
    if before:
        guessed = with_what_is_known(guessed, before.metadata)
    say(f"{file.name}: {readable.kind}, {len(readable.text.splitlines()):,} lines of text.")
    if readable.guess:
        say(GUESSED.format(readable.guess))
    for line in proposal_lines(guessed, given.values):
        say(line)
    given = _named_actors(given, guessed, known.actors)
    values = _values(guessed, given, ask, {*known.actors, *guessed.actors, *_actors_of(settings.sources)}, say)
    meetings = _confirmed(given.meetings or guessed.meetings, ask)
    slug = values["slug"]
    for taken in (settings.sources / f"{slug}.md", settings.sources / f"{slug}.toml", settings.editorial / slug):
        if taken.exists() and not taken.samefile(file) and not before:
            raise BuildError(
                f"{taken} is there already. Choose another name with --slug, or say that the file is a new issue of it "
                f"with --replaces {slug}."
            )
    named = {*values.values(), *(meeting.body for meeting in meetings)}
    means = given.means or {short: proposal.value for short, proposal in guessed.means.items()}
    named |= set(means.values())
    draft = Draft(
        values,
        means,
        {actor: name for actor, name in guessed.actors.items() if actor in named and actor not in known.actors},
        meetings,
        _original_name(slug, readable) if readable.changed else "",
        hashlib.sha256(readable.raw).hexdigest() if readable.changed else "",
        lists={key: getattr(before.metadata, key) for key in LISTS}
        if before
        else _related(values.get("symbol", ""), settings.sources, say),
    )
    document = _read(draft, readable, file)
    for line in (*left_out_lines(readable.left_out, document), *doubt_lines(document)):
        say(line)
    if confirmed := _answered(document, ask):
        draft = replace(draft, lists={**draft.lists, "confirmed": (*draft.lists.get("confirmed", ()), *confirmed)})
    extraction = extract(document, lexicon(names, settings.root))
    noticed = notice(document, extraction, described_paths(quads, names))
    for line in (*recognised_lines(document, extraction), *noticed_lines(noticed)):
        say(line)
    editorial = settings.editorial / slug
    with _whole_or_not(settings.sources, slug, editorial):
        editorial.mkdir(parents=True, exist_ok=bool(before))
        if before:
            kept = keep_version(settings.sources, slug)
            say(f"The earlier version stays as {kept.with_suffix('.md')}.")
            for line in keep_judgements(editorial, before, document):
                say(line)
        for name, text in editorial_files(document, extraction, noticed).items():
            if not before or name in BESIDE or table_path(editorial, Path(name).stem) is None:
                (editorial / name).write_text(text, encoding="utf-8")
        (settings.sources / f"{slug}.md").write_bytes(_source(readable))
        (settings.sources / f"{slug}.toml").write_text(metadata_text(draft), encoding="utf-8")
        if draft.original:
            (settings.sources / draft.original).write_bytes(readable.raw)
    for line in _next_steps(settings, slug, draft, readable):
        say(line)
    return 0


def _next_steps(settings: BuildSettings, slug: str, draft: Draft, readable: Readable) -> Iterator[str]:
    """What was written, and what a person does next."""
    written = [f"{settings.sources / slug}.md", ".toml", *([draft.original] if draft.original else [])]
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


def _read(draft: Draft, readable: Readable, file: Path) -> Document:
    """The document that the draft and the text make; errors name the file that was given, or the text made of it."""
    with tempfile.TemporaryDirectory(prefix="palermo-") as folder:
        path = Path(folder) / f"{draft.values['slug']}.toml"
        path.write_text(metadata_text(draft), encoding="utf-8")
        path.with_suffix(".md").write_bytes(_source(readable))
        if draft.original:
            path.with_name(draft.original).write_bytes(readable.raw)
        try:
            return read_document(path)
        except SourceError as error:
            made = f"{file} (as text)" if readable.changed else str(file)
            shown = made if error.file.suffix == ".md" else error.file.name
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


def _answered(document: Document, ask: Ask | None) -> tuple[str, ...]:
    """The doubts that a person says are right as they were read, one by one, or the rest of a kind at once."""
    right: dict[str, None] = {}
    rest: dict[str, bool] = {}
    for doubt in document.open_doubts if ask else ():
        if doubt.kind not in rest:
            about = f"line {doubt.line}, {doubt.name}. Right as it was read? yes, no, or all or none of this kind"
            answer = ask(about, "no").strip().lower() if ask else "no"
            if answer in ("all", "none"):
                rest[doubt.kind] = answer == "all"
            elif answer in ("yes", "y"):
                right[doubt.name] = None
        if rest.get(doubt.kind):
            right[doubt.name] = None
    return tuple(right)


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


def _named_actors(given: Given, guessed: Guess, described: Mapping[str, str]) -> Given:
    """What is given, with the slugs of actors that were given by name; those that no reference data describe, and main
    bodies given by slug, join the actors that are proposed."""
    bodies = {slug: names[0] for names in BODIES.values() if (slug := slug_of(names[0]))}
    values = dict(given.values)
    for key in ACTOR_KEYS:
        value = values.get(key, "").strip()
        if value and not SLUG.fullmatch(value):
            values[key], name = slug_of(value), value
        else:
            name = bodies.get(value, "")
        if name and values[key] not in described:
            guessed.actors[values[key]] = name
    return replace(given, values=values)


def _wrong(key: str, value: str, actors: Set[str]) -> str:
    """What is wrong with a value, in a sentence; empty when nothing is."""
    if not value and key not in OPTIONAL_KEYS:
        what, example = MISSING.get(key, (ASKED[key], "…"))
        return f"The text does not say {what}: give it, for instance --{key.replace('_', '-')} {example}"
    if key == "slug" and not SLUG.fullmatch(value):
        return f"The slug {value!r} is not {ASKED['slug']}."
    if value and key in ACTOR_KEYS and value not in actors:
        return (
            f"The {key} {value!r} is not described. It is one of {', '.join(sorted(actors))}; or give another by its "
            "name, such as “Committee on Ferries”."
        )
    if value and key == "kind" and value not in KINDS:
        return f"The kind {value!r} is none of {', '.join(KINDS)}."
    if key in DATES and not _is_date(value):
        return f"The value {value!r} of {key} is not {ASKED[key]}."
    return ""


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _values(guessed: Guess, given: Given, ask: Ask | None, actors: Set[str], say: Say) -> dict[str, str]:
    """Returns all values; asks again after an invalid answer."""
    values: dict[str, str] = {}
    for key, meaning in ASKED.items():
        default = given.values.get(key, guessed.values[key].value if key in guessed.values else "")
        values[key] = default if ask is None or key in given.values else ask(f"{key} ({meaning})", default)
        while ask is not None and key not in given.values and (problem := _wrong(key, values[key], actors)):
            say(problem)
            values[key] = ask(f"{key} ({meaning})", default)
    if problems := [problem for key, value in values.items() if (problem := _wrong(key, value, actors))]:
        raise BuildError("\n         ".join(problems))
    return values


def _confirmed(meetings: tuple[MeetingReference, ...], ask: Ask | None) -> tuple[MeetingReference, ...]:
    if ask is None:
        return meetings
    confirmed = []
    for meeting in meetings:
        about = f"{meeting.start} to {meeting.end}"
        slug = ask(f"slug of the meeting {about}", meeting.slug)
        place = ask(f"place of the meeting {about}", meeting.place)
        label = ask(f"label of the meeting {about}", meeting.label) if meeting.label else ""
        confirmed.append(replace(meeting, slug=slug, place=place, label=label))
    return tuple(confirmed)
