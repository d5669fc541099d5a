"""Pictures as server-made SVG, with the same in words on the page. Places and sizes are in user units; ``summary`` is
the text alternative."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from pyroaring import BitMap

from server.page_index import LineRow
from server.pages.selection import Selection
from server.pages.values import Link, View, line_rows
from server.web.request import Exchange

WIDTH, ROW, TOP = 720, 30, 24
COLUMN = 250
SHOWN = 7
"""How many things a group shows; the page lists them all."""
LONGEST = 34


def draw(
    middle: str,
    *,
    actors: Sequence[Link],
    cited: Sequence[Link],
    related: Sequence[Link],
    themes: Sequence[Link],
    groups: Sequence[Link],
) -> View | None:
    """The picture: what the text names on the left, what was judged on the right. None with nothing to show."""
    left = [
        ("cited", "Cited in the text", cited),
        ("actor", "Addressed or asked", actors),
        ("group", "Groups named", groups),
    ]
    right = [("related", "Related, suggested", related), ("theme", "Themes, suggested", themes)]
    shown, captions = [], []
    heights = []
    for side, columns in (("left", left), ("right", right)):
        y = TOP
        for kind, caption, links in columns:
            if not links:
                continue
            x = 8 if side == "left" else WIDTH - COLUMN - 8
            captions.append(View(x=x, y=y, label=caption, whole=caption, href="", kind=kind, end_x=x))
            for each in links[:SHOWN]:
                y += ROW
                end = x + COLUMN if side == "left" else x
                shown.append(
                    View(x=x, y=y, label=fitting(each.label), whole=each.label, href=each.href, kind=kind, end_x=end)
                )
            y += ROW + 10
        heights.append(y)
    if not shown:
        return None
    height = max(heights)
    counts = [
        f"{caption.lower()}: {', '.join(each.label for each in links)}" for _, caption, links in left + right if links
    ]
    return View(
        width=WIDTH,
        height=height,
        middle=middle,
        middle_y=height // 2,
        nodes=tuple(shown),
        captions=tuple(captions),
        summary=f"{middle}; " + "; ".join(counts),
    )


def fitting(label: str) -> str:
    """A label as far as a box has room for it."""
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


CELL = 24
"""The side of a cell; a cell that is a link must not be smaller (WCAG 2.2, target size)."""
NAME_WIDTH = 250
"""Room for the last name, which begins at the right end of the triangle."""
NAMED = 20
"""Up to how many recommendations of one document are named by their numbers."""
DOTS = ((6, 6), (18, 6), (6, 18), (18, 18))
"""Where a cell has room for dots; its title says all."""


def together(themes: Sequence[tuple[str, Link, bool]], exchange: Exchange) -> View | None:
    """The picture of themes, given with their IRIs in the order of their wider ones; None where no two are together."""
    index = exchange.snapshot.index
    members = [index.pointing("theme", [iri]) & index.recommendations for iri, _, _ in themes]
    in_both = {
        (column, down): members[column] & members[down]
        for column, down in itertools.combinations(range(len(themes)), 2)
        if members[column].intersect(members[down])
    }
    if not in_both:
        return None
    named = _named(in_both.values(), exchange)
    pairs = tuple(_pair(place, both, themes, named, exchange) for place, both in in_both.items())
    names = tuple(View(x=at * CELL, y=at * CELL, link=each, first=first) for at, (_, each, first) in enumerate(themes))
    size = len(themes) * CELL
    return View(
        width=size + NAME_WIDTH, height=size, cell=CELL, names=names, pairs=pairs, summary=_summary(themes, in_both)
    )


def _named(pairs: Iterable[BitMap], exchange: Exchange) -> Mapping[int, LineRow]:
    """The recommendations of pairs that are named one by one; in a corpus of several documents none is."""
    if exchange.snapshot.index.documents > 1:
        return {}
    few = BitMap.union(BitMap(), *(both for both in pairs if len(both) <= NAMED))
    return {row.id: row for row in line_rows(few, exchange)}


def _pair(
    place: tuple[int, int],
    both: BitMap,
    themes: Sequence[tuple[str, Link, bool]],
    named: Mapping[int, LineRow],
    exchange: Exchange,
) -> View:
    column, down = place
    x, y, number = column * CELL, down * CELL, len(both)
    rows = [named[each] for each in both] if named and number <= NAMED else []
    if len(rows) == 1:
        href = exchange.urls.of(rows[0].iri)
    else:
        slugs = tuple(themes[at][0].rpartition("/")[2] for at in place)
        href = Selection({"theme": slugs}, every=("theme",)).href(exchange)
    said = f"{number:,} recommendations"
    if rows:
        said = f"recommendation{'s' * (number > 1)} {', '.join([str(row.number) for row in rows])}"
    dots = tuple([(x + right, y + below) for right, below in DOTS[:number]])
    return View(x=x, y=y, dots=dots, href=href, title=f"{themes[column][1].label} and {themes[down][1].label}: {said}")


def _summary(themes: Sequence[tuple[str, Link, bool]], pairs: Mapping[tuple[int, int], BitMap]) -> str:
    most = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:3]
    frequent = "; ".join(
        f"{themes[column][1].label} with {themes[down][1].label}, {len(both):,} recommendation{'s' * (len(both) > 1)}"
        for (column, down), both in most
    )
    return f"{len(pairs)} pairs of themes occur together. Most often: {frequent}."


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
    room = min(
        WIDTH_OF_BOX / 2 / abs(across) if across else 1.0,
        HEIGHT_OF_BOX / 2 / abs(down) if down else 1.0,
    )
    return round(x1 + across * room, 1), round(y1 + down * room, 1)
