"""Names of actors and tools in a text: what the lexicon spells, and what only a rule can find.

Rules: a phrase for databases ("databases such as those of …"), "Full Name (ACRONYM)" as one name, a body with the
instrument it belongs to, States singled out by a relative clause, names that share a word, and the words around a
general name that make it another one ("Working Group on Trafficking in Persons", "the United States").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.document import Span
from ingest.extraction.clauses import starts_sentence
from ingest.extraction.coordination import Coordination
from ingest.extraction.findings import Mention
from ingest.extraction.groups import group_mentions
from ingest.extraction.instruments import short_forms
from ingest.extraction.lexicon import Lexicon
from ingest.extraction.nesting import outermost, settled

STATES = "id/actor/states"
NOT_YET_PARTIES = "id/actor/states-not-yet-parties"
COMMON_BORDERS = "id/actor/states-parties-with-common-borders"

_NOT_YET_PARTIES = re.compile(
    r"\bStates (?:that|which) "
    r"(?:ha(?:ve|d) not (?:yet |already )?(?:done so|ratified|acceded|become (?:parties|a party))|"
    r"(?:are|were) not (?:yet |already )?(?:parties|party))\b"
)
_COMMON_BORDERS = re.compile(
    r"\b(?:those (?:States (?:parties )?)?|States [Pp]arties )(?:with|sharing|that share|having) (?:common|"
    r"shared) borders\b"
)
_DATABASES_OF = re.compile(
    r"\bdatabases?(?:,? (?:such as|including|like|for example|in particular),? (?:those|the ones))?"
    r" (?:of|maintained by|kept by|operated by|hosted by|managed by) (?:the )?"
)
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
_GENERAL = frozenset(_OTHER_THING) | {"States", "Extended Bureau"}
_CAPITALIZED_BEFORE = re.compile(r"\b([A-Z][\w’'-]*)\s$")
_SOMEBODY_ELSES = re.compile(r"\b(?:United|Arab|American|Gulf|Baltic|Caribbean|Observer|Federated|Member|African)\s$")
_ACRONYM = re.compile(r"\s\(([^()\s]+(?: [^()\s]+)?)\)")
_LOOK_BACK = 40


class Naming:
    """Finds what texts name, by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._coordination = Coordination(lexicon)
        self._acronyms = {(entry.spelling, entry.entity) for entry in lexicon.entries}

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """All names in a text, nested ones included, in order of start and longest first. Nothing cites yet."""
        spelled = [
            Mention(span, entry.entity, entry.kind)
            for span, entry in self.lexicon.occurrences(text)
            if entry.kind != "group" and self._is_meant(text, span, entry.spelling)
        ]
        in_full = tuple(outermost(settled(text, [each for each in spelled if each.kind == "instrument"])))
        spelled += short_forms(text, self.lexicon, in_full)
        spelled += self._coordination.mentions(text)
        spelled = [self._with_acronym(text, mention) for mention in spelled]
        spelled += self._bodies_of_instruments(text, spelled)
        spelled += self._databases(text, spelled)
        spelled += _singled_out(text)
        spelled += group_mentions(text, self.lexicon)
        return settled(text, spelled)

    def _is_meant(self, text: str, span: Span, spelling: str) -> bool:
        before = text[max(0, span.start - _LOOK_BACK) : span.start]
        if spelling == "media":
            return not before.endswith(("social ", "Social ", "electronic ", "storage "))
        if spelling not in _GENERAL:
            return True
        other = _OTHER_THING.get(spelling)
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
        found = _ACRONYM.match(text, mention.span.end)
        if found is None or (found.group(1), mention.entity) not in self._acronyms:
            return mention
        return Mention(Span(mention.span.start, found.end()), mention.entity, mention.kind)

    def _bodies_of_instruments(self, text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """ "Conference of the Parties to the Convention": the body, when the instrument is one that it belongs to."""
        instruments = {mention.span.start: mention for mention in mentions if mention.kind == "instrument"}
        conventions = {shorthand.entity for shorthand in self.lexicon.shorthands if shorthand.noun == "Convention"}
        bodies = [entry for entry in self.lexicon.entries if entry.spelling == "Conference of the Parties"]
        for entry in bodies:
            for found in re.finditer(r"\bConference of the Parties to the ", text):
                instrument = instruments.get(found.end())
                if instrument is not None and instrument.entity in conventions:
                    yield Mention(Span(found.start(), instrument.span.end), entry.entity, "actor")

    def _databases(self, text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
        keepers = {mention.span.start: mention for mention in mentions if mention.entity in self.lexicon.databases}
        for found in _DATABASES_OF.finditer(text):
            keeper = keepers.get(found.end())
            if keeper is not None:
                yield Mention(Span(found.start(), keeper.span.end), self.lexicon.databases[keeper.entity], "tool")
        for keeper in keepers.values():
            following = re.compile(r"(?:['’]s)? databases?\b").match(text, keeper.span.end)
            if following is not None:
                yield Mention(Span(keeper.span.start, following.end()), self.lexicon.databases[keeper.entity], "tool")


def _singled_out(text: str) -> Iterator[Mention]:
    for found in _NOT_YET_PARTIES.finditer(text):
        yield Mention(Span(*found.span()), NOT_YET_PARTIES, "actor")
    for found in _COMMON_BORDERS.finditer(text):
        yield Mention(Span(*found.span()), COMMON_BORDERS, "actor")
