"""All articles of all treaties with their counts: a list, and the cells of the coverage picture."""

from __future__ import annotations

from collections.abc import Sequence

from server import page_index
from server.cache import kept_with
from server.page_index import ArticleRow, Index
from server.pages.page import Page, Questions
from server.pages.sheets import Sheet, files_at
from server.pages.values import Link, View, standing
from server.snapshot import Snapshot
from server.web.request import Exchange, Urls


def articles_page(exchange: Exchange) -> Page:
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


def treaties(exchange: Exchange) -> list[View]:
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
def _treaties(snapshot: Snapshot, pinned: bool) -> list[View]:
    index, urls = snapshot.index, Urls(snapshot.base, snapshot.version if pinned else "")
    treaties = [_treaty(articles, index, urls) for articles in page_index.treaties(index).values()]
    return sorted(treaties, key=lambda treaty: (treaty.articles == 1, -treaty.cited / treaty.articles))


def _treaty(own: Sequence[ArticleRow], index: Index, urls: Urls) -> View:
    """An instrument with all its articles in this graph; final clauses without any do not count as ``untouched``. It is
    reached where a recommendation cites one of its articles or chapters, or is related to one."""
    of: dict[tuple[str, bool], list[ArticleRow]] = {}
    for article in own:
        of.setdefault((article.chapter, article.is_final), []).append(article)
    chapters = [_chapter(articles, index, urls) for articles in of.values()]
    articles = [article for chapter in chapters for article in chapter.articles]
    inside = [article for chapter in chapters if not chapter.final for article in chapter.articles]
    return View(
        link=Link(urls.of(own[0].instrument), own[0].instrument_label, own[0].instrument_title),
        chapters=chapters,
        articles=len(articles),
        cited=sum(article.cited > 0 for article in articles),
        untouched=sum(article.cited + article.related == 0 for article in inside),
        is_reached=any(each.cited + each.related for each in (*chapters, *articles)),
    )


def _chapter(articles: list[ArticleRow], index: Index, urls: Urls) -> View:
    """A chapter with its articles, and how many cite it as a whole or are related to that; an instrument without
    chapters has one without a link, as have final clauses."""
    first = articles[0]
    linked = bool(first.chapter) and not first.is_final
    cited, related = _counts("chapter", first.chapter if linked else "", index, urls)
    return View(
        link=Link(urls.of(first.chapter), first.chapter_label, first.chapter_title) if linked else None,
        final=first.is_final,
        cited=cited,
        related=related,
        articles=[_article(article, index, urls) for article in articles],
    )


def _article(article: ArticleRow, index: Index, urls: Urls) -> View:
    cited, related = _counts("article", article.iri, index, urls)
    link = Link(urls.of(article.iri), article.label, article.summary)
    return View(link=link, number=article.number, title=article.title, cited=cited, related=related)


def _counts(kind: str, iri: str, index: Index, urls: Urls) -> tuple[int, int]:
    """How many recommendations cite an article, or a chapter as a whole, and how many are related to it."""
    slug = iri.removeprefix(urls.base.iri + "id/instrument/")
    return len(index.with_value(f"{kind} cited", slug)), len(index.with_value(f"{kind} related", slug))
