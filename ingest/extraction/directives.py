"""Directives: each operative phrase with who is to act, whom to ask, what bounds it, and its own words.

The words are the sentence without its closing mark. A sentence with several operative phrases is cut before each
further clause; what joins them (", and", ";") belongs to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.document import Span
from ingest.extraction.actions import find_actions
from ingest.extraction.actors import Actors, slugs
from ingest.extraction.addressing import SPEAKS_AGAIN, Addressing, Turn, asked_actors
from ingest.extraction.clauses import ADVERBS, PARENTHESIS, without_closing
from ingest.extraction.findings import Directive, Mention
from ingest.extraction.operative import beyond_considering, is_consider_only
from ingest.extraction.qualifiers import find_qualifiers, narrow

_JOINT_WORDS = r"(?:and/or|and|but|or|nor|while|as well as)"
_ITEM = re.compile(r"\(\w{1,4}\)\s+")
_JOINT_BEFORE = re.compile(rf"[,;:]?\s*(?:\b{_JOINT_WORDS}\b,?\s*(?:that\s*)?)?(?:{_ITEM.pattern})?$")
_SHARED_JOINT = re.compile(
    rf"(?:\b{_JOINT_WORDS}(?:{ADVERBS}|{PARENTHESIS}{ADVERBS})|;{ADVERBS})(?:\s+continues\s+to)?\s*$", re.IGNORECASE
)
_JOINT_WORD = re.compile(rf"(?:{_JOINT_WORDS},?|;)\s*", re.IGNORECASE)
_NEW_CLAUSE = re.compile(r"(?:;\s*(?:(?:and|but)\b,?\s*)?|,\s+(?:and|but|while)\b,?\s+)(?:that\s+)?")
_LONGEST_JOINT = 20
_JOINT_AT_END = re.compile(rf"\b{_JOINT_WORDS}\s+(?:that\s+)?$")


def find_directives(text: str, mentions: Iterable[Mention], issuer: str, reviewed: str = "") -> tuple[Directive, ...]:
    """The directives of a recommendation's text, in order.

    ``mentions`` are its names (`Naming.mentions`); ``issuer`` is the slug of the actor who speaks.
    """
    actors = Actors(text, mentions)
    directives: list[Directive] = []
    for sentence, turns in Addressing(text, actors, f"id/actor/{issuer}", reviewed).sentences():
        for turn, span in zip(turns, _cut(text, sentence, turns), strict=True):
            directives += _directives(text, turn, span, actors, issuer)
    return tuple(directives)


def _directives(text: str, turn: Turn, span: Span, actors: Actors, issuer: str) -> Iterator[Directive]:
    """The directive of a turn; two where *consider* governs only the first of its acts."""
    joint = beyond_considering(text, turn.action, span.end)
    if joint is None:
        yield _directive(text, turn, span, actors, issuer)
        return
    first = _directive(text, turn, without_closing(text, Span(span.start, joint.start)), actors, issuer)
    yield replace(first, consider_only=True)
    further = replace(turn, action=joint.end, phrase=replace(turn.phrase, is_bare=True))
    second = _directive(text, further, Span(joint.end, span.end), actors, issuer)
    yield replace(second, operative=turn.phrase.span, consider_only=False)


def _directive(text: str, turn: Turn, span: Span, actors: Actors, issuer: str) -> Directive:
    subject = text[turn.clause.start : turn.phrase.span.start].strip()
    asked = asked_actors(text, Span(min(turn.action, span.end), span.end), actors)
    unlisted = (each for each in (*turn.actors, *asked) if each.span.end and not actors.is_listed(each))
    qualifiers = find_qualifiers(text, span)
    actions = find_actions(text, turn.action, span.end, subject)
    return Directive(
        span=span,
        modality=turn.phrase.modality,
        consider_only=is_consider_only(text, turn.action, span.end, subject),
        addressees=slugs(turn.actors),
        asked=slugs(asked),
        qualifiers=qualifiers,
        issuer=issuer,
        operative=turn.phrase.with_consider(text, span.end),
        unlisted=tuple(dict.fromkeys((each.entity, each.span.cut(text)) for each in unlisted)),
        beside=narrow(text, qualifiers, turn.action, span.end),
        actions=actions.own,
        asked_actions=actions.asked,
    )


def _cut(text: str, sentence: Span, turns: tuple[Turn, ...]) -> list[Span]:
    starts = [sentence.start]
    for before, turn in pairwise(turns):
        starts.append(_beginning(text, before.phrase.span.end, turn))
    parts = [Span(start, _end_before(text, Span(start, following))) for start, following in pairwise(starts)]
    return [without_closing(text, span) for span in (*parts, Span(starts[-1], sentence.end))] if turns else []


def _end_before(text: str, part: Span) -> int:
    """Where the words of a clause end: before what joins the next one to it."""
    start = max(part.start, part.end - _LONGEST_JOINT)
    return start + len(_JOINT_BEFORE.sub("", text[start : part.end]))


def _beginning(text: str, bound: int, turn: Turn) -> int:
    """Where the words of a further clause begin: after what joins it to the clause before."""
    start = turn.phrase.span.start
    if turn.clause.kind == "shared":
        joint = _SHARED_JOINT.search(text, bound, start)
        word = _JOINT_WORD.match(text, joint.start()) if joint else None
        return word.end() if word else start
    region = text[bound : turn.clause.start]
    if _JOINT_AT_END.search(region):
        return turn.clause.start
    joints = [joint.end() for pattern in (_NEW_CLAUSE, SPEAKS_AGAIN) for joint in pattern.finditer(region)]
    if not joints:
        return turn.clause.start
    item = _ITEM.match(region, max(joints))
    return bound + (item.end() if item else max(joints))
