"""Which phrases of a recommendation are operative: a main clause, somebody asked or something asked for.

*Should* and a directive verb are operative in any main clause, also without an agent ("risks should be assessed").
*May* and *could* are when somebody can act ("States parties may consider"), not when they describe ("such cooperation
could include"). *Must* and *need* with a thing as subject describe as well ("evidence must meet the standard of
proof").

Consider only: whether *consider* governs everything that a directive asks. "Consider establishing", "consider ways to",
"consider how to … and to consider including", "be considered" ask to consider; "consider them to be distinct crimes"
asks to treat them so, and "consider using … and support and contribute" asks for more.
"""

from __future__ import annotations

import re

from ingest.document import Span
from ingest.extraction.clauses import ADVERBS, GAP, PARENTHESIS
from ingest.extraction.modality import Operative
from ingest.extraction.subjects import Clause
from ingest.extraction.verbs import is_verb

_REMARK = re.compile(
    rf"[Ii]t{ADVERBS}\s+(?:should|must|may|could){ADVERBS}\s+be{ADVERBS}\s+(?:noted|recalled|emphasized|"
    rf"stressed|underlined|"
    r"borne in mind|kept in mind|remembered|pointed out|mentioned|added)\b"
)
_ASKS_TO_CONSIDER = re.compile(
    rf"{GAP}\s+(?:consider\b|be{ADVERBS}\s+considered\b(?!\s+as\b)|give\s+(?:\w+\s+)?consideration\b)"
)
_DISCLAIMS = re.compile(
    rf"{GAP}\s+not{ADVERBS}\s+be{ADVERBS}\s+(?:construed|interpreted|understood|taken|read|seen|regarded)\s(?:as|to)\b"
)
"""What a text says of itself: "they should not be construed as endorsed by …"."""
_STATIVE = re.compile(
    rf"{GAP}\s+(?:be|have|face|encounter|experience|benefit|lack|need|find|include|involve|vary|differ|become|"
    rf"suffer|share some|"
    r"wish(?! to)|result|lead|constitute|depend|affect|exist|require|deem)\b"
)
_DESCRIPTIVE = re.compile(
    rf"{GAP}\s+(?:allow|assist|comprise|contribute|cover|enable|help|hinder|pose|serve|support|vary)\b"
)
_OF_A_THING = re.compile(
    rf"{GAP}\s+(?:be\b(?!\s+(?:at|in|on|of|the|an?|more|able|ready|free|clear|based)\b)|"
    r"(?:comply|conform|contain|ensure|guarantee|include|provide|respect|specify|state)\b)"
)
"""What a thing must: have something done to it ("be kept"), or hold or secure something ("contain", "ensure")."""
_PERSONS = re.compile(
    r"(?:^|,\s)(?:(?!(?:of|in|for|by|to|from|with|on|at|that|which|who)\b)[\w’'-]+\s){0,4}"
    r"(?:agenc(?:y|ies)|authorit(?:y|ies)|bod(?:y|ies)|business(?:es)?|carriers?|compan(?:y|ies)|courts?|doctors|employers?|"
    r"enterprises|experts|institutions?|investigators?|judges?|lawyers|legislators?|ministr(?:y|ies)|officers?|officials?|"
    r"organi[sz]ations?|parliaments?|personnel|physicians|police|practitioners|professionals|prosecutors?|schools|staff|"
    r"teachers|tribunals?|universities)\b",
    re.IGNORECASE,
)
"""Who acts though they are no name: "the relevant authorities must", "Courts imposing penalties must"."""
_NEEDS_A_PERSON = frozenset({"must", "need to", "needs to"})
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
_CONSIDERATION_GIVEN = re.compile(rf"{GAP}\s*be{ADVERBS}\s+given(?:\s+to)?\b")
_COORDINATED = re.compile(
    rf"(?:,\s+|\s+)(?:and|or|and/or)(?P<gap>{ADVERBS}|"
    rf"{PARENTHESIS})\s+(?P<to>to\s+)?(?P<verb>[a-z]+)\b(?P<rest>\s+\w+\s+\w+|)"
)
_NEARER_VERB = re.compile(r"\b(?:to\s+(?!the\b|an?\b|their\b|its\b|which\b|all\b|such\b)[a-z]+\b|that|which|who|how)\b")


def is_operative(text: str, phrase: Operative, clause: Clause, has_agent: bool, before: Operative | None) -> bool:
    """Whether a phrase in a main clause asks for something.

    ``has_agent`` says that an actor is its subject, named or by pronoun; ``before`` is the operative phrase whose
    subject it shares.
    """
    if phrase.needs_agent and not has_agent:
        return False
    if phrase.voice == "passive" or not phrase.is_bare:
        return True
    after = phrase.span.end
    if (clause.kind == "pronoun" and _REMARK.match(text, clause.start)) or _DISCLAIMS.match(text, after):
        return False
    if phrase.modality == "should":
        demands = phrase.carrier == "must" and _OF_A_THING.match(text, after) is not None
        is_somebody = has_agent or (clause.kind == "other" and _PERSONS.search(clause.words) is not None)
        return is_somebody or phrase.carrier not in _NEEDS_A_PERSON or demands
    if phrase.carrier != "might" and _ASKS_TO_CONSIDER.match(text, after):
        return True
    if clause.words.lower().endswith("consideration") and _CONSIDERATION_GIVEN.match(text, after):
        return True
    if phrase.carrier == "might" or not has_agent or _STATIVE.match(text, after):
        return False
    if clause.kind == "shared":
        return phrase.modality == "may" or (before is not None and before.modality in (phrase.modality, "may-wish"))
    return clause.kind == "actors" or _DESCRIPTIVE.match(text, after) is None


def is_consider_only(text: str, position: int, end: int, subject: str = "") -> bool:
    """Whether *consider* governs all that is asked from ``position`` to ``end``.

    ``position`` is right after the operative phrase, before the verb of the action; ``subject`` the words before it,
    which matter for "consideration should be given to".
    """
    words = text[position:end]
    if subject.lower().endswith("consideration") and _CONSIDERATION_GIVEN.match(words):
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
