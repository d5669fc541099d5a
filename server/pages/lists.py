"""Lists of one kind, as pages and as data: actors, tools, themes, groups, meetings, documents, modalities and so on."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from pyoxigraph import NamedNode
from pyroaring import BitMap

from ontology.terms import term
from server import page_index
from server.linkeddata.description import licence_of
from server.linkeddata.representing import Data, collection, pages_with
from server.page_index import Index, LineRow
from server.page_index import ThingRow as Thing
from server.pages.exports import Sheet, files_at
from server.pages.kinds import LISTED, Kind
from server.pages.page import Page, Questions, turned
from server.pages.recommendations import PAGE as RECOMMENDATIONS
from server.pages.recommendations import chosen_by
from server.pages.selection import Selection
from server.pages.values import Link, View, line_rows, standing
from server.store.known import gather
from server.web.request import Exchange, Urls

ACTORS = (
    "Organizations and initiatives",
    "Bodies of the United Nations and of conferences",
    "States",
    "Authorities, professions and society",
)
"""The kinds of actors in the order in which they are listed; the query names them."""

BY_DATE = ("meetings", "documents")
WHOLE = {"articles": "All articles", "queries": "The questions"}
"""Lists that are never cut into pages."""
About = Callable[[str], BitMap]
"""The recommendations of a thing, by its IRI."""
PAGE = 200
"""How many things of a kind one page lists; of kinds whose names nest there are never as many."""


def list_page(path: str, number: int, exchange: Exchange) -> Page:
    """The list of one kind, named by its path. Raises `BadRequest` for a page that there is not."""
    kind, ask, urls = LISTED[path], Questions(exchange), exchange.urls
    ask.same_answer("list-things", **{"class": exchange.snapshot.names.pal(kind.class_)})
    if path == "themes":
        ask.same_answer("themes-together")
    distinct, about = _listed(path, exchange)
    pages = pages_with(number, len(distinct), PAGE)
    shown = distinct[(number - 1) * PAGE : number * PAGE]
    return ask.page(
        "list.html",
        path,
        kind.heading,
        f"{kind.heading}. {kind.meaning}",
        kind=kind,
        meaning=_known(kind, exchange),
        groups=_groups(path, shown, about, urls),
        pages=f"{(number - 1) * PAGE + 1:,} to {(number - 1) * PAGE + len(shown):,} of {len(distinct):,}" * (pages > 1),
        **turned(number, pages, lambda to: urls.path(path, query={"page": str(to)})),
        files=files_at(urls.path(path)) if distinct else (),
        picture=_picture(distinct, exchange) if path == "themes" else None,
    )


def _known(kind: Kind, exchange: Exchange) -> str:
    """What to know of a list, and of what was suggested whose judgement it is."""
    whose = f" {kind.heading} are {standing(exchange.snapshot.index.reviewed)}." if kind.origin == "suggested" else ""
    return kind.meaning + whose


def list_sheet(path: str, exchange: Exchange) -> Sheet:
    """The whole list of one kind for files; what is below another thing says so."""
    kind, (distinct, about) = LISTED[path], _listed(path, exchange)
    rows: list[tuple[str | int, ...]] = [
        (
            group,
            "; ".join(above),
            row.link.label,
            row.name,
            row.meaning,
            row.force or "",
            row.recommendations,
            exchange.urls.absolute(row.link.href),
        )
        for group, members in _groups(path, distinct, about, exchange.urls)
        for row, above in _unfolded(members)
    ]
    heads = ["kind", "below", "name", "also", "meaning", "strength", "recommendations", "address"]
    used = [at for at in range(len(heads)) if any(row[at] != "" for row in rows) or not rows]
    return Sheet(
        kind.heading, [heads[at] for at in used], [[row[at] for at in used] for row in rows], [_known(kind, exchange)]
    )


def _listed(path: str, exchange: Exchange) -> tuple[list[Thing], About]:
    """The things of a list, each once, in the order of the list, and what finds their recommendations."""
    kind = LISTED[path]
    things = page_index.things(exchange.snapshot.index, kind.class_)
    about = _finding(things, exchange.snapshot.index, kind.filter if kind.by_filter else "")
    distinct = list({thing.iri: thing for thing in reversed(things)}.values())[::-1]
    if path in BY_DATE:
        distinct.sort(key=lambda thing: (thing.start, thing.label))
    if path == "themes":
        distinct.sort(key=lambda thing: _middle(about(thing.iri)))
    return distinct, about


def _middle(about: BitMap) -> float:
    """Where in the texts a thing is spoken of: at the recommendation in the middle of those about it."""
    return about[len(about) // 2] if about else math.inf


def _unfolded(rows: Iterable[View], above: tuple[str, ...] = ()) -> Iterator[tuple[View, tuple[str, ...]]]:
    for row in rows:
        yield row, above
        yield from _unfolded(row.narrower, (*above, row.link.label))


def _finding(things: Sequence[Thing], index: Index, filter_: str) -> About:
    """What finds the recommendations of a thing by its IRI: those of a filter, or else all that concern the thing or
    one that is narrower."""
    narrower = defaultdict[str, set[str]](set)
    for thing in things:
        narrower[thing.wider].add(thing.iri)

    @cache
    def about(iri: str) -> BitMap:
        if filter_:
            return index.with_value(filter_, iri.rpartition("/")[2])
        below = [iri]
        for each in below:  # which grows meanwhile
            below += narrower[each].difference(below)
        return index.pointing("about", below)

    return about


def _groups(path: str, things: Sequence[Thing], about: About, urls: Urls) -> list[tuple[str, list[View]]]:
    """The things of a list under the headings of their kinds, what is narrower inside what is wider."""
    if path == "modalities":
        things = sorted(things, key=lambda thing: (-(thing.force or 0), thing.label))
    rows = {thing.iri: _row(thing, about, urls) for thing in things}
    if path == "modalities" or path in BY_DATE:
        return [("", list(rows.values()))]
    groups: dict[str, list[View]] = {kind: [] for kind in ACTORS}
    for thing in things:
        # The scheme has more verbs than the texts use; those that nobody is asked for say nothing.
        if path != "actions" or rows[thing.iri].recommendations:
            wider = rows.get(thing.wider)
            (wider.narrower if wider else groups.setdefault(thing.kind, [])).append(rows[thing.iri])
    return [(kind, members) for kind, members in groups.items() if members]


NAMED = 20
"""Up to how many recommendations of one document are named by their numbers."""


def _picture(things: Sequence[Thing], exchange: Exchange) -> View | None:
    """The themes that recommendations have, each a link with whether it is the first of its wider one, and the pairs of
    them that occur together, by their places among these. None where no two are together."""
    index, urls, wides = exchange.snapshot.index, exchange.urls, {thing.iri: thing for thing in things}
    narrow = [[each for each in things if each.wider == iri] for iri, wide in wides.items() if wide.wider not in wides]
    themes = [theme for of_one in narrow for theme in of_one]
    members = [index.pointing("theme", [theme.iri]) & index.recommendations for theme in themes]
    in_both = {
        (column, down): members[column] & members[down]
        for column, down in itertools.combinations(range(len(themes)), 2)
        if members[column].intersect(members[down])
    }
    if not in_both:
        return None
    named = _named(in_both.values(), exchange)
    return View(
        names=[(Link(urls.of(each.iri), each.label), each is of_one[0]) for of_one in narrow for each in of_one],
        pairs=[_pair(place, both, themes, named, exchange) for place, both in in_both.items()],
        summary=_summary(themes, in_both),
    )


def _named(pairs: Iterable[BitMap], exchange: Exchange) -> Mapping[int, LineRow]:
    """The recommendations of pairs that are named one by one; in a corpus of several documents none is."""
    if exchange.snapshot.index.documents > 1:
        return {}
    few = BitMap.union(BitMap(), *(both for both in pairs if len(both) <= NAMED))
    return {row.id: row for row in line_rows(few, exchange)}


def _pair(
    place: tuple[int, int], both: BitMap, themes: Sequence[Thing], named: Mapping[int, LineRow], exchange: Exchange
) -> View:
    (column, down), number = place, len(both)
    rows = [named[each] for each in both] if named and number <= NAMED else []
    if len(rows) == 1:
        href = exchange.urls.of(rows[0].iri)
    else:
        slugs = tuple(themes[at].iri.rpartition("/")[2] for at in place)
        href = Selection({"theme": slugs}, every=("theme",)).href(exchange)
    said = f"{number:,} recommendations"
    if rows:
        said = f"recommendation{'s' * (number > 1)} {', '.join([str(row.number) for row in rows])}"
    title = f"{themes[column].label} and {themes[down].label}: {said}"
    return View(column=column, down=down, number=number, href=href, title=title)


def _summary(themes: Sequence[Thing], pairs: Mapping[tuple[int, int], BitMap]) -> str:
    most = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:3]
    frequent = "; ".join(
        f"{themes[column].label} with {themes[down].label}, {len(both):,} recommendation{'s' * (len(both) > 1)}"
        for (column, down), both in most
    )
    return f"{len(pairs)} pairs of themes occur together. Most often: {frequent}."


def _row(thing: Thing, about: About, urls: Urls) -> View:
    """A thing with its number of recommendations; ``narrower`` is for the things below it."""
    same = thing.class_ == "Document" or thing.name.casefold() == thing.label.casefold()
    return View(
        link=Link(urls.of(thing.iri), thing.label),
        name="" if same else thing.name,
        meaning=thing.definition or thing.role,
        force=thing.force,
        recommendations=len(about(thing.iri)),
        narrower=[],
    )


def members_of(path: str, number: int, exchange: Exchange) -> Data:
    """A page of the list of one kind, of all articles or of all questions, named by its path."""
    names, index, urls = exchange.snapshot.names, exchange.snapshot.index, exchange.urls
    if path == "queries":
        members = [
            (names.node(f"queries/{query.name}").value, query.title, term("sh:SPARQLExecutable").value)
            for query in exchange.services.catalogue.questions
        ]
        label = "Questions this graph answers"
    elif path == "articles":
        articles = itertools.chain.from_iterable(page_index.treaties(index).values())
        members = [(article.iri, article.label, names.pal("Article").value) for article in articles]
        label = "Articles"
    else:
        class_ = names.pal(LISTED[path].class_).value
        members = [(thing.iri, thing.label, class_) for thing in page_index.things(index, LISTED[path].class_)]
        label = LISTED[path].heading
    members = list(dict.fromkeys(members))
    size = max(1, len(members)) if path in WHOLE else PAGE
    pages = pages_with(number, len(members), size)
    shown = members[(number - 1) * size : number * size]
    address, at, licence = urls.canonical(path), urls.path(path), licence_of(path, exchange)
    made = collection(address, label, shown, len(members), number, pages, exchange, licence=licence, at=at)
    if path == "queries":
        rows = exchange.store.select("graph-statements", graph=names.graph("queries"))
        start = names.node("queries#").value
        for row in rows:
            if row["subject"].value.startswith(start):
                properties = made.facts.setdefault(NamedNode(row["subject"].value), {})
                properties.setdefault(row["property"].value, set()).add(row["value"])
    return made


def recommendations_of(selection: Selection, title: str, exchange: Exchange) -> Data:
    """A page of a selection of recommendations, the same as its HTML, each with its directives and links."""
    index, urls = exchange.snapshot.index, exchange.urls
    chosen = chosen_by(selection, index)
    pages = pages_with(selection.page, len(chosen), RECOMMENDATIONS)
    shown = chosen[(selection.page - 1) * RECOMMENDATIONS : selection.page * RECOMMENDATIONS]
    lines = list(page_index.lines(index, shown))
    at = selection.href(exchange, as_one=True)
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
        gather(exchange.store.construct("recommendation-triples", recommendation=NamedNode(line.iri)), made.facts)
    return replace(made, first=(*made.first, *(NamedNode(line.iri) for line in lines)))
