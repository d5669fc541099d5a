"""The page of an article, a chapter, an article's paragraph or a whole instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pyoxigraph import NamedNode

from server.linkeddata.description import Resource
from server.pages.concerned import Concerned, RelatedLine
from server.pages.exploring import explorer_address
from server.pages.framing import frame, resource_formats
from server.pages.questions import Questions
from server.pages.strength import Distribution
from server.pages.values import day, number, text
from server.pages.views import Frame, Line, Link, link
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
class ProvisionView:
    """Everything the page of a provision shows. ``citing`` stands in the text; ``related`` is editors' judgement.
    Of many the first are shown; ``…_more`` leads to all. ``summary_of`` is the article whose summary a part of it
    shows."""

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
    summary_of: Link | None
    summary_status: str
    facts: tuple[tuple[str, Link], ...]
    series: str
    official: str
    parts: tuple[PartView, ...]
    citing: tuple[Line, ...]
    citing_more: Link | None
    citing_total: int
    citing_whole: tuple[Line, ...]
    related: tuple[RelatedLine, ...]
    related_more: Link | None
    related_total: int
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
    reach = await ask.rows("provision-reach", provision=about)
    for name in ("provision-citations", "provision-citations-of-whole", "provision-links", "provision-strength"):
        ask.remember(exchange.services.catalogue[name], {"provision": about})
    near = Concerned([(text(each, "part"), text(each, "partLabel")) for each in reach], exchange)
    wholes = [each for each in place if text(each, "way") == "part of"]
    wholes.sort(key=lambda each: ("instrument", "chapter", "article", "paragraph").index(text(each, "kind")))
    article = next((each for each in wholes if text(each, "kind") == "article"), None)
    summary, summary_of = text(row, "summary") or text(row, "definition"), None
    if article is not None and not summary:
        whole = await ask.first("provision", provision=NamedNode(text(article, "near")))
        summary, summary_of = text(whole, "summary"), link(article, "near", "label", urls)
    crumbs = [Link(urls.path("instruments"), "Instruments"), *(link(each, "near", "label", urls) for each in wholes)]
    title = text(row, "title")
    return ProvisionView(
        frame=frame(
            exchange,
            urls.document_path(about),
            f"{resource.label}: {title}" if title else resource.label,
            summary or f"{resource.label}: recommendations that cite it or concern it.",
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
        place=tuple(link(each, "near", "label", urls, text(each, "title")) for each in wholes),
        summary=summary,
        summary_of=summary_of,
        summary_status=text(row, "summaryStatus"),
        facts=_facts(row, urls),
        series=text(row, "series"),
        official=text(row, "official"),
        parts=_parts(place, urls),
        citing=near.citing_lines(),
        citing_more=near.more(len(near.citing), resource.path, "cited"),
        citing_total=len(near.citing),
        citing_whole=near.citing_whole(
            [(text(each, "near"), text(each, "label")) for each in wholes if text(each, "kind") != "instrument"]
        ),
        related=near.related_lines(),
        related_more=near.more(len(near.related), resource.path, "related"),
        related_total=len(near.related),
        by_year=near.by_year(),
        cited_strength=near.strength("directive cites"),
        related_strength=near.strength("directive related"),
        previous=_near(place, "previous", urls),
        following=_near(place, "next", urls),
        explorer=explorer_address(resource, exchange) if near.citing or near.related else "",
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
