"""Triples in reading order: by subject, then by property, then by value, the same in every format and every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.terms import term

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Statements:
    """What is said of one subject: its properties with their sorted values, type first and label second."""

    subject: Node
    properties: tuple[tuple[str, tuple[Value, ...]], ...]


def group(triples: Iterable[Triple], first: Sequence[NamedNode] = ()) -> tuple[Statements, ...]:
    """The triples by subject.

    Subjects in ``first`` come first, each followed by its fragments; then the others, sorted; blank nodes last, in an
    order that depends on what is said of them and not on their labels.
    """
    subjects: dict[Node, dict[str, set[Value]]] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise TypeError("Published data have no statements about statements.")
        subjects.setdefault(subject, {}).setdefault(triple.predicate.value, set()).add(value)
    leading = [node.value for node in first]
    named = sorted((node for node in subjects if isinstance(node, NamedNode)), key=lambda node: _place(node, leading))
    blank = [node for node in subjects if isinstance(node, BlankNode)]
    ordered: list[Node] = [*named, *sorted(blank, key=lambda node: _signature(node, subjects))]
    return tuple(Statements(subject, _properties(subjects[subject], subjects)) for subject in ordered)


def _place(node: NamedNode, leading: Sequence[str]) -> tuple[int, str]:
    whole = node.value.partition("#")[0]
    for place, iri in enumerate(leading):
        if iri in (node.value, whole):
            return place, node.value
    return len(leading), node.value


def _properties(
    said: dict[str, set[Value]], subjects: dict[Node, dict[str, set[Value]]]
) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    type_, label = term("rdf:type").value, term("rdfs:label").value

    def place(iri: str) -> tuple[int, str]:
        return (0 if iri == type_ else 1 if iri == label else 2), iri

    return tuple(
        (iri, tuple(sorted(said[iri], key=lambda value: _value_key(value, subjects))))
        for iri in sorted(said, key=place)
    )


def _value_key(value: Value, subjects: dict[Node, dict[str, set[Value]]]) -> tuple[int, str]:
    if isinstance(value, BlankNode):
        return 2, _signature(value, subjects)
    if isinstance(value, Literal) and value.value.isdigit():
        return 1, value.value.zfill(20)
    return (0 if isinstance(value, NamedNode) else 1), str(value)


def _signature(node: BlankNode, subjects: dict[Node, dict[str, set[Value]]], depth: int = 12) -> str:
    """What is said of a blank node, in words without labels, to a depth that no list or shape here exceeds."""
    if depth == 0:
        return "_"
    parts = []
    for iri, values in subjects.get(node, {}).items():
        for value in values:
            shown = _signature(value, subjects, depth - 1) if isinstance(value, BlankNode) else str(value)
            parts.append(f"{iri} {shown}")
    return "[" + ";".join(sorted(parts)) + "]"
