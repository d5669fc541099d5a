"""The main classes and the properties between them, as server-made SVG; the page says the same in words below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH_OF_BOX, HEIGHT_OF_BOX = 156, 44
COLUMN, ROW = 280, 96
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
    ("Tool", "maintainedBy", "Actor"),
)
JUDGED = ("theme", "relatesTo")
"""Properties that only editors state; they are dashed, as everywhere on this site."""
APART_LEVEL, APART_UPRIGHT = 22, 92
"""How far two arrows between the same boxes stand from each other, so that their labels do not touch."""


@dataclass(frozen=True, slots=True)
class Box:
    """A class at a place, in user units; its middle, its name, and its anchor on the page."""

    x: int
    y: int
    label: str
    anchor: str
    used: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A property from one class to another; its label stands at ``label_x`` and ``label_y``."""

    x1: float
    y1: float
    x2: float
    y2: float
    label_x: float
    label_y: float
    label: str
    anchor: str
    judged: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """The diagram. ``summary`` is its text alternative."""

    width: int
    height: int
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    summary: str


def diagram(classes: Mapping[str, tuple[str, int]], properties: Mapping[str, str]) -> Diagram:
    """The diagram of those main classes and properties that the vocabulary has.

    ``classes`` are label and number of things by local name, ``properties`` labels by local name.
    """
    centres = {
        name: (column * COLUMN + WIDTH_OF_BOX // 2 + 2, row * ROW + HEIGHT_OF_BOX // 2 + 2)
        for name, (column, row) in BOXES.items()
        if name in classes
    }
    drawn = [each for each in ARROWS if each[0] in centres and each[2] in centres and each[1] in properties]
    arrows = []
    for source, name, target in drawn:
        beside = [each[1] for each in drawn if (each[0], each[2]) == (source, target)]
        shift = beside.index(name) - (len(beside) - 1) / 2
        arrows.append(_arrow(centres[source], centres[target], shift, properties[name], name))
    said = "; ".join(f"{classes[source][0]} {properties[name]} {classes[target][0]}" for source, name, target in drawn)
    return Diagram(
        max((x for x, _ in centres.values()), default=0) + WIDTH_OF_BOX // 2 + 2,
        max((y for _, y in centres.values()), default=0) + HEIGHT_OF_BOX // 2 + 2,
        WIDTH_OF_BOX,
        HEIGHT_OF_BOX,
        tuple(Box(x, y, classes[name][0], name, classes[name][1]) for name, (x, y) in centres.items()),
        tuple(arrows),
        f"The main classes and properties: {said}.",
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], shift: float, label: str, anchor: str) -> Arrow:
    """An arrow from the edge of one box to the edge of the other, moved aside by ``shift`` arrows."""
    (x1, y1), (x2, y2) = start, end
    upright = abs(x2 - x1) < 1
    along, across = (shift * APART_UPRIGHT, 0.0) if upright else (0.0, shift * APART_LEVEL)
    from_x, from_y = _edge(x1 + along, y1 + across, x2 + along, y2 + across)
    to_x, to_y = _edge(x2 + along, y2 + across, x1 + along, y1 + across)
    return Arrow(
        from_x, from_y, to_x, to_y, (from_x + to_x) / 2, (from_y + to_y) / 2 + 4, label, anchor, anchor in JUDGED
    )


def _edge(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    """Where the line from the middle of a box leaves it on the way to another point."""
    across, down = x2 - x1, y2 - y1
    room = min(
        WIDTH_OF_BOX / 2 / abs(across) if across else 1.0,
        HEIGHT_OF_BOX / 2 / abs(down) if down else 1.0,
    )
    return round(x1 + across * room, 1), round(y1 + down * room, 1)
