"""The title that a masthead prints, and the State that a report of the Universal Periodic Review is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from ingest.front import OPENING_WORDS
from ingest.source import Line

_NUMBERED_TITLE = re.compile(r"([0-9]{1,3}/[0-9]{1,3}|WHA[0-9]+\.[0-9]+)\.?\s+(.+)")
_TITLE = re.compile(
    r"(?:(?:Interim |National |Annual |Final )?[Rr]eport|Consolidated|Recommendations|Compilation|"
    r"Summary (?:of|prepared)|Concluding observations|General (?:comment|recommendation) No|Observaciones finales|"
    r"Observations finales|Conclusions|Resolution|Decision|Informe|Rapport|Recomendaciones|Recommandations|Draft|"
    r"(?:NATIONAL )?REPORT|COMPILATION|SUMMARY (?:OF|PREPARED)|RECOMMENDATIONS)\b"
)
_BYLINE = re.compile(
    r"(?:Report of|Note by|Report by) the (?:Secretary-General|Secretariat|Executive Director|Advisory|"
    r"(?:Office of the )?United Nations High Commissioner)\b"
)
"""A heading that says whose the document is; its title stands above."""
_OF_REVIEWS = "Universal Periodic Review"
_REVIEW = re.compile(r"^Report of the Working Group on the Universal Periodic Review\b", re.IGNORECASE)
_STATE = re.compile(
    r"(?!Addendum|Corrigendum|Contents|Annex|Summary)[A-Z][\w’'-]+(?: (?:[a-z]{2,3} )?[A-Z][\w’'-]+){0,5}"
    r"(?: \([^()]+\))?\*?"
)
_ADDITIONS = ("Addendum", "Corrigendum")
_NO_TITLE = re.compile(
    r"(?:Original|Item|Agenda item|Distr)\b.{0,40}$|English only$|United Nations$|.* session$|General$|Limited$", re.I
)
_SHORTEST = 40


def title_of(top: Sequence[Line]) -> tuple[str, Line | None]:
    """The title among the lines of a masthead, and the line on which it begins; None where there is no title."""
    for line in top:
        if match := _NUMBERED_TITLE.fullmatch(line.text):
            return match[2].rstrip("*"), line
    chosen = _chosen(top)
    if chosen is None:
        return "", None
    words = [_plain(chosen)]
    behind = top[list(top).index(chosen) + 1 :]
    if chosen.text.isupper() and not _is_head(chosen):
        words += [_plain(line) for line in takewhile(lambda line: line.text.isupper(), behind)]
    title = " ".join(words)
    if any(_OF_REVIEWS in line.text for line in top):
        title += _whose_review(behind[len(words) - 1 :])
    return title, chosen


def remaining_title(top: Sequence[Line], known: Collection[int]) -> tuple[str, Line | None]:
    """The only words of a masthead that are nothing else: no symbol, day or body, whose lines are ``known``."""
    rest = [line for line in top if line.number not in known and not _NO_TITLE.match(line.text)]
    title = " ".join(_plain(line) for line in rest)
    is_one = " " in title and not any(line.begins for line in rest[1:])
    return (title, rest[0]) if is_one else ("", None)


def state_under_review(top: Sequence[Line]) -> Line | None:
    """The line with the name of the State, below the title of a report of a review."""
    review = next((place for place, line in enumerate(top) if _REVIEW.search(line.text)), None)
    below = top[review + 1 :] if review is not None else ()
    return next((line for line in below if _is_head(line) and _STATE.fullmatch(line.text)), None)


def _chosen(top: Sequence[Line]) -> Line | None:
    heads = [line for line in top if _is_head(line)]
    chosen = next((line for line in reversed(heads) if _TITLE.match(line.text)), None)
    if chosen is not None and _BYLINE.match(chosen.text):
        above = heads[heads.index(chosen) - 1] if heads.index(chosen) else None
        return above if above is not None and len(above.text) > _SHORTEST else chosen
    titles = (line for line in top if _TITLE.match(line.text) and (line.text.isupper() or not heads))
    return chosen or next(titles, heads[-1] if heads else None)


def _whose_review(behind: Sequence[Line]) -> str:
    """What tells the title of one document of a review from those of others: the State, and "Addendum"."""
    heads = [_plain(line) for line in takewhile(_is_head, behind)]
    if not heads or not _STATE.fullmatch(heads[0]) or OPENING_WORDS.match(heads[0]):
        return ""
    return f": {heads[0]}" + (f" ({heads[1]})" if heads[1:] and heads[1] in _ADDITIONS else "")


def _is_head(line: Line) -> bool:
    return line.signed or line.bold


def _plain(line: Line) -> str:
    return line.text.rstrip("*")
