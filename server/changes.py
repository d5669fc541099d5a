"""What changed between two versions: statement by statement between two graphs, paragraph by paragraph between texts.

Graphs are compared as sorted N-Quads, which a snapshot has (``graph.nq``), in one pass and without holding either.
Paragraphs are compared in their order: one that kept its words under another number is renumbered, not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from ontology.differences import Way, statement_changes

__all__ = ["Change", "TextPart", "Way", "Words", "paragraph_changes", "statement_changes", "word_changes"]

ALIKE = 0.5
"""How much two paragraphs of different numbers must share to be versions of one another (`SequenceMatcher.ratio`)."""
MOST_STEPS = 4_000_000
"""Product of the lengths of two texts, in words, beyond which they are shown one after the other, unmarked."""
_WORD = re.compile(r"\s*(?:\w+|[^\w\s])\s*")


class TextPart(NamedTuple):
    """A part of a text: ``key`` names it in one version ("paragraph/24"), ``label`` is for people."""

    key: str
    label: str
    text: str


class Words(NamedTuple):
    """Some words, and whether both versions have them, or only the later or the earlier one."""

    way: Way
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part in both versions, or in one of them; ``words`` are those of both, in reading order."""

    way: Way
    before: TextPart | None
    after: TextPart | None
    words: tuple[Words, ...]


def paragraph_changes(before: Sequence[TextPart], after: Sequence[TextPart]) -> tuple[Change, ...]:
    """Every part of two texts, in the order of the later one, with what happened to it."""
    changes: list[Change] = []
    matcher = SequenceMatcher(None, [part.text for part in before], [part.text for part in after], autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        if kind == "equal":
            changes += [_same(one, other) for one, other in zip(old, new, strict=True)]
        else:
            changes += _replaced(old, new)
    return tuple(changes)


def word_changes(before: str, after: str) -> tuple[Words, ...]:
    """The words of two texts in reading order, those that only one of them has marked."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > MOST_STEPS:
        return Words(Way.REMOVED, before), Words(Way.ADDED, after)
    changes: list[Words] = []
    matcher = SequenceMatcher(None, list(map(str.rstrip, old)), list(map(str.rstrip, new)), autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            changes.append(Words(Way.SAME, "".join(new[new_start:new_end])))
            continue
        changes += [Words(Way.REMOVED, "".join(old[start:end]))] if end > start else []
        changes += [Words(Way.ADDED, "".join(new[new_start:new_end]))] if new_end > new_start else []
    return tuple(changes)


def _same(before: TextPart, after: TextPart) -> Change:
    way = Way.SAME if before.key == after.key else Way.RENUMBERED
    return Change(way, before, after, (Words(Way.SAME, after.text),))


def _replaced(before: Sequence[TextPart], after: Sequence[TextPart]) -> Iterable[Change]:
    """Parts between two that are the same: those that are alike are versions of one another, in their order."""
    rest = list(before)
    for part in after:
        place = _version(part, rest)
        if place is None:
            yield Change(Way.ADDED, None, part, (Words(Way.ADDED, part.text),))
            continue
        yield from map(_gone, rest[:place])
        yield Change(Way.CHANGED, rest[place], part, word_changes(rest[place].text, part.text))
        del rest[: place + 1]
    yield from map(_gone, rest)


def _version(part: TextPart, among: Sequence[TextPart]) -> int | None:
    """The place of what a part was before: the first that is alike, or else the one of its name."""
    words = _WORD.findall(part.text)
    for place, other in enumerate(among):
        matcher = SequenceMatcher(None, _WORD.findall(other.text), words)
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            return place
    return next((place for place, other in enumerate(among) if other.key == part.key), None)


def _gone(part: TextPart) -> Change:
    return Change(Way.REMOVED, part, None, (Words(Way.REMOVED, part.text),))
