"""Short names that mean a treaty which the same paragraph names in full before, where the document defines none.

"The Convention on the Rights of the Child … article 12 of the Convention": the Convention is that treaty if the text
has named no other convention before. "… and its Optional Protocol" and "the Optional Protocol thereto" are its one
protocol. What a document defines stands; what it defines in two ways, and what lies across paragraphs, stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon
from ingest.extraction.names import OTHER_NAME

_NOUN = r"(?:Convention|Protocol|Covenant|Treaty|Statute|Agreement|Charter)"
_SHORT = re.compile(
    rf"\b(?:[Tt]he|[Tt]his|[Tt]hat|said|same|latter)\s(?P<words>(?:Optional\s)?(?P<noun>{_NOUN}))\b{OTHER_NAME}(?!\sthereto)"
)
_PROTOCOL = re.compile(
    r"\b(?P<whose>[Ii]ts|[Tt]he)\s(?P<words>(?:(?P<which>[Ff]irst|[Ss]econd)\s)?(?:Optional\s|(?:19|20)\d\d\s)?Protocol"
    r"(?:\s(?P<to>thereto)\b|\sto\s(?:the|that)\s(?P<noun>Convention|Covenant)\b(?!\s(?:on|against|for|relating|concerning)\b))?)"
    r"(?P<about>\son\s(?:a|the)\s[a-z]+(?:\s(?:of|in)\s[a-z]+)?)?"
)
_AND = re.compile(r"(?:\s\([^()]{2,60}\))?,?\s(?:and|or|as\swell\sas|together\swith)\s$")
_MAIN_NOUN = re.compile(rf"\b{_NOUN}\b")
_REACH = 100


def with_named_before(text: str, names: Sequence[Mention], lexicon: Lexicon) -> tuple[Mention, ...]:
    """The names of a text with the short names of which it says itself what they mean, in the same order."""
    if _MAIN_NOUN.search(text) is None:
        return tuple(names)
    read = _with(names, _short_names(text, _known(names), lexicon))
    return _with(read, _protocols(text, _known(read), lexicon))


def _known(names: Sequence[Mention]) -> list[Mention]:
    return [each for each in names if each.kind == "instrument" and each.entity]


def _with(names: Sequence[Mention], read: Iterable[Mention]) -> tuple[Mention, ...]:
    """The names and what was read, which takes the place of a name that meant nothing but of no other."""
    free = [each for each in read if not any(one.entity and _bars(one.span, each.span) for one in names)]
    taken = {each.span for each in free}
    kept = (each for each in names if each.entity or each.span not in taken)
    return tuple(sorted([*kept, *free], key=lambda each: (each.span.start, -each.span.end)))


def _bars(known: Span, read: Span) -> bool:
    """Whether a name stands at the same words, around or across them."""
    inside = read.start <= known.start and known.end <= read.end and known != read
    return known.start < read.end and read.start < known.end and not inside


def _short_names(text: str, known: list[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    defined = {each.noun for each in lexicon.shorthands}
    for match in _SHORT.finditer(text):
        words, noun = match["words"], match["noun"]
        if words in defined or noun in defined:
            continue
        before = [each for each in known if each.span.end <= match.start()]
        same = {each.entity for each in before if _noun_of(each, text, lexicon) == noun}
        full = {each.entity for each in before if _is_full(each.span.cut(text), noun)}
        if len(same) == 1 and same == full and (words == noun or "/optional-" in next(iter(same))):
            yield Mention(Span(*match.span("words")), same.pop(), "instrument", is_inferred=True)


def _is_full(words: str, noun: str) -> bool:
    return words != noun and (found := _MAIN_NOUN.search(words)) is not None and found.group() == noun


def _noun_of(mention: Mention, text: str, lexicon: Lexicon) -> str:
    """What kind of treaty a name is of, also an acronym ("UNCAC")."""
    found = _MAIN_NOUN.search(mention.span.cut(text))
    if found is None:
        spellings = (each.spelling for each in lexicon.entries if each.entity == mention.entity)
        found = next((noun for each in spellings if (noun := _MAIN_NOUN.search(each))), None)
    return found.group() if found else ""


def _protocols(text: str, known: list[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """The one protocol of a treaty: "the Convention against Torture and its Optional Protocol"."""
    for match in _PROTOCOL.finditer(text):
        if match["noun"]:
            treaty = next((each.entity for each in known if each.span.start == match.start("noun")), "")
        elif match["to"] or match["whose"].lower() == "its":
            near = [each for each in known if each.span.end <= match.start() < each.span.end + _REACH]
            joined = near and _AND.fullmatch(text, near[-1].span.end, match.start())
            treaty = near[-1].entity if joined else ""
        else:
            continue
        which = (match["which"] or "").lower()
        about = (match["about"] or "").replace(" ", "-")
        ours = [
            path
            for path in lexicon.protocols.get(treaty, ())
            if about in path and (not which or ("/second-" in path) == (which == "second"))
        ]
        if len(ours) == 1:
            yield Mention(Span(*match.span("words")), ours[0], "instrument", is_inferred=True)
