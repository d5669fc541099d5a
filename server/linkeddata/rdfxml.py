"""RDF/XML: one description a subject (RDF 1.1 XML Syntax).

A property whose IRI ends in no XML name cannot be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.namespaces import WELL_KNOWN
from ontology.terms import term
from server.knowledge import Value
from server.linkeddata.grouping import Statements

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
_BREAKS = {"\r": "&#13;"}


def rdf_xml(statements: Sequence[Statements], namespaces: Mapping[str, str]) -> bytes:
    """An RDF/XML document. Raises `ValueError` for a property that XML has no name for."""
    names = _Names(namespaces)
    labels: dict[BlankNode, str] = {}
    body = "".join(_description(found, names, labels) for found in statements)
    spaces = "".join(f"\n    xmlns:{prefix}={quoteattr(iri)}" for prefix, iri in sorted(names.used.items()))
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
    return f"{head}{body}</rdf:RDF>\n".encode()


class _Names:
    """Element names for properties, and the namespaces they need."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._prefixes = {iri: prefix for prefix, iri in namespaces.items()}
        self.used = {"rdf": WELL_KNOWN["rdf"]}

    def element(self, iri: str) -> str:
        """The qualified name of a property."""
        found = _NAME.search(iri)
        if found is None:
            raise ValueError(f"{iri} ends in no XML name, so RDF/XML cannot say it.")
        namespace = iri[: found.start()]
        prefix = self._prefixes.setdefault(namespace, f"ns{len(self._prefixes)}")
        self.used[prefix] = namespace
        return f"{prefix}:{found[0]}"


def _description(found: Statements, names: _Names, labels: dict[BlankNode, str]) -> str:
    lines = [f"  <rdf:Description {_reference(found.subject, 'about', labels)}>\n"]
    for iri, values in found.properties:
        element = names.element(iri)
        lines += [f"    {_property(element, value, labels)}\n" for value in values]
    return "".join([*lines, "  </rdf:Description>\n"])


def _property(element: str, value: Value, labels: dict[BlankNode, str]) -> str:
    if not isinstance(value, Literal):
        return f"<{element} {_reference(value, 'resource', labels)}/>"
    kind = ""
    if value.language:
        kind = f" xml:lang={quoteattr(value.language)}"
    elif value.datatype != term("xsd:string"):
        kind = f" rdf:datatype={quoteattr(value.datatype.value)}"
    return f"<{element}{kind}>{escape(value.value, _BREAKS)}</{element}>"


def _reference(node: NamedNode | BlankNode, attribute: str, labels: dict[BlankNode, str]) -> str:
    if isinstance(node, BlankNode):
        return f'rdf:nodeID="{labels.setdefault(node, f"b{len(labels)}")}"'
    return f"rdf:{attribute}={quoteattr(node.value)}"
