"""Recommendations that take up an earlier one, side by side with it: they repeat it, go further, are weaker, follow up.

The address narrows the later ones as it narrows the list of recommendations (``?theme=human-rights``), and the kinds of
pairs (``?relation=sharpens``). All of it is judgement; the reason stands between the two texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from server.linkeddata.collections import pages_with
from server.pages.exports import Listed, files_of
from server.pages.marks import with_directives
from server.pages.page import Page, Questions, turned
from server.pages.recommendations import matches
from server.pages.selection import Selection, passing
from server.pages.values import View, grouped, judged, lines_of, local_name, text
from server.store import Row
from server.web.errors import BadRequest
from server.web.request import Exchange

RELATIONS = {
    "sharpens": "goes further than",
    "restates": "repeats",
    "softens": "is weaker than",
    "followsUp": "follows up",
}
TITLE = "Which recommendations take up an earlier one"
PAGE = 50
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
    at, pages = selection.page, pages_with(selection.page, len(pairs), PAGE)
    shown = pairs[(at - 1) * PAGE : at * PAGE]
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
