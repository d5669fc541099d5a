"""Names that share a word: "regional or international organizations", "law enforcement and judicial officials".

A lexicon has "regional organizations" and "international organizations"; a text joins them under one head. The name
that comes first has the whole phrase, each later one the words from its own beginning to the head.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from ingest.document import Span
from ingest.extraction.clauses import starts_sentence
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon

HEADS_WORDS = "organizations authorities officials officers agencies companies practitioners representations protocol"
HEADS = frozenset(HEADS_WORDS.split())
SAME_PEOPLE = {
    "officials": ("authorities", "officers", "practitioners", "agencies"),
    "authorities": ("officials", "officers", "practitioners", "agencies"),
}
"""Heads that another head may stand for when names share it: judicial officials are judicial authorities."""

_MOST = 5
_JOINT = r"(?:, and the |, and |, or | and the | and/or | and | or |, )"
_JOINT_PATTERN = re.compile(_JOINT)
_STRANGER = re.compile(r"[a-z]+(?:-[a-z]+)*")
_STRANGERS_OF_TWO = re.compile(r"(?:border (?:control|guard|police)|non governmental|civil aviation)")
_NO_STRANGER_WORDS = "the a an of to by from with in on for their its such other all those these that which"
_NO_STRANGER = frozenset(_NO_STRANGER_WORDS.split())


def _either_case(modifier: str) -> str:
    return (
        f"[{modifier[0]}{modifier[0].upper()}]{re.escape(modifier[1:])}"
        if modifier[0].islower()
        else re.escape(modifier)
    )


def _uncapitalized(text: str, part: Span) -> str:
    words = part.cut(text)
    return words[0].lower() + words[1:] if words[:2].istitle() and starts_sentence(text, part.start) else words


class Coordination:
    """Finds coordinated names of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entities: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for entry in lexicon.entries:
            modifier, _, head = entry.spelling.rpartition(" ")
            if head.lower() not in HEADS or not modifier or " and " in modifier or " or " in modifier:
                continue
            heads = (head.lower(), *SAME_PEOPLE.get(head.lower(), ())) if entry.is_common else (head.lower(),)
            for each in heads:
                known = self._entities[f"{each}s" if each == "protocol" else each]
                known.setdefault(modifier, (entry.entity, entry.kind))
        modifiers = sorted({word for known in self._entities.values() for word in known}, key=lambda word: -len(word))
        self._modifier = re.compile("|".join(map(_either_case, modifiers)) or r"(?!)")
        heads_pattern = "|".join(sorted(self._entities)) or "(?!)"
        self._head = re.compile(rf" (?:intergovernmental )?({heads_pattern})\b", re.IGNORECASE)

    def mentions(self, text: str) -> Iterator[Mention]:
        """The coordinated names of a text, each with its own span."""
        end = 0
        for first in self._modifier.finditer(text):
            if first.start() < end or text[first.start() - 1 : first.start()].isalnum():
                continue
            parts, head = self._phrase(text, first.start())
            if head is None:
                continue
            end = head.end()
            known = self._entities[head.group(1).lower()]
            for part in parts:
                entity, kind = known.get(_uncapitalized(text, part), ("", ""))
                if kind in ("actor", "instrument"):
                    yield Mention(Span(part.start, end), entity, "actor" if kind == "actor" else "instrument")

    def _phrase(self, text: str, start: int) -> tuple[list[Span], re.Match[str] | None]:
        parts: list[Span] = []
        position = start
        while len(parts) < _MOST:
            part = self._part(text, position)
            if part is None:
                return parts, None
            parts.append(part)
            head = self._head.match(text, part.end)
            if head is not None:
                return parts, head
            joint = _JOINT_PATTERN.match(text, part.end)
            if joint is None:
                return parts, None
            position = joint.end()
        return parts, None

    def _part(self, text: str, position: int) -> Span | None:
        for pattern in (self._modifier, _STRANGERS_OF_TWO, _STRANGER):
            found = pattern.match(text, position)
            if found is not None and found.group() not in _NO_STRANGER:
                following = text[found.end() : found.end() + 1]
                if following in (" ", ","):
                    return Span(found.start(), found.end())
        return None
