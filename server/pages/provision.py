"""The page of an article, a chapter, an article's paragraph or a whole instrument; and all articles of all treaties
with their counts: a list, and the cells of the coverage picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyoxigraph import NamedNode
from pyroaring import BitMap

from server import page_index
from server.cache import kept_with
from server.linkeddata.description import Resource
from server.page_index import ArticleRow, Index
from server.pages.exports import Sheet, files_at, onward
from server.pages.judged import judgements_of
from server.pages.page import Page, Questions
from server.pages.selection import MOST_ITEMS, Selection
from server.pages.values import (
    SHOWN,
    Link,
    View,
    count,
    distribution,
    grouped,
    item_of,
    line_rows,
    lines_of,
    link,
    noted,
    standing,
    text,
)
from server.snapshot import Snapshot
from server.store import Row
from server.web.errors import NotFound
from server.web.request import Exchange, Urls

FEW = 12
"""So many recommendations at most are listed below the articles of an instrument; more stand behind a list."""
SHOWN_OF_WHOLE = 20
"""How many recommendations are named that cite a chapter or an article as a whole."""


def provision_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of one provision or instrument."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = ask.first("provision", provision=about)
    if not row:
        raise NotFound(f"{resource.label} is not part of an instrument in this graph.")
    place = grouped(ask.rows("provision-place", provision=about), "way")
    reach = ask.rows("provision-reach", provision=about)
    ask.same_answer(
        "provision-citations", "provision-citations-of-whole", "provision-links", "provision-strength", provision=about
    )
    index = exchange.snapshot.index
    inside = {text(each, "part"): text(each, "partLabel") for each in reach}
    citing, related = index.pointing("cites", inside), index.pointing("related", inside)
    recommending = citing & index.recommendations
    kinds = ("instrument", "chapter", "article", "paragraph")
    wholes = sorted(place["part of"], key=lambda each: kinds.index(text(each, "kind")))
    article = next((each for each in wholes if text(each, "kind") == "article"), None)
    summary, summary_of = text(row, "summary") or text(row, "definition"), None
    if article is not None and not summary:
        whole = ask.first("provision", provision=NamedNode(text(article, "near")))
        summary, summary_of = text(whole, "summary"), link(article, "near", "label", urls)
    crumbs = [Link(urls.path("instruments"), "Instruments"), *(link(each, "near", "label", urls) for each in wholes)]
    title, kind = text(row, "title"), resource.path.split("/")[-2]
    listed = kind != "instrument" or len(citing) + len(related) <= FEW
    larger = {text(each, "near"): text(each, "label") for each in wholes if text(each, "kind") != "instrument"}
    shown, of_whole = citing[:SHOWN], index.pointing("cites", larger)[:SHOWN_OF_WHOLE]
    return ask.resource_page(
        "provision.html",
        resource,
        f"{resource.label}: {title}" if title else resource.label,
        summary or f"{resource.label}: recommendations that cite it or are related to it.",
        crumbs=crumbs,
        kind=kind,
        title=title,
        row=row,
        place=tuple(link(each, "near", "label", urls, text(each, "title")) for each in wholes),
        summary=summary,
        summary_of=summary_of,
        parts=[_part(each, exchange) for each in sorted(place["part"], key=lambda each: count(each, "order"))],
        citing=lines_of(shown, exchange, noted(shown, inside, ["cites"], exchange)) if listed else (),
        citing_onward=_onward("cited", recommending, resource.path, exchange),
        citing_total=len(recommending),
        besides=[Link(urls.of(row.iri), row.label) for row in line_rows(citing - recommending, exchange)],
        citing_whole=lines_of(of_whole, exchange, noted(of_whole, larger, ["cites"], exchange)),
        related=_related(related[:SHOWN], inside, exchange) if listed else (),
        related_onward=_onward("related", related, resource.path, exchange),
        related_total=len(related),
        by_year=_by_year(citing, related, index),
        cited_strength=distribution(index.pointing("directive cites", inside), exchange),
        related_strength=distribution(index.pointing("directive related", inside), exchange),
        previous=next((link(each, "near", "label", urls) for each in place["previous"]), None),
        following=next((link(each, "near", "label", urls) for each in place["next"]), None),
        explorer=urls.path("neighbours.json", {"of": resource.path}) if citing or related else "",
    )


def _part(row: Row, exchange: Exchange) -> View:
    """A part with its summary, and for an article, or a chapter as a whole, how many recommendations cite it and how
    many are related to it."""
    kind = text(row, "kind")
    cited, related = _counts(kind, text(row, "near"), exchange.snapshot.index, exchange.urls)
    counted = kind == "article" or (kind == "chapter" and (cited or related))
    return View(
        link=link(row, "near", "label", exchange.urls, text(row, "title")),
        kind=kind,
        number=text(row, "number"),
        summary=text(row, "summary"),
        cited=cited if counted else None,
        related=related,
    )


def _related(shown: BitMap, inside: Collection[str], exchange: Exchange) -> list[View]:
    """Recommendations that are related to something inside the provision, with what was said of each part."""
    judgements = judgements_of(shown, exchange, inside.__contains__)
    return [
        View(line=line, said=[each for _, each in judgements.get(line.id, ())]) for line in lines_of(shown, exchange)
    ]


def _onward(way: str, members: BitMap, path: str, exchange: Exchange) -> View | None:
    """Where the list of those that cite a provision, or are related to it, leads. Only a whole instrument and a whole
    article are values of a filter; those of other provisions are listed one by one."""
    slug = path.removeprefix("id/instrument/")
    kind = {0: "instrument", 2: "article"}.get(slug.count("/")) if "/chapter/" not in slug else None
    if kind:
        return onward(Selection({kind: (slug,)}, way), len(members), exchange)
    items = tuple(item_of(row.iri) for row in line_rows(members[:MOST_ITEMS], exchange))
    return onward(Selection({}, items=items), len(members), exchange)


def _by_year(citing: BitMap, related: BitMap, index: Index) -> list[tuple[str, int, int]]:
    """Years of meetings with how many paragraphs cite the provision, and how many are related."""
    counted = []
    for year in filter(None, sorted(index.targets("year"))):
        of = index.pointing("year", [year])
        counted.append((year, of.intersection_cardinality(citing), of.intersection_cardinality(related)))
    return [row for row in counted if row[1] or row[2]]


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
    first = page_index.names(index, index.recommendations[:1]).values()
    return tuple(filter(None, (most, *(f"para {number}" for _, number in first))))


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
