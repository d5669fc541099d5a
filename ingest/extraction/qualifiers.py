"""Qualifiers: words that bound what a directive asks ("where appropriate", "in accordance with national law").

Only words from the closed list count. Not qualifiers: commensurate with, within a reasonable time, at all times,
without delay, inter alia, while ensuring, giving due regard, taking into account; nor law that only describes
something ("their rights under domestic law"), nor a treaty article named as the source of a duty ("in accordance with
article 8").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CONDITIONS = {
    "appropriate": "where-appropriate",
    "applicable": "where-applicable",
    "relevant": "where-relevant",
    "necessary": "where-necessary",
    "required": "where-necessary",
    "needed": "where-necessary",
}
_CONDITION = "|".join(_CONDITIONS)
_WHERE = re.compile(
    rf"\b(?:where|wherever|when|whenever|if|as)(?: and (?:where|when|as|if))?(?: it is| so| may be| deemed|"
    rf" considered)?"
    rf" ({_CONDITION})(?:(?:,? (?:and|or) |/)({_CONDITION}))?\b(?! as\b)",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\b(?:(?:in (?:accordance|conformity|compliance|line|keeping|a manner (?:consistent|compatible)|"
    r"full (?:accordance|compliance|conformity))|consistent(?:ly)?|compatible) with|subject to|pursuant to|"
    r"to the extent (?:permitted|allowed)"
    r" by|within the (?:limits|framework|bounds) of|without prejudice to)\b",
    re.IGNORECASE,
)
_DOMESTIC_SYSTEMS = re.compile(r"\b(?:domestic|national|internal)\b[^;:.]{0,40}?\bsystems?\b")
_DOMESTIC_LAW = re.compile(
    r"\b(?:(?:domestic|national|internal)(?: (?:criminal|applicable|relevant|and regional))? (?:laws?|"
    r"legislations?)|domestic"
    r" legal (?:requirements|frameworks?|provisions)|national legal (?:requirements|frameworks?|provisions)|"
    r"laws of (?:the|each|their))\b"
)
_INTERNATIONAL_LAW = re.compile(
    r"\b(?:international(?: [a-z]+){0,3} law|international (?:legal )?(?:obligations|commitments)|"
    r"obligations under (?:the|"
    r"international|relevant|applicable|other)|(?:relevant|applicable) (?:international )?(?:treaties|"
    r"instruments|conventions))\b"
)
_ENVISAGED = re.compile(
    r"\b(?:when|where|if|as|whenever) (?:(?:it is|this is|they are|so) )?(?:envisaged|provided for|permitted|"
    r"allowed|foreseen)"
    r" (?:in|by|under) (?:the |their )?(?:respective )?(?:national|domestic|internal) (?:law|legislation)s?\b",
    re.IGNORECASE,
)
_FIXED = (
    (
        "upon-request",
        re.compile(r"\b(?:(?:upon|on) (?:(?:the|their|its) )?|at (?:their|its) )request\b", re.IGNORECASE),
    ),
    (
        "with-consent-of-the-individual",
        re.compile(
            r"\bwith (?:the |his or her |their )?(?:(?:free|prior|full|express|informed|voluntary)(?:,? and |, |"
            r" )){0,3}"
            r"(?:approval|consent|agreement) of (?:the|each|any) (?:individual|person|migrant|smuggled migrant|victim|"
            r"witness)s?\b"
            r"|\bwith (?:their|his or her) (?:informed |prior |free )?consent\b",
            re.IGNORECASE,
        ),
    ),
    (
        "national-sovereignty-and-solidarity",
        re.compile(
            r"\b(?:on the basis of|based on|in accordance with|consistent with|with (?:full |due )?respect for|"
            r"guided by|respecting)"
            r" (?:the )?principles? of (?:the )?(?:national |State )?(?:sovereignty|sovereign equality)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "to-the-fullest-extent-possible",
        re.compile(
            r"\bto the (?:(?:fullest|greatest|maximum|widest|largest|fullest possible|greatest possible|"
            r"maximum possible) extent"
            r"(?: possible)?|extent possible)\b|\bas far as possible\b",
            re.IGNORECASE,
        ),
    ),
)
_REACH = 100
"""How far after "in accordance with" the law may stand that it introduces, in characters."""
_END_OF_REACH = re.compile(r"[;:]|,(?! (?:legal|administrative|domestic|national|regional|policies|regulations|laws))")


def find_qualifiers(words: str) -> tuple[str, ...]:
    """The slugs of the qualifiers in the words of a directive, in order of first appearance."""
    found = sorted(_all(words), key=lambda each: each[0])
    return tuple(dict.fromkeys(slug for _, slug in found))


def _all(words: str) -> Iterator[tuple[int, str]]:
    for condition in _WHERE.finditer(words):
        yield condition.start(), _CONDITIONS[condition.group(1).lower()]
        if condition.group(2):
            yield condition.start(2), _CONDITIONS[condition.group(2).lower()]
    for introduction in _INTRODUCTION.finditer(words):
        yield from _laws(words, introduction.end())
    for envisaged in _ENVISAGED.finditer(words):
        yield envisaged.start(), "where-envisaged-in-national-law"
    for slug, pattern in _FIXED:
        for found in pattern.finditer(words):
            yield found.start(), slug


def _laws(words: str, start: int) -> Iterator[tuple[int, str]]:
    reach = words[start : start + _REACH]
    end = _END_OF_REACH.search(reach)
    reach = reach[: end.start()] if end else reach
    systems = _DOMESTIC_SYSTEMS.search(reach)
    for slug, law in (
        ("consistent-with-domestic-systems", systems),
        ("in-accordance-with-national-law", None if systems else _DOMESTIC_LAW.search(reach)),
        ("in-accordance-with-international-law", _INTERNATIONAL_LAW.search(reach)),
    ):
        if law is not None:
            yield start + law.start(), slug
