"""The whole text as one page, and a section of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode
from pyroaring import BitMap

from ontology.formats import AKOMA_NTOSO
from server.linkeddata.description import Resource
from server.page_index import LineRow
from server.pages.citing import Source, citation_of, genre_of, work_of
from server.pages.exports import onward
from server.pages.page import Page, Questions
from server.pages.selection import Selection
from server.pages.values import Link, View, day, grouped, language, line_rows, lines_of, link, local_name, node, text
from server.store import Row
from server.web.errors import NotFound
from server.web.request import Exchange, Urls

LANGUAGES = {
    "ar": "Arabic", "zh": "Chinese", "en": "English", "fr": "French", "ru": "Russian", "es": "Spanish",
}  # fmt: skip
"""The official languages of the United Nations."""


def document_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of a document."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = ask.first("document", document=about)
    if not row:
        raise NotFound(f"{resource.label} is not a document in this graph.")
    rows = ask.rows("document-parts", document=about)
    margin = ask.rows("document-margin", document=about)
    related = ask.rows("document-relations", document=about)
    slug = about.value.rpartition("/")[2]
    recommendations = exchange.snapshot.index.with_value("document", slug)
    known = {line.iri: line for line in line_rows(recommendations, exchange)}
    beside = grouped(margin, "part")
    own = {text(each, "part"): each for each in rows}
    notes = _notes(rows, about.value)
    parts = [_part(each, beside[part], known.get(part), about.value, notes[part], urls) for part, each in own.items()]
    source = Source(work_of(row), "", about.value, "", exchange.snapshot.base.is_local)
    return ask.resource_page(
        "document.html",
        resource,
        text(row, "title"),
        f"The whole text: {', '.join(filter(None, (text(row, 'title'), day(row, 'issued'))))}.",
        formats=[(urls.doc(about, AKOMA_NTOSO.suffix), AKOMA_NTOSO.name, AKOMA_NTOSO.media_type)],
        row=row,
        facts=(
            *_facts(row, slug, exchange),
            *((text(each, "way"), link(each, "other", "otherLabel", urls)) for each in related),
        ),
        contents=_contents(parts),
        parts=parts,
        slug=slug,
        recommends=bool(known),
        citation=citation_of(source, exchange),
    )


def _notes(rows: Sequence[Row], document: str) -> Mapping[str, list[Link]]:
    """By part its footnotes, and by footnote the parts with its mark."""
    notes = defaultdict[str, list[Link]](list)
    for row in rows:
        if noted := text(row, "noteTo"):
            part = text(row, "part")
            notes[noted].append(Link(f"#{_anchor(part, document)}", text(row, "number")))
            notes[part].append(Link(f"#{_anchor(noted, document)}", text(row, "noteToLabel")))
    return notes


def _contents(parts: Sequence[View]) -> list[View]:
    """The sections; where several have one heading, each has the year of the meeting whose recommendations follow."""
    headings = Counter(part.text for part in parts if part.kind == "section")
    contents: list[View] = []
    for part in parts:
        if part.kind == "section":
            contents.append(View(**vars(part)))
        elif contents and part.year and not contents[-1].year and headings[contents[-1].text] > 1:
            contents[-1].year = part.year
    return contents


def section_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of a section or a part of one."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    rows = ask.rows("section-parts", section=about)
    near = grouped(ask.rows("section-wholes", section=about), "way")
    own = next((row for row in rows if node(row, "part") == about), None)
    if own is None:
        raise NotFound(f"{resource.label} is not a section in this graph.")
    document, whole = link(near["in"][0], "near", "label", urls), text(near["in"][0], "near")
    slug = f"{local_name(whole)}/{about.value.removeprefix(f'{whole}/section/')}"
    value = exchange.snapshot.index.values("section").get(slug)
    return ask.resource_page(
        "section.html",
        resource,
        f"{resource.label}: {text(own, 'text')}",
        f"{resource.label} of {document.label}: {text(own, 'text')}.",
        crumbs=[document, *(link(row, "near", "label", urls) for row in near["part of"])],
        onward=onward(Selection({"section": (slug,)}), len(value.members), exchange) if value else None,
        heading=text(own, "text"),
        language=language(own, "text"),
        parts=_by_part(rows, about.value, exchange),
        beside=[
            link(row, "near", "label", urls, text(row, "text"))._replace(current=node(row, "near") == about)
            for row in near["beside"]
        ],
        in_document=f"{document.href}#{_anchor(about.value, whole)}",
    )


def _by_part(rows: Sequence[Row], about: str, exchange: Exchange) -> list[tuple[Link, list[View]]]:
    """The paragraphs of a section, under the parts of it that they stand in."""
    index = exchange.snapshot.index
    paragraphs = {text(row, "part"): language(row, "text") for row in rows if text(row, "kind") == "paragraph"}
    numbers = [number for number in map(index.number, paragraphs) if number is not None]
    lines = {line.iri: line for line in lines_of(numbers, exchange)}
    parts: list[tuple[Link, list[View]]] = [(Link("", ""), [])]
    for row in rows:
        part = text(row, "part")
        if text(row, "kind") == "section" and part != about:
            parts.append((link(row, "part", "label", exchange.urls, text(row, "text")), []))
        elif part in lines:
            lines[part].language = paragraphs[part]
            parts[-1][1].append(lines[part])
    return [(part, own) for part, own in parts if part.href or own]


def _part(
    row: Row, beside: Sequence[Row], line: LineRow | None, document: str, notes: Sequence[Link], urls: Urls
) -> View:
    """One part of the text: where it stands on the page, how deep a section is, what is beside it. ``notes`` are its
    footnotes, or of a footnote the parts with its mark; each leads to where it stands on the page."""
    part = node(row, "part")
    anchor = _anchor(part.value, document)
    kind = text(row, "kind")
    number = _printed(row) if kind == "section" or "printed" in row else text(row, "number")
    return View(
        kind=kind,
        href=urls.of(part),
        anchor=anchor,
        label=text(row, "label"),
        number=number.rstrip("."),
        text=text(row, "text"),
        depth=anchor.count("-") if kind == "section" else 0,
        year=line.year if line else "",
        force=line.force if line else None,
        considers=bool(line and line.considers),
        cited=[link(each, "subject", "label", urls) for each in beside if text(each, "way") == "cited"],
        themes=[link(each, "subject", "label", urls) for each in beside if text(each, "way") == "theme"],
        notes=notes,
    )


def _printed(row: Row) -> str:
    """The number that a section prints, often none; an annex prints its name, where that is not its whole heading."""
    label = text(row, "label")
    if label.startswith("Annex") and "," not in label:
        return "" if label == text(row, "text") else label
    return text(row, "printed")


def _anchor(part: str, document: str) -> str:
    """Where a part stands on the document's page: ``paragraph-24``, ``section-III-A``."""
    return part.removeprefix(document).strip("/").replace("/", "-")


def _facts(row: Row, slug: str, exchange: Exchange) -> tuple[tuple[str, Link], ...]:
    """The metadata that the document prints; what it does not print is absent."""
    urls, genre = exchange.urls, genre_of(row)
    versions = exchange.snapshot.document_versions.get(slug, ())
    facts = [
        ("Issued", Link("", day(row, "issued"))),
        ("Kind", Link("", genre[:1].upper() + genre[1:])),
        ("Symbol", Link("", text(row, "symbol"))),
        ("Language", Link("", LANGUAGES.get(text(row, "language"), text(row, "language")))),
        ("Distribution", Link("", text(row, "distribution"))),
        ("Provisional agenda", Link("", text(row, "agendaSymbol"))),
    ]
    names = (("body", "Body"), ("issuer", "Recommendations of"), ("creator", "Author"), ("publisher", "Published by"))
    facts += [(heading, link(row, name, f"{name}Label", urls)) for name, heading in names if name in row]
    if versions:
        label = f"{len(versions)}: what changed"
        facts.append(("Versions", Link(urls.path("changes", query={"document": slug}), label)))
    for heading, name in (("Text as it is read", "sourceFile"), ("File as it came", "originalFile")):
        file = text(row, name)
        facts.append((heading, Link(urls.path(f"sources/{file}"), file)))
    return tuple((name, value) for name, value in facts if value.label)


PRINTED = 5
"""How many documents the page of a meeting names in which its recommendations are printed."""


def printed_in(recommendations: BitMap, ask: Questions) -> tuple[tuple[Link, ...], bool]:
    """The documents in which the recommendations of a meeting are printed, and whether one of them is a report."""
    values = ask.exchange.snapshot.index.values("document").values()
    own = [value for value in values if value.members.intersect(recommendations)][:PRINTED]
    rows = [ask.first("document", document=NamedNode(value.term[1:-1])) for value in own]
    links = tuple(
        Link(ask.exchange.urls.of(value.term[1:-1]), text(row, "title"), text(row, "symbol") or day(row, "issued"))
        for value, row in zip(own, rows, strict=True)
    )
    return links, any("report" in text(row, "kindLabel").lower() for row in rows)
