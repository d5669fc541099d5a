"""A small picture of what is around a recommendation: server-made SVG, with the same said in words on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.pages.views import Link

WIDTH, ROW, TOP = 720, 30, 24
COLUMN = 250
SHOWN = 7
"""How many things a group shows; the page lists them all."""
LONGEST = 34


@dataclass(frozen=True, slots=True)
class Node:
    """A box with words at a place, in user units, and the line from it to the middle."""

    x: int
    y: int
    label: str
    whole: str
    href: str
    kind: str
    end_x: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes left and right of a middle. ``summary`` is its text alternative."""

    width: int
    height: int
    middle: str
    middle_y: int
    nodes: tuple[Node, ...]
    captions: tuple[Node, ...]
    summary: str


def draw(
    middle: str,
    *,
    actors: Sequence[Link],
    cited: Sequence[Link],
    related: Sequence[Link],
    themes: Sequence[Link],
    groups: Sequence[Link],
) -> Picture | None:
    """The picture: what the text names on the left, what editors judged on the right. None with nothing to show."""
    left = [
        ("cited", "Cited in the text", cited),
        ("actor", "Addressed or asked", actors),
        ("group", "Groups named", groups),
    ]
    right = [("related", "Related by editors", related), ("theme", "Themes, by editors", themes)]
    shown, captions = [], []
    heights = []
    for side, columns in (("left", left), ("right", right)):
        y = TOP
        for kind, caption, links in columns:
            if not links:
                continue
            x = 8 if side == "left" else WIDTH - COLUMN - 8
            captions.append(Node(x, y, caption, caption, "", kind, x))
            for each in links[:SHOWN]:
                y += ROW
                end = x + COLUMN if side == "left" else x
                shown.append(Node(x, y, _fitting(each.label), each.label, each.href, kind, end))
            y += ROW + 10
        heights.append(y)
    if not shown:
        return None
    height = max(heights)
    counts = [
        f"{caption.lower()}: {', '.join(each.label for each in links)}" for _, caption, links in left + right if links
    ]
    return Picture(WIDTH, height, middle, height // 2, tuple(shown), tuple(captions), f"{middle}; " + "; ".join(counts))


def shortened(label: str) -> str:
    """A label with the treaties' names as short as they are said on this site."""
    return label.replace("Smuggling of Migrants Protocol", "Protocol").replace(
        "Organized Crime Convention", "Convention"
    )


def _fitting(label: str) -> str:
    label = shortened(label)
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"
