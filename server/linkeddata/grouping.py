"""Triples in reading order: by subject, then by property, then by value, the same in every format and every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Triple

from ontology.terms import term
from server.knowledge import Facts, Node, Value, gather

_TYPE, _LABEL = term("rdf:type").value, term("rdfs:label").value


@dataclass(frozen=True, slots=True)
class Statements:
    """What is said of one subject: its properties with their sorted values, type first and label second."""

    subject: Node
    properties: tuple[tuple[str, tuple[Value, ...]], ...]


def group(triples: Iterable[Triple], first: Sequence[NamedNode] = ()) -> tuple[Statements, ...]:
    """The triples by subject, as `order` has them."""
    return order(gather(triples), first)


def order(facts: Facts, first: Sequence[NamedNode] = ()) -> tuple[Statements, ...]:
    """The facts by subject.

    Subjects in ``first`` come first, each followed by its fragments; then the others, sorted; blank nodes last, in an
    order that depends on what is said of them and not on their labels.
    """
    leading = [node.value for node in first]
    named, blank = [], []
    for node in facts:
        if isinstance(node, NamedNode):
            named.append((*_place(node.value, leading), node))
        else:
            blank.append(node)
    named.sort(key=_by_place)
    blank.sort(key=lambda node: _signature(node, facts))
    ordered: list[Node] = [*(node for _, _, node in named), *blank]
    return tuple(Statements(subject, _properties(facts[subject], facts)) for subject in ordered)


def _by_place(found: tuple[int, str, NamedNode]) -> tuple[int, str]:
    return found[:2]


def _place(value: str, leading: Sequence[str]) -> tuple[int, str]:
    whole = value.partition("#")[0]
    for place, iri in enumerate(leading):
        if iri in (value, whole):
            return place, value
    return len(leading), value


def _properties(said: dict[str, set[Value]], facts: Facts) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    names = sorted(said) if len(said) > 1 else list(said)
    for leading in (_LABEL, _TYPE):
        if leading in said:
            names.remove(leading)
            names.insert(0, leading)
    return tuple([(name, _ordered(said[name], facts)) for name in names])


def _ordered(values: set[Value], facts: Facts) -> tuple[Value, ...]:
    return tuple(values) if len(values) == 1 else tuple(sorted(values, key=lambda value: _value_key(value, facts)))


def _value_key(value: Value, facts: Facts) -> tuple[int, str]:
    if isinstance(value, NamedNode):
        return 0, value.value
    if isinstance(value, BlankNode):
        return 2, _signature(value, facts)
    if value.value.isdigit():
        return 1, value.value.zfill(20)
    return 1, str(value)


def _signature(node: BlankNode, facts: Facts, depth: int = 12) -> str:
    """What is said of a blank node, in words without labels, to a depth that no list or shape here exceeds."""
    if depth == 0:
        return "_"
    parts = []
    for iri, values in facts.get(node, {}).items():
        for value in values:
            shown = _signature(value, facts, depth - 1) if isinstance(value, BlankNode) else str(value)
            parts.append(f"{iri} {shown}")
    return "[" + ";".join(sorted(parts)) + "]"
