"""The constraint components of SHACL core that the shapes use (W3C Recommendation 20 July 2017, section 4).

Each is a function of the value nodes at a focus node and gives the offending values, None where the break is none
value's own. Terms are pyoxigraph's: nothing is converted, which is most of what a general SHACL processor does.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ontology.namespaces import WELL_KNOWN
from ontology.terms import Node, Term, term
from shapes.lexical import lexical_fault

Arguments = tuple[Term, ...]
Properties = Mapping[NamedNode, dict[Term, None]]
"""The values of a node by property, each once."""
Form = tuple[tuple[NamedNode, ...], tuple[Term, ...]]
"""What nodes have in common: their properties, in order, and their classes."""
_NOTHING: Properties = {}
_NUMBERS = frozenset(
    WELL_KNOWN["xsd"] + name for name in ("integer", "nonNegativeInteger", "positiveInteger", "decimal", "double")
)


class Data:
    """What quads say of each node: its values by property. ``below`` is looked at as well, and is not changed."""

    def __init__(self, quads: Iterable[Quad], below: Data | None = None) -> None:
        about: defaultdict[object, defaultdict[NamedNode, dict[Term, None]]] = defaultdict(lambda: defaultdict(dict))
        for quad in quads:
            about[quad.subject][quad.predicate][quad.object] = None  # type: ignore[index]
        self._about: Mapping[object, Properties] = about
        self._below = below
        self._type = term("rdf:type")
        self._classes: dict[NamedNode, frozenset[Term]] = {}

    def described(self) -> Iterable[tuple[Node, Properties]]:
        """Each node that the quads describe, without those below, and its values by property."""
        return self._about.items()  # type: ignore[return-value]

    @cached_property
    def alike(self) -> Mapping[Form, list[tuple[Node, Properties]]]:
        """Each node that the quads describe and its values by property, those together that have the same form."""
        forms: defaultdict[Form, list[tuple[Node, Properties]]] = defaultdict(list)
        for node, properties in self.described():
            forms[tuple(properties), tuple(properties.get(self._type, ()))].append((node, properties))
        return forms

    @cached_property
    def classes(self) -> Mapping[Term, frozenset[Term]]:
        """The classes of each node that the quads describe."""
        return {node: frozenset(classes) for (_, classes), nodes in self.alike.items() for node, _ in nodes}

    def said(self, node: object) -> Properties:
        """The values of a node by property, each once."""
        here = self._about.get(node, _NOTHING)
        there = self._below._about.get(node, _NOTHING) if self._below is not None else _NOTHING
        return _merged(here, there) if here and there else here or there

    def values(self, node: object, path: NamedNode) -> tuple[Term, ...]:
        """The values of a property at a node, each once."""
        return tuple(self.said(node).get(path, ()))

    @cached_property
    def _directly_below(self) -> Mapping[Term, set[Term]]:
        below: defaultdict[Term, set[Term]] = defaultdict(set)
        sub_class_of = term("rdfs:subClassOf")
        for node, properties in self.described():
            for above in properties.get(sub_class_of, ()):
                below[above].add(node)
        return below

    def subclasses(self, class_: NamedNode) -> frozenset[Term]:
        """A class and all below it (``rdfs:subClassOf``), as the lowest data, those with the vocabulary, have it."""
        if self._below is not None:
            return self._below.subclasses(class_)
        if class_ not in self._classes:
            classes: set[Term] = {class_}
            waiting: list[Term] = [class_]
            while waiting:
                new = self._directly_below.get(waiting.pop(), set()) - classes
                classes |= new
                waiting += new
            self._classes[class_] = frozenset(classes)
        return self._classes[class_]

    def is_a(self, node: Term, class_: NamedNode) -> bool:
        """Whether a node is an instance of a class (SHACL §1.1)."""
        if not self.subclasses(class_).isdisjoint(self.classes.get(node, ())):
            return True
        return self._below is not None and self._below.is_a(node, class_)


Check = Callable[[tuple[Term, ...], Node, Data], Iterable[Term | None]]


def _merged(some: Properties, others: Properties) -> Properties:
    return {path: some.get(path, {}) | others.get(path, {}) for path in {**some, **others}}


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint with its parameters; ``component`` is the local name of its component."""

    component: str
    breaks: Check


def _each(holds: Callable[[Term], bool]) -> Check:
    """A constraint on each value by itself."""
    return lambda values, _, __: [value for value in values if not holds(value)]


def _number(argument: Term) -> int:
    assert not isinstance(argument, BlankNode)
    return int(argument.value)


def _min_count(arguments: Arguments) -> Check:
    (least,) = map(_number, arguments)
    return lambda values, _, __: () if len(values) >= least else (None,)


def _max_count(arguments: Arguments) -> Check:
    (most,) = map(_number, arguments)
    return lambda values, _, __: () if len(values) <= most else (None,)


def _class(arguments: Arguments) -> Check:
    (class_,) = arguments
    if not isinstance(class_, NamedNode):
        raise ValueError("sh:class needs an IRI.")
    return lambda values, _, data: [value for value in values if not data.is_a(value, class_)]


def _datatype(arguments: Arguments) -> Check:
    (datatype,) = arguments
    return _each(
        lambda value: isinstance(value, Literal) and value.datatype == datatype and lexical_fault(value) is None
    )


def _node_kind(arguments: Arguments) -> Check:
    (kind,) = arguments
    if kind != term("sh:IRI"):
        raise ValueError("sh:nodeKind may only be sh:IRI here.")
    return _each(lambda value: isinstance(value, NamedNode))


def _min_length(arguments: Arguments) -> Check:
    (least,) = map(_number, arguments)
    return _each(lambda value: not isinstance(value, BlankNode) and len(value.value) >= least)


def _pattern(arguments: Arguments) -> Check:
    (argument,) = arguments
    assert isinstance(argument, Literal)
    try:
        pattern = re.compile(argument.value)
    except re.error as error:
        raise ValueError(f"sh:pattern {argument}: {error}") from error
    return _each(lambda value: not isinstance(value, BlankNode) and pattern.search(value.value) is not None)


def _has_value(arguments: Arguments) -> Check:
    (wanted,) = arguments
    return lambda values, _, __: () if wanted in values else (None,)


def _in(arguments: Arguments) -> Check:
    return _each(frozenset(arguments).__contains__)


def _unique_lang(arguments: Arguments) -> Check:
    if arguments != (Literal(True),):
        raise ValueError("sh:uniqueLang may only be true.")

    def breaks(values: tuple[Term, ...], _: Node, __: Data) -> Iterator[None]:
        languages = Counter(value.language for value in values if isinstance(value, Literal) and value.language)
        return (None for number in languages.values() if number > 1)

    return breaks


@lru_cache(maxsize=10_000)
def _comparable(value: Term) -> tuple[str, Decimal | str] | None:
    """Returns the kind of a literal and its comparison key, which orders within a kind; None if it has no order."""
    if not isinstance(value, Literal) or value.language or lexical_fault(value) is not None:
        return None
    if value.datatype.value in _NUMBERS:
        return "number", Decimal(value.value)
    return value.datatype.value, value.value


def _ordered(first: Term, second: Term, *, equal: bool) -> bool:
    """Whether the first value is less than the second, or also ``equal``; false where they cannot be compared."""
    one, other = _comparable(first), _comparable(second)
    if one is None or other is None or one[0] != other[0]:
        return False
    return one < other or (equal and one == other)


def _inclusive(*, least: bool) -> Callable[[Arguments], Check]:
    def made(arguments: Arguments) -> Check:
        (limit,) = arguments
        return _each(lambda value: _ordered(limit, value, equal=True) if least else _ordered(value, limit, equal=True))

    return made


def _less_than(*, equal: bool) -> Callable[[Arguments], Check]:
    def made(arguments: Arguments) -> Check:
        (other,) = arguments
        if not isinstance(other, NamedNode):
            raise ValueError("sh:lessThan needs an IRI.")
        return lambda values, node, data: [
            value for value in values for after in data.values(node, other) if not _ordered(value, after, equal=equal)
        ]

    return made


CONSTRAINTS: Mapping[str, Callable[[Arguments], Check]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minLength": _min_length,
    "pattern": _pattern,
    "hasValue": _has_value,
    "in": _in,
    "uniqueLang": _unique_lang,
    "minInclusive": _inclusive(least=True),
    "maxInclusive": _inclusive(least=False),
    "lessThan": _less_than(equal=False),
    "lessThanOrEquals": _less_than(equal=True),
}
"""The parameters of SHACL that a shape may have, beside those of a qualified value shape."""


def constraint(name: str, arguments: Arguments) -> Constraint:
    """The constraint with this parameter. Raises `ValueError` for an unknown one and for arguments it cannot have."""
    if name not in CONSTRAINTS:
        raise ValueError(f"sh:{name} is not one of the terms of SHACL that are checked here.")
    try:
        return Constraint(f"{name[0].upper()}{name[1:]}ConstraintComponent", CONSTRAINTS[name](arguments))
    except (ValueError, AssertionError) as error:
        raise ValueError(f"sh:{name} with {' and '.join(map(str, arguments))}: {error}") from error


def qualified(within: Sequence[Constraint], least: int | None, most: int | None) -> Iterator[Constraint]:
    """How many values of a property may conform to another shape (SHACL §4.7.3)."""

    def conforming(values: tuple[Term, ...], data: Data) -> int:
        return sum(
            not any(list(each.breaks((value,), value, data)) for each in within)
            for value in values
            if not isinstance(value, Literal)
        )

    if least is not None:
        at_least = least
        yield Constraint(
            "QualifiedMinCountConstraintComponent",
            lambda values, _, data: () if conforming(values, data) >= at_least else (None,),
        )
    if most is not None:
        at_most = most
        yield Constraint(
            "QualifiedMaxCountConstraintComponent",
            lambda values, _, data: () if conforming(values, data) <= at_most else (None,),
        )
