"""SHACL core constraints on chosen focus nodes, the shapes read once for many graphs.

pySHACL looks at a property shape once for every focus node of its node shape, and reads the shapes anew for every
graph. Here a property shape gets the targets of its node shape itself and is looked at once for all of them: the same
results (SHACL §2.1.3: a shape is judged for each of its targets) in a fraction of the time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad
from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import DataGraph
from pyshacl.validator import Validator
from rdflib.namespace import RDF, RDFS, SH

from shapes.core import from_rdflib, from_rdflib_node
from shapes.results import Node, Result
from shapes.rules import Rule, Rules, ShapesError, to_rdflib

Focus = Mapping[str, frozenset[Node]]
"""The focus nodes of shapes, by the IRI of the shape."""


class Targets:
    """Which nodes each shape looks at, found in quads without a store (SHACL §2.1.3)."""

    def __init__(self, rules: Rules) -> None:
        self._declared = {
            iri: tuple(
                (kind, str(value))
                for kind in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
                for value in rules.graph.objects(rdflib.URIRef(iri), kind)
            )
            for iri in rules.by_iri
        }
        self._shape_of = {iri: str((rule.parent or rule.shape).value) for iri, rule in rules.by_iri.items()}

    def focus(self, quads: Iterable[Quad], below: Mapping[str, frozenset[str]], owned: Collection[Node]) -> Focus:
        """The focus nodes among ``owned``; ``below`` gives the subclasses of a class, itself included.

        A shape that declares no target, and whose node shape declares none, is absent.
        """
        by_class: dict[str, set[Node]] = {}
        by_subject: dict[str, set[Node]] = {}
        by_object: dict[str, set[Node]] = {}
        wanted = {
            value for declared in self._declared.values() for kind, value in declared if kind == SH.targetObjectsOf
        }
        type_ = str(RDF.type)
        for quad in quads:
            subject, property_, value = quad.subject, quad.predicate.value, quad.object
            if isinstance(subject, NamedNode | BlankNode) and subject in owned:
                by_subject.setdefault(property_, set()).add(subject)
                if property_ == type_ and isinstance(value, NamedNode):
                    by_class.setdefault(value.value, set()).add(subject)
            if property_ in wanted and isinstance(value, NamedNode | BlankNode) and value in owned:
                by_object.setdefault(property_, set()).add(value)
        found: dict[str, frozenset[Node]] = {}
        for iri, declared in self._declared.items():
            if not declared:
                continue
            nodes: set[Node] = set()
            for kind, target in declared:
                if kind == SH.targetClass:
                    for class_ in below.get(target, frozenset((target,))):
                        nodes |= by_class.get(class_, set())
                elif kind == SH.targetNode:
                    nodes |= {NamedNode(target)} & set(owned)
                else:
                    nodes |= (by_subject if kind == SH.targetSubjectsOf else by_object).get(target, set())
            found[iri] = frozenset(nodes)
        return {iri: found[shape] for iri, shape in self._shape_of.items() if shape in found}


def subclasses(triples: rdflib.Graph) -> dict[str, frozenset[str]]:
    """The classes at or below each class that has one below it."""
    return {
        str(class_): frozenset(map(str, triples.transitive_subjects(RDFS.subClassOf, class_)))
        for class_ in set(triples.objects(None, RDFS.subClassOf))
    }


class FocusedShapes:
    """The core constraints of rules, made ready for many graphs."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        apart = rdflib.Graph()
        for triple in rules.graph:
            if triple[1] != SH.property or not self._has_targets(triple[0]):
                apart.add(triple)
        quiet = logging.getLogger("pyshacl.focused")
        quiet.setLevel(logging.ERROR)
        try:
            self._validator = Validator(
                DataGraph.from_rdflib_graph(rdflib.Graph()),
                shacl_graph=apart,
                options={"inplace": True, "logger": quiet},
            )
            self._shapes = {str(shape.node): shape for shape in self._validator.shacl_graph.shapes}
        except (ReportableRuntimeError, ValueError, TypeError, re.error) as error:
            raise ShapesError(f"The shapes cannot be used: {error}") from error
        self._executor = self._validator.make_executor()

    def _has_targets(self, shape: rdflib.term.Node) -> bool:
        kinds = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
        return any((shape, kind, None) in self._rules.graph for kind in kinds)

    def results(self, data: rdflib.Graph, focus: Focus) -> Iterator[Result]:
        """All breaks at the focus nodes. Raises `ShapesError` when pySHACL cannot use the shapes."""
        graph = DataGraph.from_rdflib_graph(data)
        for iri in sorted(focus):
            nodes = [to_rdflib(node) for node in focus[iri]]
            if not nodes:
                continue
            try:
                _, reports = self._shapes[iri].validate(self._executor, graph, focus=nodes)
            except (ReportableRuntimeError, ValueError, TypeError, re.error) as error:
                raise ShapesError(f"The shapes cannot be used: {error}") from error
            for _, node, said in reports:
                yield self._result({name: _bare(value) for about, name, value in said if about == node})

    def _result(self, said: Mapping[Any, Any]) -> Result:
        rule: Rule = self._rules.by_iri[str(said[SH.sourceShape])]
        focus, path, value = said[SH.focusNode], said.get(SH.resultPath), said.get(SH.value)
        return Result(
            from_rdflib_node(focus),
            str(focus),
            None if path is None else NamedNode(str(path)),
            None if value is None else from_rdflib(value),
            rule.shape,
            rule.severity,
            rule.message,
            str(said[SH.sourceConstraintComponent]).removeprefix(str(SH)),
        )


def _bare(value: object) -> object:
    """A term of a report, which pySHACL pairs with the graph that it is to be copied from."""
    return value[1] if isinstance(value, tuple) else value
