"""Citations as lawyers write them in a search: ``para 35``, ``art. 16(5) of the Protocol``, ``UNTOC 27``, a symbol.

Each is turned into the things it may name, the likeliest first: paragraphs of the documents here, provisions of the
treaties here, or a document by its symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from server import page_index
from server.pages.values import Link, link, text
from server.web.request import Exchange

_PLACE = r"(\d{1,4})(?:\s*\(\s*(\d{1,3})\s*\))?(?:\s*\(\s*([a-z])\s*\))?"
PARAGRAPH = re.compile(r"^(?:recommendations?|recs?|paragraphs?|paras?|¶)\.?\s*(\d{1,4})$", re.IGNORECASE)
ARTICLE = re.compile(
    rf"^(?P<before>.*?)\b(?:articles?|arts?\.?)?\s*{_PLACE}"
    r"(?:\s*,?\s*(?:paragraphs?|paras?)\.?\s*(?P<paragraph>\d{1,3}))?(?P<behind>\D*)$",
    re.IGNORECASE,
)
SYMBOL = re.compile(r"^[A-Z][A-Z0-9.]*(?:/[A-Z0-9.\-]+)+$", re.IGNORECASE)
_FILLING = re.compile(r"\b(?:of|the|to|in|under|article|articles|arts?|un|united|nations)\b|[.,]", re.IGNORECASE)
DOCUMENTS = 5
"""In how many documents a paragraph is looked for."""


async def named(terms: str, exchange: Exchange) -> list[Link]:
    """The things that a citation names; nothing for words that are none."""
    terms = " ".join(terms.split())
    if SYMBOL.match(terms):
        rows = await exchange.store.select("documents-by-symbol", symbol=Literal(terms.upper()))
        return [link(row, "document", "label", exchange.urls) for row in rows]
    paragraph = PARAGRAPH.match(terms)
    base = exchange.snapshot.base.iri
    if paragraph:
        slugs = list(exchange.snapshot.index.values("document"))[:DOCUMENTS]
        return list(_known((f"{base}id/document/{slug}/paragraph/{int(paragraph[1])}" for slug in slugs), exchange))
    article = ARTICLE.match(terms)
    if not article or (article[0].isdigit() and not re.search(r"\D", terms)):
        return []
    of = " ".join(_FILLING.sub(" ", f"{article['before']} {article['behind']}").split()).casefold()
    treaties = [iri for iri, names in _treaties(exchange).items() if not of or _matches(of, names)]
    if not re.search(r"\bart", terms, re.IGNORECASE) and not of and not article[3]:
        return []
    number, inner = int(article[2]), article[3] or article["paragraph"]
    below = f"/paragraph/{int(inner)}" if inner else ""
    letter = f"/letter/{article[4].lower()}" if below and article[4] else ""
    articles = [f"{treaty}/article/{number}" for treaty in treaties]
    exact = [to for iri in articles for to in await _provision(f"{iri}{below}{letter}", iri, exchange)] if inner else []
    return exact or list(_known(articles, exchange))


async def _provision(iri: str, article: str, exchange: Exchange) -> list[Link]:
    """A part of an article, if there is one of that name."""
    rows = await exchange.store.select("provision", provision=NamedNode(iri))
    return [Link(exchange.urls.of(iri), text(row, "label"), _titles(exchange).get(article, "")) for row in rows[:1]]


def _titles(exchange: Exchange) -> dict[str, str]:
    return {article.iri: article.title for article in page_index.articles(exchange.snapshot.index.database)}


def _known(iris: Iterable[str], exchange: Exchange) -> Iterator[Link]:
    titles = _titles(exchange)
    for iri in iris:
        label = exchange.snapshot.index.known(iri)
        if label is not None:
            yield Link(exchange.urls.of(iri), label, titles.get(iri, ""))


def _treaties(exchange: Exchange) -> dict[str, str]:
    """The treaties here with their names and short names in small letters, the most used for its length first."""
    index = exchange.snapshot.index
    articles = page_index.articles(index.database)
    used: dict[str, list[bool]] = {}
    names: dict[str, str] = {}
    for article in articles:
        slug = article.iri.partition("/id/instrument/")[2]
        touched = any(slug in index.values(f"article {way}") for way in ("cited", "related"))
        used.setdefault(article.instrument, []).append(touched)
        own = (article.instrument_label, article.instrument.rpartition("/")[2])
        names[article.instrument] = " ".join(own).casefold().replace("-", " ")
    many = [iri for iri in names if len(used[iri]) > 1]
    ordered = sorted(many, key=lambda iri: -sum(used[iri]) / len(used[iri]))
    return {iri: names[iri] for iri in (*ordered, *(iri for iri in names if iri not in many))}


def _matches(of: str, names: str) -> bool:
    """Whether the words behind an article's number name a treaty: ``protocol``, ``smuggling protocol``, ``UNTOC``."""
    words = set(re.findall(r"\w+", names))
    return all(word in words for word in re.findall(r"\w+", of))
