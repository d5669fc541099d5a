"""The page of an actor, tool, theme, group, meeting, modality, qualifier or resolution, from its point of view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from server.linkeddata.description import Resource
from server.pages.framing import frame, resource_formats
from server.pages.questions import Questions
from server.pages.strength import Distribution, distribution_of_directives
from server.pages.values import day, flag, node, number, period, text
from server.pages.views import Frame, Line, Link, grouped, line, link
from server.store import Row
from server.web.exchange import Exchange
from server.web.urls import Urls

LISTS = {
    "actor": ("actors", "Actors", "Actor"),
    "tool": ("tools", "Tools", "Tool"),
    "theme": ("themes", "Themes", "Theme"),
    "group": ("groups", "Affected groups", "Affected group"),
    "meeting": ("meetings", "Meetings", "Meeting"),
    "modality": ("modalities", "Strength of language", "Operative phrase"),
    "qualifier": ("qualifiers", "Qualifiers", "Qualifier"),
    "resolution": ("resolutions", "Resolutions", "Resolution"),
}
WAYS = {
    "wider": "Part of",
    "narrower": "Includes",
    "kept by": "Kept by",
    "keeps": "Keeps",
    "serves as": "Serves as",
    "served by": "This office is served by",
    "same elsewhere": "The same in other vocabularies",
    "close elsewhere": "Close to, in other vocabularies",
    "wider elsewhere": "Wider, in other vocabularies",
    "related elsewhere": "Related, in other vocabularies",
}


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """A directive in a list: its recommendation, its words, its strength, and what it is listed for."""

    recommendation: Link
    number: int
    year: str
    text: str
    modality: Link
    force: int | None
    consider_only: bool
    through: Link | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an actor's view: a heading, what it means, and what belongs there. ``key`` is its anchor."""

    key: str
    heading: str
    meaning: str
    directives: tuple[DirectiveLine, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ThingView:
    """Everything the page of a named thing shows. ``judged`` says that editors put the recommendations there."""

    template: ClassVar[str] = "thing.html"

    frame: Frame
    kind: str
    label: str
    name: str
    also: tuple[str, ...]
    definition: str
    note: str
    role: str
    facts: tuple[tuple[str, str], ...]
    relations: tuple[tuple[str, tuple[Link, ...]], ...]
    parts: tuple[Part, ...]
    strength: Distribution
    judged: bool


async def thing_page(resource: Resource, exchange: Exchange) -> ThingView:
    """The view of one named thing."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = await ask.first("thing", thing=about)
    relations = await ask.rows("thing-relations", thing=about)
    found = await ask.rows("thing-recommendations", thing=about)
    directives = await ask.rows("thing-directives", thing=about)
    kind = resource.path.split("/")[1]
    path, plural, singular = LISTS[kind]
    parts = _parts(kind, about.value, found, directives, urls)
    name = text(row, "name") or text(row, "title") or resource.label
    return ThingView(
        frame=frame(
            exchange,
            urls.document_path(about),
            f"{resource.label} ({singular.lower()})",
            text(row, "role") or text(row, "definition") or f"{name}: the recommendations that concern it.",
            crumbs=[Link(urls.path(path), plural)],
            behind=ask.asked,
            formats=resource_formats(exchange, resource.path),
        ),
        kind=singular,
        label=resource.label,
        name=name if name != resource.label else "",
        also=tuple(text(each, "label") for each in relations if text(each, "way") == "also called"),
        definition=text(row, "definition"),
        note=text(row, "note"),
        role=text(row, "role"),
        facts=_facts(row),
        relations=_relations(relations, urls),
        parts=tuple(part for part in parts if part.directives or part.lines),
        strength=distribution_of_directives(directives, urls),
        judged=kind == "theme",
    )


def _facts(row: Row) -> tuple[tuple[str, str], ...]:
    facts = []
    if "start" in row:
        facts.append(("Held", f"{text(row, 'place')}, {period(text(row, 'start'), text(row, 'end'))}"))
    if issued := day(row, "issued"):
        facts.append(("Date", issued))
    if (force := number(row, "force")) is not None:
        facts.append(("Strength", f"{force} of 5, a convention of this project"))
    return tuple(facts)


def _relations(rows: Sequence[Row], urls: Urls) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    found = []
    for way, heading in WAYS.items():
        links = tuple(dict.fromkeys(link(row, "other", "label", urls) for row in rows if text(row, "way") == way))
        if links:
            found.append((heading, links))
    return tuple(found)


def _parts(kind: str, about: str, found: Sequence[Row], directives: Sequence[Row], urls: Urls) -> tuple[Part, ...]:
    if kind == "actor":
        return _actor_parts(about, found, directives, urls)
    if kind in ("modality", "qualifier"):
        meaning = {"modality": "Directives with these words", "qualifier": "Directives that carry this qualifier"}[kind]
        return (Part("directives", meaning, "", _directives(directives, about, urls), ()),)
    heading, meaning = {
        "theme": ("Recommendations on this theme", "An editor gave them this theme; it does not stand in the text."),
        "group": ("Recommendations that name this group", "The group, or a narrower one, is named in their words."),
        "meeting": ("Recommendations adopted at this meeting", ""),
    }.get(kind, ("Recommendations that name it", "It is named in their words."))
    return (Part("recommendations", heading, meaning, (), _lines(found, about, urls)),)


def _actor_parts(about: str, found: Sequence[Row], directives: Sequence[Row], urls: Urls) -> tuple[Part, ...]:
    own = [row for row in directives if text(row, "through") == about]
    office = [row for row in directives if text(row, "through") != about]
    addressed = [row for row in own if text(row, "way") == "addressed"]
    asked = [row for row in own if text(row, "way") == "asked"]
    as_office = _directives(office, about, urls)
    offices = ", ".join(dict.fromkeys(line.through.label for line in as_office if line.through))
    in_directives = {text(row, "recommendation") for row in own}
    named = [row for row in found if text(row, "recommendation") not in in_directives]
    return (
        Part("direct", "Asked directly", "It is the one who is to act.", _directives(addressed, about, urls), ()),
        Part(
            "through-others",
            "Asked through States or others",
            "The addressee is to ask it: it acts if they do.",
            _directives(asked, about, urls),
            (),
        ),
        Part(
            "office",
            f"As {offices}",
            "It is asked under another name, given with each: an office it serves in, or a part of it.",
            as_office,
            (),
        ),
        Part(
            "named",
            "Only named",
            "Its name stands in the words, and nothing is asked of it there.",
            (),
            _lines(named, about, urls),
        ),
    )


def _directives(rows: Iterable[Row], about: str, urls: Urls) -> tuple[DirectiveLine, ...]:
    found: dict[str, DirectiveLine] = {}
    for row in rows:
        through = link(row, "through", "throughLabel", urls) if text(row, "through") != about else None
        found.setdefault(
            text(row, "directive"),
            DirectiveLine(
                link(row, "recommendation", "label", urls),
                number(row, "number") or 0,
                text(row, "start")[:4],
                text(row, "text"),
                link(row, "modality", "modalityLabel", urls),
                number(row, "force"),
                flag(row, "considerOnly"),
                through,
            ),
        )
    return tuple(found.values())


def _lines(rows: Iterable[Row], about: str, urls: Urls) -> tuple[Line, ...]:
    return grouped(
        line(
            row,
            urls,
            notes=[link(row, "through", "throughLabel", urls)] if node(row, "through").value != about else [],
        )
        for row in rows
    )
