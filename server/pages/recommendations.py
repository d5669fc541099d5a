"""The list of recommendations with filters whose counts follow the other filters. The address is the whole state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from server.pages.facts import Facts, Value
from server.pages.framing import frame
from server.pages.index import words_found
from server.pages.questions import Questions, editor_href
from server.pages.selecting import BASES, FILTERS, SORTS, Selection, as_query, having, passing
from server.pages.views import Frame, Line, Link
from server.web.exchange import Exchange

CITES = ("article", "instrument")
EDITORIAL = ("theme",)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter with how many recommendations it would leave, and whether it is chosen."""

    slug: str
    label: str
    count: int
    chosen: bool
    narrow: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. ``origin`` says where its values come from: ``text``, ``rules`` or ``editors``."""

    name: str
    label: str
    origin: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A recommendation that passes, with its section and a snippet where words were sought."""

    line: Line
    section: str
    snippet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecommendationsView:
    """The list. ``chips`` take one choice away each; ``exports`` give exactly this list."""

    template: ClassVar[str] = "recommendations.html"

    frame: Frame
    action: str
    words: str
    sort: str
    sorts: tuple[tuple[str, str], ...]
    basis: str
    bases: tuple[tuple[str, str], ...]
    filters: tuple[Filter, ...]
    chips: tuple[Link, ...]
    found: tuple[Found, ...]
    total: int
    exports: tuple[Link, ...]
    editor: str
    clear: str


async def recommendations_page(selection: Selection, facts: Facts, ask: Questions) -> RecommendationsView:
    """The view of a selection."""
    exchange = ask.exchange
    matched = matches(selection, exchange)
    chosen = chosen_recommendations(selection, facts, matched)
    query = as_query(selection, facts, exchange.services.catalogue["selection"], exchange, matched)
    return RecommendationsView(
        frame=frame(
            exchange,
            "recommendations",
            "Recommendations",
            "All recommendations, by section, meeting, theme, strength, addressee, affected group, article and words.",
            behind=ask.asked,
            indexed=not selection.pairs(),
        ),
        action=exchange.urls.path("recommendations"),
        words=selection.words,
        sort=selection.sort,
        sorts=tuple((name, label) for name, label in SORTS.items() if name != "relevance" or selection.words),
        basis=selection.basis,
        bases=tuple(BASES.items()),
        filters=tuple(_filter(name, selection, facts, matched) for name in FILTERS),
        chips=_chips(selection, facts, exchange),
        found=tuple(
            Found(facts.lines[iri], facts.sections[iri], matched.get(iri, ()) if matched else ()) for iri in chosen
        ),
        total=len(facts.lines),
        exports=tuple(
            Link(selection.href(exchange, f"recommendations.{suffix}"), label)
            for suffix, label in (("csv", "CSV"), ("jsonld", "JSON-LD"), ("ris", "RIS"))
        ),
        editor=editor_href(query, exchange),
        clear=exchange.urls.path("recommendations"),
    )


def matches(selection: Selection, exchange: Exchange) -> Mapping[str, tuple[str, ...]] | None:
    """Snippets of the paragraphs that have the words, best first, or None where no words are sought."""
    return words_found(exchange.snapshot.search_path, selection.words) if selection.words else None


def chosen_recommendations(
    selection: Selection, facts: Facts, matched: Mapping[str, tuple[str, ...]] | None
) -> Sequence[str]:
    """The IRIs of those that pass, in the order of the selection."""
    passed = passing(selection, facts, matched)
    if selection.sort == "relevance" and matched is not None:
        return [iri for iri in matched if iri in passed]
    by_number = [iri for iri in facts.lines if iri in passed]
    if selection.sort == "strength":
        return sorted(by_number, key=lambda iri: -(facts.lines[iri].force or 0))
    return by_number


def _filter(name: str, selection: Selection, facts: Facts, matched: Mapping[str, tuple[str, ...]] | None) -> Filter:
    others = passing(selection, facts, matched, leaving_out=name)
    known: dict[str, Value] = {}
    for of_basis in selection.names(name):
        known.update(facts.values.get(of_basis, {}))
    ordered = sorted(
        known.values(),
        key=lambda value: (value.slug.split("/")[0], value.order) if name == "article" else ("", value.order),
    )
    picked = selection.chosen.get(name, ())
    choices = tuple(
        Choice(
            value.slug,
            _label(name, value),
            len(others & having(selection, facts, name, [value.slug])),
            value.slug in picked,
            value.narrow,
        )
        for value in ordered
    )
    origin = (
        "editors"
        if name in EDITORIAL
        else "text"
        if name in ("section", "meeting")
        else "mixed"
        if name in CITES
        else "rules"
    )
    return Filter(
        name,
        FILTERS[name],
        origin,
        tuple(choice for choice in choices if choice.count or choice.chosen),
        bool(picked) or name in ("section", "theme"),
    )


def _label(name: str, value: Value) -> str:
    return (
        f"{value.label} of 5"
        if name == "strength"
        else f"{value.slug}. {value.label}"
        if name == "section"
        else value.label
    )


def _chips(selection: Selection, facts: Facts, exchange: Exchange) -> tuple[Link, ...]:
    chips = []
    for name, values in selection.chosen.items():
        for slug in values:
            known = next((facts.values[of][slug] for of in (*selection.names(name), f"{name} cited", f"{name} related")
                          if slug in facts.values.get(of, {})), None)  # fmt: skip
            label = _label(name, known) if known else slug
            chips.append(Link(selection.toggled(name, slug).href(exchange), label, FILTERS[name]))
    if selection.words:
        chips.append(Link(selection.without_words().href(exchange), f"“{selection.words}”", "Words"))
    return tuple(chips)
