"""What `palermo add` asks: the metadata, what short names mean, the meetings, and what reading doubted; and how: one
question after the other, with a way back; a wrong answer is explained and asked again."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from ingest.adding.guessing import Guess, slug_of
from ingest.document import Document, MeetingReference
from ingest.errors import BuildError
from ingest.extraction.clauses import BODIES
from ingest.front import plain
from ingest.metadata import ASKED, DATES, KINDS, LANGUAGE, REQUIRED, SLUG
from ontology.layout import Say

BACK, NONE = "<", "-"
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
"""Control characters, halves of letters, and what stands for a letter that could not be read."""
HOW = "Enter takes what stands in brackets, “-” leaves it empty, “<” goes back to the question before, Ctrl-C stops."
Ask = Callable[[str, str], str]
"""Asks a person a question with a default; returns the answer. Raises `StoppedError`."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked under a key, with its default; ``wrong`` says in a sentence what is wrong with an answer, or is
    empty. ``is_left_out`` tells by the answers before it whether there is nothing to ask."""

    key: str
    text: str
    default: str
    wrong: Callable[[str], str] = lambda _: ""
    is_left_out: Callable[[Mapping[str, str]], bool] = lambda _: False

    def problem(self, answer: str) -> str:
        """What is wrong with an answer, in a sentence; empty when nothing is."""
        if UNREADABLE.search(answer):
            return f"The answer {answer!r} has signs that are no text."
        return self.wrong(answer)


class StoppedError(BuildError):
    """A person stopped, or there was nobody to answer; ``answers`` are those given until then."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        super().__init__("A question was left without an answer; with --yes none is asked.")
        self.answers = answers


def at_terminal(question: str, default: str) -> str:
    """The answer that somebody types; the default where it is empty. Raises `StoppedError` at Ctrl-C and Ctrl-D."""
    with suppress(ImportError):
        import readline  # noqa: F401 (it lets arrow keys edit the line)
    prompt = f"{question} [{default}]: "
    if not sys.stdout.isatty():  # it would go where the output goes, and nobody would see it
        print(prompt, end="", file=sys.stderr, flush=True)
        prompt = ""
    try:
        return input(prompt).strip() or default
    except UnicodeDecodeError:
        return "\ufffd"
    except (EOFError, KeyboardInterrupt):
        print(file=sys.stderr)
        raise StoppedError({}) from None


def answers_to(questions: Sequence[Question], given: Mapping[str, str], ask: Ask | None, say: Say) -> dict[str, str]:
    """The answers by key: those that are given, and what a person answers to the other questions; without ``ask`` their
    defaults. Raises `BuildError` with all that is wrong with what nobody is asked, and `StoppedError`."""
    fixed = [question for question in questions if ask is None or question.key in given]
    answers = {question.key: given.get(question.key, question.default) for question in fixed}
    if problems := [words for question in fixed if (words := question.problem(answers[question.key]))]:
        raise BuildError("\n         ".join(problems))
    left = [question for question in questions if question.key not in answers]
    if ask is not None:
        _ask_each(left, answers, ask, say)
    return answers


def _ask_each(questions: Sequence[Question], answers: dict[str, str], ask: Ask, say: Say) -> None:
    """Adds the answers to all questions; one that goes back is asked again with its answer as default."""
    place, asked, before = 0, list[int](), dict[str, str]()
    while place < len(questions):
        question = questions[place]
        if question.is_left_out(answers):
            place += 1
            continue
        try:
            answer = ask(question.text, before.get(question.key, question.default))
        except StoppedError as stopped:
            raise StoppedError(answers) from stopped
        if answer == BACK:
            if asked:
                place = asked.pop()
                before[questions[place].key] = answers.pop(questions[place].key)
            continue
        answer = "" if answer == NONE else answer
        if problem := question.problem(answer):
            say(problem)
            continue
        answers[question.key] = answer
        asked.append(place)
        place += 1


# ---- What the command line says ----


ACTOR_KEYS = ("issuer", "author", "body", "publisher")
MISSING = {
    "title": ("its title, as the masthead prints it", '"Report on ferries"'),
    "issued": ("when it was issued", "2015-08-25"),
    "issuer": ("whose recommendations they are", '"Committee on Ferries"'),
    "language": ("in which language it is", "en"),
}
"""What a document must have, in words for a person, and an example of an answer."""
MAIN_BODIES = {slug: names[0] for names in BODIES.values() if (slug := slug_of(names[0]))}
"""The names of main bodies by their slugs."""
YES, NO, OF_A_KIND = ("yes", "y"), ("no", "n"), ("all", "none")


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says: values by key, meetings in place of those that the headings name, and the slug of the
    document of which the file is a new issue; the encoding of a text."""

    values: Mapping[str, str]
    meetings: tuple[MeetingReference, ...] = ()
    means: Mapping[str, str] = field(default_factory=dict)
    replaces: str = ""
    encoding: str = ""


def given_by(
    values: Mapping[str, str | None], meetings: Sequence[str], means: Sequence[str], replaces: str, encoding: str
) -> Given:
    """What the options of the command line say. Raises `BuildError` for one that cannot be read."""
    said = {key: value for key, value in values.items() if value is not None}
    short_names = {short.strip(): known.strip() for short, _, known in (one.partition("=") for one in means)}
    return Given(said, tuple(read_meeting(text) for text in meetings), short_names, replaces, encoding)


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


# ---- Metadata, short names and meetings ----


def questions_about(
    guessed: Guess, given: Given, text: str, actors: Set[str], taken: Callable[[str], str]
) -> Iterator[Question]:
    """What must be known beside a text; ``taken`` says in a sentence that a slug is in use."""

    def wrong(key: str, value: str) -> str:
        if problem := _wrong(key, value, actors):
            return problem
        if key == "title" and plain(value) not in plain(text):
            return f"The title {value!r} does not stand in the text: give it in the words of the masthead."
        return taken(value) if key == "slug" else ""

    for key, meaning in ASKED.items():
        default = guessed.values[key].value if key in guessed.values else ""
        asked = meaning.replace("the slug of", "the slug or name of")
        yield Question(key, f"{key} ({asked})", default, partial(wrong, key))
    for short, proposal in () if given.means else guessed.means.items():
        about = f"what “{short}” means (the slug of an instrument or actor)"
        yield Question(_key_of(short), about, proposal.value, _no_slug)
    for meeting in () if given.meetings else guessed.meetings:
        about, key = f"{meeting.start} to {meeting.end}", f"meeting {meeting.slug}"
        yield Question(key, f"slug of the meeting {about}", meeting.slug, _no_slug)
        left_out = partial(_lacks, key)
        yield Question(f"{key} place", f"place of the meeting {about}", meeting.place, is_left_out=left_out)
        if meeting.label:
            yield Question(f"{key} label", f"label of the meeting {about}", meeting.label, is_left_out=left_out)


def _lacks(key: str, answers: Mapping[str, str]) -> bool:
    return not answers[key]


def _key_of(short_name: str) -> str:
    return f"means {short_name}"


def _no_slug(value: str) -> str:
    return "" if not value or SLUG.fullmatch(value) else f"The slug {value!r} is not {ASKED['slug']}."


def _wrong(key: str, value: str, actors: Set[str]) -> str:
    """What is wrong with a value, in a sentence; empty when nothing is."""
    if not value and key in REQUIRED:
        what, example = MISSING.get(key, (ASKED[key], "…"))
        return (
            f"The text does not say {what}: give it, for instance {example} (as an option, --{key.replace('_', '-')})"
        )
    if key == "slug":
        return _no_slug(value)
    if value and key in ACTOR_KEYS and SLUG.fullmatch(value) and value not in actors:
        return (
            f"The {key} {value!r} is not described. It is one of {', '.join(sorted(actors))}; or give another by its "
            "name, such as “Committee on Ferries”."
        )
    if value and key == "kind" and value not in KINDS:
        return f"The kind {value!r} is none of {', '.join(KINDS)}."
    if (key in DATES and not _is_date(value)) or (key == "language" and not LANGUAGE.fullmatch(value)):
        return f"The value {value!r} of {key} is not {ASKED[key]}."
    return ""


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def given_in(answers: Mapping[str, str], given: Given, guessed: Guess, described: Collection[str]) -> Given:
    """What is known after the answers. An actor that is named and not described joins those that are proposed, and has
    its slug; so does a main body that is given by its slug. Short names and meetings count once all are answered."""
    values = {key: answers[key] for key in ASKED if key in answers}
    for key in ACTOR_KEYS:
        value = values.get(key, "").strip()
        name = MAIN_BODIES.get(value, "")
        if value and not SLUG.fullmatch(value):
            values[key], name = slug_of(value), value
        if name and values[key] not in described:
            guessed.actors[values[key]] = name
    means, asked = given.means, {_key_of(short): short for short in guessed.means}
    if not means and asked.keys() <= answers.keys():
        means = {short: answers[key] for key, short in asked.items() if answers[key]}
    meetings = given.meetings
    if not meetings and all(f"meeting {meeting.slug}" in answers for meeting in guessed.meetings):
        held = []
        for meeting in guessed.meetings:
            key = f"meeting {meeting.slug}"
            place, label = (answers.get(f"{key} {part}", getattr(meeting, part)) for part in ("place", "label"))
            held.append(replace(meeting, slug=answers[key], place=place, label=label))
        meetings = tuple(meeting for meeting in held if meeting.slug)
    return replace(given, values={**given.values, **values}, means=means, meetings=meetings)


def command_for(file: Path, given: Given) -> str:
    """The command with options for all that is known, to go on with where a person stopped."""
    options = [(f"--{key.replace('_', '-')}", value) for key, value in given.values.items()]
    options += [("--means", f"{short}={slug}") for short, slug in given.means.items()]
    options += [
        ("--meeting", "/".join((one.slug, str(one.start), str(one.end), one.place or "unknown", one.label)).rstrip("/"))
        for one in given.meetings
    ]
    options += [(f"--{key}", value) for key in ("replaces", "encoding") if (value := getattr(given, key))]
    return f"palermo add {shlex.quote(str(file))}{''.join(f' {name} {shlex.quote(value)}' for name, value in options)}"


# ---- Doubts ----


def questions_of_doubt(document: Document) -> Iterator[Question]:
    """Whether what was doubted is right as it was read: each, or all of a kind at once."""
    above: dict[str, list[str]] = {}
    for doubt in document.open_doubts:
        earlier = above.setdefault(doubt.kind, [])
        text = f"line {doubt.line}, {doubt.name}. Right as it was read? yes, no, or all or none of this kind"
        yield Question(doubt.name, text, "no", _no_answer, partial(_is_answered, tuple(earlier)))
        earlier.append(doubt.name)


def _no_answer(value: str) -> str:
    return "" if value.lower() in (*YES, *NO, *OF_A_KIND) else f"The answer {value!r} is not yes, no, all or none."


def _is_answered(earlier: Sequence[str], answers: Mapping[str, str]) -> bool:
    return any(answers.get(name, "").lower() in OF_A_KIND for name in earlier)


def confirmed(document: Document, answers: Mapping[str, str]) -> tuple[str, ...]:
    """The doubts that a person says are right as they were read."""
    right: dict[str, None] = {}
    for kind in dict.fromkeys(doubt.kind for doubt in document.open_doubts):
        names = [doubt.name for doubt in document.open_doubts if doubt.kind == kind]
        rest = False
        for name in names:
            answer = answers.get(name, "").lower()
            rest = rest or answer == "all"
            if rest or answer in YES:
                right[name] = None
    return tuple(right)
