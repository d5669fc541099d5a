"""Meetings and actors that no reference data describe, as quads in the graph of the document that names them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ingest.document import Document
from ontology.terms import Names, english, term

ONLY_A_NAME = "Known by its name only, which the metadata of a document give."


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
