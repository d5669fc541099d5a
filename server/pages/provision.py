"""The page of an article, a chapter, an article's paragraph or a whole instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from server.linkeddata.description import Resource
from server.pages.exploring import explorer_address
from server.pages.framing import frame, resource_formats
from server.pages.questions import Questions
from server.pages.strength import Distribution, distribution
from server.pages.values import day, node, number, text
from server.pages.views import Frame, Judged, Line, Link, grouped, judged, line, link
from server.store import Row
from server.web.errors import NotFound
from server.web.exchange import Exchange
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class PartView:
    """A chapter, article or paragraph in a list of parts."""

    link: Link
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """A recommendation that editors relate to the provision or to parts of it, with what they said of each."""

    line: Line
    said: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """Everything the page of a provision shows. ``citing`` stands in the text; ``related`` is editors' judgement."""

    template: ClassVar[str] = "provision.html"

    frame: Frame
    label: str
    kind: str
    title: str
    number: str
    instrument: Link
    instrument_title: str
    place: tuple[Link, ...]
    summary: str
    summary_status: str
    facts: tuple[tuple[str, Link], ...]
    series: str
    official: str
    parts: tuple[PartView, ...]
    citing: tuple[Line, ...]
    citing_whole: tuple[Line, ...]
    related: tuple[RelatedLine, ...]
    by_year: tuple[tuple[str, int, int], ...]
    cited_strength: Distribution
    related_strength: Distribution
    previous: Link | None
    following: Link | None
    explorer: str


async def provision_page(resource: Resource, exchange: Exchange) -> ProvisionView:
    """The view of one provision or instrument."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = await ask.first("provision", provision=about)
    if not row:
        raise NotFound(f"{resource.label} is not part of an instrument in this graph.")
    place = await ask.rows("provision-place", provision=about)
    citations = await ask.rows("provision-citations", provision=about)
    whole = await ask.rows("provision-citations-of-whole", provision=about)
    links = await ask.rows("provision-links", provision=about)
    strength = await ask.rows("provision-strength", provision=about)

    citing = grouped(line(each, urls, notes=[link(each, "cited", "citedLabel", urls)]) for each in citations)
    related = _related(links, urls)
    wholes = [near for near in place if text(near, "way") == "part of"]
    wholes.sort(key=lambda near: ("instrument", "chapter", "article", "paragraph").index(text(near, "kind")))
    crumbs = [Link(urls.path("instruments"), "Instruments"), *(link(near, "near", "label", urls) for near in wholes)]
    title = text(row, "title")
    return ProvisionView(
        frame=frame(
            exchange,
            urls.document_path(about),
            f"{resource.label}: {title}" if title else resource.label,
            text(row, "summary")
            or text(row, "definition")
            or f"{resource.label}: recommendations that cite it or concern it.",
            crumbs=crumbs,
            behind=ask.asked,
            formats=resource_formats(exchange, resource.path),
        ),
        label=resource.label,
        kind=resource.path.split("/")[-2],
        title=title,
        number=text(row, "number"),
        instrument=link(row, "instrument", "instrumentLabel", urls),
        instrument_title=text(row, "instrumentTitle"),
        place=tuple(link(near, "near", "label", urls, text(near, "title")) for near in wholes),
        summary=text(row, "summary") or text(row, "definition"),
        summary_status=text(row, "summaryStatus"),
        facts=_facts(row, urls),
        series=text(row, "series"),
        official=text(row, "official"),
        parts=_parts(place, urls),
        citing=citing,
        citing_whole=grouped(
            Line(
                urls.of(node(each, "recommendation")),
                number(each, "number") or 0,
                text(each, "label"),
                "",
                "",
                None,
                (link(each, "cited", "citedLabel", urls),),
            )
            for each in whole
        ),
        related=related,
        by_year=_by_year(citing, related),
        cited_strength=distribution([each for each in strength if text(each, "way") == "cited"], urls),
        related_strength=distribution([each for each in strength if text(each, "way") == "related"], urls),
        previous=_near(place, "previous", urls),
        following=_near(place, "next", urls),
        explorer=explorer_address(resource, exchange) if citations or links else "",
    )


def _related(rows: Sequence[Row], urls: Urls) -> tuple[RelatedLine, ...]:
    """One line a recommendation, however many parts of the provision it is related to."""
    lines: dict[str, tuple[Line, list[Judged]]] = {}
    for row in rows:
        each = line(row, urls)
        lines.setdefault(each.href, (each, []))[1].append(judged(row, urls, "other", "otherLabel"))
    return tuple(RelatedLine(each, tuple(said)) for each, said in lines.values())


def _facts(row: Row, urls: Urls) -> tuple[tuple[str, Link], ...]:
    facts = []
    if adopted := day(row, "adopted"):
        facts.append(("Adopted", Link("", adopted, text(row, "adoption"))))
    if in_force := day(row, "inForce"):
        facts.append(("In force since", Link("", in_force)))
    if "supplements" in row:
        facts.append(("Supplements", link(row, "supplements", "supplementsLabel", urls)))
    return tuple(facts)


def _parts(place: Sequence[Row], urls: Urls) -> tuple[PartView, ...]:
    parts = (row for row in place if text(row, "way") == "part")
    ordered = sorted(parts, key=lambda row: number(row, "order") or 0)
    return tuple(
        PartView(link(row, "near", "label", urls, text(row, "title")), text(row, "kind"), text(row, "number"))
        for row in ordered
    )


def _near(place: Sequence[Row], way: str, urls: Urls) -> Link | None:
    return next(
        (link(row, "near", "label", urls, text(row, "title")) for row in place if text(row, "way") == way), None
    )


def _by_year(citing: Sequence[Line], related: Sequence[RelatedLine]) -> tuple[tuple[str, int, int], ...]:
    """Years of meetings with how many recommendations cite, and how many are related."""
    cited = {(each.year, each.href) for each in citing if each.year}
    linked = {(each.line.year, each.line.href) for each in related if each.line.year}
    years = sorted({year for year, _ in cited | linked})
    return tuple((year, sum(y == year for y, _ in cited), sum(y == year for y, _ in linked)) for year in years)
