"""Reads the Turtle and the tables of `ontology/` and `shapes/` as quads, each folder in its named graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from ingest.document import MeetingReference
from ingest.errors import SourceError
from ingest.extraction import Lexicon, read_lexicon
from ingest.reference_tables import describe_provisions, describe_tables, joint_names, read_provisions
from ontology.layout import ROOT
from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import Names, english, term
from ontology.turtle import TurtleError, read_turtle
from queries.catalogue import read_catalogue
from queries.executables import executables
from shapes.sparql_constraints import sparql_constraints

FOLDERS = {
    "ontology": ("ontology/palermo.ttl",),
    "reference": ("ontology/reference/*.ttl", "ontology/concepts/*.ttl"),
    "alignment": ("ontology/alignment/*.ttl",),
    "shapes": ("shapes/*.ttl",),
}
TITLES = {
    "ontology": "The vocabulary: classes and properties",
    "reference": "Instruments, articles, actors, tools, meetings and concept schemes",
    "alignment": "Links to UNBIS, EuroVoc and Wikidata",
    "shapes": "The SHACL shapes that this graph is checked against",
    "queries": "The questions this graph answers, as SHACL executables",
}


def turtle_files(name: str, root: Path = ROOT) -> tuple[Path, ...]:
    """The Turtle files of one named graph, sorted."""
    return tuple(sorted(path for pattern in FOLDERS[name] for path in root.glob(pattern)))


def read_file(path: Path, names: Names) -> Iterator[Triple]:
    """The triples of one file, its relative IRIs resolved. Raises `SourceError` at the line of a syntax error."""
    try:
        yield from read_turtle(path, names.base)
    except TurtleError as error:
        raise SourceError(path, error.line, "Turtle that cannot be read", error.reason) from error


def reference_quads(names: Names, root: Path = ROOT) -> Iterator[Quad]:
    """All quads that no document brings: vocabulary, reference data, alignments, shapes and the public questions.

    ``root`` is the folder that holds ``ontology/`` and ``shapes/``.
    """
    for name, title in TITLES.items():
        graph = names.graph(name)
        for triple in _triples(name, names, root):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)
        yield Quad(graph, term("rdf:type"), term("prov:Entity"), graph)
        yield Quad(graph, term("rdf:type"), term("sd:NamedGraph"), graph)
        yield Quad(graph, term("rdfs:label"), english(title), graph)
        yield Quad(graph, term("prov:wasAttributedTo"), names.node("id/agent/palermo"), graph)


def _triples(name: str, names: Names, root: Path) -> Iterator[Triple]:
    if name == "queries":
        yield from executables(names.base, read_catalogue())
    else:
        for path in turtle_files(name, root):
            yield from read_file(path, names)
    if name == "ontology":
        namespace = Literal(names.base.prefixes()["pal"])
        yield Triple(names.node("ontology"), NamedNode(CATALOGUE_IRIS["preferred-namespace"]), namespace)
    if name == "shapes":
        yield from sparql_constraints(names.base)
    if name == "reference":
        yield from describe_tables(root, names)
        yield from describe_provisions(read_provisions(root), names)


def lexicon(names: Names, root: Path = ROOT, quads: Iterable[Quad] = ()) -> Lexicon:
    """The spellings of everything in the reference data that a text may name; ``quads`` are all `reference_quads` where
    they have been read already."""
    graph = names.graph("reference")
    triples = [quad.triple for quad in quads if quad.graph_name == graph] or _triples("reference", names, root)
    return read_lexicon(chain(triples, joint_names(root, names)), names)


def known_meetings(quads: list[Quad], names: Names) -> tuple[MeetingReference, ...]:
    """The meetings that reference data describe, without their labels."""
    properties: dict[NamedNode, dict[str, str]] = {}
    for quad in quads:
        for key in ("startDate", "endDate", "place", "body"):
            if quad.predicate == names.pal(key) and isinstance(quad.subject, NamedNode):
                value = quad.object.value if isinstance(quad.object, Literal | NamedNode) else ""
                properties.setdefault(quad.subject, {})[key] = value.rpartition("/")[2]
    return tuple(
        MeetingReference(
            node.value.rpartition("/")[2],
            date.fromisoformat(known["startDate"]),
            date.fromisoformat(known["endDate"]),
            known.get("place", ""),
            body=known.get("body", ""),
        )
        for node, known in properties.items()
        if {"startDate", "endDate"} <= set(known)
    )


def described_paths(quads: list[Quad], names: Names) -> frozenset[str]:
    """The paths of everything of ours that reference data give a type."""
    prefix = names.node("").value
    return frozenset(
        quad.subject.value.removeprefix(prefix)
        for quad in quads
        if quad.predicate == term("rdf:type") and isinstance(quad.subject, NamedNode)
    )


def values_of_kind(quads: Iterable[Quad], names: Names, kind: str, property_: NamedNode) -> dict[str, str]:
    """The value of a property of each thing of a kind that has it, by slug: the labels of all actors."""
    start = names.node(f"id/{kind}/").value
    return {
        quad.subject.value.removeprefix(start): quad.object.value
        for quad in quads
        if quad.predicate == property_
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode | Literal)
        and quad.subject.value.startswith(start)
    }
