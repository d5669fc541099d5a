"""Which phrases of a recommendation are operative: a main clause, somebody asked or something asked for.

*Should* and a directive verb are operative in any main clause, also without an agent ("risks should be assessed").
*May* and *could* are when somebody can act ("States parties may consider"), not when they describe ("such cooperation
could include"). *Must* and *need* with a thing as subject describe as well ("evidence must meet the standard of
proof").
"""

from __future__ import annotations

import re

from ingest.extraction.clauses import ADVERBS, GAP
from ingest.extraction.considering import CONSIDERATION_GIVEN
from ingest.extraction.modality import Operative
from ingest.extraction.subjects import Clause

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
    if clause.words.lower().endswith("consideration") and CONSIDERATION_GIVEN.match(text, after):
        return True
    if phrase.carrier == "might" or not has_agent or _STATIVE.match(text, after):
        return False
    if clause.kind == "shared":
        return phrase.modality == "may" or (before is not None and before.modality in (phrase.modality, "may-wish"))
    return clause.kind == "actors" or _DESCRIPTIVE.match(text, after) is None
