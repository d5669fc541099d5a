"""Turtle for readers: prefixes that are used, one block a subject, lists and nested nodes in place (RDF 1.1 Turtle)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.terms import term
from server.knowledge import Value
from server.linkeddata.grouping import Statements
from server.linkeddata.prefixes import Prefixes

_INTEGER = re.compile(r"[+-]?[0-9]+")
_ESCAPED = re.compile(r'[\\"\n\r\t]')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def turtle(statements: Sequence[Statements], namespaces: Mapping[str, str]) -> bytes:
    """A Turtle document. The same statements give the same bytes."""
    return _Writer(statements, namespaces).document().encode()


class _Writer:
    def __init__(self, statements: Sequence[Statements], namespaces: Mapping[str, str]) -> None:
        self._statements = statements
        self._prefixes = Prefixes(namespaces)
        self._iri = self._prefixes.reference
        self._blank = {found.subject: found for found in statements if isinstance(found.subject, BlankNode)}
        self._uses: dict[BlankNode, int] = {}
        for found in statements:
            for _, values in found.properties:
                for value in values:
                    if isinstance(value, BlankNode):
                        self._uses[value] = self._uses.get(value, 0) + 1
        self._labels: dict[BlankNode, str] = {}
        self._written: set[BlankNode] = set()
        self._type = term("rdf:type").value
        self._first, self._rest, self._nil = term("rdf:first").value, term("rdf:rest").value, term("rdf:nil")
        self._integer, self._boolean = term("xsd:integer"), term("xsd:boolean")
        self._string = term("xsd:string")

    def document(self) -> str:
        """All blocks, after the prefixes they use."""
        blocks = [self._whole(found) for found in self._statements if not self._nests(found.subject)]
        for node, found in self._blank.items():  # What is left is used only inside a ring of blank nodes.
            if self._nests(node) and node not in self._written:
                self._uses[node] = 0
                blocks.append(self._whole(found))
        used = sorted(self._prefixes.used.items())
        head = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in used)
        return head + ("\n" if head else "") + "\n".join(blocks)

    def _whole(self, found: Statements) -> str:
        return f"{self._value(found.subject, 0)}{self._block(found, 1)} .\n"

    def _nests(self, node: NamedNode | BlankNode) -> bool:
        """Whether a node is written where it is used: a blank node that is used once."""
        return isinstance(node, BlankNode) and self._uses.get(node, 0) == 1

    def _block(self, found: Statements, depth: int) -> str:
        indent = "\n" + "    " * depth
        parts = []
        for iri, values in found.properties:
            verb = "a" if iri == self._type else self._iri(iri)
            if len(values) == 1:
                value = values[0]
                shown = self._iri(value.value) if isinstance(value, NamedNode) else self._value(value, depth)
                parts.append(f"{verb} {shown}")
                continue
            joiner = ", " if len(values) < 4 else "," + indent + "    "
            parts.append(f"{verb} {joiner.join(self._value(value, depth) for value in values)}")
        separator = " ;" + indent
        return indent + separator.join(parts)

    def _value(self, value: Value, depth: int) -> str:
        if isinstance(value, NamedNode):
            return self._iri(value.value)
        if isinstance(value, Literal):
            return self._literal(value)
        if not self._nests(value) or value in self._written or depth == 0:
            return self._label(value)
        self._written.add(value)
        members = self._list(value)
        if members is not None:
            return f"( {' '.join(self._value(member, depth) for member in members)} )"
        found = self._blank.get(value)
        return "[]" if found is None else f"[{self._block(found, depth + 1)}\n{'    ' * depth}]"

    def _list(self, node: BlankNode) -> list[Value] | None:
        """The members of a well-formed list that starts here and is used nowhere else; None for anything else."""
        members: list[Value] = []
        seen: list[BlankNode] = []
        current: Value = node
        while current != self._nil:
            if not isinstance(current, BlankNode) or current not in self._blank or not self._nests(current):
                return None
            said = dict(self._blank[current].properties)
            if set(said) != {self._first, self._rest} or any(len(values) != 1 for values in said.values()):
                return None
            if current in seen:
                return None
            seen.append(current)
            members.append(said[self._first][0])
            current = said[self._rest][0]
        self._written.update(seen)
        return members

    def _label(self, node: BlankNode) -> str:
        return self._labels.setdefault(node, f"_:b{len(self._labels)}")

    def _literal(self, literal: Literal) -> str:
        text = literal.value
        quoted = f'"{text.translate(_ESCAPES) if _ESCAPED.search(text) else text}"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        datatype = literal.datatype
        if datatype == self._string:
            return quoted
        if datatype == self._integer and _INTEGER.fullmatch(text):
            return text
        if datatype == self._boolean and text in ("true", "false"):
            return text
        return f"{quoted}^^{self._iri(datatype.value)}"
