"""Resolutions and decisions by body and number: "General Assembly resolution 55/25", "Council resolution 16/21",
"Security Council resolution 2331 (2016)", "decision 4/4 of the Conference".

The body is the one that the words name, in full or by a short name that the document gives it; else the one that the
same number has elsewhere in the document, or the one that its metadata name for bare numbers. A number without a body
is unresolved.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ingest.document import Span
from ingest.extraction.clauses import BODIES, sentences
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Entry, Lexicon
from ontology.words import MONTHS

CODES = {
    "conference-of-the-parties": "cop",
    "conference-of-the-states-parties": "uncac-cosp",
    **{names[0].lower().replace(" ", "-"): code for code, names in BODIES.items()},
}
"""The codes by the slug of the actor that the body is; a body that is none of these has its own slug as code."""
_SHORT = ("Assembly", "Council", "Commission", "Conference")
_FULL_NAMES = {
    short: [(name, code) for code, names in BODIES.items() for name in names if short in name.split()]
    for short in _SHORT
}
_BY_FORM = {
    "Assembly": (("ga", re.compile(r"[3-9]\d/\d")),),
    "Commission": (("chr", re.compile(r"(?:19|20)\d\d/\d")),),
    "Council": (("ecosoc", re.compile(r"(?:19|20)\d\d/\d")), ("sc", re.compile(r"\d{1,4}\s\(\d{4}\)"))),
}
"""How one alone numbers of the bodies that share a short name: "Council decision 2005/263" is no other council's."""
_SHORT_BEFORE = re.compile(
    r"(?:\b(?P<ahead>(?!(?:By|In|The|Under|[A-Z][a-z]+ing)\s)[A-Z][\w’-]*)\s)?(?P<short>Assembly|Commission|Council)(?:['’]s?)?\s$"
)
_SHORT_BEHIND = re.compile(
    r",?\s(?:of|by|adopted\sby)\sthe\s(?P<short>Assembly|Commission|Council)\b(?!\s(?:on|of|for)\b)"
)
_LATEST_SESSION = {"cop": 30, "uncac-cosp": 30}
"""Bodies that number by session and have held few: a bare "resolution 55/25" is none of theirs."""
_FIRST_YEAR = 1946
_NUMBER = (
    r"(?:(?:S|ES)-)?\d{1,4}/\d{1,3}(?:\s[A-Z](?![\w]))?|(?:WHA)?\d{1,2}\.\d{1,2}(?![\d.])|"
    r"\d{1,4}(?:\s[A-Z])?\s\((?:\d{4}|[A-Z]-?[IVXLC]*|[IVXLC]+)\)"
)
_DATE = rf",?\s(?:adopted\s)?(?:of|on)\s\d{{1,2}}\s(?:{'|'.join(MONTHS)})\s\d{{4}}"
_JOINT = r"(?:,\sand\s|\sand\s|\sor\s|,\s)(?:in\s)?"
_DATED = rf"(?:{_NUMBER})(?![\w/])(?:{_DATE})?"
_PRINTED = re.compile(
    rf"\b(?P<kind>[Rr]esolution|[Dd]ecision)(?P<many>s?)\b"
    rf"(?:\s(?P<numbers>{_DATED}(?:{_JOINT}{_DATED})*)(?![\w/]))?"
)
_FURTHER = re.compile(rf"(?<=,\s|d\s|r\s)(?P<number>{_NUMBER})(?![\w/])(?:{_DATE}|(?<=\))|(?=,\s(?:on|entitled)\s))")
"""A number with its date that a list goes on with: "8/12 of 18 June 2008, in which it …, and 11/3 of 17 June 2009",
or that stands far from its noun: "its resolutions on Syria, in particular 2254 (2015)"."""
_SYMBOL = re.compile(rf"(?<![\w/])(?P<of>A/HRC|[AES])/RES/(?P<number>{_NUMBER})(?![\w/])")
_OF_SYMBOLS = {"A": "ga", "A/HRC": "hrc", "E": "ecosoc", "S": "sc"}
"""Whose resolution a symbol is: "A/RES/70/1"."""
_GOES_ON = re.compile(r"(?:,?\s(?:and|or)|,)\s(?:in(?:cluding|\sparticular)?\s|especially\s|notably\s)?")
_EACH = re.compile(_NUMBER)
UNKNOWN = "?"
"""The code of a body that the words name and nothing tells apart ("Council resolution 16/21")."""
_OTHER_BODY = re.compile(
    r"\b(?:Assembly|Council|Commission|Conference|Committee|Board|Congress|Group|Parties)(?:['’]s?)?\s$"
)
_OF_OTHER_BODY = re.compile(r",?\s(?:of|adopted\sby)\sthe\s[A-Z]")
_ITS = re.compile(r"\b(?:its|their)(?:\s[a-z]+){0,2}\s$")
_OWNS = re.compile(r"(?:['’]s?)?\s(?:resolution|decision)")
_BY = re.compile(r",?\s(?:of|by|adopted\sby)\sthe\s")
_GENITIVE = re.compile(r"['’]s?$")
_SPEAKS_BEHIND = re.compile(
    r"(?:,?\sentitled\s[“\"][^”\"]{1,400}[”\"]|,\s[a-z][^,;:.]{1,80})?,\s(?:(?:in|by|through)\swhich\s)?the\s"
)
_SECURITY_COUNCIL = re.compile(r"\d{1,4}\s\(\d{4}\)")
_PATH = re.compile(r"(?P<code>[a-z]+(?:-[a-z]{2,})*?)-(?P<decision>decision-)?(?P<number>(?:e?s-)?\d.*)")
_LOOK_BACK = 120


@dataclass(frozen=True, slots=True)
class _Printed:
    """One printed number with the span of its words and the body that the words beside it name, if any."""

    span: Span
    kind: str
    number: str
    body: str


def resolution_mentions(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """The resolutions and decisions that a text cites, one mention a number; the first has the noun in its span.

    The entity of a mention whose body nothing names is empty.
    """
    for each in _printed(text, lambda: _names(lexicon.entries, lexicon.bodies)):
        path = _path(each.kind, each.number, each.body) if each.body not in ("", UNKNOWN) else ""
        if not each.body:
            path = lexicon.resolutions.get(f"{each.kind} {each.number}", "") or _by_default(each, lexicon)
        yield Mention(each.span, path, "resolution", cites=True)


def numbers_with_bodies(texts: Iterable[str], entries: Iterable[Entry], bodies: Mapping[str, str]) -> dict[str, str]:
    """The paths of the numbers that some text gives a body, where no other gives it another.

    ``entries`` and ``bodies`` are those of the lexicon with which the texts are read.
    """
    known: dict[str, set[str]] = defaultdict(set)
    names = cache(lambda: _names(entries, bodies))
    for text in texts:
        for each in _printed(text, names):
            if each.body not in ("", UNKNOWN):
                known[f"{each.kind} {each.number}"].add(_path(each.kind, each.number, each.body))
    return {number: next(iter(paths)) for number, paths in known.items() if len(paths) == 1}


def short_bodies(texts: Iterable[str]) -> dict[str, str]:
    """The bodies that "Council" or "Assembly" means in texts: those of which the texts name one alone in full."""
    texts = tuple(texts)
    meant: dict[str, str] = {}
    for short, full in _FULL_NAMES.items():
        here = [text for text in texts if short in text]
        codes = {code for name, code in full if any(name in text for text in here)} if here else set()
        if len(codes) == 1:
            meant[short] = codes.pop()
    return meant


def label_of(path: str) -> str:
    """What people call a resolution by its path: "Resolution 35/17 of the Human Rights Council"."""
    match = _PATH.fullmatch(path.rsplit("/", 1)[1])
    if match is None:
        return path
    code, number = match["code"], re.sub(r"^((?:e?s-)?\d+)-(\d+)", r"\1/\2", match["number"]).upper()
    body = BODIES[code][0] if code in BODIES else code.replace("-", " ")
    return f"{'Decision' if match['decision'] else 'Resolution'} {number} of the {body}"


def _by_default(each: _Printed, lexicon: Lexicon) -> str:
    if _SECURITY_COUNCIL.fullmatch(each.number) and each.kind == "resolution":
        return _path(each.kind, each.number, "sc")
    body = lexicon.bodies.get(each.kind, "")
    session = re.match(r"\d+", each.number)
    if not body or (session and int(session[0]) > _LATEST_SESSION.get(body, _FIRST_YEAR * 2)):
        return ""
    return _path(each.kind, each.number, body)


def _path(kind: str, number: str, body: str) -> str:
    if body == "sc":
        number = number.split(maxsplit=1)[0]
    slug = re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")
    return f"id/resolution/{body}-{'decision-' if kind == 'decision' else ''}{slug}"


Names = Callable[[], list[tuple[str, str]]]


def _printed(text: str, names: Names) -> Iterator[_Printed]:
    """The numbers printed in a text; a list with its noun printed again, or with a clause inside, keeps its body."""
    for symbol in _SYMBOL.finditer(text) if "/RES/" in text else ():
        yield _Printed(Span(*symbol.span()), "resolution", symbol["number"], _OF_SYMBOLS[symbol["of"]])
    may_cite = ("esolution" in text or "ecision" in text) and _EACH.search(text) is not None
    for sentence in sentences(text) if may_cite else ():
        end, body, short = -1, "", ""
        nouns = list(_PRINTED.finditer(text, sentence.start, sentence.end))
        for place, match in enumerate(nouns):
            if not match["numbers"] and not match["many"]:
                continue
            is_joined = end >= 0 and _GOES_ON.fullmatch(text, end, match.start())
            body = _body(text, match, sentence, names()) or (body if is_joined else "")
            short = _short_name(text, match) or (short if is_joined else "")
            start, kind, end = match.start(), match["kind"].lower(), match.end()
            for number in _EACH.finditer(text, *match.span("numbers")) if match["numbers"] else ():
                yield _Printed(Span(start, number.end()), kind, number.group(), _by_form(short, number.group()) or body)
                following = _EACH.search(text, number.end(), end)
                start = following.start() if following else number.end()
            reach = nouns[place + 1].start() if place + 1 < len(nouns) else sentence.end
            for further in _FURTHER.finditer(text, end, reach) if match["many"] else ():
                whose = _by_form(short, further["number"]) or body
                yield _Printed(Span(*further.span("number")), kind, further["number"], whose)


def _short_name(text: str, match: re.Match[str]) -> str:
    """The short name of a body right before a noun or right behind its numbers."""
    before = _SHORT_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    if before is not None:
        return "" if before["ahead"] else before["short"]
    behind = _SHORT_BEHIND.match(text, match.end())
    return behind["short"] if behind else ""


def _by_form(short: str, number: str) -> str:
    """The code of the one body of this short name that numbers so."""
    return next((code for code, form in _BY_FORM.get(short, ()) if form.match(number)), "")


def _body(text: str, match: re.Match[str], sentence: Span, names: list[tuple[str, str]]) -> str:
    """The body named right before the noun, right after the numbers, or by the subject of "its resolution"."""
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    behind = text[match.end() : match.end() + _LOOK_BACK]
    owner = _GENITIVE.sub("", before[:-1]) if before[-1:].isspace() else ""
    by = _BY.match(behind)
    for name, code in names:
        if owner.endswith(name) and not owner[: -len(name)][-1:].isalnum():
            return code
        if by and behind.startswith(name, by.end()) and not behind[by.end() + len(name) :][:1].isalnum():
            return code
    if _OTHER_BODY.search(before) or _OF_OTHER_BODY.match(behind):
        return UNKNOWN
    if _ITS.search(before):
        ahead = [(_last(text, name, sentence.start, match.start()), code) for name, code in names]
        nearest = max(ahead, default=(-1, ""))
        if nearest[0] >= 0:
            return nearest[1]
        speaks = _SPEAKS_BEHIND.match(text, match.end(), sentence.end)
        return next((code for name, code in names if speaks and text.startswith(name, speaks.end())), "")
    return ""


def _last(text: str, name: str, start: int, end: int) -> int:
    """Where a name stands last before ``end`` that is no owner of another resolution; -1 where it does not."""
    place = text.rfind(name, start, end)
    while place >= 0 and _OWNS.match(text, place + len(name), end):
        place = text.rfind(name, start, place)
    return place


def _names(entries: Iterable[Entry], bodies: Mapping[str, str]) -> list[tuple[str, str]]:
    """The names of bodies in a document, in full and short, longest first."""
    names = [(name, code) for code, full in BODIES.items() for name in full]
    actors = ((each.spelling, each.entity.removeprefix("id/actor/")) for each in entries if each.kind == "actor")
    names += [(name, CODES[slug]) for name, slug in actors if slug in CODES]
    names += [(short, code) for short, code in bodies.items() if short in _SHORT]
    return sorted(set(names), key=lambda each: (-len(each[0]), each))
