"""Which phrases of a recommendation are operative: a main clause, somebody asked or something asked for.

*Should* and a directive verb are operative in any main clause, also without an agent ("risks should be assessed").
*May* and *could* are when somebody can act ("States parties may consider"), not when they describe ("such cooperation
could include"). *Must* and *need* with a thing as subject describe as well ("evidence must meet the standard of
proof").
"""

from __future__ import annotations

import re

from ingest.extraction.clauses import ADVERBS, GAP
from ingest.extraction.mainclauses import Clause
from ingest.extraction.modality import Operative

_REMARK = re.compile(
    rf"[Ii]t{ADVERBS}\s+(?:should|must|may|could){ADVERBS}\s+be{ADVERBS}\s+(?:noted|recalled|emphasized|"
    rf"stressed|underlined|"
    r"borne in mind|kept in mind|remembered|pointed out|mentioned|added)\b"
)
_CONSIDER = re.compile(rf"{GAP}\s+(?:consider\b|be{ADVERBS}\s+considered\b|give\s+(?:\w+\s+)?consideration\b)")
_CONSIDERATION_GIVEN = re.compile(rf"{GAP}\s+be{ADVERBS}\s+given\b")
_STATIVE = re.compile(
    rf"{GAP}\s+(?:be|have|face|encounter|experience|benefit|lack|need|find|include|involve|vary|differ|become|"
    rf"suffer|share some|"
    r"wish(?! to)|result|lead|constitute|depend|affect|exist|require|deem)\b"
)
_DESCRIPTIVE = re.compile(
    rf"{GAP}\s+(?:allow|assist|comprise|contribute|cover|enable|help|hinder|pose|serve|support|vary)\b"
)
_BE = re.compile(rf"{GAP}\s+be\b")
_NEEDS_A_PERSON = frozenset({"must", "need to", "needs to"})


def is_operative(text: str, phrase: Operative, clause: Clause, has_agent: bool, before: Operative | None) -> bool:
    """Whether a phrase in a main clause asks for something.

    ``has_agent`` says that an actor is its subject, named or by pronoun; ``before`` is the operative phrase whose
    subject it shares.
    """
    if phrase.voice == "passive" or not phrase.is_bare:
        return True
    after = phrase.span.end
    if clause.kind == "pronoun" and _REMARK.match(text, clause.start):
        return False
    if phrase.modality == "should":
        return has_agent or phrase.carrier not in _NEEDS_A_PERSON or _is_passive_must(text, phrase)
    if _CONSIDER.match(text, after):
        return True
    if clause.words.lower().endswith("consideration") and _CONSIDERATION_GIVEN.match(text, after):
        return True
    if phrase.carrier == "might" or not has_agent or _STATIVE.match(text, after):
        return False
    if clause.kind == "shared":
        return phrase.modality == "may" or (before is not None and before.modality == phrase.modality)
    return clause.kind == "actors" or _DESCRIPTIVE.match(text, after) is None


def _is_passive_must(text: str, phrase: Operative) -> bool:
    return phrase.carrier == "must" and _BE.match(text, phrase.span.end) is not None
