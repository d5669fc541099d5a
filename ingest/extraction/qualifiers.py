"""Qualifiers: words that bound what a directive asks ("where appropriate", "in accordance with national law").

Only words from the closed list count. Not qualifiers: commensurate with, within a reasonable time, at all times,
without delay, inter alia, while ensuring, giving due regard, taking into account; nor law that only describes
something ("their rights under domestic law"), nor a treaty article named as the source of a duty ("in accordance with
article 8").

The words of a qualifier run from what introduces them to the end of the law, system or principle that they name. Two
laws after one introduction are two qualifiers: the first has the introduction, the second its own words ("in accordance
with international law", "domestic legislation"); likewise "where necessary and appropriate". Names may stand inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.document import Span
from ingest.extraction.clauses import holds
from ingest.extraction.findings import Mention

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
_INTRODUCES = (
    r"(?:(?:in (?:accordance|conformity|compliance|line|keeping|a manner (?:consistent|compatible)|"
    r"full (?:accordance|compliance|conformity))|consistent(?:ly)?|compatible) with|subject to|pursuant to|"
    r"to the extent (?:permitted|allowed) by|within the (?:limits|framework|bounds) of|without prejudice to)"
)
_INTRODUCTION = re.compile(rf"\b{_INTRODUCES}(?:,? (?:and|or) {_INTRODUCES})*\b", re.IGNORECASE)
_STATE = r"(?:States?|countr(?:y|ies)|jurisdictions?)(?: [Pp]art(?:y|ies))?(?: (?:concerned|involved))?"
_RULES = r"(?:regulations?|polic(?:y|ies)|procedures?|practices?|rules|requirements|standards)"
_DOMESTIC_SYSTEMS = re.compile(r"\b(?:domestic|national|internal)\b[^;:.]{0,40}?\bsystems?\b")
_DOMESTIC_LAW = re.compile(
    r"\b(?:(?:domestic|national|internal)(?: (?:criminal|applicable|relevant|(?:and|or) (?:regional|international)))?"
    r" (?:laws?|legislations?)|domestic"
    r" legal (?:requirements|frameworks?|provisions)|national legal (?:requirements|frameworks?|provisions)|"
    rf"laws of (?:the|each|their)(?:(?: [\w-]+)? {_STATE}| [\w-]+)?)\b"
    rf"(?: (?:and|or) (?:(?:administrative|applicable|domestic|internal|legal|national|relevant) )?{_RULES}\b)*"
    rf"(?: of (?:the|each|that|their|its) (?:[a-z]+ )?{_STATE}\b)?"
)
_OTHER_WORDS = (
    r" (?:and|or) (?!(?:all|any|applicable|international|its|other|regional|relevant|the [A-Z]|under)\b)|"
    r" (?:by|for|in|may|or|should|so|to|when|where|while|with)(?= [a-z])"
)
"""Where the treaties end under which there are obligations, and something else begins."""
_INTERNATIONAL_LAW = re.compile(
    r"\b(?:international(?: [a-z]+){0,3}? law(?: of the sea)?|international (?:legal )?(?:obligations|commitments)|"
    r"obligations(?:,? (?:and|or) (?:[a-z]+ )?(?:commitments|responsibilities))? under "
    r"(?:the|international|relevant|applicable|other|this|that|[A-Z]\w+)\b"
    rf"(?:(?!{_OTHER_WORDS})[^,;:.()])*|"
    r"(?:relevant|applicable) (?:international )?(?:treaties|instruments|conventions))\b"
)
_FIXED = (
    (
        "in-accordance-with-international-law",
        ("provisions of",),
        re.compile(
            rf"\b{_INTRODUCES} (?:the )?(?:relevant |applicable )?provisions of "
            r"(?:the |(?:articles?|paragraphs?|chapters?) )"
            r"[^;:.]{0,80}?\b(?:Convention|Protocol|Covenant|Charter|Agreement|Treaty|Statute)s?\b"
            r"(?: (?:on|against|relating to) (?:the )?[A-Z]\w+(?: (?:and |of |the |in )*[A-Z]\w+)*)?"
        ),
    ),
    (
        "where-envisaged-in-national-law",
        ("envisaged", "provided for", "permitted", "allowed", "foreseen"),
        re.compile(
            r"\b(?:when|where|if|as|whenever) (?:(?:it is|this is|they are|so) )?(?:envisaged|provided for|permitted|"
            r"allowed|foreseen)"
            r" (?:in|by|under) (?:the |their )?(?:respective )?(?:national|domestic|internal) (?:law|legislation)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "upon-request",
        ("on request", "on the request", "their request", "its request"),
        re.compile(
            r"\b(?:(?:upon|on) (?:(?:the|their|its) )?|at (?:their|its) )request\b"
            rf"(?: (?:of|by|from) (?:[a-z]+ ){{0,3}}(?:Member )?{_STATE}\b)?",
            re.IGNORECASE,
        ),
    ),
    (
        "with-consent-of-the-individual",
        ("consent", "approval of", "agreement of"),
        re.compile(
            r"\bwith (?:the |his or her |their )?(?:(?:free|prior|full|express|informed|voluntary)(?:,? and |, |"
            r" )){0,3}"
            r"(?:approval|consent|agreement) of (?:the|each|any) (?:individual|person|migrant|smuggled migrant|victim|"
            r"witness)s?\b(?: (?:concerned|in question)\b)?"
            r"|\bwith (?:their|his or her) (?:informed |prior |free )?consent\b",
            re.IGNORECASE,
        ),
    ),
    (
        "national-sovereignty-and-solidarity",
        ("sovereign",),
        re.compile(
            r"\b(?:on the basis of|based on|in accordance with|consistent with|with (?:full |due )?respect for|"
            r"guided by|respecting)"
            r" (?:the )?principles? of (?:the )?(?:national |State )?(?:sovereignty|sovereign equality)\b"
            r"(?:(?:,|,? and) (?:(?:equitable|fair|national|of|shared|sovereign|territorial|the) ){0,3}"
            r"(?:solidarity|sharing of (?:the )?(?:responsibilit(?:y|ies)|burdens?)|integrity|equality|responsibility)"
            r"\b)*",
            re.IGNORECASE,
        ),
    ),
    (
        "to-the-fullest-extent-possible",
        ("extent", "as far as possible"),
        re.compile(
            r"\bto the (?:(?:fullest|greatest|maximum|widest|largest|fullest possible|greatest possible|"
            r"maximum possible) extent"
            r"(?: possible)?|extent possible)\b|\bas far as possible\b",
            re.IGNORECASE,
        ),
    ),
)
_INTRODUCTION_HINTS = (
    *("ance with", "conformity with", "line with", "keeping with", "consistent", "compatible with", "subject to"),
    *("pursuant", "to the extent", "within the", "prejudice"),
)
"""Parts of what introduces a law, without one of which nothing does; those of the others stand above."""
_BEFORE_THE_VERB = re.compile(r"[\s,]*(?:(?:also|further|[a-z]+ly)[\s,]*)*(?:(?:to )?consider(?:ing)?[\s,]*)?")
_BEGINS_A_MEMBER = re.compile(r"\b(?:and|or|and/or|including|such as|as well as|especially|particularly)[\s,]*$")
_IN_AN_EXAMPLE = re.compile(r",\s(?:including|such as|for (?:example|instance)|in particular|especially)\b[^;]*,\s*$")
_OF_ITS_CLAUSE = re.compile(r"\sand\s[^,;]*\s(?:where|when|if|as)\s[^,;]*$")
"""At the end of a list and without a comma: "access to justice and to legal assistance when …"."""
_JOINED_TO_ANOTHER = re.compile(r"\s+(?:and|or)\s+")
_REACH = 100
"""How far after "in accordance with" the law may begin that it introduces, in characters."""
_END_OF_REACH = re.compile(r"[;:]|,(?! (?:legal|administrative|domestic|national|regional|policies|regulations|laws))")


def find_qualifiers(text: str, within: Span) -> tuple[Mention, ...]:
    """The qualifiers in the words of a directive with their places in the text, in order of start and longest first.

    One span has one qualifier.
    """
    found: dict[Span, Mention] = {}
    for span, slug in sorted(_all(within.cut(text)), key=lambda each: (each[0].start, -each[0].end)):
        here = Span(within.start + span.start, within.start + span.end)
        found.setdefault(here, Mention(here, f"id/qualifier/{slug}", "qualifier"))
    return tuple(found.values())


def stands_beside(text: str, qualifier: Span, action: int, end: int) -> bool:
    """Whether a qualifier bounds only the words beside it and not all that a directive asks.

    ``action`` is where the words begin that say what is asked, ``end`` where the directive ends. What stands before the
    verb, or after all that is asked, bounds the directive; what stands inside a list or an example bounds its member.
    """
    before = text[action : qualifier.start]
    if qualifier.start <= action or _BEFORE_THE_VERB.fullmatch(before):
        return False
    if _BEGINS_A_MEMBER.search(before) or _IN_AN_EXAMPLE.search(before):
        return True
    if text[qualifier.end : end].strip(" .,;:)") or before.rstrip().endswith(","):
        return False
    return _OF_ITS_CLAUSE.search(before + qualifier.cut(text)) is not None


def narrow(text: str, qualifiers: tuple[Mention, ...], action: int, end: int) -> tuple[Mention, ...]:
    """Those of a directive's qualifiers that bound only words; what is joined to another one goes with it."""
    mentions: list[Mention] = []
    for place, each in enumerate(qualifiers):
        before = qualifiers[place - 1] if place else None
        if before is not None and _JOINED_TO_ANOTHER.fullmatch(text, before.span.end, each.span.start):
            is_narrow = before in mentions
        else:
            is_narrow = stands_beside(text, each.span, action, end)
        mentions += [each] * is_narrow
    return tuple(mentions)


def _all(words: str) -> Iterator[tuple[Span, str]]:
    lower = words.lower()
    for condition in _WHERE.finditer(words) if holds(lower, _CONDITIONS) else ():
        yield Span(condition.start(), condition.end(1)), _CONDITIONS[condition.group(1).lower()]
        if condition.group(2):
            yield Span(*condition.span(2)), _CONDITIONS[condition.group(2).lower()]
    introduced = _INTRODUCTION.finditer(words) if holds(lower, _INTRODUCTION_HINTS) else ()
    introductions = [Span(*match.span()) for match in introduced]
    for introduction, following in pairwise((*introductions, Span(len(words), len(words)))):
        yield from _laws(words, introduction, following.start)
    for slug, hints, pattern in _FIXED:
        for match in pattern.finditer(words) if holds(lower, hints) else ():
            yield Span(*match.span()), slug


def _laws(words: str, introduction: Span, bound: int) -> Iterator[tuple[Span, str]]:
    start = introduction.end
    stop = _END_OF_REACH.search(words, start, bound)
    end = stop.start() if stop else bound
    systems = _DOMESTIC_SYSTEMS.search(words, start, end)
    laws = (
        ("consistent-with-domestic-systems", systems),
        ("in-accordance-with-national-law", None if systems else _DOMESTIC_LAW.search(words, start, end)),
        ("in-accordance-with-international-law", _INTERNATIONAL_LAW.search(words, start, end)),
    )
    laws_here = [(Span(*law.span()), slug) for slug, law in laws if law is not None and law.start() < start + _REACH]
    for place, (law, slug) in enumerate(sorted(laws_here)):
        yield Span(law.start if place else introduction.start, law.end), slug
