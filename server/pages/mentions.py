"""Names and citations that rules recognised in the words of a paragraph: as marks, and as a list with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.pages.marking import Mark, Piece, marked
from server.pages.values import count, flag, local_name, node, text
from server.pages.views import Link, link
from server.store import Row
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class ItemView:
    """A lettered item with its marked words."""

    letter: str
    href: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name or a qualifier that rules recognised: the words, the page of the finding, and what they name or mean."""

    words: str
    href: str
    kind: str
    entity: Link


def mention_marks(mentions: Sequence[Row], urls: Urls) -> list[Mark]:
    """Marks for names, citations and qualifiers, each with what it names or means."""
    marks = []
    for row in mentions:
        kind, label = local_name(text(row, "class")), text(row, "label")
        if flag(row, "cites"):
            mark, title = "citation", f"Cites {label}"
        elif kind == "Qualifier":
            mark, title = "qualifier", f"Qualifier: {label}"
        elif kind in ("Actor", "Tool", "AffectedGroup"):
            mark, title = ("group" if kind == "AffectedGroup" else "actor"), f"Names {label}"
        else:
            mark, title = "name", f"Names {label}"
        marks.append(Mark(count(row, "start"), count(row, "end"), mark, title, urls.of(node(row, "entity"))))
    return marks


def items_of(place: Sequence[Row], mentions: Sequence[Row], urls: Urls) -> tuple[ItemView, ...]:
    """The lettered items of a paragraph with their words marked."""
    items = []
    for row in place:
        if text(row, "way") != "item":
            continue
        about = node(row, "near")
        own = [mention for mention in mentions if node(mention, "source") == about]
        letter = about.value.rpartition("/")[2]
        items.append(ItemView(letter, urls.of(about), marked(text(row, "text"), mention_marks(own, urls))))
    return tuple(items)


def names_of(words: str, place: Sequence[Row], mentions: Sequence[Row], urls: Urls) -> tuple[FoundName, ...]:
    """Every name and qualifier in the words of the paragraph and its items, with the page that shows its place."""
    items = {text(row, "near"): text(row, "text") for row in place if text(row, "way") == "item"}
    return tuple(
        FoundName(
            items.get(text(row, "source"), words)[count(row, "start") : count(row, "end")],
            urls.of(node(row, "mention")),
            _verb(row),
            link(row, "entity", "label", urls),
        )
        for row in mentions
    )


def _verb(row: Row) -> str:
    if local_name(text(row, "class")) == "Qualifier":
        return "is a qualifier:"
    return "cites" if flag(row, "cites") else "names"
