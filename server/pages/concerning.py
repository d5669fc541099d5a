"""What concerns a named thing, part by part, from the index: recommendations that name it, directives that ask it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap

from server.counts import rows
from server.pages.listing import SHOWN, line_of, line_rows, noted
from server.pages.selecting import Selection
from server.pages.values import flag, text
from server.pages.views import Line, Link
from server.store import Row
from server.web.exchange import Exchange

NAMING = ("theme", "group", "meeting", "cites", "names")
ASKING = ("addressed", "asked", "modality", "qualifier")
"""The ways in which paragraphs, and directives, point to things."""
FILTER = {
    "tool": "actor", "theme": "theme", "group": "group", "meeting": "meeting", "modality": "modality",
    "qualifier": "qualifier",
}  # fmt: skip
"""The filter of the list of recommendations that a kind of thing has."""


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """A directive in a list: its recommendation, as a link and as a line, its words, its strength, and what it is
    listed for where that is not the thing itself."""

    recommendation: Link
    line: Line
    text: str
    modality: Link
    force: int | None
    consider_only: bool
    through: Link | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the view: a heading, what it means, and what belongs there. ``key`` is its anchor; ``total`` counts
    what is there, of which the first are shown; ``more`` leads to the list of all where that is longer."""

    key: str
    heading: str
    meaning: str
    directives: tuple[DirectiveLine, ...]
    lines: tuple[Line, ...]
    total: int
    more: Link | None


class Reach:
    """A thing with its narrower ones, for which its page speaks, and the offices in which they serve.

    ``found`` are rows of ``thing-reach``.
    """

    def __init__(self, found: Sequence[Row], about: str, exchange: Exchange) -> None:
        self._about, self._exchange, self._index = about, exchange, exchange.snapshot.index
        self._through = list({text(row, "through"): text(row, "throughLabel") for row in found}.items())
        self._within = [
            (iri, label)
            for iri, label in self._through
            if any(flag(row, "within") for row in found if text(row, "through") == iri)
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

    def parts(self, kind: str) -> tuple[Part, ...]:
        """The parts of the page of a thing of this kind."""
        if kind == "actor":
            return self._actor_parts()
        if kind in ("modality", "qualifier"):
            says = {"modality": "Directives with these words", "qualifier": "Directives that carry this qualifier"}
            return (self._asked("directives", says[kind], "", self.directives, (kind, [self._slug])),)
        heading, meaning = {
            "theme": (
                "Recommendations on this theme",
                "An editor gave them this theme; it does not stand in the text.",
            ),
            "group": ("Recommendations that name this group", "The group, or a narrower one, is named in their words."),
            "meeting": ("Recommendations adopted at this meeting", ""),
        }.get(kind, ("Recommendations that name it", "It is named in their words."))
        return (self._listed("recommendations", heading, meaning, self._named, (FILTER.get(kind, ""), [self._slug])),)

    def _actor_parts(self) -> tuple[Part, ...]:
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

    def _more(self, total: int, chosen: tuple[str, list[str]], what: str) -> Link | None:
        name, slugs = chosen
        if total <= SHOWN or not name:
            return None
        selected = Selection({name: tuple(slugs)}).href(self._exchange)
        return Link(selected, f"These are the first {SHOWN}. All recommendations {what}")

    def _asked(self, key: str, heading: str, meaning: str, members: BitMap, chosen: tuple[str, list[str]]) -> Part:
        """A part with directives, each with the name under which it asks the thing where that is another."""
        as_itself = BitMap() if key == "office" else self._asking(ASKING, [self._about])
        lines = self._directive_lines(members[:SHOWN], as_itself)
        more = self._more(len(members), chosen, "with such directives")
        return Part(key, heading, meaning, lines, (), len(members), more)

    def _listed(self, key: str, heading: str, meaning: str, members: BitMap, chosen: tuple[str, list[str]]) -> Part:
        """A part with recommendations, each with the narrower things by which it is there."""
        shown = members[:SHOWN]
        others = [(iri, label) for iri, label in self._within if iri != self._about]
        notes = noted(shown, others, NAMING, self._exchange)
        lines = (line_of(row, self._exchange, notes.get(row.id, ())) for row in line_rows(shown, self._exchange))
        return Part(
            key, heading, meaning, (), tuple(lines), len(members), self._more(len(members), chosen, "like these")
        )

    def _directive_lines(self, shown: BitMap, as_itself: BitMap) -> tuple[DirectiveLine, ...]:
        urls, database = self._exchange.urls, self._index.database
        found = rows.directives(database, shown)
        paragraphs = {row.id: row for row in line_rows({directive.line for directive in found}, self._exchange)}
        modalities = {thing.iri: thing.label for thing in rows.things(database, "Modality")}
        others = [(iri, label) for iri, label in self._through if iri != self._about]
        notes = noted(shown - as_itself, others, ASKING, self._exchange)
        return tuple(
            DirectiveLine(
                Link(urls.of(paragraph.iri), paragraph.label),
                line_of(paragraph, self._exchange),
                directive.text,
                Link(urls.of(directive.modality), modalities.get(directive.modality, "")),
                directive.force,
                bool(directive.considers),
                next(iter(notes.get(directive.id, ())), None),
            )
            for directive in found
            for paragraph in (paragraphs[directive.line],)
        )
