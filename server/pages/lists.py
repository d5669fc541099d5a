"""Lists of one kind: articles of both treaties, and actors, tools, themes, groups, meetings, modalities and so on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from server.pages.framing import frame
from server.pages.questions import Questions
from server.pages.together import Together, together
from server.pages.values import count, node, number, text
from server.pages.views import Frame, Link, link
from server.store import Row
from server.web.exchange import Exchange
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that has a list: the class, the heading, what to know, and whether its names nest."""

    class_: str
    heading: str
    meaning: str


KINDS = {
    "actors": Kind(
        "Actor", "Actors", "Everyone the recommendations address, ask or name. Counts are recommendations, each once."
    ),
    "tools": Kind("Tool", "Tools", "Databases, directories, portals and digests that the recommendations name."),
    "themes": Kind(
        "Theme",
        "Themes",
        "A scheme of this project. Which recommendation belongs to which theme is an editor's judgement, not the text.",
    ),
    "groups": Kind("AffectedGroup", "Affected groups", "Whose situation the recommendations name, in their own words."),
    "meetings": Kind("Meeting", "Meetings", "Where the recommendations were adopted."),
    "modalities": Kind(
        "Modality",
        "Strength of language",
        "The operative phrases. Their strength from 1 to 5 is a convention of this project, not of the Working Group: "
        "an order, not a measure. Where the Working Group requests or recommends something of its own organs, "
        "there is none.",
    ),
    "qualifiers": Kind("Qualifier", "Qualifiers", "Words that limit what is asked: escape clauses and conditions."),
    "instruments": Kind("Instrument", "Instruments", "The treaties that the recommendations cite, and their family."),
    "resolutions": Kind("Resolution", "Resolutions", "Resolutions of the Conference that the document names."),
}

SCHEMES = {"themes": "theme", "groups": "group", "modalities": "modality", "qualifiers": "qualifier"}
"""The concept schemes among them, by the last part of their IRI."""

ACTORS = (
    "Organizations and initiatives",
    "Bodies of the Conference and the United Nations",
    "States",
    "Authorities, professions and society",
)
"""The kinds of actors in the order in which they are listed; the query names them."""


@dataclass(frozen=True, slots=True)
class ThingRow:
    """One thing of a list with its counts; ``narrower`` are the things below it."""

    link: Link
    name: str
    meaning: str
    force: int | None
    recommendations: int
    directives: int
    narrower: tuple[ThingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of things, in groups with a heading of their own where the kind has any."""

    template: ClassVar[str] = "list.html"

    frame: Frame
    heading: str
    meaning: str
    groups: tuple[tuple[str, tuple[ThingRow, ...]], ...]
    total: int
    picture: Together | None
    picture_table: str
    scheme: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article with how many recommendations cite it, or are related to it by editors."""

    link: Link
    number: int
    title: str
    cited: int
    related: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its articles; an instrument without chapters has one without a link."""

    link: Link | None
    articles: tuple[ArticleRow, ...]


@dataclass(frozen=True, slots=True)
class Treaty:
    """An instrument with all its articles in this graph."""

    link: Link
    chapters: tuple[Chapter, ...]
    articles: int
    cited: int
    untouched: int


@dataclass(frozen=True, slots=True)
class ArticlesView:
    """All articles of all treaties."""

    template: ClassVar[str] = "articles.html"

    frame: Frame
    treaties: tuple[Treaty, ...]


async def list_page(path: str, exchange: Exchange) -> ListView:
    """The list of one kind, named by its path."""
    kind, ask, urls = KINDS[path], Questions(exchange), exchange.urls
    rows = await ask.rows("list-things", **{"class": exchange.snapshot.names.pal(kind.class_)})
    found = _distinct(rows)
    pairs = await ask.rows("themes-together") if path == "themes" else []
    return ListView(
        frame=frame(exchange, path, kind.heading, f"{kind.heading}. {kind.meaning}", behind=ask.asked),
        heading=kind.heading,
        meaning=kind.meaning,
        groups=_groups(path, found, urls),
        total=len(found),
        picture=together(_in_order(found, urls), pairs, urls) if pairs else None,
        picture_table=urls.path("queries/which-themes-occur-together"),
        scheme=urls.doc(exchange.snapshot.names.node(f"id/{SCHEMES[path]}")) if path in SCHEMES else "",
    )


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """One row a thing: a thing with several wider ones keeps the first."""
    return list({text(row, "thing"): row for row in reversed(list(rows))}.values())[::-1]


def _groups(path: str, rows: Sequence[Row], urls: Urls) -> tuple[tuple[str, tuple[ThingRow, ...]], ...]:
    if path == "modalities":
        ordered = sorted(rows, key=lambda row: (-(number(row, "force") or 0), text(row, "label")))
        return (("", tuple(_row(row, [], urls) for row in ordered)),)
    if path == "meetings":
        return (("", tuple(_row(row, [], urls) for row in sorted(rows, key=lambda row: text(row, "start")))),)
    known = {text(row, "thing") for row in rows}
    tops = [row for row in rows if text(row, "wider") not in known]
    found = dict.fromkeys(text(row, "kind") for row in tops)
    headings = [kind for kind in ACTORS if kind in found] + [kind for kind in found if kind not in ACTORS]
    return tuple(
        (heading, tuple(_row(row, rows, urls) for row in tops if text(row, "kind") == heading)) for heading in headings
    )


def _in_order(rows: Sequence[Row], urls: Urls) -> list[tuple[str, Link, bool]]:
    """The themes that recommendations have, under their wider ones; the first of each wider one is told."""
    known = {text(row, "thing") for row in rows}
    ordered = []
    for wide in (row for row in rows if text(row, "wider") not in known):
        narrow = [row for row in rows if text(row, "wider") == text(wide, "thing")]
        ordered += [(text(row, "thing"), link(row, "thing", "label", urls), at == 0) for at, row in enumerate(narrow)]
    return ordered


def _row(row: Row, rows: Sequence[Row], urls: Urls) -> ThingRow:
    name = text(row, "name")
    below = [each for each in rows if text(each, "wider") == text(row, "thing")]
    return ThingRow(
        link(row, "thing", "label", urls),
        name if name.casefold() != text(row, "label").casefold() else "",
        text(row, "definition") or text(row, "role"),
        number(row, "force"),
        count(row, "recommendations"),
        count(row, "directives"),
        tuple(_row(each, rows, urls) for each in below),
    )


async def articles_page(exchange: Exchange) -> ArticlesView:
    """Both treaties, article by article; an article that nothing concerns is in the list like any other."""
    ask = Questions(exchange)
    treaties = read_treaties(await ask.rows("list-articles"), exchange.urls)
    return ArticlesView(
        frame=frame(
            exchange,
            "articles",
            "Articles of the Convention and the Protocol",
            "All articles with the recommendations that cite them or concern them, and those that nothing concerns.",
            behind=ask.asked,
        ),
        treaties=treaties,
    )


def read_treaties(rows: Sequence[Row], urls: Urls) -> tuple[Treaty, ...]:
    """The treaties in rows of ``list-articles``, the one with most citations for its length first."""
    treaties = []
    for instrument in dict.fromkeys(node(row, "instrument") for row in rows):
        own = [row for row in rows if row["instrument"] == instrument]
        chapters = []
        for chapter in dict.fromkeys(text(row, "chapter") for row in own):
            inside = [row for row in own if text(row, "chapter") == chapter]
            head = (
                link(inside[0], "chapter", "chapterLabel", urls, text(inside[0], "chapterTitle")) if chapter else None
            )
            chapters.append(Chapter(head, tuple(_article(row, urls) for row in inside)))
        articles = [article for chapter in chapters for article in chapter.articles]
        treaties.append(
            Treaty(
                link(own[0], "instrument", "instrumentLabel", urls, text(own[0], "instrumentTitle")),
                tuple(chapters),
                len(articles),
                sum(article.cited > 0 for article in articles),
                sum(article.cited + article.related == 0 for article in articles),
            )
        )
    return tuple(sorted(treaties, key=lambda treaty: (treaty.articles == 1, -treaty.cited / treaty.articles)))


def _article(row: Row, urls: Urls) -> ArticleRow:
    return ArticleRow(
        link(row, "article", "label", urls, text(row, "summary")),
        count(row, "number"),
        text(row, "title"),
        count(row, "cited"),
        count(row, "related"),
    )
