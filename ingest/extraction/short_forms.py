"""Instruments under the short forms of a document: "the Protocol", "the said Convention", "Covenant rights"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon

_LOOK_BACK = 60
_BACK_POINTING = r"said|that|latter|same|aforementioned|above-mentioned"
_DETERMINED = re.compile(rf"\b(?:[Tt]he|[Tt]his|((?i:{_BACK_POINTING})))\s$")
OTHER_NAME = (
    r"(?!\s(?:on|against|relating to|for|concerning|of|to)\s(?:the\s)?(?!States?\b|Part(?:y|ies)\b)[A-Z])(?!-)\b"
)
"""What would make it another instrument: "the Convention on the Rights of the Child", "the Protocol to Eliminate …"."""
_JOINED = re.compile(r"\b[Tt]he\s(?:Convention|Covenant)\sand\s$")
"""Before a short name without a determiner of its own: "the Convention and Protocol"."""
_OF_TREATY = re.compile(
    r"\s(?:bod(?:y|ies)|commitments|guarantees|obligations|principles|provisions|requirements|rights|standards)\b"
)
"""What follows a short name without a determiner: "Covenant rights"; one of several words ("Protocol V") needs none."""
_MAIN_NOUN = re.compile(r"\b(?:Convention|Protocol|Agreement|Covenant|Charter|Treaty)\b")
TREATY_NOUNS = ("Convention", "Protocol", "Covenant")
"""Nouns that name a treaty after a determiner also where the document does not say which."""


class ShortForms:
    """Finds the short forms of one lexicon: the noun of a shorthand after a determiner.

    "The Convention" is what the document says, whatever was named before; "the said Protocol" and "that Convention" are
    the instrument last named in full with this noun, else what the document says. Where it says nothing, the entity is
    empty.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._meant = dict.fromkeys(TREATY_NOUNS, "") | {each.noun: each.entity for each in lexicon.shorthands}
        nouns = "|".join(re.escape(noun) for noun in sorted(self._meant, key=lambda noun: (-len(noun), noun)))
        self._noun = re.compile(rf"(?<=\s)({nouns})\b{OTHER_NAME}")

    def mentions(self, text: str, named: tuple[Mention, ...]) -> Iterator[Mention]:
        """The short forms of a text; ``named`` are the instruments that it names in full."""
        for match in self._noun.finditer(text) if any(noun in text for noun in self._meant) else ():
            determiner = _DETERMINED.search(text, max(0, match.start() - _LOOK_BACK), match.start())
            noun, span = match.group(1), Span(*match.span(1))
            is_whole = " " in noun or _OF_TREATY.match(text, span.end)
            is_joined = _JOINED.search(text, max(0, match.start() - _LOOK_BACK), match.start())
            if determiner is None and not (self._meant[noun] and (is_whole or is_joined)):
                continue
            before = last_named(text, noun, named, span.start) if determiner and determiner.group(1) else ""
            yield Mention(span, before or self._meant[noun], "instrument")


def points_back(text: str, position: int) -> bool:
    """Whether "the said" or the like stands before a place."""
    determiner = _DETERMINED.search(text, max(0, position - _LOOK_BACK), position)
    return determiner is not None and determiner.group(1) is not None


def last_named(text: str, noun: str, named: Iterable[Mention], position: int) -> str:
    """The treaty named last before a place by a name with this noun; empty where there is none."""
    entity = ""
    for mention in named:
        noun_of_it = _MAIN_NOUN.search(mention.span.cut(text)) if mention.span.end <= position else None
        entity = mention.entity if noun_of_it and noun_of_it.group() == noun else entity
    return entity
