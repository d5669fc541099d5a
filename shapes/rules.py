"""The rules: the shapes of `shapes/*.ttl` read for a base IRI, as plain values.

Shapes are SHACL core (W3C Recommendation 20 July 2017) with IRIs as paths; `CONSTRAINTS` in `shapes/constraints.py`
lists the constraint components. A shape with another term of SHACL is refused, so that no rule is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.namespaces import WELL_KNOWN, Base
from ontology.terms import Term, term
from ontology.turtle import TurtleError, read_turtle
from shapes.constraints import Arguments, Constraint, constraint, qualified

FOLDER = Path(__file__).parent
SH = WELL_KNOWN["sh"]
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
DESCRIPTIVE = frozenset({"name", "description", "message", "severity", "order", "property", "path"})
QUALIFIED = frozenset({"qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount"})
KINDS = (term("sh:NodeShape"), term("sh:PropertyShape"))


Targets = tuple[tuple[str, NamedNode], ...]


class ShapesError(ValueError):
    """Shapes or checks that cannot be used; the message names the file or the shape."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape as its file describes it; ``source`` is where the rule stands, below the project.

    ``order`` (``sh:order``) is higher for a rule that is also broken by what clearer rules find. ``targets`` has pairs
    of a way (``targetClass``) and a node; those of its node shape for a property shape.
    """

    shape: NamedNode
    name: str
    description: str
    message: str
    severity: str
    source: str
    parent: NamedNode | None
    order: int
    path: NamedNode | None
    targets: Targets
    constraints: tuple[Constraint, ...]


Rules = Mapping[str, Rule]
"""All shapes by IRI, in the order of their IRIs."""
Properties = Mapping[NamedNode, list[Term]]


@lru_cache(maxsize=1)
def read_rules(base: Base, folder: Path = FOLDER) -> Rules:
    """Reads every shape. Raises `ShapesError` for a syntax error, for a shape without name, message or severity, and
    for a constraint that cannot be used."""
    about: defaultdict[NamedNode | BlankNode, defaultdict[NamedNode, list[Term]]] = defaultdict(
        lambda: defaultdict(list)
    )
    files: dict[NamedNode | BlankNode, str] = {}
    for path in sorted(folder.glob("*.ttl")):
        try:
            for triple in read_turtle(path, base):
                _add(triple, about, files, f"shapes/{path.name}")
        except TurtleError as error:
            raise ShapesError(str(error)) from error
    shapes = [node for node in files if isinstance(node, NamedNode) and set(KINDS) & set(about[node][term("rdf:type")])]
    if not shapes:
        raise ShapesError(f"{folder}: there is no shape.")
    parents = {value: shape for shape in shapes for value in about[shape][term("sh:property")]}
    rules = {}
    for shape in sorted(shapes, key=lambda node: node.value):
        try:
            rules[shape.value] = _rule(shape, about, files[shape], parents.get(shape))
        except ValueError as error:
            raise ShapesError(f"{files[shape]}: {shape} cannot be used: {error}") from error
    return rules


def _add(
    triple: Triple,
    about: Mapping[NamedNode | BlankNode, Mapping[NamedNode, list[Term]]],
    files: dict[NamedNode | BlankNode, str],
    file: str,
) -> None:
    if not isinstance(triple.subject, Triple) and not isinstance(triple.object, Triple):
        about[triple.subject][triple.predicate].append(triple.object)
        files[triple.subject] = file


def _one(properties: Properties, name: str) -> Term | None:
    values = properties.get(term(name), [])
    if len(values) > 1:
        raise ValueError(f"{name} stands {len(values)} times.")
    return values[0] if values else None


def _words(properties: Properties, name: str) -> str:
    value = _one(properties, name)
    return "" if value is None or isinstance(value, BlankNode) else value.value


def _rule(
    shape: NamedNode, about: Mapping[NamedNode | BlankNode, Properties], file: str, parent: NamedNode | None
) -> Rule:
    properties = about[shape]
    name, severity = _words(properties, "sh:name"), _words(properties, "sh:severity").removeprefix(SH)
    description = _words(properties, "sh:description")
    message = _words(properties, "sh:message") or description
    if not (name and message and severity):
        raise ValueError("it needs sh:name, sh:message (or sh:description) and sh:severity.")
    path = _one(properties, "sh:path")
    if isinstance(path, BlankNode | Literal):
        raise ValueError("its sh:path is no IRI.")
    if any(isinstance(value, BlankNode) for value in properties.get(term("sh:property"), [])):
        raise ValueError("a property shape needs an IRI.")
    return Rule(
        shape,
        name,
        description,
        message,
        severity,
        _words(properties, "dc:source") or file,
        parent,
        int(_words(properties, "sh:order") or 0),
        path,
        tuple(
            (way, node)
            for way in TARGETS
            for node in about[parent or shape].get(term(f"sh:{way}"), [])
            if isinstance(node, NamedNode)
        ),
        tuple(_constraints(properties, about)),
    )


def _constraints(properties: Properties, about: Mapping[NamedNode | BlankNode, Properties]) -> Iterator[Constraint]:
    for predicate, values in properties.items():
        name = predicate.value.removeprefix(SH)
        if name == predicate.value or name in DESCRIPTIVE or name in TARGETS or name in QUALIFIED:
            continue
        yield constraint(name, _list(values[0], about) if name == "in" else tuple(values))
    shape = _one(properties, "sh:qualifiedValueShape")
    if isinstance(shape, NamedNode):
        limits = (_words(properties, f"sh:qualified{limit}Count") for limit in ("Min", "Max"))
        yield from qualified(
            tuple(_constraints(about[shape], about)), *(int(limit) if limit else None for limit in limits)
        )


def _list(node: Term | None, about: Mapping[NamedNode | BlankNode, Properties]) -> Arguments:
    """The members of an RDF list."""
    members: list[Term] = []
    while isinstance(node, BlankNode):
        first = _one(about[node], "rdf:first")
        assert first is not None
        members.append(first)
        node = _one(about[node], "rdf:rest")
    return tuple(members)
