"""The one reader of the project's own Turtle files: vocabulary, reference data, concepts, alignments and shapes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from ontology.namespaces import Base


class TurtleError(ValueError):
    """A file that is not Turtle; ``line`` counts from 1, ``reason`` is the parser's."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}, line {line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


def read_turtle(path: Path, base: Base) -> Iterator[Triple]:
    """The triples of a file, relative IRIs resolved against the base, terms of the vocabulary where that lives. Raises
    `TurtleError` at a syntax error.

    Blank nodes are named after folder and file and numbered in the order of the file: the same in every build.
    """
    labels: dict[BlankNode, BlankNode] = {}
    moves = base.vocabulary != base.iri

    def placed(node: NamedNode) -> NamedNode:
        path = base.path_of(node.value) if moves else None
        return node if path is None else NamedNode(base.place(path))

    def named(node: NamedNode | BlankNode) -> NamedNode | BlankNode:
        if isinstance(node, NamedNode):
            return placed(node)
        return labels.setdefault(node, BlankNode(f"{path.parent.name}-{path.stem}-{len(labels) + 1}"))

    try:
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=base.iri):
            subject, value = quad.subject, quad.object
            if not moves and not isinstance(subject, BlankNode) and not isinstance(value, BlankNode):
                yield quad.triple
                continue
            yield Triple(
                named(subject) if isinstance(subject, NamedNode | BlankNode) else subject,
                placed(quad.predicate),
                named(value) if isinstance(value, NamedNode | BlankNode) else value,
            )
    except SyntaxError as error:
        raise TurtleError(path, error.lineno or 1, str(error.msg)) from error
