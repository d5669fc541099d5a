"""Citations as lawyers write them in a search: ``para 35``, ``art. 16(5) of the Protocol``, ``UNTOC 27``, a symbol.

Each is turned into the things it may name, the likeliest first: paragraphs of the documents here, provisions of the
treaties here, or a document by its symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server import page_index
from server.pages.values import Link, node, text
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


@dataclass(frozen=True, slots=True)
class Cited:
    """A thing that a citation may name. It is ``sure`` where the words leave no other and it is there as cited: not the
    article of a paragraph that is not there, nor one of several treaties that the words fit."""

    iri: str
    label: str
    title: str
    sure: bool


async def named(terms: str, exchange: Exchange) -> list[Link]:
    """The things that a citation names, as links; nothing for words that are none."""
    return [Link(exchange.urls.of(to.iri), to.label, to.title) for to in await cited(terms, exchange)]


async def cited(terms: str, exchange: Exchange, *, everywhere: bool = False) -> list[Cited]:
    """The things that a citation names; ``everywhere`` also in treaties of which little is here, where others fit."""
    terms = " ".join(terms.split())
    if SYMBOL.match(terms):
        rows = await exchange.store.select("documents-by-symbol", symbol=Literal(terms.upper()))
        return [Cited(node(row, "document").value, text(row, "label"), "", sure=False) for row in rows]
    paragraph = PARAGRAPH.match(terms)
    base = exchange.snapshot.base.iri
    if paragraph:
        slugs = list(exchange.snapshot.index.values("document"))[:DOCUMENTS]
        iris = (f"{base}id/document/{slug}/paragraph/{int(paragraph[1])}" for slug in slugs)
        return list(_known(iris, exchange, sure=exchange.snapshot.index.documents == 1))
    article = ARTICLE.match(terms)
    if not article or (article[0].isdigit() and not re.search(r"\D", terms)):
        return []
    of = _kernel(f"{article['before']} {article['behind']}")
    fitting = [treaty for treaty in await _treaties(exchange) if treaty.fits(of)]
    ours = [treaty for treaty in fitting if treaty.articles]
    treaties = [treaty.iri for treaty in (ours if ours and not everywhere else fitting)]
    if not re.search(r"\bart", terms, re.IGNORECASE) and not of and not article[3]:
        return []
    number, inner, sure = int(article[2]), article[3] or article["paragraph"], len(fitting) == 1
    below = f"/paragraph/{int(inner)}" if inner else ""
    letter = f"/letter/{article[4].lower()}" if below and article[4] else ""
    articles = [f"{treaty}/article/{number}" for treaty in treaties]
    places = ((f"{below}{letter}", sure), *([(below, False)] if letter else ())) if inner else ()
    for place, certain in places:
        exact = [to for iri in articles for to in await _provision(f"{iri}{place}", iri, exchange, sure=certain)]
        if exact:
            others = (iri for iri in articles if not any(to.iri.startswith(f"{iri}/") for to in exact))
            return [*exact, *(_known(others, exchange, sure=False) if everywhere else ())]
    return list(_known(articles, exchange, sure=sure and not inner and not article[4]))


async def _provision(iri: str, article: str, exchange: Exchange, *, sure: bool) -> list[Cited]:
    """A part of an article, if there is one of that name."""
    rows = await exchange.store.select("provision", provision=NamedNode(iri))
    return [Cited(iri, text(row, "label"), _titles(exchange).get(article, ""), sure) for row in rows[:1]]


def _titles(exchange: Exchange) -> dict[str, str]:
    return {article.iri: article.title for article in page_index.articles(exchange.snapshot.index.database)}


def _known(iris: Iterable[str], exchange: Exchange, *, sure: bool) -> Iterator[Cited]:
    titles = _titles(exchange)
    for iri in iris:
        label = exchange.snapshot.index.known(iri)
        if label is not None:
            yield Cited(iri, label, titles.get(iri, ""), sure)


@dataclass(frozen=True, slots=True)
class _Treaty:
    """A treaty by its names in small letters. ``words`` may stand for it in any selection; ``articles`` are those that
    are listed here, ``used`` how many of them this corpus cites or is related to."""

    iri: str
    names: frozenset[str]
    words: frozenset[str]
    articles: int
    used: int

    def fits(self, of: str) -> bool:
        """Whether the words beside an article's number name it: ``protocol``, ``smuggling protocol``, ``UNTOC``."""
        return of in self.names or self.words.issuperset(re.findall(r"\w+", of))


async def _treaties(exchange: Exchange) -> list[_Treaty]:
    """The treaties here, the most used for its length first."""
    index = exchange.snapshot.index
    used: dict[str, list[bool]] = {}
    for article in page_index.articles(index.database):
        slug = article.iri.partition("/id/instrument/")[2]
        touched = any(slug in index.values(f"article {way}") for way in ("cited", "related"))
        used.setdefault(article.instrument, []).append(touched)
    treaties = []
    for row in await exchange.store.select("names-of-class", **{"class": exchange.snapshot.names.pal("Instrument")}):
        iri, label = node(row, "thing").value, text(row, "label")
        articles = used.get(iri, [])
        names = frozenset(map(_kernel, text(row, "names").split("\n")))
        words = re.findall(r"\w+", f"{label} {iri.rpartition('/')[2].replace('-', ' ')}".casefold())
        treaties.append(_Treaty(iri, names, frozenset((*words, *_initials(label))), len(articles), sum(articles)))
    return sorted(treaties, key=lambda treaty: (treaty.articles < 2, -treaty.used / max(treaty.articles, 1)))


def _kernel(words: str) -> str:
    """The words that tell a treaty from others, in small letters."""
    return " ".join(_FILLING.sub(" ", words).split()).casefold()


def _initials(label: str) -> Iterator[str]:
    """How a treaty is abbreviated by its first letters: ``SMP`` and ``SOM`` for the Smuggling of Migrants Protocol."""
    words = label.split()
    yield "".join(word[0] for word in words if word[0].isupper()).casefold()
    yield "".join(word[0] for word in words[:-1]).casefold()
