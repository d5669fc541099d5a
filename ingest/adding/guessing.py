"""What a masthead and the headings let one guess about a document: every guess is a default that a person confirms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from ingest.document import MeetingReference
from ingest.metadata import MONTHS, PRINTED_DATES, days, period
from ingest.outline import NUMBERED_HEADING, roman
from ontology.terms import Names, term

LANGUAGES = {"English": "en", "French": "fr", "Spanish": "es", "Arabic": "ar", "Chinese": "zh", "Russian": "ru"}
_MARKS = re.compile(r"^#+\s*|\*\*|\\(?=\*)")
_DAY = re.compile(rf"^(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})$")
_SYMBOL = re.compile(r"[A-Z]{2,8}(?:/[\w.]+)+")
_PLACE = re.compile(r"\bheld in ([A-Z][\w’' -]*?),? (?:from|on)\b")
_MEETING = re.compile(r"\bits (\w+) (?:meeting|session)\b")
_GROUP = re.compile(r"\bWorking Group on [^,.;\n]*")


@dataclass(frozen=True, slots=True)
class Guess:
    """Values by the keys of a ``.toml`` file (`ingest.metadata.KEYS`), as text; a key without a guess is absent."""

    values: Mapping[str, str] = field(default_factory=dict)
    meetings: tuple[MeetingReference, ...] = ()


def slug_of(name: str) -> str:
    """A name in lower-case letters, digits and hyphens: "Consolidated 2015.md" becomes consolidated-2015."""
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")


def known_meetings(quads: list[Quad], names: Names) -> dict[tuple[date, date], str]:
    """The meetings that reference data describe: slug by first and last day."""
    found: dict[NamedNode, dict[str, date]] = {}
    for quad in quads:
        for key in ("startDate", "endDate"):
            if quad.predicate == names.pal(key) and isinstance(quad.subject, NamedNode):
                assert isinstance(quad.object, Literal)
                found.setdefault(quad.subject, {})[key] = date.fromisoformat(quad.object.value)
    return {
        (known["startDate"], known["endDate"]): node.value.rpartition("/")[2]
        for node, known in found.items()
        if len(known) == 2
    }


def described(quads: list[Quad], names: Names) -> frozenset[str]:
    """The paths of everything of ours that reference data give a type."""
    prefix = names.node("").value
    return frozenset(
        quad.subject.value.removeprefix(prefix)
        for quad in quads
        if quad.predicate == term("rdf:type") and isinstance(quad.subject, NamedNode)
    )


def known_actors(quads: list[Quad], names: Names) -> frozenset[str]:
    """The slugs of all actors."""
    prefix = names.node("id/actor/").value
    return frozenset(
        quad.subject.value.removeprefix(prefix)
        for quad in quads
        if quad.predicate == term("rdf:type") and isinstance(quad.subject, NamedNode)
        if quad.subject.value.startswith(prefix)
    )


def guess(text: str, file: str, known: Mapping[tuple[date, date], str]) -> Guess:
    """The guesses for a text; ``known`` gives the slugs of meetings that are described already."""
    lines = [_MARKS.sub("", line).strip() for line in text.splitlines()]
    signed = [line.lstrip().startswith("#") for line in text.splitlines()]
    end = next((n for n, line in enumerate(lines) if _opens_body(line)), len(lines))
    front = [(line, head) for line, head in zip(lines[:end], signed[:end], strict=True) if line]
    heads = [line for line, head in front if head]
    slug = slug_of(file)
    values = {"slug": slug, "title": heads[-1] if heads else "", "body": heads[0] if heads else ""}
    for line, _ in front:
        if day := _DAY.match(line):
            values.setdefault("issued", date(int(day[3]), MONTHS.index(day[2]) + 1, int(day[1])).isoformat())
        label, _, value = line.partition(":")
        if label == "Distr.":
            values["distribution"] = value.strip()
        if label == "Original" and value.strip() in LANGUAGES:
            values["language"] = LANGUAGES[value.strip()]
        if line == "Note by the Secretariat":
            values["author"] = "secretariat"
    if "Working Group on the Smuggling of Migrants" in " ".join(line for line, _ in front):
        values["issuer"] = "working-group"
    notes = [line for line in lines if line.startswith("*")]
    symbol = _SYMBOL.search(" ".join(notes))
    values["agenda_symbol"] = symbol[0].rstrip(".") if symbol else ""
    return Guess(
        {key: value for key, value in values.items() if value or key == "agenda_symbol"}, _meetings(lines, slug, known)
    )


def _opens_body(line: str) -> bool:
    numbered = NUMBERED_HEADING.match(line)
    return numbered is not None and numbered[1] == roman(1)


def _meetings(lines: list[str], slug: str, known: Mapping[tuple[date, date], str]) -> tuple[MeetingReference, ...]:
    """The meetings whose dates stand in a line that speaks of recommendations, in order of time."""
    stem = _stem(slug, known)
    found: dict[tuple[date, date], MeetingReference] = {}
    for line in lines:
        if "recommendations" not in line.lower() or re.match(r"\d", line):
            continue
        for match in PRINTED_DATES.finditer(line):
            days_ = period(match)
            place = _PLACE.search(line)
            meeting = MeetingReference(known.get(days_, ""), *days_, place[1] if place else "")
            found.setdefault(days_, meeting if meeting.slug else replace(meeting, label=_label(line, meeting)))
    named: list[MeetingReference] = []
    before = set(known.values())
    for _, meeting in sorted(found.items()):
        year = f"{stem}-{meeting.start.year}"
        taken = before | {other.slug for other in named}
        own = year if year not in taken else f"{year}-{meeting.start.month:02}"
        named.append(meeting if meeting.slug else replace(meeting, slug=own))
    return tuple(named)


def _stem(slug: str, known: Mapping[tuple[date, date], str]) -> str:
    """How the names of meetings begin: as those that are described already, else as that of the document."""
    stems = Counter(re.sub(r"-\d{4}(-\d{2})?$", "", name) for name in known.values())
    return stems.most_common(1)[0][0] if stems else re.sub(r"-?\d{4}$", "", slug) or slug


def _label(line: str, meeting: MeetingReference) -> str:
    ordinal, group = _MEETING.search(line), _GROUP.search(line)
    name = f"{ordinal[1].capitalize()} meeting" if ordinal else "Meeting"
    whose = f" of the {group[0].strip()}" if group else " of the Working Group"
    return f"{name}{whose}, {meeting.place}, {days(meeting)}" if meeting.place else f"{name}{whose}, {days(meeting)}"
