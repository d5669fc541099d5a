"""The page of an actor, tool, theme, group, meeting, modality, qualifier, action or resolution: who is about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pyoxigraph import NamedNode
from pyroaring import BitMap

from server import page_index
from server.linkeddata.description import Resource
from server.pages.document import printed_in
from server.pages.explorer import explore_href
from server.pages.exports import onward
from server.pages.judged import judgements_behind, with_reviews
from server.pages.lines import SHOWN, distribution, line_of, line_rows, modality_counts, noted
from server.pages.page import Page, Questions
from server.pages.selection import Selection
from server.pages.shared import shared_lists
from server.pages.values import Link, View, count, day, flag, link, number, period, text
from server.store import Row
from server.web.request import Exchange
from server.web.urls import Urls

LISTS = {
    "actor": ("actors", "Actors", "Actor"),
    "tool": ("tools", "Tools", "Tool"),
    "theme": ("themes", "Themes", "Theme"),
    "group": ("groups", "Affected groups", "Affected group"),
    "meeting": ("meetings", "Meetings", "Meeting"),
    "modality": ("modalities", "Strength of language", "Operative phrase"),
    "qualifier": ("qualifiers", "Qualifying phrases", "Qualifying phrase"),
    "action": ("actions", "Actions", "Action"),
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
    "see elsewhere": "See also, in other vocabularies",
}


EXPLORED = ("actor", "tool", "theme", "group")
"""Kinds of things that the explorer can begin at."""


async def thing_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of one named thing."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = await ask.first("thing", thing=about)
    relations = await ask.rows("thing-relations", thing=about)
    reach = Reach(await ask.rows("thing-reach", thing=about), about.value, exchange)
    ask.same_answer("thing-recommendations", "thing-directives", thing=about)
    kind = resource.path.split("/")[1]
    words = await ask.rows("qualifier-wordings", thing=about) if kind in ("qualifier", "action") else []
    printed, reported = await printed_in(reach.recommendations, ask) if kind == "meeting" else ((), True)
    path, plural, singular = LISTS[kind]
    parts = reach.parts(kind)
    name = text(row, "name") or text(row, "title") or resource.label
    return ask.resource_page(
        "thing.html",
        resource,
        f"{resource.label} ({singular.lower()})",
        text(row, "role") or text(row, "definition") or f"{name}: the recommendations about it.",
        crumbs=[Link(urls.path(path), plural)],
        kind=singular,
        name=name if name.casefold() != resource.label.casefold() else "",
        also=tuple(
            other
            for each in relations
            if text(each, "way") == "also called" and (other := text(each, "label")) not in (resource.label, name)
        ),
        definition=text(row, "definition"),
        note=text(row, "note"),
        role=text(row, "role"),
        facts=_facts(row),
        printed=printed,
        reported=reported,
        takes_up=await _takes_up(about.value, reach.recommendations, exchange) if kind == "meeting" else "",
        relations=_relations(relations, urls),
        parts=tuple(part for part in parts if part.total),
        strength=distribution(modality_counts(reach.directives, exchange)),
        origin={"theme": "suggested", "meeting": "text"}.get(kind, "rules"),
        beside=shared_lists(kind, reach.recommendations, _own(about.value, relations), exchange),
        wordings=wordings(words, urls),
        explore=explore_href(resource.path, exchange) if kind in EXPLORED and reach.recommendations else "",
    )


async def _takes_up(meeting: str, adopted: BitMap, exchange: Exchange) -> str:
    """Where what a meeting takes up of earlier ones stands in pairs; nowhere where it takes up nothing."""
    index = exchange.snapshot.index
    later = BitMap(index.number(text(row, "later")) or 0 for row in await exchange.store.select("takes-up"))
    return exchange.urls.path("takes-up", query={"meeting": meeting.rpartition("/")[2]}) if later & adopted else ""


def _own(about: str, relations: Sequence[Row]) -> list[str]:
    return [about, *(text(row, "other") for row in relations if text(row, "way") in ("wider", "narrower"))]


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
    relations = []
    for way, heading in WAYS.items():
        links = tuple(dict.fromkeys(link(row, "other", "label", urls) for row in rows if text(row, "way") == way))
        if links:
            relations.append((heading, links))
    return tuple(relations)


NAMING = ("theme", "group", "meeting", "cites", "names")
ASKING = ("addressed", "asked", "modality", "qualifier", "action", "asked action")
"""The ways in which paragraphs, and directives, point to things."""
FILTER = {
    "tool": "actor", "theme": "theme", "group": "group", "meeting": "meeting", "modality": "modality",
    "qualifier": "qualifier", "action": "action",
}  # fmt: skip
"""The filter of the list of recommendations that a kind of thing has."""


class Reach:
    """A thing with its narrower ones, for which its page speaks, and the offices in which they serve.

    ``rows`` are rows of ``thing-reach``. A part of its page has a heading, what it means, and the first of what belongs
    there; ``total`` counts it all, and ``onward`` leads to the list of all where there is one.
    """

    def __init__(self, rows: Sequence[Row], about: str, exchange: Exchange) -> None:
        self._about, self._exchange, self._index = about, exchange, exchange.snapshot.index
        self._through = list({text(row, "through"): text(row, "throughLabel") for row in rows}.items())
        self._within = [
            (iri, label)
            for iri, label in self._through
            if any(flag(row, "within") for row in rows if text(row, "through") == iri)
        ]
        self._slug = about.rpartition("/")[2]

    @cached_property
    def directives(self) -> BitMap:
        """All directives that ask the thing, or carry it."""
        return self._asking(ASKING, [iri for iri, _ in self._through])

    def _asking(self, ways: Sequence[str], things: Sequence[str]) -> BitMap:
        return BitMap.union(BitMap(), *(self._index.pointing(way, things) for way in ways))

    @cached_property
    def recommendations(self) -> BitMap:
        """All recommendations that the thing or a narrower one concerns."""
        return self._index.pointing("about", [iri for iri, _ in self._within])

    @cached_property
    def _named(self) -> BitMap:
        """All paragraphs that name the thing or a narrower one."""
        return self._asking(NAMING, [iri for iri, _ in self._within])

    def parts(self, kind: str) -> tuple[View, ...]:
        """The parts of the page of a thing of this kind."""
        if kind == "actor":
            return self._actor_parts()
        if kind == "modality":
            return (
                self._asked("directives", "Directives with these words", "", self.directives, (kind, [self._slug])),
            )
        if kind == "qualifier":
            return self._qualifier_parts()
        if kind == "action":
            return self._action_parts()
        heading, meaning = {
            "theme": (
                "Recommendations on this theme",
                "A language model suggested this theme; it does not stand in the text.",
            ),
            "group": ("Recommendations that name this group", "The group, or a narrower one, is named in their words."),
            "meeting": ("Recommendations adopted at this meeting", ""),
        }.get(kind, ("Recommendations that name it", "It is named in their words."))
        return (self._listed("recommendations", heading, meaning, self._named, (FILTER.get(kind, ""), [self._slug])),)

    def _actor_parts(self) -> tuple[View, ...]:
        others = [(iri, label) for iri, label in self._through if iri != self._about]
        office = self._asking(ASKING, [iri for iri, _ in others])
        offices = [(iri, label) for iri, label in others if office & self._asking(ASKING, [iri])]
        own = (self._index.with_value(name, self._slug) for name in ("addressee", "asked"))
        return (
            self._asked(
                "direct",
                "Asked directly",
                "It is the one who is to act.",
                self._index.pointing("addressed", [self._about]),
                ("addressee", [self._slug]),
            ),
            self._asked(
                "through-others",
                "Asked through States or others",
                "The addressee is to ask it: it acts if they do.",
                self._index.pointing("asked", [self._about]),
                ("asked", [self._slug]),
            ),
            self._asked(
                "office",
                f"As {', '.join(label for _, label in offices)}",
                "It is asked under another name, given with each: an office it serves in, or a part of it.",
                office,
                ("addressee", [iri.rpartition("/")[2] for iri, _ in offices]),
            ),
            self._listed(
                "named",
                "Only named",
                "Its name stands in the words, and nothing is asked of it there.",
                self._named - BitMap.union(*own),
                ("actor", [self._slug]),
            ),
        )

    def _qualifier_parts(self) -> tuple[View, ...]:
        things, chosen = [iri for iri, _ in self._through], ("qualifier", [self._slug])
        whole, some = self._asking(["whole qualifier"], things), self._asking(["qualifier"], things)
        return (
            self._asked("directives", "Directives that it bounds as a whole", "", whole, chosen),
            self._asked(
                "words-beside",
                "Directives of which it bounds some words",
                "It stands beside one member of what is asked, and does not count as an escape clause or a condition "
                "of the directive.",
                some - whole,
                None,
            ),
        )

    def _action_parts(self) -> tuple[View, ...]:
        things, chosen = [iri for iri, _ in self._through], ("action", [self._slug])
        return (
            self._asked("directives", "Directives that ask for it", "", self._asking(["action"], things), chosen),
            self._asked(
                "through-others",
                "Directives that want somebody to be asked for it",
                "Their addressee is to ask somebody, who is to do it.",
                self._asking(["asked action"], things),
                chosen,
            ),
        )

    def _onward(self, chosen: tuple[str, list[str]] | None) -> View | None:
        """The list of recommendations with these values of a filter, if it is not empty."""
        name, slugs = chosen or ("", [])
        if not name or not slugs:
            return None
        total = len(BitMap.union(*(self._index.with_value(name, slug) for slug in slugs)))
        return onward(Selection({name: tuple(slugs)}), total, self._exchange)

    def _asked(
        self, key: str, heading: str, meaning: str, members: BitMap, chosen: tuple[str, list[str]] | None
    ) -> View:
        """A part with directives, each with the name under which it asks the thing where that is another."""
        as_itself = BitMap() if key == "office" else self._asking(ASKING, [self._about])
        lines = self._directive_lines(members[:SHOWN], as_itself)
        first = len(members) > SHOWN
        return View(
            key=key,
            heading=heading,
            meaning=meaning,
            directives=lines,
            lines=(),
            total=len(members),
            onward=self._onward(chosen),
            first=first,
        )

    def _listed(self, key: str, heading: str, meaning: str, members: BitMap, chosen: tuple[str, list[str]]) -> View:
        """A part with recommendations, each with the narrower things by which it is there."""
        shown = members[:SHOWN]
        others = [(iri, label) for iri, label in self._within if iri != self._about]
        notes = noted(shown, others, NAMING, self._exchange)
        lines = (line_of(row, self._exchange, notes.get(row.id, ())) for row in line_rows(shown, self._exchange))
        behind = judgements_behind(Selection({chosen[0]: tuple(chosen[1])}), shown, self._exchange)
        first = len(members) > SHOWN
        return View(
            key=key,
            heading=heading,
            meaning=meaning,
            directives=(),
            lines=with_reviews(lines, behind),
            total=len(members),
            onward=self._onward(chosen),
            first=first,
        )

    def _directive_lines(self, shown: BitMap, as_itself: BitMap) -> tuple[View, ...]:
        """The directives with their recommendations; ``through`` is what one is listed for, if not the thing itself."""
        urls = self._exchange.urls
        directives = page_index.directives(self._index, shown)
        paragraphs = {row.id: row for row in line_rows({directive.line for directive in directives}, self._exchange)}
        modalities = {thing.iri: thing.label for thing in page_index.things(self._index, "Modality")}
        others = [(iri, label) for iri, label in self._through if iri != self._about]
        notes = noted(shown - as_itself, others, ASKING, self._exchange)
        return tuple(
            View(
                recommendation=Link(urls.of(paragraph.iri), paragraph.label),
                line=line_of(paragraph, self._exchange),
                text=directive.text,
                modality=Link(urls.of(directive.modality), modalities.get(directive.modality, "")),
                force=directive.force,
                consider_only=bool(directive.considers),
                through=next(iter(notes.get(directive.id, ())), None),
            )
            for directive in directives
            for paragraph in (paragraphs[directive.line],)
        )


LOOKED_AT = 200
"""At how many places ``qualifier-wordings`` looks."""


def wordings(rows: Sequence[Row], urls: Urls) -> View:
    """The wordings in rows of ``qualifier-wordings``; ``more`` says that not every place was looked at."""
    each_wording = tuple(
        View(place=Link(urls.of(NamedNode(text(row, "place"))), text(row, "words")), places=count(row, "places"))
        for row in rows
    )
    return View(wordings=each_wording, more=sum(each.places for each in each_wording) >= LOOKED_AT)
