"""Lines of a page that are no words of the document: page numbers, running heads and feet, job numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

PAGE_NUMBER = re.compile(r"(?:[Pp]age )?[0-9]{1,3}(?:/[0-9]{1,3})?")
"""``2/9``, ``14`` or ``Page 2`` alone between two pages; four digits are a year."""
SYMBOL = re.compile(r"[A-Z]{1,8}(?:/(?:[\w.-]*\w)){2,}\*?")
_JOB = r"(?:[A-Z]{1,3}[.:])?[0-9]{2}- ?[0-9]{5}(?: ?\([A-Z]\))?(?: [0-9]{6})*"
PAGE_FOOT = re.compile(
    rf"(?:[0-9]{{1,3}}(?:/[0-9]{{1,3}})?\s+)?(?:{SYMBOL.pattern}|{_JOB})(?:\s+[0-9]{{1,3}}(?:/[0-9]{{1,3}})?)?"
)
"""``4 A/HRC/WG.6/48/SVN/1`` or ``V.15-05990 2/11``: page, symbol and job number in one line."""
CLOSING = re.compile(
    r"[0-9]{1,3}(?:st|nd|rd|th) (?:plenary )?meeting\b|\[(?:Adopted|Resolution adopted|Aprobad|Adoptée)"
)
TABLE_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?")
OFTEN, LONGEST = 3, 80


def shape(words: str) -> str:
    """A line with its digits made alike, so that page numbers do not tell two feet apart."""
    return re.sub(r"[0-9]+", "0", words)


class Layout:
    """Knows the lines that come again and again on the pages of one document: ``repeated``."""

    def __init__(self, lines: Iterable[str]) -> None:
        counted = Counter(words for words in lines if len(words) <= LONGEST and PAGE_FOOT.fullmatch(words))
        self.repeated = {words for words, count in counted.items() if count >= OFTEN}

    def kind(self, words: str, alone: bool) -> str:
        """Returns the kind of layout a line is, empty for words; ``alone`` if it is short and all of its block."""
        if alone and PAGE_NUMBER.fullmatch(words):
            return "page number"
        if words in self.repeated or (alone and PAGE_FOOT.fullmatch(words)):
            return "running header"
        return ""
