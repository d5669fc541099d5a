"""The rules: the shapes of `shapes/*.ttl` read for a base IRI, and the nodes that each looks at (SHACL §2.1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.namespace import RDF, RDFS, SH

from ontology.namespaces import Base
from ontology.terms import term
from shapes.lexical import lexical_fault

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent


class ShapesError(ValueError):
    """Shapes or checks that cannot be used; the message names the file or the shape."""


def to_rdflib(node: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Node:
    """The term as rdflib has it, with its lexical form untouched. Raises `ShapesError` for a triple term.

    A literal that its datatype does not allow becomes a plain one: it breaks the rules that ask for the datatype, and
    rdflib need not compare what has no value.
    """
    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, Triple):
        raise ShapesError(f"{node}: triple terms cannot be validated.")
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    if node.datatype == term("xsd:string") or lexical_fault(node) is not None:
        return rdflib.Literal(node.value)
    return rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value), normalize=False)


def to_rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """The triples as an rdflib graph, for pySHACL."""
    known: dict[object, rdflib.term.Node] = {}

    def converted(node: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Node:
        if node not in known:
            known[node] = to_rdflib(node)
        return known[node]

    graph = rdflib.Graph()
    for triple in triples:
        graph.add((converted(triple.subject), converted(triple.predicate), converted(triple.object)))
    return graph


def read_turtle(path: Path, base: Base) -> Iterator[Triple]:
    """The triples of a file, relative IRIs resolved. Raises `ShapesError` at the line of a syntax error."""
    try:
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=base.iri):
            yield quad.triple
    except SyntaxError as error:
        raise ShapesError(f"{path.name}, line {error.lineno}: {error.msg}") from error


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape as its file describes it; ``source`` is where the rule stands, below the project.

    ``order`` (``sh:order``) is higher for a rule that is also broken by what clearer rules find.
    """

    shape: NamedNode
    name: str
    description: str
    message: str
    severity: str
    source: str
    parent: NamedNode | None
    order: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All shapes, as a graph for pySHACL and as plain values by IRI."""

    graph: rdflib.Graph
    by_iri: dict[str, Rule]

    def targets(self, rule: Rule, data: rdflib.Graph) -> frozenset[rdflib.term.Node] | None:
        """The focus nodes of a rule, those of its node shape for a property shape; None if it declares no target."""
        shape = rdflib.URIRef((rule.parent or rule.shape).value)
        declared = [
            (kind, value)
            for kind in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
            for value in self.graph.objects(shape, kind)
        ]
        return frozenset(node for kind, value in declared for node in _targets(kind, value, data)) if declared else None


def _targets(kind: rdflib.URIRef, value: rdflib.term.Node, data: rdflib.Graph) -> Iterator[rdflib.term.Node]:
    if kind == SH.targetClass:
        for class_ in set(data.transitive_subjects(RDFS.subClassOf, value)):
            yield from data.subjects(RDF.type, class_)
    elif kind == SH.targetSubjectsOf:
        yield from data.subjects(value)
    elif kind == SH.targetObjectsOf:
        yield from data.objects(None, value)
    else:
        yield value


def read_rules(base: Base, folder: Path = FOLDER) -> Rules:
    """Reads every shape. Raises `ShapesError` for a syntax error, or for a shape without name, message or severity."""
    triples: list[Triple] = []
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.ttl")):
        read = list(read_turtle(path, base))
        triples.extend(read)
        files |= {
            triple.subject.value: f"shapes/{path.name}" for triple in read if isinstance(triple.subject, NamedNode)
        }
    graph = to_rdflib_graph(triples)
    by_iri: dict[str, Rule] = {}
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in graph.subjects(RDF.type, kind):
            by_iri[str(shape)] = _rule(graph, shape, files[str(shape)])
    if not by_iri:
        raise ShapesError(f"{folder}: there is no shape.")
    return Rules(graph, by_iri)


def _rule(graph: rdflib.Graph, shape: rdflib.term.Node, file: str) -> Rule:
    name, severity = graph.value(shape, SH.name), graph.value(shape, SH.severity)
    message = graph.value(shape, SH.message) or graph.value(shape, SH.description)
    source = graph.value(shape, rdflib.DCTERMS.source) or file
    parent = graph.value(None, SH.property, shape)
    if name is None or severity is None or message is None:
        raise ShapesError(f"{file}: {shape} needs sh:name, sh:message (or sh:description) and sh:severity.")
    return Rule(
        NamedNode(str(shape)),
        str(name),
        str(graph.value(shape, SH.description) or ""),
        str(message),
        str(severity).removeprefix(str(SH)),
        str(source),
        None if parent is None else NamedNode(str(parent)),
        int(str(graph.value(shape, SH.order) or 0)),
    )
