"""The list of recommendations with filters whose counts follow the other filters. The address is the whole state."""

from __future__ import annotations

from collections.abc import Sequence

from pyroaring import BitMap

from server.linkeddata.collections import pages_with
from server.page_index import Index
from server.pages.citing import style_choices
from server.pages.exports import exports
from server.pages.judged import basis_of, is_judged, judgements_behind, with_reviews
from server.pages.page import Page, Questions, turned
from server.pages.search import matching, ranked, snippets
from server.pages.selection import (
    BASES,
    FILTERS,
    SIDE_BY_SIDE,
    SORTS,
    Selection,
    as_query,
    facet,
    label_of,
    passing,
    value_of,
)
from server.pages.values import Link, View, line_rows, lines_of, strongest_first
from server.web.request import Exchange

PAGE = 100
"""How many recommendations one page lists."""
LISTED_IN_QUERY = 200
"""The most recommendations that a query names one by one where words were sought."""


def recommendations_page(selection: Selection, ask: Questions) -> Page:
    """The view of a page of a selection. Raises `BadRequest` for a page that there is not."""
    exchange, index = ask.exchange, ask.exchange.snapshot.index
    ask.same_answer("recommendation-lines", "recommendation-facts")
    matched = matches(selection, index)
    passed = passing(selection, index, matched)
    first, pages = (selection.page - 1) * PAGE, pages_with(selection.page, len(passed), PAGE)
    return ask.page(
        "recommendations.html",
        "recommendations" + "".join(selection.href(exchange).partition("?")[1:]),
        "Recommendations",
        "All recommendations, by section, meeting, theme, strength, addressee, affected group, article and words.",
        indexed=not selection.pairs(),
        selection=selection,
        sorts=SORTS,
        styles=style_choices(exchange, selection.style),
        bases=BASES,
        filters=tuple(facet(name, selection, matched, exchange) for name in FILTERS),
        crossref=selection.href(exchange, "crossref", as_one=True),
        compare=selection.href(exchange, "compare", as_one=True)
        if any(1 < len(values) <= SIDE_BY_SIDE for values in selection.chosen.values())
        else "",
        chips=_chips(selection, exchange),
        judged=is_judged(selection),
        shown=_shown(selection, _ordered(selection, passed, index)[first : first + PAGE], exchange),
        passed=len(passed),
        first=first + 1,
        **turned(selection.page, pages, lambda to: selection.href(exchange, page=to)),
        total=len(index.recommendations),
        exports=exports(selection, len(passed), exchange),
        editor=_editor(selection, matched, exchange),
    )


def title_of(selection: Selection, exchange: Exchange) -> str:
    """What a file with this selection is called: its filters in words, and what they rest on."""
    index = exchange.snapshot.index
    basis = {FILTERS[name]: basis_of(name, selection.basis, index) for name in FILTERS}
    chips = ", ".join(f"{chip.note}: {chip.label}{basis.get(chip.note, '')}" for chip in _chips(selection, exchange))
    return f"Recommendations. {chips}" if chips else "Recommendations"


def matches(selection: Selection, index: Index) -> BitMap | None:
    """What has the words, recommendations and other things, or None where no words are sought."""
    return matching(index.database, selection.words) if selection.words else None


def chosen_by(selection: Selection, index: Index) -> Sequence[int]:
    """The numbers of all recommendations that a selection chooses, in its order."""
    return _ordered(selection, passing(selection, index, matches(selection, index)), index)


def _ordered(selection: Selection, passed: BitMap, index: Index) -> Sequence[int]:
    """The numbers of those that pass, in the order of the selection."""
    if selection.sort == "relevance" and selection.words:
        return ranked(index.database, selection.words, passed)
    return strongest_first(passed, index) if selection.sort == "strength" else list(passed)


def _shown(selection: Selection, numbers: Sequence[int], exchange: Exchange) -> Sequence[View]:
    """Lines, with the words around what matched in ``snippet``."""
    lines = with_reviews(lines_of(numbers, exchange), judgements_behind(selection, numbers, exchange))
    marked = snippets(exchange.snapshot.index.database, selection.words, numbers) if selection.words else {}
    for line in lines:
        line.snippet = marked.get(line.id, ())
    return lines


def _chips(selection: Selection, exchange: Exchange) -> tuple[Link, ...]:
    chips = [
        Link(
            selection.toggled(name, slug).href(exchange),
            label_of(name, value_of(name, slug, exchange)[1]),
            FILTERS[name],
        )
        for name, slugs in selection.chosen.items()
        for slug in slugs
    ]
    chips += [
        Link(selection.without_item(item).href(exchange), item.rpartition("/")[2], "Chosen") for item in selection.items
    ]
    if selection.words:
        chips.append(Link(selection.without_words().href(exchange), f"“{selection.words}”", "Words"))
    return tuple(chips)


def _editor(selection: Selection, matched: BitMap | None, exchange: Exchange) -> str:
    """The address of the query page with the selection as a query, not yet run, or nothing where that would name too
    many recommendations."""
    index, iris = exchange.snapshot.index, None
    if matched is not None:
        numbers = matched & index.recommendations
        if len(numbers) > LISTED_IN_QUERY:
            return ""
        iris = [row.iri for row in line_rows(numbers, exchange)]
    text = as_query(selection, exchange.services.catalogue["selection"], exchange, iris)
    return exchange.urls.path("editor", query={"query": text})
