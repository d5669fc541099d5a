"""What all templates share: links, lines of recommendations, strength, and the frame around every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from server.pages.questions import AskedQuery
from server.pages.values import node, number, text
from server.store import Row
from server.web.urls import Urls

STRONGEST = 5
"""The upper end of the strength scale, a convention of this project (``pal:force``)."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words; ``note`` is said beside it, ``current`` marks the page one is on."""

    href: str
    label: str
    note: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One recommendation in a list: where it is, its words, its year, and how strong the strongest directive is.

    ``directives`` says of how many it is the strongest; ``considers`` that all of them ask only to consider.
    ``document`` names the document where the corpus has several.
    """

    href: str
    number: int
    label: str
    text: str
    year: str
    force: int | None
    notes: tuple[Link, ...] = ()
    directives: int = 0
    considers: bool = False
    document: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an editor said, beside a line or a link: the reason, how sure, by whom, and whether a person reviewed it."""

    reason: str
    confidence: str
    status: str
    agent: Link
    about: Link
    href: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around every page. ``local`` is the base where links are not for citing, and empty elsewhere."""

    title: str
    description: str
    canonical: str
    home: str
    navigation: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    search: str
    suggest: str
    sought: str
    static: str
    scripts: tuple[str, ...]
    opensearch: str
    formats: tuple[tuple[str, str, str], ...]
    behind: tuple[AskedQuery, ...]
    footer: tuple[Link, ...]
    version: Link
    built: str
    pinned: str
    local: str
    about: str
    indexed: bool
    structured: str


def link(row: Row, iri: str, label: str, urls: Urls, note: str = "") -> Link:
    """The thing in a row as a link to its page; without a label its address is shown."""
    target = node(row, iri)
    return Link(urls.of(target), text(row, label) or target.value, note)


def line(row: Row, urls: Urls, *, about: str = "recommendation", notes: Iterable[Link] = ()) -> Line:
    """A row with ``label``, ``text``, ``number``, ``start`` and ``strongest`` as one line of a list."""
    return Line(
        urls.of(node(row, about)),
        number(row, "number") or 0,
        text(row, "label"),
        text(row, "text"),
        text(row, "start")[:4],
        number(row, "strongest"),
        tuple(notes),
        number(row, "directives") or 0,
        text(row, "onlyConsiders") == "true",
    )


def judged(row: Row, urls: Urls, other: str, other_label: str) -> Judged:
    """A row about an editorial link as what is said beside it."""
    return Judged(
        text(row, "reason"),
        text(row, "confidence"),
        text(row, "status"),
        link(row, "agent", "agentLabel", urls),
        link(row, other, other_label, urls),
        urls.of(node(row, "link")),
    )


def grouped(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of one recommendation that came in several rows as one line with all their notes, in order."""
    found: dict[str, Line] = {}
    for each in lines:
        before = found.get(each.href)
        notes = (*before.notes, *(note for note in each.notes if note not in before.notes)) if before else each.notes
        found[each.href] = replace(each, notes=notes)
    return tuple(found.values())


def things(rows: Iterable[Row], iri: str, label: str, urls: Urls) -> tuple[Link, ...]:
    """The distinct things in rows as links, in order."""
    return tuple({row_link.href: row_link for row in rows for row_link in [link(row, iri, label, urls)]}.values())


def is_a(types: Iterable[NamedNode], *kinds: NamedNode) -> bool:
    """Whether one of the kinds is among the types."""
    return any(kind in types for kind in kinds)
