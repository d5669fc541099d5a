"""The page of an actor, tool, theme, group, meeting, modality, qualifier or resolution, from its point of view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from server.linkeddata.description import Resource
from server.pages.alongside import Beside, beside
from server.pages.concerning import Part, Reach
from server.pages.framing import frame, resource_formats
from server.pages.listing import modality_counts
from server.pages.questions import Questions
from server.pages.strength import Distribution, distribution
from server.pages.values import day, number, period, text
from server.pages.views import Frame, Link, link
from server.pages.wording import Wordings, wordings
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
class ThingView:
    """Everything the page of a named thing shows. ``origin`` says what puts the recommendations there: the text, rules
    or editors; ``wordings`` are those of a qualifier."""

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
    origin: str
    beside: tuple[Beside, ...]
    wordings: Wordings


async def thing_page(resource: Resource, exchange: Exchange) -> ThingView:
    """The view of one named thing."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = await ask.first("thing", thing=about)
    relations = await ask.rows("thing-relations", thing=about)
    reach = Reach(await ask.rows("thing-reach", thing=about), about.value, exchange)
    for name in ("thing-recommendations", "thing-directives"):
        ask.remember(exchange.services.catalogue[name], {"thing": about})
    kind = resource.path.split("/")[1]
    words = await ask.rows("qualifier-wordings", thing=about) if kind == "qualifier" else []
    path, plural, singular = LISTS[kind]
    parts = reach.parts(kind)
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
        name=name if name.casefold() != resource.label.casefold() else "",
        also=tuple(text(each, "label") for each in relations if text(each, "way") == "also called"),
        definition=text(row, "definition"),
        note=text(row, "note"),
        role=text(row, "role"),
        facts=_facts(row),
        relations=_relations(relations, urls),
        parts=tuple(part for part in parts if part.total),
        strength=distribution(modality_counts(reach.directives, exchange)),
        origin={"theme": "editors", "meeting": "text"}.get(kind, "rules"),
        beside=beside(kind, reach.recommendations, _own(about.value, relations), exchange),
        wordings=wordings(words, urls),
    )


def _own(about: str, relations: Sequence[Row]) -> set[str]:
    return {about, *(text(row, "other") for row in relations if text(row, "way") in ("wider", "narrower"))}


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
