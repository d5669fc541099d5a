"""Triples in reading order: by subject, then by property, then by value, the same in every format and every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.terms import term

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal
_Said = dict[str, set[Value]]
_FIRST = (term("rdf:type").value, term("rdfs:label").value)


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
    subjects: dict[Node, _Said] = {}
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


def _properties(said: _Said, subjects: dict[Node, _Said]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    leading = [iri for iri in _FIRST if iri in said]
    others = sorted(iri for iri in said if iri not in _FIRST)
    return tuple((iri, _ordered(said[iri], subjects)) for iri in (*leading, *others))


def _ordered(values: set[Value], subjects: dict[Node, _Said]) -> tuple[Value, ...]:
    if len(values) == 1:
        return tuple(values)
    return tuple(sorted(values, key=lambda value: _value_key(value, subjects)))


def _value_key(value: Value, subjects: dict[Node, _Said]) -> tuple[int, str]:
    if isinstance(value, NamedNode):
        return 0, value.value
    if isinstance(value, BlankNode):
        return 2, _signature(value, subjects)
    if value.value.isdigit():
        return 1, value.value.zfill(20)
    return 1, str(value)


def _signature(node: BlankNode, subjects: dict[Node, _Said], depth: int = 12) -> str:
    """What is said of a blank node, in words without labels, to a depth that no list or shape here exceeds."""
    if depth == 0:
        return "_"
    parts = []
    for iri, values in subjects.get(node, {}).items():
        for value in values:
            shown = _signature(value, subjects, depth - 1) if isinstance(value, BlankNode) else str(value)
            parts.append(f"{iri} {shown}")
    return "[" + ";".join(sorted(parts)) + "]"
