"""The page of an actor, tool, theme, group, meeting, modality, qualifier, action or resolution: who is about it, and
what the recommendations about it share, each with how many have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyroaring import BitMap

from server import page_index
from server.linkeddata.description import Resource
from server.page_index import Value
from server.pages.document import printed_in
from server.pages.exports import onward
from server.pages.generic import explore_href
from server.pages.judged import judgements_behind, with_reviews
from server.pages.kinds import NAMED, Kind
from server.pages.page import Page, Questions
from server.pages.selection import Selection
from server.pages.values import SHOWN, Link, View, count, distribution, flag, grouped, lines_of, noted, text, things
from server.store import Row
from server.web.request import Exchange

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
_SHARED, _SHARED_AT_MOST = 6, 200
_BESIDE = (
    ("theme", "Themes they share", "suggested"),
    ("article cited", "Articles they cite", "text"),
    ("article related", "Related articles", "suggested"),
    ("meeting", "Adopted at", "text"),
)
"""Filters whose values are listed, with the heading and where the values come from."""


def thing_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of one named thing."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = ask.first("thing", thing=about)
    relations = grouped(ask.rows("thing-relations", thing=about), "way")
    reach = Reach(ask.rows("thing-reach", thing=about), about.value, exchange)
    ask.same_answer("thing-recommendations", "thing-directives", thing=about)
    kind = NAMED[resource.path.split("/")[1]]
    words = ask.rows("qualifier-wordings", thing=about) if kind.name in ("qualifier", "action") else []
    is_meeting = kind.name == "meeting"
    printed, reported = printed_in(reach.recommendations, ask) if is_meeting else ((), True)
    own = [about.value, *(text(each, "other") for way in ("wider", "narrower") for each in relations[way])]
    name = text(row, "name") or text(row, "title") or resource.label
    return ask.resource_page(
        "thing.html",
        resource,
        f"{resource.label} ({kind.singular.lower()})",
        text(row, "role") or text(row, "definition") or f"{name}: the recommendations about it.",
        crumbs=[Link(urls.path(kind.path), kind.heading)],
        kind=kind.singular,
        name=name if name.casefold() != resource.label.casefold() else "",
        also=[
            other for each in relations["also called"] if (other := text(each, "label")) not in (resource.label, name)
        ],
        row=row,
        printed=printed,
        reported=reported,
        takes_up=_takes_up(about.value, reach.recommendations, exchange) if is_meeting else "",
        relations=[(heading, things(relations[way], "other", "label", urls)) for way, heading in WAYS.items()],
        parts=reach.parts(kind),
        strength=distribution(reach.directives, exchange),
        origin=kind.origin,
        beside=_shared_lists(kind, reach.recommendations, own, exchange),
        wordings=words,
        looked_at=sum(count(each, "places") for each in words),
        most=LOOKED_AT,
        explore=explore_href(resource.path, exchange) if kind.is_explored and reach.recommendations else "",
    )


def _takes_up(meeting: str, adopted: BitMap, exchange: Exchange) -> str:
    """The address of the pairs of a meeting and earlier ones; empty where it takes up nothing."""
    index = exchange.snapshot.index
    later = BitMap(index.number(text(row, "later")) or 0 for row in exchange.store.select("takes-up"))
    return exchange.urls.path("takes-up", query={"meeting": meeting.rpartition("/")[2]}) if later & adopted else ""


NAMING = ("theme", "group", "meeting", "cites", "names")
ASKING = ("addressed", "asked", "modality", "qualifier", "action", "asked action")
"""The ways in which paragraphs, and directives, point to things."""
PARTS = {
    "theme": ("Recommendations on this theme", "A language model suggested this theme; it does not stand in the text."),
    "group": ("Recommendations that name this group", "The group, or a narrower one, is named in their words."),
    "meeting": ("Recommendations adopted at this meeting", ""),
}
OTHERWISE = ("Recommendations that name it", "It is named in their words.")
"""How the only part of the page of a thing is headed, and what it means."""
Chosen = Mapping[str, tuple[str, ...]]
"""Values of filters that list what is in a part."""


class Reach:
    """A thing with its narrower ones, for which its page speaks, and the offices in which they serve.

    ``rows`` are rows of ``thing-reach``. ``directives`` ask the thing, or carry it; ``recommendations`` are those that
    it or a narrower one concerns. A part of its page has a heading, what it means, and the first of what belongs
    there; ``total`` counts it all, and ``onward`` leads to the list of all where there is one.
    """

    def __init__(self, rows: Sequence[Row], about: str, exchange: Exchange) -> None:
        self._about, self._exchange, self._index = about, exchange, exchange.snapshot.index
        within = {text(row, "through") for row in rows if flag(row, "within")}
        self._through = {text(row, "through"): text(row, "throughLabel") for row in rows}
        self._within = {iri: label for iri, label in self._through.items() if iri in within}
        self._others = {iri: label for iri, label in self._through.items() if iri != about}
        self._slug = about.rpartition("/")[2]
        self.directives = self._pointing(ASKING, self._through)
        self.recommendations = self._index.pointing("about", self._within)

    def _pointing(self, ways: Iterable[str], things: Iterable[str]) -> BitMap:
        things = list(things)
        return BitMap.union(BitMap(), *(self._index.pointing(way, things) for way in ways))

    def parts(self, kind: Kind) -> list[View]:
        """The parts of the page of a thing of this kind that have anything."""
        return [self._part(*part) for part in self._parts(kind) if part[3]]

    def _parts(self, kind: Kind) -> Iterator[tuple[str, str, str, BitMap, Chosen]]:
        """Of each part its key, its heading, what it means, what belongs there, and the filters that list that."""
        slug, own, everything = (self._slug,), [self._about], self._through
        chosen = {kind.filter: slug} if kind.filter else {}
        naming = self._pointing(NAMING, self._within)
        if kind.name == "actor":
            others = self._others
            offices = [iri for iri in others if self._pointing(ASKING, [iri])]
            asked = BitMap.union(*(self._index.with_value(name, self._slug) for name in ("addressee", "asked")))
            directly, through = (self._pointing([way], own) for way in ("addressed", "asked"))
            yield "direct", "Asked directly", "It is the one who is to act.", directly, {"addressee": slug}
            meaning = "The addressee is to ask it: it acts if they do."
            yield "through-others", "Asked through States or others", meaning, through, {"asked": slug}
            named = f"As {', '.join(everything[iri] for iri in offices)}"
            meaning = "It is asked under another name, given with each: an office it serves in, or a part of it."
            slugs = tuple(iri.rpartition("/")[2] for iri in offices)
            yield "office", named, meaning, self._pointing(ASKING, others), {"addressee": slugs}
            meaning = "Its name stands in the words, and nothing is asked of it there."
            yield "named", "Only named", meaning, naming - asked, {"actor": slug}
        elif kind.name == "modality":
            yield "directives", "Directives with these words", "", self.directives, chosen
        elif kind.name == "qualifier":
            whole, some = (self._pointing([way], everything) for way in ("whole qualifier", "qualifier"))
            yield "directives", "Directives that it bounds as a whole", "", whole, chosen
            meaning = (
                "It stands beside one member of what is asked, and does not count as an escape clause or a condition "
                "of the directive."
            )
            yield "words-beside", "Directives of which it bounds some words", meaning, some - whole, {}
        elif kind.name == "action":
            asking, through = (self._pointing([way], everything) for way in ("action", "asked action"))
            yield "directives", "Directives that ask for it", "", asking, chosen
            meaning = "Their addressee is to ask somebody, who is to do it."
            yield "through-others", "Directives that want somebody to be asked for it", meaning, through, chosen
        else:
            yield "recommendations", *PARTS.get(kind.name, OTHERWISE), naming, chosen

    def _part(self, key: str, heading: str, meaning: str, members: BitMap, chosen: Chosen) -> View:
        """A part with the first of its recommendations, each with the narrower things by which it is there, or of its
        directives, each with the name under which it asks the thing where that is another."""
        shown, exchange = members[:SHOWN], self._exchange
        directives: Sequence[View] = ()
        lines: Sequence[View] = ()
        if key in ("named", "recommendations"):
            narrower = {iri: label for iri, label in self._within.items() if iri != self._about}
            notes = noted(shown, narrower, NAMING, exchange)
            lines = with_reviews(
                lines_of(shown, exchange, notes), judgements_behind(Selection(chosen), shown, exchange)
            )
        else:
            as_itself = BitMap() if key == "office" else self._pointing(ASKING, [self._about])
            directives = self._directive_lines(shown, as_itself)
        listed = [self._index.with_value(name, slug) for name, slugs in chosen.items() for slug in slugs]
        return View(
            key=key,
            heading=heading,
            meaning=meaning,
            directives=directives,
            lines=lines,
            total=len(members),
            onward=onward(Selection(chosen), len(BitMap.union(*listed)), exchange) if listed else None,
            first=len(members) > SHOWN,
        )

    def _directive_lines(self, shown: BitMap, as_itself: BitMap) -> list[View]:
        """The directives with their recommendations; ``through`` is what one is listed for, if not the thing itself."""
        urls = self._exchange.urls
        directives = page_index.directives(self._index, shown)
        lines = {line.id: line for line in lines_of({each.line for each in directives}, self._exchange)}
        modalities = {thing.iri: thing.label for thing in page_index.things(self._index, "Modality")}
        notes = noted(shown - as_itself, self._others, ASKING, self._exchange)
        return [
            View(
                line=lines[directive.line],
                text=directive.text,
                modality=Link(urls.of(directive.modality), modalities.get(directive.modality, "")),
                force=directive.force,
                consider_only=bool(directive.considers),
                through=next(iter(notes.get(directive.id, ())), None),
            )
            for directive in directives
        ]


LOOKED_AT = 200
"""At how many places ``qualifier-wordings`` looks."""


def _shared_lists(kind: Kind, members: BitMap, own: Sequence[str], exchange: Exchange) -> list[View]:
    """The lists of a thing of this kind whose recommendations are ``members``; ``own`` are the IRIs that are left out:
    the thing itself and what is wider or narrower."""
    left_out, lists = {f"<{iri}>" for iri in own}, []
    ways = [(name, own[0].rpartition("/")[2]) for name in kind.filters]
    for name, heading, origin in _BESIDE if kind.is_shared else ():
        counted = [
            (value, count)
            for value in exchange.snapshot.index.values(name).values()
            # A wider theme has whatever its narrower ones have: the narrow ones tell more.
            if value.term not in left_out
            and (value.narrow or name != "theme")
            and (count := value.members.intersection_cardinality(members))
        ]
        links = [
            (
                Link(exchange.urls.of(value.term[1:-1]), value.label),
                Link(_both(name, value, value.members & members, ways, exchange), f"{count:,}"),
            )
            for value, count in sorted(counted, key=lambda pair: -pair[1])[:_SHARED_AT_MOST]
        ]
        if links:
            lists.append(View(heading=heading, origin=origin, first=links[:_SHARED], rest=links[_SHARED:]))
    return lists


def _both(name: str, value: Value, both: BitMap, ways: Sequence[tuple[str, str]], exchange: Exchange) -> str:
    """The address of the list of the recommendations of a thing that have a value: that of the first way of listing
    them that lists just these, or nothing."""
    filter_, _, basis = name.partition(" ")
    for way, slug in ways:
        listed = exchange.snapshot.index.with_value(way, slug)
        if len(both) == listed.intersection_cardinality(value.members) and both.issubset(listed):
            alike = way == filter_
            chosen = {way: (slug,), filter_: (slug, value.slug) if alike else (value.slug,)}
            every = (filter_,) if alike else ()
            return Selection(chosen, basis or "both", every=every).href(exchange)
    return ""
