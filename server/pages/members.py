"""The lists of the site as data: whose members they have, page by page, with what is said of each."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import NamedNode

from ontology.terms import term
from server import page_index
from server.linkeddata.collections import Member, collection, pages_with
from server.linkeddata.description import licence_of_data
from server.linkeddata.representing import Data
from server.pages.lists import KINDS, PAGE
from server.pages.recommendations import PAGE as RECOMMENDATIONS
from server.pages.recommendations import matches, ordered
from server.pages.selection import Selection, passing
from server.store.known import gather
from server.web.request import Exchange


async def members_of(path: str, number: int, exchange: Exchange) -> Data:
    """A page of the list of one kind, of all articles or of all questions, named by its path."""
    names, database = exchange.snapshot.names, exchange.snapshot.index.database
    if path == "queries":
        members = [
            (names.node(f"queries/{query.name}").value, query.title, term("sh:SPARQLExecutable").value)
            for query in exchange.services.catalogue.folder("questions")
        ]
        label = "Questions this graph answers"
    elif path == "articles":
        articles = page_index.articles(database)
        members = [(article.iri, article.label, names.pal("Article").value) for article in articles]
        label = "Articles"
    else:
        class_ = names.pal(KINDS[path].class_).value
        members = [(thing.iri, thing.label, class_) for thing in page_index.things(database, KINDS[path].class_)]
        label = KINDS[path].heading
    made = _page(path, label, list(dict.fromkeys(members)), number, await licence_of_data(exchange.store), exchange)
    if path == "queries":
        rows = await exchange.store.select("graph-statements", graph=names.graph("queries"))
        start = names.node("queries#").value
        for row in rows:
            if row["subject"].value.startswith(start):
                said = made.facts.setdefault(NamedNode(row["subject"].value), {})
                said.setdefault(row["property"].value, set()).add(row["value"])
    return made


def _page(path: str, label: str, members: list[Member], number: int, licence: str, exchange: Exchange) -> Data:
    pages = pages_with(number, len(members), PAGE)
    shown = members[(number - 1) * PAGE : number * PAGE]
    urls = exchange.urls
    address, at = urls.canonical(path), urls.path(path)
    return collection(address, label, shown, len(members), number, pages, exchange, licence=licence, at=at)


async def recommendations_of(selection: Selection, title: str, exchange: Exchange) -> Data:
    """A page of a selection of recommendations, the same as its HTML, each with its directives and links."""
    index, urls = exchange.snapshot.index, exchange.urls
    chosen = ordered(selection, passing(selection, index, matches(selection, index)), index)
    pages = pages_with(selection.page, len(chosen), RECOMMENDATIONS)
    shown = chosen[(selection.page - 1) * RECOMMENDATIONS : selection.page * RECOMMENDATIONS]
    lines = list(page_index.lines(index.database, shown))
    at = replace(selection, page=1, whole=()).href(exchange)
    class_ = exchange.snapshot.names.pal("Recommendation").value
    made = collection(
        urls.absolute(at),
        title,
        [(line.iri, line.label, class_) for line in lines],
        len(chosen),
        selection.page,
        pages,
        exchange,
        licence="",
        at=at,
    )
    for line in lines:
        gather(await exchange.store.construct("recommendation-triples", recommendation=NamedNode(line.iri)), made.facts)
    return replace(made, first=(*made.first, *(NamedNode(line.iri) for line in lines)))
