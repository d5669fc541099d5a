"""Recommendations as lists: with filters whose counts follow the other filters, and in pairs, side by side with an
earlier one that they take up: they repeat it, go further, are weaker, follow up.

The address is the whole state. It narrows the later ones of pairs as it narrows the list (``?theme=human-rights``), and
the kinds of pairs (``?relation=sharpens``). All of a pair is judgement; the reason stands between the two texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from server.linkeddata.representing import pages_with
from server.page_index import Index
from server.pages.citing import style_choices
from server.pages.exports import Listed, exports, files_of
from server.pages.judged import basis_of, is_judged, judgements_behind, with_reviews
from server.pages.marks import with_directives
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
from server.pages.values import Link, View, grouped, judged, line_rows, lines_of, local_name, strongest_first, text
from server.store import Row
from server.web.errors import BadRequest
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


RELATIONS = {
    "sharpens": "goes further than",
    "restates": "repeats",
    "softens": "is weaker than",
    "followsUp": "follows up",
}
TITLE = "Which recommendations take up an earlier one"
PAIRS = 50
"""How many pairs one page shows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The kinds of pairs and the later recommendations that an address asks for."""

    relations: tuple[str, ...]
    selection: Selection

    def href(self, exchange: Exchange, page: int = 0) -> str:
        """The address, or that of another page."""
        pairs = [*(("relation", name) for name in self.relations), *self.selection.pairs(page)]
        return exchange.urls.path("takes-up", pairs)


def read_asked(relations: Sequence[str], selection: Selection) -> Asked:
    """What is asked for. Raises `BadRequest` for a relation that there is not."""
    for name in relations:
        if name not in RELATIONS:
            raise BadRequest(f"“relation” is one of {', '.join(RELATIONS)}.")
    return Asked(tuple(name for name in RELATIONS if name in relations), selection)


def takes_up_page(asked: Asked, exchange: Exchange) -> Page:
    """The view of the pairs. Raises `BadRequest` for a page that there is not."""
    ask, selection = Questions(exchange), asked.selection
    everything = _read(ask.rows("takes-up"), exchange)
    pairs = _asked_for(everything, asked, exchange)
    at, pages = selection.page, pages_with(selection.page, len(pairs), PAIRS)
    shown = pairs[(at - 1) * PAIRS : at * PAIRS]
    return ask.page(
        "takes_up.html",
        "takes-up",
        TITLE,
        "Later recommendations side by side with the earlier ones that they repeat, go further than or follow up.",
        indexed=not asked.relations and not selection.pairs(),
        relations=tuple(
            (name, words, sum(pair.relation == name for pair in everything), name in asked.relations)
            for name, words in RELATIONS.items()
        ),
        themes=_themes(_asked_for(everything, replace(asked, selection=_any_theme(selection)), exchange), exchange),
        theme=next(iter(selection.chosen.get("theme", ())), ""),
        narrowed=tuple((name, value) for name, value in _any_theme(selection).pairs() if name != "page"),
        pairs=_side_by_side(shown, exchange, ask),
        total=len(pairs),
        everything=len(everything),
        files=files_of(asked.href(exchange), 2 * len(pairs)),
        address=exchange.urls.absolute(asked.href(exchange)),
        **turned(at, pages, lambda to: asked.href(exchange, to)),
    )


def taken_up(asked: Asked, exchange: Exchange) -> list[Listed]:
    """The pairs as they stand in a file, two recommendations under each heading: ``27 goes further than 16``."""
    pairs = _asked_for(_read(exchange.store.select("takes-up"), exchange), asked, exchange)
    entries: list[Listed] = []
    for pair in _side_by_side(pairs, exchange):
        later, earlier = pair.later.line, pair.earlier.line
        heading = f"{later.label} {pair.relation} {earlier.label[0].lower()}{earlier.label[1:]}"
        facts = (("reason", pair.said.reason), ("confidence", pair.said.confidence), ("review", pair.said.standing))
        whose = f"{heading}: {pair.said.standing}"
        entries.append(Listed(later, heading, facts, whose))
        entries.append(Listed(earlier, heading, said=whose))
    return entries


def _any_theme(selection: Selection) -> Selection:
    return replace(selection, chosen={**selection.chosen, "theme": ()}, page=1)


def _read(rows: Iterable[Row], exchange: Exchange) -> list[View]:
    """The pairs in rows of ``takes-up``: the numbers of both in the index, the name of the relation, and their rows."""
    index = exchange.snapshot.index
    return [
        View(
            later=index.number(text(own[0], "later")) or 0,
            earlier=index.number(text(own[0], "earlier")) or 0,
            relation=local_name(text(own[0], "relation")),
            rows=own,
        )
        for own in grouped(rows, "link").values()
    ]


def _asked_for(pairs: Iterable[View], asked: Asked, exchange: Exchange) -> list[View]:
    """Those whose relation is asked for and whose later recommendation passes, in the order of the document."""
    index = exchange.snapshot.index
    passed = passing(asked.selection, index, matches(asked.selection, index))
    relations = asked.relations or tuple(RELATIONS)
    kept = (pair for pair in pairs if pair.later in passed and pair.relation in relations)
    return sorted(kept, key=lambda pair: (pair.later, pair.earlier))


def _themes(pairs: Sequence[View], exchange: Exchange) -> list[tuple[str, str, int]]:
    """The themes that the later ones of these pairs have: slug, label, and how many pairs."""
    counted = (
        (value.slug, value.label, sum(pair.later in value.members for pair in pairs))
        for value in exchange.snapshot.index.values("theme").values()
    )
    return [each for each in counted if each[2]]


def _side_by_side(pairs: Sequence[View], exchange: Exchange, ask: Questions | None = None) -> list[View]:
    """Each later recommendation with the earlier one that it takes up, and why; on a page with their marked words."""
    lines = lines_of({number for pair in pairs for number in (pair.later, pair.earlier)}, exchange)
    pieces = with_directives(lines, ask) if ask else {}
    sides = {line.id: View(line=line, pieces=pieces.get(line.iri, ())) for line in lines}
    return [
        View(
            later=sides[pair.later],
            relation=RELATIONS[pair.relation],
            earlier=sides[pair.earlier],
            said=judged(pair.rows, exchange.urls, "earlier", "earlierLabel"),
        )
        for pair in pairs
    ]
