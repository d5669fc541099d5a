"""What concerns a provision, from the index: recommendations that cite it or a part of it, or are related to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap

from server.counts import rows
from server.counts.rows import LinkRow
from server.pages.listing import SHOWN, line_of, line_rows, modality_counts, noted
from server.pages.selecting import Selection
from server.pages.strength import Distribution, distribution
from server.pages.views import Judged, Line, Link
from server.web.exchange import Exchange

SHOWN_OF_WHOLE = 20
"""How many recommendations are named that cite a chapter or an article as a whole."""


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """A recommendation that editors relate to the provision or to parts of it, with what they said of each."""

    line: Line
    said: tuple[Judged, ...]


class Concerned:
    """A provision and all its parts, given with their labels: who cites them, and who is related to them."""

    def __init__(self, parts: Sequence[tuple[str, str]], exchange: Exchange) -> None:
        self._parts, self._exchange, self._index = parts, exchange, exchange.snapshot.index
        self._iris = [iri for iri, _ in parts]

    @cached_property
    def citing(self) -> BitMap:
        """The paragraphs that cite it or a part of it; some may be no recommendations."""
        return self._index.pointing("cites", self._iris)

    @cached_property
    def related(self) -> BitMap:
        """The recommendations that editors relate to it or to a part of it."""
        return self._index.pointing("related", self._iris)

    def citing_lines(self) -> tuple[Line, ...]:
        """The first of those that cite it, each with what exactly it cites."""
        return self._lines(self.citing[:SHOWN], self._parts)

    def citing_whole(self, wholes: Sequence[tuple[str, str]]) -> tuple[Line, ...]:
        """The first paragraphs that cite something as a whole of which the provision is a part."""
        return self._lines(self._index.pointing("cites", [iri for iri, _ in wholes])[:SHOWN_OF_WHOLE], wholes)

    def _lines(self, shown: BitMap, things: Sequence[tuple[str, str]]) -> tuple[Line, ...]:
        notes = noted(shown, things, ["cites"], self._exchange)
        return tuple(line_of(row, self._exchange, notes.get(row.id, ())) for row in line_rows(shown, self._exchange))

    def related_lines(self) -> tuple[RelatedLine, ...]:
        """The first of those that are related to it, one line each, with what was said of each part."""
        shown = self.related[:SHOWN]
        said: dict[int, list[Judged]] = {}
        for link in rows.links(self._index.database, shown, self._iris):
            said.setdefault(link.line, []).append(self._judged(link))
        return tuple(
            RelatedLine(line_of(row, self._exchange), tuple(said.get(row.id, ())))
            for row in line_rows(shown, self._exchange)
        )

    def _judged(self, link: LinkRow) -> Judged:
        urls = self._exchange.urls
        return Judged(
            link.reason,
            link.confidence,
            link.status,
            Link(urls.of(link.agent), link.agent_label),
            Link(urls.of(link.other), link.other_label),
            urls.of(link.iri),
        )

    def more(self, total: int, path: str, basis: str) -> Link | None:
        """Where all are listed when there are more than the page shows; of a chapter or a paragraph nowhere."""
        if total <= SHOWN:
            return None
        slug = path.removeprefix("id/instrument/")
        kind = {0: "instrument", 2: "article"}.get(slug.count("/")) if "/chapter/" not in slug else None
        href = Selection({kind: (slug,)}, basis).href(self._exchange) if kind else ""
        return Link(href, f"These are the first {SHOWN} of {total:,}." + " All of them" * bool(kind))

    def by_year(self) -> tuple[tuple[str, int, int], ...]:
        """Years of meetings with how many paragraphs cite it, and how many are related."""
        years = ((year, self._index.pointing("year", [year])) for year in sorted(self._index.targets("year")) if year)
        counted = (
            (year, of.intersection_cardinality(self.citing), of.intersection_cardinality(self.related))
            for year, of in years
        )
        return tuple(row for row in counted if row[1] or row[2])

    def strength(self, way: str) -> Distribution:
        """How strong the directives are of those that cite it, or that are related to it."""
        return distribution(modality_counts(self._index.pointing(way, self._iris), self._exchange))
