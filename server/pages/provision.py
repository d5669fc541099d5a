"""The page of an article, a chapter, an article's paragraph or a whole instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode
from pyroaring import BitMap

from server.linkeddata.description import Resource
from server.pages.exports import onward
from server.pages.judged import judgements_of
from server.pages.lines import SHOWN, Distribution, distribution, item_of, line_of, line_rows, modality_counts, noted
from server.pages.page import Page, Questions
from server.pages.selection import MOST_ITEMS, Selection
from server.pages.values import Judged, Line, Link, View, day, link, number, text
from server.store import Row
from server.web.errors import NotFound
from server.web.request import Exchange
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class ProvisionPart:
    """A chapter, article or paragraph in a list of parts, with its summary, and for an article how many recommendations
    cite it and how many are related to it."""

    link: Link
    kind: str
    number: str
    summary: str
    cited: int | None = None
    related: int | None = None


async def provision_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of one provision or instrument."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = await ask.first("provision", provision=about)
    if not row:
        raise NotFound(f"{resource.label} is not part of an instrument in this graph.")
    place = await ask.rows("provision-place", provision=about)
    reach = await ask.rows("provision-reach", provision=about)
    ask.same_answer(
        "provision-citations", "provision-citations-of-whole", "provision-links", "provision-strength", provision=about
    )
    near = Concerned([(text(each, "part"), text(each, "partLabel")) for each in reach], exchange)
    wholes = [each for each in place if text(each, "way") == "part of"]
    wholes.sort(key=lambda each: ("instrument", "chapter", "article", "paragraph").index(text(each, "kind")))
    article = next((each for each in wholes if text(each, "kind") == "article"), None)
    summary, summary_of = text(row, "summary") or text(row, "definition"), None
    if article is not None and not summary:
        whole = await ask.first("provision", provision=NamedNode(text(article, "near")))
        summary, summary_of = text(whole, "summary"), link(article, "near", "label", urls)
    crumbs = [Link(urls.path("instruments"), "Instruments"), *(link(each, "near", "label", urls) for each in wholes)]
    title, kind = text(row, "title"), resource.path.split("/")[-2]
    listed = kind != "instrument" or len(near.citing) + len(near.related) <= FEW
    return ask.resource_page(
        "provision.html",
        resource,
        f"{resource.label}: {title}" if title else resource.label,
        summary or f"{resource.label}: recommendations that cite it or are related to it.",
        crumbs=crumbs,
        kind=kind,
        title=title,
        number=text(row, "number"),
        instrument=link(row, "instrument", "instrumentLabel", urls),
        instrument_title=text(row, "instrumentTitle"),
        place=tuple(link(each, "near", "label", urls, text(each, "title")) for each in wholes),
        summary=summary,
        summary_of=summary_of,
        summary_status=text(row, "summaryStatus"),
        facts=_facts(row, urls),
        series=text(row, "series"),
        official=text(row, "official"),
        parts=_parts(place, exchange),
        citing=near.citing_lines() if listed else (),
        citing_onward=near.onward("cited", resource.path),
        citing_total=len(near.recommending),
        besides=near.besides(),
        citing_whole=near.citing_whole(
            [(text(each, "near"), text(each, "label")) for each in wholes if text(each, "kind") != "instrument"]
        ),
        related=near.related_lines() if listed else (),
        related_onward=near.onward("related", resource.path),
        related_total=len(near.related),
        by_year=near.by_year(),
        cited_strength=near.strength("directive cites"),
        related_strength=near.strength("directive related"),
        previous=_near(place, "previous", urls),
        following=_near(place, "next", urls),
        explorer=urls.path("neighbours.json", {"of": resource.path}) if near.citing or near.related else "",
    )


def _facts(row: Row, urls: Urls) -> tuple[tuple[str, Link], ...]:
    facts = []
    if adopted := day(row, "adopted"):
        facts.append(("Adopted", Link("", adopted, text(row, "adoption"))))
    if in_force := day(row, "inForce"):
        facts.append(("In force since", Link("", in_force)))
    if "supplements" in row:
        facts.append(("Supplements", link(row, "supplements", "supplementsLabel", urls)))
    return tuple(facts)


def _parts(place: Sequence[Row], exchange: Exchange) -> tuple[ProvisionPart, ...]:
    parts = (row for row in place if text(row, "way") == "part")
    ordered = sorted(parts, key=lambda row: number(row, "order") or 0)
    return tuple(_part(row, exchange) for row in ordered)


def _part(row: Row, exchange: Exchange) -> ProvisionPart:
    index, slug = exchange.snapshot.index, text(row, "near").partition("/id/instrument/")[2]
    kind = text(row, "kind")
    counts = [len(index.with_value(f"{kind} {way}", slug)) for way in ("cited", "related")]
    return ProvisionPart(
        link(row, "near", "label", exchange.urls, text(row, "title")),
        text(row, "kind"),
        text(row, "number"),
        text(row, "summary"),
        *(counts if kind == "article" or (kind == "chapter" and any(counts)) else ()),
    )


def _near(place: Sequence[Row], way: str, urls: Urls) -> Link | None:
    return next(
        (link(row, "near", "label", urls, text(row, "title")) for row in place if text(row, "way") == way), None
    )


FEW = 12
"""So many recommendations at most are listed below the articles of an instrument; more stand behind a list."""
SHOWN_OF_WHOLE = 20
"""How many recommendations are named that cite a chapter or an article as a whole."""


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """A recommendation that is related to the provision or to parts of it, with what was said of each."""

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
    def recommending(self) -> BitMap:
        """Those of them that are recommendations."""
        return self.citing & self._index.recommendations

    def besides(self) -> tuple[Link, ...]:
        """The other paragraphs that cite it."""
        rows = line_rows(self.citing - self.recommending, self._exchange)
        return tuple(Link(self._exchange.urls.of(row.iri), row.label) for row in rows)

    @cached_property
    def related(self) -> BitMap:
        """The recommendations that are related to it or to a part of it."""
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
        judgements = judgements_of(shown, self._exchange, set(self._iris).__contains__)
        return tuple(
            RelatedLine(line_of(row, self._exchange), tuple(each for _, each in judgements.get(row.id, ())))
            for row in line_rows(shown, self._exchange)
        )

    def onward(self, way: str, path: str) -> View | None:
        """Where the list of those that cite it, or are related to it, leads."""
        members = self.recommending if way == "cited" else self.related
        slug = path.removeprefix("id/instrument/")
        kind = {0: "instrument", 2: "article"}.get(slug.count("/")) if "/chapter/" not in slug else None
        if kind:
            return onward(Selection({kind: (slug,)}, way), len(members), self._exchange)
        items = tuple(item_of(row.iri) for row in line_rows(members[:MOST_ITEMS], self._exchange))
        return onward(Selection({}, items=items), len(members), self._exchange)

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
