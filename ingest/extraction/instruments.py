"""Instruments under all their names, short forms included: "the Protocol", "the said Convention"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon, Shorthand

_BACK_POINTING = r"said|that|latter|same|aforementioned|above-mentioned"
_OTHER_NAME = r"(?!\s(?:on|against|relating to|for|concerning|of|to)\s(?:the\s)?[A-Z])(?!-)\b"
"""What would make it another instrument: "the Convention on the Rights of the Child", "the Protocol to Eliminate …"."""


def short_forms(text: str, lexicon: Lexicon, named: tuple[Mention, ...]) -> Iterator[Mention]:
    """The short forms in a text: the noun of a shorthand after a determiner.

    "The Convention" is what the lexicon says, whatever was named before; "the said Protocol" and "that Convention" are
    the instrument last named in full with this noun (``named``), else what the lexicon says.
    """
    for shorthand in lexicon.shorthands:
        pattern = re.compile(
            rf"\b(?:the|this|({_BACK_POINTING}))\s({re.escape(shorthand.noun)})\b{_OTHER_NAME}", re.IGNORECASE
        )
        for found in pattern.finditer(text):
            if found.group(2) != shorthand.noun:
                continue
            span = Span(*found.span(2))
            entity = _last_named(text, shorthand, named, span.start) if found.group(1) else shorthand.entity
            yield Mention(span, entity, "instrument")


def _last_named(text: str, shorthand: Shorthand, named: tuple[Mention, ...], position: int) -> str:
    entity = shorthand.entity
    for mention in named:
        if mention.span.end <= position and _main_noun(mention.span.cut(text)) == shorthand.noun:
            entity = mention.entity
    return entity


def _main_noun(name: str) -> str:
    found = re.search(r"\b(?:Convention|Protocol|Agreement|Covenant|Charter|Treaty)\b", name)
    return found.group() if found else ""
