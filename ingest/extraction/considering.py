"""Consider only: whether *consider* governs everything that a directive asks.

"Consider establishing", "consider ways to", "consider how to … and to consider including", "be considered" ask to
consider; "consider them to be distinct crimes" asks to treat them so, and "consider using … and support and
contribute" asks for more.
"""

from __future__ import annotations

import re

from ingest.document import Span
from ingest.extraction.clauses import ADVERBS, GAP, PARENTHESIS
from ingest.extraction.verbs import is_verb

_CONSIDERING = re.compile(
    rf"{GAP}\s*(?:[Cc]ontinue\s+(?:to\s+)?)?(?:[Cc]onsider(?:ing)?\b|[Gg]iv(?:e|ing)\b(?:\s+[a-z]+)?\s+consideration\s+to\b)"
)
_TREAT_AS = re.compile(
    r"\s+(?:(?!(?!smuggling|trafficking)\w+ing\b)(?:[\w’'-]+\s+){1,8}?as\s+(?:being|an?)\s"
    r"(?!(?:[\w-]+\s+)?(?:means|way|tool|method|step|measure|possible|potential|matter)\b)|"
    r"(?:[\w’'-]+\s+){1,8}?to\s+be\s+(?!\w+(?:ed|en)\b)|(?:them|it|him|her|this|these|those|such\s+\w+)\s+"
    r"(?:as\s+(?!well|appropriate)|to\s+(?:constitute|have)\b|(?:necessary|appropriate|useful|essential)\b))"
)
_BE_CONSIDERED = re.compile(
    rf"{GAP}\s*be{ADVERBS}\s+considered\b(?=\s*$|\s*[.,;:]|\s+(?:at|in|by|for|when|during|with|on|as\s+part|"
    rf"as\s+appropriate|"
    r"where|under|within|to\s+ensure|jointly|further)\b)"
)
CONSIDERATION_GIVEN = re.compile(rf"{GAP}\s*be{ADVERBS}\s+given(?:\s+to)?\b")
_COORDINATED = re.compile(
    rf"(?:,\s+|\s+)(?:and|or|and/or)(?P<gap>{ADVERBS}|"
    rf"{PARENTHESIS})\s+(?P<to>to\s+)?(?P<verb>[a-z]+)\b(?P<rest>\s+\w+\s+\w+|)"
)
_NEARER_VERB = re.compile(r"\b(?:to\s+(?!the\b|an?\b|their\b|its\b|which\b|all\b|such\b)[a-z]+\b|that|which|who|how)\b")


def is_consider_only(text: str, position: int, end: int, subject: str = "") -> bool:
    """Whether *consider* governs all that is asked from ``position`` to ``end``.

    ``position`` is right after the operative phrase, before the verb of the action; ``subject`` the words before it,
    which matter for "consideration should be given to".
    """
    words = text[position:end]
    if subject.lower().endswith("consideration") and CONSIDERATION_GIVEN.match(words):
        return True
    if "onsider" not in words:
        return False
    if _BE_CONSIDERED.match(words):
        return True
    match = _CONSIDERING.match(words)
    return bool(match and not _TREAT_AS.match(words, match.end()) and _joined_verb(words, match.end()) is None)


def beyond_considering(text: str, position: int, end: int) -> Span | None:
    """What joins another act to one that is only to be considered ("consider using … **and** support …"), if any.

    The further act begins where the span ends, and *consider* does not govern it.
    """
    words = text[position:end]
    match = _CONSIDERING.match(words) if "onsider" in words else None
    if match is None or _TREAT_AS.match(words, match.end()):
        return None
    joined = _joined_verb(words, match.end())
    if joined is None:
        return None
    start = joined.start("gap") + len(joined["gap"]) - len(joined["gap"].lstrip())
    return Span(position + joined.start(), position + (start if joined["gap"].strip() else joined.end("gap") + 1))


def _joined_verb(words: str, start: int) -> re.Match[str] | None:
    """Another verb that is joined to *consider* itself and not to a verb nearer by."""
    nearer = _NEARER_VERB.search(words, start)
    limit = nearer.start() if nearer else len(words)
    for joined in _COORDINATED.finditer(words, start):
        if joined.start() >= limit:
            return None
        if is_verb(joined):
            return joined
    return None
