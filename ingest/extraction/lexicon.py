"""The lexicon: which spellings name which thing, and every place where a text holds one of them.

Spellings out of reference data: the one place where extraction meets triples.

A thing is found under its ``skos:prefLabel``, every ``skos:altLabel``, its ``pal:acronym`` and, for instruments, its
``dcterms:title``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from ingest.document import Span
from ingest.extraction.clauses import starts_sentence
from ingest.extraction.findings import Kind
from ontology.terms import Names, term

WORD = re.compile(r"\w+")
_LONG_TITLE = 3
"""From how many spaces on a title is that of a treaty in small letters too: "Convention on the rights of the child"."""
SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A spelling and the thing it names: ``entity`` is a path below the base.

    A short one ("Working Group") holds in one document, and only where no other name goes on from it. A shared one
    ("CRC") is the acronym of a treaty and of its committee.
    """

    spelling: str
    entity: str
    kind: Kind
    is_short: bool = False
    is_shared: bool = False

    @property
    def is_common(self) -> bool:
        """Whether it is written without capitals, so that the start of a sentence or a title may change its case."""
        return self.spelling == self.spelling.lower()


@dataclass(frozen=True, slots=True)
class Shorthand:
    """A short form that means one instrument in one document: ``noun`` is "Convention" in "the Convention"."""

    noun: str
    entity: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All spellings. ``databases`` gives the tool that an organization's databases are; keys and values are paths.

    What one document means is added by `meanings`: short names in ``entries`` and ``shorthands``; in ``bodies`` the
    code of the body that "Council" is, and whose a bare "resolution" is; in ``resolutions`` the path of one by number.
    ``protocols`` gives the protocols that are described of a treaty. A lexicon is equal to itself only.
    """

    entries: tuple[Entry, ...]
    shorthands: tuple[Shorthand, ...] = ()
    databases: Mapping[str, str] = field(default_factory=dict)
    resolutions: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    protocols: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _by_first_word: Mapping[str, tuple[tuple[str, Entry], ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grouped: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        for entry in set(self.entries):
            first, lowered = _lowered(entry.spelling)
            grouped[first].append((lowered, entry))
        grouped.pop("", None)
        known = {
            word: tuple(sorted(those, key=lambda each: (-len(each[1].spelling), each[1])))
            for word, those in grouped.items()
        }
        object.__setattr__(self, "_by_first_word", known)

    @property
    def defined(self) -> str | None:
        """The treaty that short names of the document mean, if they mean one only."""
        treaties = {each.entity for each in self.shorthands if each.noun != "Charter"}
        return treaties.pop() if len(treaties) == 1 else None

    def occurrences(self, text: str) -> Iterator[tuple[Span, Entry]]:
        """Every place where a spelling stands as whole words, overlaps included, by start and longest first."""
        known = self._by_first_word
        lowered = lower(text)
        for word in WORD.finditer(lowered):
            entries = known.get(word.group())
            if entries is None:
                continue
            start = word.start()
            for spelling, entry in entries:
                if not lowered.startswith(spelling, start):
                    continue
                span = Span(start, start + len(spelling))
                words = span.cut(text)
                if _is_spelled(text, span, words, entry) and _stands_alone(text, span):
                    yield span, entry


def lower(text: str) -> str:
    """The text in lower case, as long as it was: the few characters that would become two stay."""
    words = text.lower()
    return (
        words if len(words) == len(text) else "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    )


@cache
def _lowered(spelling: str) -> tuple[str, str]:
    """The word that a spelling begins with, if any, and all of it in lower case: each document makes its own lexicon,
    of the same spellings."""
    first = WORD.match(spelling)
    return first.group().lower() if first else "", lower(spelling)


def _is_spelled(text: str, span: Span, words: str, entry: Entry) -> bool:
    """Whether the words, which differ in case at most from those of an entry, are how a text writes it: a title of a
    treaty in small letters is one."""
    if words == entry.spelling:
        return True
    if not entry.is_common:
        return entry.kind == "instrument" and words.count(" ") >= _LONG_TITLE
    if words[1:] == entry.spelling[1:]:
        return starts_sentence(text, span.start)
    return entry.kind != "group" and _is_title(words)


def _is_title(words: str) -> bool:
    parts = words.split()
    return len(parts) > 1 and all(part[0].isupper() or part in SMALL_WORDS for part in parts)


def _stands_alone(text: str, span: Span) -> bool:
    before = text[span.start - 1 : span.start]
    after = text[span.end : span.end + 2]
    joined = after[:1].isalnum() or after[:1] == "_" or (after[:1] == "-" and after[1:].isalpha())
    return not joined and before not in ("-", "_") and not before.isalnum()


KINDS: Mapping[str, Kind] = {"Actor": "actor", "Tool": "tool", "AffectedGroup": "group", "Instrument": "instrument"}
DATABASES = "databases"
SHARED = frozenset(("CAT", "CEDAW", "CRC", "CRPD"))
"""Acronyms that a treaty shares with its committee."""


def read_lexicon(triples: Iterable[Triple], names: Names) -> Lexicon:
    """The lexicon of reference data, whatever the order of its triples."""
    kinds: dict[str, Kind] = {}
    labels: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    keepers: dict[str, str] = {}
    protocols: defaultdict[str, list[str]] = defaultdict(list)
    classes = {names.pal(local): kind for local, kind in KINDS.items()}
    tables = dict.fromkeys((term("skos:prefLabel"), term("skos:altLabel"), names.pal("acronym")), labels)
    tables[term("dcterms:title")] = titles
    type_, maintained_by, supplements = term("rdf:type"), names.pal("maintainedBy"), names.pal("supplements")
    read = {type_, maintained_by, supplements, *tables}
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if predicate not in read:
            continue
        if not isinstance(subject, NamedNode) or not subject.value.startswith(names.base.iri):
            continue
        path = names.path(subject)
        if predicate == type_ and isinstance(value, NamedNode) and value in classes:
            kinds[path] = classes[value]
        elif predicate == maintained_by and isinstance(value, NamedNode):
            keepers[path] = names.path(value)
        elif predicate == supplements and isinstance(value, NamedNode):
            protocols[names.path(value)].append(path)
        elif predicate in tables and isinstance(value, Literal):
            tables[predicate][path].add(value.value)
    entries: list[Entry] = []
    databases: dict[str, str] = {}
    for path, kind in sorted(kinds.items()):
        spellings = labels[path] | (titles[path] if kind == "instrument" else set())
        entries += [Entry(spelling, path, kind, is_shared=spelling in SHARED) for spelling in sorted(spellings)]
        if path in keepers and any(spelling.endswith(DATABASES) for spelling in spellings):
            databases[keepers[path]] = path
    of_treaties = {treaty: tuple(sorted(paths)) for treaty, paths in protocols.items()}
    return Lexicon(tuple(entries), databases=databases, protocols=of_treaties)
