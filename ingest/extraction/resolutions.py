"""Resolutions by their printed numbers: "resolution 5/3", "resolutions 5/3 and 7/1", "General Assembly
resolution 55/25".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon

_NUMBER = r"\d{1,4}/\d{1,3}"
_RESOLUTIONS = re.compile(rf"\b[Rr]esolutions?\s{_NUMBER}(?:(?:,\sand\s|\sand\s|\sor\s|,\s){_NUMBER})*(?![\w/])")
_EACH = re.compile(_NUMBER)
_BODIES = (
    ("ga", re.compile(r"\b(?:General\s)?Assembly\s$"), re.compile(r"\sof\sthe\s(?:General\s)?Assembly\b")),
    ("ecosoc", re.compile(r"\bCouncil\s$"), re.compile(r"\sof\sthe\s(?:Economic\sand\sSocial\s)?Council\b")),
    ("ccpcj", re.compile(r"\bCommission\s$"), re.compile(r"\sof\sthe\sCommission\b")),
    ("cop", re.compile(r"\bConference\s$"), re.compile(r"\sof\sthe\sConference\b")),
)
_FIRST_COUNCIL_YEAR = 1946
_FIRST_ASSEMBLY_SESSION = 31
"""Since its thirty-first session the General Assembly numbers its resolutions by session: 31/1 and later."""
_LOOK_BACK = 60


def resolution_mentions(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """The resolutions that a text cites, one mention a number; the first has the word "resolution" in its span."""
    for found in _RESOLUTIONS.finditer(text):
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        body = next(
            (name for name, ahead, behind in _BODIES if ahead.search(before) or behind.match(text, found.end())), None
        )
        start = found.start()
        for number in _EACH.finditer(text, found.start(), found.end()):
            path = _path(number.group(), body, lexicon)
            yield Mention(Span(start, number.end()), path, "resolution", cites=True)
            following = _EACH.search(text, number.end(), found.end())
            start = following.start() if following else number.end()


def _path(number: str, body: str | None, lexicon: Lexicon) -> str:
    if body in (None, "cop") and number in lexicon.resolutions:
        return lexicon.resolutions[number]
    session, _, ordinal = number.partition("/")
    if body is None:
        first = int(session)
        body = "ecosoc" if first >= _FIRST_COUNCIL_YEAR else "ga" if first >= _FIRST_ASSEMBLY_SESSION else "cop"
    return f"id/resolution/{body}-{session}-{ordinal}"
