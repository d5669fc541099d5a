"""Meetings that no reference data describe, as quads in the graph of the document whose metadata describe them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ingest.document import Document
from ontology.terms import Names, english, term


def describe_meetings(document: Document, names: Names, known: Collection[NamedNode | BlankNode]) -> Iterator[Quad]:
    """Quads about the meetings of a document that have a label and are not among the ``known`` nodes.

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
        for name, day in (("startDate", meeting.start), ("endDate", meeting.end)):
            yield Quad(node, names.pal(name), Literal(day.isoformat(), datatype=term("xsd:date")), graph)
