"""Short names that mean a treaty which the same paragraph names in full before, where the document defines none.

"The Convention on the Rights of the Child … article 12 of the Convention": the Convention is that treaty if the text
has named no other convention before. "… and its Optional Protocol" and "the Optional Protocol thereto" are its one
protocol. What a document defines stands; what it defines in two ways, and what lies across paragraphs, stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.document import Span
from ingest.extraction.clauses import begun
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Lexicon
from ingest.extraction.names import each_with_words
from ingest.extraction.short_forms import OTHER_NAME, last_named, points_back
from ingest.extraction.treaties import instrument_path, which_protocol

_NOUN = r"(?:Convention|Protocol|Covenant|Treaty|Statute|Agreement|Charter)"
_SHORT = re.compile(
    rf"(?:{begun('The', 'the', 'This', 'this', 'That', 'that', 'said', 'same', 'latter')})"
    rf"\s(?P<words>(?:(?P<year>(?:19|20)\d\d)\s)?(?:Optional\s)?(?P<noun>{_NOUN}))\b{OTHER_NAME}(?!\sthereto)"
)
_PROTOCOL = re.compile(
    r"\b(?P<whose>[Ii]ts|[Tt]he|and)\s(?P<words>(?P<name>(?:(?P<which>[Ff]irst|[Ss]econd)\s)?(?:(?:Optional|Additional)\s|(?:19|20)\d\d\s)?Protocol\b"
    r"(?:\s[IVX]{1,4}\b|\sNo\.\s\d{1,2}\b|\sof\s(?:19|20)\d\d)?)"
    rf"(?:\s(?P<to>thereto)\b|\sto\s(?:the|that|this)\s(?P<noun>Convention|Covenant)\b{OTHER_NAME})?)"
    r"(?P<about>\son\s(?:a|the)\s[a-z]+(?:\s(?:of|in)\s[a-z]+)?)?"
)
_TOLD_APART = re.compile(r"\d|\s[IVX]+$")
"""A protocol that its number or year tells apart where reference data describe none: "Protocol I thereto"."""
_SEVERAL = re.compile(r"\b(?!The\b)[A-Z]\w+\sConventions\b")
"""Treaties that have one protocol together: "the Geneva Conventions and Additional Protocol I thereto"."""
_COUNTED = re.compile(
    r"\b(?:[Ii]ts|[Tt]he)\s(?P<words>(?P<count>two|three)\s(?:Optional\s)?Protocols(?:\sthereto\b)?)(?P<to>\sto\s(?:the|that)\s)?"
)
_COUNTS = {"two": 2, "three": 3}
_AND = re.compile(
    r"(?:,?\s(?:of\s)?(?:\d{1,2}\s[A-Z]\w+\s)?(?:19|20)\d\d)?(?:\s\([^()]{2,60}\))?,?\s(?:and|or|as\swell\sas|together\swith)\s(?:(?:of|to|under|with)\s)?$|,\s$"
)
_AND_PROTOCOL = re.compile(r",?\s(?:and|or)\s(?:(?:of|to|under|with)\s)?(?:its\s|the\s)?")
_AND_OF_YEAR = re.compile(rf"{_AND_PROTOCOL.pattern}((?:19|20)\d\d)\sProtocol\b")
"""A protocol behind its treaty, each by its year alone: "the 1951 Convention and the 1967 Protocol"."""
_MAIN_NOUN = re.compile(rf"\b{_NOUN}\b")
_MAY_NAME = re.compile(_NOUN)
_REACH = 100


def with_named_before(text: str, names: Sequence[Mention], lexicon: Lexicon) -> tuple[Mention, ...]:
    """The names of a text with the short names of which it says itself what they mean, in the same order."""
    if _MAY_NAME.search(text) is None:
        return tuple(names)
    names = [_pointed_back(text, each, names) for each in names]
    read = _with(names, _short_names(text, _known(names), lexicon))
    known = _known(read)
    protocols = (*_protocols(text, known, lexicon), *_counted_protocols(text, known, lexicon))
    if not protocols:
        return read
    read = _with(read, [_with_acronym(text, each, known) for each in protocols])
    return _with(read, _short_names(text, _known(read), lexicon))


def _pointed_back(text: str, name: Mention, names: Sequence[Mention]) -> Mention:
    """ "The latter Convention" as that named last, also where no reference data list it."""
    noun = name.span.cut(text)
    if name.kind != "instrument" or not name.entity or " " in noun or not points_back(text, name.span.start):
        return name
    full = (each for each in _known(names) if " " in each.span.cut(text))
    return replace(name, entity=last_named(text, noun, full, name.span.start) or name.entity)


def _with_acronym(text: str, protocol: Mention, known: list[Mention]) -> Mention:
    """A protocol with the acronym behind it: "its Optional Protocol (OPCAT)"."""
    for each in known:
        start, end = each.span.start, each.span.end
        if each.entity == protocol.entity and text[protocol.span.end : start] == " (" and text[end : end + 1] == ")":
            return replace(protocol, span=Span(protocol.span.start, end + 1))
    return protocol


def _known(names: Sequence[Mention]) -> list[Mention]:
    return [each for each in names if each.kind == "instrument" and each.entity]


def _with(names: Sequence[Mention], read: Iterable[Mention]) -> tuple[Mention, ...]:
    """The names and what was read, which takes the place of a name that meant nothing but of no other, and of an
    acronym in it."""
    free = [each for each in read if not any(one.entity and _bars(one.span, each.span) for one in names)]
    taken = {each.span for each in free}
    kept = (
        each
        for each in names
        if (each.entity or each.span not in taken)
        and not any(each.entity == one.entity and one.span.start < each.span.start < one.span.end for one in free)
    )
    return tuple(sorted([*kept, *free], key=lambda each: (each.span.start, -each.span.end)))


def _bars(known: Span, read: Span) -> bool:
    """Whether a name stands at the same words, around or across them."""
    inside = read.start <= known.start and known.end <= read.end and known != read
    return known.start < read.end and read.start < known.end and not inside


def _short_names(text: str, known: list[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    defined = {each.noun for each in lexicon.shorthands}
    for match in _SHORT.finditer(text):
        words, noun = match["words"], match["noun"]
        if words in defined or (noun in defined and not match["year"]):
            continue
        before = [each for each in known if each.span.end <= match.start()]
        same = {each.entity for each in before if _noun_of(each, text, lexicon) == noun}
        full = {each.entity for each in before if _is_full(each.span.cut(text), noun)}
        if match["year"]:
            same |= {each.entity for each in lexicon.shorthands if each.noun == noun}
            full = same = _of_year(match["year"], match.end(), known, same, lexicon, text)
        fits = words == noun or match["year"] or "/optional-" in next(iter(same), "")
        if len(same) == 1 and same == full and fits:
            yield Mention(Span(*match.span("words")), same.pop(), "instrument", is_inferred=True)


def _of_year(year: str, end: int, known: list[Mention], same: set[str], lexicon: Lexicon, text: str) -> set[str]:
    """Which treaty "the 1951 Convention" is, of those that have this year: one named before, one that the document
    calls "the Convention", or that of the protocol behind."""
    behind = {each.entity for each in known if _AND_PROTOCOL.fullmatch(text, end, each.span.start)}
    if of_year := _AND_OF_YEAR.match(text, end):
        behind |= _with_year(of_year[1], lexicon)
    treaties = {treaty for treaty, protocols in lexicon.protocols.items() if not behind.isdisjoint(protocols)}
    years = _with_year(year, lexicon)
    years |= {each.entity for each in known if text.startswith(f"{year} ", each.span.start)}
    return (same | treaties) & years


def _with_year(year: str, lexicon: Lexicon) -> set[str]:
    return {each.entity for each in lexicon.entries if each.kind == "instrument" and year in each.spelling.split()}


def _is_full(words: str, noun: str) -> bool:
    return words != noun and (named := _MAIN_NOUN.search(words)) is not None and named.group() == noun


def _noun_of(mention: Mention, text: str, lexicon: Lexicon) -> str:
    """What kind of treaty a name is of, also an acronym ("UNCAC")."""
    named = _MAIN_NOUN.search(mention.span.cut(text))
    if named is None:
        spellings = (each.spelling for each in lexicon.entries if each.entity == mention.entity)
        named = next((noun for each in spellings if (noun := _MAIN_NOUN.search(each))), None)
    return named.group() if named else ""


def _protocols(text: str, known: list[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """The one protocol of a treaty: "the Convention against Torture and its Optional Protocol"."""
    for match in _PROTOCOL.finditer(text) if "Protocol" in text else ():
        if match["noun"]:
            treaty = next((each.entity for each in known if each.span.start == match.start("noun")), "")
        elif match["to"] or match["whose"].lower() == "its" or match["words"][0].isdigit():
            treaty = _joined_before(text, match.start("words" if match["whose"] == "and" else "whose"), known)
            before = {each.entity for each in known if each.span.end <= match.start()}
            if not treaty and len(before) == 1 and match["name"] == "Optional Protocol":
                treaty = before.pop()
        else:
            continue
        path = which_protocol(treaty, match["words"], match["about"] or "", lexicon)
        if treaty and treaty not in lexicon.protocols and _TOLD_APART.search(match["name"]):
            path = f"{instrument_path(match['name'])}-to-the-{treaty.rpartition('/')[2]}"
        if path:
            yield Mention(Span(*match.span("words")), path, "instrument", is_inferred=True)


def _counted_protocols(text: str, known: list[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """All protocols of a treaty, where the text says that they are as many: "the Covenant and its two Protocols"."""
    for match in _COUNTED.finditer(text) if "rotocols" in text else ():
        follows = (each.entity for each in known if match["to"] and each.span.start == match.end())
        treaty = next(follows, "") if match["to"] else _joined_before(text, match.start(), known)
        protocols = lexicon.protocols.get(treaty, ())
        if len(protocols) == _COUNTS[match["count"]]:
            words = Span(*match.span("words"))
            named = (Mention(words, path, "instrument", is_inferred=True) for path in protocols)
            yield from each_with_words(text, named)


def _joined_before(text: str, position: int, known: list[Mention]) -> str:
    """The treaty that words at a place are joined to: "the Covenant (ICCPR) and …"."""
    near = [each for each in known if each.span.end <= position < each.span.end + _REACH]
    if near and _AND.fullmatch(text, near[-1].span.end, position):
        return near[-1].entity
    plural = list(_SEVERAL.finditer(text, max(0, position - _REACH), position))
    is_joined = plural and _AND.fullmatch(text, plural[-1].end(), position)
    return instrument_path(plural[-1].group()) if is_joined else ""
