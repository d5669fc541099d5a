"""Whose judgement a list rests on: themes and related provisions are suggested until a named person reviews them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from server import page_index
from server.page_index import Index
from server.pages.selection import BY_BASIS, Selection, value_of
from server.pages.values import Judged, View, judgement, standing
from server.web.request import Exchange


def basis_of(name: str, basis: str, index: Index) -> str:
    """What the values of a filter rest on, in brackets behind its name; nothing for what text and rules say."""
    share = standing(index.reviewed)
    if name == "theme":
        return f" ({share})"
    ways = {
        "cited": "cited in the text",
        "related": f"related, {share}",
        "both": f"cited in the text, or related: {share}",
    }
    return f" ({ways[basis]})" if name in BY_BASIS else ""


def is_judged(selection: Selection) -> bool:
    """Whether a selection rests on what was suggested."""
    return any(
        values and (name == "theme" or (name in BY_BASIS and selection.basis != "cited"))
        for name, values in selection.chosen.items()
    )


def judgements_behind(selection: Selection, numbers: Iterable[int], exchange: Exchange) -> dict[int, list[Judged]]:
    """What was judged of each of these recommendations that puts it into a selection."""
    if not is_judged(selection):
        return {}
    chosen = {
        name: [value_of(name, slug, exchange)[1].term.strip("<>") for slug in slugs]
        for name, slugs in selection.chosen.items()
    }
    themes = _with_narrower(chosen.get("theme", ()), exchange.snapshot.index)
    ways = BY_BASIS if selection.basis != "cited" else ()
    places = tuple(f"{iri}/" for name in ways for iri in chosen.get(name, ()))
    judgements = judgements_of(numbers, exchange, lambda iri: iri in themes or f"{iri}/".startswith(places))
    return {number: [each for _, each in judged] for number, judged in judgements.items()}


def _with_narrower(themes: Sequence[str], index: Index) -> set[str]:
    """Themes with those below them."""
    known = page_index.things(index, "Theme") if themes else ()
    return {*themes, *(each.iri for each in known if each.wider in themes)}


def judgements_of(
    numbers: Iterable[int], exchange: Exchange, wanted: Callable[[str], bool] = bool
) -> dict[int, list[tuple[str, Judged]]]:
    """The themes and related provisions of these recommendations that are wanted, each with its IRI, in their order."""
    judgements: dict[int, list[tuple[str, Judged]]] = {}
    rows = page_index.links(exchange.snapshot.index, numbers, wanted)
    for _, group in groupby(rows, key=lambda row: row.iri):
        of_one = list(group)
        judgements.setdefault(of_one[0].line, []).append((of_one[0].other, judgement(of_one, exchange.urls)))
    return judgements


def in_words(judgements: Iterable[Judged]) -> str:
    """What each is about, and who suggested and who reviewed it."""
    return "; ".join(f"{each.about.label}: {each.standing}" for each in judgements)


def with_reviews(lines: Sequence[View], judgements: dict[int, list[Judged]]) -> Sequence[View]:
    """Lines that say who reviewed what put them into a list, where somebody has."""
    for line in lines:
        line.review = in_words(each for each in judgements.get(line.id, ()) if each.reviewers)
    return lines
