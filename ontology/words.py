"""English words: their families for a search, dates as documents print them, and the order of names with numbers.

A family is named by the stem of its words (Snowball's English stemmer, https://snowballstem.org). A stem of fewer than
four letters says too little ("wit" is that of "witness" and of "wit"), so such words lose only the ending of a
plural, a past or a participle. Where the stemmer puts words of different meaning together, `APART` keeps them apart.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

LEAST = 4
"""The fewest letters of a stem."""
_APART = (
    "accession accessions", "authority authorities", "business businesses", "customer customers", "humane humanely",
    "informal informally", "instrumental", "integrity", "international", "nationality nationalities", "organ organs",
    "publication publications", "relative relatives", "respective respectively", "response responses",
    "transition transitional", "university universities",
)  # fmt: skip
APART = {word: words.split()[0] for words in _APART for word in words.split()}
"""Words whose stem is that of words with another meaning, with the name of their own family."""


def normalized(word: str) -> str:
    """A word as the full-text index has it: in small letters, without diacritics (SQLite FTS5 §4.3.1)."""
    folded = word.casefold()
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFD", folded)
    return "".join(character for character in parts if not unicodedata.combining(character))


@lru_cache(maxsize=50_000)
def family(word: str) -> str:
    """The name of the family of a normalized word: ``family("witnesses") == family("witness")``."""
    from snowballstemmer import stemmer  # Three megabytes, the stemmers of all languages, for the first search.

    if word in APART:
        return APART[word]
    stem: str = stemmer("english").stemWord(word)
    if len(stem) >= LEAST:
        return stem
    for ending in ("ing", "ed", "es"):
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return word.removesuffix(ending)
    if len(word) >= LEAST and (word.endswith("ed") or (word.endswith("s") and not word.endswith("ss"))):
        return word[:-1]
    return word


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(day: date) -> str:
    """Formats a date: ``25 August 2015``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period_in_words(start: date, end: date) -> str:
    """Formats a period as short as it can be: ``11 to 13 November 2013``, ``30 May to 1 June 2012``."""
    if start == end:
        return in_words(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {in_words(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} to {in_words(end)}"
    return f"{in_words(start)} to {in_words(end)}"


@lru_cache(maxsize=10_000)
def natural(words: str) -> tuple[tuple[int, str], ...]:
    """Returns a sort key that compares digits as numbers."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", words))
