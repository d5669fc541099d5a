"""Quads about what a document names and the reference data do not describe.

What the text names gets a stub, which validation lists: class, name and place, and nothing else. It depends on its
path and on the words of the text alone, so that two documents agree about it. Meetings and actors that the metadata
name are described by the metadata. Both are gone from the next build once ``ontology/reference/`` describes the thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ingest.document import Document
from ingest.extraction import Extraction
from ingest.extraction.resolutions import label_of
from ingest.reference_tables import (
    ACRONYMS,
    BEHIND_THE_FIRST,
    CLASSES,
    INSERTED,
    citation_key,
    name_of_slug,
    printed,
    provision_name,
)
from ontology.terms import Names, english, integer, term

ONLY_A_NAME = "Known by its name only, which the metadata of a document give."
STATES = frozenset({"government", "governments", "state", "states", "countries"})
ORGANIZATIONS = frozenset({"organization", "agency", "bank", "fund", "union", "nations", "federation", "office"})
OTHER_ACTIONS = "id/action/other"
STEPS = 3
"""How many steps of a provision's path name its instrument: ``id/instrument/untoc``."""
AFTER_ALL = 100_000
"""Where undescribed provisions stand in the order of a treaty: behind all that are described."""


def describe_undescribed(
    document: Document, extraction: Extraction, names: Names, known: Collection[NamedNode | BlankNode]
) -> Iterator[Quad]:
    """Quads about all that the findings name and that is neither ``known`` nor named by the metadata."""
    graph = names.graph(f"annotation/{document.slug}")
    named = {names.node(f"id/actor/{slug}") for slug in document.metadata.actors}
    paths = _paths(document, extraction)
    for path in sorted(paths):
        node = names.node(path)
        if node in known or node in named:
            continue
        for predicate, value in _statements(path, names):
            yield Quad(node, predicate, value, graph)
        label = name_of(path)
        for words in sorted(paths[path]):
            if words != label:
                yield Quad(node, term("skos:altLabel"), Literal(words, language="en"), graph)


def describe_meetings(document: Document, names: Names, known: Collection[NamedNode | BlankNode]) -> Iterator[Quad]:
    """Quads about the meetings of a document that have a label, and its named actors, beside the ``known`` nodes.

    Two documents may describe the same meeting; validation finds what they do not agree on.
    """
    graph = names.graph(f"document/{document.slug}")
    for meeting in document.metadata.meetings:
        node = names.node(f"id/meeting/{meeting.slug}")
        if not meeting.label or node in known:
            continue
        yield Quad(node, term("rdf:type"), names.pal("Meeting"), graph)
        yield Quad(node, term("rdf:type"), term("allot:Event"), graph)
        yield Quad(node, term("rdfs:label"), english(meeting.label), graph)
        yield Quad(node, names.pal("place"), english(meeting.place), graph)
        if meeting.body:
            yield Quad(node, names.pal("body"), names.node(f"id/actor/{meeting.body}"), graph)
        for name, day in (("startDate", meeting.start), ("endDate", meeting.end)):
            yield Quad(node, names.pal(name), Literal(day.isoformat(), datatype=term("xsd:date")), graph)
    for slug, name in document.metadata.actors.items():
        node = names.node(f"id/actor/{slug}")
        if node in known:
            continue
        words = Literal(name, language=document.metadata.language)
        yield Quad(node, term("rdf:type"), names.pal("Body"), graph)
        yield Quad(node, term("rdfs:label"), words, graph)
        yield Quad(node, term("skos:prefLabel"), words, graph)
        yield Quad(node, term("skos:definition"), english(ONLY_A_NAME), graph)
        yield Quad(node, names.pal("role"), english(ONLY_A_NAME), graph)


def name_of(path: str) -> str:
    """The name of something by its path, for people: "Commission on Narcotic Drugs"."""
    kind, slug = path.split("/", 2)[1:]
    if kind == "resolution":
        return label_of(path)
    if kind == "instrument" and "/" in slug:
        name = provision_name(slug)
        return name[0].upper() + name[1:]
    if kind == "action":
        return slug
    return name_of_slug(slug)


def _paths(document: Document, extraction: Extraction) -> Mapping[str, set[str]]:
    """The paths of all that is named, with the words that name actors outside the lexicon."""
    undescribed: dict[str, set[str]] = {}
    metadata = document.metadata
    for slug in (metadata.issuer, metadata.author, metadata.publisher, *metadata.means.values()):
        if f"id/actor/{slug}" in extraction.named:
            undescribed.setdefault(f"id/actor/{slug}", set())
    for path, words in extraction.named.items():
        undescribed.setdefault(path, set()).update(words)
        if path.startswith("id/instrument/"):
            steps = path.split("/")
            for end in range(STEPS, len(steps), 2):
                undescribed.setdefault("/".join(steps[:end]), set())
    return undescribed


def _statements(path: str, names: Names) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    pal, kind, slug = names.pal, *path.split("/", 2)[1:]
    label = english(name_of(path))
    yield term("rdfs:label"), label
    if kind != "action":
        yield term("rdf:type"), pal("Undescribed")
    if kind == "actor":
        words = set(slug.split("-"))
        is_organization = words & ORGANIZATIONS or words <= ACRONYMS
        yield term("rdf:type"), pal("StateGroup" if words & STATES else "Organization" if is_organization else "Body")
        yield term("skos:prefLabel"), label
    elif kind == "action":
        yield from _action(slug, label, names)
    elif kind == "resolution":
        yield term("rdf:type"), pal("Resolution")
        yield term("skos:prefLabel"), label
    elif "/" in slug:
        yield from _provision(path, names)
    else:
        yield term("rdf:type"), pal("Protocol" if "protocol" in slug else "Convention")
        yield term("skos:prefLabel"), label
        yield term("dcterms:title"), label


def _action(slug: str, label: Literal, names: Names) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """Describes a verb that the scheme of actions lacks, by the verb itself."""
    yield term("rdf:type"), names.pal("Action")
    yield term("rdf:type"), term("skos:Concept")
    yield term("skos:prefLabel"), label
    yield term("skos:definition"), english(f"The verb “{slug}”, by itself.")
    yield term("skos:inScheme"), names.node("id/action")
    yield term("skos:broader"), names.node(OTHER_ACTIONS)


def _place(step: str) -> float:
    """The place of a provision among its neighbours: "6bis" and "6a" between 6 and 7, a letter by itself."""
    inserted = INSERTED.fullmatch(step)
    if inserted is None:
        return int(step) if step.isdigit() else ord(step[0])
    behind = ord(inserted[2]) - ord("a") if len(inserted[2]) == 1 else BEHIND_THE_FIRST.index(inserted[2])
    return int(inserted[1]) + 0.9 + behind / 1000


def _provision(path: str, names: Names) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    whole, kind, number = path.rsplit("/", 2)
    yield term("rdf:type"), names.pal(CLASSES.get(kind, "Subparagraph"))
    yield names.pal("number"), integer(int(number)) if number.isdigit() else Literal(printed(kind, number))
    yield term("eli:number"), Literal(printed(kind, number))
    if key := citation_key(path.removeprefix("id/instrument/")):
        yield term("dcterms:identifier"), Literal(key)
    place = [_place(step) for step in path.split("/")[4::2]]
    order = round(sum(step * 1000 ** (2 - depth) for depth, step in enumerate(place[:3])))
    yield names.pal("order"), integer(AFTER_ALL + order)
    for predicate in (names.pal("partOf"), term("dcterms:isPartOf"), term("eli:is_part_of")):
        yield predicate, names.node(whole)
