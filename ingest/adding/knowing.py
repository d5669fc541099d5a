"""What the reference data describe already: actors with their names, meetings with their bodies, and all else."""

from __future__ import annotations

from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from ingest.document import MeetingReference
from ontology.terms import Names, term


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


def described(quads: list[Quad], names: Names) -> frozenset[str]:
    """The paths of everything of ours that reference data give a type."""
    prefix = names.node("").value
    return frozenset(
        quad.subject.value.removeprefix(prefix)
        for quad in quads
        if quad.predicate == term("rdf:type") and isinstance(quad.subject, NamedNode)
    )


def known_actors(quads: list[Quad], names: Names) -> dict[str, str]:
    """The names of all actors by their slugs."""
    prefix = names.node("id/actor/").value
    return {
        quad.subject.value.removeprefix(prefix): quad.object.value
        for quad in quads
        if quad.predicate == term("rdfs:label") and isinstance(quad.subject, NamedNode)
        if quad.subject.value.startswith(prefix) and isinstance(quad.object, Literal)
    }
