"""Citations: which provision of which instrument a text cites, and which instruments it names.

A provision belongs to the instrument after it ("article 6 of the Protocol"), else to that of the provision it is joined
to ("article 2 and article 6 of the Protocol"), else to that of the same article before, else to the instrument last
named in the text, unless that is an optional protocol, whose treaty is as near; else, where the text names no other
treaty or law, to the one treaty that the document defines. When words say that it is of something unknown ("article 9
of the Covenant"), or nothing was named, it is reported as unresolved; so is a short name that the document does not
define ("the Protocol").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.provisions import THAT_ARTICLE, TITLE, Phrase, heads, read_more, read_provision

_ASIDE = (
    r"(?:(?:,\sentitled)?\s[“\"][^”\"]{2,120}[,”\"]{1,2}|\s\([A-Za-z][^()\d]{3,120}\),?|,\son\s[a-z][^,;:.]{2,120},|,\s(?:chapeau|(?:first|second|third|last)"
    r"\s(?:paragraph|part|sentence)),?|,\sor\stheir\s(?:sub)?paragraphs,?|\s(?:et\sseq\.|and\sfollowing),?|,)"
)
"""What may stand between an article and its treaty: its title or its subject, "first sentence", "et seq."."""
_TAIL = re.compile(
    rf"{_ASIDE}?(?:,?\sall)?\s(?:common\s)?(?:of|in|to|under|from|on)\s(?:(?:both\s)?the\s|this\s|that\s|said\s|the\s(?:said|same|latter)\s)?(?:said\s)?"
)
_BACK = re.compile(
    r",?\s(?:thereof|thereto|of\s(?:that|this|the\s(?:said|same|latter))\s(?:instrument|treaty)|of\sthe\slatter)\b"
)
_OF_SOMETHING = re.compile(
    r"(?:,\sparagraphs?\s[\d(),a-z\s]{1,24}?|\s\([^()\d]{3,120}\)|,\s(?:chapeau|(?:first|second|third|last)\s(?:paragraph|part|sentence)))?"
    r",?\sof,?\s?(?:the|its|their|this|that|[A-Z])"
)
_JOINED = re.compile(
    r"(?:,\s(?:and|or)|\sand|\sor|,|,?\sas\swell\sas|\sof(?=\s[Cc]hapter))\s(?:in\s|with\s|of\s|under\s|to\s)?(?:also\s)?"
)
_READ_WITH = re.compile(
    r",?\s(?:(?:taken\s|read\s|both\s)*(?:alone|separately)\s(?:and|or|and/or)\s)?(?:read\s|taken\s|when\sread\s)?"
    r"(?:together|jointly|in\s(?:conjunction|connection|combination))\swith\s"
)
"""Between two provisions of one treaty: "article 7, read alone and in conjunction with article 2"."""

_OF_A_BODY = re.compile(r"\b(?:Conference|Meeting|Assembly) of the (?:States )?Parties to the $")
"""Before the name of a treaty that is a part of the name of its body."""
_OF_A_CODE = re.compile(r"(?:-\d{1,3})?\s[A-Z]{2,5}\b")
"""What laws of a country are called behind their articles: "articles 240 and 243 CP"."""
_OTHER_LAW = re.compile(
    r"\b[A-Z]\w+\s(?:Act|Law|Code|Decree|Ordinance)\b|\bConstitution\b|\b[A-Z]\w*\s?Declaration\b|\bDeclaration\son\b"
)
"""What is no treaty named since: "the Armed Forces Act; its article 7" is no article of the treaty before."""
_SUPPLEMENTS = "optional-protocol-to-"
"""Behind such a protocol a bare "article 40" may as well be of its treaty."""
_NARROWED = re.compile(r",?\s(?:especially|in\sparticular|notably|particularly|specifically|including)(?:\sits)?,?\s")
_STOP = re.compile(r"[.;]\s")
_ITS = re.compile(r"\b(?:its|their)\s(?:preamble,?\s(?:and\s)?)?$")
_IN_PARENTHESES = re.compile(r"\((?:see(?:\salso)?\s|cf\.\s)?(?:[^()]{1,60}(?:,|;|\sand)\s)?$")
_NAMED_LAW = re.compile(
    r"(?:(?<=[^.;:?!]\s)|(?<=\())(?:Acts?|Bills?|Codes|Constitutions|Declarations?|Decrees?|Laws?|Ordinances?|Regulations?|Rules|Statutes?)\b"
    r"|\b(?:Act|Decree|Law|Ordinance|Regulation)\s(?:No\b|\d)|\b(?:[Bb]ill|[Cc]ode|[Cc]onstitution|[Dd]ecree)\b"
    r"|\b(?:draft|new|said)\slaw\b|\blaw\son\s|\bthe\srules\b"
)
"""A law that a text names, or speaks of as one ("the criminal code", "the rules"): not law, laws or legislation as
such, nor the capital that begins a sentence."""
_ARTICLE_OF_A_LAW = re.compile(
    r"\((?:[^()]{0,60}\s)?(?:Act|Bill|Code|Constitution|Decree|Law|Ordinance|Regulations?|Rules)(?:\s[^()]{0,40})?,\s(?:arts?\.|articles?|sects?\.)"
)
"""A law in parentheses with its article, of which the next ones are as well: "(Constitution, art. 14) … (art. 23)"."""
_ARTICLES = re.compile(r"[Aa](?:rticles|rts\.)\s")
_AND_NUMBER = re.compile(r"(?:,|,?\sand)\s(?=\d)")
_OF_AT_END = re.compile(r"[\d)],?\s(?:of|in|to|under|from)\s(?:the\s)?$")
"""Before a treaty that is that of a provision before: what follows may be of another."""
_LOOK_BACK = 60
_BESIDE = (" ", ", ", " in ", ", in ", " only in ")
_AND_BEFORE = re.compile(r"(?:\band|\bor|,)(?:\sthe)?\s$")
_PLURAL = re.compile(r"\b(?:[Cc]onvention|[Cc]ovenant|[Pp]rotocol|[Tt]reatie)s\b")
"""What is said of several treaties in one name: "both Covenants", "the Covenants on Human Rights"."""


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of a text and the phrases whose instrument nothing names."""

    provisions: tuple[Mention, ...]
    names: tuple[Mention, ...]
    unresolved: tuple[Span, ...]


def find_citations(text: str, names: Iterable[Mention], defined: str | None = None) -> Citations:
    """The provisions cited in a text, and its names with ``cites`` set on each instrument that stands on its own.

    ``names`` are those of `Naming.mentions`. An instrument inside the name of a body or of another instrument, or at
    the end of a provision, is named but not cited. ``defined`` is the one treaty for which the document has a
    short name.
    """
    names = tuple(names)
    standing = _standing(text, names)
    phrases = _phrases(text, {mention.span.start: mention for mention in standing})
    if not standing and not phrases:
        return Citations((), tuple(mention for mention in names if mention.entity), ())
    owned = _Ownership(text, standing, defined).owned(phrases)
    provisions: list[Mention] = []
    unresolved: list[Span] = []
    consumed = {each.named for each in owned}
    for each in owned:
        if not each.owner:
            unresolved.append(Span(each.phrase.span.start, each.end))
            continue
        is_inferred = each.named.is_inferred if each.named else each.is_inferred
        provisions += _mentions(each.phrase, each.owner, each.end, is_inferred=is_inferred)
        if any(piece.span.start == piece.span.end for piece in each.phrase.pieces):
            unresolved.append(each.phrase.span)
        others = _named_with(each.named, standing) if len(each.phrase.pieces) == 1 else []
        provisions += (one for other in others for one in _mentions(each.phrase, other.entity, each.phrase.span.end))
        consumed.update(others)
    own = {mention for mention in standing if mention not in consumed}
    unresolved += [mention.span for mention in own if not mention.entity]
    marked = tuple(replace(mention, cites=True) if mention in own else mention for mention in names if mention.entity)
    return Citations(tuple(sorted(provisions)), marked, tuple(sorted(unresolved)))


@dataclass(frozen=True, slots=True)
class _Owned:
    """A phrase, the path of the instrument it belongs to, where its words end, and the name that says so.

    ``is_bare`` says that no words say whose it is.
    """

    phrase: Phrase
    owner: str | None
    end: int
    named: Mention | None = None
    is_bare: bool = False
    is_inferred: bool = False


class _Ownership:
    """Says which instrument the provisions of a text belong to."""

    def __init__(self, text: str, standing: list[Mention], defined: str | None) -> None:
        self._text = text
        self._defined = defined
        self._standing = standing
        self._ends = [mention.span.end for mention in standing]
        self._by_start = {mention.span.start: mention for mention in standing}
        self._names_no_other = all(mention.entity == defined for mention in standing)
        self._names_a_law = defined is not None and _NAMED_LAW.search(text) is not None

    def owned(self, phrases: list[Phrase]) -> list[_Owned]:
        """The phrases with their instruments, in order of the text."""
        owned: list[_Owned] = []
        for phrase in reversed(phrases):
            following = owned[-1] if owned else None
            owned.append(self._owned(phrase, following))
        owned.reverse()
        of_articles: dict[tuple[str, ...], str | None] = {}
        for place, read in enumerate(owned):
            article = read.phrase.pieces[0].steps[:2]
            is_known = read.is_bare and article in of_articles
            each = replace(read, owner=of_articles[article], is_inferred=False) if is_known else read
            owned[place] = _of_that_article(each, owned[place - 1] if place else None)
            if each.named is not None:
                of_articles |= dict.fromkeys((piece.steps[:2] for piece in owned[place].phrase.pieces), each.owner)
        return owned

    def _owned(self, phrase: Phrase, following: _Owned | None) -> _Owned:
        end = phrase.span.end
        named = _named_behind(self._text, phrase, self._by_start)
        if named is not None:
            return _Owned(phrase, named.entity, named.span.end, named)
        behind = self._by_start.get(end + 1) if self._text.startswith(" ", end) else None
        if behind is not None and behind.span.cut(self._text).replace("-", "").isupper():  # "articles 19 and 20 ICCPR"
            return _Owned(phrase, behind.entity, behind.span.end, behind)
        back = _BACK.match(self._text, end)
        if back is not None:
            return _Owned(phrase, self._last_named(phrase.span.start), back.end())
        if _OF_SOMETHING.match(self._text, end):
            return _Owned(phrase, None, end)
        beside = self._right_before(phrase.span.start)
        reach = max(0, beside.span.start - _LOOK_BACK) if beside else 0
        if beside is not None and not _OF_AT_END.search(self._text, reach, beside.span.start):
            return _Owned(phrase, beside.entity, end)
        title = TITLE.match(self._text, end)
        place = title.end() if title else end
        joints = (pattern.match(self._text, place) for pattern in (_JOINED, _READ_WITH, _NARROWED))
        joint_ends = {joint.end() for joint in joints if joint}
        is_joined = following is not None and following.phrase.span.start in joint_ends
        if following is not None and is_joined and (following.owner or not following.is_bare):
            return _Owned(phrase, following.owner, end)
        if beside is not None:
            return _Owned(phrase, beside.entity, end)
        if _OF_A_CODE.match(self._text, end):
            return _Owned(phrase, None, end)
        owner = self._last_named(phrase.span.start)
        if following is not None and not (self._ends and self._ends[0] <= phrase.span.start):
            is_same = following.named and _STOP.search(self._text, end, following.phrase.span.start) is None
            owner = following.owner if is_same else owner
        if (
            owner
            and _SUPPLEMENTS in owner
            and not _ITS.search(self._text, max(0, phrase.span.start - _LOOK_BACK), phrase.span.start)
        ):
            owner = None
        is_inferred = owner is None and self._is_defined(phrase.span.start)
        return _Owned(phrase, self._defined if is_inferred else owner, end, is_bare=True, is_inferred=is_inferred)

    def _is_defined(self, position: int) -> bool:
        """Whether a bare provision is of the one treaty that the document defines: the text names no other treaty, and
        no other law unless the provision stands in parentheses."""
        if not self._defined or not self._names_no_other:
            return False
        if self._names_a_law and _ARTICLE_OF_A_LAW.search(self._text, 0, position + len("articles")):
            return False
        return not self._names_a_law or bool(
            _IN_PARENTHESES.search(self._text, max(0, position - 2 * _LOOK_BACK), position)
        )

    def _right_before(self, position: int) -> Mention | None:
        """The treaty whose name ends right before a place: "CRC article 37", "the Covenant, in article 14"."""
        place = bisect_right(self._ends, position)
        is_beside = place and self._text[self._ends[place - 1] : position] in _BESIDE
        return self._standing[place - 1] if is_beside else None

    def _last_named(self, position: int) -> str | None:
        place = bisect_right(self._ends, position)
        if not place or _OTHER_LAW.search(self._text, self._ends[place - 1], position):
            return None
        return self._standing[place - 1].entity


def _of_that_article(each: _Owned, before: _Owned | None) -> _Owned:
    if each.phrase.pieces[0].steps[:2] != THAT_ARTICLE:
        return each
    if before is None or before.phrase.pieces[-1].steps[0] != "article":
        return replace(each, owner=None)
    article = before.phrase.pieces[-1].steps[:2]
    pieces = tuple(replace(piece, steps=article + piece.steps[2:]) for piece in each.phrase.pieces)
    return replace(each, phrase=replace(each.phrase, pieces=pieces), owner=each.owner if each.named else before.owner)


def _phrases(text: str, by_start: Mapping[int, Mention]) -> list[Phrase]:
    phrases: list[Phrase] = []
    for start in heads(text):
        if phrases and start < phrases[-1].span.end:
            continue
        phrase = read_provision(text, start)
        if phrase is not None:
            phrases.append(phrase)
            phrases += _of_further_treaties(text, phrase, by_start) if by_start else ()
    return phrases


def _of_further_treaties(text: str, phrase: Phrase, by_start: Mapping[int, Mention]) -> Iterator[Phrase]:
    """The numbers behind a plural that have treaties of their own: "articles 41 of the … and 81 of the …"."""
    named = _named_behind(text, phrase, by_start) if _ARTICLES.match(text, phrase.span.start) else None
    while named is not None and (joint := _AND_NUMBER.match(text, named.span.end)):
        further = read_more(text, joint.end())
        named = _named_behind(text, further, by_start) if further else None
        if further and named:
            yield further


def _named_behind(text: str, phrase: Phrase, by_start: Mapping[int, Mention]) -> Mention | None:
    tail = _TAIL.match(text, phrase.span.end)
    return by_start.get(tail.end()) if tail else None


def _standing(text: str, names: tuple[Mention, ...]) -> list[Mention]:
    """The instruments that are no part of another name, or only share its last word ("… and … Protocols")."""
    mentions: list[Mention] = []
    outer: Mention | None = None
    for mention in names:
        if outer is not None and mention.span.end <= outer.span.end:
            shares = outer.kind == mention.kind == "instrument" and mention.span.end == outer.span.end
            ahead = text[outer.span.start : mention.span.start]
            if shares and (_AND_BEFORE.search(ahead) or _PLURAL.search(mention.span.cut(text))):
                mentions.append(mention)
            continue
        outer = mention
        if mention.kind == "instrument" and not _OF_A_BODY.search(
            text, max(0, mention.span.start - 60), mention.span.start
        ):
            mentions.append(mention)
    return mentions


def _named_with(name: Mention | None, standing: list[Mention]) -> list[Mention]:
    """The further treaty of two that one plural names: its provision has the words without the plural."""
    ends = name.span.end if name else -1
    others = [each for each in standing if each.span.end == ends and each is not name]
    return others if len(others) == 1 else []


def _mentions(phrase: Phrase, owner: str, end: int, *, is_inferred: bool = False) -> Iterator[Mention]:
    last = max(phrase.pieces, key=lambda piece: (piece.span.end, piece.span.start))
    for piece in phrase.pieces:
        span = Span(piece.span.start, end) if piece is last else piece.span
        if piece.span.start < piece.span.end:
            yield Mention(span, f"{owner}/{piece.path}", "provision", cites=True, is_inferred=is_inferred)
