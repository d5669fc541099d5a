"""Consider only: whether *consider* governs everything that a directive asks.

"Consider establishing", "consider ways to", "consider how to … and to consider including", "be considered" ask to
consider; "consider them to be distinct crimes" asks to treat them so, and "consider using … and support and
contribute" asks for more.
"""

from __future__ import annotations

import re

from ingest.extraction.clauses import ADVERBS, GAP, PARENTHESIS

_CONSIDER = re.compile(
    rf"{GAP}\s*(?:continue\s+(?:to\s+)?)?(?:consider(?:ing)?\b|giv(?:e|ing)\b(?:\s+[a-z]+)?\s+consideration\s+to\b)"
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
_CONSIDERATION_GIVEN = re.compile(rf"{GAP}\s*be{ADVERBS}\s+given(?:\s+to)?\b")
_COORDINATED = re.compile(
    rf"(?:,\s+|\s+)(?:and|or|and/or)(?P<gap>{ADVERBS}|"
    rf"{PARENTHESIS})\s+(?P<to>to\s+)?(?P<verb>[a-z]+)\b(?P<rest>\s+\w+\s+\w+|)"
)
_NEARER_VERB = re.compile(r"\b(?:to\s+(?!the\b|an?\b|their\b|its\b|which\b|all\b|such\b)[a-z]+\b|that|which|who|how)\b")
_VERBS_WORDS = (
    "adapt address adopt allocate allow amend apply appoint assess assist avoid build carry collect communicate "
    "compile conclude conduct consult continue contribute convene cooperate coordinate create criminalize "
    "deliver deploy designate determine develop discuss disseminate enable encourage engage enhance ensure "
    "establish evaluate examine expand explore facilitate foster give guarantee harmonize identify implement "
    "improve include inform integrate intensify introduce invest investigate invite involve keep maintain make "
    "mobilize nominate notify offer organize participate prepare prevent prioritize promote prosecute protect "
    "provide publish pursue raise ratify refrain reinforce remove respond strengthen submit take translate "
    "transmit undertake utilize"
)
_VERBS = frozenset(_VERBS_WORDS.split())
_VERBS_OR_NOUNS_WORDS = (
    "access balance combat counter design document exchange finance focus fund monitor plan report request "
    "respect review share support target test train transfer update use work"
)
_VERBS_OR_NOUNS = frozenset(_VERBS_OR_NOUNS_WORDS.split())
_BEFORE_AN_OBJECT_WORDS = "the a an their its such all any each other these those this that relevant"
_BEFORE_AN_OBJECT = frozenset(_BEFORE_AN_OBJECT_WORDS.split())


def is_consider_only(text: str, position: int, end: int, subject: str = "") -> bool:
    """Whether *consider* governs all that is asked from ``position`` to ``end``.

    ``position`` is right after the operative phrase, before the verb of the action; ``subject`` the words before it,
    which matter for "consideration should be given to".
    """
    words = text[position:end]
    passive = _BE_CONSIDERED.match(words)
    if passive is not None:
        return True
    if subject.lower().endswith("consideration") and _CONSIDERATION_GIVEN.match(words):
        return True
    found = _CONSIDER.match(words)
    if found is None or _TREAT_AS.match(words, found.end()):
        return False
    return not _asks_more(words, found.end())


def _asks_more(words: str, start: int) -> bool:
    """Whether another verb is joined to *consider* itself and not to a verb nearer by."""
    nearer = _NEARER_VERB.search(words, start)
    limit = nearer.start() if nearer else len(words)
    for joined in _COORDINATED.finditer(words, start):
        if joined.start() >= limit:
            return False
        if joined["verb"] != "consider" and _is_verb(joined):
            return True
    return False


def _is_verb(joined: re.Match[str]) -> bool:
    verb = joined["verb"]
    following = joined["rest"].split()
    if verb in _VERBS:
        return True
    if verb not in _VERBS_OR_NOUNS or not following:
        return False
    return bool(joined["to"]) or following[0] in _BEFORE_AN_OBJECT or (following[0] == "and" and following[1] in _VERBS)
