"""Sentences with the truth inside: ``[UNODC|actor/unodc]`` is the word UNODC and says whom it names.

Marks may hold marks: ``[article 8 of the [Protocol|instrument/smuggling-protocol]|instrument/smuggling-protocol/
article/8!]``. A ``!`` behind the entity makes it a citation, a ``?`` an actor whom the addressee is to ask.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {kind: kind for kind in ("actor", "tool", "group", "qualifier", "resolution")}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a piece of a text names: ``text[start:end]`` is ``entity``, a path below the base without ``id/``."""

    start: int
    end: int
    entity: str
    cites: bool
    asked: bool

    @property
    def kind(self) -> str:
        """The kind of a mention, as the gold standard calls it."""
        first, *rest = self.entity.split("/")
        return KINDS.get(first) or ("provision" if rest[1:] else "instrument")

    def moved(self, by: int) -> Mark:
        """The same mark further behind in a longer text."""
        return Mark(self.start + by, self.end + by, self.entity, self.cites, self.asked)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and what stands in it, by start and longest first."""

    text: str
    marks: tuple[Mark, ...]


def read_markup(source: str) -> Marked:
    """The text without the marks, and the marks with their positions."""
    pieces: list[str] = []
    length, position = 0, 0
    open_at: list[int] = []
    found: list[Mark] = []
    while position < len(source):
        character = source[position]
        if character == "[":
            open_at.append(length)
        elif character == "|":
            close = source.index("]", position)
            entity = source[position + 1 : close]
            found.append(Mark(open_at.pop(), length, entity.rstrip("!?"), "!" in entity, "?" in entity))
            position = close
        else:
            pieces.append(character)
            length += 1
        position += 1
    return Marked("".join(pieces), tuple(sorted(found, key=lambda mark: (mark.start, -mark.end))))
