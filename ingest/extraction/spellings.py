"""Spellings out of reference data: the one place where extraction meets triples.

A thing is found under its ``skos:prefLabel``, every ``skos:altLabel``, its ``pal:acronym`` and, for instruments, its
``dcterms:title``. A ``skos:hiddenLabel`` of an instrument ("the Convention") is a short form, good only where a
determiner stands before it and no other name follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from ingest.extraction.findings import Kind
from ingest.extraction.lexicon import Entry, Lexicon, Shorthand
from ontology.terms import Names, term

KINDS: Mapping[str, Kind] = {
    "Actor": "actor",
    "Tool": "tool",
    "AffectedGroup": "group",
    "Instrument": "instrument",
    "Resolution": "resolution",
}
DATABASES = "databases"
_RESOLUTION_NUMBER = re.compile(r"\bresolution (\d+/\d+)\b", re.IGNORECASE)
_DETERMINER = re.compile(r"^the ", re.IGNORECASE)


def read_lexicon(triples: Iterable[Triple], names: Names) -> Lexicon:
    """The lexicon of reference data, whatever the order of its triples."""
    kinds: dict[str, Kind] = {}
    labels: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    hidden: defaultdict[str, set[str]] = defaultdict(set)
    keepers: dict[str, str] = {}
    classes = {names.pal(local): kind for local, kind in KINDS.items()}
    tables = {
        term("skos:prefLabel"): labels,
        term("skos:altLabel"): labels,
        names.pal("acronym"): labels,
        term("dcterms:title"): titles,
        term("skos:hiddenLabel"): hidden,
    }
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not subject.value.startswith(names.base.iri):
            continue
        path = names.path(subject)
        if triple.predicate == term("rdf:type") and isinstance(value, NamedNode) and value in classes:
            kinds[path] = classes[value]
        elif triple.predicate == names.pal("maintainedBy") and isinstance(value, NamedNode):
            keepers[path] = names.path(value)
        elif triple.predicate in tables and isinstance(value, Literal):
            tables[triple.predicate][path].add(value.value)
    return _lexicon(kinds, labels, titles, hidden, keepers)


def _lexicon(
    kinds: Mapping[str, Kind],
    labels: Mapping[str, set[str]],
    titles: Mapping[str, set[str]],
    hidden: Mapping[str, set[str]],
    keepers: Mapping[str, str],
) -> Lexicon:
    entries: list[Entry] = []
    shorthands: list[Shorthand] = []
    databases: dict[str, str] = {}
    resolutions: dict[str, str] = {}
    for path, kind in sorted(kinds.items()):
        spellings = set(labels.get(path, ()))
        if kind == "resolution":
            resolutions |= {number: path for label in spellings for number in _RESOLUTION_NUMBER.findall(label)}
            continue
        if kind == "instrument":
            spellings |= titles.get(path, set())
            shorthands += [Shorthand(_DETERMINER.sub("", label), path) for label in sorted(hidden.get(path, ()))]
        entries += [Entry(spelling, path, kind) for spelling in sorted(spellings)]
        if path in keepers and any(spelling.endswith(DATABASES) for spelling in spellings):
            databases[keepers[path]] = path
    return Lexicon(tuple(entries), tuple(shorthands), databases, resolutions)
