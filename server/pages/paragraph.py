"""The page of a recommendation, another numbered paragraph, or a lettered item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ontology.terms import term
from server.linkeddata.description import Resource
from server.pages.checks import CheckSummary, checks_of
from server.pages.citing import Source, chicago, printed_place, work_of
from server.pages.directives import DirectiveView, directive_marks, read_directives
from server.pages.exploring import explorer_address
from server.pages.framing import frame, resource_formats
from server.pages.likeness import Subject, most_alike, neighbours
from server.pages.marking import Piece, kinds, marked
from server.pages.mentions import FoundName, ItemView, items_of, mention_marks, names_of
from server.pages.neighbourhood import Picture, draw
from server.pages.questions import Questions
from server.pages.values import local_name, node, number, text
from server.pages.views import Frame, Judged, Line, Link, judged, link
from server.store import Row
from server.web.errors import NotFound
from server.web.exchange import Exchange
from server.web.urls import Urls

LEGEND = {
    "citation": "Provision, instrument or resolution cited",
    "name": "Instrument named inside another name",
    "actor": "Actor or tool named",
    "group": "Affected group",
    "directive": "A directive and its strength",
    "operative": "The words that carry the strength",
    "qualifier": "A qualifier that limits what is asked",
}
VERBS = {
    ("restates", "from"): "Restates",
    ("sharpens", "from"): "Sharpens",
    ("softens", "from"): "Softens",
    ("restates", "to"): "Is restated by",
    ("sharpens", "to"): "Is sharpened by",
    ("softens", "to"): "Is softened by",
}


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """Everything the page of a paragraph shows. ``cited`` stands in the text; ``related`` and ``relations`` do not."""

    template: ClassVar[str] = "paragraph.html"

    frame: Frame
    label: str
    kind: str
    number: str
    pieces: tuple[Piece, ...]
    items: tuple[ItemView, ...]
    legend: tuple[tuple[str, str], ...]
    names: tuple[FoundName, ...]
    place: tuple[Link, ...]
    meeting: Link | None
    year: str
    previous: Link | None
    following: Link | None
    directives: tuple[DirectiveView, ...]
    cited: tuple[Link, ...]
    related: tuple[Judged, ...]
    relations: tuple[Judged, ...]
    themes: tuple[Link, ...]
    groups: tuple[Link, ...]
    similar: tuple[tuple[Line, str], ...]
    source_lines: str
    citation: str
    citation_formats: tuple[Link, ...]
    permalink: str
    picture: Picture | None
    explorer: str
    checks: CheckSummary | None


async def paragraph_page(resource: Resource, exchange: Exchange) -> ParagraphView:
    """The view of one paragraph. Raises `NotFound` when the graph has no words for it."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = await ask.first("paragraph", paragraph=about)
    if not row:
        raise NotFound(f"{resource.label} has no words of its own.")
    place = await ask.rows("paragraph-place", paragraph=about)
    mentions = await ask.rows("paragraph-mentions", paragraph=about)
    directives = await ask.rows("paragraph-directives", paragraph=about)
    links = await ask.rows("paragraph-links", paragraph=about)
    subjects = await ask.rows("paragraph-subjects", paragraph=about)
    ask.remember(exchange.services.catalogue["recommendation-similar"], {"paragraph": about})

    words = text(row, "text")
    own = [mention for mention in mentions if node(mention, "source") == about]
    asked = read_directives(directives, urls)
    pieces = marked(words, [*directive_marks(asked), *mention_marks(own, urls)])
    items = items_of(place, mentions, urls)
    found = kinds([*pieces, *(piece for item in items for piece in item.pieces)])
    meeting = link(row, "meeting", "meetingLabel", urls) if "meeting" in row else None
    source = source_of(row, resource, exchange)
    sections = [near for near in place if text(near, "way") == "part of"]
    crumbs = [link(row, "document", "documentLabel", urls), *(link(near, "near", "label", urls) for near in sections)]
    if "/item/" in resource.path:
        crumbs.append(link(row, "whole", "wholeLabel", urls))
    related = tuple(_judged(each, urls) for each in links if local_name(text(each, "relation")) == "relatesTo")
    cited = _subjects(subjects, "cited", urls)
    themes, groups = _subjects(subjects, "theme", urls), _subjects(subjects, "group", urls)
    first, last = number(row, "firstLine"), number(row, "lastLine")
    before, after = neighbours(about.value, exchange)
    return ParagraphView(
        frame=frame(
            exchange,
            exchange.urls.document_path(about),
            resource.label,
            words,
            crumbs=crumbs,
            behind=ask.asked,
            formats=[*resource_formats(exchange, resource.path), (urls.doc(about, ".txt"), "Plain text", "text/plain")],
            structured=_structured(row, resource, exchange),
        ),
        label=resource.label,
        kind=resource.label.split()[0],
        number=text(row, "number"),
        pieces=pieces,
        items=items,
        legend=tuple((kind, words) for kind, words in LEGEND.items() if kind in found),
        names=names_of(words, place, mentions, urls),
        place=tuple(link(near, "near", "label", urls, text(near, "text")) for near in sections),
        meeting=meeting,
        year=text(row, "start")[:4],
        previous=before,
        following=after,
        directives=asked,
        cited=cited,
        related=related,
        relations=tuple(_judged(each, urls) for each in links if local_name(text(each, "relation")) != "relatesTo"),
        themes=themes,
        groups=groups,
        similar=most_alike(about.value, _shared(subjects, links), exchange),
        source_lines=f"lines {first} to {last}" if first != last else f"line {first}" if first else "",
        citation=chicago(source),
        citation_formats=citation_formats(resource.path, urls),
        permalink=about.value,
        picture=draw(
            resource.label,
            actors=_addressees(asked),
            cited=cited,
            related=[each.about for each in related],
            themes=themes,
            groups=groups,
        ),
        explorer=explorer_address(resource, exchange),
        checks=checks_of(exchange, resource),
    )


def source_of(row: Row, resource: Resource, exchange: Exchange) -> Source:
    """What a citation of the paragraph in a row needs."""
    whole, _, item = resource.path.partition("/item/")
    return Source(
        work_of(row),
        printed_place(whole.rpartition("/")[2], item),
        resource.iri.value,
        text(row, "text"),
        exchange.snapshot.base.is_local,
    )


def citation_formats(path: str, urls: Urls) -> tuple[Link, ...]:
    """The citation of a resource as files for reference managers, and its permanent link to copy."""
    below = "cite/" + path.removeprefix("id/")
    names = ((".txt", "Text"), (".bib", "BibTeX"), (".ris", "RIS"), (".csl.json", "CSL-JSON"))
    return (
        *(Link(urls.path(below + suffix), label) for suffix, label in names),
        Link(urls.thing(urls.base.iri + path), "Link"),
    )


def _shared(subjects: Sequence[Row], links: Sequence[Row]) -> list[Subject]:
    """What a recommendation may share with others: provisions that it cites or is related to, themes and groups."""
    ways = {"cited": "cites", "theme": "theme", "group": "group"}
    found = [(ways[text(row, "way")], text(row, "subject"), text(row, "label")) for row in subjects]
    found += [
        ("related", text(row, "other"), text(row, "label"))
        for row in links
        if local_name(text(row, "relation")) == "relatesTo" and text(row, "way") == "from"
    ]
    return list(dict.fromkeys(found))


def _subjects(rows: Sequence[Row], way: str, urls: Urls) -> tuple[Link, ...]:
    chosen = [row for row in rows if text(row, "way") == way]
    return tuple(link(row, "subject", "label", urls, text(row, "title")) for row in chosen)


def _judged(row: Row, urls: Urls) -> Judged:
    said = judged(row, urls, "other", "label")
    relation = VERBS.get((local_name(text(row, "relation")), text(row, "way")), "")
    about = Link(said.about.href, said.about.label, text(row, "title") or text(row, "text"))
    return Judged(said.reason, said.confidence, said.status, said.agent, about, said.href, relation)


def _addressees(directives: Sequence[DirectiveView]) -> tuple[Link, ...]:
    people = (person for directive in directives for person in (*directive.addressees, *directive.asked))
    return tuple({person.href: person for person in people}.values())


def _structured(row: Row, resource: Resource, exchange: Exchange) -> dict[str, str | dict[str, str]]:
    return {
        "@context": term("schema:").value.rstrip("/"),
        "@type": "CreativeWork",
        "@id": resource.iri.value,
        "name": resource.label,
        "text": text(row, "text"),
        "inLanguage": "en",
        "datePublished": text(row, "issued"),
        "url": exchange.urls.canonical(exchange.urls.document_path(resource.iri)),
        "isPartOf": {"@type": "Report", "@id": text(row, "document"), "name": text(row, "title")},
    }
