"""The SHACL core constraints, judged by pySHACL."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import RDF, SH

from shapes.results import Node, Result, Term
from shapes.rules import Rules, ShapesError


def core_results(data: rdflib.Graph, rules: Rules) -> Iterator[Result]:
    """All breaks of SHACL core constraints. Raises `ShapesError` when pySHACL cannot use the shapes."""
    try:
        _, found, words = pyshacl.validate(data, shacl_graph=rules.graph, inplace=True, advanced=False)
    except (ReportableRuntimeError, ValueError, TypeError, re.error) as error:
        raise ShapesError(f"The shapes cannot be used: {error}") from error
    if not isinstance(found, rdflib.Graph):
        raise ShapesError(f"The shapes cannot be used: {words}")
    for node in found.subjects(RDF.type, SH.ValidationResult):
        yield _result(found, node, rules)


def _result(found: rdflib.Graph, node: rdflib.term.Node, rules: Rules) -> Result:
    focus, path, value = (found.value(node, name) for name in (SH.focusNode, SH.resultPath, SH.value))
    rule = rules.by_iri[str(found.value(node, SH.sourceShape))]
    component = str(found.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
    about = from_rdflib_node(focus)
    return Result(
        about,
        str(focus),
        None if path is None else NamedNode(str(path)),
        None if value is None else from_rdflib(value),
        rule.shape,
        rule.severity,
        rule.message,
        component,
    )


def from_rdflib_node(node: rdflib.term.Node | None) -> Node:
    """An IRI or blank node of rdflib as pyoxigraph has it."""
    return BlankNode(str(node)) if isinstance(node, rdflib.BNode) else NamedNode(str(node))


def from_rdflib(node: rdflib.term.Node) -> Term:
    """A term of rdflib as pyoxigraph has it."""
    if not isinstance(node, rdflib.Literal):
        return from_rdflib_node(node)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node)) if node.datatype is None else Literal(str(node), datatype=NamedNode(str(node.datatype)))
