"""Bare imperatives: what a list of recommendations asks without a modal ("Ratify the Convention").

In a review each asks the State under review, whatever its verb; elsewhere only verbs of the list open one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.document import Span
from ingest.extraction.actors import STATE
from ingest.extraction.modality import DECLARES, Operative
from ingest.extraction.verbs import IMPERATIVES, KNOWN, NOUNS_OR_IMPERATIVES, OPENS_AN_OBJECT, SURE, may_be_verb

_NOUNS_TOO_WORDS = "address advance end move pay review set sign step support train update"


def _any_of(words: Iterable[str]) -> str:
    """One of these words, the longest first, in American or British spelling."""
    return "|".join(re.sub(r"[sz]e$", "[sz]e", word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _british(word: str) -> str:
    return re.sub("ze$", "se", word.lower())


_IMPERATIVES = frozenset(map(_british, IMPERATIVES))
_NOUNS_OR_IMPERATIVES = frozenset(map(_british, NOUNS_OR_IMPERATIVES))
_OPENS_AN_OBJECT = frozenset(map(_british, OPENS_AN_OBJECT))
_NO_ADVERBS_WORDS = "assembly daily early elderly family friendly monthly supply weekly yearly"
_NO_ADVERB = "".join(rf"(?<!\b{word} )" for word in _NO_ADVERBS_WORDS.split())
"""What ends like an adverb and is none: "Family support services"."""
_ADVERB_FIRST = re.compile(r"(?:Further|Also|Never|Not|Please(?:\salso)?|[a-z]+ly),?\s+", re.IGNORECASE)
_BEHIND_ADVERB = re.compile(r"(?<=ly\s)", re.IGNORECASE)
_VERB = re.compile(
    rf"(?!(?:{'|'.join(_NOUNS_TOO_WORDS.split())})\s+(?:of|for|to|on|by)\b)"
    r"(?!let\s+us\b|respect\s+for\b|recognize\s+(?:also|further|that|with|other)\b|commit\s+(?:\w+\s)?to\b)"
    rf"{_NO_ADVERB}(?P<again>(?:co|re)-)?(?P<word>[a-z]+)(?P<particle>\s+(?:up|out|forward))?\b"
    r"(?=,?\s+[\w“\"(])(?!\s+(?:of|is|are|was|were|should)\b)(?<!(?i:further)(?=,|\s+(?!the\b|its\b|their\b|efforts\b)))"
    r"(?=(?:\s(?P<following>[a-z]+)\b)?)",
    re.IGNORECASE,
)
"""What may be the verb of an imperative; which word it is, sets say."""
_ANY_VERB = re.compile(
    rf"(?P<verb>[a-z]+(?:-[a-z]+)?)(?=\s(?:{_any_of(OPENS_AN_OBJECT)}|articles?|party|for|from|to|with|without|by|further|as\ssoon\sas|[a-z]+ly)\b)",
    re.IGNORECASE,
)
"""What opens a recommendation of a review, whether a list has its verb or not: "Rephrase its definition"."""
_LISTED_INFINITIVE = re.compile(r"[Tt]o\s(?=[a-z].*\([A-Z][^()]*\)(?:[;.]|$))", re.DOTALL)
"""How a recommendation of a list opens where the list's lead-in stands above: "To ratify … (Norway);"."""
_INFINITIVE = re.compile(r"[Tt]o\s(?=[a-z].*;$)", re.DOTALL)
"""The same in a review, of which nothing else is a list."""

_LISTED = re.compile(r"\);\s+(?:and\s+)?(?:to\s+)?$")
_BY_A_STATE = re.compile(r"\([^()]*[A-Z][^()]*\)[;.]?(?:\s(?:and\s)?)?$")
_BY_STATES = re.compile(rf"\((?:the\s)?(?:{STATE.pattern})[^()]*\);")
"""What shows that a list is that of a review, though no metadata say of which State: "… (Norway); …"."""
_LEADS_IN = re.compile(
    r"(?:As|At|By|Consistent|During|For|Following|Given|In|On|Pursuant|Regarding|Through|To|Under|Upon|When|While|With|Within|Without)\b"
)
_OF_A_LIST = re.compile(r"\b(?:to|and)\s[a-z]+$")
"""Before a comma that joins verbs: "In order to prevent, combat and punish …"."""


def _imperative(text: str, start: int, end: int) -> Span | None:
    """The verb with which an imperative begins here, and its particle; an adverb may stand before it."""
    before = _ADVERB_FIRST.match(text, start, end)
    for place in (before.end(), start) if before else (start,):
        verb = _VERB.match(text, place, end)
        if verb is None:
            continue
        word = _british(verb["word"])
        if word in _IMPERATIVES:
            return Span(*verb.span())
        following = "" if verb["particle"] else _british(verb["following"] or "")
        is_verb = following in _OPENS_AN_OBJECT or _BEHIND_ADVERB.match(text, place) is not None
        is_towards = word == "work" and following in ("toward", "towards")
        if not verb["again"] and ((is_verb and word in _NOUNS_OR_IMPERATIVES) or is_towards):
            return Span(*verb.span("word"))
    return None


def _behind_lead_in(text: str, sentence: Span) -> Span | None:
    """The imperative behind what leads to it, where a State recommends it: "In that case, adopt … (Norway);"."""
    if not _LEADS_IN.match(text, sentence.start) or not _BY_A_STATE.search(text, sentence.start, sentence.end):
        return None
    for comma in re.finditer(r",\s", text[: sentence.end]):
        verb = _imperative(text, comma.end(), sentence.end)
        if comma.start() > sentence.start and verb and not _OF_A_LIST.search(text[sentence.start : comma.start()]):
            return verb if verb.cut(text).split()[0] in SURE else None
    return None


def imperatives(text: str, sentence: Span, is_review: bool = False) -> tuple[Operative, ...]:
    """The bare imperatives that open a sentence or a piece of it behind a semicolon: "Ratify the Convention".

    Outside a review, "Recognize the role" notes something.
    """
    is_review = is_review or _BY_STATES.search(text, sentence.start, sentence.end) is not None
    if not is_review and DECLARES.match(text, sentence.start, sentence.end):
        return ()
    listed = _LISTED_INFINITIVE.match(text, sentence.start, sentence.end)
    listed = listed or (_INFINITIVE.match(text, sentence.start, sentence.end) if is_review else None)
    starts = [listed.end() if listed else sentence.start]
    behind = re.finditer(r";\s+(?:and\s+)?(?:to\s+)?" if is_review else r";\s+(?=[A-Z])", text[: sentence.end])
    starts += [semicolon.end() for semicolon in behind if semicolon.start() > sentence.start]
    openings = [_imperative(text, start, sentence.end) for start in starts]
    for place, start in enumerate(starts) if is_review else ():
        other = _ANY_VERB.match(text, start, sentence.end) if openings[place] is None else None
        is_listed = start == starts[0] or _LISTED.search(text, 0, start) is not None
        word = other["verb"].lower() if other and is_listed else ""
        if other and may_be_verb(word) and (word in SURE or word not in KNOWN):
            openings[place] = Span(*other.span("verb"))
    ends = [*starts[1:], sentence.end]
    for place, end in enumerate(ends) if is_review else ():
        openings[place] = openings[place] or _behind_lead_in(text, Span(starts[place], end))
    if openings[0] is None or not (is_review or text[sentence.start].isupper()):
        return ()
    return tuple(Operative(each, "recommended", "imperative") for each in openings if each)
