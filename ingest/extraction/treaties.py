"""Treaties that no reference data list, by their names: "Convention on the Rights of the Child", "Arms Trade Treaty".

Each becomes a stub, named by the words of the text: ``id/instrument/convention-on-the-rights-of-the-child``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from ingest.document import Span
from ingest.extraction.clauses import WORDS, starts_sentence
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import SMALL_WORDS, Lexicon
from ingest.extraction.verbs import IMPERATIVES
from ontology.words import MONTHS

_KIND = r"(?:Convention|Covenant|Protocol|Treaty|Statute|Charter|Agreement)"
_WORD = r"[A-Z][\w’'-]*"
_SMALL = (
    r"(?:(?:d[aeio]s?|of|on|for|from|in|into|to|against|beyond|by|with|within|at|relating to|relative to|concerning|"
    r"and\sunder(?=\sW)|especially\sas|(?<=,\s)including|with\sregard\sto(?=\s[A-Z][\w-]+\s(?:of\s)?[A-Z]))"
    r"(?:\s(?:an?|the|all|their|its))?|(?<=ing\s)(?:an?|the)|that\s[A-Z]\w+\sthe(?=\s[A-Z])|"
    r"and/or|and\sthe(?=\s(?:Caribbean|Ocean\sFloor|Pacific|Subsoil)\b)|and\s(?:of\s)?the(?=\s(?:Control|Elimination|Exploitation|Fair\sand\sEquitable\sSharing|Prevention|Prohibition|Punishment|Return|Suppression)\sof\b)|and\stheir(?=\s(?!Additional\b|Optional\b|Protocol)[A-Z])|(?:and|or)(?!\s(?:(?:of\s)?the|its|their|all)\b)(?:\sother(?=\s[A-Z]))?(?!\sother\b))"
)
_OTHER_WORD = r"\s\([A-Z][a-z]+\)(?=\sand\s)"
_SUBJECT = (
    rf"(?:{_SMALL}\s)*{_WORD}"
    rf"(?:{_OTHER_WORD}|,\sthe\s(?!(?:{_WORD}\s){{0,3}}{_KIND}\b){_WORD}|,?\s(?:{_SMALL}\s)*{_WORD})*"
)
_ABOUT = (
    r"(?:[Aa]gainst|[Gg]overning|on|for|[Rr]elating to|relative to|[Cc]oncerning|of|to|"
    r"[Ss]upplement(?:ary to|ing)|"
    r"(?:(?<=Protocol\s)amending|(?:Abolishing|Amending|Banning|Defining|Establishing|Prohibiting|Providing\sfor|Regulating))\b)"
)
_OPENERS = "Europe|ILO|The|This|That|Each|Such|Optional|Additional|Supplementary|Draft|United|Nations|Said|Any|Both|Our"
_WHICH = r"(?:\s(?:No\.\s)?\d{1,2}\b|\s[IVX]{1,4}|\sof\s(?:\d{1,2}\s[A-Z][a-z]+\s)?\d{4})?"
"""What tells the protocols to one treaty apart by number or date: "Protocol No. 12 to …", "Protocol II to …"."""
_NO_PART = r"(?!(?:(?<=Convention)|(?<=Covenant))\sto\sthe\s)"
"""Only a protocol is *to the* treaty."""
_NOBODY = r"(?!(?:States?|Governments?|Part(?:y|ies)|Committees?)\b)"
_BODIES = r"(?:Commonwealth|Community|Council|League|Organization)"
_OF_A_BODY = rf"(?:(?:{_WORD}\s){{0,3}}{_BODIES}\sof\s(?:the\s)?)?"
"""Whose a treaty is, in its name: "Organization of American States Convention on …"."""
_PAIRED = "Association|Cooperation|Friendship|Partnership|Peace|Reconciliation|Security|Stabili[sz]ation|Trade"
"""What stands before an *and* in the name of an agreement: "Peace and Reconciliation Agreement"."""
_TWO_PLACES = rf"(?:(?<=[Tt]he\s){_WORD}\s[–-]\s(?!{_KIND}))?"
"""The first of two places that a treaty is called by: "the Nagoya – Kuala Lumpur Supplementary Protocol"."""
_NAMED_FIRST = rf"{_TWO_PLACES}(?:(?:(?:{_PAIRED})\sand\s)?(?!The\b|United\b|Nations\b){_WORD}\s){{0,4}}"
_LONG = rf"{_OF_A_BODY}{_NAMED_FIRST}{_KIND}{_WHICH}{_NO_PART}\s{_ABOUT}\s(?:the\s|a\s)?{_NOBODY}"
_PARTY = rf"(?:the\s)?{_WORD}(?:\s(?:of\s(?:the\s)?)?{_WORD}){{0,5}}"
_BETWEEN = (
    rf"(?:{_WORD}\s){{0,3}}(?:Agreement|Treaty)(?:\s{_ABOUT}\s(?:the\s)?{_SUBJECT})?\sbetween\s(?:the\sGovernments?\sof\s)?{_PARTY}"
    rf"\sand\s(?:the\sGovernment\sof\s)?{_PARTY}(?:\s(?:on|concerning)\s(?:the\s)?{_SUBJECT})?"
)
_UNDER = rf"(?:{_WORD}\s){{0,2}}Agreement\sunder\s(?:the\s)?{_NOBODY}"
"""An agreement that carries out a treaty: "Agreement under the Convention on Ports on the Safety of Crews"."""
_MORE_OF_IT = r"(?:(?:Additional|Supplementary)\s(?=Protocol))?"
_PAIR = rf"(?:(?:{_PAIRED})\sand\s(?={_WORD}\s))?"
_OF_WHAT = rf"(?:(?:Law|Rights|Status)\sof\s(?:the\s)?(?={_WORD}\s))?"
_NUMERAL = r"(?:(?:(?<=Protocol)|(?<=Convention))\s[IVX]{1,4}\b(?!\sto\b))?"
_SHORT = rf"{_TWO_PLACES}{_OF_WHAT}(?:{_PAIR}(?!(?:{_OPENERS})\s){_WORD}\s){{1,5}}{_MORE_OF_IT}{_KIND}{_NUMERAL}"
_NO = r"(?:\(?(?:[Nn]o\.?|N[°º]|Nr\.)\s?)?"
_NUMBERED = (
    rf"(?:International\sLabour\sOrgani[sz]ation\s\()?ILO\)?\sConvention\s{_NO}\d{{1,3}}\b\)?|"
    r"Convention\sNo\.\s\d{1,3}(?=\sof\sthe\s(?:ILO|International\sLabour\s))|"
    rf"(?:(?!(?:The|This|That|Each)\b){_WORD}\s(?:and\s(?={_WORD}\sPeoples\s))?){{1,5}}Convention\s\(?No\.\s\d{{1,3}}\b(?:\)|(?!\)))|"
    rf"(?!The\s)(?:{_WORD}\s(?:(?:and|of|in|for|to)\s(?:the\s)?)?(?:\({_WORD}(?:\s(?:and\s)?{_WORD})*\)\s)?){{1,6}}(?:Convention|Protocol)"
    r"(?:\s\(Revised\))?"
    r"(?=\s?\(?,?\s(?:\d{4}|of)\s\(?(?:No\.|\d{4}))"
)
"""A convention of the International Labour Organization: "Violence and Harassment Convention, 2019 (No. 190)"."""
_SPELLED_OUT = (
    rf"(?:{_WORD}\s){{0,3}}{_KIND}\s(?:on|against|for|concerning)\s[a-z][a-z,\s-]{{9,160}}"
    rf"(?=\s\((?:(?:the\s)?(?:{_WORD}\s){{1,3}}{_KIND}\)|C?ETS\sNo\.))"
)
"""A subject without capitals, which ends where a short name or its number in a series follows: "… on delays at sea
(Harbour Convention)"."""
_UN_CHARTER = r"Charter\sof\sthe\sUnited\sNations|(?:United\sNations|UN)\sCharter"
_ADDITIONAL = (
    rf"Protocol(?:\s[IVX]{{1,4}})?\sAdditional\sto\s(?:the\s)?{_SUBJECT}(?:\sof\s\d{{1,2}}\s[A-Z][a-z]+\s\d{{4}})?"
    rf"(?:,?\sand\srelating\sto\s(?:the\s)?{_SUBJECT})?"
)
_OF_A_SUBJECT = rf"(?:{_UNDER}|{_LONG}|Convention\s\(No\.\s\d{{1,3}}\)\sconcerning\s(?:the\s)?){_SUBJECT}"
_SELDOM = re.compile(r"\sbetween\s(?:the\s)?[A-Z]|\sAdditional\sto\s")
"""What stands in the forms of names with two subjects or parties: without it, none of them need be tried."""
_NO_SUBJECT = re.compile(
    rf"(?!(?:{_UN_CHARTER})$)(?:(?:{_OPENERS}|First|Second|Third|Fourth|New|Original|Revised)\s)+{_KIND}(?:\s[IVX]+)?(?:\sto\s(?:the\s)?{_KIND})?|(?:Istanbul|Minnesota)\sProtocol"
)
"""What is left of a name that says nothing of its subject: "Optional Protocol (to the Convention)"."""
_PROTOCOL_ON = re.compile(
    r"\son\s(?:a|the)\s(?!(?:basis|occasion|date|day|same|first|grounds?|question|issue)\b)[a-z]+"
    r"(?:\s(?:(?:of|in)\s)?(?!(?:and|or|to|by|with|of|in|is|are|was|were|has|have|as|at|for|on|that|which|should|shall)\b)[a-z]+){0,5}"
    r"(?:(?:,\s[a-z]+\s[a-z]+)+\sand\s[a-z]+\s[a-z]+)?|"
    rf"\son\s(?:an?\s|the\s)?{_WORD}(?:\s(?:{_SMALL}\s)*{_WORD})*"
)
"""What tells the protocols to one treaty apart: "… on the involvement of children in armed conflict"."""
_FIRST_WORD = re.compile(r"([A-Z][a-z]+)\s(?=[A-Z])")
"""What may be the verb of a sentence: "Ratify ILO Convention No. 169"."""
_OPENS_SENTENCE = IMPERATIVES | SMALL_WORDS | {"recalling", "under"}
_LAST_SMALL = re.compile(rf"(?:,?\s(?:{_SMALL}|,))+$")
_OTHER_PAPER = r"(?:the\s)?(?:[A-Z]\w+\s){0,3}(?:Agenda|Declaration|Goals|Plan|Platform|Principles|Programme|Rules)\b"
_MEMBER = r"(?:[A-Z][\w-]+\s(?:(?:of|for|to|in)\s)?){0,3}[A-Z][\w-]+"
_LIST_GOES_ON = (
    rf"(?:Their|Its|All)\s[A-Z]|(?:Especially|Particularly)\s|especially\sas\s{_WORD}\s[A-Z]|\w+\s(?:or|and)\s(?:other\s)?[A-Z]|and\s(?:of\s{_NOBODY}(?=[A-Z][\w-]+\s(?:of\s)?[A-Z])|Other\s|[A-Z]\w+\sand\s)[A-Z]|including\s(?:the\s)?(?:{_WORD}\s)+(?:and|or)\sOther\s[A-Z]|in\s{_WORD}\s{_WORD}\sand\s(?:in|under)\s[A-Z]|(?:{_WORD}\s){{1,2}}and\s(?:{_WORD}\s)?[A-Z]\w+(?:ance|cy|ity|ment|ship|[st]ion)\b|and\srelating\sto\s(?:the\s)?[A-Z]|"
    rf"(?!the\s{_KIND})(?!{_OTHER_PAPER})(?:the\s)?(?:{_MEMBER},\s){{0,3}}{_MEMBER},?\sand\s(?:Other\s[A-Z]|(?:the\s)?[A-Z]\w+\s(?:of|and|for|in|to)\s(?:the\s)?[A-Z])"
)
"""What shows behind a comma that a subject is a list: "on Slavery, the Slave Trade, and Institutions and …"."""
_ENDS = re.compile(
    rf"\s(?:and|or)\s(?:of\sthe\s|Member\s)?(?:Additional|Amended|Annex(?:es)?|Articles?|Chapters?|Conventions?|Decisions?|Optional|Protocols?|Resolutions?|Rules?|States?|Governments?|Parties|United\sNations)\b|,\s(?!{_LIST_GOES_ON})|"
    rf"(?<!Statute)\sof\sthe\s(?:Council\sof\sEurope|ILO|International\sLabour\sOrgani[sz]ation)\b|"
    rf"\sof\s(?:{'|'.join(MONTHS)})\b|(?<!\sto)(?<!\sthe)(?<!\sof),?\s(?![IVX]+\b)[A-Z]{{3,}}\b"
)
"""Where a sentence goes on behind a name: whoever acts, a comma that is in no list, a date."""
_AND_ANOTHER = re.compile(
    rf"\b{_KIND}\b.*?(?P<and>\sand\s(?:the\s)?(?!(?:Optional|Additional)\b)(?:{_WORD}\s){{1,3}}{_KIND}\b)"
)
"""Where another treaty follows behind a whole name: "Convention on Ports and Ferries Convention"."""
_IN_A_PLACE = re.compile(r"\sin\s[A-Z]\w*(?:an|ese|ish|ic|al|ch)$")
_NOUN_FOLLOWS = re.compile(
    r"\s(?!(?:and|or|to|is|are|was|were|on|of|in|for|by|with|as|at|that|which|has|have|should|shall)\b)[a-z]"
)
"""What shows that the last word is no part of a name: "… from Enforced Disappearance in Chilean legislation"."""
_WHOLE = re.compile(_KIND)
_CAPITAL = re.compile(r"(?<![\w-])[A-Z]")
_STOPS = (", ", "; ", ": ", ". ")
IN_THE_MAKING = re.compile(
    r"(?:^|\s)(?:[Aa]n?|[Dd]raft|proposed)\s(?:(?!(?:at|by|for|from|in|of|on|the|to|under|with)\b)[a-z-]+\s){0,3}(?:United\sNations\s|UN\s|Optional\s)?$"
)
"""Before a treaty that is none: "a Convention on Ferries", "the draft Convention on Ferries"."""
OF_OTHERS = re.compile(
    r"\b(?:Inter-American|African|Arab|European|Law|Council of Europe|Southern African)\s(?:Union\s)?$"
)
"""Before "Convention against Corruption", which is then another."""
_MOST_BEFORE = 40
_LONGEST = 600
"""How many characters behind its kind a name may end: what is as long is none, and would be read again and again."""
_REACH = 140
"""How many characters before its kind a name may begin."""
_OF_LABOUR = re.compile(
    rf"(?:(?:International\sLabour\sOrgani[sz]ation)?\s?\(?(?:ILO)?\)?\s)?Convention\s{_NO}(\d+)\)?"
)
"""A convention that its number tells apart, whatever its name is besides."""
UN_CHARTER = "charter-of-the-united-nations"
"""What "the Charter" is in a document that names this charter in full and no other."""
ACRONYM = re.compile(
    rf"(?:\s\((?:C?ETS\sNo\.\s\d+,\s)?(?:the\s)?[“\"]?|,?\s[“\"])(?:the\s)?(?P<short>[A-Z][A-Z-]+[A-Z]\d?|(?:{_WORD}\s){{1,3}}{_KIND}(?:\son(?:\s{_WORD}){{1,3}})?|"
    rf"{_KIND}\sof(?:\s(?:do|de|the|{_WORD})){{1,4}})(?:[.,]?[”\"]\)?|\))"
)
"""The short form that a text gives a treaty behind its name: "(CEDAW)", "(Istanbul Convention)", "“Oslo Treaty”"."""
_BASE_OF_PROTOCOL = re.compile(
    rf"(?:{_WORD}\s){{0,2}}(?:Protocol{_WHICH}(?:\son\s[^,;]{{3,160}}?)?\s(?:to|[Aa]mending|[Ss]upplementary\sto|[Ss]upplementing)|Agreement\sunder)\s(?:the\s)?(?=(?:United\sNations\s)?(?:(?:{_WORD}\s){{1,6}}{_KIND}$|(?:Council\sof\sEurope\s)?(?:{_WORD}\s){{0,3}}{_KIND}\s{_ABOUT}\s))"
)
"""What stands in the name of a protocol before that of its treaty, which is a name of its own."""
_ABOUT_WHAT = re.compile(
    r"\son\s(?:a|the)\s(?=[a-z])|\sin\sthe\sArea\sof\s|\s(?:[Cc]oncerning|[Rr]elating\sto)\s(?=(?:the\s)?[A-Z])"
)
_ON_AGAIN = re.compile(r"\son\s(?:the\s)?(?=[A-Z])")
"""The subject of a protocol behind that of its treaty: "Protocol to the Charter on Ports on the Rights of Sailors"."""
_LEFT_OUT = WORDS["left_out_of_titles"]
_UNITED_NATIONS = re.compile(r"(?:^|(?<=protocol-to-the-))(?:united-nations|un)-")
"""What the same treaty is named with and without."""
_SAME = {"covenant": "convention", "people": "persons"}
NO_DATE = "".join(f"(?<!{month} )" for month in MONTHS)
_YEAR_BEFORE = re.compile(rf"(?<!\d){NO_DATE}((?:19|20)\d\d)\s$")
_OF_A_YEAR = re.compile(r"^\d{4}\s")
_PROTOCOL_TO = re.compile(rf"\bProtocol{_WHICH}\s(?:of|on|to|[Ss]upplementary\sto|[Ss]upplementing)\s(?:the\s)?$")
"""Before a treaty whose name is a part of that of its protocol."""
_AMENDING = re.compile(r"\bProtocol\s[Aa]mending\s(?:the\s)?$")
"""Before a treaty in the name of a protocol that may be none of those described of it."""
_SUPPLEMENTARY = re.compile(r",\s[Ss]upplement(?:ary\sto|ing)\s(?:the\s)?")
"""Behind a protocol, before the treaty that is a part of its name: "…, supplementary to the Convention on Ports"."""
_YEAR_BEHIND = re.compile(r"(?:,|\sof)\s\d{4}(?:\s\(No\.\s\d{1,3}\))?$")
_CHARTERS = re.compile(r"\bCharter\s(?:of|on|for)\s(?:the\s)?[A-Z]\w+|\b(?!The\b)[A-Z]\w+\sCharter\b")


@cache
def _name(is_seldom: bool) -> re.Pattern[str]:
    """The names of treaties; those that are seldom of such a form among them or not."""
    between, additional = (f"{_BETWEEN}|", f"{_ADDITIONAL}|") if is_seldom else ("", "")
    forms = f"{between}{_SPELLED_OUT}|{additional}{_OF_A_SUBJECT}|{_NUMBERED}|{_SHORT}"
    return re.compile(rf"(?<![\w-])(?:{_UN_CHARTER}|(?:United\sNations\s|Council\sof\sEurope\s)?(?:{forms}))(?![\w-])")


def means_un_charter(texts: Iterable[str]) -> bool:
    """Whether the only charter that texts name in full is that of the United Nations."""
    named = {charter.group() for text in texts if "Charter" in text for charter in _CHARTERS.finditer(text)}
    return bool(named) and all("United" in each or "Nations" in each or "UN" in each for each in named)


def with_treaties(text: str, names: Sequence[Mention], lexicon: Lexicon) -> tuple[Mention, ...]:
    """The names of a text with those of treaties that no lexicon has, in the same order; a short name inside one is a
    part of it. What has the words of a described one but for small ones ("Covenant of Civil Rights") is that one."""
    known = [each for each in names if each.entity]
    read = [_as_described(each, text, known, lexicon) for each in unlisted_treaties(text, known)]
    treaties = [each for each in read if each.entity]
    if not treaties:
        return tuple(names)
    kept = (each for each in names if not any(_is_part(text, each, one) for one in treaties))
    return tuple(sorted([*kept, *treaties], key=lambda each: (each.span.start, -each.span.end)))


def _as_described(treaty: Mention, text: str, known: Sequence[Mention], lexicon: Lexicon) -> Mention:
    """A treaty as reference data describe it, if they do; a protocol that is none of those described of its treaty, and
    of no subject, has no entity."""
    for each in known:
        ahead = text[max(0, treaty.span.start - len("second ")) : max(treaty.span.start, each.span.start)]
        if each.entity in lexicon.protocols and each.span.end <= treaty.span.end and _PROTOCOL_TO.search(ahead):
            about = text[each.span.end : treaty.span.end]
            path = which_protocol(each.entity, ahead, about, lexicon)
            return replace(treaty, entity=path or (treaty.entity if about.strip() else ""))
    return described(treaty, text, lexicon)


def described(treaty: Mention, text: str, lexicon: Lexicon) -> Mention:
    """A treaty as reference data describe it, by the acronym behind its name or by its words, if they do."""
    name = _OF_A_YEAR.sub("", treaty.span.cut(text))
    labour, acronym = _OF_LABOUR.match(name), ACRONYM.search(name)
    words = _weighty(f"ILO Convention {labour[1]}" if labour else ACRONYM.sub("", name))
    entries = [each for each in lexicon.entries if each.kind == "instrument"]
    of_acronym = (each.entity for each in entries if acronym and each.spelling == acronym["short"])
    of_words = (each.entity for each in entries if _weighty(each.spelling) == words)
    of_short = (each.entity for each in lexicon.shorthands if each.noun == name and each.entity)
    entity = next(of_acronym, None) or next(of_short, None) or next(of_words, treaty.entity)
    return replace(treaty, entity=entity)


@cache
def _weighty(name: str) -> tuple[str, ...]:
    """The words of a name but for what is often mistaken or left out: small words, plurals, order and the like."""
    words = (_SAME.get(word, word) for word in name.lower().split())
    return tuple(sorted(word.rstrip("s,") for word in words if word not in SMALL_WORDS and word not in _LEFT_OUT))


def which_protocol(treaty: str, ahead: str, about: str, lexicon: Lexicon) -> str:
    """The path of the one described protocol of a treaty that its number ("second") and its subject fit, if any."""
    subject = set(_weighty(" ".join(re.findall(r"[a-z]+", about.lower()))))
    number = next((each for each in ("second", "third") if each in ahead.lower()), "")
    year = re.search(r"\d{4}", ahead)
    of_year = {each.entity for each in lexicon.entries if year is None or year[0] in each.spelling}
    ours = [
        path
        for path in lexicon.protocols.get(treaty, ())
        if ("/second-" in path) == (number == "second")
        and path in of_year
        and subject <= set(_weighty(path.rpartition("/")[2].replace("-", " ")))
    ]
    return ours[0] if len(ours) == 1 and (subject or number != "third") else ""


def _is_part(text: str, short: Mention, treaty: Mention) -> bool:
    """Whether a short name or an acronym stands in the name of the treaty that it is, a group in its subject, or the
    name of one treaty at the end of another's ("Abolition of Forced Labour Convention")."""
    inside = treaty.span.start <= short.span.start and short.span.end <= treaty.span.end
    opens = short.span.start == treaty.span.start
    is_end = short.kind == "instrument" and not _WHOLE.search(text, treaty.span.start, short.span.start)
    return inside and (opens or is_end or short.kind == "group" or short.entity in ("", treaty.entity))


def _overlaps(text: str, mention: Mention, span: Span) -> bool:
    """Whether a name crosses the span or begins with it, as one word alone does not ("the Protocol of 1999 to …"); what
    stands inside is the treaty of a protocol."""
    opens = mention.span.start == span.start and not _WHOLE.fullmatch(text, mention.span.start, mention.span.end)
    crosses = opens or mention.span.start < span.start or mention.span.end > span.end
    return mention.kind != "group" and crosses and mention.span.start < span.end and span.start < mention.span.end


def unlisted_treaties(text: str, known: Sequence[Mention]) -> Iterator[Mention]:
    """The names of treaties in a text that no known name overlaps, each with its acronym. Nothing cites yet."""
    end = 0
    for span in _names(text, known):
        words = span.cut(text)
        if (
            span.start < end
            or " " not in words
            or _NO_SUBJECT.fullmatch(words)
            or words.startswith("Draft ")
            or not _WHOLE.search(words)
            or any(_overlaps(text, mention, span) for mention in known)
        ):
            continue
        supplemented = _supplemented(text, span.end, known) if "Protocol" in words else None
        acronym = ACRONYM.match(text, span.end) if supplemented is None else None
        end = supplemented.end if supplemented else acronym.end() if acronym else span.end
        year = _YEAR_BEFORE.search(text, max(0, span.start - len("2000 ")), span.start)
        start = year.start() if year else span.start
        name = f"{year[1]} {words}" if year and words.startswith("Protocol to") else words
        yield Mention(Span(start, end), instrument_path(name), "instrument")
        if supplemented and not any(each.span.start == supplemented.start for each in known):
            yield Mention(supplemented, instrument_path(supplemented.cut(text)), "instrument")
        base = _base(words)
        if base and not any(each.span.start == span.start + base.start for each in known):
            treaty = Span(span.start + base.start, span.start + base.end)
            yield Mention(treaty, instrument_path(treaty.cut(text)), "instrument")


def _base(words: str) -> Span | None:
    """The name of its treaty in that of a protocol, if it is a name of its own."""
    base = _BASE_OF_PROTOCOL.match(words)
    first = words.find(" on ", base.end()) if base else -1
    again = _ON_AGAIN.search(words, first + 1) if first >= 0 else None
    subject = (_ABOUT_WHAT.search(words, base.end()) or again) if base else None
    return Span(base.end(), subject.start() if subject else len(words)) if base else None


def _supplemented(text: str, position: int, known: Sequence[Mention]) -> Span | None:
    """The treaty that a protocol says behind a comma to be supplementary to."""
    joint = _SUPPLEMENTARY.match(text, position)
    if joint is None:
        return None
    described = (each.span for each in known if each.kind == "instrument" and each.span.start == joint.end())
    named = _name(_SELDOM.search(text) is not None).match(text, joint.end())
    return next(described, None) or (_trimmed(text, Span(*named.span()), known) if named else None)


def _names(text: str, known: Sequence[Mention]) -> Iterator[Span]:
    """The names, trimmed, tried only at the words with a capital before a kind of treaty in its clause."""
    end = 0
    kinds = [*_WHOLE.finditer(text)]
    pattern = _name(bool(kinds and _SELDOM.search(text)))
    for kind in kinds:
        if kind.start() < end:
            continue
        start = max(end, kind.start() - _REACH)
        start = max(start, *(text.rfind(stop, start, kind.start()) for stop in _STOPS))
        for capital in _CAPITAL.finditer(text, start, kind.end()):
            name = pattern.match(text, capital.start(), min(len(text), kind.end() + _LONGEST))
            if name is not None:
                span = _trimmed(text, Span(*name.span()), known)
                end = max(span.end, kind.end())
                if not IN_THE_MAKING.search(text, max(0, span.start - _MOST_BEFORE), span.start):
                    yield span
                break


def _trimmed(text: str, span: Span, known: Sequence[Mention]) -> Span:
    """The name without what a sentence goes on with: another name, whoever acts, a comma that is in no list."""
    verb = _FIRST_WORD.match(text, span.start)
    opens = verb and starts_sentence(text, span.start) and verb[1].lower() in _OPENS_SENTENCE
    start, end = verb.end() if verb and opens else span.start, span.end
    words = text[start:end]
    if stop := _ENDS.search(words):
        end = start + stop.start()
    if another := _AND_ANOTHER.search(words):
        end = min(end, start + another.start("and"))
    if (place := _IN_A_PLACE.search(words)) and _NOUN_FOLLOWS.match(text, span.end):
        end = min(end, start + place.start())
    for inside in known:
        is_subject = inside.kind == "actor" and text.endswith(" of ", start, inside.span.start)
        is_subject = is_subject or text.endswith("Agreement under the ", start, inside.span.start)
        if start < inside.span.start < end and inside.kind != "group" and not is_subject:
            name = inside.span.cut(text)
            ahead = text[start : inside.span.start]
            is_base = (" " in name or name.isupper()) and (_PROTOCOL_TO.search(ahead) or _AMENDING.search(ahead))
            end = inside.span.end if is_base else inside.span.start
            break
    end = start + len(_LAST_SMALL.sub("", text[start:end].rstrip(" ,")))
    subject = _PROTOCOL_ON.match(text, end) if "Protocol to" in words else None
    return Span(start, subject.end() if subject else end)


def instrument_path(words: str) -> str:
    """The path of a treaty that has no name but these words."""
    if number := _OF_LABOUR.match(words):
        return f"id/instrument/ilo-convention-no-{number[1]}"
    if re.fullmatch(_UN_CHARTER, words):
        return f"id/instrument/{UN_CHARTER}"
    plain = unicodedata.normalize("NFKD", _YEAR_BEHIND.sub("", words)).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    return f"id/instrument/{_UNITED_NATIONS.sub('', slug)}"
