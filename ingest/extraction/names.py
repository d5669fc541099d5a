"""Names of actors and tools in a text: what the lexicon spells, and what only a rule can find.

Rules: a phrase for databases ("databases such as those of …"), "Full Name (ACRONYM)" as one name, a body with the
instrument it belongs to, States and groups singled out by a relative clause, several instruments under one plural
("both Covenants"), names that share a word ("regional or international organizations"), and the words around a general
name that make it another one ("Working Group on Trafficking in Persons", "the United States").

Of two overlapping names a text means one, or both: "INTERPOL databases" names the tool and INTERPOL; "Conference of
the Parties to the Organized Crime Convention" the body and the Convention; "Member States" is one name, and a group
inside a longer name ("Smuggling of Migrants") is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from ingest.document import Span
from ingest.extraction.clauses import WORDS, begun, starts_sentence
from ingest.extraction.findings import Kind, Mention
from ingest.extraction.lexicon import Entry, Lexicon
from ingest.extraction.short_forms import TREATY_NOUNS, ShortForms
from ingest.extraction.treaties import ACRONYM, IN_THE_MAKING, NO_DATE, OF_OTHERS

_JOINED_BEFORE = re.compile(r"(?:\b(?:of|the|and|or|and/or|including|by)|,)\s$")
_JOINED_AFTER = re.compile(r"(?:,|\s(?:that|which|who|with|not|in|of|and|or|and/or)\b)")
_WHAT_OF = re.compile(r"(?:[A-Z]\w+\s){1,3}of\s")
"""Before the end of a treaty's name that is another's as well: "Abolition of Forced Labour Convention"."""
_WITHIN: dict[Kind, frozenset[Kind]] = {
    "actor": frozenset({"actor", "tool"}),
    "tool": frozenset({"tool", "actor"}),
    "instrument": frozenset({"actor", "tool", "instrument"}),
}


def _names_both(text: str, outer: Mention, inner: Mention) -> bool:
    if outer.entity == inner.entity or outer.kind not in _WITHIN.get(inner.kind, frozenset()):
        return False
    at_start = outer.span.start == inner.span.start
    if inner.kind == "instrument":
        ahead = text[outer.span.start : inner.span.start]
        return not at_start and ahead != "Second " and not (outer.kind == "instrument" and _WHAT_OF.fullmatch(ahead))
    if outer.kind == "tool":
        return True
    if at_start:
        return _JOINED_AFTER.match(text, inner.span.end) is not None
    return _JOINED_BEFORE.search(text[outer.span.start : inner.span.start]) is not None


def settled(text: str, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that stand, in order of start and longest first: one entity a span, none that only cross another."""
    standing: list[Mention] = []
    around: list[Mention] = []
    dropped: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end, mention.entity)):
        around = [outer for outer in around if outer.span.end > mention.span.start]
        dropped = [outer for outer in dropped if outer.span.end > mention.span.start]
        if around and any(outer.span == mention.span or outer.span.end < mention.span.end for outer in around):
            continue
        others = (*around, *dropped)
        if not others or all(_names_both(text, outer, mention) for outer in others):
            around.append(mention)
            standing.append(mention)
        elif mention.kind != "group":
            dropped.append(mention)
    return tuple(standing)


def each_with_words(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """The mentions, each with words of its own: of several treaties that one plural names, each further one has the
    words from a later one on ("both Covenants", "Covenants")."""
    taken: dict[Span, str] = {}
    for mention in mentions:
        span = mention.span
        if mention.kind == "instrument":
            while taken.get(span, mention.entity) != mention.entity and " " in span.cut(text):
                span = Span(text.index(" ", span.start) + 1, span.end)
            taken[span] = mention.entity
        yield replace(mention, span=span)


def outermost(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that stand inside no other. Takes them in the order in which `settled` gives them."""
    outer: list[Mention] = []
    for mention in mentions:
        if not outer or mention.span.start >= outer[-1].span.end:
            outer.append(mention)
    return tuple(outer)


HEADS = WORDS["shared_heads"]
SAME_PEOPLE = {
    "officials": ("authorities", "officers", "practitioners", "agencies"),
    "authorities": ("officials", "officers", "practitioners", "agencies"),
}
"""Heads that another head may stand for when names share it: judicial officials are judicial authorities."""

_MOST = 5
_JOINT = re.compile(r"(?:, and the |, and |, or | and the | and/or | and | or |, )")
_STRANGER = re.compile(r"[a-z]+(?:-[a-z]+)*")
_STRANGERS_OF_TWO = re.compile(r"(?:border (?:control|guard|police)|non governmental|civil aviation)")
_NO_STRANGER = WORDS["no_strangers"]


def _either_case(modifier: str) -> str:
    as_it_is = re.escape(modifier)
    return f"{as_it_is}|{as_it_is[0].upper()}{as_it_is[1:]}" if modifier[0].islower() else as_it_is


def _uncapitalized(text: str, part: Span) -> str:
    words = part.cut(text)
    return words[0].lower() + words[1:] if words[:2].istitle() and starts_sentence(text, part.start) else words


class Coordination:
    """Finds names that share one of the `HEADS`, those of the entries that end with it. The name that comes first has
    the whole phrase, each later one the words from its own beginning to the head."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entities: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for entry in entries:
            modifier, _, head = entry.spelling.rpartition(" ")
            if not modifier or " and " in modifier or " or " in modifier:
                continue
            heads = (head.lower(), *SAME_PEOPLE.get(head.lower(), ())) if entry.is_common else (head.lower(),)
            for each in heads:
                known = self._entities[f"{each}s" if each == "protocol" else each]
                known.setdefault(modifier, (entry.entity, entry.kind))
        modifiers = sorted({word for known in self._entities.values() for word in known}, key=lambda word: -len(word))
        self._modifier = re.compile("|".join(map(_either_case, modifiers)) or r"(?!)")
        heads_pattern = "|".join(sorted(self._entities)) or "(?!)"
        self._head = re.compile(rf" (?:intergovernmental )?({heads_pattern})\b", re.IGNORECASE)

    def mentions(self, text: str) -> Iterator[Mention]:
        """The coordinated names of a text, each with its own span."""
        end = 0
        for first in self._modifier.finditer(text) if self._head.search(text) else ():
            if first.start() < end or text[first.start() - 1 : first.start()].isalnum():
                continue
            parts, head = self._phrase(text, first.start())
            if head is None:
                continue
            end = head.end()
            known = self._entities[head.group(1).lower()]
            for part in parts:
                entity, kind = known.get(_uncapitalized(text, part), ("", ""))
                if kind in ("actor", "instrument"):
                    yield Mention(Span(part.start, end), entity, "actor" if kind == "actor" else "instrument")

    def _phrase(self, text: str, start: int) -> tuple[list[Span], re.Match[str] | None]:
        parts: list[Span] = []
        position = start
        while len(parts) < _MOST and (part := self._part(text, position)) is not None:
            parts.append(part)
            if head := self._head.match(text, part.end):
                return parts, head
            if (joint := _JOINT.match(text, part.end)) is None:
                break
            position = joint.end()
        return parts, None

    def _part(self, text: str, position: int) -> Span | None:
        for pattern in (self._modifier, _STRANGERS_OF_TWO, _STRANGER):
            match = pattern.match(text, position)
            if match is not None and match.group() not in _NO_STRANGER:
                following = text[match.end() : match.end() + 1]
                if following in (" ", ","):
                    return Span(match.start(), match.end())
        return None


MIGRANTS = "id/group/migrants"
_PART_OF_THE_CRIME = re.compile(r"\b(?:smuggl\w*(?:\s+of)?|vulnerable)\s+$", re.IGNORECASE)
"""Before "migrants": the words name the crime (smuggling of migrants, to smuggle migrants) or a narrower group."""
_LOOK_BACK = 60
_TOLD_BY_WORDS: tuple[tuple[str, re.Pattern[str], str, Kind], ...] = (
    (
        "migrants",
        re.compile(
            rf"{begun('migrants')}\s+(?:(?:being\s+|already\s+)?smuggled|(?:who|that)\s+(?:are|were|have\s+been|had\s+been|"
            r"are\s+being)\s+(?:smuggled|the\s+objects?\s+of\s+(?:the\s+|such\s+)?smuggling))\b"
        ),
        "id/group/smuggled-migrants",
        "group",
    ),
    (
        " not ",
        re.compile(
            r"\bStates (?:that|which) "
            r"(?:ha(?:ve|d) not (?:yet |already )?(?:done so|ratified|acceded|become (?:parties|a party))|"
            r"(?:are|were) not (?:yet |already )?(?:parties|party))\b"
        ),
        "id/actor/states-not-yet-parties",
        "actor",
    ),
    (
        " borders",
        re.compile(
            r"\b(?:those (?:States (?:parties )?)?|States [Pp]arties )(?:with|sharing|that share|having) (?:common|"
            r"shared) borders\b"
        ),
        "id/actor/states-parties-with-common-borders",
        "actor",
    ),
)
"""Groups and States that a relative clause singles out, each with letters without which it is not there."""


def _singled_out(text: str, occurrences: Iterable[tuple[Span, Entry]]) -> Iterator[Mention]:
    """The groups that a text spells, and what its words single out, overlaps still to be settled by length."""
    for span, entry in occurrences:
        before = text[max(0, span.start - _LOOK_BACK) : span.start]
        if entry.kind == "group" and not (entry.entity == MIGRANTS and _PART_OF_THE_CRIME.search(before)):
            yield Mention(span, entry.entity, "group")
    for hint, pattern, entity, kind in _TOLD_BY_WORDS:
        for match in pattern.finditer(text) if hint in text else ():
            yield Mention(Span(*match.span()), entity, kind)


_DATABASES_OF = re.compile(
    r"\bdatabases?(?:,? (?:such as|including|like|for example|in particular),? (?:those|the ones))?"
    r" (?:of|maintained by|kept by|operated by|hosted by|managed by) (?:the )?"
)
_ITS_DATABASES = re.compile(r"(?:['’]s)? databases?\b")
_OTHER_THING: dict[str, re.Pattern[str]] = {
    "Conference": re.compile(
        r"(?:\s(?:on|for|against)\s(?:the\s)?[A-Z]|\s(?:[Rr]oom|[Ss]ervices|[Cc]entre|facilities|papers?)\b|"
        r"\sof\s(?:the\s)?(?!Parties)[A-Z])"
    ),
    "Conference of the Parties": re.compile(r"\sto\s(?:the\s)?[A-Z1]"),
    "Working Group": re.compile(r"\s(?:on|for|of)\s(?:the\s)?[A-Z]"),
    "Secretary-General": re.compile(r"\sof\s(?:the\s)?(?!United\sNations)[A-Z]"),
    "Secretariat": re.compile(r"\sof\s(?:the\s)?(?!Conference|United\sNations)[A-Z]"),
}
"""What follows a general name when it names something else."""
_ANY_OTHER = re.compile(r"\s(?:on|for|against|of|to)\s(?:the\s)?[A-Z]")
_OF_BOTH = "(?:CAT|CEDAW|CRC|CRPD)"
_TREATY_ACRONYM = r"(?:ICCPR(?:-OP)?(?:\s?\d\b)?|ICESCR|ICERD|ICRMW|ICPPED|CPED|UNCAC|UNTOC|OP-?[A-Z-]+)"
_IN_A_LIST = r"(?:,\sand|,|\sand|\sor)\s(?:the\s)?"
_AS_TREATY = re.compile(
    r"(?:\b(?i:(?:articles?|arts?\.)\s[\d\s(),a-z-]{1,40}(?:\sof|\son)?|(?:ratif(?:y|ied|ying|ication\sof)|sign(?:ed|ing)?|abide[sd]?\sby|acced(?:e|ed|ing)\sto|"
    r"accession\sto|compl(?:y|ied|ying)\swith|compliance\swith|adher(?:e|ed|ing)\sto|part(?:y|ies)\sto|signator(?:y|ies)\sto|reservations?\s(?:to|under)|"
    r"obligations\sunder|provisions\sof|(?:line|conformity|accordance|compliance|consistent|laws?|legislation|standards)\swith|"
    r"(?:domesticat|incorporat|implement)\w*(?:\sof)?|"
    r"(?:enshrined|guaranteed|provided|recogni[sz]ed|required|set\sout|stipulated)\s(?:by|in|under)|Protocols?\sto))\s(?:the\s)?|"
    rf"{_TREATY_ACRONYM}{_IN_A_LIST})(?:{_OF_BOTH}{_IN_A_LIST})*$"
)
"""Before an acronym that a treaty and its committee share ("article 30 of CRC", "ICCPR and CEDAW")."""
_BESIDE_TREATY = re.compile(
    rf"(?:{_IN_A_LIST}{_OF_BOTH})*{_IN_A_LIST}(?:{_TREATY_ACRONYM}\b|(?:its\s)?(?:First\s)?Optional\sProtocol)|"
    r",?\s\(?(?i:articles?|arts?\.)\s\d"
)
_ITS_WORK = re.compile(
    r"(?:['’]s)?\s(?:comments?|concluding|decisions?|general|members?|observations?|recommend|views)"
)
"""What shows behind such an acronym that its committee is meant: "in line with CRC recommendations"."""
_BOTH_REACH = 120
_IN_FULL = re.compile(r"(?:[A-Z]\w+\s)*(?:Convention|Covenant|Protocol)\b")
_YEAR = rf"{NO_DATE}(?:19|20)\d\d"
_AHEAD = re.compile(rf"(?<![A-Z]\w\s)\b((?:{_YEAR}\s)?(?:International|United\sNations|UN)|{_YEAR})\s$")
_CONFERENCE = re.compile(rf"{begun('Conference')} of the (?:States )?Parties to the ")
_GENERAL = frozenset({"States", "Secretary-General"})
_CAPITALIZED_BEFORE = re.compile(r"\b([A-Z][\w’'-]*)\s$")
_SOMEBODY_ELSES = re.compile(r"\b(?:United|Arab|American|Gulf|Baltic|Caribbean|Observer|Federated|Member|African)\s$")
_ACRONYM = re.compile(r"\s\((?P<short>[^()\s]+(?: [^()\s]+)?)\)")
_KIND_BEHIND = re.compile(r"(?<=[A-Z]) (?:Convention|Covenant|Protocol)$")


@lru_cache(maxsize=8)
def _coordination(entries: tuple[Entry, ...]) -> Coordination:
    """What finds coordinated names, most often the same in each document."""
    return Coordination(entries)


class Naming:
    """Finds what texts name, by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        heads = (entry for entry in lexicon.entries if entry.spelling.rpartition(" ")[2].lower() in HEADS)
        self._coordination = _coordination(tuple(heads))
        self._short_forms = ShortForms(lexicon)
        treaties = {entry.spelling: entry.entity for entry in lexicon.entries if entry.kind == "instrument"}
        several = (each for each in lexicon.entries if treaties.get(each.spelling, each.entity) != each.entity)
        self._plurals = {each.spelling for each in several if each.kind == "instrument"}
        self._conferences: dict[str, str] = {}
        for entry in lexicon.entries:
            conference = _CONFERENCE.match(entry.spelling) if entry.kind == "actor" else None
            if conference is not None and (treaty := treaties.get(entry.spelling[conference.end() :])):
                self._conferences[treaty] = entry.entity

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """All names in a text, nested ones included, in order of start and longest first. Nothing cites yet."""
        occurrences = tuple(self.lexicon.occurrences(text))
        spelled = [
            Mention(span, entry.entity, entry.kind)
            for span, entry in occurrences
            if entry.kind != "group" and self._is_meant(text, span, entry)
        ]
        if any(entry.spelling in self._plurals for _, entry in occurrences):
            spelled = list(each_with_words(text, spelled))
        in_full = tuple(outermost(settled(text, [each for each in spelled if each.kind == "instrument"])))
        spelled += self._short_forms.mentions(text, in_full)
        spelled += self._coordination.mentions(text)
        spelled = [self._with_acronym(text, _from_its_beginning(text, mention)) for mention in spelled]
        spelled += self._bodies_of_instruments(text, spelled)
        spelled += self._databases(text, spelled)
        spelled += _singled_out(text, occurrences)
        return settled(text, spelled)

    def _is_meant(self, text: str, span: Span, entry: Entry) -> bool:
        spelling = entry.spelling
        before = text[max(0, span.start - _LOOK_BACK) : span.start]
        if spelling == "media":
            return not before.endswith(("social ", "Social ", "electronic ", "storage "))
        if entry.kind == "instrument" and " " in spelling and IN_THE_MAKING.search(before):
            return False
        if entry.kind == "instrument" and spelling.startswith(TREATY_NOUNS):
            return OF_OTHERS.search(before) is None
        if entry.is_shared:
            ahead = text[max(0, span.start - _BOTH_REACH) : span.start]
            if _ITS_WORK.match(text, span.end):
                return False
            return _AS_TREATY.search(ahead) is not None or _BESIDE_TREATY.match(text, span.end) is not None
        if spelling not in _GENERAL and not entry.is_short:
            return True
        other = _OTHER_THING.get(spelling, _ANY_OTHER if entry.is_short else None)
        if other is not None and other.match(text, span.end):
            return False
        if spelling == "Conference" and text.startswith(" of the Parties", span.end):
            return False
        capitalized = _CAPITALIZED_BEFORE.search(before)
        if capitalized is None or capitalized.group(1) == "The":
            return True
        start = span.start - len(before) + capitalized.start(1)
        return starts_sentence(text, start) and _SOMEBODY_ELSES.search(before) is None

    def _with_acronym(self, text: str, mention: Mention) -> Mention:
        end = mention.span.end
        match = ACRONYM.match(text, end) if mention.kind == "instrument" else None
        match = match or (_ACRONYM.match(text, end) if text.startswith("(", end + 1) else None)
        short = _KIND_BEHIND.sub("", match["short"]) if match else ""
        own = (entry.entity == mention.entity and entry.spelling == short for entry in self.lexicon.entries)
        if match is None or not any(own):
            return mention
        return Mention(Span(mention.span.start, match.end()), mention.entity, mention.kind)

    def _bodies_of_instruments(self, text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """ "Conference of the Parties to the Convention": the body, when the instrument is one that it belongs to."""
        instruments = {mention.span.start: mention for mention in mentions if mention.kind == "instrument"}
        for match in _CONFERENCE.finditer(text):
            instrument = instruments.get(match.end())
            if instrument is not None and instrument.entity in self._conferences:
                yield Mention(Span(match.start(), instrument.span.end), self._conferences[instrument.entity], "actor")

    def _databases(self, text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
        if "atabase" not in text:
            return
        keepers = {mention.span.start: mention for mention in mentions if mention.entity in self.lexicon.databases}
        for match in _DATABASES_OF.finditer(text):
            keeper = keepers.get(match.end())
            if keeper is not None:
                yield Mention(Span(match.start(), keeper.span.end), self.lexicon.databases[keeper.entity], "tool")
        for keeper in keepers.values():
            following = _ITS_DATABASES.match(text, keeper.span.end)
            if following is not None:
                yield Mention(Span(keeper.span.start, following.end()), self.lexicon.databases[keeper.entity], "tool")


def _from_its_beginning(text: str, mention: Mention) -> Mention:
    """A treaty with the word before its name that says whose it is: "International Convention on …"."""
    start = mention.span.start
    if mention.kind != "instrument" or " " not in mention.span.cut(text) or not _IN_FULL.match(text, start):
        return mention
    ahead = _AHEAD.search(text, max(0, start - _LOOK_BACK), start)
    return replace(mention, span=Span(ahead.start(1), mention.span.end)) if ahead else mention
