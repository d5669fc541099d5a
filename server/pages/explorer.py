"""The explorer: a thing and what is linked to it, step by step, as a page and as JSON for its picture."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from server.pages.page import Page, Questions
from server.pages.values import Link, View, fitting, flag, node, text
from server.store import Row
from server.web.answers import Answer, json_answer
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange

JUDGED_WAYS = ("related to", "theme", "repeats", "goes further than", "is weaker than", "follows up")
"""Ways that were judged to hold; all others were read in the text or in the treaties."""
HEADINGS = {
    ("cites", False): "Cited by",
    ("related to", True): "It is related to",
    ("related to", False): "Related to it",
    ("theme", True): "Its themes",
    ("theme", False): "With this theme",
    ("group", True): "Groups that it names",
    ("group", False): "Recommendations that name it",
    ("part of", True): "It is part of",
    ("part of", False): "Its parts",
    ("addresses", True): "Whom it addresses",
    ("addresses", False): "Recommendations addressed to it",
    ("goes further than", False): "Recommendations that go further",
    ("is weaker than", False): "Recommendations that are weaker",
    ("repeats", False): "Repeated by",
    ("follows up", False): "Followed up by",
}
"""Headings for a way of being linked, from the thing or to it."""
STEP = 40
"""How many links one step shows; the page of the thing has all of them."""


def explore_href(path: str, exchange: Exchange) -> str:
    """The page of the explorer that begins at a thing."""
    return exchange.urls.path("explore", query={"of": path})


def _thing(path: str, exchange: Exchange) -> NamedNode:
    try:
        return NamedNode(exchange.snapshot.base.iri + path)
    except ValueError as error:
        raise BadRequest("The parameter “of” is the path of a thing, such as id/actor/unodc.") from error


def neighbours_json(path: str, exchange: Exchange) -> Answer:
    """A thing, named by its path below the base, with its links: ``{"of", "nodes", "edges", "more"}``.

    Raises `BadRequest` for a path that names nothing of ours could have, `NotFound` where nothing is linked to it.
    """
    about = _thing(path, exchange)
    rows = exchange.store.select("neighbours", thing=about)
    if not rows:
        raise NotFound(f"Nothing in the graph is linked to “{path}”.")
    nodes = {about.value: _node(about, text(rows[0], "thingLabel"), exchange)}
    edges = []
    for row in _in_order(rows)[:STEP]:
        other, way = node(row, "other"), text(row, "way")
        nodes[other.value] = _node(other, text(row, "otherLabel"), exchange)
        source, target = (path, nodes[other.value]["id"]) if flag(row, "out") else (nodes[other.value]["id"], path)
        edges.append({"source": source, "target": target, "label": way, "judged": way in JUDGED_WAYS})
    return json_answer({"of": path, "nodes": list(nodes.values()), "edges": edges, "more": len(rows) > STEP})


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows by way; what a directive has, its recommendation has as well."""
    told = (row for row in rows if "/directive/" not in text(row, "other"))
    return sorted(told, key=lambda row: (text(row, "way"), text(row, "other")))


def _node(thing: NamedNode, label: str, exchange: Exchange) -> dict[str, str]:
    path = thing.value.removeprefix(exchange.snapshot.base.iri)
    steps = path.split("/")
    kind = "recommendation" if steps[1:2] == ["document"] else steps[1] if len(steps) > 1 else "other"
    return {
        "id": path,
        "label": fitting(label),
        "name": label,
        "kind": kind,
        "href": exchange.urls.of(thing),
        "more": exchange.urls.path("neighbours.json", query={"of": path}),
    }


def explore_page(path: str, exchange: Exchange) -> Page:
    """What is linked to a thing, in words, and a place for the picture; without a path the instrument that is cited
    most. Raises `NotFound` for what is neither linked to anything nor described."""
    ask, index = Questions(exchange), exchange.snapshot.index
    cited = sorted(index.values("instrument cited").values(), key=lambda value: -len(value.members))
    chosen = path or next((f"id/instrument/{value.slug}" for value in cited), "")
    thing = _thing(chosen, exchange)
    rows = _in_order(ask.rows("neighbours", thing=thing))
    described = [] if rows else exchange.store.select("thing", thing=thing)
    name = text(rows[0], "thingLabel") if rows else next((text(row, "label") for row in described), "")
    if not name:
        raise NotFound(f"Nothing in the graph is linked to “{chosen}”.")
    ways: dict[tuple[str, bool], list[Link]] = {}
    for row in rows:
        other = node(row, "other")
        on = explore_href(other.value.removeprefix(exchange.snapshot.base.iri), exchange)
        to = Link(on, text(row, "otherLabel"), exchange.urls.of(other))
        ways.setdefault((text(row, "way"), flag(row, "out")), []).append(to)
    about = Link(exchange.urls.of(thing.value), name)
    return ask.page(
        "explore.html",
        "explore",
        f"Explorer: {about.label}",
        "What is linked to a recommendation, an article, an actor or a theme, step by step.",
        indexed=not path,
        about=about,
        graph=exchange.urls.path("neighbours.json", query={"of": chosen}),
        ways=tuple(
            View(
                words=HEADINGS.get((way, out), f"It {way}" if out else f"What {way} it"),
                judged=way in JUDGED_WAYS,
                others=tuple(others),
            )
            for (way, out), others in ways.items()
        ),
    )
