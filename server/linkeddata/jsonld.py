"""Compact JSON-LD with our own context (JSON-LD 1.1 §4.1), written directly from sorted statements.

The context uses a small part of the language: prefixes, and terms with ``@id``, ``@type``, ``@language`` and
``@container: @set``. A value goes under a term only where the term's coercion says exactly what the value is; any other
value goes under the prefixed name with its type written out, so that expanding gives the same triples.

The shape does not vary with the data: ``@type``, every link and whatever has no term is an array, also of one value or
none; a term of the context without ``@container`` has one value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.namespaces import WELL_KNOWN, Base, shorten
from ontology.terms import Node, Term

CONTEXT_FILE = Path(__file__).parents[2] / "ontology" / "context.jsonld"
_XSD_INTEGER = WELL_KNOWN["xsd"] + "integer"
_XSD_BOOLEAN = WELL_KNOWN["xsd"] + "boolean"
_XSD_STRING = WELL_KNOWN["xsd"] + "string"
_RDF_TYPE = WELL_KNOWN["rdf"] + "type"
JSON = Any


@dataclass(frozen=True, slots=True)
class Statements:
    """What is said of one subject: its properties with their values, in reading order."""

    subject: Node
    properties: tuple[tuple[str, tuple[Term, ...]], ...]


@dataclass(frozen=True, slots=True)
class TermDefinition:
    """A term of the context: its name, the IRI it stands for, its coercion (``@id``, a datatype IRI or empty), its
    language, and whether it always has an array."""

    name: str
    iri: str
    coercion: str
    language: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class Context:
    """The context of one build: the published document, absolute, and its terms by property."""

    document: Mapping[str, JSON]
    terms: Mapping[str, tuple[TermDefinition, ...]]
    types: Mapping[str, str]
    namespaces: Mapping[str, str]
    iri: str


@cache
def read_context(base: Base) -> Context:
    """The context file with its relative namespaces made absolute. Raises `ValueError` for what is not understood."""
    raw: dict[str, JSON] = json.loads(CONTEXT_FILE.read_text(encoding="utf-8"))["@context"]
    prefixes: dict[str, str] = {}
    terms: dict[str, list[TermDefinition]] = {}
    types: dict[str, str] = {}
    document: dict[str, JSON] = {}
    for name, value in raw.items():
        entry = value
        if isinstance(value, str) and not name.startswith("@") and value[-1:] in "#/":
            entry = prefixes[name] = value if "://" in value else base.place(value)
        elif isinstance(value, dict) and value.get("@prefix"):
            iri = value["@id"]
            prefixes[name] = iri if "://" in iri else base.place(iri)
            entry = {**value, "@id": prefixes[name]}
        document[name] = entry
    for name, value in document.items():
        if name in prefixes or name.startswith("@"):
            continue
        term = _term(name, value, prefixes)
        terms.setdefault(term.iri, []).append(term)
        types.setdefault(term.iri, name)
    return Context(
        {"@context": document}, {k: tuple(v) for k, v in terms.items()}, types, prefixes, base.place("context.jsonld")
    )


def _term(name: str, value: JSON, prefixes: Mapping[str, str]) -> TermDefinition:
    definition = {"@id": value} if isinstance(value, str) else dict(value)
    unknown = set(definition) - {"@id", "@type", "@language", "@container"}
    if unknown or definition.get("@container", "@set") != "@set":
        raise ValueError(f"context.jsonld: the term {name} uses what the writer does not know.")
    iri = _expand(definition.get("@id", name), prefixes)
    coercion = definition.get("@type", "")
    coercion = coercion if coercion in ("", "@id") else _expand(coercion, prefixes)
    return TermDefinition(name, iri, coercion, definition.get("@language") or "", "@container" in definition)


def _expand(name: str, prefixes: Mapping[str, str]) -> str:
    if name.startswith("@"):
        return name
    prefix, colon, local = name.partition(":")
    if colon and prefix in prefixes:
        return prefixes[prefix] + local
    if "://" not in name:
        raise ValueError(f"context.jsonld: {name} is no IRI and has no known prefix.")
    return name


def json_ld(
    statements: Sequence[Statements], context: Context, graphs: Sequence[tuple[NamedNode, Sequence[Statements]]] = ()
) -> bytes:
    """A compact JSON-LD document that refers to the published context, with named graphs if there are any."""
    writer = _Writer(context)
    graph = [writer.node(each) for each in statements]
    graph += [{"@id": name.value, "@graph": [writer.node(each) for each in inside]} for name, inside in graphs]
    document: dict[str, JSON] = {"@context": context.iri, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


class _Writer:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._short: dict[str, str] = {}
        self._labels: dict[BlankNode, str] = {}

    def node(self, statements: Statements) -> dict[str, JSON]:
        """One node object."""
        written: dict[str, JSON] = {"@id": self._reference(statements.subject)}
        arrays: dict[str, list[JSON]] = {"@type": []}
        single = set()
        for iri, values in statements.properties:
            for value in values:
                if iri == _RDF_TYPE and not isinstance(value, Literal):
                    arrays["@type"].append(self._type(value))
                    continue
                term = self._term(iri, value)
                key = term.name if term else self._shortened(iri)
                arrays.setdefault(key, []).append(self._coerced(value, term) if term else self._plain(value))
                if term and not term.is_set:
                    single.add(key)
        for key, items in arrays.items():
            written[key] = items[0] if len(items) == 1 and key in single else items
        return written

    def _type(self, value: NamedNode | BlankNode) -> str:
        if isinstance(value, NamedNode) and value.value in self._context.types:
            return self._context.types[value.value]
        return self._reference(value, absolute=False)

    def _term(self, iri: str, value: Term) -> TermDefinition | None:
        """The term whose coercion says exactly what the value is."""
        for term in self._context.terms.get(iri, ()):
            if isinstance(value, Literal):
                if value.language:
                    fits = not term.coercion and term.language in ("", value.language)
                else:
                    native = value.datatype.value in (_XSD_STRING, _XSD_INTEGER, _XSD_BOOLEAN)
                    fits = term.coercion == value.datatype.value or (not term.coercion and not term.language and native)
            else:
                fits = term.coercion in ("@id", "")
            if fits:
                return term
        return None

    def _coerced(self, value: Term, term: TermDefinition) -> JSON:
        if isinstance(value, Literal):
            if value.language:
                return value.value if term.language == value.language else self._plain(value)
            if term.coercion:
                return _native(value) if term.coercion in (_XSD_INTEGER, _XSD_BOOLEAN) else value.value
            return self._plain(value)
        return self._reference(value) if term.coercion == "@id" else {"@id": self._reference(value)}

    def _plain(self, value: Term) -> JSON:
        if not isinstance(value, Literal):
            return {"@id": self._reference(value)}
        if value.language:
            return {"@language": value.language, "@value": value.value}
        if value.datatype.value == _XSD_STRING:
            return value.value
        native = _native(value)
        if not isinstance(native, str):
            return native
        return {"@type": self._shortened(value.datatype.value), "@value": value.value}

    def _reference(self, node: NamedNode | BlankNode, *, absolute: bool = True) -> str:
        if isinstance(node, BlankNode):
            return self._labels.setdefault(node, f"_:b{len(self._labels)}")
        return node.value if absolute else self._shortened(node.value)

    def _shortened(self, iri: str) -> str:
        short = self._short.get(iri)
        if short is None:
            short = self._short[iri] = shorten(iri, self._context.namespaces)
        return short


def _native(value: Literal) -> JSON:
    """A JSON number or truth value where it gives back the same lexical form, else the text itself."""
    text, datatype = value.value, value.datatype.value
    if datatype == _XSD_BOOLEAN and text in ("true", "false"):
        return text == "true"
    if datatype == _XSD_INTEGER and len(text) < 16 and text.lstrip("-").isdigit() and str(int(text)) == text:
        return int(text)
    return text
