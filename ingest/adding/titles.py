"""What a masthead prints: the title, the day of issue, and the State that a report of a review is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from itertools import takewhile

from ingest.front import OPENING_WORDS
from ingest.metadata import PRINTED_DATES
from ingest.source import Line
from ontology.words import MONTHS

_NUMBERED_TITLE = re.compile(r"([0-9]{1,4}/[0-9]{1,3}|WHA[0-9]+\.[0-9]+)\.?\s+(.+)")
_NUMBER_ALONE = re.compile(r"(?:Resolution|Decision) [0-9]{1,4}/[0-9]{1,3}", re.IGNORECASE)
_TITLE = re.compile(
    r"(?:(?:Interim |National |Annual |Final )?[Rr]eport|Consolidated|Recommendations|Compilation|"
    r"Summary (?:of|prepared)|Concluding observations|General (?:comment|recommendation) No|Observaciones finales|"
    r"Observations finales|Conclusions|Resolution|Decision|Declaration|Outcome document|"
    r"Communiqué|Informe|Rapport|Recomendaciones|Recommandations|Draft|"
    r"(?:NATIONAL )?REPORT|COMPILATION|SUMMARY (?:OF|PREPARED)|RECOMMENDATIONS)\b"
)
_BYLINE = re.compile(
    r"(?:Report of|Note by|Report by) the (?:Secretary-General|Secretariat|Executive Director|Advisory|"
    r"Special Rapporteur|Independent Expert|Special Representative|"
    r"(?:Office of the )?United Nations High Commissioner)\b"
)
"""A heading that says whose the document is; its title stands above."""
_OF_REVIEWS = "Universal Periodic Review"
_REVIEW = re.compile(r"^Report of the Working Group on the Universal Periodic Review\b", re.IGNORECASE)
_STATE = re.compile(
    r"(?!Addendum|Corrigendum|Contents|Annex|Summary)[A-Z][\w’'-]+(?: (?:[a-z]{2,3} )?[A-Z][\w’'-]+){0,5}"
    r"(?: \([^()]+\))?\*?"
)
KINDS = (
    ("corrigendum", re.compile(r"^(?:corrigend(?:um|a)|rectificati(?:f|vo)|correcci[óo]n)\b|/Corr\.\d+\*?$", re.I)),
    (
        "resolution",
        re.compile(
            r"^\S+/RES/\S+$|^WHA\d+\.\d+\b|^resolution \d+/\d+$|\bresolution adopted\b|(?:^|: )draft resolution\b|"
            r"^(?:resolución|résolution)\b",
            re.I,
        ),
    ),
    ("decision", re.compile(r"^\S+/DEC/\S+$|\bdecision adopted\b|^decision\b|^decisión\b", re.I)),
    ("declaration", re.compile(r"^(?:draft )?(?:\w+ ){0,2}declaration\b|^declaración\b|^déclaration\b", re.I)),
    ("note", re.compile(r"^(?:note by|note verbale|nota de|note du|note de)\b", re.I)),
    ("letter", re.compile(r"^letter (?:dated|from)\b|^carta\b|^lettre\b", re.I)),
    ("paper", re.compile(r"^(?:background|working|conference room|discussion) paper\b", re.I)),
    ("report", re.compile(r"\breport\b|^compilation\b|^summary\b|^informe\b|^rapport\b", re.I)),
)
"""The kinds of documents, each with how a line of a masthead says it."""
_ADDITIONS = ("Addendum", "Corrigendum")
_NO_TITLE = re.compile(
    r"(?:Original|Item|Agenda item|Distr)\b.{0,40}$|English only$|United Nations$|.* session$|General$|Limited$", re.I
)
_SHORTEST = 40
_YEARS = (
    " ".join(MONTHS).lower(),
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
)
_MONTH_NAMES = {name: number for year in _YEARS for number, name in enumerate(year.split(), 1)}
_DAY = re.compile(r"(\d{1,2})(?:er)?(?: de)? ([A-Za-zéûñ]+)(?: de)? (\d{4})$")
_SEVERAL_DAYS = re.compile(r"\d{1,2}(?: [A-Za-zéûñ]+)?(?: \d{4})? ?(?:[-–—]|to|and|al|au|y|et) ?\d{1,2}\b[^\d]+\d{4}$")


def in_small_letters(name: str) -> str:
    """A name that is printed in capitals, as names are written otherwise: "Human Rights Council"."""
    if not name.isupper() or "/" in name:
        return name
    words = name.lower().split()
    return " ".join(word if word in ("of", "on", "the", "and", "for", "in") else word.capitalize() for word in words)


def day_of_issue(lines: Sequence[Line]) -> tuple[str, Line | None]:
    """The day with which a line ends, and the line; the last of several days is none, for those are the days of a
    meeting."""
    for line in lines:
        if _SEVERAL_DAYS.search(line.text):
            continue
        if (day := _DAY.search(line.text)) and day[2].lower() in _MONTH_NAMES and len(line.text) < 60:
            month = _MONTH_NAMES[day[2].lower()]
            is_one = not PRINTED_DATES.search(line.text.replace(day[0], "").strip() or "-")
            if is_one and (issued := _iso(int(day[3]), month, int(day[1]))):
                return issued, line
    return "", None


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def title_of(top: Sequence[Line]) -> tuple[str, Line | None]:
    """The title among the lines of a masthead, and the line on which it begins; None where there is no title."""
    for line, below in zip(top, [*top[1:], None], strict=False):
        if match := _NUMBERED_TITLE.fullmatch(line.text):
            return match[2].rstrip("*"), line
        if below and _NUMBER_ALONE.fullmatch(line.text):
            return _plain(below), below
    chosen = _chosen(top)
    if chosen is None:
        return "", None
    words = [_plain(chosen)]
    behind = top[list(top).index(chosen) + 1 :]
    if chosen.text.isupper():
        alike = takewhile(lambda line: line.text.isupper() and _is_head(line) == _is_head(chosen), behind)
        words += [_plain(line) for line in alike]
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
    named = (line for line in below if _is_head(line) or line is below[0])
    return next((line for line in named if _STATE.fullmatch(line.text) and not OPENING_WORDS.match(line.text)), None)


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
    heads = [_plain(line) for line in takewhile(_is_head, behind)] or [_plain(line) for line in behind[:1]]
    if not heads or not _STATE.fullmatch(heads[0]) or OPENING_WORDS.match(heads[0]):
        return ""
    return f": {heads[0]}" + (f" ({heads[1]})" if heads[1:] and heads[1] in _ADDITIONS else "")


def _is_head(line: Line) -> bool:
    return line.signed or line.bold


def _plain(line: Line) -> str:
    return line.text.rstrip("*")
