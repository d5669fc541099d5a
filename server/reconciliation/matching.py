"""Candidates for a name or a citation. Sure is only what alone has exactly that name, or alone is cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import shorten
from ontology.terms import Names as Vocabulary
from ontology.terms import Term
from ontology.words import normalized
from server.cache import kept_with
from server.pages.search import entries
from server.pages.search_terms import cited
from server.pages.values import node, text
from server.store.embedded import Store
from server.web.request import Exchange

EXACT, SEVERAL, SIMILAR = 100.0, 90.0, 80.0
"""The score of the only thing of a name; of each of several; and the most that a similar name is worth."""
DISAGREES = 0.5
"""What of its score a thing keeps whose properties are not those that are asked for."""
FOUND = 25
"""How many things of a search are compared with a name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a thing should have: of some values of a property, by prefixed name, one (``any``), ``all`` or ``none``. A
    ``required`` one excludes what does not have it; any other lowers its score."""

    property: str
    values: tuple[str, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a batch."""

    text: str
    types: tuple[str, ...] = ()
    limit: int = 5
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant, how likely on a scale to 100, and whether there is no doubt."""

    thing: Thing
    score: float
    match: bool = False


def candidates(query: Query, exchange: Exchange) -> list[Candidate]:
    """What a query may mean, likeliest first; where there is no doubt, that alone."""
    exact, sure = exactly(query, exchange)
    required = [each for each in query.conditions if each.required]
    exact = [thing for thing in exact if _agrees(thing, required, exchange)]
    agreeing = {thing.id for thing in exact if _agrees(thing, query.conditions, exchange)}
    if sure and len(agreeing) == 1:
        return [Candidate(thing, EXACT, match=True) for thing in exact if thing.id in agreeing]
    ranked = [Candidate(thing, SEVERAL * (1 if thing.id in agreeing else DISAGREES)) for thing in exact]
    taken = {thing.id for thing in exact}
    for thing in similar(query.text, query.types, exchange):
        if thing.id not in taken and _agrees(thing, required, exchange):
            agrees = _agrees(thing, query.conditions, exchange)
            score = SIMILAR * likeness(query.text, thing) * (1 if agrees else DISAGREES)
            ranked.append(Candidate(thing, round(score, 1)))
    return sorted(ranked, key=lambda candidate: -candidate.score)[: query.limit]


def exactly(query: Query, exchange: Exchange) -> tuple[list[Thing], bool]:
    """What has the name, the identifier or the place that is asked for, and whether there can be no other."""
    names = names_of(exchange)
    itself = thing_of(query.text, exchange) if "/" in query.text else None
    if itself is not None:
        return [itself] if itself.is_a(query.types) else [], True
    called = [thing for thing in names.called(query.text) if thing.is_a(query.types)]
    if called:
        return called, True
    start = f"{exchange.snapshot.base.iri}id/"
    places = cited(query.text, exchange, everywhere=True)
    things = [
        names.things.get(id_) or Thing(id_, to.label, meaning=to.title)
        for id_, to in ((to.iri.removeprefix(start), to) for to in places)
    ]
    return [thing for thing in things if thing.is_a(query.types)], all(to.sure for to in places)


def similar(words: str, types: Sequence[str], exchange: Exchange, *, unfinished: bool = False) -> list[Thing]:
    """The things of these types that a search for the words finds."""
    start = f"{exchange.snapshot.base.iri}id/"
    wanted = {name for of in types or TYPES for name in (of, *TYPES[of].narrower)} - ({"Paragraph"} - set(types))
    kinds, names = [TYPES[name].kind for name in TYPES if name in wanted and TYPES[name].kind], names_of(exchange)
    things = []
    if kinds:
        for iri, label in entries(words, exchange, kinds, FOUND, unfinished=unfinished):
            id_ = iri.removeprefix(start)
            things.append(names.things.get(id_) or Thing(id_, label))
    if "Document" in wanted:
        things += names.documents_with(words)
    return things


def likeness(words: str, thing: Thing) -> float:
    """How like the likest of its names is, to 1."""
    matcher = SequenceMatcher(b=comparable(words), autojunk=False)
    best = 0.0
    for name in (thing.label, *thing.names):
        matcher.set_seq1(comparable(name))
        best = max(best, matcher.ratio())
    return best


def begins(words: str, thing: Thing) -> int:
    """2 where a name of the thing begins with the words, 1 where a word of a name does, else 0."""
    sought = comparable(words)
    names = [comparable(name) for name in (thing.label, *thing.names)]
    return 2 if any(name.startswith(sought) for name in names) else int(any(f" {sought}" in name for name in names))


def _agrees(thing: Thing, conditions: Sequence[Condition], exchange: Exchange) -> bool:
    """Whether a thing has the values that are asked for."""
    if not conditions:
        return True
    known = values(thing, exchange)
    base = exchange.snapshot.base.iri
    for condition in conditions:
        has = {
            comparable(str(each))
            for value, label in known.get(condition.property, ())
            for each in (value.value, *written(value, label, base).values())
        }
        wanted = {comparable(each.removeprefix(f"{base}id/")) for each in condition.values}
        met = {"all": wanted <= has, "none": has.isdisjoint(wanted)}
        if not met.get(condition.quantifier, not has.isdisjoint(wanted)):
            return False
    return True


PROPERTIES = {
    "rdfs:label": "Short name",
    "skos:prefLabel": "Name",
    "skos:altLabel": "Other names",
    "pal:acronym": "Acronym",
    "dcterms:title": "Title",
    "dcterms:identifier": "Citation key",
    "skos:definition": "Definition",
    "pal:role": "Role",
    "pal:number": "Number",
    "pal:summary": "Summary (ours, not authentic)",
    "pal:symbol": "Symbol",
    "dcterms:issued": "Date",
    "pal:partOf": "Part of",
    "pal:supplements": "Supplements",
    "skos:broader": "Broader",
    "skos:exactMatch": "Same thing elsewhere",
    "skos:closeMatch": "Similar thing elsewhere",
    "schema:sameAs": "Same thing on Wikidata",
    "rdfs:seeAlso": "See also elsewhere",
}
"""By prefixed name; `queries/pages/values-of-thing.rq` has the same."""
_OF_NAMED = ("rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:definition")
_OF_CONCEPT = (*_OF_NAMED, "skos:broader", "skos:exactMatch", "skos:closeMatch")
_OF_PROVISION = ("rdfs:label", "dcterms:identifier", "dcterms:title", "pal:number", "pal:summary", "pal:partOf")


@dataclass(frozen=True, slots=True)
class Type:
    """A type of thing: a class of the vocabulary, its name, the kind it has in the search index, the properties to
    propose for it, and the types below it. Of those that are ``named`` all things are known by their names."""

    name: str
    kind: str
    properties: tuple[str, ...]
    narrower: tuple[str, ...] = ()
    named: bool = True


TYPES = {
    "Actor": Type(
        "Actor", "actor", (*_OF_NAMED, "pal:acronym", "pal:role", "schema:sameAs", "rdfs:seeAlso", "skos:broader")
    ),
    "Theme": Type("Theme", "theme", _OF_CONCEPT),
    "AffectedGroup": Type("Affected group", "group", _OF_CONCEPT),
    "Instrument": Type(
        "Treaty", "instrument", (*_OF_NAMED, "pal:acronym", "dcterms:title", "dcterms:issued", "pal:supplements")
    ),
    "Provision": Type("Provision of a treaty", "", _OF_PROVISION, ("Chapter", "Article"), named=False),
    "Chapter": Type("Chapter of a treaty", "chapter", _OF_PROVISION),
    "Article": Type("Article of a treaty", "article", _OF_PROVISION),
    "Document": Type("Document", "", ("rdfs:label", "dcterms:title", "pal:symbol", "dcterms:issued")),
    "Paragraph": Type(
        "Paragraph or recommendation", "paragraph", ("rdfs:label", "pal:number", "pal:partOf"), named=False
    ),
}
"""By the name of the class. Paragraphs are candidates where they are cited, or where their type is asked for."""
BROADER = {name: of for of, broad in TYPES.items() for name in broad.narrower}
_OF_FOLDER = {TYPES[name].kind: name for name in ("Actor", "Theme", "AffectedGroup")}
_OF_PLACE = {TYPES[name].kind: name for name in ("Article", "Chapter")}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing, named as below ``id/``: ``actor/unodc``. ``meaning`` tells it from others of a like name."""

    id: str
    label: str
    names: tuple[str, ...] = ()
    meaning: str = ""

    @property
    def type(self) -> str:
        """The name of its class, as its own name shows it."""
        kind, *rest = self.id.split("/")
        if kind == "instrument":
            return "Instrument" if len(rest) < 2 else _OF_PLACE.get(rest[1], "") if len(rest) == 3 else "Provision"
        if kind == "document":
            return "Document" if len(rest) == 1 else "Paragraph" if rest[1] == "paragraph" and len(rest) == 3 else ""
        return _OF_FOLDER.get(kind, "") if len(rest) == 1 else ""

    def is_a(self, types: Iterable[str]) -> bool:
        """Whether it is of one of these types or of one below it; of any where none is given."""
        wanted = set(types)
        return not wanted or self.type in wanted or BROADER.get(self.type, "") in wanted


class Names:
    """All named things of a snapshot."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things: Mapping[str, Thing] = {thing.id: thing for thing in things}

    @cached_property
    def _by_name(self) -> Mapping[str, list[Thing]]:
        things: dict[str, list[Thing]] = {}
        for thing in self.things.values():
            for name in {comparable(name) for name in (thing.label, *thing.names)}:
                things.setdefault(name, []).append(thing)
        return things

    def called(self, name: str) -> list[Thing]:
        """The things that have exactly this name, in capital or small letters."""
        return self._by_name.get(comparable(name), [])

    @cached_property
    def _documents(self) -> list[tuple[str, Thing]]:
        documents = (thing for thing in self.things.values() if thing.type == "Document")
        return [(comparable(" ".join((thing.label, *thing.names))), thing) for thing in documents]

    def documents_with(self, words: str) -> list[Thing]:
        """The documents in whose names all of the words stand: the search index has none."""
        sought = comparable(words).split()
        return [thing for names, thing in self._documents if sought and all(word in names for word in sought)]


def comparable(name: str) -> str:
    """A name as names are compared: small letters, no diacritics, straight apostrophes, single spaces."""
    return " ".join(normalized(name.replace("’", "'")).split())


@kept_with
def _names(store: Store, vocabulary: Vocabulary) -> Names:
    start, things = f"{vocabulary.base.iri}id/", []
    for type_ in (name for name, known in TYPES.items() if known.named):
        for row in store.select("names-of-class", **{"class": vocabulary.pal(type_)}):
            id_ = node(row, "thing").value.removeprefix(start)
            label, own_names = text(row, "label"), tuple(text(row, "names").split("\n"))
            title = next((name for name in own_names if name != label), "")
            meaning = title if type_ in ("Article", "Chapter") else text(row, "meaning")
            things.append(Thing(id_, label, own_names, meaning))
    return Names(things)


def names_of(exchange: Exchange) -> Names:
    """The named things of the snapshot that a request sees."""
    return _names(exchange.store, exchange.snapshot.names)


def thing_of(id_: str, exchange: Exchange) -> Thing | None:
    """The thing of a name below ``id/``, or of a whole IRI; None where there is none of a type that is matched."""
    base = exchange.snapshot.base.iri
    id_ = id_.removeprefix(f"{base}id/")
    known = names_of(exchange).things.get(id_)
    if known is not None or not Thing(id_, "").type:
        return known
    try:
        iri = NamedNode(f"{base}id/{id_}")
    except ValueError:
        return None
    rows = exchange.store.select("resource-name", resource=iri)
    label = text(rows[0], "label") if rows else ""
    return Thing(id_, label) if label else None


def values(thing: Thing, exchange: Exchange) -> dict[str, list[tuple[Term, str]]]:
    """The values of the properties of a thing, by prefixed name, each with its label where it is a thing itself."""
    snapshot = exchange.snapshot
    by_property: dict[str, list[tuple[Term, str]]] = {}
    for row in exchange.store.select("values-of-thing", thing=snapshot.names.node(f"id/{thing.id}")):
        name = shorten(node(row, "property").value, snapshot.prefixes)
        by_property.setdefault(name, []).append((row["value"], text(row, "label")))
    return by_property


def written(value: Term, label: str, base: str) -> dict[str, str | int]:
    """A value as the API has it: a thing here, a number or a text."""
    if isinstance(value, NamedNode):
        if value.value.startswith(f"{base}id/"):
            return {"id": value.value.removeprefix(f"{base}id/"), "name": label or value.value}
        return {"str": value.value}
    if isinstance(value, Literal) and value.datatype.value.endswith("#integer"):
        return {"int": int(value.value)}
    return {"str": value.value}
