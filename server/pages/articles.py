"""All articles of all treaties with their counts: a list, and the cells of the coverage picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server import page_index
from server.cache import kept_with
from server.page_index import ArticleRow as Article
from server.page_index import Index
from server.pages.page import Page, Questions
from server.pages.sheets import Sheet, files_at
from server.pages.values import Link, standing
from server.snapshot import Snapshot
from server.web.request import Exchange
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article with how many recommendations cite it, or are related to it."""

    link: Link
    number: int
    title: str
    cited: int
    related: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its articles, and how many cite it as a whole or are related to that; an instrument without
    chapters has one without a link, as have final clauses."""

    link: Link | None
    final: bool
    cited: int
    related: int
    articles: tuple[ArticleRow, ...]


@dataclass(frozen=True, slots=True)
class Treaty:
    """An instrument with all its articles in this graph; final clauses without any do not count as ``untouched``."""

    link: Link
    chapters: tuple[Chapter, ...]
    articles: int
    cited: int
    untouched: int

    @property
    def is_reached(self) -> bool:
        """Whether a recommendation cites one of its articles or chapters, or is related to one."""
        return any(
            chapter.cited + chapter.related or any(each.cited + each.related for each in chapter.articles)
            for chapter in self.chapters
        )


async def articles_page(exchange: Exchange) -> Page:
    """All treaties, article by article; an article that nothing concerns is in the list like any other."""
    ask = Questions(exchange)
    ask.same_answer("list-articles")
    return ask.page(
        "articles.html",
        "articles",
        "Articles",
        "All articles with the recommendations that cite them or are related to them, and those without any.",
        treaties=treaties(exchange),
        files=files_at(exchange.urls.path("articles")),
    )


def articles_sheet(exchange: Exchange) -> Sheet:
    """All articles for files."""
    rows: list[tuple[str | int, ...]] = [
        (
            treaty.link.label,
            chapter.link.label.split(",")[0] if chapter.link else "",
            article.number,
            article.title,
            article.cited,
            article.related,
            exchange.urls.absolute(article.link.href),
        )
        for treaty in treaties(exchange)
        for chapter in treaty.chapters
        for article in chapter.articles
    ]
    heads = ["instrument", "chapter", "article", "title", "cited by", "related to (suggested)", "address"]
    whose = standing(exchange.snapshot.index.reviewed)
    return Sheet("Articles", heads, rows, [f"Counts are recommendations, each once. Related: {whose}."])


def treaties(exchange: Exchange) -> tuple[Treaty, ...]:
    """All treaties, the one with most citations for its length first."""
    return _treaties(exchange.snapshot, exchange.pinned)


def examples(exchange: Exchange) -> tuple[str, ...]:
    """An article that recommendations cite and a paragraph, as a reader may search for them."""
    index = exchange.snapshot.index
    cited = (
        (each.cited, f"art. {each.number} of the {treaty.link.label}")
        for treaty in treaties(exchange)
        for chapter in treaty.chapters
        for each in chapter.articles
        if each.cited
    )
    most = max(cited, key=lambda each: each[0], default=(0, ""))[1]
    numbers = sorted(page_index.numbers(index.database, list(index.recommendations)[:1]).values())
    return tuple(filter(None, (most, f"para {numbers[0]}" if numbers else "")))


@kept_with
def _treaties(snapshot: Snapshot, pinned: bool) -> tuple[Treaty, ...]:
    index, urls = snapshot.index, Urls(snapshot.base, snapshot.version if pinned else "")
    of: dict[str, list[Article]] = {}
    for article in page_index.articles(index.database):
        of.setdefault(article.instrument, []).append(article)
    treaties = [_treaty(articles, index, urls) for articles in of.values()]
    return tuple(sorted(treaties, key=lambda treaty: (treaty.articles == 1, -treaty.cited / treaty.articles)))


def _treaty(own: list[Article], index: Index, urls: Urls) -> Treaty:
    chapters = []
    for chapter, final in dict.fromkeys((article.chapter, article.is_final) for article in own):
        inside = [article for article in own if (article.chapter, article.is_final) == (chapter, final)]
        first = inside[0]
        linked = bool(chapter) and not final
        head = Link(urls.of(chapter), first.chapter_label, first.chapter_title) if linked else None
        slug = chapter.partition("/id/instrument/")[2] if linked else ""
        cited, related = (len(index.with_value(f"chapter {way}", slug)) for way in ("cited", "related"))
        chapters.append(Chapter(head, final, cited, related, tuple(_articles(inside, index, urls))))
    articles = [article for chapter in chapters for article in chapter.articles]
    return Treaty(
        Link(urls.of(own[0].instrument), own[0].instrument_label, own[0].instrument_title),
        tuple(chapters),
        len(articles),
        sum(article.cited > 0 for article in articles),
        sum(
            article.cited + article.related == 0
            for chapter in chapters
            if not chapter.final
            for article in chapter.articles
        ),
    )


def _articles(articles: Iterable[Article], index: Index, urls: Urls) -> Iterable[ArticleRow]:
    beginning = urls.base.iri + "id/instrument/"
    for article in articles:
        slug = article.iri.removeprefix(beginning)
        cited, related = (len(index.with_value(f"article {way}", slug)) for way in ("cited", "related"))
        link = Link(urls.of(article.iri), article.label, article.summary)
        yield ArticleRow(link, article.number, article.title, cited, related)
