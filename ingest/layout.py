"""Lines of a page that are no words of the document: page numbers, running heads and feet, job numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

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
OFTEN, LONGEST, EDGE = 3, 80, 3


def shape(words: str) -> str:
    """A line with its digits made alike, so that page numbers do not tell two feet apart."""
    return re.sub(r"[0-9]+", "0", words)


def repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """The shapes of lines that come again at the edges of a third of all pages, and of three of them at least."""
    counted = Counter(each for page in pages for each in {shape(line) for line in (*page[:EDGE], *page[-EDGE:])})
    return {each for each, count in counted.items() if count >= max(3, len(pages) // 3)}


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
