"""The vocabulary and the shapes as pages: every class, property and check with its meaning and its use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from server.linkeddata.description import Resource
from server.pages.page import Page, Questions, resource_formats
from server.pages.values import Link, View, count, fitting, grouped, local_name, text
from server.store import Row
from server.web.request import Exchange

PARTS = {
    "under": "Kind of", "of": "Of", "to": "Leads to", "inverse": "The other way round", "never also": "Never also",
    "see also": "Close to",
}  # fmt: skip
LONGEST = 90
"""Characters of an example's words that are shown."""


def vocabulary_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of the vocabulary."""
    ask = Questions(exchange)
    rows = ask.rows("vocabulary-terms")
    use = {text(row, "term"): row for row in ask.rows("vocabulary-use")}
    examples = {text(row, "term"): row for row in reversed(ask.rows("vocabulary-examples"))}
    classes, properties = (grouped(grouped(rows, "kind")[kind], "term") for kind in ("class", "property"))
    return ask.page(
        "vocabulary.html",
        "ontology",
        "Vocabulary",
        "Every class and property of this graph, with its meaning, its use and an example.",
        formats=resource_formats(exchange, resource.path),
        permalink=exchange.snapshot.prefixes["pal"],
        itself=ask.rows("vocabulary-itself"),
        diagram=diagram(
            {
                local_name(iri): (text(rows[0], "label"), count(use.get(iri, {}), "count"))
                for iri, rows in classes.items()
            },
            {local_name(iri): text(rows[0], "label") for iri, rows in properties.items()},
        ),
        tree=_tree(classes, use),
        classes=tuple(_term(of_one, use, examples, exchange) for of_one in classes.values()),
        properties=tuple(_term(of_one, use, examples, exchange) for of_one in properties.values()),
    )


def _term(rows: Sequence[Row], use: Mapping[str, Row], examples: Mapping[str, Row], exchange: Exchange) -> View:
    iri, prefixes, ways = text(rows[0], "term"), exchange.snapshot.prefixes, grouped(rows, "way")
    example = examples.get(iri, {})

    def links(way: str) -> list[Link]:
        others = {text(each, "other"): text(each, "otherLabel") for each in ways[way]}
        return [Link(exchange.urls.of(other), label or shorten(other, prefixes)) for other, label in others.items()]

    return View(
        row=rows[0],
        anchor=local_name(iri),
        name=shorten(iri, prefixes),
        facts=[(heading, links(way)) for way, heading in PARTS.items() if way in ways],
        used=count(use.get(iri, {}), "count"),
        example=example,
        example_value=_value(example, exchange) if "value" in example else None,
    )


def _value(example: Row, exchange: Exchange) -> Link:
    """What the example leads to: a link, or words, cut where they are long."""
    value = example["value"]
    if isinstance(value, NamedNode):
        label = text(example, "valueLabel") or shorten(value.value, exchange.snapshot.prefixes)
        return Link(exchange.urls.of(value), label)
    return Link("", fitting(value.value, LONGEST))


def _tree(classes: Mapping[str, Sequence[Row]], use: Mapping[str, Row]) -> tuple[View, ...]:
    above = {
        iri: {text(row, "other") for row in rows if text(row, "way") == "under"} & set(classes)
        for iri, rows in classes.items()
    }

    def branch(iri: str) -> View:
        row = classes[iri][0]
        return View(
            link=Link(f"#{local_name(iri)}", text(row, "label")),
            used=count(use.get(iri, {}), "count"),
            branches=tuple(branch(other) for other in classes if iri in above[other]),
        )

    return tuple(branch(iri) for iri in classes if not above[iri])


def shapes_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of the shapes."""
    known: Sequence[Mapping[str, Any]] = exchange.snapshot.validation.get("shapes", ())
    figures = exchange.snapshot.manifest.get("validation", {})
    below: dict[str, list[Mapping[str, Any]]] = {}
    for shape in known:
        if shape.get("parent"):
            below.setdefault(shape["parent"], []).append(shape)
    return Questions(exchange).page(
        "shapes.html",
        "shapes",
        "Checks",
        "Every check of the graph in words, with what it looked at and what it found.",
        formats=resource_formats(exchange, resource.path),
        checks=[(shape, below.get(shape["shape"], ())) for shape in known if not shape.get("parent")],
        shapes=int(figures.get("shapes", len(known))),
        checked=int(figures.get("checked", 0)),
        results=len(exchange.snapshot.validation.get("results", ())),
    )


WIDTH_OF_BOX, HEIGHT_OF_BOX = 156, 44
BOX_COLUMN, BOX_ROW = 280, 96
BOXES = {
    "Document": (0, 0),
    "Section": (1, 0),
    "Meeting": (0, 1),
    "Recommendation": (1, 1),
    "Provision": (2, 1),
    "Instrument": (3, 1),
    "Theme": (0, 2),
    "Directive": (2, 2),
    "Modality": (3, 2),
    "AffectedGroup": (0, 3),
    "Tool": (1, 3),
    "Actor": (2, 3),
    "Qualifier": (3, 3),
    "Action": (2, 4),
}
"""Where the main classes stand: column and row. Which classes and properties exist, the vocabulary says."""
ARROWS = (
    ("Section", "partOf", "Document"),
    ("Recommendation", "partOf", "Section"),
    ("Recommendation", "adoptedAt", "Meeting"),
    ("Recommendation", "theme", "Theme"),
    ("Recommendation", "affects", "AffectedGroup"),
    ("Recommendation", "cites", "Provision"),
    ("Recommendation", "relatesTo", "Provision"),
    ("Recommendation", "hasDirective", "Directive"),
    ("Recommendation", "mentions", "Tool"),
    ("Provision", "partOf", "Instrument"),
    ("Directive", "addressee", "Actor"),
    ("Directive", "askedActor", "Actor"),
    ("Directive", "modality", "Modality"),
    ("Directive", "qualifier", "Qualifier"),
    ("Directive", "action", "Action"),
    ("Tool", "maintainedBy", "Actor"),
)
JUDGED_PROPERTIES = ("theme", "relatesTo")
"""Properties that were judged; they are dashed, as everywhere on this site."""
APART_LEVEL, APART_UPRIGHT = 22, 92
"""How far two arrows between the same boxes stand from each other, so that their labels do not touch."""


def diagram(classes: Mapping[str, tuple[str, int]], properties: Mapping[str, str]) -> View:
    """The diagram of those main classes and properties that the vocabulary has.

    ``classes`` are label and number of things by local name, ``properties`` labels by local name.
    """
    centres = {
        name: (column * BOX_COLUMN + WIDTH_OF_BOX // 2 + 2, row * BOX_ROW + HEIGHT_OF_BOX // 2 + 2)
        for name, (column, row) in BOXES.items()
        if name in classes
    }
    drawn = [each for each in ARROWS if each[0] in centres and each[2] in centres and each[1] in properties]
    arrows = []
    for source, name, target in drawn:
        beside = [each[1] for each in drawn if (each[0], each[2]) == (source, target)]
        shift = beside.index(name) - (len(beside) - 1) / 2
        arrows.append(_arrow(centres[source], centres[target], shift, properties[name], name))
    sentences = "; ".join(
        f"{classes[source][0]} {properties[name]} {classes[target][0]}" for source, name, target in drawn
    )
    return View(
        width=max((x for x, _ in centres.values()), default=0) + WIDTH_OF_BOX // 2 + 2,
        height=max((y for _, y in centres.values()), default=0) + HEIGHT_OF_BOX // 2 + 2,
        box_width=WIDTH_OF_BOX,
        box_height=HEIGHT_OF_BOX,
        boxes=tuple(
            View(x=x, y=y, label=classes[name][0], anchor=name, used=classes[name][1])
            for name, (x, y) in centres.items()
        ),
        arrows=tuple(arrows),
        summary=f"The main classes and properties: {sentences}.",
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], shift: float, label: str, anchor: str) -> View:
    """An arrow from the edge of one box to the edge of the other, moved aside by ``shift`` arrows."""
    (x1, y1), (x2, y2) = start, end
    upright = abs(x2 - x1) < 1
    along, across = (shift * APART_UPRIGHT, 0.0) if upright else (0.0, shift * APART_LEVEL)
    from_x, from_y = _edge(x1 + along, y1 + across, x2 + along, y2 + across)
    to_x, to_y = _edge(x2 + along, y2 + across, x1 + along, y1 + across)
    return View(
        x1=from_x,
        y1=from_y,
        x2=to_x,
        y2=to_y,
        label_x=(from_x + to_x) / 2,
        label_y=(from_y + to_y) / 2 + 4,
        label=label,
        anchor=anchor,
        judged=anchor in JUDGED_PROPERTIES,
    )


def _edge(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    """Where the line from the middle of a box leaves it on the way to another point."""
    across, down = x2 - x1, y2 - y1
    room = min(WIDTH_OF_BOX / 2 / abs(across) if across else 1.0, HEIGHT_OF_BOX / 2 / abs(down) if down else 1.0)
    return round(x1 + across * room, 1), round(y1 + down * room, 1)
