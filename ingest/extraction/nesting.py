"""Names inside names: which of two overlapping names a text means, and when it means both.

"INTERPOL databases" names the tool and INTERPOL; "Conference of the Parties to the Organized Crime Convention" the body
and the Convention; "Member States" is one name, and a group inside a longer name ("Smuggling of Migrants") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.extraction.findings import Kind, Mention

_JOINED_BEFORE = re.compile(r"(?:\b(?:of|the|and|or|and/or|including|by)|,)\s$")
_JOINED_AFTER = re.compile(r"(?:,|\s(?:that|which|who|with|not|in|of|and|or|and/or)\b)")
_WITHIN: dict[Kind, frozenset[Kind]] = {
    "actor": frozenset({"actor", "tool"}),
    "tool": frozenset({"tool", "actor"}),
    "instrument": frozenset({"actor", "tool", "instrument"}),
}


def _names_both(text: str, outer: Mention, inner: Mention) -> bool:
    if outer.entity == inner.entity or outer.kind not in _WITHIN.get(inner.kind, frozenset()):
        return False
    at_start = outer.span.start == inner.span.start
    if inner.kind == "instrument":
        return not at_start
    if outer.kind == "tool":
        return True
    if at_start:
        return _JOINED_AFTER.match(text, inner.span.end) is not None
    return _JOINED_BEFORE.search(text[outer.span.start : inner.span.start]) is not None


def settled(text: str, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that stand, in order of start and longest first: one entity a span, none that only cross another."""
    standing: list[Mention] = []
    around: list[Mention] = []
    dropped: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end, mention.entity)):
        around = [outer for outer in around if outer.span.end > mention.span.start]
        dropped = [outer for outer in dropped if outer.span.end > mention.span.start]
        if any(outer.span == mention.span or outer.span.end < mention.span.end for outer in around):
            continue
        if all(_names_both(text, outer, mention) for outer in (*around, *dropped)):
            around.append(mention)
            standing.append(mention)
        elif mention.kind != "group":
            dropped.append(mention)
    return tuple(standing)


def outermost(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that stand inside no other. Takes them in the order in which `settled` gives them."""
    found: list[Mention] = []
    for mention in mentions:
        if not found or mention.span.start >= found[-1].span.end:
            found.append(mention)
    return tuple(found)
