"""Verbs of requests: which words are verbs, and the base form of a gerund or a participle.

Lists hold the verbs that recommendations and resolutions use; a word outside them is judged by its ending.
"""

from __future__ import annotations

import re
from functools import cache

from ingest.extraction.clauses import DATA, WORDS

_VERBS, _VERBS_OR_NOUNS = WORDS["verbs"], WORDS["verbs_or_nouns"]
_NOUNS_TOO = _VERBS_OR_NOUNS | WORDS["nouns_too"]
KNOWN = _VERBS | _VERBS_OR_NOUNS | WORDS["further_verbs"]
"""All verbs of the lists, in their base form."""
SURE = KNOWN - _NOUNS_TOO
FINITE = SURE | WORDS["of_a_state"]
"""Verbs that no noun looks like, also such as nobody is asked to do."""
IMPERATIVES = WORDS["imperatives"] | (SURE - WORDS["ask_nothing"])
"""The verbs that open a bare imperative."""
NOUNS_OR_IMPERATIVES = _NOUNS_TOO - IMPERATIVES
"""Those that open one where an object follows: "Share the experience"."""
_BEFORE_AN_OBJECT = WORDS["before_an_object"]
OPENS_AN_OBJECT = _BEFORE_AN_OBJECT | WORDS["objects"]
"""Words that show that a verb stands before them, not a noun."""
_NO_VERBS = _BEFORE_AN_OBJECT | WORDS["no_verbs"]
_ENDS_LIKE_NO_VERB = re.compile(
    r"(?:[st]ion|ances?|ences?|ments?|ity|ities|ness|ship|ism|ors?|ers?|ists?|als?|ive|ous|ful|able|ible|ary|ory|"
    r"ical|ed|ing|ly|ics?|ants?|ents?|ess|[^s]s)$"
)


def is_verb(joined: re.Match[str]) -> bool:
    """Whether a word joined to another verb is one: ``verb``, with ``to`` before it or the two words in ``rest``."""
    verb = joined["verb"]
    following = joined["rest"].split()
    if verb in _VERBS:
        return True
    if verb not in _VERBS_OR_NOUNS or not following:
        return False
    return bool(joined["to"]) or following[0] in _BEFORE_AN_OBJECT or (following[0] == "and" and following[1] in _VERBS)


@cache
def may_be_verb(word: str) -> bool:
    """Whether a word where a verb may stand (behind *to*) is one: it is listed, or does not end like another word."""
    if word in KNOWN:
        return True
    return word not in _NO_VERBS and len(word) > 1 and _ENDS_LIKE_NO_VERB.search(word) is None


def is_gerund(word: str) -> bool:
    """Whether a word has the form of a gerund, and is not the base form of a verb ("bring")."""
    return word.endswith("ing") and word.lower() not in KNOWN


def takes_object(word: str, following: str) -> bool:
    """Whether a word that is a noun as well is a verb here, by the word that follows."""
    return word in SURE or (word in _NOUNS_TOO and following in OPENS_AN_OBJECT)


@cache
def base_form(word: str) -> str:
    """The base form of a base form, gerund or participle: *establishing*, *established* and *establish* are one."""
    word = word.lower()
    if word in DATA["irregular"]:
        return str(DATA["irregular"][word])
    ending = next((ending for ending in ("ying", "ied", "ing", "ed") if word.endswith(ending) and len(word) > 4), "")
    if not ending or word in KNOWN:
        return _american(word)
    stem = word[: -len(ending)]
    candidates = [stem + "y", stem + "ie"] if ending in ("ying", "ied") else [stem, stem + "e"]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        candidates.append(stem[:-1])
    known = [each for each in candidates if _american(each) in KNOWN]
    if known:
        return _american(known[-1] if known[-1].endswith("e") and known[0] not in KNOWN else known[0])
    if len(candidates) > 2 and stem[-1] not in "lsfz":
        return candidates[2]
    return _american(candidates[1] if _LOSES_E.search(stem) and ending in ("ing", "ed") else candidates[0])


_LOSES_E = re.compile(r"(?:[^aeou]at|i[sz]|[cvu]|[^n]g|[bcdfgkpstz]l|ur|[^aeious]s)$")
"""How a base form ends that has lost an *e* before *-ing* or *-ed*, where no list has the verb."""


def _american(word: str) -> str:
    """The spelling with *z* that the lists have, where they have it."""
    other = f"{word[:-3]}ize" if word.endswith("ise") else f"{word[:-3]}yze" if word.endswith("yse") else word
    return "analyse" if word == "analyze" else other if other in KNOWN and other != "analyze" else word
